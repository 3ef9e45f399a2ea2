//! A verification of a spec as JSON: the evidence alone, in the parts that a spec has for it.

use domain::name::Name;
use domain::spec::{BreakingLoadPart, CheckPart, CurvePoint, DayPart, ScenarioPart, UptimePart};
use domain::verification::{Status, Verification};
use serde::Serialize;

use super::{evidence, measure, pretty};
use crate::restore::Described;

/// What a later verification of a spec found.
#[derive(Serialize)]
struct Judgement<'a> {
    #[serde(rename = "apiVersion")]
    api_version: &'static str,
    kind: &'static str,
    name: &'a Name,
    spec_digest: &'a str,
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

/// The verification of what a spec of that digest describes, as one JSON document.
pub fn judgement(described: &Described, digest: &str, found: &Verification) -> String {
    let breaking = found.breaking_load.as_ref();
    pretty(&Judgement {
        api_version: "plimsoll/v1",
        kind: "Verification",
        name: &described.demand.name,
        spec_digest: digest,
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
