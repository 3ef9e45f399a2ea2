//! What a simulation of a model showed: figures with their intervals, and how far it got.

use schemars::JsonSchema;
use serde::Serialize;

/// The confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;

/// An estimate with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Figure {
    /// The estimate.
    pub value: f64,
    /// The low end of its interval.
    pub low: f64,
    /// The high end.
    pub high: f64,
}

/// What a simulation of a model showed. Times are seconds, rates numbers a second.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Simulation {
    /// What the model is called.
    pub name: Option<String>,
    /// The seed of all random streams.
    pub seed: u64,
    /// What came of it.
    pub finding: Finding,
    /// What it took.
    pub effort: Effort,
    /// Whose services have no finite variance, where some have none: means of times and numbers are
    /// left out then, and it is the median response time that is to be exact.
    pub heavy_tail: Option<HeavyTail>,
    /// All requests together; nothing where there was none.
    pub requests: Option<Requests>,
    /// Each class, where there are several.
    pub classes: Vec<ClassFigures>,
    /// Each station, in an order in which callers stand before those that they call.
    pub stations: Vec<StationFigures>,
    /// The distribution of the response time, from fast to slow.
    pub distribution: Vec<CurvePoint>,
    /// How it went over time, where the load changes or something happens.
    pub series: Vec<SeriesPoint>,
}

/// What came of a simulation.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Finding {
    /// The mean response time is as exact as was asked for.
    Reached {
        /// The half-width of its interval, as a share of it.
        precision: f64,
    },
    /// The limit on requests or trials ended the run before.
    NotReached {
        /// The half-width of its interval, as a share of it; none where nobody was answered.
        precision: Option<f64>,
    },
    /// More comes than can be served, and nobody gives up: the number in the system grows for ever.
    Unstable {
        /// The station that has more work than it can do, where one can be named.
        station: Option<String>,
        /// Its work as a share of what it can do.
        utilisation: Option<f64>,
        /// By how many requests a second the number in the system grows.
        growth: Figure,
    },
    /// No request ever comes.
    Idle,
}

/// What a simulation took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Effort {
    /// Independent trials.
    pub trials: u32,
    /// Requests simulated, those of the warm-ups included.
    pub requests: u64,
    /// Requests observed.
    pub observed_requests: u64,
    /// The time at the start of each trial that was not observed.
    pub warm_up: f64,
    /// The time that each trial observed.
    pub observed: f64,
    /// The half-width of the interval that was asked for, as a share of the mean response time.
    pub precision_asked: f64,
    /// Trials that were cut short because they took too many events.
    pub cut_short: u32,
}

/// Services without a finite variance.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct HeavyTail {
    /// The station.
    pub station: String,
    /// The shape of their Pareto distribution.
    pub shape: f64,
}

/// All requests together.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Requests {
    /// Requests that came, a second.
    pub offered: Option<Figure>,
    /// Good answers, a second.
    pub throughput: Option<Figure>,
    /// Requests in the system.
    pub in_system: Option<Figure>,
    /// Mean response time of good answers.
    pub response: Option<Figure>,
    /// Its percentiles.
    pub percentiles: Percentiles,
    /// Share of the requests that were not answered well.
    pub lost: Option<Figure>,
    /// Attempts refused, as a share of the requests.
    pub refused: Option<Figure>,
    /// Attempts timed out, as a share of the requests.
    pub timed_out: Option<Figure>,
    /// Attempts repeated, as a share of the requests.
    pub retried: Option<Figure>,
}

/// Percentiles of a time.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, JsonSchema)]
pub struct Percentiles {
    /// The median.
    pub p50: Option<Figure>,
    /// Below it are 95%.
    pub p95: Option<Figure>,
    /// Below it are 99%.
    pub p99: Option<Figure>,
}

/// The requests of a class.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClassFigures {
    /// The class.
    pub name: String,
    /// Mean response time of its good answers.
    pub response: Option<Figure>,
    /// Percentiles of the response time of its good answers.
    pub percentiles: Percentiles,
    /// Share of its requests that were not answered well.
    pub lost: Option<Figure>,
}

/// What happened at a station.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StationFigures {
    /// The station.
    pub name: String,
    /// Its balancer's policy in one line, where there are several instances.
    pub policy: Option<String>,
    /// Visits that came, a second.
    pub visits: Option<Figure>,
    /// Busy share of the servers of its busiest instances.
    pub utilisation: Option<Figure>,
    /// Mean waiting time of the visits that were served.
    pub waiting: Option<Figure>,
    /// Percentiles of that.
    pub waiting_percentiles: Percentiles,
    /// Mean stay of a visit, its own calls included.
    pub stay: Option<Figure>,
    /// Visits that wait.
    pub queue: Option<Figure>,
    /// Visits that are there.
    pub number: Option<Figure>,
    /// Share of the served visits that had to wait.
    pub waited: Option<Figure>,
    /// Share of the visits that were refused.
    pub refused: Option<Figure>,
    /// Share of the visits that gave up waiting.
    pub gave_up: Option<Figure>,
    /// Share of the visits that were dropped because nobody waited for them any more.
    pub dropped: Option<Figure>,
    /// Servers that are on, where they are not always there.
    pub servers_on: Option<Figure>,
    /// Its fleet, where an autoscaler changes the number of its instances.
    pub fleet: Option<FleetFigures>,
    /// What only some stations have.
    pub particulars: Particulars,
}

/// What only some stations have.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct Particulars {
    /// What a cache holds in one line, where that is simulated.
    pub contents: Option<String>,
    /// The share of the keys that were there, likewise.
    pub hit_ratio: Option<Figure>,
    /// The share of the reads that were answered with what is old, where instances are copies.
    pub stale: Option<Figure>,
    /// Writes that were lost with a primary, a second, likewise.
    pub lost_writes: Option<Figure>,
    /// How long calls to it wait for a connection, on average, where they need one.
    pub connecting: Option<Figure>,
    /// The share of the calls to it that failed for want of one, likewise.
    pub unconnected: Option<Figure>,
    /// Calls to it that nobody waited for and that failed in the end, a second, where there are
    /// such calls.
    pub undelivered: Option<Figure>,
    /// Calls to it that were not made because it was too late, a second, where requests have a
    /// deadline.
    pub too_late: Option<Figure>,
}

/// What an autoscaler did, and what that costs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FleetFigures {
    /// Its rule in one line.
    pub policy: String,
    /// Instances that are sent calls, on average.
    pub serving: Option<Figure>,
    /// Instances that are paid for, on average: those that boot, serve or leave.
    pub paid: Option<Figure>,
    /// Hours of instances that are paid for within the observed time.
    pub instance_hours: Option<Figure>,
    /// Instances that it asked for over time, where the load changes or something happens.
    pub course: Vec<FleetPoint>,
}

/// A fleet in a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct FleetPoint {
    /// The middle of the stretch, from the start of the observed time.
    pub at: f64,
    /// Instances that the autoscaler asked for, on average.
    pub asked: Figure,
}

/// A point of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct CurvePoint {
    /// The share of the requests that are faster.
    pub share: f64,
    /// The response time.
    pub response: Figure,
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct SeriesPoint {
    /// Its middle, from the start of the observed time.
    pub at: f64,
    /// Requests that came, a second.
    pub offered: Figure,
    /// Those of them that were answered well, a second.
    pub good: Figure,
    /// The median of their response time.
    pub p50: Option<Figure>,
    /// Below it are 95% of them.
    pub p95: Option<Figure>,
}
