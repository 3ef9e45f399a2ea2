//! A concrete system: which machines, how many, where, and how they are held together.
//!
//! Services stand in the order of [`crate::demand::Demand::services`], one deployment each.

use crate::commitment::Commitment;
use crate::name::Name;
use crate::offer::{Architecture, Provider, PurchaseTerm};
use crate::units::{Gigabits, Mebibytes, Ratio, Seconds, Speed};

/// A system that could be built.
#[derive(Debug, Clone, PartialEq)]
pub struct Topology {
    /// The cloud.
    pub provider: Provider,
    /// The region.
    pub region: Name,
    /// How many of its zones are used.
    pub zones: u8,
    /// The content delivery network before the edge, if there is one: `aws.cloudfront`.
    pub cdn: Option<String>,
    /// One deployment for each service of the demand, in its order.
    pub services: Vec<Deployment>,
}

/// How one service is deployed.
#[derive(Debug, Clone, PartialEq)]
pub struct Deployment {
    /// The managed product that it is, if it is one: `aws.alb`, `aws.rds`, `aws.elasticache`.
    pub product: Option<String>,
    /// The machines; none for a managed balancer. Of several pools all but the last one stand; the
    /// last one follows the load, where it has an autoscaler.
    pub pools: Vec<Pool>,
    /// How calls to it are spread over its instances.
    pub balancing: Balancing,
    /// Which of its instances serve.
    pub redundancy: Redundancy,
    /// Slices of its state; 1 where there is no state.
    pub shards: u32,
    /// What one instance admits; `None` for a managed product that admits whatever comes.
    pub limits: Option<InstanceLimits>,
    /// A volume for its data.
    pub storage: Option<Mebibytes>,
    /// How it is connected to, for a database.
    pub connections: Option<Connections>,
    /// How a failed instance is noticed.
    pub health_check: HealthCheck,
}

impl Deployment {
    /// All instances at the peak, over pools and zones.
    pub fn replicas(&self) -> u32 {
        self.pools.iter().map(Pool::replicas).sum()
    }
}

/// Equal machines.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// The provider's name of the offer.
    pub sku: String,
    /// Its family.
    pub family: String,
    /// Its instruction set.
    pub architecture: Architecture,
    /// vCPUs of one instance.
    pub vcpus: u32,
    /// Memory of one instance.
    pub memory: Mebibytes,
    /// Network bandwidth of one instance.
    pub network: Gigabits,
    /// Requests that one instance works on at once.
    pub servers: u32,
    /// How fast each of them is worked on, in reference vCPUs.
    pub speed: Speed,
    /// The share of calls that one instance is meant for, beside those of other pools: 1 where
    /// there are none, or where the balancer takes no weights.
    pub weight: u32,
    /// Instances at the peak in each zone.
    pub per_zone: Vec<u32>,
    /// How they are paid for: those that are not promised, where some are.
    pub term: PurchaseTerm,
    /// Those that are paid for at all hours of a term.
    pub commitment: Option<Commitment>,
    /// Who changes their number; `None` when it stays.
    pub autoscaler: Option<Autoscaler>,
}

impl Pool {
    /// All instances at the peak.
    pub fn replicas(&self) -> u32 {
        self.per_zone.iter().sum()
    }

    /// The most that there are ever.
    pub fn most(&self) -> u32 {
        self.autoscaler.map_or_else(|| self.replicas(), |autoscaler| autoscaler.max)
    }

    /// Every term that some of them are bought on.
    pub fn terms(&self) -> impl Iterator<Item = PurchaseTerm> + use<> {
        let promised = self.commitment.map(|commitment| commitment.term);
        promised.into_iter().chain(Some(self.term).filter(|term| Some(*term) != promised))
    }
}

/// A controller that keeps the utilisation of the whole service near a target by changing the
/// number of one pool. What stands beside that pool counts with what it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Autoscaler {
    /// Never fewer of the pool; 0 only beside another one.
    pub min: u32,
    /// Never more.
    pub max: u32,
    /// The utilisation that it steers to; never less than a machine's own work may be, where the
    /// number never falls below that of the peak.
    pub target: Ratio,
    /// How often it looks.
    pub period: Seconds,
    /// From its decision to the first request served: boot at p90 and start-up.
    pub warm_up: Seconds,
    /// It scales in to the most that any look within this span asked for.
    pub scale_in_window: Seconds,
    /// The time that a leaving instance has for what it still works on.
    pub drain: Seconds,
}

/// How calls are spread over instances. Every policy counts a call from the moment it is sent to
/// an instance until its answer is back, and breaks ties at random.
///
/// Where the weights of pools differ, random choices are made in proportion to them, and the fewest
/// calls are counted for each unit of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Balancing {
    /// Any healthy instance, each with the same probability.
    Random,
    /// The next healthy instance in a fixed cycle.
    RoundRobin,
    /// The healthy instance with the fewest calls outstanding.
    LeastOutstanding,
    /// Of two different healthy instances drawn at random, the one with fewer calls outstanding.
    PowerOfTwo,
}

impl Balancing {
    /// Every policy, the one with the shortest waits first.
    pub const ALL: [Self; 4] =
        [Self::LeastOutstanding, Self::PowerOfTwo, Self::RoundRobin, Self::Random];

    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::RoundRobin => "round_robin",
            Self::LeastOutstanding => "least_outstanding_requests",
            Self::PowerOfTwo => "power_of_two_choices",
        }
    }
}

/// Which instances serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redundancy {
    /// All of them.
    Active,
    /// One of each shard; another takes over when it fails.
    Standby {
        /// How long taking over takes.
        failover: Seconds,
    },
    /// One, without a copy.
    Single,
}

/// What one instance admits before it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstanceLimits {
    /// Requests that may wait for a server.
    pub queue: u32,
    /// Requests that may be in the instance at all, those that wait for their own calls included.
    pub in_flight: u32,
}

/// Connections of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// What the database accepts.
    pub max: u32,
    /// What each instance of a caller may hold.
    pub pool_per_instance: u32,
}

/// How a failed instance is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthCheck {
    /// Between two checks.
    pub interval: Seconds,
    /// How long a check may take.
    pub timeout: Seconds,
    /// Failed checks until an instance is ejected.
    pub unhealthy_after: u32,
    /// Passed checks until it is taken back.
    pub healthy_after: u32,
}
