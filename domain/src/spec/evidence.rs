//! What the simulation found, and what the model expected of it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::plan::LatencyForm;
use crate::verification::{Method, Verdict};

/// A latency with its interval; `null` where it is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    /// The estimate.
    pub observed_us: Option<u64>,
    /// The interval in which the truth lies.
    pub ci95_us: [Option<u64>; 2],
}

/// A share of requests or of capacity, with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The estimate.
    pub observed_ppm: u64,
    /// The interval in which the truth lies.
    pub ci95_ppm: [u64; 2],
}

/// One comparison with an objective. Three of the optional fields are there: those of a latency
/// (`_us`), of a share of good requests or of uptime (`_ppm`), or of a load (`_load_permille`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckPart {
    /// Unique within the spec.
    pub id: String,
    /// The objective.
    pub objective: String,
    /// The scenario.
    pub scenario: String,
    /// Whether the outcome demands it.
    pub demanded: bool,
    /// The latency that was observed; absent beside a limit where it is unbounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_us: Option<u64>,
    /// Its interval; `null` for an unbounded end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci95_us: Option<[Option<u64>; 2]>,
    /// Its limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_us: Option<u64>,
    /// The share that was observed, rounded down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_ppm: Option<u64>,
    /// Its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci95_ppm: Option<[u64; 2]>,
    /// Its limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_ppm: Option<u64>,
    /// The load that was observed to hold, on the stated peak, rounded down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_load_permille: Option<u64>,
    /// Its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci95_load_permille: Option<[u64; 2]>,
    /// Its limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_load_permille: Option<u64>,
    /// What became of it.
    pub verdict: Verdict,
    /// How it was decided.
    pub method: Method,
    /// Independent trials behind it.
    pub trials: u32,
    /// Requests behind it.
    pub requests: u64,
}

/// What one scenario showed beyond its checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioPart {
    /// Its name.
    pub name: String,
    /// What happens in it.
    pub summary: String,
    /// Simulated time over all trials.
    pub simulated_us: u64,
    /// Requests offered.
    pub requests: u64,
    /// Independent trials.
    pub trials: u32,
    /// Share of the requests answered without an error in time.
    pub goodput: Share,
    /// From the end of the fault until goodput was back; absent where it never was, or where
    /// there was no fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered_after_us: Option<u64>,
    /// Latency of good requests by percentile: `p950` for 95%.
    pub latency: BTreeMap<String, Latency>,
    /// The distribution of the latency: of all requests, then of each class where there are
    /// several. At the stated peak; absent elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distribution: Vec<DistributionPart>,
    /// Utilisation of each service's busiest pool.
    pub utilisation: BTreeMap<String, Share>,
    /// Refused, as a share of the requests.
    pub refused_ppm: u64,
    /// Attempts that timed out, as a share of the requests.
    pub timed_out_ppm: u64,
    /// Retries, as a share of the requests.
    pub retried_ppm: u64,
    /// Requests that were answered without something that was down, which count as served; absent
    /// where there were none.
    #[serde(default, skip_serializing_if = "is_none_of")]
    pub degraded_ppm: u64,
    /// A time series.
    pub series: Vec<SeriesPart>,
}

/// How long requests take. Those that are refused, fail or are given up are slower than every
/// latency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DistributionPart {
    /// The class; absent for all requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Name>,
    /// The requests.
    pub requests: u64,
    /// Those of them that were not answered well.
    pub unanswered: u64,
    /// From all but the fastest to the slowest, as far as at least ten requests are slower.
    pub points: Vec<ExceedancePart>,
}

/// What a share of the requests takes longer than.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceedancePart {
    /// The share.
    pub above_ppm: u32,
    /// The latency; `null` where it is unbounded.
    pub observed_us: Option<u64>,
    /// The interval in which the truth lies; `null` for an unbounded end.
    pub ci95_us: [Option<u64>; 2],
}

/// A moment of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesPart {
    /// From the start of the measured part.
    pub at_us: u64,
    /// Thousandths of a request offered a second.
    pub offered_milli_rps: u64,
    /// Thousandths of a request answered well a second.
    pub good_milli_rps: u64,
    /// Latency p95 of those; 0 when there were none.
    pub latency_p95_us: u64,
    /// Thousandths of an instance that serve, over all autoscaled services.
    pub replicas_milli: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_none_of(count: &u64) -> bool {
    *count == 0
}

/// Uptime by enumeration of states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UptimePart {
    /// Unavailability weighted by requests: what the check compares.
    pub request_weighted_ppb: u64,
    /// The same at twice the failure rates.
    pub at_twice_the_rates_ppb: u64,
    /// Share of time in states in which the objectives do not hold at the peak.
    pub structural_ppb: u64,
    /// Probability that a year stays within its error budget.
    pub year_within_budget_ppm: u64,
    /// The share of requests that are answered without something that is down, which count as
    /// served; absent where there are none.
    #[serde(default, skip_serializing_if = "is_none_of")]
    pub degraded_ppb: u64,
    /// Each cause with its share, largest first.
    pub terms: Vec<Term>,
    /// States that were enumerated.
    pub states: u32,
}

/// One cause of unavailability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Its name.
    pub name: String,
    /// Its share.
    pub unavailability_ppb: u64,
}

/// Where the plan breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakingLoadPart {
    /// The highest load at which every objective was seen to hold, on the stated peak.
    pub holds_ppm: u64,
    /// The lowest load at which one was seen not to; absent when none was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaks_ppm: Option<u64>,
    /// The users that the load that holds stands for, when the load was stated in users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds_users: Option<u64>,
    /// The busiest service there.
    pub saturates: String,
}

/// Latency and goodput at one load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    /// The load on the stated peak.
    pub load_ppm: u64,
    /// Median latency.
    pub p50: Latency,
    /// 95th percentile.
    pub p95: Latency,
    /// 99th percentile.
    pub p99: Latency,
    /// Share of good requests.
    pub goodput: Share,
}

/// The day, mostly by the fluid model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayPart {
    /// Thousandths of an instance-hour a day, by service.
    pub instance_hours_milli: BTreeMap<String, u64>,
    /// Share of the simulated time that was simulated request by request.
    pub request_level_share_ppm: u64,
    /// Largest difference between fluid and request-level utilisation.
    pub fluid_error_ppm: u64,
    /// Least share of good requests in a window.
    pub worst_goodput_ppm: u64,
}

/// What the model expects of a latency objective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EstimatePart {
    /// The objective.
    pub objective: String,
    /// The state in which it is worst.
    pub state: String,
    /// `moment`: the moments of all services are added up and a distribution is assumed; `proof`:
    /// each service keeps to a share of what may be slower, whose quantiles are added up. The
    /// former where it is absent.
    #[serde(default, skip_serializing_if = "LatencyForm::is_moment")]
    pub form: LatencyForm,
    /// Mean of the sojourn over all services and the network; in the moment form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_us: Option<u64>,
    /// Standard deviation of it; in the moment form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deviation_us: Option<u64>,
    /// What each service that is visited keeps to; in the proof form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<TailEvidence>,
    /// The percentile: of a gamma distribution with those moments, or the sum of those quantiles.
    pub percentile_us: u64,
    /// The limit.
    pub limit_us: u64,
}

/// What one service keeps to in the proof form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TailEvidence {
    /// The service.
    pub service: Name,
    /// All its visits in a request take at most so long, but for its share.
    pub quantile_us: u64,
    /// Its share of what may be slower, in billionths.
    pub share_ppb: u64,
}

/// How the model adds unavailability up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityPart {
    /// Terms, largest first.
    pub terms: Vec<Term>,
    /// Their sum.
    pub total_ppb: u64,
    /// What the published agreements would compose to; reported, never planned with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sla_composition_ppb: Option<u64>,
    /// Agreements that no source is known for.
    pub sla_unknown: Vec<String>,
    /// Whether the outcome holds at the peak on what is left of any zone's loss.
    pub survives_zone_loss: bool,
}
