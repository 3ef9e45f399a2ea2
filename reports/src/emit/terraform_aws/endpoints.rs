//! What machines reach of AWS itself without a way to the internet: an endpoint in the network for
//! each of its services that they ask.

use std::collections::BTreeMap;

use domain::intent::ServiceKind;
use domain::spec::{ServicePart, Spec};

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::fleet::{is_fleet, is_managed};
use crate::emit::told::used;

use super::names::{cloud, ident, of_system, system_of};
use super::network::all_subnet_ids;
use super::{cluster, security};

/// What things of no service are labelled: with a capital, which no name holds.
const LABEL: &str = "Endpoints";
/// What AWS calls the service that queues are of.
const QUEUES: &str = "sqs";

/// The services of AWS that fleets ask, each with the fleets that ask it.
fn asked(spec: &Spec) -> BTreeMap<&'static str, Vec<&ServicePart>> {
    let mut asked: BTreeMap<&str, Vec<&ServicePart>> = BTreeMap::new();
    for fleet in spec.services.iter().filter(|own| is_fleet(own)) {
        let uses = |kind| used(spec, fleet).any(|to| is_managed(to, kind));
        let ends = [(ServiceKind::Sql, "secretsmanager"), (ServiceKind::Queue, QUEUES)];
        for (_, end) in ends.into_iter().filter(|(kind, _)| uses(*kind)) {
            asked.entry(end).or_default().push(fleet);
        }
    }
    asked
}

pub(super) fn file(spec: &Spec) -> Body {
    let body = Body::file(
        "What machines reach of AWS itself: passwords in Secrets Manager, and queues. Private \
         subnets reach nothing outside the network, so each has an endpoint in it. AWS bills an \
         endpoint by the hour in each zone, and by the gibibyte: the spec has no line for that.",
    );
    let asked = asked(spec);
    if asked.is_empty() {
        return body.comment("This plan asks for none.");
    }
    // A cluster's programs are given passwords by the cluster, and ask queues alone.
    let kept = asked.contains_key(QUEUES);
    let head = if kept { Body::default() } else { cluster::unless_there() };
    let ends = if kept { of_endpoints("") } else { of_endpoints("[0]") };
    let group = head
        .set("name", of_system(spec, "endpoints"))
        .set("description", format!("Endpoints of {}", spec.metadata.name))
        .set("vpc_id", code("aws_vpc.this.id"))
        .gap()
        .block("lifecycle", &[], Body::default().set("create_before_destroy", true));
    let body = body.part("", "resource", &["aws_security_group", LABEL], group);
    let mut callers: BTreeMap<_, &ServicePart> = BTreeMap::new();
    let body = asked.into_iter().fold(body, |body, (end, fleets)| {
        let zones = &fleets[0].subnet;
        callers.extend(fleets.iter().map(|own| (&own.name, *own)));
        let name = cloud(&[&system_of(spec), end], 255);
        let head = if end == QUEUES { Body::default() } else { cluster::unless_there() };
        let own = head
            .set("vpc_id", code("aws_vpc.this.id"))
            .set("service_name", format!("com.amazonaws.{}.{end}", spec.placement.region))
            .set("vpc_endpoint_type", "Interface")
            .set("private_dns_enabled", true)
            .set("subnet_ids", all_subnet_ids(zones))
            .set("security_group_ids", list([code(&ends)]))
            .set("tags", map([("Name", name)]));
        let names: Vec<&str> = fleets.iter().map(|own| own.name.as_str()).collect();
        let about = format!("Asked by {}.", names.join(", "));
        body.part(&about, "resource", &["aws_vpc_endpoint", end], own)
    });
    let body = callers.into_values().fold(body, |body, fleet| body.then(between(fleet, &ends)));
    if !kept {
        return body;
    }
    body.then(cluster::let_in((LABEL, &ends), "AWS itself", HTTPS))
}

const HTTPS: u16 = 443;

fn of_endpoints(one: &str) -> String {
    format!("aws_security_group.{LABEL}{one}.id")
}

/// Both ends of the connections of a fleet to the endpoints.
fn between(fleet: &ServicePart, ends: &str) -> Body {
    let label = format!("{}_to_{LABEL}", ident(&fleet.name));
    let own = security::group_of(fleet);
    let rule = |of: &str, other: &str| {
        cluster::unless_there()
            .set("security_group_id", code(of))
            .set("description", format!("{} to AWS itself", fleet.name))
            .set("ip_protocol", "tcp")
            .set("from_port", u32::from(HTTPS))
            .set("to_port", u32::from(HTTPS))
            .set("referenced_security_group_id", code(other))
    };
    let (enters, leaves) = (rule(ends, &own), rule(&own, ends));
    Body::default()
        .part("", "resource", &["aws_vpc_security_group_ingress_rule", &label], enters)
        .part("", "resource", &["aws_vpc_security_group_egress_rule", &label], leaves)
}
