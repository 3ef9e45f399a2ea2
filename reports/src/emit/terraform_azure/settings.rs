//! What machines are told of the plan when they start: the settings that the simulation counts on,
//! and where they find what they call. Nothing in it is a secret; a secret is told by its place.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{InputKind, Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::fleet::bounds;
use crate::emit::terraform::outputs::limits;
use crate::emit::terraform::variables::input;
use crate::emit::terraform::words::seconds;

use super::names::ident;
use super::{data, fleet, identity, managed};

/// Settings by their names.
pub(super) type Settings = Vec<(&'static str, Expression)>;

/// What machines of a service are given when they start, as Azure wants it written: those of a
/// service with data are also told which of it they have.
pub(super) fn told(service: &ServicePart, with_node: bool) -> Expression {
    let own = format!("local.{}", settings_of(service));
    if with_node {
        return code(&format!("base64encode(jsonencode(merge({own}, {{ node = each.value }})))"));
    }
    code(&format!("base64encode(jsonencode({own}))"))
}

/// The local value with the settings of a service.
fn settings_of(service: &ServicePart) -> String {
    format!("{}_settings", ident(&service.name))
}

/// The settings of a service as a local value.
pub(super) fn locals(spec: &Spec, service: &ServicePart, more: Settings) -> Body {
    let mut settings: Settings =
        vec![("service", service.name.as_str().into()), ("port", u32::from(service.port).into())];
    settings.extend(limits(service));
    settings.extend(listener(spec, service));
    settings.extend(engine(service));
    let calls: Vec<(&str, Expression)> =
        called(spec, service).map(|target| (target.name.as_str(), map(where_is(target)))).collect();
    if !calls.is_empty() {
        settings.push(("calls", map(calls)));
    }
    let secrets: Vec<(&str, Expression)> = identity::secrets(spec, service)
        .into_iter()
        .map(|(what, variable)| (what, identity::address(&variable)))
        .collect();
    if !secrets.is_empty() {
        settings.push(("secrets", map(secrets)));
    }
    settings.extend(more);
    let locals = Body::default().set(&settings_of(service), map(settings));
    let about = format!(
        "What each machine of {} is told of the plan when it starts, as its user data.",
        service.name
    );
    Body::default().part(&about, "locals", &[], locals)
}

fn listener(spec: &Spec, service: &ServicePart) -> Settings {
    let Some(listener) = &service.listener else { return Settings::new() };
    let domain = input(spec, &service.name, InputKind::Hostname);
    let domain = domain.map(|name| ("domain", code(&format!("var.{name}"))));
    let own = [
        ("tls_min", Expression::from(listener.tls_min.as_str())),
        ("idle_timeout_s", seconds(listener.idle_timeout_us).into()),
    ];
    domain.into_iter().chain(own).collect()
}

fn engine(service: &ServicePart) -> Settings {
    let mut settings = Settings::new();
    if let Some(engine) = &service.engine {
        settings.push(("engine", engine.as_str().into()));
    }
    if let Some(version) = &service.engine_version {
        settings.push(("engine_version", version.as_str().into()));
    }
    if let Some(own) = service.connections {
        settings.push(("max_connections", own.max.into()));
    }
    if service.encryption.is_some_and(|own| own.in_transit) {
        settings.push(("encrypted_connections_only", true.into()));
    }
    settings
}

/// The services that a service calls.
fn called<'a>(spec: &'a Spec, service: &'a ServicePart) -> impl Iterator<Item = &'a ServicePart> {
    let of = |name: &Name| spec.services.iter().find(|own| own.name == *name);
    service.targets.iter().filter_map(of)
}

/// Where a service is found by whoever calls it.
fn where_is(target: &ServicePart) -> Settings {
    let spread = target.algorithm.as_str();
    let mut settings: Settings =
        vec![("port", u32::from(target.port).into()), ("spread_by", spread.into())];
    let found = if fleet::is_fleet(target) {
        // A machine is called by these and six digits more, of 36 to each: x000000 and on.
        let hosts = target.offers.iter().map(|offer| {
            let (_, most, _) = bounds(offer);
            let weight = (offer.weight != 1).then(|| ("weight", offer.weight.into()));
            let host = [
                ("names_begin_with", Expression::from(fleet::host(target, offer))),
                ("most", most.into()),
            ];
            map(host.into_iter().chain(weight))
        });
        ("hosts", list(hosts))
    } else if target.platform == Platform::Vm {
        ("addresses", data::addresses(target))
    } else {
        ("address", managed::address(target))
    };
    settings.push(found);
    settings
}

/// Whether a service is what the internet reaches first.
pub(super) fn is_edge(service: &ServicePart) -> bool {
    service.kind == ServiceKind::Balancer && service.platform == Platform::Vm
}
