//! Sections 6 and 7: how availability adds up, and what the simulation found.

use domain::outcome::Answer;
use domain::units::Ppm;
use domain::verification::{Check, LoadCurvePoint, Method, Observed, ScenarioResult};

use super::page::Page;
use super::verdict_word;
use crate::figures::{self, UNKNOWN, decimals, percent, time, time_range};
use crate::findings;
use crate::outcomes;
use crate::plots;
use crate::proven;
use crate::safe;

/// Minutes of a year of 365 days.
const MINUTES: f64 = 525_600.0;

pub(super) fn availability(page: &mut Page, answer: &Answer) {
    page.section(6, "Availability working");
    let working = &answer.plan.availability;
    page.says(
        "A mean over many years. The failure rates behind it are mostly judgement (section 2); a \
         zone's outage is one event for all services in it.",
    );
    if let Some(hours) = &answer.demand.hours {
        page.says(&format!("Only the hours {hours} count: outside them nothing is promised."));
    }
    let row = |name: &str, ppm: Ppm| {
        let minutes = ppm.value() / 1e6 * MINUTES * answer.demand.open_share();
        vec![name.to_owned(), decimals(ppm.value(), 1), decimals(minutes, 1)]
    };
    let mut rows: Vec<Vec<String>> =
        working.terms.iter().map(|term| row(&term.name, term.ppm)).collect();
    rows.push(row("sum", working.total));
    page.table(&["cause, by the model", ">ppm", ">minutes a year"], &rows);
    if let Some(uptime) = &answer.verification.uptime {
        let mut rows: Vec<Vec<String>> =
            uptime.terms.iter().map(|(name, ppm)| row(name, *ppm)).collect();
        rows.push(row("weighted by requests", uptime.request_weighted));
        rows.push(row("the same at twice the failure rates", uptime.at_twice_the_rates));
        rows.push(row("time in which the objectives do not hold at peak", uptime.structural));
        page.table(&["cause, with simulated goodput", ">ppm", ">minutes a year"], &rows);
        page.says(&format!(
            "Exact enumeration of {} states. A year stays within its error budget with probability \
             {}.",
            uptime.states,
            percent(uptime.year_within_budget.value(), 1)
        ));
    } else {
        page.says(
            "No uptime was simulated: `plimsoll plan … --set objectives.uptime=99.9%` adds it.",
        );
    }
    page.list(&agreements(answer));
}

fn agreements(answer: &Answer) -> Vec<String> {
    let working = &answer.plan.availability;
    let composed = working.sla_composition.map(|ppm| {
        let composed = figures::availability(ppm.value());
        format!("The published agreements compose to {composed}; no plan is made from them.")
    });
    let unknown: Vec<String> =
        working.sla_unknown.iter().map(|each| safe::markdown(each)).collect();
    let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
    let unknown = (!unknown.is_empty())
        .then(|| format!("No agreement is known for {}.", findings::listed(&unknown)));
    let lost = if working.survives_zone_loss {
        "What is left of any zone's loss carries the peak."
    } else {
        "What is left of a zone's loss does not carry the peak."
    };
    composed.into_iter().chain(unknown).chain([lost.to_owned()]).collect()
}

pub(super) fn simulation(page: &mut Page, answer: &Answer) {
    page.section(7, "Simulation evidence");
    let verification = &answer.verification;
    page.says(&format!(
        "{} requests, seed {}, generator {}. Demanded checks decide the verdict; the others stand \
         beside them.",
        figures::grouped(verification.requests),
        verification.seed,
        verification.generator
    ));
    let rows = verification.checks.iter().map(|each| check(answer, each));
    let headings = [
        "check",
        "demanded",
        ">objective",
        ">observed",
        "95% interval",
        "verdict",
        ">trials",
        ">requests",
    ];
    page.table(&headings, &rows.collect::<Vec<_>>());
    proven(page, answer);
    scenarios(page, &verification.scenarios);
    breaking(page, answer);
    day(page, answer);
}

/// What the model bounds, beside what was simulated.
fn proven(page: &mut Page, answer: &Answer) {
    let bounds = proven::bounds(answer);
    if bounds.is_empty() {
        return;
    }
    page.says(
        "The proof form bounds each latency, however the services depend on each other: a request \
         is slower than the sum only if it is slower in one of them.",
    );
    let told = |bound: &proven::Bound| {
        let parts: Vec<String> = bound.parts.iter().map(|part| safe::markdown(part)).collect();
        format!("{}: {}.", safe::markdown(&bound.sum), parts.join(", "))
    };
    page.list(&bounds.iter().map(told).collect::<Vec<_>>());
}

fn check(answer: &Answer, check: &Check) -> Vec<String> {
    let show = |value: f64| outcomes::quantity(answer, check, value);
    vec![
        check.id.clone(),
        if check.demanded { "yes" } else { "no" }.into(),
        show(check.limit),
        show(check.observed.value),
        match check.method {
            Method::Exact => "exact".into(),
            Method::Sequential | Method::Fixed => {
                outcomes::sureness(check, outcomes::observed_range(answer, check), show)
            }
        },
        verdict_word(check.verdict).into(),
        check.trials.to_string(),
        figures::grouped(check.requests),
    ]
}

fn scenarios(page: &mut Page, scenarios: &[ScenarioResult]) {
    let rows = scenarios.iter().map(|scenario| {
        let mut tails = scenario.latency.iter();
        let tail = tails.find(|(permille, _)| *permille == 950);
        let busiest = scenario
            .utilisation
            .iter()
            .max_by(|left, right| left.1.value.total_cmp(&right.1.value));
        vec![
            scenario.name.clone(),
            scenario.summary.clone(),
            figures::good(scenario.goodput.value),
            tail.map_or(UNKNOWN.into(), |(_, observed)| time(observed.value)),
            busiest.map_or(UNKNOWN.into(), |(name, observed)| {
                format!("{name} {}", percent(observed.value, 0))
            }),
            scenario.recovered_after.map_or(UNKNOWN.into(), |after| time(after.value())),
        ]
    });
    let headings = ["scenario", "what happens", ">goodput", ">p95", "busiest", ">recovered after"];
    page.table(&headings, &rows.collect::<Vec<_>>());
}

fn breaking(page: &mut Page, answer: &Answer) {
    match &answer.verification.breaking_load {
        None => {
            page.says("The breaking load was not looked for: `plimsoll plan … --out DIR` adds it.");
        }
        Some(breaking) => {
            let unit = findings::load_unit(answer);
            let holds = findings::load(answer, breaking.holds);
            let then = match breaking.breaks {
                None => "no higher load was seen to break it".to_owned(),
                Some(breaks) => {
                    let breaks = findings::load(answer, breaks);
                    match findings::gives_in(answer, breaking) {
                        Some(what) => {
                            format!("it breaks by {breaks}, where {}", safe::markdown(&what))
                        }
                        None => format!("it breaks by {breaks}"),
                    }
                }
            };
            page.says(&format!("Every objective holds up to {holds} {unit}; {then}."));
        }
    }
    let curve = &answer.verification.load_curve;
    if !curve.is_empty() {
        page.picture("Latency against load", plots::LOAD_AGAINST_LATENCY_FILE);
    }
    let rows = curve.iter().map(curve_row);
    let headings = [">load", ">p50", ">p95", "p95 interval", ">p99", ">goodput"];
    page.table(&headings, &rows.collect::<Vec<_>>());
}

fn curve_row(point: &LoadCurvePoint) -> Vec<String> {
    let seen = |observed: &Observed| time(observed.value);
    vec![
        percent(point.factor, 0),
        seen(&point.p50),
        seen(&point.p95),
        time_range(point.p95.low, point.p95.high),
        seen(&point.p99),
        figures::good(point.goodput.value),
    ]
}

fn day(page: &mut Page, answer: &Answer) {
    let Some(day) = &answer.verification.day else {
        return page.says("The day was not simulated: an uptime of 99.9% or more demands it.");
    };
    let hours: Vec<String> = day
        .instance_hours
        .iter()
        .map(|(name, hours)| format!("{} {}", safe::markdown(name), decimals(*hours, 1)))
        .collect();
    let hours = if hours.is_empty() { "none".into() } else { hours.join(", ") };
    page.says(&format!(
        "Over the day, instance-hours of autoscaled services: {hours}. {} of the simulated time \
         was simulated request by request; there the fluid model was off by at most {} of \
         utilisation. The worst window answered {} of its requests well.",
        figures::some(day.request_level_share),
        figures::some(day.fluid_error),
        figures::good(day.worst_goodput)
    ));
}
