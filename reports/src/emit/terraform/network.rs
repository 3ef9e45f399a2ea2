//! What a spec says of its network, in the order in which files say it.

use std::collections::BTreeSet;

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{Flow, Platform, ServicePart, Spec, Subnet, SubnetTier};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};

use super::names::ident;

/// Who opens what comes from outside.
pub(in crate::emit) const INTERNET: &str = "internet";

/// The subnets of each group, in the order of the spec.
pub(in crate::emit) fn groups(spec: &Spec) -> Vec<(&Name, Vec<&Subnet>)> {
    let mut groups: Vec<(&Name, Vec<&Subnet>)> = Vec::new();
    for subnet in &spec.network.subnets {
        match groups.iter_mut().find(|(group, _)| **group == subnet.group) {
            Some((_, subnets)) => subnets.push(subnet),
            None => groups.push((&subnet.group, vec![subnet])),
        }
    }
    groups
}

/// Who reaches what stands in a subnet of a tier.
pub(in crate::emit) fn about(tier: SubnetTier) -> &'static str {
    match tier {
        SubnetTier::Public => "The internet reaches what stands here.",
        SubnetTier::Private => "Other subnets reach what stands here; it reaches no internet.",
        SubnetTier::Isolated => "Other subnets reach what stands here, and it reaches nothing.",
    }
}

/// Whether the internet reaches what stands in a subnet of a tier.
pub(in crate::emit) fn is_public(tier: SubnetTier) -> bool {
    tier == SubnetTier::Public
}

/// Whether a service stands in the network, with rules of its own.
pub(in crate::emit) fn has_group(service: &ServicePart) -> bool {
    service.kind != ServiceKind::Queue || service.platform == Platform::Vm
}

/// The flows of a spec, each once, with an identifier that no other has.
pub(in crate::emit) fn flows(spec: &Spec) -> Vec<(String, &Flow)> {
    let mut flows: Vec<&Flow> = spec.network.flows.iter().collect();
    flows.sort_by_key(|flow| (&flow.from, &flow.to, flow.port));
    flows.dedup_by_key(|flow| (&flow.from, &flow.to, flow.port));
    let mut taken = BTreeSet::new();
    let named = flows.into_iter().map(|flow| {
        let mut label = format!("{}_to_{}_{}", ident(&flow.from), ident(&flow.to), flow.port);
        while !taken.insert(label.clone()) {
            label.push('_');
        }
        (label, flow)
    });
    named.collect()
}

/// Which zone stands behind each name of the plan, of the names that an expression lists.
pub(in crate::emit) fn zone_locals(spec: &Spec, names: &str) -> Body {
    let zones = spec.placement.zones.iter().enumerate();
    let zones =
        zones.map(|(at, zone)| (zone.id.as_str(), code(&format!("local.zone_names[{at}]"))));
    Body::default().set("zone_names", code(names)).set("zones", map(zones))
}

/// Some zones of the plan, as the cloud calls them.
pub(in crate::emit) fn zones_of<'a>(zones: impl Iterator<Item = &'a Name>) -> Expression {
    list(zones.map(|zone| code(&format!("local.zones[\"{zone}\"]"))))
}

/// Whether calls to a service come encrypted.
pub(in crate::emit) fn encrypted(spec: &Spec, service: &ServicePart) -> bool {
    spec.network.flows.iter().any(|flow| flow.to == service.name && flow.encrypted)
}
