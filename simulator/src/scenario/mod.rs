//! Scenarios: what a topology is put through, and what it showed.
//!
//! - *Steady* scenarios run at one load in one condition and answer every latency objective and a
//!   goodput, by the sequential rule of [`crate::verdict`].
//! - *Episodes* follow a fault from the moment it strikes until goodput is back; they answer
//!   whether it comes back in time, and how much is lost until then.
//! - The *day* follows the load over a day with the autoscalers, mostly as a fluid.

mod bursts;
mod catalogue;
mod course;
mod day;
mod episode;
mod fluid;
mod overload;
mod steady;
mod whole;
mod windows;

use domain::verification::{Check, DayResult, ScenarioResult};

pub(crate) use bursts::with_bursts;
pub(crate) use catalogue::catalogue;
pub(crate) use course::Course;
pub(crate) use episode::Episode;
pub(crate) use overload::{Overload, overload};
pub(crate) use steady::Steady;
pub use whole::{FleetOfDay, Hour, Pair, WholeDay, WindowOfDay, whole_day};

use crate::fault::SimulatorFault;
use crate::judge::Judge;
use crate::statistics::{CONFIDENCE, Estimate, Summary};

/// A scenario that may be run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scenario {
    /// Its name: `peak`, `instance-down:app`.
    pub name: String,
    /// What happens in it, in one sentence.
    pub summary: String,
    /// What it is about.
    pub about: About,
    /// Whether the outcome demands it.
    pub demanded: bool,
    /// How it is run.
    pub kind: Kind,
}

/// What a scenario is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum About {
    /// The stated peak.
    Peak,
    /// More load than that.
    Headroom,
    /// The day.
    Day,
    /// So many instances of a service down.
    Instances(usize, u32),
    /// One of these zones lost: they are alike.
    Zones(Vec<u16>),
    /// The primary of a service lost.
    Failover(usize),
    /// Nothing left of a service.
    Lost(usize),
    /// A service stalled.
    Stall,
}

/// How a scenario is run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// One load in one condition; and the way into that condition, where it has one.
    Steady(Steady, Option<Episode>),
    /// A fault and what follows.
    Episode(Episode),
    /// The load of a day.
    Day,
}

/// What a scenario showed.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// For the verification.
    pub result: ScenarioResult,
    /// Its checks.
    pub checks: Vec<Check>,
    /// Whether there was anything to see: a load that was not too much to be simulated.
    pub seen: bool,
    /// The share of requests lost in the steady part.
    pub lost: Lost,
    /// The share of requests answered degraded in the steady part.
    pub degraded: f64,
    /// Whether the latency objectives hold in the steady part.
    pub holds: bool,
    /// How the fault went, where there was one.
    pub course: Option<Course>,
    /// The day, if that was it.
    pub day: Option<DayResult>,
    /// Requests simulated, those of the warm-ups included.
    pub simulated: u64,
}

/// How many standard errors of a normal variable an interval of 95% reaches to either side.
const TWO_SIDED: f64 = 1.96;

/// What is lost, and how far the truth may be from that to either side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lost {
    /// A share of the requests, or seconds' worth of them.
    pub value: f64,
    /// Half the width of its interval, in the same unit.
    pub half_width: f64,
}

impl Lost {
    /// The share of the requests of some trials that failed, and at least so much.
    pub(crate) fn share(summary: &Summary, least: f64) -> Self {
        let own = summary.trials.iter().filter(|trial| trial.offered > 0);
        let own = Self::over(own.map(|trial| 1.0 - trial.good as f64 / trial.offered as f64));
        let offered = summary.offered.max(1) as f64;
        let failed = summary.offered - summary.good;
        // Where none was seen to fail, one more request might have.
        let one_more = TWO_SIDED * ((failed + 1) as f64).sqrt() / offered;
        Self {
            value: (failed as f64 / offered).max(least),
            half_width: own.half_width.max(one_more),
        }
    }

    /// From one value of each trial.
    pub(crate) fn over(trials: impl IntoIterator<Item = f64>) -> Self {
        let estimate = Estimate::of(trials);
        Self { value: estimate.mean, half_width: estimate.half_width(CONFIDENCE) }
    }

    /// The value at that end of the interval, low being −1 and high 1, within what is possible.
    pub(crate) fn moved(self, end: f64, most: f64) -> Self {
        Self { value: (self.value + end * self.half_width).clamp(0.0, most), ..self }
    }

    /// Nothing but that.
    pub(crate) const fn exactly(value: f64) -> Self {
        Self { value, half_width: 0.0 }
    }
}

impl Scenario {
    /// Checks that refute a plan when they fail.
    pub(crate) fn demanded_checks(&self, bars: usize) -> usize {
        if !self.demanded {
            return 0;
        }
        match &self.kind {
            Kind::Steady(_, Some(episode)) if episode.demanded => bars + 2,
            Kind::Steady(..) | Kind::Day => bars + 1,
            Kind::Episode(_) => 1,
        }
    }

    /// Runs it.
    ///
    /// # Errors
    /// When the model of it has a fault.
    pub(crate) fn run(&self, judge: &Judge<'_>) -> Result<Finding, SimulatorFault> {
        match &self.kind {
            Kind::Steady(steady, None) => steady.run(self, judge),
            Kind::Steady(steady, Some(episode)) => {
                let (after, way) =
                    rayon::join(|| steady.run(self, judge), || episode.run(self, judge));
                Ok(merged(after?, way?))
            }
            Kind::Episode(episode) => episode.run(self, judge),
            Kind::Day => day::run(self, judge),
        }
    }
}

/// A steady scenario with the way into it: latency and utilisation are those afterwards; goodput,
/// recovery and the time series are those of the way.
fn merged(after: Finding, way: Finding) -> Finding {
    let mut result = way.result;
    result.simulated += after.result.simulated;
    result.requests += after.result.requests;
    result.trials += after.result.trials;
    result.latency = after.result.latency;
    result.utilisation = after.result.utilisation;
    let mut checks = after.checks;
    checks.extend(way.checks);
    Finding {
        result,
        checks,
        seen: after.seen && way.seen,
        lost: after.lost,
        degraded: after.degraded,
        holds: after.holds,
        course: way.course,
        day: None,
        simulated: after.simulated + way.simulated,
    }
}
