//! What a budget buys: what it carries, why not one step more, and what it carries elsewhere.

use domain::capacity::{Against, Capacity, Refused};
use domain::design::{Ask, Found};
use domain::objective::UserKind;
use domain::units::MicroDollars;

use super::Style;
use super::frontier::label;
use super::screen::{COLUMNS, Colour, Screen, left, right};
use crate::composition;
use crate::differences;
use crate::figures::{cents, decimals, dollars, rounded_dollars};
use crate::safe;

/// Columns before what is said of a step.
const STEP: usize = 16;

/// Columns of an amount at the end of a line.
const AMOUNT: usize = 12;

/// What a budget buys.
pub fn capacity(capacity: &Capacity, style: Style, elapsed: Option<&str>) -> String {
    let mut screen = Screen::new(style);
    head(&mut screen, capacity);
    screen.blank();
    let machines = differences::whole(&capacity.demand, &capacity.design.plan.topology).join(", ");
    let room = COLUMNS - STEP - AMOUNT;
    for (at, machines) in
        safe::wrapped(&style.text(&machines), room, style.cut()).iter().enumerate()
    {
        // The amount stands on the first line.
        let (step, cost) = match at {
            0 => (worded(capacity.carried), dollars(spent(capacity))),
            _ => (String::new(), String::new()),
        };
        let (step, cost) = (left(&step, STEP - 3), right(&cost, AMOUNT));
        screen.line(&format!("  {step} {}{cost}", left(machines, room)));
    }
    if let Some(refused) = &capacity.refused {
        let step = left(&worded(refused.ask), STEP - 3);
        screen.line(&format!("  {step} {}", refusal(capacity, refused)));
    }
    let elsewhere: Vec<String> = capacity
        .elsewhere
        .iter()
        .map(|(at, carried)| match carried {
            Some(carried) => format!("{} {}", label(*at), worded(*carried)),
            None => format!("{} nothing", label(*at)),
        })
        .chain(capacity.careful.map(|(operations, carried)| {
            format!("operations: {} {}", operations.as_str(), worded(carried))
        }))
        .chain([other_bill(capacity)])
        .collect();
    screen.line(&format!("  the same budget at  {}", elsewhere.join(" · ")));
    screen.blank();
    for line in continued(&capacity.next) {
        screen.line(&line);
    }
    let (seed, as_of) = (capacity.provenance.seed, capacity.provenance.catalog_as_of);
    let time = elapsed.map_or_else(String::new, |elapsed| format!(" · {elapsed}"));
    screen.line(&format!(" each solved and simulated · seed {seed} · prices {as_of}{time}"));
    screen.finish()
}

/// The command that comes next, on as many lines as a shell takes it back from.
fn continued(next: &str) -> Vec<String> {
    let mut lines = vec![" next:".to_owned()];
    for (at, part) in next.split(" --").enumerate() {
        let part = if at == 0 { part.to_owned() } else { format!("--{part}") };
        let last = lines.last_mut().expect("there is a first line");
        if safe::width(last) + safe::width(&part) + 3 > COLUMNS {
            last.push_str(" \\");
            lines.push(format!("      {part}"));
        } else {
            last.push(' ');
            last.push_str(&part);
        }
    }
    lines
}

/// The first line alone.
pub fn capacity_line(capacity: &Capacity, style: Style) -> String {
    let mut screen = Screen::unbounded(Style { colour: false, ..style });
    head(&mut screen, capacity);
    screen.finish()
}

fn head(screen: &mut Screen, capacity: &Capacity) {
    let carried = match (capacity.carried, capacity.demand.load.users) {
        (Ask::Users(_), Some((_, kind))) => {
            let kind = UserKind::as_str(kind);
            format!("{} {kind} users", label(capacity.carried))
        }
        (Ask::Uptime(_), _) => format!("{} uptime", label(capacity.carried)),
        (Ask::Latency(_), _) => format!("a {} of {}", capacity.outcome, worded(capacity.carried)),
        _ => worded(capacity.carried),
    };
    let line = format!(
        "CARRIES  {carried}  for {} a month{}  on {}",
        dollars(spent(capacity)),
        match capacity.against {
            Against::Expected => "",
            Against::Ceiling => " at the ceiling",
        },
        composition::place(&capacity.design.plan.topology)
    );
    screen.sentence(&line, Colour::Green);
}

/// The bill that the budget limits.
fn spent(capacity: &Capacity) -> MicroDollars {
    amount(capacity, &capacity.design.plan.bill)
}

fn amount(capacity: &Capacity, bill: &domain::plan::Bill) -> MicroDollars {
    match capacity.against {
        Against::Expected => bill.totals().expected,
        Against::Ceiling => bill.totals().ceiling,
    }
}

/// A value with what it counts.
fn worded(ask: Ask) -> String {
    match ask {
        Ask::Users(_) => format!("{} users", label(ask)),
        Ask::Rate(_) => format!("{} requests", label(ask)),
        Ask::Uptime(_) => label(ask),
        // Every millisecond, so that neighbours differ.
        Ask::Latency(limit) => format!("{} ms", decimals(limit.value() * 1e3, 0)),
    }
}

/// Why one step more is not carried.
fn refusal(capacity: &Capacity, refused: &Refused) -> String {
    let design = match &refused.unlimited {
        Found::Nothing(reason) => return format!("refused: {reason}"),
        Found::Design(design) => design,
    };
    let cost = amount(capacity, &design.plan.bill);
    let shown = if rounded_dollars(cost) == rounded_dollars(capacity.budget) {
        format!("${}", cents(cost))
    } else {
        dollars(cost)
    };
    let why = differences::dearest(&capacity.design.plan, &design.plan);
    let why = why.map_or_else(String::new, |service| format!(" ({service})"));
    let machines = capacity
        .next_machines
        .map_or_else(String::new, |ask| format!("; the next instance comes at {}", worded(ask)));
    format!("refused: {shown}{why}{machines}")
}

/// The bill that the budget does not limit.
fn other_bill(capacity: &Capacity) -> String {
    let totals = capacity.design.plan.bill.totals();
    match capacity.against {
        Against::Expected => format!("its ceiling bill {}", dollars(totals.ceiling)),
        Against::Ceiling => format!("its expected bill {}", dollars(totals.expected)),
    }
}
