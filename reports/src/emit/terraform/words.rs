//! Numbers of a spec in words, and where to find a thing.

use domain::name::Name;
use domain::spec::{CheckPart, OfferPart, RedundancyPart, ServiceDemandPart, ServicePart, Spec};

use crate::emit::commitments;
use crate::emit::decimal::decimal;

/// Whole seconds, rounded up.
pub(in crate::emit) const fn seconds(micros: u64) -> u64 {
    micros.div_ceil(1_000_000)
}

/// Whole gibibytes, rounded up.
pub(in crate::emit) const fn gib(mebibytes: u64) -> u64 {
    mebibytes.div_ceil(1_024)
}

/// The demand of a service.
pub(in crate::emit) fn demand<'a>(spec: &'a Spec, name: &Name) -> Option<&'a ServiceDemandPart> {
    spec.demand.services.iter().find(|service| service.name == *name)
}

/// "4571 calls/s at the peak keep 69.7% of it busy", and what of it the bill takes for reserved.
pub(in crate::emit) fn load(service: &ServicePart) -> String {
    let sizing = &service.sizing;
    let calls = decimal(sizing.arrival_micro_rps / 100_000, 1);
    let busy = decimal(sizing.utilisation_permille.peak, 1);
    let reserved = commitments::of(service);
    format!("{calls} calls/s at the peak keep {busy}% of it busy{reserved}")
}

/// The checks that were demanded, as the simulation found them at the peak.
pub(in crate::emit) fn outcomes(spec: &Spec) -> Vec<String> {
    spec.checks.iter().filter(|check| check.demanded).filter_map(outcome).collect()
}

fn outcome(check: &CheckPart) -> Option<String> {
    let verdict = check.verdict.as_str();
    if let (Some(observed), Some(limit)) = (check.observed_us, check.limit_us) {
        let (observed, limit) = (decimal(observed, 3), decimal(limit, 3));
        return Some(format!("{}: {observed} ms of at most {limit} ms, {verdict}", check.id));
    }
    None
}

/// What the simulation found of the demanded outcomes, as a sentence; nothing where it found none.
pub(in crate::emit) fn found(spec: &Spec) -> String {
    let found = outcomes(spec).join("; ");
    if found.is_empty() {
        return found;
    }
    format!(" What the simulation found of the outcome: {found}.")
}

/// "10 in z1 and 9 in z2 at the peak".
pub(in crate::emit) fn counted(offer: &OfferPart, peak: u32) -> String {
    let zones: Vec<String> =
        offer.per_zone.iter().map(|(zone, count)| format!("{count} in {zone}")).collect();
    format!("{peak} at the peak, {}", zones.join(" and "))
}

/// What becomes of a service with data whose node fails.
pub(in crate::emit) fn copy(service: &ServicePart) -> String {
    match failover(service) {
        none if none.is_empty() => "There is no copy.".to_owned(),
        standby => standby,
    }
}

/// What becomes of a service whose node fails; nothing where there is no standby.
pub(in crate::emit) fn failover(service: &ServicePart) -> String {
    match service.redundancy {
        RedundancyPart::Standby { failover_us } => {
            format!("A copy in another zone takes over within {} s.", seconds(failover_us))
        }
        RedundancyPart::Active {} | RedundancyPart::Single {} => String::new(),
    }
}
