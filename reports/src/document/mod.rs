//! The sections of the report behind its verdict, as every format of it shows them: the same
//! sentences and tables, built once from a spec and the answer that it was written from.
//!
//! A section without evidence says which command adds it.

mod availability;
mod beside;
mod block;
mod capacity;
mod cost;
mod design;
mod limits;
mod optimality;
mod policies;
mod sensitivity;
mod simulation;
mod studies;
mod understanding;

use domain::outcome::Answer;
use domain::spec::Spec;
use domain::study::Studies;
use domain::verification::Verdict;

use crate::figures;

pub(crate) use beside::{approval, beside};
pub(crate) use block::{Block, Cell, Figure, Form, Span, Table};
pub(crate) use cost::is_doubtful;
pub(crate) use studies::{Outlook, is_default, load_of, value_of};

/// The sections by their numbers; the first one is the verdict, which each format shows in its own
/// way, and the last one is there only where policies were given.
pub(crate) const TITLES: [&str; 15] = [
    "Verdict",
    "Intent as understood",
    "Assumptions",
    "Topology",
    "Bill of materials",
    "Demand to capacity",
    "Availability working",
    "Simulation evidence",
    "Optimality",
    "Rejected options",
    "Cost",
    "Sensitivity",
    "Risks and limits",
    "Reproduction",
    "Policies",
];

/// A spec, the answer that it was written from, and what stands beside it.
#[derive(Clone, Copy)]
pub(crate) struct Sheet<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) answer: &'a Answer,
    pub(crate) studies: &'a Studies,
}

/// The sections after the verdict in their order, which is that of [`TITLES`].
pub(crate) fn sections(sheet: Sheet<'_>) -> Vec<Vec<Block>> {
    let mut sections = vec![
        understanding::intent(sheet),
        understanding::assumptions(sheet),
        design::topology(sheet),
        design::materials(sheet),
        capacity::capacity(sheet),
        availability::availability(sheet),
        simulation::simulation(sheet),
        optimality::optimality(sheet),
        optimality::rejected(sheet),
        cost::cost(sheet),
        sensitivity::sensitivity(sheet),
        limits::risks(sheet),
        limits::reproduction(sheet),
    ];
    sections.extend(policies::policies(sheet));
    sections
}

/// The word for a verdict of a check.
pub(crate) const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "holds",
        Verdict::Fail => "FAILS",
        Verdict::Undecided => "UNDECIDED",
    }
}

/// Where the numbers of a simulation came from.
fn sampled(sheet: Sheet<'_>) -> String {
    let found = &sheet.answer.verification;
    format!(
        "seed {} · {} requests simulated in {} scenarios",
        found.seed,
        figures::grouped(found.requests),
        found.scenarios.len()
    )
}

/// A time of the spec in seconds.
fn micros(micros: u64) -> f64 {
    micros as f64 / 1e6
}
