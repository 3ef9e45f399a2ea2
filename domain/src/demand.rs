//! What must be carried: the intent with every number filled in, and the ledger of where from.

use crate::cdn::CdnDemand;
use crate::degradation::Degradation;
use crate::external::External;
use crate::fault::FaultModel;
use crate::hours::Hours;
use crate::intent::{RunOn, ServiceKind};
use crate::ledger::Ledger;
use crate::name::Name;
use crate::objective::{Objectives, Operations, UserKind};
use crate::offer::PurchaseTerm;
use crate::policy::Gates;
use crate::rules::Rules;
use crate::units::{Bytes, Mebibytes, Ratio, RequestsPerSecond, Seconds};

/// A service by its place in [`Demand::services`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceIndex(pub usize);

/// A request class by its place in [`Demand::classes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassIndex(pub usize);

/// The load, the work, the outcomes and the faults: all that a plan is made from and judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// What the system is called.
    pub name: Name,
    /// How the load was read.
    pub load: LoadReading,
    /// The load over one day as fractions of the peak, at equal steps from midnight; with hours,
    /// over the shortest open day from when it opens.
    pub day: DayProfile,
    /// The hours of a week in which it is open; `None` for always.
    pub hours: Option<Hours>,
    /// The terms that machines may be bought on, beside on demand; none where none are listed.
    pub purchase: Vec<PurchaseTerm>,
    /// The request classes that reach the edge; their shares add up to the whole.
    pub classes: Vec<ClassDemand>,
    /// What a content delivery network answers before the edge; `None` where there is none.
    pub cdn: Option<CdnDemand>,
    /// The services; the edge comes first and every caller before what it calls.
    pub services: Vec<ServiceDemand>,
    /// Round trips inside the region.
    pub network: NetworkDelay,
    /// What must come true.
    pub objectives: Objectives,
    /// How often change hurts.
    pub operations: Operations,
    /// Where it may run.
    pub run_on: RunOn,
    /// Decisions taken beforehand, by service.
    pub pins: Vec<ServicePin>,
    /// The rules that hold.
    pub rules: Rules,
    /// What policies approve and deny.
    pub policy: Gates,
    /// How things fail.
    pub faults: FaultModel,
    /// Where every number above came from.
    pub ledger: Ledger,
}

impl Demand {
    /// Whether nobody waits for a call between those: it hands a message over to a queue, or a
    /// queue hands it to its workers.
    pub fn is_message(&self, from: ServiceIndex, to: ServiceIndex) -> bool {
        let queue = |index: ServiceIndex| self.service(index).kind == ServiceKind::Queue;
        queue(from) || queue(to)
    }

    /// All requests at the peak, before headroom: those that reach the edge, and those that are
    /// answered before it.
    pub fn offered(&self) -> RequestsPerSecond {
        self.cdn.as_ref().map_or(self.load.peak, |cdn| cdn.peak)
    }

    /// The service at that place.
    pub fn service(&self, index: ServiceIndex) -> &ServiceDemand {
        &self.services[index.0]
    }

    /// How long the day of its profile is: 24 hours, or the shortest open day.
    pub fn day_length(&self) -> Seconds {
        self.hours.as_ref().map_or(Seconds::DAY, Hours::shortest_day)
    }

    /// The share of all time in which it is open.
    pub fn open_share(&self) -> f64 {
        self.hours.as_ref().map_or(1.0, |hours| hours.share().value())
    }

    /// The places of all services, callers first.
    pub fn service_indices(&self) -> impl Iterator<Item = ServiceIndex> + use<> {
        (0..self.services.len()).map(ServiceIndex)
    }
}

/// How a load was read.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadReading {
    /// How many people, and how they were counted; `None` when a rate was stated.
    pub users: Option<(u64, UserKind)>,
    /// Requests at the peak that reach the edge, before headroom.
    pub peak: RequestsPerSecond,
    /// The same on average over the day.
    pub mean: RequestsPerSecond,
    /// In words: "10k concurrent, 7 s between pages, 3.2 requests a page".
    pub reading: String,
}

/// One day as fractions of its peak, at equal steps; the last step leads back to the first.
#[derive(Debug, Clone, PartialEq)]
pub struct DayProfile {
    /// At least one fraction, each within 0..=1; the largest is 1.
    pub fractions: Vec<Ratio>,
}

/// A request class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassDemand {
    /// Its name.
    pub name: Name,
    /// Its share of the requests that reach the edge.
    pub share: Ratio,
    /// The service behind the edge that it enters at.
    pub enters: ServiceIndex,
    /// The size of its response.
    pub response: Bytes,
}

/// Delays of the network inside one region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkDelay {
    /// A round trip within a zone.
    pub same_zone: Seconds,
    /// A round trip between two zones.
    pub cross_zone: Seconds,
}

/// A service with every number filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceDemand {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub kind: ServiceKind,
    /// Its work for one visit, by class; nothing for a class that never visits it.
    pub work: Vec<Work>,
    /// What it calls while it serves one request, in order.
    pub calls: Vec<CallDemand>,
    /// At most so many requests are worked on at once in one instance, whatever its vCPUs.
    pub servers_max: Option<u32>,
    /// Memory of an idle process.
    pub memory_base: Mebibytes,
    /// Memory of a request in flight.
    pub memory_per_request: Mebibytes,
    /// From a booted instance to the first request served.
    pub startup: Seconds,
    /// What it does when a call fails.
    pub on_failure: FailureHandling,
    /// What it can do without when that is down.
    pub degrades: Vec<Degradation>,
    /// A cache's or database's data.
    pub data: Option<DataDemand>,
    /// What is asked of workers that take messages from a queue.
    pub backlog: Option<Backlog>,
    /// What is known of a service of somebody else; its work is as long as that takes.
    pub external: Option<External>,
    /// What it is reached by.
    pub interface: Interface,
    /// Bytes of one call and its answer, between this service and its caller.
    pub bytes_per_call: Bytes,
}

/// What is asked of workers that take messages from a queue: nobody waits for an answer, so no
/// latency, but that a message is done in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// A message is done so long after it was handed over, but for one in a hundred; and so long
    /// may it take until what has piled up is worked off.
    pub drain_within: Seconds,
    /// What may have piled up: the messages of so long a standstill of all workers at the peak.
    pub standstill: Seconds,
}

impl ServiceDemand {
    /// Whether it answers when that service is down.
    pub fn serves_without(&self, service: ServiceIndex) -> bool {
        self.degrades.iter().any(|own| own.without == service)
    }

    /// The identifier of what is asked of its messages, if it takes any: `age-p99-jobs-workers`.
    pub fn age(&self) -> Option<String> {
        self.backlog.map(|_| format!("age-p99-{}", self.name))
    }
}

impl Backlog {
    /// Which part of the messages must be done in time.
    pub const PERCENTILE_PERMILLE: u16 = 990;
}

/// The work of one visit on one reference vCPU.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Work {
    /// Mean CPU time.
    pub cpu_time: Seconds,
    /// Coefficient of variation of the CPU time.
    pub cv: f64,
}

/// A call that a service makes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CallDemand {
    /// The service called.
    pub to: ServiceIndex,
    /// The class for which it is made; `None` for every class.
    pub class: Option<ClassIndex>,
    /// Calls for one visit, on average: the whole part always, the rest with that probability.
    pub count: f64,
    /// Items looked up in one call to a cache; 1 elsewhere.
    pub lookups: u32,
    /// Whether the calls run side by side.
    pub parallel: bool,
    /// The share of the calls that only read.
    pub reads: Ratio,
}

/// What a service does when one of its calls fails or takes too long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FailureHandling {
    /// How long an attempt may take.
    pub timeout: Seconds,
    /// How often a failed attempt is repeated.
    pub retries: u32,
    /// The largest share of calls that may be retries.
    pub retry_budget: Ratio,
    /// An instance lets requests wait for so much work, and refuses what comes after.
    pub queue: Seconds,
}

/// What a stateful service holds.
#[derive(Debug, Clone, PartialEq)]
pub struct DataDemand {
    /// Its engine: `postgres`, `valkey`.
    pub engine: String,
    /// The engine's version.
    pub engine_version: String,
    /// A cache's working set or a database's data.
    pub size: Mebibytes,
    /// The share of a cache's lookups that it answers; the whole for a database.
    pub hit_ratio: Ratio,
    /// Where a cache's misses are answered from.
    pub fallback: Option<ServiceIndex>,
    /// The share of queries that write.
    pub writes: Ratio,
    /// Connections that a database must accept beside the pools of its callers.
    pub reserved_connections: u32,
    /// Operations on its disk that one query takes on average; `None` where nobody said.
    pub iops_per_query: Option<f64>,
}

/// What a service is reached by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// The port that it listens on.
    pub port: u16,
    /// The path that a health check asks for; `None` where a connection is check enough.
    pub health_path: Option<String>,
    /// The image that it runs; `None` when only the owner can say.
    pub image: Option<String>,
}

/// A pin with its service found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePin {
    /// The service that it binds.
    pub service: ServiceIndex,
    /// The instance type, node type or database class.
    pub instance_type: Option<String>,
    /// At least so many replicas at the peak.
    pub replicas_min: Option<u32>,
    /// At most so many replicas at the peak.
    pub replicas_max: Option<u32>,
}
