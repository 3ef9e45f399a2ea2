//! What machines are told of the plan when they start, alike on every cloud and under the same
//! names: where their targets are, where secrets are kept, and the settings that the simulation
//! counts on.
//!
//! Nothing told is a secret: whoever may see a machine reads it. A secret is told by its place.

use domain::degradation::Substitute;
use domain::intent::ServiceKind;
use domain::spec::{InputKind, Platform, RedundancyPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::told::{self, Place};

use super::data::{is_data, nodes};
use super::fleet::is_fleet;
use super::names::ident;
use super::network::encrypted;
use super::outputs::limits;
use super::variables::input;
use super::words::{demand, seconds};

/// Settings by their names.
pub(in crate::emit) type Settings = Vec<(&'static str, Expression)>;

/// How a cloud says where things are.
pub(in crate::emit) trait Places {
    /// Where the machines of a fleet are: what that is called, and what it is.
    fn fleet(&self, spec: &Spec, target: &ServicePart) -> (&'static str, Expression);

    /// The address of a machine with data, by its name.
    fn node(&self, service: &ServicePart, name: &str) -> Expression;

    /// The addresses of what the cloud runs.
    fn managed(&self, target: &ServicePart) -> Expression;

    /// The port of a target; none where each of its addresses has ports of its own.
    fn port(&self, target: &ServicePart) -> Option<u16> {
        Some(target.port)
    }

    /// The place of a secret, which a variable names.
    fn secret(&self, variable: &str) -> Expression;

    /// What the cloud alone has to say.
    fn more(&self, service: &ServicePart) -> Settings;
}

/// The local value with what the machines of a service are told.
pub(in crate::emit) fn local(service: &ServicePart) -> String {
    format!("told_{}", ident(&service.name))
}

/// What each machine of a service is told, as JSON: one with data also which of it it has.
pub(in crate::emit) fn json(service: &ServicePart) -> String {
    let own = format!("local.{}", local(service));
    if is_data(service) {
        return format!("jsonencode(merge({own}, {{ node = each.value }}))");
    }
    format!("jsonencode({own})")
}

/// What a service is told as a local value.
pub(in crate::emit) fn locals(spec: &Spec, service: &ServicePart, places: &dyn Places) -> Body {
    let targets = spec.services.iter().filter(|own| service.targets.contains(&own.name));
    let targets = targets.map(|own| (own.name.as_str(), target(spec, own, places)));
    let secrets = read_by(spec, service);
    let secrets = secrets.iter().map(|(of, own)| (of.name.as_str(), places.secret(own)));
    let mut told = vec![
        ("service", service.name.as_str().into()),
        ("port", u32::from(service.port).into()),
        ("encrypted", is_encrypted(spec, service).into()),
        ("targets", map(targets)),
        ("secrets", map(secrets)),
        ("settings", map(settings(spec, service, places))),
    ];
    if is_fleet(service) {
        told.push(("variables", map(variables(spec, service, places))));
    }
    if is_data(service) {
        let each = nodes(service).into_iter().map(|node| node.name);
        told.push(("nodes", map(each.map(|name| (name.clone(), places.node(service, &name))))));
    }
    told.push(("tags", code("local.tags")));
    let about = format!("What the machines of {} are told when they start.", service.name);
    let own = Body::default().set(&local(service), map(told));
    Body::default().part(&about, "locals", &[], own)
}

/// The variables with the places of secrets that the machines of a service read, each with the
/// service that it is of: a certificate of its own, passwords of its own and of what it calls.
pub(in crate::emit) fn read_by<'a>(
    spec: &'a Spec,
    service: &ServicePart,
) -> Vec<(&'a ServicePart, String)> {
    if service.platform != Platform::Vm {
        return Vec::new();
    }
    let own = spec.services.iter().filter_map(|of| {
        if of.name == service.name && of.kind == ServiceKind::Balancer {
            return Some((of, input(spec, &of.name, InputKind::Reference)?));
        }
        let reads = of.name == service.name || service.targets.contains(&of.name);
        let secret = input(spec, &of.name, InputKind::SecretReference).filter(|_| reads)?;
        Some((of, secret))
    });
    own.collect()
}

/// Whether a service takes nothing but encrypted connections: who listens to clients by HTTPS has
/// a certificate for it, and no flow from another service that says so.
fn is_encrypted(spec: &Spec, service: &ServicePart) -> bool {
    let listens = service.listener.as_ref().is_some_and(|own| own.protocol == "https");
    listens || encrypted(spec, service) || service.encryption.is_some_and(|own| own.in_transit)
}

/// Where a target is, how calls to it are spread, and when one of its machines is called no more.
fn target(spec: &Spec, own: &ServicePart, places: &dyn Places) -> Expression {
    let check = &own.health_check;
    let path = check.path.as_deref().map(|path| ("path", Expression::from(path)));
    let numbers = [
        ("every_s", seconds(check.interval_us).into()),
        ("wait_s", seconds(check.timeout_us).into()),
        ("unhealthy_after", check.unhealthy_threshold.into()),
        ("healthy_after", check.healthy_threshold.into()),
    ];
    let mut told = vec![place(spec, own, places)];
    told.extend(places.port(own).map(|port| ("port", u32::from(port).into())));
    told.extend([
        ("encrypted", is_encrypted(spec, own).into()),
        ("spread_by", own.algorithm.as_str().into()),
        ("health_check", map(path.into_iter().chain(numbers))),
    ]);
    told.extend(account(own));
    if own.kind != ServiceKind::Service && own.shards > 1 {
        told.push(("slices", own.shards.into()));
    }
    if let Some(connections) = own.connections {
        told.push(("pool_per_instance", connections.pool_per_instance.into()));
    }
    map(told)
}

/// Where the machines of a target are: those of data slice by slice, as many to each.
fn place(spec: &Spec, own: &ServicePart, places: &dyn Places) -> (&'static str, Expression) {
    if is_data(own) {
        let each = nodes(own).into_iter().map(|node| places.node(own, &node.name));
        return ("addresses", list(each));
    }
    match own.platform {
        Platform::Managed => ("addresses", places.managed(own)),
        Platform::Vm => places.fleet(spec, own),
    }
}

/// The database that there is in one, and who programs are there: its own machines make both, and
/// its callers use them.
fn account(service: &ServicePart) -> Settings {
    let own = [("database", told::DATABASE.into()), ("user", told::USER.into())];
    own.into_iter().filter(|_| service.kind == ServiceKind::Sql).collect()
}

/// What programs are told as variables of their environment, under the names that pods and
/// machines on AWS have for it. Where something is called at several addresses they are among the
/// targets alone.
fn variables(spec: &Spec, service: &ServicePart, places: &dyn Places) -> Vec<(String, Expression)> {
    let secret = |to: &ServicePart| {
        input(spec, &to.name, InputKind::SecretReference).map(|own| places.secret(&own))
    };
    let found = |to: &ServicePart| -> Vec<Place<Expression>> {
        let hosts = if to.platform == Platform::Managed { hosts(to, places) } else { Vec::new() };
        hosts.into_iter().map(|host| Place { secret: secret(to), ..Place::at(host) }).collect()
    };
    let own = told::settings(spec, service, told::admitted(service), found);
    let mut all: Vec<_> = own.into_iter().map(|own| (own.name, own.value)).collect();
    for to in told::used(spec, service) {
        let key = told::variable(&to.name);
        let name = format!("{key}_PORT");
        let port = places.port(to).map(|port| port.to_string().into());
        all.retain(|(own, _)| *own != name);
        all.extend(port.map(|port| (name, port)));
        if to.kind == ServiceKind::Sql {
            all.extend(told::account(&to.name).map(|(name, value)| (name, value.into())));
        }
        let own = secret(to).filter(|_| to.platform == Platform::Vm);
        all.extend(own.map(|own| (format!("{key}_PASSWORD_SECRET"), own)));
    }
    all
}

/// Each address of what the cloud runs: one for each slice of its data.
fn hosts(to: &ServicePart, places: &dyn Places) -> Vec<Expression> {
    match places.managed(to) {
        Expression::Array(each) => each,
        all => (0..to.shards).map(|at| code(&format!("element({all}, {at})"))).collect(),
    }
}

/// What the simulation was told of each machine, and what only the owner knows.
fn settings(spec: &Spec, service: &ServicePart, places: &dyn Places) -> Settings {
    let mut settings = Settings::new();
    if let Some(engine) = &service.engine {
        settings.push(("engine", engine.as_str().into()));
    }
    if let Some(version) = &service.engine_version {
        settings.push(("engine_version", version.as_str().into()));
    }
    settings.extend(account(service));
    if service.kind != ServiceKind::Service && service.shards > 1 {
        settings.push(("slices", service.shards.into()));
    }
    if let RedundancyPart::Standby { failover_us } = service.redundancy {
        settings.push(("failover_s", seconds(failover_us).into()));
    }
    if let Some(connections) = &service.connections {
        settings.push(("max_connections", connections.max.into()));
    }
    settings.extend(places.more(service));
    if let Some(listener) = &service.listener {
        settings.push(("tls_min", listener.tls_min.as_str().into()));
        settings.push(("idle_timeout_s", seconds(listener.idle_timeout_us).into()));
    }
    if let Some(domain) = input(spec, &service.name, InputKind::Hostname) {
        settings.push(("domain", code(&format!("var.{domain}"))));
    }
    settings.extend(limits(service));
    if let Some(drain) = drain(service) {
        settings.push(("drain_s", drain.into()));
    }
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

/// The time that a leaving instance has for what it still works on, in seconds.
pub(in crate::emit) fn drain(service: &ServicePart) -> Option<u64> {
    let scalers = service.offers.iter().filter_map(|offer| offer.autoscaling.as_ref());
    let scaler = scalers.map(|scaler| scaler.drain_us).max();
    service.rollout.as_ref().map(|rollout| rollout.drain_us).or(scaler).map(seconds)
}
