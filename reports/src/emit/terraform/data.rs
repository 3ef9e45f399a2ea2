//! Machines of our own with data: which slice of it each has, which copy, and where it stands.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{Platform, ServicePart};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, map};

use super::names::ident;

/// Whether a service keeps data on machines of our own.
pub(in crate::emit) fn is_data(service: &ServicePart) -> bool {
    let kinds = [ServiceKind::Cache, ServiceKind::Sql, ServiceKind::Queue];
    service.platform == Platform::Vm && kinds.contains(&service.kind)
}

/// Whether a service is a fleet of machines without data of their own: programs and balancers.
pub(in crate::emit) fn is_without_data(service: &ServicePart) -> bool {
    let kinds = [ServiceKind::Service, ServiceKind::Balancer];
    service.platform == Platform::Vm && kinds.contains(&service.kind)
}

/// A machine with data.
pub(in crate::emit) struct Node<'a> {
    /// `2-1`: the second slice's first copy.
    pub name: String,
    /// Which slice of the data it has, from one.
    pub slice: u32,
    /// Which copy of the slice it is, from one: the first leads when all are started.
    pub copy: u32,
    /// Where it stands.
    pub zone: &'a Name,
}

/// The machines of a service, copies of one slice in different zones as far as they go round.
pub(in crate::emit) fn nodes(service: &ServicePart) -> Vec<Node<'_>> {
    let per_zone = service.offers.iter().flat_map(|offer| &offer.per_zone);
    let mut left: Vec<(&Name, u32)> = per_zone.map(|(zone, count)| (zone, *count)).collect();
    let mut zones: Vec<&Name> = Vec::new();
    while left.iter().any(|(_, count)| *count > 0) {
        for (zone, count) in left.iter_mut().filter(|(_, count)| *count > 0) {
            zones.push(zone);
            *count -= 1;
        }
    }
    let slices = service.shards.max(1) as usize;
    let copies = zones.len().div_ceil(slices).max(1);
    let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
    let nodes = zones.into_iter().enumerate().map(|(at, zone)| {
        let (slice, copy) = (number(at / copies), number(at % copies));
        Node { name: format!("{slice}-{copy}"), slice, copy, zone }
    });
    nodes.collect()
}

/// The local value with the machines of a service.
pub(in crate::emit) fn local(service: &ServicePart) -> String {
    format!("nodes_{}", ident(&service.name))
}

/// The machines of a service, each by its name.
pub(in crate::emit) fn locals(service: &ServicePart) -> Body {
    let each = nodes(service).into_iter().map(|node| {
        let own: [(&str, Expression); 3] = [
            ("zone", node.zone.as_str().into()),
            ("slice", node.slice.into()),
            ("copy", node.copy.into()),
        ];
        (node.name, map(own))
    });
    Body::default().set(&local(service), map(each))
}

/// One of a kind for each machine of a service.
pub(in crate::emit) fn for_each(service: &ServicePart) -> Body {
    Body::default().set("for_each", code(&format!("local.{}", local(service)))).gap()
}

/// The addresses of a service's machines by their names, of resources that have one each.
pub(in crate::emit) fn addresses(resource: &str, attribute: &str) -> Expression {
    code(&format!("zipmap(keys({resource}), values({resource})[*].{attribute})"))
}
