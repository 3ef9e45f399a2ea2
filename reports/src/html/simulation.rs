//! Section 7: what the simulation found: each check, each scenario, the cliff, the day, the faults.

use domain::verification::{Check, Method, Observed, ScenarioResult, SeriesPoint};
use maud::{Markup, html};

use super::page::{Cell, Figure, Table, absent, folded, list, section};
use super::visible::visible;
use super::{PageFault, Sheet, drawn, sampled};
use crate::figures::{self, UNKNOWN, decimals, percent, time, time_range};
use crate::findings;
use crate::outcomes;
use crate::plots;
use crate::proven;

/// So many moments of a course stand in a table: every one of a short one, some of a long one.
const MOMENTS: usize = 48;

pub(super) fn simulation(sheet: &Sheet<'_>) -> Result<Markup, PageFault> {
    let found = &sheet.answer.verification;
    let body = html! {
        p {
            (figures::grouped(found.requests)) " requests, seed " (found.seed) ", generator "
            (visible(found.generator)) ", " (findings::error_allowed(found)) " allowed. Demanded \
            checks decide the verdict; the others stand beside them."
        }
        (checks(sheet))
        (bounds(sheet))
        h3 { "Scenarios" }
        (scenarios(sheet))
        (percentiles(sheet))
        h3 { "How far the cliff is" }
        (cliff(sheet)?)
        h3 { "The day" }
        (day(sheet)?)
        h3 { "The worst minutes" }
        (faults(sheet)?)
    };
    Ok(section(7, "Simulation evidence", &body))
}

fn checks(sheet: &Sheet<'_>) -> Markup {
    let answer = sheet.answer;
    let rows = answer.verification.checks.iter().map(|check| {
        let show = |value: f64| outcomes::quantity(answer, check, value);
        vec![
            Cell::markup(html! { code { (visible(&check.id)) } }),
            Cell::words(if check.demanded { "yes" } else { "no" }),
            Cell::figure(&show(check.limit), check.limit),
            Cell::figure(&show(check.observed.value), check.observed.value),
            Cell::words(&interval(sheet, check)),
            Cell::verdict(Some(check.verdict)),
            Cell::count(check.trials.into()),
            Cell::count(check.requests),
        ]
    });
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
    Table::new("checks", "Checks", &headings).of(rows)
}

fn interval(sheet: &Sheet<'_>, check: &Check) -> String {
    let show = |value: f64| outcomes::quantity(sheet.answer, check, value);
    match check.method {
        Method::Exact => "exact".into(),
        Method::Sequential | Method::Fixed => {
            outcomes::sureness(check, outcomes::observed_range(sheet.answer, check), show)
        }
    }
}

/// What the model bounds, beside what was simulated.
fn bounds(sheet: &Sheet<'_>) -> Markup {
    let bounds = proven::bounds(sheet.answer);
    let told = bounds.iter().map(|bound| format!("{}: {}.", bound.sum, bound.parts.join(", ")));
    let told: Vec<String> = told.collect();
    html! {
        @if !told.is_empty() {
            p {
                "The proof form bounds each latency, however the services depend on each other: a \
                request is slower than the sum only if it is slower in one of them."
            }
            (list(&told))
        }
    }
}

fn tail(scenario: &ScenarioResult, permille: u16) -> Option<&Observed> {
    scenario.latency.iter().find(|(own, _)| *own == permille).map(|(_, observed)| observed)
}

fn scenarios(sheet: &Sheet<'_>) -> Markup {
    let rows = sheet.answer.verification.scenarios.iter().map(|scenario| {
        let busiest = scenario
            .utilisation
            .iter()
            .max_by(|left, right| left.1.value.total_cmp(&right.1.value));
        let after = scenario.recovered_after;
        vec![
            Cell::words(&scenario.name),
            Cell::words(&scenario.summary),
            Cell::figure(&figures::good(scenario.goodput.value), scenario.goodput.value),
            latency(tail(scenario, 950)),
            Cell::words(&busiest.map_or(UNKNOWN.into(), |(name, observed)| {
                format!("{name} {}", percent(observed.value, 0))
            })),
            after.map_or_else(
                || Cell::words(""),
                |after| Cell::figure(&time(after.value()), after.value()),
            ),
            Cell::count(scenario.requests),
        ]
    });
    let headings = [
        "scenario",
        "what happens",
        ">goodput",
        ">p95",
        "busiest",
        ">recovered after",
        ">requests",
    ];
    Table::new("scenarios", "Every scenario that was simulated", &headings).of(rows)
}

fn latency(observed: Option<&Observed>) -> Cell {
    observed.map_or_else(
        || Cell::words(""),
        |observed| Cell::figure(&time(observed.value), observed.value),
    )
}

/// The distribution of the latency of good requests, as far as the spec keeps it.
fn percentiles(sheet: &Sheet<'_>) -> Markup {
    let rows = sheet.answer.verification.scenarios.iter().flat_map(|scenario| {
        scenario.latency.iter().map(|(permille, observed)| {
            vec![
                Cell::words(&scenario.name),
                Cell::figure(
                    &format!("p{}", decimals(f64::from(*permille) / 10.0, 1)),
                    f64::from(*permille),
                ),
                latency(Some(observed)),
                Cell::words(&time_range(observed.low, observed.high)),
            ]
        })
    });
    let headings = ["scenario", ">percentile", ">latency", "95% interval"];
    let table = Table::new("percentiles", "Latency of good requests", &headings).of(rows);
    folded(
        "Latency distribution of every scenario",
        &html! {
            (table)
            p.quiet {
                "The objectives: "
                (visible(&objectives(sheet)))
            }
        },
    )
}

fn objectives(sheet: &Sheet<'_>) -> String {
    let all = sheet.answer.demand.objectives.latency.iter();
    let told: Vec<String> = all
        .map(|own| {
            let name = findings::objective(sheet.answer, &own.id());
            format!("{name} at most {}", time(own.limit.value()))
        })
        .collect();
    if told.is_empty() { "none of latency.".to_owned() } else { format!("{}.", told.join(", ")) }
}

fn cliff(sheet: &Sheet<'_>) -> Result<Markup, PageFault> {
    let answer = sheet.answer;
    let plot = drawn(plots::load_against_latency(answer))?;
    let said = answer.verification.breaking_load.as_ref().map(|breaking| {
        let unit = findings::load_unit(answer);
        let holds = findings::load(answer, breaking.holds);
        let then = match breaking.breaks {
            None => "no higher load was seen to break it".to_owned(),
            Some(breaks) => {
                let breaks = findings::load(answer, breaks);
                match findings::gives_in(answer, breaking) {
                    Some(what) => format!("it breaks by {breaks}, where {what}"),
                    None => format!("it breaks by {breaks}"),
                }
            }
        };
        format!("Every objective holds up to {holds} {unit}; {then}.")
    });
    Ok(html! {
        @match said {
            Some(said) => p { (visible(&said)) },
            None => (absent("The breaking load was not looked for", "plimsoll plan … --out DIR")),
        }
        @if let Some(plot) = plot {
            (Figure {
                id: "load-against-latency",
                description: "Percentiles of latency over the load, with bands for their \
                    intervals, \
                    lines at the load that was asked for and that is held, and the objectives.",
                caption: &format!("{}; bands are 95% intervals", sampled(sheet)),
            }.of(&plot, &curve(sheet)))
        }
    })
}

fn curve(sheet: &Sheet<'_>) -> Markup {
    let rows = sheet.answer.verification.load_curve.iter().map(|point| {
        vec![
            Cell::figure(&percent(point.factor, 0), point.factor),
            latency(Some(&point.p50)),
            latency(Some(&point.p95)),
            Cell::words(&time_range(point.p95.low, point.p95.high)),
            latency(Some(&point.p99)),
            Cell::figure(&figures::good(point.goodput.value), point.goodput.value),
        ]
    });
    let headings = [">load", ">p50", ">p95", "95% interval of the p95", ">p99", ">goodput"];
    Table::new("load-curve", "Latency against load", &headings).of(rows)
}

fn day(sheet: &Sheet<'_>) -> Result<Markup, PageFault> {
    let found = &sheet.answer.verification;
    let Some(day) = &found.day else {
        return Ok(absent(
            "The day was not simulated",
            "plimsoll plan … --set objectives.uptime=99.9%",
        ));
    };
    let hours: Vec<String> = day
        .instance_hours
        .iter()
        .map(|(name, hours)| format!("{name} {}", decimals(*hours, 1)))
        .collect();
    let hours = if hours.is_empty() { "none".into() } else { hours.join(", ") };
    let plot = drawn(plots::day(sheet.answer))?;
    let course = found.scenarios.iter().find(|scenario| scenario.name == "day");
    Ok(html! {
        p {
            "Over the day, instance-hours of autoscaled services: " (visible(&hours)) ". "
            (figures::some(day.request_level_share)) " of the simulated time was simulated request \
            by request; there the fluid model was off by at most " (figures::some(day.fluid_error))
            " of utilisation. The worst window answered " (figures::good(day.worst_goodput))
            " of its requests well."
        }
        @if let (Some(plot), Some(course)) = (plot, course) {
            (Figure {
                id: "day",
                description: "The load that comes over the day, and the instances that serve, over \
                    all services with an autoscaler, one above the other.",
                caption: &format!("{}; mostly by the fluid model", sampled(sheet)),
            }.of(&plot, &moments("day-numbers", "The day", &course.series)))
        }
    })
}

fn faults(sheet: &Sheet<'_>) -> Result<Markup, PageFault> {
    let answer = sheet.answer;
    let Some(plot) = drawn(plots::worst_minutes(answer))? else {
        return Ok(absent(
            "No fault was simulated",
            "plimsoll plan … --set objectives.uptime=99.9%",
        ));
    };
    let tables = plots::faulty(answer).enumerate().map(|(place, scenario)| {
        let caption = format!("Goodput over time: {}", visible(&scenario.name));
        moments(&format!("fault-{place}"), &caption, &scenario.series)
    });
    let tables: Vec<Markup> = tables.collect();
    Ok(Figure {
        id: "worst-minutes",
        description: "For each fault the part of the requests that is answered well, over the \
            seconds around it.",
        caption: &sampled(sheet),
    }
    .of(&plot, &html! { @for table in &tables { (table) } }))
}

/// A course as a table, at most so many moments of it.
fn moments(id: &str, caption: &str, series: &[SeriesPoint]) -> Markup {
    let step = series.len().div_ceil(MOMENTS).max(1);
    let rows = series.iter().step_by(step).map(|point| {
        let p95 = if point.latency_p95 > 0.0 {
            Cell::figure(&time(point.latency_p95), point.latency_p95)
        } else {
            Cell::words("")
        };
        vec![
            Cell::figure(&time(point.at.value()), point.at.value()),
            Cell::figure(&figures::number(point.offered), point.offered),
            Cell::figure(&figures::number(point.good), point.good),
            p95,
            Cell::figure(&decimals(point.replicas, 1), point.replicas),
        ]
    });
    let headings = [">at", ">requests/s that come", ">answered well", ">p95", ">instances"];
    Table::new(id, caption, &headings).of(rows)
}
