//! What each machine is told when it starts, as JSON in its metadata: the tags, where its targets
//! are, where secrets are kept, and the settings that the simulation counts on.
//!
//! Nothing told is a secret: metadata is read by everybody who may see the machine.

use domain::degradation::Substitute;
use domain::intent::ServiceKind;
use domain::spec::{InputKind, Platform, RedundancyPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::names::ident;
use crate::emit::terraform::network::encrypted;
use crate::emit::terraform::outputs;
use crate::emit::terraform::variables::input;
use crate::emit::terraform::words::{demand, seconds};

use super::names::{MOST, of_kind};
use super::{accounts, cache, fleet, nodes};

/// Where what a service is told stands.
pub(super) fn metadata(service: &ServicePart) -> Expression {
    let told = format!("jsonencode(local.told_{})", ident(&service.name));
    map([("block-project-ssh-keys", "TRUE".into()), ("plimsoll", code(&told))])
}

/// What a service is told.
pub(super) fn locals(spec: &Spec, service: &ServicePart) -> Body {
    let targets = spec.services.iter().filter(|own| service.targets.contains(&own.name));
    let targets = targets.map(|own| (own.name.as_str(), target(spec, own)));
    let secrets = accounts::read_by(spec, service)
        .map(|(of, variable)| (of.name.as_str(), code(&format!("var.{variable}"))));
    let told = map([
        ("service", service.name.as_str().into()),
        ("port", u32::from(service.port).into()),
        ("encrypted", encrypted(spec, service).into()),
        ("targets", map(targets)),
        ("secrets", map(secrets)),
        ("settings", map(settings(spec, service))),
        ("tags", code("local.tags")),
    ]);
    let name = format!("told_{}", ident(&service.name));
    let about = format!("What the machines of {} are told.", service.name);
    Body::default().part(&about, "locals", &[], Body::default().set(&name, told))
}

/// Where a target is and how calls to it are spread.
fn target(spec: &Spec, own: &ServicePart) -> Expression {
    let check = &own.health_check;
    let path = check.path.as_deref().map(|path| ("path", Expression::from(path)));
    let numbers = [
        ("every_s", seconds(check.interval_us).into()),
        ("wait_s", seconds(check.timeout_us).into()),
        ("unhealthy_after", check.unhealthy_threshold.into()),
        ("healthy_after", check.healthy_threshold.into()),
    ];
    let (kind, place) = place(spec, own);
    let port = match (own.platform, own.kind) {
        (Platform::Managed, ServiceKind::Cache) => cache::port(own),
        _ => own.port,
    };
    map([
        (kind, place),
        ("port", u32::from(port).into()),
        ("encrypted", encrypted(spec, own).into()),
        ("spread_by", own.algorithm.as_str().into()),
        ("health_check", map(path.into_iter().chain(numbers))),
    ])
}

/// The groups of instances of a fleet, or addresses.
fn place(spec: &Spec, own: &ServicePart) -> (&'static str, Expression) {
    if fleet::is_fleet(own) {
        let groups = own.offers.iter().map(|offer| of_kind(spec, own, offer, MOST));
        return ("instance_groups", list(groups));
    }
    let addresses = match (own.platform, own.kind) {
        (Platform::Vm, _) => nodes::addresses(own),
        (Platform::Managed, ServiceKind::Cache) => list([cache::address(own)]),
        (Platform::Managed, _) => super::database::addresses(own),
    };
    ("addresses", addresses)
}

/// What the simulation was told of each machine, and what only the owner knows.
fn settings(spec: &Spec, service: &ServicePart) -> Vec<(&'static str, Expression)> {
    let mut settings = Vec::new();
    if let Some(engine) = &service.engine {
        settings.push(("engine", engine.as_str().into()));
    }
    if let Some(version) = &service.engine_version {
        settings.push(("engine_version", version.as_str().into()));
    }
    if service.kind != ServiceKind::Service && service.shards > 1 {
        settings.push(("slices", service.shards.into()));
    }
    if let RedundancyPart::Standby { failover_us } = service.redundancy {
        settings.push(("failover_s", seconds(failover_us).into()));
    }
    if let Some(connections) = &service.connections {
        settings.push(("max_connections", connections.max.into()));
    }
    if nodes::archives(service) {
        let bucket = format!("google_storage_bucket.{}.name", ident(&service.name));
        settings.push(("log_archive", code(&bucket)));
    }
    if let Some(listener) = &service.listener {
        settings.push(("tls_min", listener.tls_min.as_str().into()));
        settings.push(("idle_timeout_s", seconds(listener.idle_timeout_us).into()));
    }
    if let Some(domain) = input(spec, &service.name, InputKind::Hostname) {
        settings.push(("domain", code(&format!("var.{domain}"))));
    }
    settings.extend(limits(service));
    let without = demand(spec, &service.name).map(|own| &own.degrades).into_iter().flatten();
    let without: Vec<(&str, &str)> = without
        .filter_map(|own| {
            let mut words = Substitute::WORDS.iter();
            Some((own.without.as_str(), words.find(|(_, serve)| *serve == own.serve)?.0))
        })
        .collect();
    if !without.is_empty() {
        settings.push(("serves_when_down", map(without)));
    }
    settings
}

fn limits(service: &ServicePart) -> Vec<(&'static str, Expression)> {
    let mut settings = outputs::limits(service);
    if let Some(drain) = fleet::drain(service) {
        settings.push(("drain_s", drain.into()));
    }
    settings
}
