//! What outcomes cost against each other: one table for each, and where a latency is free.

use domain::design::{Ask, Design, Found};
use domain::frontier::{Frontier, Growth, Point, Series, Slack};
use domain::units::MicroDollars;

use super::Style;
use super::screen::{COLUMNS, Colour, Column, Screen, wrapped_table};
use crate::differences;
use crate::figures::{self, UNKNOWN, beyond, whole_dollars};
use crate::safe;

/// The widest bar.
const BAR: f64 = 10.0;

/// The least columns of what stands behind the numbers of a point.
const REMARK: usize = 30;

/// Designs by what they are asked for.
pub fn frontier(frontier: &Frontier, style: Style, elapsed: Option<&str>) -> String {
    let mut screen = Screen::new(style);
    head(&mut screen, frontier, elapsed);
    for series in &frontier.series {
        screen.blank();
        rows(&mut screen, frontier, series, style);
    }
    screen.blank();
    for slack in &frontier.slack {
        for line in safe::wrapped(&style.text(&free(slack)), COLUMNS - 1, style.cut()) {
            screen.line(&format!(" {line}"));
        }
    }
    if let Some(growth) = &frontier.growth {
        for line in safe::wrapped(&style.text(&grown(growth)), COLUMNS - 1, style.cut()) {
            screen.line(&format!(" {line}"));
        }
    }
    screen.line(" next: --csv, --json, --plot frontier.svg");
    screen.finish()
}

/// The first line alone.
pub fn frontier_line(frontier: &Frontier, style: Style) -> String {
    let mut screen = Screen::unbounded(Style { colour: false, ..style });
    head(&mut screen, frontier, None);
    screen.finish()
}

fn head(screen: &mut Screen, frontier: &Frontier, elapsed: Option<&str>) {
    let time = elapsed.map_or_else(String::new, |elapsed| format!(" · {elapsed}"));
    let line = match frontier.designs() {
        0 => "FRONTIER  no design at any of these values".to_owned(),
        1 => "FRONTIER  1 design, solved and simulated".to_owned(),
        count => format!("FRONTIER  {count} designs, none dominated, each solved and simulated"),
    };
    let reached = frontier.is_reached();
    let line = match frontier.designs() {
        0 => line,
        _ if reached => line,
        _ => format!("{line}; none for what was asked"),
    };
    let colour = if reached { Colour::Green } else { Colour::Red };
    screen.sentence(&format!("{line}{time}"), colour);
}

fn rows(screen: &mut Screen, frontier: &Frontier, series: &Series, style: Style) {
    let of_load = series.points.iter().any(|point| is_load(point.ask));
    let columns = [
        (series.name.as_str(), "$/month"),
        if of_load { (per_unit(series), "") } else { ("step", "what changes") },
    ];
    let heading: Vec<String> = columns
        .iter()
        .flat_map(|(one, other)| [(*one).to_owned(), (*other).to_owned()])
        .chain([String::new()])
        .collect();
    let mut cells = vec![heading];
    let dearest = series.points.iter().filter_map(unit_cost).max();
    let mut before: Option<&Design> = None;
    for point in &series.points {
        let (third, fourth) = match (&point.found, of_load) {
            (Found::Nothing(reason), _) => (String::new(), format!("not reachable: {reason}")),
            (Found::Design(_), true) => unit_figures(point, dearest),
            (Found::Design(design), false) => step(frontier, before, design),
        };
        let cost = point.found.cost().map_or(UNKNOWN.to_owned(), whole_dollars);
        let asked = if point.asked { "◀ asked" } else { "" };
        cells.push(vec![label(point.ask), cost, third, fourth, asked.to_owned()]);
        before = point.found.design().or(before);
    }
    let ends = [false, true, true, false, false];
    // What changes takes the room that the others leave, on as many lines as it needs.
    let mut most = [24, 12, 14, REMARK, 8];
    let widest = |place: usize| {
        let cells = cells.iter().map(|row| safe::width(&style.text(&row[place])));
        cells.max().unwrap_or(0).min(most[place])
    };
    let others: usize = [0, 1, 2, 4].into_iter().map(widest).sum();
    most[3] = COLUMNS.saturating_sub(2 + 2 * ends.len() - 2 + others).max(REMARK);
    let columns: Vec<Column> =
        most.into_iter().zip(ends).map(|(most, ends)| Column { most, ends }).collect();
    for line in wrapped_table(&cells, &columns, style).iter().flatten() {
        screen.line(&format!("  {line}"));
    }
}

const fn is_load(ask: Ask) -> bool {
    matches!(ask, Ask::Users(_) | Ask::Rate(_))
}

fn per_unit(series: &Series) -> &'static str {
    match series.points.first().map(|point| point.ask) {
        Some(Ask::Rate(_)) => "$ per 1k req/s",
        _ => "$ per 1k users",
    }
}

/// What a thousand users or requests a second cost, in whole dollars.
fn unit_cost(point: &Point) -> Option<u64> {
    let cost = point.found.cost()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and no cost is negative"
    )]
    let whole = (cost.dollars() * 1e3 / point.ask.number().max(1e-9)).round() as u64;
    Some(whole)
}

fn unit_figures(point: &Point, dearest: Option<u64>) -> (String, String) {
    let (Some(own), Some(most)) = (unit_cost(point), dearest) else {
        return (UNKNOWN.to_owned(), String::new());
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part of the widest bar"
    )]
    let bar = (own as f64 / most.max(1) as f64 * BAR).round() as usize;
    (figures::grouped(own), "▇".repeat(bar))
}

/// What a point costs more than the one before it, and what differs.
fn step(frontier: &Frontier, before: Option<&Design>, design: &Design) -> (String, String) {
    let Some(before) = before else {
        let whole = differences::whole(&frontier.demand, &design.plan.topology);
        return (UNKNOWN.to_owned(), whole.join(", "));
    };
    let margin = design.cost() - before.cost();
    let changes = differences::changes(&frontier.demand, before, design);
    let said = match (changes.is_empty(), margin.micros()) {
        (true, 0) => "free: same design".to_owned(),
        (true, _) => "same machines at another price".to_owned(),
        (false, 0) => format!("free: {}", changes.join(", ")),
        (false, _) => changes.join(", "),
    };
    let step = if margin.micros() == 0 {
        "0".to_owned()
    } else {
        bare(&beyond(design.cost(), before.cost()))
    };
    (step, said)
}

/// `+447` for `+$447`.
fn bare(change: &str) -> String {
    change.replace('$', "")
}

/// A value as its table says it.
pub(super) fn label(ask: Ask) -> String {
    match ask {
        Ask::Users(count) => figures::grouped(count),
        Ask::Rate(rate) => format!("{}/s", figures::number(rate.value())),
        Ask::Uptime(uptime) => uptime.to_string(),
        Ask::Latency(limit) => figures::time(limit.value()),
    }
}

/// Where a latency costs nothing, and what it costs below that.
fn free(slack: &Slack) -> String {
    let time = |seconds: domain::units::Seconds| figures::time(seconds.value());
    let name = slack.name.strip_suffix(" p95").unwrap_or(&slack.name);
    let start = match slack.free_to {
        Some(limit) => {
            format!("{name}: no trade-off between {} and {}", time(limit), time(slack.asked))
        }
        None => format!("{name}: {} binds, 1 ms less costs more", time(slack.asked)),
    };
    let tighter: Vec<String> = slack
        .tighter
        .iter()
        .map(|(limit, found)| format!("at {} {}", time(*limit), priced(found, slack.cost)))
        .collect();
    match tighter.as_slice() {
        [] => start,
        tighter => format!("{start}; {}", tighter.join(", ")),
    }
}

/// What the load takes at the end of its growth, and the months in which the bill changes.
fn grown(growth: &Growth) -> String {
    let rate = figures::percent(growth.monthly.value(), 2);
    let mut parts: Vec<String> = Vec::new();
    let mut before: Option<MicroDollars> = None;
    for month in &growth.months {
        let cost = month.found.cost();
        if month.month > 0 && cost != before {
            let load = label(month.load);
            let cost = cost.map_or_else(|| "no design".to_owned(), figures::dollars);
            parts.push(format!("in month {} ({load}) {cost}", month.month));
        }
        before = cost;
    }
    let steps = match parts.as_slice() {
        [] => "the bill stays as it is for a year".to_owned(),
        parts => parts.join(", "),
    };
    format!("growth {rate} a month: {steps}")
}

fn priced(found: &Found, cost: MicroDollars) -> String {
    found.cost().map_or_else(|| "no design".to_owned(), |own| beyond(own, cost))
}
