//! A verification of a spec as JSON: the evidence alone, in the parts that a spec has for it.

use domain::name::Name;
use domain::spec::{BreakingLoadPart, CheckPart, CurvePoint, DayPart, ScenarioPart, UptimePart};
use domain::verification::Status;
use schemars::JsonSchema;
use serde::Serialize;

use super::{design, evidence, measure, pretty};
use crate::judged::{Judged, Recorded};

/// What a later verification of a spec found.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll verification")]
struct Judgement<'a> {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "plimsoll/v1"))]
    api_version: &'static str,
    /// What the document is.
    #[schemars(extend("const" = "Verification"))]
    kind: &'static str,
    /// The name of the system.
    name: &'a Name,
    /// `sha256:` of the spec, as it says of itself.
    spec_digest: &'a str,
    /// Whether regions and instance types were looked up in a catalog.
    looked_up: bool,
    /// What the load was taken from, in place of the stated one.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<TracePart<'a>>,
    /// The verdict.
    status: Status,
    /// How often a plan exactly at its objectives would be called verified, in ppm.
    alpha_ppm: u64,
    /// The seed of all random streams.
    seed: u64,
    /// The generator of random numbers.
    rng: &'static str,
    /// Requests in all simulations.
    requests_simulated: u64,
    /// Every comparison with an objective.
    checks: Vec<CheckPart>,
    /// What the scenarios showed beyond their checks.
    scenarios: Vec<ScenarioPart>,
    /// How much of a year it is up.
    #[serde(skip_serializing_if = "Option::is_none")]
    uptime: Option<UptimePart>,
    /// Up to which load it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    breaking_load: Option<BreakingLoadPart>,
    /// Latency against load.
    load_curve: Vec<CurvePoint>,
    /// The day with autoscaling.
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<DayPart>,
}

/// A recorded load.
#[derive(Serialize, JsonSchema)]
struct TracePart<'a> {
    /// The file that it was read from.
    file: &'a str,
    /// `sha256:` of that file.
    digest: &'a str,
    /// How long was recorded, in microseconds.
    length_us: u64,
    /// The highest rate, in millionths of a request a second.
    peak_micro_rps: u64,
    /// The mean rate, in millionths of a request a second.
    mean_micro_rps: u64,
    /// How much it varies within a minute, as a Poisson stream has a million.
    #[serde(skip_serializing_if = "Option::is_none")]
    dispersion_ppm: Option<u64>,
}

/// The JSON Schema of such documents.
pub fn judgement_schema() -> String {
    design::schema::<Judgement<'_>>("verification")
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
