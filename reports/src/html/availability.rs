//! Section 6: how availability adds up: what stands in series, what in parallel, and each cause.

use domain::spec::{OutagePart, RedundancyPart, ServicePart};
use domain::units::Ppm;
use maud::{Markup, html};

use super::design::micros;
use super::page::{Cell, Figure, Table, absent, folded, list, section};
use super::{PageFault, Sheet, drawn, sampled};
use crate::figures::{self, decimals, percent};
use crate::findings;
use crate::plots::{self, minutes_a_year};

pub(super) fn availability(sheet: &Sheet<'_>) -> Result<Markup, PageFault> {
    let answer = sheet.answer;
    let plot = drawn(plots::error_budget(answer))?;
    let working = &answer.plan.availability;
    let mut model: Vec<(&str, Ppm)> =
        working.terms.iter().map(|term| (term.name.as_str(), term.ppm)).collect();
    model.push(("sum", working.total));
    let body = html! {
        p {
            "A mean over many years. The failure rates behind it are mostly judgement ("
            a href="#s2" { "section 2" } "); a zone's outage is one event for all services in it."
        }
        @if let Some(hours) = &answer.demand.hours {
            p { "Only the hours " (hours) " count: outside them nothing is promised." }
        }
        h3 { "In series and in parallel" }
        p { "A request is answered while every one of these serves:" }
        (list(&sheet.spec.services.iter().map(structure).collect::<Vec<_>>()))
        (causes(sheet, "causes", "Causes, by the model", &model))
        @if let Some(uptime) = &answer.verification.uptime {
            @let caption = format!(
                "Exact enumeration of {} states, weighted by the requests served in each; {}",
                uptime.states, sampled(sheet)
            );
            @if let Some(plot) = plot {
                (Figure {
                    id: "error-budget",
                    description: "A waterfall of the minutes a year that each cause takes, up to \
                        their sum, against the minutes that the objective allows.",
                    caption: &caption,
                }.of(&plot, &simulated(sheet, "error-budget-numbers")))
            } @else {
                (simulated(sheet, "uptime"))
                p { (caption) "." }
            }
            p {
                "A year stays within its error budget with probability "
                (percent(uptime.year_within_budget.value(), 1)) "."
            }
        } @else {
            (absent("No uptime was simulated", "plimsoll plan … --set objectives.uptime=99.9%"))
        }
        (list(&agreements(sheet)))
        (folded("The failure rates behind it", &rates(sheet)))
    };
    Ok(section(6, "Availability working", &body))
}

/// How a service survives, or not.
fn structure(service: &ServicePart) -> String {
    let name = &service.name;
    let Some(replicas) = &service.replicas else {
        return format!("{name}: run by the provider in every zone.");
    };
    let count = replicas.peak;
    let zones = replicas.per_zone.values().filter(|count| **count > 0).count();
    let zones = figures::counted(zones, "zone");
    match service.redundancy {
        RedundancyPart::Active {} => {
            format!("{name}: {count} in parallel in {zones}; what is left of them serves.")
        }
        RedundancyPart::Standby { failover_us } => {
            let time = micros(failover_us);
            format!("{name}: {count} in {zones}; a copy takes over within {time}.")
        }
        RedundancyPart::Single {} => format!("{name}: one, without a copy."),
    }
}

fn causes(sheet: &Sheet<'_>, id: &str, caption: &str, terms: &[(&str, Ppm)]) -> Markup {
    let rows = terms.iter().map(|(name, ppm)| {
        let minutes = minutes_a_year(sheet.answer, *ppm);
        vec![
            Cell::words(name),
            Cell::figure(&decimals(ppm.value(), 1), ppm.value()),
            Cell::figure(&decimals(minutes, 1), minutes),
        ]
    });
    Table::new(id, caption, &["cause", ">ppm", ">minutes a year"]).of(rows)
}

fn simulated(sheet: &Sheet<'_>, id: &str) -> Markup {
    let Some(uptime) = &sheet.answer.verification.uptime else { return Markup::default() };
    let mut terms: Vec<(&str, Ppm)> =
        uptime.terms.iter().map(|(name, ppm)| (name.as_str(), *ppm)).collect();
    terms.push(("weighted by requests", uptime.request_weighted));
    terms.push(("the same at twice the failure rates", uptime.at_twice_the_rates));
    terms.push(("time in which the objectives do not hold at peak", uptime.structural));
    if let Some(objective) = sheet.answer.demand.objectives.uptime {
        terms.push(("what the objective allows", objective.error_budget()));
    }
    causes(sheet, id, "Causes, with simulated goodput", &terms)
}

fn agreements(sheet: &Sheet<'_>) -> Vec<String> {
    let working = &sheet.answer.plan.availability;
    let composed = working.sla_composition.map(|ppm| {
        let composed = figures::availability(ppm.value());
        format!("The published agreements compose to {composed}; no plan is made from them.")
    });
    let unknown: Vec<&str> = working.sla_unknown.iter().map(String::as_str).collect();
    let unknown = (!unknown.is_empty())
        .then(|| format!("No agreement is known for {}.", findings::listed(&unknown)));
    let lost = if working.survives_zone_loss {
        "What is left of any zone's loss carries the peak."
    } else {
        "What is left of a zone's loss does not carry the peak."
    };
    composed.into_iter().chain(unknown).chain([lost.to_owned()]).collect()
}

fn rates(sheet: &Sheet<'_>) -> Markup {
    let faults = &sheet.spec.demand.faults;
    let outages = [
        ("an instance fails", faults.instance),
        ("a zone fails", faults.zone),
        ("the region fails", faults.region),
        ("a database without a standby fails", faults.sql_single),
        ("a database without a standby is maintained", faults.sql_maintenance),
        (
            "a database's standby takes over",
            OutagePart {
                micro_per_year: faults.sql_failover.micro_per_year,
                duration_us: faults.sql_failover.duration_us,
            },
        ),
        (
            "a cache's copy takes over",
            OutagePart {
                micro_per_year: faults.cache_failover.micro_per_year,
                duration_us: faults.cache_failover.duration_us,
            },
        ),
        (
            "a release",
            OutagePart {
                micro_per_year: faults.change.micro_per_year,
                duration_us: faults.change.duration_us,
            },
        ),
    ];
    let rows = outages.into_iter().map(|(name, outage)| {
        let yearly = outage.micro_per_year as f64 / 1e6;
        vec![
            Cell::words(name),
            Cell::figure(&figures::number(yearly), yearly),
            Cell::figure(&micros(outage.duration_us), outage.duration_us as f64),
        ]
    });
    let failing = percent(faults.change.failing_ppm as f64 / 1e6, 2);
    let reach = percent(faults.change.reach_ppm as f64 / 1e6, 2);
    html! {
        (Table::new("rates", "Failure rates", &["event", ">a year", ">lasts"]).of(rows))
        p {
            (failing) " of the releases fail, and hit " (reach) " of the requests until they are \
            taken back."
        }
    }
}
