//! What must come true: indicators with their objectives, and the room kept beyond them.

use crate::name::Name;
use crate::units::{Availability, MicroDollars, Percentile, Ratio, RequestsPerSecond, Seconds};

/// How a number of users is to be read; the readings differ by a factor of a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserKind {
    /// All of them at work at the peak.
    Concurrent,
    /// So many different people on a day.
    DailyActive,
    /// So many accounts.
    Registered,
}

impl UserKind {
    /// As the spec and the terminal write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Concurrent => "concurrent",
            Self::DailyActive => "daily active",
            Self::Registered => "registered",
        }
    }
}

/// The load as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Load {
    /// A number of people.
    Users {
        /// How many.
        count: u64,
        /// Of which kind; `None` when nothing was said, which reads as concurrent.
        kind: Option<UserKind>,
        /// The pause between two actions, when it was stated.
        think_time: Option<Seconds>,
    },
    /// A rate of requests at the peak.
    Rate(RequestsPerSecond),
}

/// Where a latency is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MeasuredAt {
    /// From the balancer's first byte in to its last byte out.
    Balancer,
    /// At the user's device. Not yet supported by the solver.
    Client,
}

/// A latency percentile and its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct LatencyObjective {
    /// The class it speaks of; `None` for every request.
    pub class: Option<Name>,
    /// Which part of the requests.
    pub percentile: Percentile,
    /// Whether the percentile was stated; otherwise p95 was read.
    pub percentile_stated: bool,
    /// The limit.
    pub limit: Seconds,
    /// Where it is measured.
    pub measured_at: MeasuredAt,
}

impl LatencyObjective {
    /// A short stable identifier: `latency-p95`, or `latency-p95-checkout` for one class.
    pub fn id(&self) -> String {
        match &self.class {
            None => format!("latency-{}", self.percentile),
            Some(class) => format!("latency-{}-{class}", self.percentile),
        }
    }
}

/// The most that may be spent in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budget {
    /// Limit of the expected bill: what a bare amount means.
    pub expected: Option<MicroDollars>,
    /// Limit of the bill with every autoscaler at its maximum.
    pub ceiling: Option<MicroDollars>,
}

/// What may be lost of the data, and how long it may be away, when the machine or the zone that it
/// stands in is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovery {
    /// What was written within this time may be lost.
    pub rpo: Option<Seconds>,
    /// It is back within this time.
    pub rto: Option<Seconds>,
}

/// What must still hold beyond the stated peak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headroom {
    /// So much more load.
    pub load: Ratio,
    /// So many stateless or cache instances down at the stated load.
    pub instances_down: u32,
}

/// The outcomes, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Objectives {
    /// The share of requests that must be answered well over a year.
    pub uptime: Option<Availability>,
    /// Latency percentiles, in the order stated.
    pub latency: Vec<LatencyObjective>,
    /// The most that may be spent.
    pub budget: Budget,
    /// The room kept.
    pub headroom: Headroom,
}

/// How often change hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operations {
    /// Manual releases.
    Basic,
    /// Automated releases.
    Standard,
    /// Canary releases with automatic rollback.
    Advanced,
}

impl Operations {
    /// From the least to the most careful.
    pub const ALL: [Self; 3] = [Self::Basic, Self::Standard, Self::Advanced];

    /// As documents write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Standard => "standard",
            Self::Advanced => "advanced",
        }
    }
}
