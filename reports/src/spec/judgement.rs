//! A verification of a spec as JSON: the evidence alone, in the parts that a spec has for it.

use domain::name::Name;
use domain::spec::{BreakingLoadPart, CheckPart, CurvePoint, DayPart, ScenarioPart, UptimePart};
use domain::verification::Status;
use serde::Serialize;

use super::{evidence, measure, pretty};
use crate::judged::{Judged, Recorded};

/// What a later verification of a spec found.
#[derive(Serialize)]
struct Judgement<'a> {
    #[serde(rename = "apiVersion")]
    api_version: &'static str,
    kind: &'static str,
    name: &'a Name,
    spec_digest: &'a str,
    /// Whether regions and instance types were looked up in a catalog.
    looked_up: bool,
    /// What the load was taken from, in place of the stated one.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<TracePart<'a>>,
    status: Status,
    alpha_ppm: u64,
    seed: u64,
    rng: &'static str,
    requests_simulated: u64,
    checks: Vec<CheckPart>,
    scenarios: Vec<ScenarioPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uptime: Option<UptimePart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    breaking_load: Option<BreakingLoadPart>,
    load_curve: Vec<CurvePoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<DayPart>,
}

/// A recorded load.
#[derive(Serialize)]
struct TracePart<'a> {
    file: &'a str,
    digest: &'a str,
    length_us: u64,
    peak_micro_rps: u64,
    mean_micro_rps: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    dispersion_ppm: Option<u64>,
}

fn trace(recorded: &Recorded) -> TracePart<'_> {
    TracePart {
        file: &recorded.file,
        digest: &recorded.digest,
        length_us: measure::micros(recorded.length),
        peak_micro_rps: measure::micro_rps(recorded.peak),
        mean_micro_rps: measure::micro_rps(recorded.mean),
        dispersion_ppm: recorded.dispersion.map(measure::ppm),
    }
}

/// The verification of what a spec describes, as one JSON document.
pub fn judgement(judged: &Judged<'_>) -> String {
    let Judged { described, found, .. } = *judged;
    let breaking = found.breaking_load.as_ref();
    pretty(&Judgement {
        api_version: "plimsoll/v1",
        kind: "Verification",
        name: &described.demand.name,
        spec_digest: judged.spec_digest,
        looked_up: judged.looked_up,
        trace: judged.trace.map(trace),
        status: found.status,
        alpha_ppm: measure::probability(found.alpha),
        seed: found.seed,
        rng: found.generator,
        requests_simulated: found.requests,
        checks: found.checks.iter().map(evidence::check).collect(),
        scenarios: found.scenarios.iter().map(evidence::scenario).collect(),
        uptime: found.uptime.as_ref().map(evidence::uptime),
        breaking_load: breaking
            .map(|breaking| evidence::breaking_load(breaking, &described.demand.load)),
        load_curve: found.load_curve.iter().map(evidence::curve_point).collect(),
        day: found.day.as_ref().map(evidence::day),
    })
}
