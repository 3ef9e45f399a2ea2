//! Rules about latency, recovery, places, networks, encryption and backups, judged from the spec.

use domain::area::Area;
use domain::intent::ServiceKind;
use domain::name::Name;
use domain::policy::Clause;
use domain::spec::{Platform, ServicePart, SubnetTier};
use domain::units::span;

use super::recovery::{Given, given, told};
use super::spoken::Spoken;

/// Who opens connections from outside.
const INTERNET: &str = "internet";

/// Whether such a clause is kept, and what it was compared with.
pub(super) fn judged(spoken: &Spoken<'_>, clause: &Clause) -> Vec<(bool, String)> {
    match clause {
        Clause::Latency(percentile, most) => {
            let objectives = &spoken.standing.demand.objectives.latency;
            let mut stated = objectives.iter().filter(|own| own.class.is_none());
            let found = stated.find(|own| own.percentile >= *percentile && own.limit <= *most);
            let text = found.map_or_else(
                || format!("no latency {percentile} within {} is planned for", span(*most)),
                |own| format!("a latency {} of {} is planned for", own.percentile, span(own.limit)),
            );
            vec![(found.is_some(), text)]
        }
        Clause::Rpo(most) => recovers(spoken, |given| {
            let text = format!("loses {} of writes", told(given.lost));
            (given.lost <= most.value(), text)
        }),
        Clause::Rto(most) => recovers(spoken, |given| {
            (given.away <= most.value(), format!("is back after {}", told(given.away)))
        }),
        Clause::RegionIn(areas) => {
            let region = &spoken.standing.topology.region;
            vec![inside(spoken, areas, (region, "everything is in"))]
        }
        Clause::BackupIn(areas) => backed_up_in(spoken, areas),
        // A managed edge is nobody's machine; one of ours would stand in the internet.
        Clause::PrivateSubnets => shut(spoken, |part| match part.kind {
            ServiceKind::Balancer => part.platform == Platform::Vm,
            ServiceKind::Queue | ServiceKind::External => false,
            ServiceKind::Service | ServiceKind::Cache | ServiceKind::Sql => true,
        }),
        Clause::DatabasePrivate => shut(spoken, |part| part.kind == ServiceKind::Sql),
        Clause::Ingress(ports) => {
            let flows = spoken.standing.network.flows.iter();
            let open = flows.filter(|flow| flow.from.as_str() == INTERNET);
            let told =
                |port: u16| (ports.contains(&port), format!("the internet reaches port {port}"));
            open.map(|flow| told(flow.port)).collect()
        }
        Clause::EncryptedAtRest => spoken.parts().map(|part| at_rest(spoken, part)).collect(),
        Clause::EncryptedInTransit => spoken.parts().map(|part| in_transit(spoken, part)).collect(),
        Clause::BackupDays(least) => backups(spoken, |backup| {
            let days = backup.retention_days;
            (days >= *least, format!("has backups of {days} days"))
        }),
        Clause::BackupCopy => backups(spoken, |backup| {
            let own = &spoken.standing.topology.region;
            match &backup.copy_region {
                Some(region) => (region != own, format!("has copies of backups in {region}")),
                None => (false, "has no copies of backups".to_owned()),
            }
        }),
        _ => Vec::new(),
    }
}

/// How each database recovers.
fn recovers(spoken: &Spoken<'_>, judge: impl Fn(Given) -> (bool, String)) -> Vec<(bool, String)> {
    let databases = spoken.deployed().filter(|(service, _)| service.kind == ServiceKind::Sql);
    databases
        .map(|(service, deployment)| {
            let (kept, text) = given(spoken.standing.demand, service, deployment)
                .map_or_else(|| (false, "recovers nobody knows how".to_owned()), &judge);
            (kept, format!("{} {text}", service.name))
        })
        .collect()
}

/// Whether a region is known to be in one of those.
fn inside(spoken: &Spoken<'_>, areas: &[Area], (region, what): (&Name, &str)) -> (bool, String) {
    let provider = spoken.standing.topology.provider;
    match spoken.standing.facts.country(provider, region) {
        Some(country) => {
            let within = areas.iter().any(|area| area.holds(country));
            (within, format!("{what} {region} ({country})"))
        }
        None => (false, format!("{what} {region}, and nobody says in which country that is")),
    }
}

/// The backups of all databases, and their copies.
fn backed_up_in(spoken: &Spoken<'_>, areas: &[Area]) -> Vec<(bool, String)> {
    let parts = spoken.standing.services.iter();
    let backups: Vec<_> = parts.filter_map(|part| part.backup.as_ref()).collect();
    let own = (!backups.is_empty()).then_some(&spoken.standing.topology.region);
    let copies = backups.iter().filter_map(|backup| backup.copy_region.as_ref());
    own.into_iter().chain(copies).map(|at| inside(spoken, areas, (at, "backups are in"))).collect()
}

/// Whether nothing of the internet reaches some services that a rule speaks of: neither their
/// subnets nor a flow, and they are known to be able to do without.
fn shut(spoken: &Spoken<'_>, of: impl Fn(&ServicePart) -> bool) -> Vec<(bool, String)> {
    let network = spoken.standing.network;
    let wanted = spoken.parts().filter(|part| of(part));
    wanted
        .map(|part| {
            let mut subnets = network.subnets.iter().filter(|own| own.group == part.subnet);
            let public = subnets.any(|own| own.tier == SubnetTier::Public);
            let mut flows = network.flows.iter().filter(|flow| flow.to == part.name);
            let open = flows.any(|flow| flow.from.as_str() == INTERNET);
            let can = able(spoken, part, |own| own.private);
            let text = match (public || open, can) {
                (true, _) => "can be reached from",
                (false, true) => "is shut to",
                (false, false) => "is not known to be shut to",
            };
            (!public && !open && can, format!("{} {text} the internet", part.name))
        })
        .collect()
}

/// Whether what a service stores is encrypted, as it says and as it can be.
fn at_rest(spoken: &Spoken<'_>, part: &ServicePart) -> (bool, String) {
    let mut volumes = part.root_volume.iter().chain(&part.volume);
    let said = part.encryption.is_some_and(|own| own.at_rest) && volumes.all(|own| own.encrypted);
    let can = able(spoken, part, |own| own.at_rest);
    told_of(part, said && can, "at rest")
}

/// Whether what a service sends and receives is encrypted.
fn in_transit(spoken: &Spoken<'_>, part: &ServicePart) -> (bool, String) {
    let flows = spoken.standing.network.flows.iter();
    let mut own = flows.filter(|flow| flow.from == part.name || flow.to == part.name);
    let listens = part.listener.as_ref().is_none_or(|own| own.protocol == "https");
    let said = part.encryption.is_some_and(|own| own.in_transit)
        && own.all(|flow| flow.encrypted)
        && listens;
    let can = able(spoken, part, |own| own.in_transit);
    told_of(part, said && can, "in transit")
}

fn told_of(part: &ServicePart, kept: bool, when: &str) -> (bool, String) {
    let word = if kept { "is" } else { "is not" };
    (kept, format!("{} {word} encrypted {when}", part.name))
}

/// Whether every machine of a service, or the product that it is, is known to be able to.
fn able(
    spoken: &Spoken<'_>,
    part: &ServicePart,
    can: impl Fn(&domain::facts::Ability) -> bool,
) -> bool {
    let product = match (part.platform, part.kind) {
        (Platform::Vm, _) | (Platform::Managed, ServiceKind::Service) => "instance",
        (Platform::Managed, ServiceKind::Balancer) => "managed_balancer",
        (Platform::Managed, ServiceKind::Cache) => "managed_cache",
        (Platform::Managed, ServiceKind::Sql) => "managed_sql",
        (Platform::Managed, ServiceKind::Queue) => "managed_queue",
        (Platform::Managed, ServiceKind::External) => "external",
    };
    let (facts, provider) = (spoken.standing.facts, spoken.standing.topology.provider);
    let known = |sku: &str| facts.ability(provider, product, sku).is_some_and(&can);
    let skus: Vec<&str> = part.offers.iter().map(|own| own.instance_type.as_str()).collect();
    if skus.is_empty() { known("") } else { skus.into_iter().all(known) }
}

/// How each database is backed up.
fn backups(
    spoken: &Spoken<'_>,
    judge: impl Fn(&domain::spec::Backup) -> (bool, String),
) -> Vec<(bool, String)> {
    let databases = spoken.parts().filter(|part| part.kind == ServiceKind::Sql);
    databases
        .map(|part| {
            let none = || (false, "is not backed up".to_owned());
            let (kept, text) = part.backup.as_ref().map_or_else(none, &judge);
            (kept, format!("{} {text}", part.name))
        })
        .collect()
}
