//! What a model is compiled to: flat arrays with integer places.

use super::NONE;
use super::alias::Aliases;
use super::connections::PoolPlan;
use super::copies::CopiesPlan;
use super::fleet::ControllerPlan;
use super::lives::LifePlan;
use super::misses::Misses;
use crate::model::service::{Further, Sampler};
use crate::model::{Backoff, Balancing, Batch, Change, Contents, Discipline, Floor, Rate, Servers};
use crate::random::{Fraction, Streams};
use crate::time::SECOND;

/// One station.
#[derive(Debug, Clone)]
pub(crate) struct StationPlan {
    /// The first of its shards among all shards.
    pub first_group: u32,
    /// How many shards it has.
    pub shards: u32,
    /// The first of its instances among all instances.
    pub first_instance: u32,
    /// Visits that may wait in an instance.
    pub queue_limit: u32,
    /// Visits that may be in an instance.
    pub in_flight_limit: u32,
    /// How many instances it has.
    pub instances: u32,
    /// How many pools its instances belong to.
    pub pools: usize,
    /// Whether its visits make calls of their own.
    pub calls: bool,
    /// Whether its visits may go on to other stations.
    pub routes: bool,
    /// What its queues and servers are like, where they are not plain; none elsewhere.
    pub floor: u32,
    /// What its instances hold, or none.
    pub contents: u32,
    /// How its instances are kept alike, or none.
    pub copies: u32,
    /// How its instances die and come back, or none.
    pub life: u32,
    /// How many must serve in a caller's zone for its calls to stay there; 0 where no zone matters.
    pub near: u32,
}

impl StationPlan {
    /// Whether its balancer alone decides which instance takes a call.
    pub(crate) const fn is_plain(&self) -> bool {
        self.contents == NONE && self.copies == NONE && self.near == 0
    }
}

/// What the instances of a cache hold.
#[derive(Debug, Clone)]
pub(crate) struct ContentsPlan {
    pub contents: Contents,
    pub popularity: Aliases,
    /// The cache of the station's first instance among all caches.
    pub first: u32,
}

/// One instance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InstancePlan {
    pub station: u32,
    pub group: u32,
    pub zone: u16,
    pub pool: u16,
    pub servers: u32,
    /// Its floor among all that are not plain, or none.
    pub floor: u32,
    pub slowness: f64,
    pub serving: bool,
    /// Whether the balancer counts the calls outstanding.
    pub counted: bool,
    pub weight: f64,
}

/// Queues and servers that are not plain.
#[derive(Debug, Clone)]
pub(crate) struct FloorPlan {
    pub discipline: Discipline,
    /// Lines.
    pub ranks: usize,
    priorities: Vec<u8>,
    /// In nanoseconds.
    pub patience: Option<Sampler>,
    pub drop_expired: bool,
    pub servers: ServersPlan,
}

/// When servers are there, with times in nanoseconds.
#[derive(Debug, Clone)]
pub(crate) enum ServersPlan {
    Always,
    Failing { lasts: Sampler, repair: Sampler, crews: u32 },
    SetUp(Sampler),
    Thresholds { least: u32, up: u32, down: u32, start: Sampler },
}

impl FloorPlan {
    pub(super) fn new(floor: &Floor) -> Self {
        let time = |service| Sampler::new(service, SECOND as f64);
        let by_priority = matches!(floor.discipline, Discipline::Priority { .. });
        let priorities = if by_priority { floor.priorities.clone() } else { Vec::new() };
        Self {
            discipline: floor.discipline,
            ranks: priorities.iter().max().map_or(1, |most| usize::from(*most) + 1),
            priorities,
            patience: floor.patience.as_ref().map(time),
            drop_expired: floor.drop_expired,
            servers: match &floor.servers {
                Servers::Always => ServersPlan::Always,
                Servers::Failing { lasts, repair, crews } => {
                    ServersPlan::Failing { lasts: time(lasts), repair: time(repair), crews: *crews }
                }
                Servers::SetUp { time: setup } => ServersPlan::SetUp(time(setup)),
                Servers::Thresholds { least, up, down, start } => ServersPlan::Thresholds {
                    least: *least,
                    up: *up,
                    down: *down,
                    start: time(start),
                },
            },
        }
    }

    /// The line of a class.
    pub(super) fn rank(&self, class: u16) -> usize {
        self.priorities.get(usize::from(class)).map_or(0, |rank| usize::from(*rank))
    }
}

/// Who makes calls: a station for its visits, or a source's clients for their requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallerPlan {
    /// Its list of deadlines, or none.
    pub deadlines: u32,
    /// Its retry budget, or none where every retry is allowed.
    pub budget: u32,
    /// How long it waits before a retry.
    pub backoff: Backoff,
    pub retries: u8,
}

/// Where a call goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// The station, or none.
    pub station: u32,
    /// The first of its shards among all shards.
    pub group: u32,
    /// How many shards it has; 0 where more than its balancer decides, as its plan says.
    pub shards: u32,
    /// The service of the class there.
    pub sampler: u32,
}

/// One step of what a visit does after it was served, or the call that is a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StepPlan {
    /// Who makes the calls.
    pub caller: CallerPlan,
    /// Where they go.
    pub to: Target,
    /// Where keys are asked for that the cache does not have.
    pub fallback: Target,
    /// The pool of connections that its calls need one of, or none.
    pub pool: u32,
    /// The same for its fallback.
    pub fallback_pool: u32,
    /// The zones that clients call from, among all lists of zones.
    pub zones: u32,
    /// Calls that are always made.
    pub whole: u32,
    /// The chance of one more, in units of 2⁻⁶⁴.
    pub fraction: u64,
    /// The table of its misses, or none: also where they follow from contents.
    pub misses: u32,
    pub keys: u32,
    /// The chance that a call writes, in units of 2⁻⁶⁴.
    pub writes: u64,
    /// How many of its calls are waited for: 0 for every one, none for none of them.
    pub awaited: u32,
    /// Whether they go out at once.
    pub parallel: bool,
    /// Whether their visit is answered without them where they fail.
    pub optional: bool,
    /// The same of the calls to the fallback.
    pub fallback_optional: bool,
}

/// One source.
#[derive(Debug, Clone)]
pub(crate) struct SourcePlan {
    /// The gaps, of mean 1.
    pub gaps: Sampler,
    pub rate: Rate,
    pub batch: Batch,
    /// Whether it has users in place of a stream.
    pub closed: bool,
    pub users: u32,
    /// How long they think, in nanoseconds.
    pub think: Sampler,
    /// How long a request is of use.
    pub deadline: u64,
    /// Upper bounds of the classes' shares, in units of 2⁻⁶⁴; the last class has what is left.
    pub classes: Vec<u64>,
    /// Whether there is more than one class, or more than one way in.
    pub has_choices: bool,
}

impl SourcePlan {
    /// The class of a request for a uniform number.
    #[inline]
    pub(crate) fn class(&self, uniform: Fraction) -> u16 {
        if self.classes.is_empty() {
            return 0;
        }
        let class = self.classes.partition_point(|bound| *bound <= uniform.0);
        u16::try_from(class).expect("a validated model has fewer classes")
    }
}

/// Something that happens at a moment.
#[derive(Debug, Clone)]
pub(crate) struct IncidentPlan {
    pub at: u64,
    pub change: Change,
}

/// A model, ready to be run.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub stations: Vec<StationPlan>,
    pub instances: Vec<InstancePlan>,
    pub floors: Vec<FloorPlan>,
    pub contents: Vec<ContentsPlan>,
    pub pools: Vec<PoolPlan>,
    pub copies: Vec<CopiesPlan>,
    pub lives: Vec<LifePlan>,
    /// The policy of each shard of each station.
    pub policies: Vec<Balancing>,
    /// Lists of zones that clients call from; the first one is empty, for all other callers.
    pub zones: Vec<Vec<u16>>,
    /// Which steps a station takes for a class: the first, and the one after the last.
    pub programs: Vec<(u32, u32)>,
    pub steps: Vec<StepPlan>,
    /// By station and class, the first of its routes and the one after the last.
    pub ways: Vec<(u32, u32)>,
    pub routes: Vec<RoutePlan>,
    /// By source and class, the step that is its request.
    pub entries: Vec<u32>,
    /// By station and class, in nanoseconds.
    pub services: Vec<Sampler>,
    pub misses: Vec<Misses>,
    pub sources: Vec<SourcePlan>,
    pub timeouts: Vec<u64>,
    pub budgets: Vec<f64>,
    /// Delays of the network that are not nothing.
    pub delays: Vec<u64>,
    /// The delay within a zone and between zones, as a place among them, or none.
    pub delay_of: [u32; 2],
    pub incidents: Vec<IncidentPlan>,
    pub controllers: Vec<ControllerPlan>,
    pub classes: usize,
    /// Whether any source has users in place of a stream.
    pub has_users: bool,
    /// Whether any source has a deadline.
    pub expires: bool,
}

/// A chance to go on to a station.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RoutePlan {
    /// The chance of this route and of those before it, in units of 2⁻⁶⁴.
    pub bound: u64,
    pub to: Target,
}

impl Program {
    /// The steps that a visit of a class takes after it was served.
    #[inline]
    pub(crate) fn steps_of(&self, station: u32, class: u16) -> (u32, u32) {
        self.programs[station as usize * self.classes + usize::from(class)]
    }

    /// The floor of a station that is not plain.
    pub(crate) fn floor_of(&self, station: u32) -> &FloorPlan {
        &self.floors[self.stations[station as usize].floor as usize]
    }

    /// Whether a request is that of a user.
    pub(crate) fn is_of_user(&self, request: u64) -> bool {
        self.sources[super::arrivals::source(request)].closed
    }

    /// The step that is a request of a class from a source.
    #[inline]
    pub(crate) fn entry(&self, source: usize, class: u16) -> u32 {
        self.entries[source * self.classes + usize::from(class)]
    }

    /// The work of a visit on an instance of speed 1, in nanoseconds, for a uniform number and the
    /// request and path that further numbers are drawn for.
    #[inline(always)]
    pub(crate) fn work(
        &self,
        streams: &Streams,
        to: &Target,
        uniform: Fraction,
        (request, path): (u64, u32),
    ) -> f64 {
        let sampler = &self.services[to.sampler as usize];
        sampler.sample(uniform, || Further { streams, entity: to.station, request, path })
    }

    /// Who makes the calls of a step.
    #[inline]
    pub(crate) fn caller(&self, step: u32) -> &CallerPlan {
        &self.steps[step as usize].caller
    }
}
