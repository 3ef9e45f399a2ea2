//! Firewall rules: from the flows of the spec, and from where health is checked, alone.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{Flow, Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::data::is_without_data;
use crate::emit::terraform::names::ident;
use crate::emit::terraform::network::{INTERNET, flows};
use crate::emit::terraform::told::read_by;

use super::accounts::{email, has_machines};
use super::health::{PASSED_THROUGH, PROBES};
use super::names::of_system;
use super::network::{between, services_range, subnetwork_range};
use super::valkey::is_valkey;
use super::{cache, nodes};

const RULE: &str = "google_compute_firewall";

pub(super) fn file(spec: &Spec) -> Body {
    let refused = rule(of_system(spec, "no-way-out"), "EGRESS")
        .set("priority", 65_534)
        .set("destination_ranges", list(["0.0.0.0/0"]))
        .gap()
        .block("deny", &[], Body::default().set("protocol", "all"));
    let body = Body::file(
        "What the plan's flows allow is allowed; any other connection is refused, to the internet \
         as well. What comes in without a rule is refused by every network of Google.",
    )
    .part("What goes out without a rule.", "resource", &[RULE, "no_way_out"], refused);
    let body = flows(spec).into_iter().fold(body, |body, (label, flow)| {
        body.then(way_in(spec, flow, &label)).then(way_out(spec, flow, &label))
    });
    let own = spec.services.iter();
    let body = own
        .filter(|service| is_without_data(service))
        .fold(body, |body, service| body.then(probed(spec, service)));
    let copied = spec.services.iter().filter(|service| nodes::copies(service));
    let body = copied.fold(body, |body, service| body.then(among(spec, service)));
    body.then(interfaces(spec))
}

fn rule(name: String, direction: &str) -> Body {
    Body::default()
        .set("name", name)
        .set("network", code("google_compute_network.this.id"))
        .set("direction", direction)
}

fn tcp(body: Body, port: u16) -> Body {
    let allow = Body::default().set("protocol", "tcp").set("ports", list([port.to_string()]));
    body.gap().block("allow", &[], allow)
}

fn service<'a>(spec: &'a Spec, name: &Name) -> Option<&'a ServicePart> {
    spec.services.iter().find(|own| own.name == *name)
}

/// What a service on machines of our own lets in of a flow.
fn way_in(spec: &Spec, flow: &Flow, label: &str) -> Body {
    let Some(to) = service(spec, &flow.to).filter(|own| has_machines(own)) else {
        return Body::default();
    };
    let body = rule(between(spec, label, "in"), "INGRESS")
        .set("target_service_accounts", list([email(to)]));
    let body = match service(spec, &flow.from) {
        Some(from) if has_machines(from) => {
            body.set("source_service_accounts", list([email(from)]))
        }
        // The front ends of Google's application balancers.
        Some(_) => body.set("source_ranges", list(PROBES)),
        None if flow.from.as_str() == INTERNET => body.set("source_ranges", list(["0.0.0.0/0"])),
        None => return Body::default(),
    };
    let about = format!("{} to {}.", flow.from, flow.to);
    Body::default().part(&about, "resource", &[RULE, label], tcp(body, flow.port))
}

/// What a service on machines of our own sends out of a flow.
fn way_out(spec: &Spec, flow: &Flow, label: &str) -> Body {
    let Some(from) = service(spec, &flow.from).filter(|own| has_machines(own)) else {
        return Body::default();
    };
    let Some(to) = service(spec, &flow.to) else { return Body::default() };
    let (range, port) = place(to, flow.port);
    let body = rule(between(spec, label, "out"), "EGRESS")
        .set("target_service_accounts", list([email(from)]))
        .set("destination_ranges", list([range]));
    let label = format!("{label}_out");
    Body::default().part("", "resource", &[RULE, &label], tcp(body, port))
}

/// Where a service is reached, and at which port.
fn place(service: &ServicePart, port: u16) -> (Expression, u16) {
    match (service.platform, service.kind) {
        (Platform::Managed, ServiceKind::Cache) if is_valkey(service) => {
            (subnetwork_range(&service.subnet), cache::port(service))
        }
        (Platform::Managed, ServiceKind::Cache) => (services_range(), cache::port(service)),
        (Platform::Managed, _) => (services_range(), port),
        (Platform::Vm, _) => (subnetwork_range(&service.subnet), port),
    }
}

/// Health checks come from outside of the network.
fn probed(spec: &Spec, service: &ServicePart) -> Body {
    let label = format!("{}_health", ident(&service.name));
    let edge = service.kind == ServiceKind::Balancer;
    let passed: &[&str] = if edge { &PASSED_THROUGH } else { &[] };
    let ranges: Vec<&str> = PROBES.iter().chain(passed).copied().collect();
    let body = rule(between(spec, &label, "in"), "INGRESS")
        .set("target_service_accounts", list([email(service)]))
        .set("source_ranges", list(ranges));
    let about = format!("The health checks of {}.", service.name);
    Body::default().part(&about, "resource", &[RULE, &label], tcp(body, service.port))
}

/// Copies of data follow one another.
fn among(spec: &Spec, service: &ServicePart) -> Body {
    let label = format!("{}_copies", ident(&service.name));
    let out = format!("{label}_out");
    let ingress = rule(between(spec, &label, "in"), "INGRESS")
        .set("target_service_accounts", list([email(service)]))
        .set("source_service_accounts", list([email(service)]));
    let egress = rule(between(spec, &label, "out"), "EGRESS")
        .set("target_service_accounts", list([email(service)]))
        .set("destination_ranges", list([subnetwork_range(&service.subnet)]));
    let about = format!("The copies of {} follow one another.", service.name);
    Body::default().part(&about, "resource", &[RULE, &label], tcp(ingress, service.port)).part(
        "",
        "resource",
        &[RULE, &out],
        tcp(egress, service.port),
    )
}

/// Secret Manager, Compute Engine and Cloud Storage are asked over HTTPS.
fn interfaces(spec: &Spec) -> Body {
    let asks = |service: &&ServicePart| {
        has_machines(service)
            && (!read_by(spec, service).is_empty()
                || nodes::archives(service)
                || service
                    .targets
                    .iter()
                    .any(|name| self::service(spec, name).is_some_and(is_without_data)))
    };
    let accounts: Vec<Expression> = spec.services.iter().filter(asks).map(email).collect();
    if accounts.is_empty() {
        return Body::default();
    }
    let https = 443;
    let body = rule(of_system(spec, "interfaces"), "EGRESS")
        .set("target_service_accounts", list(accounts))
        .set("destination_ranges", list(["0.0.0.0/0"]));
    Body::default().part(
        "Google's own interfaces, for secrets and for the instances of groups: without an address \
         in the internet machines reach nothing else there.",
        "resource",
        &[RULE, "interfaces"],
        tcp(body, https),
    )
}
