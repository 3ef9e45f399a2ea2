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
        let group = Body::default()
            .set("name", cloud(&[&system_of(spec), service.name.as_str()], 255))
            .set("description", format!("{} of {}", service.name, spec.metadata.name))
            .set("vpc_id", code("aws_vpc.this.id"))
            .gap()
            .block("lifecycle", &[], Body::default().set("create_before_destroy", true));
        body.part("", "resource", &["aws_security_group", &ident(&service.name)], group)
    });
    let known = |name: &Name| own().any(|service| service.name == *name);
    let body = flows(spec).into_iter().fold(body, |body, (label, flow)| {
        let (from, to) = (known(&flow.from), known(&flow.to));
        match (from, to) {
            (true, true) => body.then(between(flow, &label)),
            (false, true) if flow.from.as_str() == INTERNET => {
                body.then(from_outside(flow, &label))
            }
            _ => body.then(by_queue(spec, flow, (from, to), &label)),
        }
    });
    body.then(cluster::to_data(spec))
}

fn rule(flow: &Flow, group: &Name) -> Body {
    Body::default()
        .set("security_group_id", code(&format!("aws_security_group.{}.id", ident(group))))
        .set("description", format!("{} to {}", flow.from, flow.to))
        .set("ip_protocol", "tcp")
        .set("from_port", u32::from(flow.port))
        .set("to_port", u32::from(flow.port))
}

/// Both ends of a connection between two services.
fn between(flow: &Flow, label: &str) -> Body {
    let group = |name: &Name| code(&format!("aws_security_group.{}.id", ident(name)));
    let ingress = rule(flow, &flow.to).set("referenced_security_group_id", group(&flow.from));
    let egress = rule(flow, &flow.from).set("referenced_security_group_id", group(&flow.to));
    Body::default()
        .part("", "resource", &["aws_vpc_security_group_ingress_rule", label], ingress)
        .part("", "resource", &["aws_vpc_security_group_egress_rule", label], egress)
}

fn from_outside(flow: &Flow, label: &str) -> Body {
    let ingress = rule(flow, &flow.to).set("cidr_ipv4", "0.0.0.0/0");
    let kind = "aws_vpc_security_group_ingress_rule";
    Body::default().part("", "resource", &[kind, label], ingress)
}

/// A managed queue stands outside the network; whoever sends to it or takes from it opens the
/// connection.
fn by_queue(spec: &Spec, flow: &Flow, known: (bool, bool), label: &str) -> Body {
    let caller = match known {
        (true, false) => &flow.from,
        (false, true) => &flow.to,
        _ => return Body::default(),
    };
    let https = 443;
    let egress = Body::default()
        .set("security_group_id", code(&format!("aws_security_group.{}.id", ident(caller))))
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
    let group = format!("aws_security_group.{}.id", ident(&service.name));
    list([code(&group)])
}
