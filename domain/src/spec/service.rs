//! What runs: one entry for each service, with everything that a generator writes down.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data_class::DataClass;
use crate::intent::ServiceKind;
use crate::name::Name;
use crate::offer::{Architecture, PurchaseTerm};
use crate::plan::Resource;
use crate::topology::Balancing;

/// One service as it is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicePart {
    /// Its name.
    pub name: Name,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: ServiceKind,
    /// Who runs it.
    pub platform: Platform,
    /// The managed product that it is, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// A cache's or database's engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The engine's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// The group of subnets that it is in.
    pub subnet: Name,
    /// The port that it listens on.
    pub port: u16,
    /// What it offers to the internet; the edge only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listener: Option<Listener>,
    /// The services that it sends its calls to.
    pub targets: Vec<Name>,
    /// How calls to it are spread over its instances, of all zones alike.
    pub algorithm: Balancing,
    /// Which of its instances serve.
    pub redundancy: RedundancyPart,
    /// Slices of its state.
    pub shards: u32,
    /// The machines, one entry for each kind; none for a managed balancer. Of several kinds, which
    /// serve together, the last one may follow the load, and the others stand at all times.
    pub offers: Vec<OfferPart>,
    /// How many there are over all offers; absent without machines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<Replicas>,
    /// How a failed instance is noticed.
    pub health_check: HealthCheckPart,
    /// How a new version replaces the old one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollout: Option<Rollout>,
    /// What one instance admits; absent for a managed product that admits whatever comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<Process>,
    /// What it does when a call of its own fails; absent where it calls nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resilience: Option<super::demand::FailurePart>,
    /// The disk that each instance of our own starts from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root_volume: Option<Volume>,
    /// A volume for the data of each instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<Volume>,
    /// How a database is connected to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<ConnectionsPart>,
    /// How a database is backed up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup: Option<Backup>,
    /// The classes of data that it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<DataClass>,
    /// What a rule demands to be encrypted of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption: Option<EncryptionPart>,
    /// What is lost with it and for how long it is away, where that is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<RecoveryPart>,
    /// What becomes of it outside the hours; absent where it is always open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<super::hours::SchedulePart>,
    /// What it carries.
    pub sizing: SizingPart,
}

/// Who runs a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Platform {
    /// The provider.
    Managed,
    /// Ourselves, on virtual machines.
    Vm,
}

/// What the edge offers to the internet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// Its port.
    pub port: u16,
    /// `https`.
    pub protocol: String,
    /// The oldest version of TLS that it speaks.
    pub tls_min: String,
    /// An idle connection is closed after so long.
    pub idle_timeout_us: u64,
}

/// Which instances serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum RedundancyPart {
    /// All of them.
    Active {},
    /// One of each shard; another, in another zone, takes over when it fails.
    Standby {
        /// How long taking over takes.
        failover_us: u64,
    },
    /// One, without a copy.
    Single {},
}

/// Equal machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferPart {
    /// The provider's name.
    pub instance_type: String,
    /// Its family.
    pub family: String,
    /// Its instruction set.
    pub architecture: Architecture,
    /// vCPUs of one instance.
    pub vcpu: u32,
    /// Memory of one instance.
    pub memory_mib: u64,
    /// Network bandwidth of one instance, in megabits a second; absent where nobody knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_mbps: Option<u64>,
    /// Requests that one instance works on at once.
    pub servers: u32,
    /// How fast each of them is worked on, in millionths of a reference vCPU.
    pub speed_ppm: u64,
    /// The share of calls that one instance is meant for, beside those of other offers; absent
    /// where it is 1, as where there are no others or the balancer takes no weights.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: u32,
    /// How they are paid for: those that are not promised, where some are.
    pub purchase: PurchaseTerm,
    /// Those that are paid for at all hours of a term; absent where none are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub committed: Option<CommittedPart>,
    /// Instances at the peak in each zone.
    pub per_zone: BTreeMap<Name, u32>,
    /// Who changes their number; absent when it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autoscaling: Option<AutoscalingPart>,
}

/// Instances that are paid for at all hours of a term, needed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct CommittedPart {
    /// For how long.
    pub term: PurchaseTerm,
    /// The same in months.
    pub months: u32,
    /// How many instances or nodes.
    pub instances: u32,
}

/// What is left out where it is 1.
pub(super) const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes every field by reference")]
pub(super) const fn is_one(weight: &u32) -> bool {
    *weight == 1
}

/// A controller that keeps utilisation near a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AutoscalingPart {
    /// `cpu_utilisation`.
    pub metric: String,
    /// The utilisation of the whole service that it steers to.
    pub target_ppm: u64,
    /// Never fewer of its own kind; 0 only beside another kind.
    pub min: u32,
    /// Never more of its own kind.
    pub max: u32,
    /// How often it looks.
    pub period_us: u64,
    /// From its decision to the first request served.
    pub warmup_us: u64,
    /// It scales in to the most that any look within this span asked for.
    pub scale_in_window_us: u64,
    /// The time that a leaving instance has for what it still works on.
    pub drain_us: u64,
}

/// How many machines there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replicas {
    /// At the peak.
    pub peak: u32,
    /// At the least load.
    pub min: u32,
    /// At most.
    pub max: u32,
    /// At the peak in each zone.
    pub per_zone: BTreeMap<Name, u32>,
    /// On average over the day, in thousandths.
    pub expected_milli: u64,
}

/// How a failed instance is noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthCheckPart {
    /// `http` where there is a path, `tcp` elsewhere.
    pub protocol: String,
    /// The path that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Between two checks.
    pub interval_us: u64,
    /// How long a check may take.
    pub timeout_us: u64,
    /// Failed checks until an instance is ejected.
    pub unhealthy_threshold: u32,
    /// Passed checks until it is taken back.
    pub healthy_threshold: u32,
}

/// How a new version replaces the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    /// By which steps.
    pub strategy: RolloutStrategy,
    /// So many more instances than planned while it runs.
    pub max_surge: u32,
    /// So many fewer: none, because a plan has no instance to spare for its own change.
    pub max_unavailable: u32,
    /// The time that a leaving instance has for what it still works on.
    pub drain_us: u64,
}

/// By which steps a new version replaces the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum RolloutStrategy {
    /// A few instances at a time.
    Rolling,
    /// One instance first, the rest when it did well, and back without a hand when not.
    Canary,
}

/// What one instance admits before it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// Requests that may wait for a server.
    pub queue_limit: u32,
    /// Requests that may be in the instance at all.
    pub max_in_flight: u32,
}

/// A volume of one instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// The product, as the bill has it; absent where the bill has no line for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Its size.
    pub size_mib: u64,
    /// Whether it is encrypted.
    pub encrypted: bool,
}

/// How a database is connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionsPart {
    /// What it accepts.
    pub max: u32,
    /// What each instance of a caller may hold.
    pub pool_per_instance: u32,
}

/// How a database is backed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Kept for so many days.
    pub retention_days: u32,
    /// The other region that each is copied to, where a rule demands it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_region: Option<Name>,
    /// When it is taken, in UTC.
    pub window_utc: String,
    /// Whether any moment of those days can be gone back to.
    pub point_in_time: bool,
    /// Whether it takes a second step to delete the database.
    pub deletion_protection: bool,
}

/// What has to be encrypted of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EncryptionPart {
    /// What it stores.
    pub at_rest: bool,
    /// What it sends and receives.
    pub in_transit: bool,
}

/// What a database gives when its machine or its zone is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryPart {
    /// What was written within this time is lost.
    pub rpo_us: u64,
    /// It is back after this time.
    pub rto_us: u64,
}

/// What a service carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SizingPart {
    /// Calls to it at the stated peak, in millionths of a call a second.
    pub arrival_micro_rps: u64,
    /// The servers that they keep busy, in thousandths; of several kinds, servers of their mean
    /// speed.
    pub load_erlang_milli: u64,
    /// All servers of the fleet of the peak.
    pub servers: u32,
    /// How busy those are.
    pub utilisation_permille: Utilisation,
    /// What limits it first.
    pub bottleneck: Resource,
}

/// How busy servers are, in thousandths; above 1000 where they would not hold, and 1,000,000 where
/// no server is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Utilisation {
    /// At the stated peak.
    pub peak: u64,
    /// With the load of the headroom.
    pub headroom: u64,
    /// With one instance down; absent where a copy takes over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_down: Option<u64>,
    /// With its fullest zone lost; absent where a copy takes over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone_lost: Option<u64>,
}
