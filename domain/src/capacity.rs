//! What a budget buys: the most of one outcome that it carries, and what one step more would cost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::demand::Demand;
use crate::design::{Ask, Design, Found};
use crate::objective::Operations;
use crate::outcome::Provenance;
use crate::units::MicroDollars;

/// The most of one outcome that a budget carries, where all others stay as they were stated.
#[derive(Debug, Clone, PartialEq)]
pub struct Capacity {
    /// How the intent was understood, at what is carried.
    pub demand: Demand,
    /// `users`, `requests`, `uptime`, `latency p95`.
    pub outcome: String,
    /// The most that may be spent in a month.
    pub budget: MicroDollars,
    /// Which bill the budget limits.
    pub against: Against,
    /// The most that it carries.
    pub carried: Ask,
    /// The design that carries it.
    pub design: Design,
    /// One step more; `None` where nothing is asked for beyond what is carried.
    pub refused: Option<Refused>,
    /// The least load above at which the cheapest machines are others, where the bill grew by less
    /// than a machine in between.
    pub next_machines: Option<Ask>,
    /// What the same budget carries at other uptimes; `None` where it carries nothing.
    pub elsewhere: Vec<(Ask, Option<Ask>)>,
    /// The most that the same budget carries with more careful operations, where nobody said how
    /// careful they are and an uptime is looked for.
    pub careful: Option<(Operations, Ask)>,
    /// The command that plans what is carried.
    pub next: String,
    /// Where it came from.
    pub provenance: Provenance,
}

/// The bill that a budget limits.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Against {
    /// The expected bill.
    Expected,
    /// The bill with every autoscaler at its maximum.
    Ceiling,
}

impl Against {
    /// As the command line and documents write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Ceiling => "ceiling",
        }
    }
}

/// What a budget does not carry.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// What is asked for.
    pub ask: Ask,
    /// What would carry it without a budget.
    pub unlimited: Found,
}
