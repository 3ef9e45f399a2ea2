//! What somebody wants: outcomes, and as much of the system as they cared to describe.
//!
//! An intent holds only what was stated. What was not stated is `None` here and becomes a default,
//! with an entry in the ledger, when the demand is worked out from it.

mod archetype;
mod bands;
mod chosen;
pub mod document;
mod environments;
mod external;
pub(crate) mod fault;
pub(crate) mod faults;
mod graph;
pub(crate) mod nearest;
mod offered;
pub mod phrase;
mod read;
mod regions;
mod setting;
mod shorthand;
pub(crate) mod text;
pub(crate) mod tree;
mod walk;
pub(crate) mod words;
pub(crate) mod yaml;

use std::collections::BTreeMap;

use crate::area::Country;
use crate::data_class::DataClass;
use crate::degradation::Substitute;
use crate::hours::Hours;
use crate::ledger::Stated;
use crate::name::Name;
use crate::objective::{Budget, LatencyObjective, Load, Operations, Recovery};
use crate::offer::{Provider, PurchaseTerm};
use crate::policy::Policies;
use crate::units::{Availability, Bytes, Mebibytes, Ratio, Seconds};

pub use external::StatedExternal;
pub use fault::{IntentFault, Words};
pub use faults::{Faults, PlacedFault};
pub use nearest::nearest;
pub use read::{Described, Source, read_intent, read_intent_given};
pub use text::{Form, Text};

/// What comes after the name of a queue in that of its workers.
pub(crate) const WORKERS: &str = "-workers";

/// The JSON Schema (draft 2020-12) of an intent document.
pub const INTENT_SCHEMA: &str = include_str!("schema.json");

/// An outcome to plan for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Intent {
    /// Who it belongs to.
    pub metadata: Metadata,
    /// The phrase it was read from, if it was one.
    pub phrase: Option<String>,
    /// The archetype that was asked for by its name, if one was.
    pub chosen: Option<Name>,
    /// The archetype whose services and requests were taken, if none were described.
    pub archetype: Option<Name>,
    /// What must come true.
    pub objectives: StatedObjectives,
    /// How the load moves over the day and the years.
    pub traffic: Traffic,
    /// The request classes; empty until an archetype supplies one.
    pub requests: Vec<RequestClass>,
    /// The services; empty until an archetype supplies them.
    pub services: Vec<Service>,
    /// Where it may run.
    pub run_on: RunOn,
    /// Level-3 statements: taken as given, and judged.
    pub pins: Vec<Pin>,
    /// How often change hurts.
    pub operations: Option<Stated<Operations>>,
    /// The hours of a week in which it is open; always where none are stated.
    pub hours: Option<Stated<Hours>>,
    /// The terms on which machines may be bought; on demand where none are stated.
    pub purchase: Vec<Stated<PurchaseTerm>>,
    /// The environment that was taken of several.
    pub environment: Option<Name>,
    /// The environments that can be taken, in the order of the document; none once one was.
    pub environments: Vec<Name>,
    /// Defaults that were overridden by their name in the ledger, with the text of their value.
    pub assume: Vec<(String, Stated<String>)>,
    /// The rules of others that hold for it.
    pub policy: Policies,
    /// What it was read from, for what is found out about it later.
    pub described: Described,
}

impl Intent {
    /// What the workers of a queue are called.
    pub fn workers_of(queue: &Name) -> String {
        format!("{queue}{WORKERS}")
    }
}

/// Name, labels and annotations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// What the system is called.
    pub name: Option<Name>,
    /// Labels that required-tag rules read, in the order of their keys.
    pub labels: Vec<(String, String)>,
    /// Where labels were stated, by their keys.
    pub places: BTreeMap<String, String>,
    /// The rules of policies that filled labels in, by the keys of those.
    pub filled: BTreeMap<String, String>,
    /// Annotations, in the order of their keys.
    pub annotations: Vec<(String, String)>,
}

/// Outcomes as stated.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatedObjectives {
    /// The load at the peak.
    pub load: Option<Load>,
    /// The share that this load is of the one that was stated for the whole, for an environment.
    pub load_share: Option<Stated<Ratio>>,
    /// The share of requests that must be answered well.
    pub uptime: Option<Availability>,
    /// The span over which that is counted, where it is not a year.
    pub uptime_window: Option<Seconds>,
    /// Latency percentiles over all requests; those of a class stand at the class.
    pub latency: Vec<LatencyObjective>,
    /// The most that may be spent.
    pub budget: Budget,
    /// What may be lost of the data of every database, and for how long.
    pub recovery: Recovery,
    /// More load that must be carried.
    pub headroom_load: Option<Stated<Ratio>>,
    /// Instances that may be down.
    pub instances_down: Option<Stated<u32>>,
}

/// How the load moves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Traffic {
    /// The shape of a day.
    pub shape: Option<Shape>,
    /// Growth in a year.
    pub growth: Option<Stated<Ratio>>,
    /// How far ahead the growth is sized.
    pub horizon: Option<Stated<Seconds>>,
    /// The countries that its users are in, each once and in their order.
    pub users_in: Option<Stated<Vec<Country>>>,
}

/// The shape of a day.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// The peak, all day.
    Flat,
    /// One peak a day.
    Diurnal {
        /// How much higher the peak is than the mean.
        peak_to_mean: Option<Stated<f64>>,
    },
}

/// A kind of request: where it enters and what it weighs.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestClass {
    /// Its name.
    pub name: Name,
    /// Its share of all requests; the shares of all classes add up to the whole.
    pub share: Option<Stated<Ratio>>,
    /// The service that it enters at.
    pub enters: Name,
    /// Requests of one action of a user.
    pub per_page: Option<Stated<f64>>,
    /// The size of its response.
    pub response: Option<Stated<Bytes>>,
    /// The share of its requests that a content delivery network may answer.
    pub cacheable: Option<Stated<Ratio>>,
    /// Latency objectives of its own.
    pub latency: Vec<LatencyObjective>,
}

/// What a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceKind {
    /// The balancer at the edge.
    Balancer,
    /// Stateless code on instances.
    Service,
    /// A cache in memory, of which one node serves and its copy stands by.
    Cache,
    /// A relational database with one writer.
    Sql,
    /// A managed queue, from which workers take messages.
    Queue,
    /// A service of somebody else: called, and neither sized nor paid for.
    External,
}

impl ServiceKind {
    /// As documents and the spec write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Balancer => "load_balancer",
            Self::Service => "service",
            Self::Cache => "cache",
            Self::Sql => "sql",
            Self::Queue => "queue",
            Self::External => "external",
        }
    }
}

/// A service as described.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub kind: ServiceKind,
    /// CPU time of one request, for every class or for one.
    pub cpu_time: Vec<(Option<Name>, Stated<Seconds>)>,
    /// The instance type that the CPU time was measured on; the reference vCPU when not stated.
    pub measured_on: Option<Stated<String>>,
    /// Coefficient of variation of the CPU time.
    pub spread: Option<Stated<f64>>,
    /// Memory of an idle process.
    pub memory_base: Option<Stated<Mebibytes>>,
    /// Memory of a request in flight.
    pub memory_per_request: Option<Stated<Mebibytes>>,
    /// From a booted instance to the first request served.
    pub startup: Option<Stated<Seconds>>,
    /// What it calls for one request, in order.
    pub calls: Vec<Call>,
    /// What it does when a call fails.
    pub on_failure: OnFailure,
    /// What it can do without when that is down, and with what it answers then.
    pub degrades: Vec<(Name, Substitute)>,
    /// A cache's data.
    pub working_set: Option<Stated<Mebibytes>>,
    /// The share of a cache's lookups that it answers.
    pub hit_ratio: Option<Stated<Ratio>>,
    /// Where a cache's misses are answered from.
    pub fallback: Option<Name>,
    /// A database's or cache's engine.
    pub engine: Option<Stated<String>>,
    /// The engine's version.
    pub engine_version: Option<Stated<String>>,
    /// A database's data.
    pub storage: Option<Stated<Mebibytes>>,
    /// Connections that a database accepts.
    pub connections: Option<Stated<u64>>,
    /// Operations on its disk that one query of a database takes on average.
    pub iops_per_query: Option<Stated<f64>>,
    /// The share of a database's queries that write.
    pub writes: Option<Stated<Ratio>>,
    /// Within what a backlog is worked off, by workers that take messages from a queue.
    pub drain_within: Option<Stated<Seconds>>,
    /// The port that it listens on.
    pub port: Option<Stated<u16>>,
    /// The path that a health check asks for.
    pub health_path: Option<Stated<String>>,
    /// The image that it runs.
    pub image: Option<Stated<String>>,
    /// The classes of data that it holds.
    pub holds: Vec<DataClass>,
    /// What is known of a service of somebody else.
    pub external: Option<StatedExternal>,
}

/// A call that a service makes for each request that it serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The service called.
    pub to: Name,
    /// The class for which it is made; `None` for every class.
    pub class: Option<Name>,
    /// How many calls, on average; a fraction is a probability.
    pub count: Option<Stated<f64>>,
    /// Items looked up in one call to a cache.
    pub lookups: Option<Stated<f64>>,
    /// Whether the calls run side by side.
    pub parallel: bool,
    /// The share of the calls that only read.
    pub reads: Option<Stated<Ratio>>,
}

/// What a service does when a call fails or takes too long.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OnFailure {
    /// How long an attempt may take.
    pub timeout: Option<Stated<Seconds>>,
    /// How often a failed attempt is repeated.
    pub retries: Option<Stated<u32>>,
    /// The largest share of calls that may be retries.
    pub retry_budget: Option<Stated<Ratio>>,
}

/// Where a system may run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunOn {
    /// Providers allowed; empty for any.
    pub providers: Vec<Provider>,
    /// Regions allowed; empty for any.
    pub regions: Vec<Name>,
    /// At least so many zones.
    pub zones: Option<Stated<u32>>,
}

/// A decision that was taken beforehand.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    /// The service it binds.
    pub service: Name,
    /// The instance type, node type or database class.
    pub instance_type: Option<Stated<String>>,
    /// At least so many replicas at the peak.
    pub replicas_min: Option<Stated<u32>>,
    /// At most so many replicas at the peak.
    pub replicas_max: Option<Stated<u32>>,
    /// The provider that a wording such as "EC2 instances" implies.
    pub provider: Option<Provider>,
    /// What it is bought as, where the wording says so.
    pub product: Option<PinnedProduct>,
}

/// What a pinned service is bought as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinnedProduct {
    /// Instances, on which the service is run by its owner.
    Instance,
    /// A managed database.
    ManagedSql,
    /// A managed cache.
    ManagedCache,
}
