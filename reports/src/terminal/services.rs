//! What runs, and what each part of it costs.

use domain::demand::ServiceIndex;
use domain::outcome::Answer;
use domain::plan::CostLine;
use domain::units::MicroDollars;

use super::Style;
use super::screen::{Column, Screen, right, table as set};
use crate::composition::{self, TRAFFIC};
use crate::figures::{UNKNOWN, percent, rounded_dollars, whole_dollars};
use crate::findings;
use crate::safe;

/// Lines around the rows: the heading, the rule and the sum.
const FRAME: usize = 3;

/// One row of cells and its amount.
struct Row {
    cells: [String; 5],
    amount: MicroDollars,
    /// The services that it stands for, each with how many instances it has.
    of: Vec<(String, u32)>,
}

/// The table of services in at most so many lines, of which it takes at least five. Where they are
/// more, services on the same offer share a row, the dearest come first, and what does not fit
/// stands together in one row by its names. Amounts are rounded each for itself, as everywhere;
/// where the rounded ones make another sum, the last line says whose sum it is.
pub(super) fn table(screen: &mut Screen, answer: &Answer, style: Style, lines: usize) {
    let rows = folded(rows(answer), lines.max(FRAME + 2) - FRAME);
    let text = |most| Column { most, ends: false };
    let figure = |most| Column { most, ends: true };
    let columns = [text(16), text(38), text(12), figure(14), figure(6), figure(10)];
    let heading = ["service", "runs on", "count", "peak load", "busy", "$/month"];
    let mut cells = vec![heading.map(str::to_owned).to_vec()];
    cells.extend(rows.iter().map(|row| {
        let mut cells = row.cells.to_vec();
        cells.push(whole_dollars(row.amount));
        cells
    }));
    let lines = set(&cells, &columns, style);
    let end = lines.iter().map(|line| safe::width(line)).max().unwrap_or(0);
    for line in &lines {
        screen.line(&format!("  {line}"));
    }
    let expected = answer.plan.bill.totals().expected;
    let total = whole_dollars(expected);
    let shown: u64 = rows.iter().map(|row| rounded_dollars(row.amount)).sum();
    let word =
        if shown == rounded_dollars(expected) { "expected" } else { "expected (rounded once)" };
    let rule = if style.unicode { "─" } else { "-" }.repeat(8);
    screen.line(&format!("  {}", right(&rule, end)));
    let room = end.saturating_sub(safe::width(&total).max(8) + 2);
    let sum = format!("{}  {}", right(word, room), right(&total, 8));
    screen.line(&format!("  {}", right(sum.trim_start(), end)));
}

/// A row for each service, then one for each other group of the bill.
fn rows(answer: &Answer) -> Vec<Row> {
    let groups = composition::cost_groups(answer);
    let services = answer.demand.services.len();
    groups
        .iter()
        .enumerate()
        .map(|(place, (name, lines))| {
            if place < services {
                service(answer, ServiceIndex(place), lines)
            } else {
                other(name, lines)
            }
        })
        .collect()
}

fn service(answer: &Answer, index: ServiceIndex, lines: &[&CostLine]) -> Row {
    let service = answer.demand.service(index);
    let sizing = &answer.plan.sizing[index.0];
    let busy = match sizing.servers {
        0 => UNKNOWN.into(),
        _ => percent(sizing.at_peak, 0),
    };
    Row {
        cells: [
            service.name.to_string(),
            composition::runs_on(answer, index),
            composition::count(answer, index),
            findings::rate(sizing.arrival_rate, service.kind),
            busy,
        ],
        amount: composition::cost_of(lines).expected,
        of: vec![(service.name.to_string(), answer.plan.topology.services[index.0].replicas())],
    }
}

fn other(name: &str, lines: &[&CostLine]) -> Row {
    let text = match name {
        TRAFFIC => composition::traffic(lines),
        _ => String::new(),
    };
    let cells = [name.to_owned(), text, String::new(), String::new(), String::new()];
    Row { cells, amount: composition::cost_of(lines).expected, of: vec![(name.to_owned(), 0)] }
}

/// At most so many rows, the dearest first where there are more; the last one stands for all that
/// are left out.
fn folded(rows: Vec<Row>, most: usize) -> Vec<Row> {
    if rows.len() <= most {
        return rows;
    }
    let mut rows = alike(rows);
    rows.sort_by_key(|row| std::cmp::Reverse(row.amount));
    if rows.len() <= most {
        return rows;
    }
    let rest = rows.split_off(most - 1);
    let of: Vec<(String, u32)> = rest.iter().flat_map(|row| row.of.clone()).collect();
    let names: Vec<&str> = of.iter().map(|(name, _)| name.as_str()).collect();
    let mut cells = [const { String::new() }; 5];
    cells[0] = format!("{} more", of.len());
    cells[1] = names.join(", ");
    rows.push(Row { cells, amount: rest.iter().map(|row| row.amount).sum(), of });
    rows
}

/// One row for all services that run on the same.
fn alike(rows: Vec<Row>) -> Vec<Row> {
    let mut joined: Vec<Row> = Vec::new();
    for row in rows {
        let runs_on = &row.cells[1];
        let known = joined.iter_mut().find(|own| !runs_on.is_empty() && own.cells[1] == *runs_on);
        match known {
            None => joined.push(row),
            Some(known) => {
                known.amount = [known.amount, row.amount].into_iter().sum();
                known.of.extend(row.of);
                let instances: u32 = known.of.iter().map(|(_, instances)| instances).sum();
                known.cells[0] = format!("{} services", known.of.len());
                known.cells[2] =
                    if instances == 0 { UNKNOWN.into() } else { instances.to_string() };
                known.cells[3..].fill(String::new());
            }
        }
    }
    joined
}
