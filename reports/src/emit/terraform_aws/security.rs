//! Security groups: one for each service, and rules from the flows of the spec alone.

use domain::name::Name;
use domain::spec::{Flow, ServicePart, Spec};

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::network::{INTERNET, flows, has_group};

use super::cluster;
use super::names::{cloud, ident, system_of};

pub(super) fn file(spec: &Spec) -> Body {
    let body = Body::file(
        "One group for each service. What the plan's flows allow is allowed; any other connection \
         is refused, to the internet as well.",
    );
    let own = || spec.services.iter().filter(|service| has_group(service));
    let body = own().fold(body, |body, service| {
        let group = beside(&[service])
            .set("name", cloud(&[&system_of(spec), service.name.as_str()], 255))
            .set("description", format!("{} of {}", service.name, spec.metadata.name))
            .set("vpc_id", code("aws_vpc.this.id"))
            .gap()
            .block("lifecycle", &[], Body::default().set("create_before_destroy", true));
        body.part("", "resource", &["aws_security_group", &ident(&service.name)], group)
    });
    let known = |name: &Name| own().find(|service| service.name == *name);
    let body = flows(spec).into_iter().fold(body, |body, (label, flow)| {
        match (known(&flow.from), known(&flow.to)) {
            (Some(from), Some(to)) => body.then(between(flow, (from, to), &label)),
            (None, Some(to)) if flow.from.as_str() == INTERNET => {
                body.then(from_outside(flow, to, &label))
            }
            (Some(caller), None) | (None, Some(caller)) => {
                body.then(by_queue(spec, flow, caller, &label))
            }
            (None, None) => body,
        }
    });
    body.then(cluster::to_data(spec))
}

/// What goes where a cluster is: the groups of what it takes the place of, and their rules.
fn beside(services: &[&ServicePart]) -> Body {
    let gone = services.iter().any(|service| cluster::replaces(service));
    if gone { cluster::unless_there() } else { Body::default() }
}

/// The group of a service.
pub(super) fn group_of(service: &ServicePart) -> String {
    let one = if cluster::replaces(service) { "[0]" } else { "" };
    format!("aws_security_group.{}{one}.id", ident(&service.name))
}

fn rule(flow: &Flow, head: Body, group: &ServicePart) -> Body {
    head.set("security_group_id", code(&group_of(group)))
        .set("description", format!("{} to {}", flow.from, flow.to))
        .set("ip_protocol", "tcp")
        .set("from_port", u32::from(flow.port))
        .set("to_port", u32::from(flow.port))
}

/// Both ends of a connection between two services.
fn between(flow: &Flow, (from, to): (&ServicePart, &ServicePart), label: &str) -> Body {
    let rule = |of, other| {
        let own = rule(flow, beside(&[from, to]), of);
        own.set("referenced_security_group_id", code(&group_of(other)))
    };
    let (ingress, egress) = (rule(to, from), rule(from, to));
    Body::default()
        .part("", "resource", &["aws_vpc_security_group_ingress_rule", label], ingress)
        .part("", "resource", &["aws_vpc_security_group_egress_rule", label], egress)
}

fn from_outside(flow: &Flow, to: &ServicePart, label: &str) -> Body {
    let ingress = rule(flow, beside(&[to]), to).set("cidr_ipv4", "0.0.0.0/0");
    let kind = "aws_vpc_security_group_ingress_rule";
    Body::default().part("", "resource", &[kind, label], ingress)
}

/// A managed queue stands outside the network; whoever sends to it or takes from it opens the
/// connection.
fn by_queue(spec: &Spec, flow: &Flow, caller: &ServicePart, label: &str) -> Body {
    let https = 443;
    let egress = beside(&[caller])
        .set("security_group_id", code(&group_of(caller)))
        .set("description", format!("{} to {}", flow.from, flow.to))
        .set("ip_protocol", "tcp")
        .set("from_port", https)
        .set("to_port", https)
        .set("cidr_ipv4", spec.network.vpc.cidr.as_str());
    Body::default().part(
        "A managed queue is asked over HTTPS, by whoever sends to it and whoever takes from it.",
        "resource",
        &["aws_vpc_security_group_egress_rule", label],
        egress,
    )
}

/// The groups of a service.
pub(super) fn of(service: &ServicePart) -> hcl::Expression {
    list([code(&group_of(service))])
}
