//! What other users, uptimes and latencies would cost.

use domain::frontier::Standing;
use domain::study::{AskPart, PointPart, SeriesPart, SlackPart};
use domain::units::MicroDollars;

use super::{beyond, told, unbounded};
use crate::document::{Block, Cell, Figure, Sheet, Table};
use crate::figures;
use crate::plots;

/// What section 11 has of a frontier.
pub(in crate::document) fn frontier(sheet: Sheet<'_>) -> Vec<Block> {
    let Some(study) = &sheet.studies.frontier else {
        return vec![unbounded(sheet, "Cost against users, uptime and latency is not in a spec")];
    };
    let tables = study.series.iter().enumerate();
    vec![
        Block::says(format!(
            "One outcome after another takes other values while all others stay: {}, each solved \
             and simulated, none interpolated. A point is beaten where a stricter one costs no \
             more.",
            figures::counted(usize::try_from(study.designs).unwrap_or(usize::MAX), "design")
        )),
        Block::Studied(Figure {
            id: "cost-frontier",
            description: "One panel for each outcome, with the expected bill as steps: a dot for \
                each value that has a design, a ring where a stricter value costs no more, \
                hatching where there is none, and the words asked at what the intent asks for.",
            caption: format!("Seed {} · each dot is solved and simulated.", study.provenance.seed),
            plot: |_, studies| {
                studies.frontier.as_deref().map_or_else(plots::nothing_asked, plots::frontier)
            },
            file: None,
            numbers: tables.map(|(at, series)| numbers(at, series)).collect(),
            aside: false,
        }),
        Block::List(study.latency_slack.iter().map(slack).collect()),
    ]
}

fn numbers(at: usize, series: &SeriesPart) -> Table {
    let mut before: Option<MicroDollars> = None;
    let rows = series.points.iter().map(|point| {
        let cost = point.found().cost();
        let step = before.zip(cost).map(|(before, cost)| beyond(cost, before));
        before = cost.or(before);
        let asked = point.asked.then_some("ASKED");
        vec![
            value(point.ask).marked(asked),
            cost.map(Cell::dollars).unwrap_or_default(),
            step.unwrap_or_default(),
            Cell::words(standing(point)),
            told(point.found()),
        ]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let outcome = &series.outcome;
    let headings = [">value", ">USD a month", ">step", "standing", "what changes"];
    let caption = format!("Cost against {outcome}, each against the value before it");
    Table::new(&format!("frontier-{at}"), &caption, &headings, rows)
}

const fn standing(point: &PointPart) -> &'static str {
    match point.standing {
        Standing::Frontier => "on the frontier",
        Standing::Dominated => "beaten by a stricter one",
        Standing::Unreached => "not reachable",
    }
}

/// A value of an outcome with its unit.
fn value(ask: AskPart) -> Cell {
    ask.ask().map_or_else(Cell::default, |ask| Cell::figure(plots::value(ask), ask.number()))
}

/// Where a latency costs nothing, and what it costs below that.
fn slack(slack: &SlackPart) -> String {
    let time = |micros: u64| figures::time(micros as f64 / 1e6);
    let (name, asked) = (&slack.outcome, time(slack.asked_us));
    let start = match slack.free_to_us {
        Some(limit) => format!("{name}: no trade-off between {} and {asked}", time(limit)),
        None => format!("{name}: {asked} binds, a millisecond less costs more"),
    };
    let tighter = slack.tighter.iter().map(|limit| {
        let cost = limit.found().cost();
        let said = cost
            .map_or_else(|| "no design".to_owned(), |cost| beyond(cost, slack.monthly_micros).text);
        format!("at {} {said}", time(limit.limit_us))
    });
    let parts: Vec<String> = std::iter::once(start).chain(tighter).collect();
    format!("{}.", parts.join("; "))
}
