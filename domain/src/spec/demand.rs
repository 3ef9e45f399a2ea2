//! How the intent was understood: all that a plan is judged by, fine enough to be judged again.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cdn::CdnDemandPart;
use super::faults::FaultsPart;
use super::hours::HoursPart;
use super::service::{is_one, one};
use crate::degradation::Substitute;
use crate::intent::ServiceKind;
use crate::name::Name;
use crate::objective::{Operations, UserKind};
use crate::offer::{Peculiarity, Provider, PurchaseTerm};
use crate::topology::Balancing;

/// The load, the work and the faults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandPart {
    /// How many people, and how they were counted; absent when a rate was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<UsersPart>,
    /// Requests at the peak that reach the edge, before headroom, in millionths of a request a
    /// second.
    pub peak_micro_rps: u64,
    /// Requests on average over the day.
    pub mean_micro_rps: u64,
    /// The reading in words.
    pub reading: String,
    /// One day from midnight at equal steps, as parts of the peak; with hours, the shortest open
    /// day from when it opens.
    pub day_ppm: Vec<u64>,
    /// The hours of a week in which it is open; absent where it is always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursPart>,
    /// The terms that machines may be bought on beside on demand; absent where none are listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purchase: Vec<PurchaseTerm>,
    /// The request classes; their shares add up to a million.
    pub classes: Vec<ClassPart>,
    /// What is answered before the edge; absent where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cdn: Option<CdnDemandPart>,
    /// Round trips inside the region.
    pub network: NetworkDelayPart,
    /// The services: the edge first and every caller before what it calls.
    pub services: Vec<ServiceDemandPart>,
    /// How often change hurts.
    pub operations: Operations,
    /// Where it may run.
    pub run_on: RunOnPart,
    /// Decisions that were taken beforehand.
    pub pins: Vec<PinPart>,
    /// The rules that hold.
    pub rules: RulesPart,
    /// How things fail.
    pub faults: FaultsPart,
}

/// A number of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct UsersPart {
    /// How many.
    pub count: u64,
    /// How they were counted.
    pub reading: UserKind,
}

/// A request class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassPart {
    /// Its name.
    pub name: Name,
    /// Its share of the requests.
    pub share_ppm: u64,
    /// The service behind the edge that it enters at.
    pub enters: Name,
    /// The size of its response.
    pub response_bytes: u64,
}

/// Round trips inside the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkDelayPart {
    /// Within a zone.
    pub same_zone_us: u64,
    /// Between two zones.
    pub cross_zone_us: u64,
}

/// A service with every number filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceDemandPart {
    /// Its name.
    pub name: Name,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: ServiceKind,
    /// Its work for one visit, one entry for each class.
    pub work: Vec<WorkPart>,
    /// What it calls for one visit, in order.
    pub calls: Vec<CallPart>,
    /// At most so many requests are worked on at once in one instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub servers_max: Option<u32>,
    /// Memory of an idle process.
    pub memory_base_mib: u64,
    /// Memory of a request in flight.
    pub memory_per_request_mib: u64,
    /// From a booted instance to the first request served.
    pub startup_us: u64,
    /// What it does when a call fails.
    pub on_failure: FailurePart,
    /// What it can do without when that is down; absent where there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub degrades: Vec<DegradationPart>,
    /// A cache's or database's data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<DataPart>,
    /// What is asked of workers that take messages from a queue; absent elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backlog: Option<BacklogPart>,
    /// What is known of a service of somebody else; absent elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalPart>,
    /// What it is reached by.
    pub interface: InterfacePart,
    /// Bytes of one call and its answer.
    pub bytes_per_call: u64,
}

/// What a service can do without for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DegradationPart {
    /// The service that it calls and can do without, itself or behind a cache.
    pub without: Name,
    /// What is answered in its place.
    pub serve: Substitute,
}

/// What is known of a service of somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalPart {
    /// Half of its answers come within so long.
    pub p50_us: u64,
    /// Ninety-nine of a hundred answers come within so long.
    pub p99_us: u64,
    /// The share of the time in which it answers.
    pub uptime_ppm: u64,
}

/// What is asked of workers that take messages from a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BacklogPart {
    /// Within what 99% of the messages are done, and within what a backlog is worked off.
    pub drain_within_us: u64,
    /// The backlog: the messages of so long a standstill at the peak.
    pub standstill_us: u64,
}

/// The work of one visit on one reference vCPU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkPart {
    /// The class that it is for.
    pub class: Name,
    /// Mean CPU time.
    pub cpu_time_ns: u64,
    /// Coefficient of variation of it.
    pub cv_ppm: u64,
}

/// A call that a service makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallPart {
    /// The service called.
    pub to: Name,
    /// The class for which it is made; absent for every class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Name>,
    /// Calls for one visit in millionths: the whole part always, the rest with that probability.
    pub count_ppm: u64,
    /// Items looked up in one call to a cache.
    pub lookups: u32,
    /// Whether the calls run side by side.
    pub parallel: bool,
    /// The share of the calls that only read.
    pub reads_ppm: u64,
}

/// What a service does when one of its calls fails or takes too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailurePart {
    /// How long an attempt may take.
    pub timeout_us: u64,
    /// How often a failed attempt is repeated.
    pub retries: u32,
    /// The largest share of calls that may be retries.
    pub retry_budget_ppm: u64,
    /// An instance lets requests wait for so much work, and refuses what comes after.
    pub queue_us: u64,
}

/// What a stateful service holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataPart {
    /// Its engine.
    pub engine: String,
    /// The engine's version.
    pub engine_version: String,
    /// A cache's working set or a database's data.
    pub size_mib: u64,
    /// The share of a cache's lookups that it answers.
    pub hit_ratio_ppm: u64,
    /// Where a cache's misses are answered from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Name>,
    /// The share of queries that write.
    pub writes_ppm: u64,
    /// Connections that a database must accept beside the pools of its callers.
    pub reserved_connections: u32,
    /// Operations on its disk that one query takes on average, in millionths; absent where nobody
    /// said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iops_per_query_ppm: Option<u64>,
}

/// What a service is reached by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterfacePart {
    /// The port that it listens on.
    pub port: u16,
    /// The path that a health check asks for; absent where a connection is check enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_path: Option<String>,
    /// The image that it runs; absent when only the owner can say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// Where a system may run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunOnPart {
    /// Providers allowed; empty for any.
    pub providers: Vec<Provider>,
    /// Regions allowed; empty for any.
    pub regions: Vec<Name>,
    /// At least so many zones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zones_min: Option<u32>,
}

/// A decision that was taken beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PinPart {
    /// The service that it binds.
    pub service: Name,
    /// The instance type, node type or database class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_type: Option<String>,
    /// At least so many replicas at the peak.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas_min: Option<u32>,
    /// At most so many replicas at the peak.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas_max: Option<u32>,
}

/// The rules that hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesPart {
    /// Utilisation of stateless services at the peak, after the loss that must be survived.
    pub utilisation_stateless_ppm: u64,
    /// The same for caches.
    pub utilisation_cache_ppm: u64,
    /// The same for databases.
    pub utilisation_sql_ppm: u64,
    /// Utilisation at the peak with the load of the headroom.
    pub utilisation_headroom_ppm: u64,
    /// The smallest instance.
    pub vcpus_min: u32,
    /// The largest instance.
    pub vcpus_max: u32,
    /// The least memory of an instance.
    pub memory_min_mib: u64,
    /// The most replicas of one service.
    pub replicas_max: u32,
    /// All vCPUs that the account may start; absent when nobody stated a quota.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vcpu_quota: Option<u32>,
    /// At least so many zones.
    pub zones_min: u8,
    /// At least so many of every stateless service and cache.
    pub replicas_min: u32,
    /// Whether databases and caches need a copy in another zone.
    pub redundant_data: bool,
    /// Whether what is left after the loss of a zone must carry the peak.
    pub survives_zone_loss: bool,
    /// How calls are spread over instances; absent where the solver chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balancing: Option<Balancing>,
    /// The most offers that one stateless service stands on at once; absent where it is 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub offers_per_service: u32,
    /// Whether databases and caches may run on instances where no managed product has a price.
    pub self_run_data: bool,
    /// Offers with one of these are not bought.
    pub excluded: BTreeSet<Peculiarity>,
}
