//! The network: zones, subnets and what leads out of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::name::Name;
use domain::spec::{Spec, Subnet, SubnetTier};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::network::{about, groups, is_public};

use super::names::{cloud, ident, system_of};

pub(super) fn file(spec: &Spec) -> Body {
    let system = &*system_of(spec);
    let named = |what: &str| map([("Name", cloud(&[system, what], 255))]);
    let vpc = Body::default()
        .set("cidr_block", spec.network.vpc.cidr.as_str())
        .set("enable_dns_support", true)
        .set("enable_dns_hostnames", true)
        .set("tags", named("vpc"));
    let body = zones(spec)
        .part("The network of the system alone.", "resource", &["aws_vpc", "this"], vpc)
        .part(
            "Whoever forgets a security group gets one that lets nothing through.",
            "resource",
            &["aws_default_security_group", "this"],
            Body::default().set("vpc_id", code("aws_vpc.this.id")),
        );
    let body = groups(spec).into_iter().fold(body, |body, (group, subnets)| {
        let about = about(subnets[0].tier);
        body.part(about, "resource", &["aws_subnet", &ident(group)], subnet(system, &subnets))
    });
    let gateway =
        Body::default().set("vpc_id", code("aws_vpc.this.id")).set("tags", named("internet"));
    let body = body.part(
        "What the internet sends comes in here. There is no NAT gateway: the bill has none, so \
         private subnets reach the network only.",
        "resource",
        &["aws_internet_gateway", "this"],
        gateway,
    );
    let tiers: BTreeSet<bool> =
        spec.network.subnets.iter().map(|subnet| is_public(subnet.tier)).collect();
    let body = tiers.into_iter().rev().fold(body, |body, public| {
        body.then(route_table(public, named(if public { "public" } else { "private" })))
    });
    groups(spec).into_iter().fold(body, |body, (group, subnets)| {
        let table = if is_public(subnets[0].tier) { "public" } else { "private" };
        let group = ident(group);
        let association = Body::default()
            .set("for_each", code(&format!("aws_subnet.{group}")))
            .set("subnet_id", code("each.value.id"))
            .set("route_table_id", code(&format!("aws_route_table.{table}.id")));
        body.part("", "resource", &["aws_route_table_association", &group], association)
    })
}

/// The names of zones: those that are given, or the first of the region.
fn zones(spec: &Spec) -> Body {
    let count = spec.placement.zones.len();
    let filter =
        Body::default().set("name", "opt-in-status").set("values", list(["opt-in-not-required"]));
    let available = Body::default()
        .set("count", code("length(var.zones) == 0 ? 1 : 0"))
        .set("state", "available")
        .gap()
        .block("filter", &[], filter);
    let names = format!(
        "length(var.zones) == 0 ? slice(data.aws_availability_zones.available[0].names, 0, \
         {count}) : var.zones"
    );
    let zones = spec.placement.zones.iter().enumerate();
    let zones =
        zones.map(|(at, zone)| (zone.id.as_str(), code(&format!("local.zone_names[{at}]"))));
    let locals = Body::default().set("zone_names", code(&names)).set("zones", map(zones));
    Body::file("The network: zones, subnets and what leads out of them.")
        .part(
            "Asked for only where the zones are left open.",
            "data",
            &["aws_availability_zones", "available"],
            available,
        )
        .part(
            "Which zone of the account stands behind each name of the plan: any, each a \
             different one.",
            "locals",
            &[],
            locals,
        )
}

fn subnet(system: &str, subnets: &[&Subnet]) -> Body {
    let cidrs = subnets.iter().map(|own| (own.zone.as_str(), own.cidr.as_str()));
    let cidrs: BTreeMap<&str, &str> = cidrs.collect();
    let group = subnets[0].group.as_str();
    let name = format!("\"{}-${{each.key}}\"", cloud(&[system, group], 240));
    // By these a cluster's controller of balancers finds where they may stand.
    let role = match subnets[0].tier {
        SubnetTier::Public => Some("kubernetes.io/role/elb"),
        SubnetTier::Private => Some("kubernetes.io/role/internal-elb"),
        SubnetTier::Isolated => None,
    };
    let role = role.map(|role| (role, Expression::from("1")));
    Body::default()
        .set("for_each", map(cidrs))
        .gap()
        .set("vpc_id", code("aws_vpc.this.id"))
        .set("cidr_block", code("each.value"))
        .set("availability_zone", code("local.zones[each.key]"))
        .set("map_public_ip_on_launch", false)
        .set("tags", map([("Name", code(&name))].into_iter().chain(role)))
}

fn route_table(public: bool, tags: Expression) -> Body {
    let table = Body::default().set("vpc_id", code("aws_vpc.this.id"));
    let (label, about) =
        if public { ("public", "") } else { ("private", "Nothing but the network itself.") };
    let route = Body::default()
        .set("cidr_block", "0.0.0.0/0")
        .set("gateway_id", code("aws_internet_gateway.this.id"));
    let table = table.set("tags", tags);
    let table = if public { table.gap().block("route", &[], route) } else { table };
    Body::default().part(about, "resource", &["aws_route_table", label], table)
}

/// The subnets of a group in some zones.
pub(super) fn subnet_ids<'a>(group: &Name, zones: impl Iterator<Item = &'a Name>) -> Expression {
    let group = ident(group);
    list(zones.map(|zone| code(&format!("aws_subnet.{group}[\"{zone}\"].id"))))
}

/// All subnets of a group.
pub(super) fn all_subnet_ids(group: &Name) -> Expression {
    code(&format!("values(aws_subnet.{})[*].id", ident(group)))
}
