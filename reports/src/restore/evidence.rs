//! What the simulation found, from the spec.

use domain::spec::{
    CheckPart, CurvePoint, DistributionPart, Latency, ScenarioPart, SeriesPart, Share, Spec,
    UptimePart,
};
use domain::units::Probability;
use domain::verification::{
    BreakingLoad, Check, CheckUnit, DayResult, Distribution, DistributionPoint, LoadCurvePoint,
    Observed, ScenarioResult, SeriesPoint, UptimeResult, Verification,
};

use super::answer::kept;
use super::plan::unavailable;
use super::{millionths, time};
use crate::spec::{available_ppm, load_permille};

pub(super) fn verification(spec: &Spec) -> Verification {
    Verification {
        status: spec.verdict.status,
        checks: spec.checks.iter().map(|part| check(spec, part)).collect(),
        scenarios: spec.scenarios.iter().map(scenario).collect(),
        breaking_load: spec.breaking_load.as_ref().map(|part| BreakingLoad {
            holds: millionths(part.holds_ppm),
            breaks: part.breaks_ppm.map(millionths),
            saturates: part.saturates.clone(),
        }),
        load_curve: spec.load_curve.iter().map(curve_point).collect(),
        day: spec.day.as_ref().map(|part| DayResult {
            instance_hours: part
                .instance_hours_milli
                .iter()
                .map(|(service, hours)| (service.clone(), *hours as f64 / 1e3))
                .collect(),
            request_level_share: millionths(part.request_level_share_ppm),
            fluid_error: millionths(part.fluid_error_ppm),
            worst_goodput: millionths(part.worst_goodput_ppm),
        }),
        uptime: spec.uptime.as_ref().map(uptime),
        alpha: probability(spec.verdict.alpha_ppm),
        seed: spec.provenance.seed,
        generator: spec.provenance.rng.as_deref().map_or("none", kept),
        requests: spec.verdict.requests_simulated,
    }
}

/// A share of a million; more than all of them is all of them.
fn probability(ppm: u64) -> Probability {
    Probability::new(millionths(ppm)).unwrap_or(Probability::ONE)
}

fn check(spec: &Spec, part: &CheckPart) -> Check {
    let (unit, mut observed, limit) = compared(part);
    let finer: Vec<f64> = match unit {
        CheckUnit::LoadFactor => loads(spec).collect(),
        CheckUnit::UnavailabilityPpm => downtimes(spec).collect(),
        CheckUnit::Seconds | CheckUnit::Share => Vec::new(),
    };
    for end in [&mut observed.value, &mut observed.low, &mut observed.high] {
        *end = refined(*end, unit, &finer);
    }
    Check {
        id: part.id.clone(),
        objective: part.objective.clone(),
        scenario: part.scenario.clone(),
        demanded: part.demanded,
        observed,
        limit,
        unit,
        verdict: part.verdict,
        method: part.method,
        trials: part.trials,
        requests: part.requests,
    }
}

/// Loads that the spec keeps finer than its checks.
fn loads(spec: &Spec) -> impl Iterator<Item = f64> {
    let breaking = spec.breaking_load.iter();
    breaking.flat_map(|own| [Some(own.holds_ppm), own.breaks_ppm]).flatten().map(millionths)
}

/// Unavailabilities that the spec keeps finer than its checks, in parts per million.
fn downtimes(spec: &Spec) -> impl Iterator<Item = f64> {
    let uptime = spec.uptime.iter();
    let kept = uptime.flat_map(|own| [own.request_weighted_ppb, own.at_twice_the_rates_ppb]);
    kept.map(|ppb| ppb as f64 / 1e3)
}

/// A number of a check, as fine as it stands elsewhere: a finer number that rounds to it is it.
fn refined(rough: f64, unit: CheckUnit, finer: &[f64]) -> f64 {
    let is_it = |fine: &&f64| match unit {
        CheckUnit::LoadFactor => load_permille(**fine) == load_permille(rough),
        CheckUnit::UnavailabilityPpm => available_ppm(**fine) == available_ppm(rough),
        CheckUnit::Seconds | CheckUnit::Share => false,
    };
    finer.iter().find(is_it).copied().unwrap_or(rough)
}

/// What is compared with what. Of the shares, only that of uptime is one of time, which the model
/// has as what is missing of it.
fn compared(part: &CheckPart) -> (CheckUnit, Observed, f64) {
    if let (Some(value), Some([low, high]), Some(limit)) =
        (part.observed_load_permille, part.ci95_load_permille, part.limit_load_permille)
    {
        let [value, low, high] = [value, low, high].map(|permille| permille as f64 / 1e3);
        return (CheckUnit::LoadFactor, Observed { value, low, high }, limit as f64 / 1e3);
    }
    if let (Some(value), Some([low, high]), Some(limit)) =
        (part.observed_ppm, part.ci95_ppm, part.limit_ppm)
    {
        if part.objective == "uptime" {
            let lost = |available: u64| 1e6 - available as f64;
            let observed = Observed { value: lost(value), low: lost(high), high: lost(low) };
            return (CheckUnit::UnavailabilityPpm, observed, lost(limit));
        }
        let observed = share(&Share { observed_ppm: value, ci95_ppm: [low, high] });
        return (CheckUnit::Share, observed, millionths(limit));
    }
    let read =
        Latency { observed_us: part.observed_us, ci95_us: part.ci95_us.unwrap_or([None, None]) };
    (CheckUnit::Seconds, latency(&read), seconds(part.limit_us))
}

/// Microseconds as seconds; what is not there is unbounded.
fn seconds(micros: Option<u64>) -> f64 {
    micros.map_or(f64::INFINITY, millionths)
}

fn latency(part: &Latency) -> Observed {
    let [low, high] = part.ci95_us.map(seconds);
    Observed { value: seconds(part.observed_us), low, high }
}

fn share(part: &Share) -> Observed {
    let [low, high] = part.ci95_ppm.map(millionths);
    Observed { value: millionths(part.observed_ppm), low, high }
}

fn scenario(part: &ScenarioPart) -> ScenarioResult {
    ScenarioResult {
        name: part.name.clone(),
        summary: part.summary.clone(),
        simulated: time(part.simulated_us),
        requests: part.requests,
        trials: part.trials,
        goodput: share(&part.goodput),
        recovered_after: part.recovered_after_us.map(time),
        latency: part
            .latency
            .iter()
            .filter_map(|(name, read)| Some((name.strip_prefix('p')?.parse().ok()?, latency(read))))
            .collect(),
        distribution: part.distribution.iter().map(distribution).collect(),
        utilisation: part
            .utilisation
            .iter()
            .map(|(service, read)| (service.clone(), share(read)))
            .collect(),
        refused: millionths(part.refused_ppm),
        timed_out: millionths(part.timed_out_ppm),
        retried: millionths(part.retried_ppm),
        degraded: millionths(part.degraded_ppm),
        series: part.series.iter().map(moment).collect(),
    }
}

fn distribution(part: &DistributionPart) -> Distribution {
    let points = part.points.iter().map(|point| {
        let read = Latency { observed_us: point.observed_us, ci95_us: point.ci95_us };
        DistributionPoint { above_ppm: point.above_ppm, latency: latency(&read) }
    });
    Distribution {
        class: part.class.clone(),
        requests: part.requests,
        unanswered: part.unanswered,
        points: points.collect(),
    }
}

fn moment(part: &SeriesPart) -> SeriesPoint {
    let milli = |number: u64| number as f64 / 1e3;
    SeriesPoint {
        at: time(part.at_us),
        offered: milli(part.offered_milli_rps),
        good: milli(part.good_milli_rps),
        latency_p95: match part.latency_p95_us {
            u64::MAX => f64::INFINITY,
            some => millionths(some),
        },
        replicas: milli(part.replicas_milli),
    }
}

fn curve_point(part: &CurvePoint) -> LoadCurvePoint {
    LoadCurvePoint {
        factor: millionths(part.load_ppm),
        p50: latency(&part.p50),
        p95: latency(&part.p95),
        p99: latency(&part.p99),
        goodput: share(&part.goodput),
    }
}

fn uptime(part: &UptimePart) -> UptimeResult {
    UptimeResult {
        request_weighted: unavailable(part.request_weighted_ppb),
        at_twice_the_rates: unavailable(part.at_twice_the_rates_ppb),
        structural: unavailable(part.structural_ppb),
        year_within_budget: probability(part.year_within_budget_ppm),
        degraded: unavailable(part.degraded_ppb),
        terms: part
            .terms
            .iter()
            .map(|term| (term.name.clone(), unavailable(term.unavailability_ppb)))
            .collect(),
        states: part.states,
    }
}
