//! A demand on a topology, as a model.
//!
//! - The edge is the first service when it is a balancer. A managed one is a pass-through without a
//!   limit of its own: its clients' calls go to the entry service from a zone at random. A self-run
//!   one is a station like any other; its clients are next to it. The edge neither waits nor
//!   repeats: its clients do, by the edge's handling of failures.
//! - Each other service is a station; its instances stand in the zones of its pools. A call takes
//!   the round trip between the zones of the two instances; routing does not look at zones.
//! - A service time is lognormal with the mean and variation of the class's work, divided by the
//!   speed of the instance.
//! - Of a service with standbys one instance of each shard serves: the primary, in the first zone
//!   that has one; its standby is in the next zone. Otherwise all instances serve, dealt to the
//!   shards in turn.
//! - Where the weights of a service's pools differ, its calls are spread by them.
//! - A call to a cache looks up its keys; the misses go to the cache's fallback.
//! - A queue is a station that does no work and is never lost or full. It takes a message without
//!   anybody waiting for it, and makes it a call to its workers that nobody waits for either, again
//!   and again until it is done. Workers are a service like any other.
//! - A service of somebody else is a station with more servers than are ever asked for: its answers
//!   take a lognormal time, and whoever waits for one goes on holding what it holds.
//! - What a service can do without is called like anything else; where something is broken, and
//!   only there, a failed call of it does not fail the caller, and the request counts as degraded.
//! - Autoscalers stand still, unless they are asked for: then they are controllers of the model.

mod bursts;
mod condition;
mod controllers;
mod incidents;
mod instances;
mod order;

use domain::demand::{Demand, FailureHandling, ServiceDemand, ServiceIndex};
use domain::intent::ServiceKind;
use domain::topology::{Deployment, Redundancy, Topology};

pub use bursts::Minute;
pub(crate) use condition::Condition;
pub(crate) use controllers::Scaled;

use crate::fault::SimulatorFault;
use crate::model::{
    Arrivals, Awaits, Backoff, Balancing, Batch, Call, Floor, Lookup, Model, Network, Rate,
    Resilience, Service, Source, Station,
};

/// The longest first back-off before a retry, with full jitter and doubling: the order of
/// magnitude that Amazon's SDKs use (AWS Architecture Blog, "Exponential backoff and jitter").
const BACKOFF: f64 = 0.05;

/// The longest back-off before a message is handed over again, in seconds.
const REDELIVERY: f64 = 1.0;

/// Requests a second below which a load is simulated as if it were that.
const RATE_LEAST: f64 = 1e-3;

/// A demand on a topology, looked through and put in order.
#[derive(Debug, Clone)]
pub(crate) struct System<'a> {
    /// What is asked.
    pub demand: &'a Demand,
    /// Of what.
    pub topology: &'a Topology,
    /// The services that are stations, callers first.
    services: Vec<usize>,
    /// For each service its station, if it is one.
    stations: Vec<Option<usize>>,
    /// The one service that does what it does; all others answer at once, whatever comes.
    alone: Option<usize>,
    /// What a minute of the load is like within, where it is not like a Poisson stream.
    minute: Option<Minute>,
}

impl<'a> System<'a> {
    /// Looks a demand and a topology through.
    ///
    /// # Errors
    /// When they do not belong together, or calls go in a circle.
    pub(crate) fn new(demand: &'a Demand, topology: &'a Topology) -> Result<Self, SimulatorFault> {
        if demand.services.len() != topology.services.len() {
            return Err(SimulatorFault::Services {
                services: demand.services.len(),
                deployments: topology.services.len(),
            });
        }
        let zones = usize::from(topology.zones);
        for (service, deployment) in demand.services.iter().zip(&topology.services) {
            look_through(service.name.as_str(), deployment, zones)?;
        }
        let services = order::callers_first(demand, topology)?;
        let mut stations = vec![None; demand.services.len()];
        for (station, service) in services.iter().enumerate() {
            stations[*service] = Some(station);
        }
        Ok(Self { demand, topology, services, stations, alone: None, minute: None })
    }

    /// The same system, in which all services but one answer at once, whatever comes: what still
    /// goes wrong there is the doing of that one.
    pub(crate) fn alone(self, service: usize) -> Self {
        Self { alone: Some(service), ..self }
    }

    /// The same system, to which requests come as in such a minute.
    pub(crate) fn within(self, minute: Option<&Minute>) -> Self {
        Self { minute: minute.copied(), ..self }
    }

    /// The station of a service, if it is one.
    pub(crate) fn station(&self, service: usize) -> Option<usize> {
        self.stations[service]
    }

    /// The service of a station.
    pub(crate) fn service(&self, station: usize) -> usize {
        self.services[station]
    }

    /// All services that are stations, callers first.
    pub(crate) fn services(&self) -> impl Iterator<Item = usize> + '_ {
        self.services.iter().copied()
    }

    /// The name of a service.
    pub(crate) fn name(&self, service: usize) -> &'a str {
        self.demand.services[service].name.as_str()
    }

    /// The stated peak in requests a second. Less than one in a quarter of an hour is simulated as
    /// that: a system that is idle all the time is not idler for being asked still less.
    pub(crate) fn peak(&self) -> f64 {
        let stated = self.demand.load.peak.value();
        if stated > 0.0 { stated.max(RATE_LEAST) } else { 0.0 }
    }

    /// Instances of all services that an autoscaler changes the number of, at the peak; those that
    /// stand beside what it changes among them.
    pub(crate) fn autoscaled_replicas(&self) -> u32 {
        let scales = |deployment: &&Deployment| {
            deployment.pools.iter().any(|pool| pool.autoscaler.is_some())
        };
        self.topology.services.iter().filter(scales).map(Deployment::replicas).sum()
    }

    /// Whether a copy takes over when an instance of a service is lost.
    pub(crate) fn has_standbys(&self, service: usize) -> bool {
        matches!(self.topology.services[service].redundancy, Redundancy::Standby { .. })
    }

    /// The services that requests enter at behind the edge.
    pub(crate) fn entries(&self) -> impl Iterator<Item = usize> + '_ {
        self.demand.classes.iter().map(|class| class.enters.0)
    }

    /// The model in a condition.
    pub(crate) fn model(&self, condition: &Condition) -> Model {
        let network = self.demand.network;
        let stations = self.services().map(|service| self.station_model(service, condition));
        Model {
            classes: self.demand.classes.len(),
            sources: vec![self.source(condition)],
            stations: stations.collect(),
            network: Network {
                same_zone: network.same_zone.value(),
                cross_zone: network.cross_zone.value(),
            },
            incidents: Vec::new(),
            controllers: Vec::new(),
        }
    }

    fn source(&self, condition: &Condition) -> Source {
        let edge = &self.demand.services[0];
        let self_run = edge.kind == ServiceKind::Balancer && self.stations[0].is_some();
        let at = |service: usize| self.stations[service].expect("an entry is a station");
        let enters = self.entries().map(|entry| at(if self_run { 0 } else { entry }));
        let zones = 0..u16::from(self.topology.zones);
        let zones = zones.filter(|zone| !condition.lost_zones.contains(zone));
        Source {
            arrivals: Arrivals {
                gaps: Service::Exponential { mean: 1.0 },
                rate: condition.rate.clone().unwrap_or(Rate::Constant(self.peak())),
                batch: Batch::Single,
            },
            users: None,
            mix: self.demand.classes.iter().map(|class| class.share.value()).collect(),
            enters: enters.collect(),
            resilience: resilience(&edge.on_failure),
            zones: if self_run { Vec::new() } else { zones.collect() },
            deadline: None,
        }
    }

    fn station_model(&self, service: usize, condition: &Condition) -> Station {
        let demand = &self.demand.services[service];
        let deployment = &self.topology.services[service];
        let classes = 0..self.demand.classes.len();
        let ideal = self.alone.is_some_and(|alone| alone != service);
        let limits = deployment.limits.filter(|_| !ideal && !self.is_endless(service));
        let work = |class| if ideal { Service::Fixed { time: 0.0 } } else { work(demand, class) };
        Station {
            name: demand.name.to_string(),
            instances: self.instances(service, condition),
            shards: deployment.shards.max(1),
            balancing: balancing(deployment),
            queue_limit: limits.map(|limits| limits.queue),
            in_flight_limit: limits.map(|limits| limits.in_flight),
            service: classes.clone().map(work).collect(),
            calls: classes.map(|class| self.calls(service, class, condition.is_faulty())).collect(),
            resilience: match demand.kind {
                ServiceKind::Balancer => Resilience::NONE,
                ServiceKind::Queue => self.redelivery(demand),
                _ => resilience(&demand.on_failure),
            },
            floor: Floor::default(),
            routes: Vec::new(),
            contents: None,
            copies: None,
            life: None,
            near: None,
            connections: Vec::new(),
        }
    }

    /// What a visit of a class calls. A self-run edge calls where the class enters, and then what
    /// else it is said to call.
    fn calls(&self, service: usize, class: usize, faulty: bool) -> Vec<Call> {
        let demand = &self.demand.services[service];
        let entry = self.demand.classes[class].enters.0;
        let mut calls = Vec::new();
        let is_edge = demand.kind == ServiceKind::Balancer && service == 0;
        if is_edge {
            calls.push(Call::to(self.stations[entry].expect("an entry is a station"), 1.0));
        }
        for call in &demand.calls {
            let of_class = call.class.is_none_or(|of| of.0 == class);
            if !of_class || is_edge && call.to.0 == entry {
                continue;
            }
            let Some(to) = self.stations[call.to.0] else {
                continue;
            };
            let without = |to| faulty && demand.serves_without(to);
            calls.push(Call {
                to,
                count: call.count,
                parallel: call.parallel,
                lookup: self.lookup(call.to.0, call.lookups, without),
                awaits: self.awaits(service, call.to),
                writes: 0.0,
                optional: without(call.to),
            });
        }
        calls
    }

    /// A message is handed over again until it is done: soon where it was refused, and when it is
    /// late where nothing is heard of it, as when its worker died.
    fn redelivery(&self, queue: &ServiceDemand) -> Resilience {
        let workers = queue.calls.iter().map(|call| self.demand.service(call.to));
        let late = workers.filter_map(|own| own.backlog).map(|own| own.drain_within.value());
        Resilience {
            timeout: late.reduce(f64::max),
            retries: Resilience::FOREVER,
            budget: None,
            backoff: Backoff { most: Some(REDELIVERY), ..Backoff::jitter(BACKOFF) },
        }
    }

    fn awaits(&self, from: usize, to: ServiceIndex) -> Awaits {
        let message = self.demand.is_message(ServiceIndex(from), to);
        if message { Awaits::Nothing } else { Awaits::Every }
    }

    fn lookup(
        &self,
        cache: usize,
        keys: u32,
        without: impl Fn(ServiceIndex) -> bool,
    ) -> Option<Lookup> {
        let demand = &self.demand.services[cache];
        if demand.kind != ServiceKind::Cache {
            return None;
        }
        let data = demand.data.as_ref()?;
        Some(Lookup {
            keys,
            hit_ratio: data.hit_ratio.value(),
            fallback: data.fallback.and_then(|service| self.stations[service.0]),
            optional: data.fallback.is_some_and(without),
        })
    }
}

/// How calls are spread: by weight where the weights of the pools differ.
fn balancing(deployment: &Deployment) -> Balancing {
    let balancing = Balancing::from(deployment.balancing);
    let same = deployment.pools.windows(2).all(|pair| pair[0].weight == pair[1].weight);
    if same { balancing } else { balancing.by_weight() }
}

/// Whether the pools of a deployment can be told apart: by zone, and which of them comes and goes.
fn look_through(
    service: &str,
    deployment: &Deployment,
    zones: usize,
) -> Result<(), SimulatorFault> {
    for pool in &deployment.pools {
        if pool.per_zone.len() != zones {
            let found = pool.per_zone.len();
            return Err(SimulatorFault::Zones { service: service.to_owned(), found, zones });
        }
    }
    let Some((_, standing)) = deployment.pools.split_last() else {
        return Ok(());
    };
    let takes_over = matches!(deployment.redundancy, Redundancy::Standby { .. });
    if standing.iter().any(|pool| takes_over || pool.autoscaler.is_some()) {
        return Err(SimulatorFault::Pools { service: service.to_owned() });
    }
    Ok(())
}

/// The service time of a visit; a class without work takes none.
fn work(service: &ServiceDemand, class: usize) -> Service {
    let work = service.work.get(class).copied().unwrap_or_default();
    Service::LogNormal { mean: work.cpu_time.value(), cv: work.cv }
}

fn resilience(handling: &FailureHandling) -> Resilience {
    Resilience {
        timeout: Some(handling.timeout.value().max(1e-9)),
        retries: u8::try_from(handling.retries).unwrap_or(u8::MAX),
        budget: Some(handling.retry_budget.value()),
        backoff: Backoff::jitter(BACKOFF),
    }
}
