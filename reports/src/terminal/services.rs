//! What runs, and what each part of it costs.

use domain::demand::ServiceIndex;
use domain::outcome::Answer;
use domain::plan::CostLine;
use domain::units::MicroDollars;

use super::Style;
use super::screen::{Column, Screen, right, table as set};
use crate::composition::{self, TRAFFIC};
use crate::figures::{UNKNOWN, grouped, percent, whole_dollars};
use crate::findings;
use crate::safe;

/// Lines around the rows: the heading, the rule and the sum.
const FRAME: usize = 3;

/// Micro-dollars of a dollar.
const DOLLAR: u64 = 1_000_000;

/// One row of cells and its amount.
struct Row {
    cells: [String; 5],
    amount: MicroDollars,
}

/// The table of services in at most so many lines, of which it takes at least five: what does not
/// fit stands together in one row, so that the amounts always add up.
pub(super) fn table(screen: &mut Screen, answer: &Answer, style: Style, lines: usize) {
    let rows = folded(rows(answer), lines.max(FRAME + 2) - FRAME);
    let text = |most| Column { most, ends: false };
    let figure = |most| Column { most, ends: true };
    let columns = [text(16), text(38), text(12), figure(14), figure(6), figure(10)];
    let heading = ["service", "runs on", "count", "peak load", "busy", "$/month"];
    let mut cells = vec![heading.map(str::to_owned).to_vec()];
    let amounts: Vec<MicroDollars> = rows.iter().map(|row| row.amount).collect();
    cells.extend(rows.iter().zip(apportioned(&amounts)).map(|(row, dollars)| {
        let mut cells = row.cells.to_vec();
        cells.push(grouped(dollars));
        cells
    }));
    let lines = set(&cells, &columns, style);
    let end = lines.iter().map(|line| safe::width(line)).max().unwrap_or(0);
    for line in &lines {
        screen.line(&format!("  {line}"));
    }
    let total = whole_dollars(answer.plan.bill.totals().expected);
    let rule = if style.unicode { "─" } else { "-" }.repeat(8);
    screen.line(&format!("  {}", right(&rule, end)));
    let room = end.saturating_sub(safe::width(&total).max(8) + 2);
    let sum = format!("{}  {}", right("expected", room), right(&total, 8));
    screen.line(&format!("  {}", right(sum.trim_start(), end)));
}

/// Whole dollars that add up to their rounded sum: every amount is rounded down, and what is then
/// missing of the sum goes to the largest rests, a dollar each.
fn apportioned(amounts: &[MicroDollars]) -> Vec<u64> {
    let micros: Vec<u64> = amounts.iter().map(|amount| amount.micros().unsigned_abs()).collect();
    let mut dollars: Vec<u64> = micros.iter().map(|micros| micros / DOLLAR).collect();
    let sum = (micros.iter().sum::<u64>() + DOLLAR / 2) / DOLLAR;
    let missing = sum.saturating_sub(dollars.iter().sum());
    let mut places: Vec<usize> = (0..micros.len()).collect();
    places.sort_by_key(|place| std::cmp::Reverse(micros[*place] % DOLLAR));
    for place in places.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        dollars[place] += 1;
    }
    dollars
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
    }
}

fn other(name: &str, lines: &[&CostLine]) -> Row {
    let text = match name {
        TRAFFIC => composition::traffic(lines),
        _ => String::new(),
    };
    let cells = [name.to_owned(), text, String::new(), String::new(), String::new()];
    Row { cells, amount: composition::cost_of(lines).expected }
}

/// At most so many rows; the last one stands for all that are left out.
fn folded(mut rows: Vec<Row>, most: usize) -> Vec<Row> {
    if rows.len() <= most {
        return rows;
    }
    let rest = rows.split_off(most - 1);
    let name = format!("{} more", rest.len());
    let mut cells = [const { String::new() }; 5];
    cells[0] = name;
    rows.push(Row { cells, amount: rest.iter().map(|row| row.amount).sum() });
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_dollars_add_up_to_their_sum() {
        let of = |cents: &[i64]| {
            let amounts = cents.iter().map(|own| MicroDollars::new(own * 10_000).unwrap());
            apportioned(&amounts.collect::<Vec<_>>())
        };
        // Each for itself they would be 548, 241, 241, 1,903 and 5,545, which are a dollar more.
        let bill = [54_823, 24_084, 24_062, 190_312, 554_459];
        assert_eq!(of(&bill), [548, 241, 241, 1_903, 5_544]);
        assert_eq!(of(&bill).iter().sum::<u64>(), 8_477);
        assert_eq!(of(&[50, 50]), [1, 0]);
        assert_eq!(of(&[49]), [0]);
        assert_eq!(of(&[]), Vec::<u64>::new());
    }
}
