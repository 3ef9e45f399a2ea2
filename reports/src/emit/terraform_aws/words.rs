//! Numbers of a spec in words, and where to find a thing.

use domain::name::Name;
use domain::spec::{CheckPart, ServiceDemandPart, ServicePart, Spec};

use crate::emit::decimal::decimal;

/// Whole seconds, rounded up.
pub(super) const fn seconds(micros: u64) -> u64 {
    micros.div_ceil(1_000_000)
}

/// Whole gibibytes, rounded up.
pub(super) const fn gib(mebibytes: u64) -> u64 {
    mebibytes.div_ceil(1_024)
}

/// The demand of a service.
pub(super) fn demand<'a>(spec: &'a Spec, name: &Name) -> Option<&'a ServiceDemandPart> {
    spec.demand.services.iter().find(|service| service.name == *name)
}

/// "4571 calls/s at the peak keep 69.7% of it busy".
pub(super) fn load(service: &ServicePart) -> String {
    let sizing = &service.sizing;
    let calls = decimal(sizing.arrival_micro_rps / 100_000, 1);
    let busy = decimal(sizing.utilisation_permille.peak, 1);
    format!("{calls} calls/s at the peak keep {busy}% of it busy")
}

/// The checks that were demanded, as the simulation found them at the peak.
pub(super) fn outcomes(spec: &Spec) -> Vec<String> {
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
