//! Checks, scenarios and the other findings as the spec keeps them.

use domain::demand::LoadReading;
use domain::plan::{
    AvailabilityTerm, AvailabilityWorking, LatencyBasis, LatencyEstimate, TailPart,
};
use domain::spec::{
    AvailabilityPart, BreakingLoadPart, CheckPart, CurvePoint, DayPart, DistributionPart,
    EstimatePart, ExceedancePart, Latency, ScenarioPart, SeriesPart, TailEvidence, Term,
    UptimePart,
};
use domain::units::Ppm;
use domain::verification::{
    BreakingLoad, Check, CheckUnit, DayResult, Distribution, LoadCurvePoint, ScenarioResult,
    SeriesPoint, UptimeResult,
};

use super::measure::{
    available_ppm, bounded_micros, latency, load_permille, micros, milli, ppb, ppm, probability,
    share,
};
use crate::findings;

pub(super) fn check(check: &Check) -> CheckPart {
    let mut part = CheckPart {
        id: check.id.clone(),
        objective: check.objective.clone(),
        scenario: check.scenario.clone(),
        demanded: check.demanded,
        observed_us: None,
        ci95_us: None,
        limit_us: None,
        observed_ppm: None,
        ci95_ppm: None,
        limit_ppm: None,
        observed_load_permille: None,
        ci95_load_permille: None,
        limit_load_permille: None,
        verdict: check.verdict,
        method: check.method,
        trials: check.trials,
        requests: check.requests,
    };
    let observed = &check.observed;
    match check.unit {
        CheckUnit::Seconds => {
            let read = latency(observed);
            part.observed_us = read.observed_us;
            part.ci95_us = Some(read.ci95_us);
            part.limit_us = bounded_micros(check.limit);
        }
        CheckUnit::Share => {
            let read = share(observed);
            part.observed_ppm = Some(read.observed_ppm);
            part.ci95_ppm = Some(read.ci95_ppm);
            part.limit_ppm = Some(ppm(check.limit));
        }
        CheckUnit::LoadFactor => {
            let ends = [observed.low, observed.high];
            part.observed_load_permille = Some(load_permille(observed.value));
            part.ci95_load_permille = Some(ends.map(load_permille));
            part.limit_load_permille = Some(load_permille(check.limit));
        }
        CheckUnit::UnavailabilityPpm => {
            // The most unavailable end is the least available one.
            let ends = [observed.high, observed.low];
            part.observed_ppm = Some(available_ppm(observed.value));
            part.ci95_ppm = Some(ends.map(available_ppm));
            part.limit_ppm = Some(available_ppm(check.limit));
        }
    }
    part
}

pub(super) fn scenario(result: &ScenarioResult) -> ScenarioPart {
    let ScenarioResult {
        name,
        summary,
        simulated,
        requests,
        trials,
        goodput,
        recovered_after,
        latency: percentiles,
        distribution,
        utilisation,
        refused,
        timed_out,
        retried,
        degraded,
        series,
    } = result;
    ScenarioPart {
        name: name.clone(),
        summary: summary.clone(),
        simulated_us: micros(*simulated),
        requests: *requests,
        trials: *trials,
        goodput: share(goodput),
        recovered_after_us: recovered_after.map(micros),
        latency: percentiles
            .iter()
            .map(|(permille, observed)| (format!("p{permille:03}"), latency(observed)))
            .collect(),
        distribution: distribution.iter().map(curve).collect(),
        utilisation: utilisation
            .iter()
            .map(|(service, observed)| (service.clone(), share(observed)))
            .collect(),
        refused_ppm: ppm(*refused),
        timed_out_ppm: ppm(*timed_out),
        retried_ppm: ppm(*retried),
        degraded_ppm: ppm(*degraded),
        series: series.iter().map(moment).collect(),
    }
}

fn curve(of: &Distribution) -> DistributionPart {
    let points = of.points.iter().map(|point| {
        let Latency { observed_us, ci95_us } = latency(&point.latency);
        ExceedancePart { above_ppm: point.above_ppm, observed_us, ci95_us }
    });
    DistributionPart {
        class: of.class.clone(),
        requests: of.requests,
        unanswered: of.unanswered,
        points: points.collect(),
    }
}

fn moment(point: &SeriesPoint) -> SeriesPart {
    SeriesPart {
        at_us: micros(point.at),
        offered_milli_rps: milli(point.offered),
        good_milli_rps: milli(point.good),
        latency_p95_us: bounded_micros(point.latency_p95).unwrap_or(u64::MAX),
        replicas_milli: milli(point.replicas),
    }
}

pub(super) fn uptime(result: &UptimeResult) -> UptimePart {
    UptimePart {
        request_weighted_ppb: ppb(result.request_weighted),
        at_twice_the_rates_ppb: ppb(result.at_twice_the_rates),
        structural_ppb: ppb(result.structural),
        year_within_budget_ppm: probability(result.year_within_budget),
        degraded_ppb: ppb(result.degraded),
        terms: result
            .terms
            .iter()
            .map(|(name, unavailability)| Term {
                name: name.clone(),
                unavailability_ppb: ppb(*unavailability),
            })
            .collect(),
        states: result.states,
    }
}

pub(super) fn breaking_load(breaking: &BreakingLoad, load: &LoadReading) -> BreakingLoadPart {
    BreakingLoadPart {
        holds_ppm: ppm(breaking.holds),
        breaks_ppm: breaking.breaks.map(ppm),
        holds_users: load.users.map(|(count, _)| findings::users_at(count, breaking.holds)),
        saturates: breaking.saturates.clone(),
    }
}

pub(super) fn curve_point(point: &LoadCurvePoint) -> CurvePoint {
    CurvePoint {
        load_ppm: ppm(point.factor),
        p50: latency(&point.p50),
        p95: latency(&point.p95),
        p99: latency(&point.p99),
        goodput: share(&point.goodput),
    }
}

pub(super) fn day(result: &DayResult) -> DayPart {
    DayPart {
        instance_hours_milli: result
            .instance_hours
            .iter()
            .map(|(service, hours)| (service.clone(), milli(*hours)))
            .collect(),
        request_level_share_ppm: ppm(result.request_level_share),
        fluid_error_ppm: ppm(result.fluid_error),
        worst_goodput_ppm: ppm(result.worst_goodput),
    }
}

pub(super) fn estimate(estimate: &LatencyEstimate) -> EstimatePart {
    let (moments, parts) = match &estimate.basis {
        LatencyBasis::Moment { mean, deviation } => (Some((*mean, *deviation)), Vec::new()),
        LatencyBasis::Proof(parts) => (None, parts.iter().map(tail).collect()),
    };
    EstimatePart {
        objective: estimate.objective.clone(),
        state: estimate.state.clone(),
        form: estimate.basis.form(),
        mean_us: moments.map(|(mean, _)| micros(mean)),
        deviation_us: moments.map(|(_, deviation)| micros(deviation)),
        parts,
        percentile_us: micros(estimate.percentile),
        limit_us: micros(estimate.limit),
    }
}

fn tail(part: &TailPart) -> TailEvidence {
    TailEvidence {
        service: part.service.clone(),
        quantile_us: micros(part.quantile),
        share_ppb: ppb(Ppm::of(part.share.value() * 1e6)),
    }
}

pub(super) fn availability(working: &AvailabilityWorking) -> AvailabilityPart {
    let term = |term: &AvailabilityTerm| Term {
        name: term.name.clone(),
        unavailability_ppb: ppb(term.ppm),
    };
    AvailabilityPart {
        terms: working.terms.iter().map(term).collect(),
        total_ppb: ppb(working.total),
        sla_composition_ppb: working.sla_composition.map(ppb),
        sla_unknown: working.sla_unknown.clone(),
        survives_zone_loss: working.survives_zone_loss,
    }
}
