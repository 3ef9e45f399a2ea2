//! The group of everything, the network, its subnets and zones.

use domain::name::Name;
use domain::spec::{Spec, Subnet};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::network::{about, groups, zone_locals, zones_of};

use super::cidr::Block;
use super::names::{cloud, ident, system_of};
use super::{identity, resource};

pub(super) fn file(spec: &Spec) -> Body {
    let system = &*system_of(spec);
    let group = Body::default()
        .set("name", cloud(&[system], 90))
        .set("location", spec.placement.region.as_str())
        .set("tags", code("local.tags"));
    let network = resource(cloud(&[system, "vnet"], 64))
        .set("address_space", list([spec.network.vpc.cidr.as_str()]))
        .set("tags", code("local.tags"));
    let body = zones(spec)
        .part("Everything of the system, and nothing else.", "resource", &[GROUP, "this"], group)
        .part(
            "The network of the system alone. There is no NAT gateway: the bill has none, so \
             machines reach the network only.",
            "resource",
            &["azurerm_virtual_network", "this"],
            network,
        );
    groups(spec).into_iter().fold(body, |body, (group, subnets)| {
        let own = subnet(spec, group, &subnets);
        body.part(about(subnets[0].tier), "resource", &["azurerm_subnet", &ident(group)], own)
    })
}

const GROUP: &str = "azurerm_resource_group";

/// The numbers of zones: those that are given, or the first of the region.
fn zones(spec: &Spec) -> Body {
    let count = spec.placement.zones.len();
    let first: Vec<String> = (1..=count).map(|zone| format!("\"{zone}\"")).collect();
    let names = format!("length(var.zones) == 0 ? [{}] : var.zones", first.join(", "));
    Body::file("The network: zones and subnets.").part(
        "Which zone of the subscription stands behind each name of the plan: any, each a \
         different one. Azure numbers them.",
        "locals",
        &[],
        zone_locals(spec, &names),
    )
}

/// The zones of an address that outlives a zone: Azure takes one of them, or all three.
pub(super) fn redundant(spec: &Spec) -> Expression {
    match spec.placement.zones.as_slice() {
        [only] => zones_of([&only.id].into_iter()),
        _ => list(["1", "2", "3"]),
    }
}

/// The addresses of a group.
pub(super) fn block(subnets: &[&Subnet]) -> Option<Block> {
    Block::over(subnets.iter().map(|subnet| subnet.cidr.as_str()))
}

fn subnet(spec: &Spec, group: &Name, subnets: &[&Subnet]) -> Body {
    let cidrs: Vec<&str> = subnets.iter().map(|subnet| subnet.cidr.as_str()).collect();
    let over = block(subnets).map(Block::text).unwrap_or_default();
    let body = Body::default()
        .set("name", cloud(&[group.as_str()], 80))
        .set("resource_group_name", code("azurerm_resource_group.this.name"))
        .set("virtual_network_name", code("azurerm_virtual_network.this.name"))
        .comment(&format!("A subnet of Azure reaches over zones: over {}.", cidrs.join(" and ")))
        .set("address_prefixes", list([over]))
        .set("default_outbound_access_enabled", false);
    let ends = identity::endpoints(spec, group);
    if ends.is_empty() {
        return body;
    }
    body.comment("These are reached within Azure, without a way to the internet.")
        .set("service_endpoints", list(ends))
}

/// The subnet of a group.
pub(super) fn subnet_id(group: &Name) -> Expression {
    code(&format!("azurerm_subnet.{}.id", ident(group)))
}
