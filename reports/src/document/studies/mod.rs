//! What studies beside a spec say, in the sections that they belong to; without one, the command
//! that adds it.

mod assumptions;
mod capacity;
mod frontier;
mod growth;
mod offers;
mod requirements;

use domain::study::Reached;
use domain::units::MicroDollars;

use super::{Block, Cell, Sheet};
use crate::figures;

pub(super) use assumptions::assumptions;
pub(crate) use assumptions::{is_default, value_of};
pub(super) use capacity::capacity;
pub(super) use frontier::frontier;
pub(super) use growth::growth;
pub(crate) use growth::{Outlook, load_of};
pub(super) use offers::rejected;
pub(super) use requirements::optimality;

/// What puts an explanation into a report, in the folder of its spec.
const EXPLAIN: &str = "plimsoll explain spec.json --assumptions --json > explanation.json && \
                       plimsoll report spec.json --with explanation.json --out \
                       with-explanation.html";

/// What puts a frontier into a report, in the folder of its spec.
const FRONTIER: &str = "plimsoll frontier spec.json --over users,uptime,latency --json > \
                        frontier.json && plimsoll report spec.json --with frontier.json --out \
                        with-frontier.html";

/// The same where no latency is stated, which could take other values.
const FRONTIER_WITHOUT_LATENCY: &str = "plimsoll frontier spec.json --over users,uptime --json > \
                                        frontier.json && plimsoll report spec.json --with \
                                        frontier.json --out with-frontier.html";

/// What an explanation would say.
const fn unexplained(what: &'static str) -> Block {
    Block::Absent(what, EXPLAIN)
}

/// What a frontier would say.
fn unbounded(sheet: Sheet<'_>, what: &'static str) -> Block {
    let stated = !sheet.answer.demand.objectives.latency.is_empty();
    Block::Absent(what, if stated { FRONTIER } else { FRONTIER_WITHOUT_LATENCY })
}

/// What one amount is above another one.
fn beyond(cost: MicroDollars, here: MicroDollars) -> Cell {
    let change = cost - here;
    if cost == here {
        Cell::figure("$0", 0.0)
    } else {
        Cell::figure(figures::beyond(cost, here), change.micros() as f64)
    }
}

/// What a design costs, and what that is above another one; nothing where there is none.
fn priced(found: Reached<'_>, here: MicroDollars) -> [Cell; 2] {
    match found.cost() {
        Some(cost) => [Cell::dollars(cost), beyond(cost, here)],
        None => [Cell::words("no design"), Cell::default()],
    }
}

/// What tells a design from the one that it is compared with, or why there is none.
fn told(found: Reached<'_>) -> Cell {
    match found {
        Reached::Nothing(reason) => Cell::words(reason),
        Reached::Design(design) => Cell::words(match design.changes.as_slice() {
            [] => "the same machines".to_owned(),
            changes => changes.join(", "),
        }),
    }
}
