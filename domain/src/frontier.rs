//! What outcomes cost against each other: designs at several values of each, none between them.

use crate::demand::Demand;
use crate::design::{Ask, Design, Found};
use crate::outcome::Provenance;
use crate::units::{MicroDollars, Ratio, Seconds};

/// The cheapest verified design at each of several values of some outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Frontier {
    /// How the intent was understood.
    pub demand: Demand,
    /// One outcome each, in the order asked for; all others stay as they were stated.
    pub series: Vec<Series>,
    /// Where latencies that are no series begin to cost something.
    pub slack: Vec<Slack>,
    /// What the load takes as it grows, where that was asked.
    pub growth: Option<Growth>,
    /// Where it came from.
    pub provenance: Provenance,
}

impl Frontier {
    /// How many designs there are at points that are not dominated, each counted once in however
    /// many series it stands.
    pub fn designs(&self) -> usize {
        let points = self.series.iter().flat_map(|series| &series.points);
        let designs = points
            .filter(|point| point.standing == Standing::Frontier)
            .filter_map(|point| point.found.design());
        let mut different: Vec<&Design> = Vec::new();
        for design in designs {
            if !different.iter().any(|known| known.is_as_built(design)) {
                different.push(design);
            }
        }
        different.len()
    }

    /// Whether there is a design for what was asked for.
    pub fn is_reached(&self) -> bool {
        let mut points = self.series.iter().flat_map(|series| &series.points);
        points.all(|point| !point.asked || point.standing != Standing::Unreached)
    }
}

/// Designs along one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// `users`, `requests`, `uptime`, `latency p95`.
    pub name: String,
    /// In the order of their values, smallest first.
    pub points: Vec<Point>,
}

/// One value of an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The value.
    pub ask: Ask,
    /// Whether it is what the intent asks for.
    pub asked: bool,
    /// The cheapest design that holds there.
    pub found: Found,
    /// How it stands among the others of its series.
    pub standing: Standing,
}

/// How a point stands among the others of its series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Nothing asks for more and costs as little.
    Frontier,
    /// Another point asks for more and costs no more.
    Dominated,
    /// There is no design.
    Unreached,
}

impl Standing {
    /// As documents write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Frontier => "frontier",
            Self::Dominated => "dominated",
            Self::Unreached => "unreached",
        }
    }
}

/// What a load takes that grows.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// By so much of itself each month.
    pub monthly: Ratio,
    /// From the load that was asked for, month 0, on.
    pub months: Vec<Month>,
    /// The last of them in which the machines of month 0 carry all that is asked, with the headroom
    /// and the instances that may be down: simulated. `None` where there are no machines.
    pub carried_to: Option<u32>,
}

/// A load that has grown.
#[derive(Debug, Clone, PartialEq)]
pub struct Month {
    /// After so many months.
    pub month: u32,
    /// The load by then.
    pub load: Ask,
    /// The cheapest design that carries it.
    pub found: Found,
}

/// How far a latency can be tightened for nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Slack {
    /// `latency p95`.
    pub name: String,
    /// The limit as it was asked for.
    pub asked: Seconds,
    /// The tightest limit, in whole milliseconds, at the price of what was asked for; `None` where
    /// one millisecond less than what was asked for costs more.
    pub free_to: Option<Seconds>,
    /// What was asked for costs this.
    pub cost: MicroDollars,
    /// Limits below that, with what holds there.
    pub tighter: Vec<(Seconds, Found)>,
}
