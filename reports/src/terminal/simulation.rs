//! What a simulation of a model showed, on a terminal: the verdict first, then a table of all
//! requests, of each class and of each station, every figure with half of its interval below it.

use std::fmt::Write as _;

use domain::simulation::{Effort, Figure, Finding, Percentiles, Requests, Simulation};

use super::{Style, remarks};
use crate::figures;
use crate::safe;

/// Stations and classes that are shown; the rest stands in the document.
pub(super) const SHOWN: usize = 20;
/// Columns of the first column, with its gap.
const NAMES: usize = 16;
/// Columns of every other one, with at least one of them free: no figure takes more than nine.
const COLUMN: usize = 10;

/// What a figure counts.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    Time,
    Rate,
    Number,
    Share,
}

/// A table under one head.
struct Table {
    head: Vec<&'static str>,
    units: Vec<Unit>,
    rows: Vec<(String, Vec<Option<Figure>>)>,
}

/// The whole screen.
pub fn simulation(simulation: &Simulation, style: Style, elapsed: Option<&str>) -> String {
    let mut screen = simulation_line(simulation, style);
    if let Some(requests) = &simulation.requests {
        let tables = [all(requests), classes(simulation), stations(simulation)];
        for table in tables.iter().filter(|table| !table.rows.is_empty()) {
            screen.push('\n');
            table.write(&mut screen, style);
        }
        remarks::remarks(simulation, &mut screen, style);
    }
    let effort = simulation.effort;
    let mut footer = format!("{}; seed {}", spent(&effort), simulation.seed);
    if let Some(elapsed) = elapsed {
        let _ = write!(footer, "; {elapsed}");
    }
    let _ = writeln!(screen, "\n {}", shown(&footer, style));
    screen
}

/// The verdict alone.
pub fn simulation_line(simulation: &Simulation, style: Style) -> String {
    let asked = percent(simulation.effort.precision_asked);
    let requests = simulation.requests.as_ref();
    let (which, response) = match simulation.heavy_tail {
        None => ("mean", requests.and_then(|requests| requests.response)),
        Some(_) => ("median", requests.and_then(|requests| requests.percentiles.p50)),
    };
    let response = match response {
        Some(response) => format!(
            "{which} response time {}, {} with 95% confidence",
            value(response.value, Unit::Time),
            between(response, Unit::Time)
        ),
        None => "no request was answered".to_owned(),
    };
    let line = match &simulation.finding {
        Finding::Reached { precision } => {
            format!("SETTLED    {response} (\u{b1}{}, {asked} asked)", percent(*precision))
        }
        Finding::NotReached { precision: Some(precision) } => format!(
            "UNSETTLED  {response} (\u{b1}{}; the limit came before the {asked} asked)",
            percent(*precision)
        ),
        Finding::NotReached { precision: None } => format!("UNSETTLED  {response}"),
        Finding::Unstable { station, utilisation, growth } => {
            let grows = format!(
                "UNSTABLE   the number in the system grows by {} requests a second ({})",
                value(growth.value, Unit::Number),
                between(*growth, Unit::Number)
            );
            match (station, utilisation) {
                (Some(station), Some(share)) if *share < 10.0 => {
                    format!("{grows}: {station} has {} of the work that it can do", percent(*share))
                }
                (Some(station), Some(share)) if share.is_finite() => format!(
                    "{grows}: {station} has {} times the work that it can do",
                    digits(*share)
                ),
                (Some(station), _) => format!("{grows}: {station} can do no work at all"),
                _ => format!(
                    "{grows}: with what is repeated, missed or waits for a connection, more is \
                     asked for than can be served"
                ),
            }
        }
        Finding::Idle => "IDLE       no request ever comes".to_owned(),
    };
    format!("{}\n", shown(&line, style))
}

fn all(requests: &Requests) -> Table {
    let Percentiles { p50, p95, p99 } = requests.percentiles;
    let mut table = Table {
        head: vec!["response", "p50", "p95", "p99", "offered", "answered", "in system", "lost"],
        units: vec![
            Unit::Time,
            Unit::Time,
            Unit::Time,
            Unit::Time,
            Unit::Rate,
            Unit::Rate,
            Unit::Number,
            Unit::Share,
        ],
        rows: Vec::new(),
    };
    let mut row = vec![
        requests.response,
        p50,
        p95,
        p99,
        requests.offered,
        requests.throughput,
        requests.in_system,
        requests.lost,
    ];
    let attempts = [("timed out", requests.timed_out), ("retried", requests.retried)];
    for (head, figure) in attempts {
        if happens(figure) && table.head.len() < 8 + attempts.len() {
            table.head.push(head);
            table.units.push(Unit::Share);
            row.push(figure);
        }
    }
    // What is retried says more than what is inside, and there is room for eight columns.
    while table.head.len() > 8 {
        let inside = table.head.iter().position(|head| ["in system", "offered"].contains(head));
        let Some(inside) = inside else { break };
        table.head.remove(inside);
        table.units.remove(inside);
        row.remove(inside);
    }
    table.rows.push(("all requests".to_owned(), row));
    table
}

fn classes(simulation: &Simulation) -> Table {
    let row = |class: &domain::simulation::ClassFigures| {
        let Percentiles { p50, p95, p99 } = class.percentiles;
        (class.name.clone(), vec![class.response, p50, p95, p99, class.lost])
    };
    Table {
        head: vec!["response", "p50", "p95", "p99", "lost"],
        units: vec![Unit::Time, Unit::Time, Unit::Time, Unit::Time, Unit::Share],
        rows: simulation.classes.iter().take(SHOWN).map(row).collect(),
    }
}

fn stations(simulation: &Simulation) -> Table {
    let lost = |station: &domain::simulation::StationFigures| {
        [("refused", station.refused), ("gave up", station.gave_up), ("dropped", station.dropped)]
    };
    let losses = ["refused", "gave up", "dropped"];
    let seen: Vec<usize> = (0..losses.len())
        .filter(|index| simulation.stations.iter().any(|station| happens(lost(station)[*index].1)))
        .collect();
    let mut head = vec!["busy", "wait", "wait p95", "wait p99", "waiting", "inside"];
    let mut units =
        vec![Unit::Share, Unit::Time, Unit::Time, Unit::Time, Unit::Number, Unit::Number];
    for index in seen.iter().take(2) {
        head.push(losses[*index]);
        units.push(Unit::Share);
    }
    let row = |station: &domain::simulation::StationFigures| {
        let waits = station.waiting_percentiles;
        let mut row = vec![
            station.utilisation,
            station.waiting,
            waits.p95,
            waits.p99,
            station.queue,
            station.number,
        ];
        row.extend(seen.iter().take(2).map(|index| lost(station)[*index].1));
        (station.name.clone(), row)
    };
    Table { head, units, rows: simulation.stations.iter().take(SHOWN).map(row).collect() }
}

/// Whether a share is more than nothing.
fn happens(figure: Option<Figure>) -> bool {
    figure.is_some_and(|figure| figure.value > 0.0)
}

impl Table {
    fn write(&self, screen: &mut String, style: Style) {
        let line = |name: &str, cells: &[String]| {
            let name = safe::fitted(&safe::clean(name), NAMES - 2, "\u{2026}");
            let mut line = format!("  {name}");
            line.extend(std::iter::repeat_n(' ', NAMES.saturating_sub(safe::width(&line))));
            for cell in cells {
                let gap = COLUMN.saturating_sub(safe::width(cell)).max(1);
                line.extend(std::iter::repeat_n(' ', gap));
                line.push_str(cell);
            }
            format!("{}\n", shown(line.trim_end(), style))
        };
        let head: Vec<String> = self.head.iter().map(|head| (*head).to_owned()).collect();
        screen.push_str(&line("", &head));
        for (name, figures) in &self.rows {
            let figures = || figures.iter().zip(&self.units);
            let values = figures().map(|(figure, unit)| match figure {
                Some(figure) => value(figure.value, *unit),
                None => figures::UNKNOWN.to_owned(),
            });
            screen.push_str(&line(name, &values.collect::<Vec<_>>()));
            let halves = figures().map(|(figure, unit)| match figure {
                Some(figure) if figure.high > figure.low => {
                    format!("\u{b1}{}", half((figure.high - figure.low) / 2.0, *unit))
                }
                _ => String::new(),
            });
            screen.push_str(&line("", &halves.collect::<Vec<_>>()));
        }
    }
}

fn spent(effort: &Effort) -> String {
    if effort.trials == 0 {
        return "nothing to simulate".to_owned();
    }
    format!(
        "{} trials of {} after a warm-up of {}, {} requests simulated",
        figures::grouped(effort.trials.into()),
        value(effort.observed, Unit::Time),
        value(effort.warm_up, Unit::Time),
        figures::many(effort.requests)
    )
}

/// Text in the letters of a terminal.
pub(super) fn shown(text: &str, style: Style) -> String {
    if style.unicode { style.text(text) } else { style.text(&text.replace('\u{b1}', "+-")) }
}

/// Three significant digits.
fn digits(number: f64) -> String {
    significant(number, 3)
}

fn significant(number: f64, digits: i32) -> String {
    if !number.is_finite() {
        return "unbounded".to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let magnitude = number.abs().log10().floor();
    if !(-3.0..6.0).contains(&magnitude) {
        let decimals = usize::try_from(digits - 1).unwrap_or(0);
        return format!("{number:.decimals$e}");
    }
    // Between -3 and 5, so that it is a small whole number.
    let magnitude = (-3..6).find(|whole| f64::from(*whole) >= magnitude).unwrap_or(0);
    let decimals = usize::try_from((digits - 1 - magnitude).max(0)).unwrap_or(0);
    let text = format!("{number:.decimals$}");
    match text.split_once('.') {
        Some(_) => text,
        None => text.parse::<u64>().map_or(text, figures::grouped),
    }
}

/// The unit of a time and its seconds.
fn unit_of(seconds: f64) -> (&'static str, f64) {
    match seconds {
        _ if seconds < 1e-6 => ("ns", 1e-9),
        _ if seconds < 1e-3 => ("\u{b5}s", 1e-6),
        _ if seconds < 1.0 => ("ms", 1e-3),
        _ if seconds < 1_000.0 => ("s", 1.0),
        _ if seconds < 7_200.0 => ("min", 60.0),
        _ if seconds < 172_800.0 => ("h", 3_600.0),
        _ => ("days", 86_400.0),
    }
}

pub(super) fn value(number: f64, unit: Unit) -> String {
    match unit {
        Unit::Time if number == 0.0 => "0 s".to_owned(),
        Unit::Time => {
            let (name, size) = unit_of(number);
            format!("{} {name}", digits(number / size))
        }
        Unit::Rate => format!("{}/s", digits(number)),
        Unit::Number => digits(number),
        Unit::Share => percent(number),
    }
}

/// Half of an interval.
fn half(half: f64, unit: Unit) -> String {
    match unit {
        Unit::Time => {
            let (name, size) = unit_of(half);
            format!("{} {name}", significant(half / size, 2))
        }
        Unit::Rate | Unit::Number => significant(half, 2),
        Unit::Share => format!("{}%", significant(half * 100.0, 2)),
    }
}

/// Both ends of an interval in one unit.
pub(super) fn between(figure: Figure, unit: Unit) -> String {
    match unit {
        Unit::Time => {
            let (name, size) = unit_of(figure.value);
            let end = |seconds: f64| significant(seconds / size, 4);
            format!("{} \u{2013} {} {name}", end(figure.low), end(figure.high))
        }
        _ => format!("{} \u{2013} {}", significant(figure.low, 3), significant(figure.high, 3)),
    }
}

fn percent(share: f64) -> String {
    let text = significant(share * 100.0, 3);
    if !share.is_finite() {
        return text;
    }
    let text = match text.split_once('.') {
        Some(_) if !text.contains('e') => text.trim_end_matches('0').trim_end_matches('.'),
        _ => &text,
    };
    format!("{text}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_and_a_unit() {
        assert_eq!(value(1.758_3, Unit::Time), "1.76 s");
        assert_eq!(value(0.044_4, Unit::Time), "44.4 ms");
        assert_eq!(value(5_752.9, Unit::Time), "95.9 min");
        assert_eq!(value(0.0, Unit::Time), "0 s");
        assert_eq!(value(1_234.5, Unit::Number), "1,234");
        assert_eq!(value(3.2, Unit::Rate), "3.20/s");
        assert_eq!(value(1e12, Unit::Number), "1.00e12");
        assert_eq!(value(4.2e-4, Unit::Rate), "4.20e-4/s");
        assert_eq!(half(6.9e-6, Unit::Share), "6.9e-4%");
        assert_eq!(percent(0.01), "1%");
        assert_eq!(percent(0.187_5), "18.8%");
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(f64::INFINITY), "unbounded");
        let figure = Figure { value: 1.5, low: 1.49, high: 1.51 };
        assert_eq!(between(figure, Unit::Time), "1.490 \u{2013} 1.510 s");
    }
}
