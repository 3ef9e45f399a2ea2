//! A cluster that runs the programs in place of machines, as `--to kubernetes` has it: its nodes
//! are let in where machines would be, and what it takes the place of is not built.

use std::collections::BTreeSet;

use domain::intent::ServiceKind;
use domain::spec::{ServicePart, Spec, SubnetTier};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::fleet::{is_fleet, is_managed};
use crate::emit::terraform::network::{groups, is_public};

use super::names::ident;

/// The variable that says whether there is one.
pub(super) const CLUSTER: &str = "cluster";
/// The variable with the group of its nodes.
pub(super) const NODES: &str = "node_security_group";

/// Those variables.
pub(super) fn variables() -> Body {
    let cluster = Body::default()
        .set(
            "description",
            "Whether a cluster in this network runs the programs, by what --to kubernetes makes: \
             then nothing is built or asked for that only machines and their balancer use",
        )
        .set("type", code("bool"))
        .set("default", false)
        .set("nullable", false);
    let nodes = Body::default()
        .set(
            "description",
            "The security group (sg-…) of that cluster's nodes, which are let in to what programs \
             call; empty until there is one",
        )
        .set("type", code("string"))
        .set("default", "")
        .set("nullable", false);
    Body::default().part("", "variable", &[CLUSTER], cluster).part("", "variable", &[NODES], nodes)
}

/// Whether a cluster takes the place of a service's machines, or of its balancer.
pub(super) fn replaces(service: &ServicePart) -> bool {
    is_fleet(service) || service.kind == ServiceKind::Balancer
}

/// The beginning of what a cluster takes the place of.
pub(super) fn unless_there() -> Body {
    Body::default().set("count", code(&format!("var.{CLUSTER} ? 0 : 1"))).gap()
}

/// That nodes are let in to something: its label, its group, what it is called and its port.
pub(super) fn let_in((label, group): (&str, &str), name: &str, port: u16) -> Body {
    let own = Body::default()
        .set("count", code(&format!("var.{NODES} == \"\" ? 0 : 1")))
        .gap()
        .set("security_group_id", code(group))
        .set("description", format!("nodes to {name}"))
        .set("ip_protocol", "tcp")
        .set("from_port", u32::from(port))
        .set("to_port", u32::from(port))
        .set("referenced_security_group_id", code(&format!("var.{NODES}")));
    // A capital, which no name holds.
    let label = format!("Nodes_to_{label}");
    Body::default().part("", "resource", &["aws_vpc_security_group_ingress_rule", &label], own)
}

/// That nodes are let in to databases and caches.
pub(super) fn to_data(spec: &Spec) -> Body {
    let data = spec
        .services
        .iter()
        .filter(|own| is_managed(own, ServiceKind::Sql) || is_managed(own, ServiceKind::Cache));
    data.fold(Body::default(), |body, own| {
        let label = ident(&own.name);
        let group = format!("aws_security_group.{label}.id");
        body.then(let_in((&label, &group), own.name.as_str(), own.port))
    })
}

/// What whoever makes a cluster in this network has to know of it.
pub(super) fn outputs(spec: &Spec) -> Body {
    let inside = groups(spec).into_iter().filter(|(_, own)| own[0].tier == SubnetTier::Private);
    let inside: Vec<String> =
        inside.map(|(group, _)| format!("values(aws_subnet.{})[*].id", ident(group))).collect();
    let inside = match inside.as_slice() {
        [] => list(Vec::<Expression>::new()),
        [only] => code(only),
        several => code(&format!("concat({})", several.join(", "))),
    };
    let tiers: BTreeSet<bool> =
        spec.network.subnets.iter().map(|own| is_public(own.tier)).collect();
    let tables = tiers.into_iter().map(|public| if public { "public" } else { "private" });
    let tables = map(tables.map(|own| (own, code(&format!("aws_route_table.{own}.id")))));
    let output = |name: &str, about: &str, value: Expression| {
        let own = Body::default().set("description", about).set("value", value);
        Body::default().part("", "output", &[name], own)
    };
    output("vpc_id", "The network (VPC), in which a cluster is made", code("aws_vpc.this.id"))
        .then(output(
            "private_subnet_ids",
            "The subnets in which a cluster's nodes stand, of all zones",
            inside,
        ))
        .then(output(
            "route_table_ids",
            "The route tables of subnets that the internet reaches (public) and of all others \
             (private); the latter have no way out, which nodes need for what they fetch from \
             outside: the bill has no line for it",
            tables,
        ))
}
