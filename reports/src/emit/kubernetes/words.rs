//! Numbers of a spec in words, and where to find a thing.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{CheckPart, OfferPart, Platform, ServiceDemandPart, ServicePart, Spec};

use crate::emit::decimal::decimal;

/// Whole seconds, rounded up.
pub(super) const fn seconds(micros: u64) -> u64 {
    micros.div_ceil(1_000_000)
}

/// The demand of a service.
pub(super) fn demand<'a>(spec: &'a Spec, name: &Name) -> Option<&'a ServiceDemandPart> {
    spec.demand.services.iter().find(|service| service.name == *name)
}

/// A service by its name.
pub(super) fn service<'a>(spec: &'a Spec, name: &Name) -> Option<&'a ServicePart> {
    spec.services.iter().find(|service| service.name == *name)
}

/// Whether a service is the owner's own program, on machines without data of their own.
pub(super) fn is_fleet(service: &ServicePart) -> bool {
    service.kind == ServiceKind::Service && service.platform == Platform::Vm
}

/// The fleets of a spec.
pub(super) fn fleets(spec: &Spec) -> impl Iterator<Item = &ServicePart> {
    spec.services.iter().filter(|service| is_fleet(service))
}

/// Whether a service is run by somebody else, and only called from here.
pub(super) fn is_elsewhere(service: &ServicePart) -> bool {
    !is_fleet(service) && service.kind != ServiceKind::Balancer
}

/// The balancer that passes requests on to a service.
pub(super) fn balancer_of<'a>(spec: &'a Spec, service: &ServicePart) -> Option<&'a ServicePart> {
    let mut balancers = spec.services.iter().filter(|own| own.kind == ServiceKind::Balancer);
    balancers.find(|own| own.targets.contains(&service.name))
}

/// The fleets that open connections to a service: those that call it, and those that take from
/// it where it is a queue.
pub(super) fn users<'a>(
    spec: &'a Spec,
    service: &'a ServicePart,
) -> impl Iterator<Item = &'a ServicePart> {
    fleets(spec).filter(|own| {
        let takes = service.kind == ServiceKind::Queue && service.targets.contains(&own.name);
        own.targets.contains(&service.name) || takes
    })
}

/// Everything that a fleet opens connections to.
pub(super) fn used<'a>(
    spec: &'a Spec,
    fleet: &'a ServicePart,
) -> impl Iterator<Item = &'a ServicePart> {
    spec.services.iter().filter(move |own| {
        let taken = own.kind == ServiceKind::Queue && own.targets.contains(&fleet.name);
        fleet.targets.contains(&own.name) || taken
    })
}

/// Whether calls to a service come encrypted.
pub(super) fn encrypted(spec: &Spec, to: &Name) -> bool {
    spec.network.flows.iter().any(|flow| flow.to == *to && flow.encrypted)
}

/// Instances of an offer at the peak.
pub(super) fn peak(offer: &OfferPart) -> u32 {
    offer.per_zone.values().sum()
}

/// "4571.4 calls/s at the peak keep 73.4% of it busy".
pub(super) fn load(service: &ServicePart) -> String {
    let sizing = &service.sizing;
    let calls = decimal(sizing.arrival_micro_rps / 100_000, 1);
    let busy = decimal(sizing.utilisation_permille.peak, 1);
    format!("{calls} calls/s at the peak keep {busy}% of it busy")
}

/// "8 at the peak, 4 in z1 and 4 in z2".
pub(super) fn counted(offer: &OfferPart) -> String {
    let zones: Vec<String> =
        offer.per_zone.iter().map(|(zone, count)| format!("{count} in {zone}")).collect();
    format!("{} at the peak, {}", peak(offer), zones.join(" and "))
}

/// The checks that were demanded, as the simulation found them at the peak.
pub(super) fn outcomes(spec: &Spec) -> Vec<String> {
    spec.checks.iter().filter(|check| check.demanded).filter_map(outcome).collect()
}

fn outcome(check: &CheckPart) -> Option<String> {
    let (observed, limit) = (decimal(check.observed_us?, 3), decimal(check.limit_us?, 3));
    Some(format!("{}: {observed} ms of at most {limit} ms, {}", check.id, check.verdict.as_str()))
}
