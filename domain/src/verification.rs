//! What the simulation found: checks with intervals, and the verdict over them.

use std::collections::BTreeMap;

use crate::name::Name;
use crate::units::{Ppm, Probability, Seconds};

/// What became of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It holds, at the confidence that was asked for.
    Pass,
    /// It does not hold, at that confidence.
    Fail,
    /// The limit of the simulation was reached before either could be said.
    Undecided,
}

impl Verdict {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Undecided => "undecided",
        }
    }
}

/// What became of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Every demanded check passes.
    Verified,
    /// A demanded check fails.
    Refuted,
    /// No demanded check fails, and one could not be decided.
    Undecided,
}

impl Status {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Refuted => "refuted",
            Self::Undecided => "undecided",
        }
    }
}

/// A value with the interval in which the truth lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// The estimate.
    pub value: f64,
    /// The low end of the interval; equal to the value where the method is exact.
    pub low: f64,
    /// The high end.
    pub high: f64,
}

/// What a check's numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckUnit {
    /// Seconds of latency.
    Seconds,
    /// A share of requests, 0 to 1.
    Share,
    /// A factor on the stated load.
    LoadFactor,
    /// Parts per million of unavailability.
    UnavailabilityPpm,
}

/// How a check was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Independent trials, stopped by the spending rule.
    Sequential,
    /// States enumerated exactly, with simulated goodput in each.
    Exact,
    /// Trials of a fixed number.
    Fixed,
}

impl Method {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Exact => "exact",
            Self::Fixed => "fixed",
        }
    }
}

/// One comparison of an observation with an objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Unique within the verification: `latency-p95@headroom`.
    pub id: String,
    /// The objective: `latency-p95`, `goodput`, `uptime`, `load`.
    pub objective: String,
    /// The scenario: `peak`, `headroom`, `instance-down:app`, `zone-loss`, `blip` …
    pub scenario: String,
    /// Whether the outcome demands it; what is not demanded never refutes a plan.
    pub demanded: bool,
    /// What was observed.
    pub observed: Observed,
    /// What was asked for.
    pub limit: f64,
    /// The unit of both.
    pub unit: CheckUnit,
    /// What became of it.
    pub verdict: Verdict,
    /// How it was decided.
    pub method: Method,
    /// Independent trials behind it.
    pub trials: u32,
    /// Requests behind it.
    pub requests: u64,
}

/// What one scenario showed, beyond its checks.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioResult {
    /// Its name.
    pub name: String,
    /// What happens in it, in one sentence.
    pub summary: String,
    /// Simulated time over all trials, after the warm-up.
    pub simulated: Seconds,
    /// Requests offered.
    pub requests: u64,
    /// Independent trials.
    pub trials: u32,
    /// Share of the requests answered without an error in time.
    pub goodput: Observed,
    /// Seconds from the end of the fault until goodput was back; `None` where it never was, or
    /// where there was no fault.
    pub recovered_after: Option<Seconds>,
    /// Latency percentiles of good requests: permille and what was observed.
    pub latency: Vec<(u16, Observed)>,
    /// The distribution of the latency: of all requests, then of each class where there are
    /// several. At the stated peak; nothing elsewhere.
    pub distribution: Vec<Distribution>,
    /// Utilisation of each service's busiest pool, by service name.
    pub utilisation: BTreeMap<String, Observed>,
    /// Refused because a queue was full or nothing was healthy, as a share of the requests.
    pub refused: f64,
    /// Attempts that timed out, as a share of the requests.
    pub timed_out: f64,
    /// Retries as a share of the requests.
    pub retried: f64,
    /// The share of requests that were answered without something that was down.
    pub degraded: f64,
    /// A time series: seconds from the start, offered a second, good a second.
    pub series: Vec<SeriesPoint>,
}

/// How long requests take: what which share of them takes longer than. Those that are refused, fail
/// or are given up are slower than every latency.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// The class; all requests where there is none.
    pub class: Option<Name>,
    /// The requests, over all trials.
    pub requests: u64,
    /// Those of them that were not answered well.
    pub unanswered: u64,
    /// From all but the fastest to the slowest, as far as there are requests enough.
    pub points: Vec<DistributionPoint>,
}

/// A point of a distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistributionPoint {
    /// The share of the requests that take longer, in parts per million.
    pub above_ppm: u32,
    /// Longer than what, in seconds; the high end of the interval may be unbounded.
    pub latency: Observed,
}

/// A moment of a scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesPoint {
    /// From the start of the measured part.
    pub at: Seconds,
    /// Requests offered a second.
    pub offered: f64,
    /// Requests answered well a second.
    pub good: f64,
    /// Latency p95 of those good requests, in seconds; 0 when there were none.
    pub latency_p95: f64,
    /// Instances of all autoscaled services that serve.
    pub replicas: f64,
}

/// Latency against load, for the plot and for the breaking load.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadCurvePoint {
    /// The load as a factor on the stated peak.
    pub factor: f64,
    /// Median latency.
    pub p50: Observed,
    /// 95th percentile.
    pub p95: Observed,
    /// 99th percentile.
    pub p99: Observed,
    /// Share of good requests.
    pub goodput: Observed,
}

/// Where the plan breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakingLoad {
    /// The highest factor at which every objective was seen to hold.
    pub holds: f64,
    /// The lowest factor at which one was seen not to; `None` when none was found in the range.
    pub breaks: Option<f64>,
    /// The busiest service there.
    pub saturates: String,
}

/// The day, mostly by the fluid model.
#[derive(Debug, Clone, PartialEq)]
pub struct DayResult {
    /// Instance-hours a day of each autoscaled service, by name.
    pub instance_hours: BTreeMap<String, f64>,
    /// Share of the simulated time that was simulated request by request.
    pub request_level_share: f64,
    /// Largest difference between fluid and request-level utilisation where both were computed.
    pub fluid_error: f64,
    /// Least share of good requests in a window.
    pub worst_goodput: f64,
}

/// Uptime by enumeration of states.
#[derive(Debug, Clone, PartialEq)]
pub struct UptimeResult {
    /// Weighted by requests: what the check compares.
    pub request_weighted: Ppm,
    /// At twice the failure rates.
    pub at_twice_the_rates: Ppm,
    /// Share of time in states in which the objectives do not hold at the peak.
    pub structural: Ppm,
    /// Probability that a year stays within its error budget.
    pub year_within_budget: Probability,
    /// The share of requests that are answered without something that is down; they count as
    /// served.
    pub degraded: Ppm,
    /// Each cause with its share, largest first.
    pub terms: Vec<(String, Ppm)>,
    /// States that were enumerated.
    pub states: u32,
}

/// Everything that was found about one topology.
#[derive(Debug, Clone, PartialEq)]
pub struct Verification {
    /// The verdict.
    pub status: Status,
    /// Every check, demanded ones first.
    pub checks: Vec<Check>,
    /// Every scenario, in the order run.
    pub scenarios: Vec<ScenarioResult>,
    /// Where it breaks.
    pub breaking_load: Option<BreakingLoad>,
    /// Latency against load.
    pub load_curve: Vec<LoadCurvePoint>,
    /// The day, if it was simulated.
    pub day: Option<DayResult>,
    /// Uptime, if an objective or the report asked for it.
    pub uptime: Option<UptimeResult>,
    /// The error that was allowed for this round's verdict.
    pub alpha: Probability,
    /// The seed of all streams.
    pub seed: u64,
    /// The random number generator.
    pub generator: &'static str,
    /// Requests simulated in all scenarios.
    pub requests: u64,
}

impl Verification {
    /// The demanded check that failed first, or that stayed undecided.
    pub fn first_objection(&self) -> Option<&Check> {
        let demanded = |verdict| {
            self.checks.iter().find(move |check| check.demanded && check.verdict == verdict)
        };
        demanded(Verdict::Fail).or_else(|| demanded(Verdict::Undecided))
    }
}
