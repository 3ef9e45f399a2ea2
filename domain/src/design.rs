//! What is asked of one question among many, and the design that answers it.

use crate::objective::Operations;
use crate::plan::Plan;
use crate::units::{Availability, MicroDollars, RequestsPerSecond, Seconds};
use crate::verification::Status;

/// A value of one outcome, where all others stay as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ask {
    /// So many users, of the kind that was stated.
    Users(u64),
    /// So many requests a second at the peak.
    Rate(RequestsPerSecond),
    /// That share of requests answered well.
    Uptime(Availability),
    /// The limit of one latency percentile.
    Latency(Seconds),
}

impl Ask {
    /// The value in the unit of its axis: users, requests a second, percent, seconds.
    pub fn number(self) -> f64 {
        match self {
            Self::Users(count) => count as f64,
            Self::Rate(rate) => rate.value(),
            Self::Uptime(uptime) => f64::from(uptime.ppm()) / 1e4,
            Self::Latency(limit) => limit.value(),
        }
    }

    /// Whether it asks for at least as much as another of the same outcome.
    pub fn is_as_strict_as(self, other: Self) -> bool {
        match (self, other) {
            (Self::Latency(own), Self::Latency(other)) => own <= other,
            _ => self.number() >= other.number(),
        }
    }
}

/// A plan that was solved and simulated for one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// What to build.
    pub plan: Plan,
    /// That plan in words.
    pub summary: String,
    /// The verdict of the simulation.
    pub status: Status,
    /// Requests that its verdict rests on; it may be the verdict on a stricter outcome.
    pub requests: u64,
    /// More careful operations than were asked for, where only they make it possible.
    pub operations: Option<Operations>,
}

impl Design {
    /// The expected bill of a month.
    pub const fn cost(&self) -> MicroDollars {
        self.plan.optimality.objective
    }

    /// Whether it is the same machines at the same price as another one, run with the same care.
    pub fn is_as_built(&self, other: &Self) -> bool {
        self.plan.topology == other.plan.topology
            && self.plan.bill == other.plan.bill
            && self.operations == other.operations
    }
}

/// What came of one question.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A verified design.
    Design(Box<Design>),
    /// None that holds, with the reason in a few words.
    Nothing(String),
}

impl Found {
    /// The design, if there is one.
    pub fn design(&self) -> Option<&Design> {
        match self {
            Self::Design(design) => Some(design),
            Self::Nothing(_) => None,
        }
    }

    /// Its expected bill.
    pub fn cost(&self) -> Option<MicroDollars> {
        self.design().map(Design::cost)
    }
}
