//! Stations: one or more instances with servers, and what becomes of a visit.

use super::{Autoscaler, Connections, Contents, Copies, Distribution, Life, OnFailure};
use crate::name::Name;
use crate::units::{Ratio, Seconds};

/// A station by its place in the list of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StationIndex(pub usize);

/// Instances behind a balancer.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// What it is called.
    pub name: Name,
    /// Its instances, equal ones together; none where the list is empty.
    pub instances: Vec<Instances>,
    /// Slices, of which each call goes to one.
    pub shards: u32,
    /// How calls are spread over the instances.
    pub balancer: Balancer,
    /// Customers that may be inside one instance, served, waiting or calling (K of M/M/c/K).
    pub capacity: Option<u32>,
    /// Customers that may wait in one instance.
    pub queue_limit: Option<u32>,
    /// The service time on an instance of speed 1, by class.
    pub service: Vec<Distribution>,
    /// The order of service.
    pub discipline: Discipline,
    /// The priority of each class, 0 first; empty where all are alike.
    pub priorities: Vec<u8>,
    /// How long a customer waits before it gives up.
    pub patience: Option<Distribution>,
    /// Whether work that nobody waits for any more is dropped when a server would take it.
    pub drop_expired: bool,
    /// When the servers are there.
    pub availability: Servers,
    /// What a visit calls after it was served, by class.
    pub calls: Vec<Vec<Call>>,
    /// What it does when such a call fails.
    pub on_failure: OnFailure,
    /// Where a visit goes then, by class; with what is left of 1 it answers.
    pub routing: Vec<Vec<Route>>,
    /// Who changes the number of its instances; nobody where there is none. Those that serve from
    /// the start are there then, and all others may come.
    pub autoscaler: Option<Autoscaler>,
    /// How its instances die and come back, where they do not live for ever.
    pub life: Option<Life>,
    /// What its instances hold, where it is a cache whose contents are simulated.
    pub contents: Option<Contents>,
    /// How its instances are kept alike, where they are copies.
    pub copies: Option<Copies>,
    /// How many serving instances of a shard there must be in the zone of a caller for its calls to
    /// stay there; where there is none, zones are not looked at.
    pub near: Option<u32>,
    /// Connections that each instance keeps to some stations, each listed once.
    pub connections: Vec<Connections>,
}

/// Equal instances.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instances {
    /// How many.
    pub count: u32,
    /// Servers of each.
    pub servers: u32,
    /// How fast each server is.
    pub speed: f64,
    /// How often a weighted balancer picks it, in proportion to the others.
    pub weight: f64,
    /// Its zone.
    pub zone: u16,
    /// The slice that it serves; each in turn where there is none.
    pub shard: Option<u32>,
    /// Whether the balancer sends to it from the start.
    pub serving: bool,
}

/// How calls are spread over the instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Balancer {
    /// Any, each as likely.
    Random,
    /// In turn.
    RoundRobin,
    /// One with the fewest calls outstanding (join the shortest queue).
    LeastOutstanding,
    /// Of some at random, one with the fewest calls outstanding.
    PowerOf {
        /// How many are drawn.
        choices: u32,
        /// Whether the same one may be drawn twice.
        replacement: bool,
    },
    /// One with no call outstanding; any at random where there is none.
    JoinIdle,
    /// Any, each with a probability in proportion to its weight.
    Weighted,
    /// The one with the fewest calls outstanding for each unit of its weight, the next included.
    LeastByWeight,
    /// The one that the client's number is hashed to.
    ClientHash {
        /// Clients, each as likely to be who calls.
        clients: u32,
    },
}

impl Balancer {
    /// The policy in one line: what is counted, how ties break, whether draws are put back.
    pub fn definition(self) -> String {
        let counted = "calls counted from sending until the answer or giving up; ties at random";
        match self {
            Self::Random => "random: each call to any serving instance, each as likely".to_owned(),
            Self::RoundRobin => {
                "round robin: serving instances in turn, whatever their load".to_owned()
            }
            Self::LeastOutstanding => {
                format!("least outstanding: of all, the fewest calls outstanding; {counted}")
            }
            Self::PowerOf { choices, replacement } => {
                let drawn = if replacement { "drawn with replacement" } else { "all different" };
                format!(
                    "power of {choices}: of {choices} at random, {drawn}, the fewest calls \
                     outstanding; {counted}"
                )
            }
            Self::JoinIdle => format!(
                "join idle queue: one without a call outstanding, or any at random where there \
                 is none; {counted}"
            ),
            Self::Weighted => {
                "weighted: any, with a probability in proportion to its weight".to_owned()
            }
            Self::LeastByWeight => format!(
                "least by weight: of all, the fewest calls outstanding, the next one included, \
                 for each unit of weight; {counted}"
            ),
            Self::ClientHash { clients } => format!(
                "client hash: the instance that the client's number is hashed to, of {clients} \
                 clients, each as likely"
            ),
        }
    }
}

/// The order of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discipline {
    /// First come, first served.
    FirstCome,
    /// Last come, first served.
    LastCome {
        /// Whether a newcomer takes the server of whoever came before it.
        preemptive: bool,
    },
    /// The most important class first; within it, first come.
    Priority {
        /// Whether a more important visit takes the server of a less important one.
        preemptive: bool,
    },
    /// All at once at equal shares.
    ProcessorSharing {
        /// How many at once, the others waiting in order of arrival.
        limit: Option<u32>,
    },
}

/// When the servers of an instance are there.
#[derive(Debug, Clone, PartialEq)]
pub enum Servers {
    /// Always.
    Always,
    /// Each fails, at work or not, and is repaired by one of so many crews.
    Failing {
        /// Time from repair to failure.
        time_to_failure: Distribution,
        /// Time of a repair.
        time_to_repair: Distribution,
        /// Crews of the instance; one for each server where there is no number.
        crews: Option<u32>,
    },
    /// Each is switched off when it has nothing to do, and set up for each visit that waits.
    SetUp(Distribution),
    /// Some are on; a threshold of visits starts one more, another stops one.
    Thresholds {
        /// How many are always on.
        least: u32,
        /// Visits inside that start one.
        start_at: u32,
        /// Visits inside that stop one.
        stop_at: u32,
        /// Time that a start takes.
        start: Distribution,
    },
}

/// A call that a station makes for each visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Call {
    /// The station called; it stands after the caller.
    pub to: StationIndex,
    /// Calls for one visit: the whole part always, one more with the probability of the rest.
    pub count: f64,
    /// Whether they go out together, and together with neighbouring parallel calls.
    pub parallel: bool,
    /// What is looked up, when the station is a cache.
    pub lookup: Option<Lookup>,
    /// Which of them the visit waits for.
    pub awaits: Awaits,
    /// The share of them that write, which matters where instances are copies of one another.
    pub writes: Ratio,
}

/// Which of the calls that it makes at once a visit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Awaits {
    /// Every one.
    #[default]
    Every,
    /// So many good answers (a quorum).
    First(u32),
    /// None: they are messages.
    Nothing,
}

/// What one call to a cache looks up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lookup {
    /// Keys in one call.
    pub keys: u32,
    /// The probability that a key is there; none where it follows from the contents.
    pub hit_ratio: Option<Ratio>,
    /// The station that answers for a key which is not.
    pub fallback: Option<StationIndex>,
}

/// A chance to go on to a station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Route {
    /// Where to.
    pub to: StationIndex,
    /// How likely.
    pub probability: f64,
}

impl Station {
    /// All its instances.
    pub fn count(&self) -> u64 {
        self.instances.iter().map(|equal| u64::from(equal.count)).sum()
    }

    /// Whether a visit to it can be lost before it is served.
    pub const fn loses(&self) -> bool {
        self.capacity.is_some() || self.queue_limit.is_some() || self.patience.is_some()
    }

    /// The longest time that a start of one of its servers is known to take.
    pub fn set_up(&self) -> Option<Seconds> {
        match &self.availability {
            Servers::SetUp(time) | Servers::Thresholds { start: time, .. } => time.simple_mean(),
            Servers::Always | Servers::Failing { .. } => None,
        }
    }
}
