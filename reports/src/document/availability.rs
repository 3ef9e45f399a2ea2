//! Section 6: how availability adds up: what stands in series, what in parallel, and each cause.

use domain::outcome::Answer;
use domain::spec::{FaultsPart, OutagePart, RedundancyPart, ServicePart};
use domain::units::Ppm;
use domain::verification::UptimeResult;

use super::{Block, Cell, Figure, Sheet, Span, Table, micros, sampled};
use crate::figures::{self, percent, time};
use crate::findings;
use crate::plots::{self, minutes_a_year};

pub(super) fn availability(sheet: Sheet<'_>) -> Vec<Block> {
    let answer = sheet.answer;
    let working = &answer.plan.availability;
    let mut model: Vec<(&str, Ppm)> =
        working.terms.iter().map(|term| (term.name.as_str(), term.ppm)).collect();
    model.push(("sum", working.total));
    let mut blocks = vec![Block::Says(vec![
        "A mean over many years. The failure rates behind it are mostly judgement (".into(),
        Span::Section(2),
        "); a zone's outage is one event for all services in it.".into(),
    ])];
    blocks.extend(answer.demand.hours.as_ref().map(|hours| {
        Block::says(format!("Only the hours {hours} count: outside them nothing is promised."))
    }));
    blocks.extend([
        Block::Heading("In series and in parallel"),
        Block::says("A request is answered while every one of these serves:"),
        Block::List(structures(sheet)),
        Block::Table(causes(answer, "causes", "Causes, by the model", &model)),
    ]);
    match &answer.verification.uptime {
        Some(uptime) => blocks.extend([
            Block::Figure(simulated(sheet, uptime)),
            Block::says(format!(
                "Exact enumeration of {} states, weighted by the requests served in each. A year \
                 stays within its error budget with probability {}.",
                uptime.states,
                percent(uptime.year_within_budget.value(), 1)
            )),
        ]),
        None => blocks.push(Block::Absent(
            "No uptime was simulated",
            "plimsoll plan … --set objectives.uptime=99.9%",
        )),
    }
    blocks.push(Block::List(agreements(answer)));
    let summary = "The failure rates behind it".to_owned();
    blocks.push(Block::Folded(summary, rates(&sheet.spec.demand.faults)));
    blocks
}

/// How each service survives, and what is served without some of them.
fn structures(sheet: Sheet<'_>) -> Vec<String> {
    let demand = &sheet.answer.demand;
    let degrades = demand.services.iter().flat_map(|service| {
        service.degrades.iter().map(|own| {
            let missing = &demand.service(own.without).name;
            let (name, serve) = (&service.name, own.serve.said());
            format!(
                "{name}: while {missing} is down it answers with {serve}; such answers count as \
                 served."
            )
        })
    });
    sheet.spec.services.iter().map(structure).chain(degrades).collect()
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
            let within = time(micros(failover_us));
            format!("{name}: {count} in {zones}; a copy takes over within {within}.")
        }
        RedundancyPart::Single {} => format!("{name}: one, without a copy."),
    }
}

fn causes(answer: &Answer, id: &str, caption: &str, terms: &[(&str, Ppm)]) -> Table {
    let rows = terms.iter().map(|(name, ppm)| {
        let minutes = minutes_a_year(answer, *ppm);
        vec![Cell::words(name), Cell::number(ppm.value(), 1), Cell::number(minutes, 1)]
    });
    Table::new(id, caption, &["cause", ">ppm", ">minutes a year"], rows)
}

fn simulated(sheet: Sheet<'_>, uptime: &UptimeResult) -> Figure {
    let answer = sheet.answer;
    let mut terms: Vec<(&str, Ppm)> =
        uptime.terms.iter().map(|(name, ppm)| (name.as_str(), *ppm)).collect();
    terms.push(("weighted by requests", uptime.request_weighted));
    terms.push(("the same at twice the failure rates", uptime.at_twice_the_rates));
    terms.push(("time in which the objectives do not hold at peak", uptime.structural));
    if uptime.degraded.value() > 0.0 {
        terms.push(("served, but without something that is down", uptime.degraded));
    }
    if let Some(objective) = answer.demand.objectives.uptime {
        terms.push(("what the objective allows", objective.error_budget()));
    }
    let caption = "Causes, with simulated goodput";
    Figure {
        id: "error-budget",
        description: "A waterfall of the minutes a year that each cause takes, up to their sum, \
            against the minutes that the objective allows.",
        caption: sampled(sheet),
        plot: plots::error_budget,
        file: None,
        numbers: vec![causes(answer, "error-budget-numbers", caption, &terms)],
        aside: false,
    }
}

fn agreements(answer: &Answer) -> Vec<String> {
    let working = &answer.plan.availability;
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

fn rates(faults: &FaultsPart) -> Vec<Block> {
    let change = &faults.change;
    let row = |(event, micro_per_year, duration_us): (&str, u64, u64)| {
        let yearly = micro_per_year as f64 / 1e6;
        vec![
            Cell::words(event),
            Cell::figure(figures::number(yearly), yearly),
            Cell::time(micros(duration_us)),
        ]
    };
    let outage = |event, own: OutagePart| row((event, own.micro_per_year, own.duration_us));
    let (sql, cache) = (&faults.sql_failover, &faults.cache_failover);
    let rows = [
        outage("an instance fails", faults.instance),
        outage("a zone fails", faults.zone),
        outage("the region fails", faults.region),
        outage("a database without a standby fails", faults.sql_single),
        outage("a database without a standby is maintained", faults.sql_maintenance),
        row(("a database's standby takes over", sql.micro_per_year, sql.duration_us)),
        row(("a cache's copy takes over", cache.micro_per_year, cache.duration_us)),
        row(("a release", change.micro_per_year, change.duration_us)),
    ];
    let share = |ppm: u64| percent(ppm as f64 / 1e6, 2);
    vec![
        Block::table("rates", "Failure rates", &["event", ">a year", ">lasts"], rows),
        Block::says(format!(
            "{} of the releases fail, and hit {} of the requests until they are taken back.",
            share(change.failing_ppm),
            share(change.reach_ppm)
        )),
    ]
}
