//! A document as a model of the engine.

use domain::model::{
    Awaits as WrittenAwaits, Balancer, Change as WrittenChange, Discipline as WrittenDiscipline,
    Incident as WrittenIncident, Jitter as WrittenJitter, Model as Document, OnFailure,
    Servers as WrittenServers, Station as WrittenStation,
};
use domain::units::Ratio;

use super::upkeep;
use crate::model::{
    Awaits, Backoff, Balancing, Call, Change, Discipline, Floor, Incident, Instance, Jitter,
    Lookup, Model, Network, Resilience, Route, Servers, Station,
};

/// How a document is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Converter {
    /// Seconds of the run for a second of the document.
    pub scale: f64,
    /// Seconds of the run before anything happens that happens once.
    pub warm_up: f64,
}

impl Converter {
    /// The whole document.
    pub(super) fn model(self, document: &Document) -> Model {
        let enters: Vec<usize> = document.classes.iter().map(|class| class.enters.0).collect();
        Model {
            classes: document.classes.len(),
            sources: document.sources.iter().map(|source| self.source(source, &enters)).collect(),
            stations: document.stations.iter().map(|station| self.station(station)).collect(),
            network: Network {
                same_zone: self.time(document.network.same_zone),
                cross_zone: self.time(document.network.cross_zone),
            },
            incidents: document
                .incidents
                .iter()
                .map(|incident| self.incident(incident, &document.stations))
                .collect(),
            controllers: self.controllers(document),
        }
    }

    fn station(self, station: &WrittenStation) -> Station {
        Station {
            name: station.name.to_string(),
            instances: instances(station),
            shards: station.shards,
            balancing: balancing(station.balancer),
            queue_limit: station.queue_limit,
            in_flight_limit: station.capacity,
            service: station.service.iter().map(|service| self.service(service)).collect(),
            calls: station.calls.iter().map(|calls| calls.iter().map(call).collect()).collect(),
            resilience: self.resilience(&station.on_failure),
            floor: Floor {
                discipline: discipline(station.discipline),
                priorities: match station.discipline {
                    WrittenDiscipline::Priority { .. } => station.priorities.clone(),
                    _ => Vec::new(),
                },
                patience: station.patience.as_ref().map(|patience| self.service(patience)),
                drop_expired: station.drop_expired,
                servers: self.servers(station),
            },
            routes: if station.routing.iter().all(Vec::is_empty) {
                Vec::new()
            } else {
                let of_class = |routes: &Vec<domain::model::Route>| {
                    routes.iter().map(|route| Route::to(route.to.0, route.probability)).collect()
                };
                station.routing.iter().map(of_class).collect()
            },
            contents: station.contents.as_ref().map(upkeep::contents),
            copies: station.copies.as_ref().map(|copies| self.copies(copies)),
            life: station.life.as_ref().map(|life| self.life(life)),
            near: station.near,
            connections: station.connections.iter().map(|pool| self.connections(pool)).collect(),
        }
    }

    fn servers(self, station: &WrittenStation) -> Servers {
        match &station.availability {
            WrittenServers::Always => Servers::Always,
            WrittenServers::Failing { time_to_failure, time_to_repair, crews } => {
                let most = station.instances.iter().map(|equal| equal.servers).max();
                Servers::Failing {
                    lasts: self.service(time_to_failure),
                    repair: self.service(time_to_repair),
                    crews: crews.or(most).unwrap_or(1).max(1),
                }
            }
            WrittenServers::SetUp(time) => Servers::SetUp { time: self.service(time) },
            WrittenServers::Thresholds { least, start_at, stop_at, start } => Servers::Thresholds {
                least: *least,
                up: *start_at,
                down: *stop_at,
                start: self.service(start),
            },
        }
    }

    /// What a caller does about calls that take too long or fail.
    pub(super) fn resilience(self, written: &OnFailure) -> Resilience {
        Resilience {
            timeout: written.timeout.map(|timeout| self.time(timeout)),
            retries: written.retries.unwrap_or(Resilience::FOREVER),
            budget: written.retry_budget,
            backoff: Backoff {
                time: self.time(written.backoff.first),
                growth: written.backoff.growth,
                most: written.backoff.limit.map(|limit| self.time(limit)),
                jitter: match written.backoff.jitter {
                    WrittenJitter::None => Jitter::None,
                    WrittenJitter::Full => Jitter::Uniform,
                    WrittenJitter::Exponential => Jitter::Exponential,
                },
            },
        }
    }

    fn incident(self, written: &WrittenIncident, stations: &[WrittenStation]) -> Incident {
        let station = written.station.0;
        let instances = if written.instances.is_empty() {
            let count = usize::try_from(stations[station].count()).unwrap_or(usize::MAX);
            (0..count).collect()
        } else {
            written.instances.clone()
        };
        let change = match written.change {
            WrittenChange::Down => Change::Down { station, instances },
            WrittenChange::Up => Change::Up { station, instances },
            WrittenChange::Eject => Change::Eject { station, instances },
            WrittenChange::Admit => Change::Admit { station, instances },
            WrittenChange::Stall(time) => Change::Stall { station, duration: self.time(time) },
        };
        Incident { at: self.time(written.at) + self.warm_up, change }
    }
}

/// Every instance by itself; equal ones are reported together.
fn instances(station: &WrittenStation) -> Vec<Instance> {
    let mut instances = Vec::new();
    for (pool, equal) in
        (0_u16..=u16::MAX).chain(std::iter::repeat(u16::MAX)).zip(&station.instances)
    {
        // A fleet is reported as a whole, whichever of its instances are there.
        let pool = if station.autoscaler.is_some() { 0 } else { pool };
        for _ in 0..equal.count {
            let place = u32::try_from(instances.len()).unwrap_or(u32::MAX);
            instances.push(Instance {
                zone: equal.zone,
                pool,
                shard: equal.shard.unwrap_or(place % station.shards),
                servers: equal.servers,
                speed: equal.speed,
                weight: equal.weight,
                serving: equal.serving,
            });
        }
    }
    instances
}

const fn balancing(balancer: Balancer) -> Balancing {
    match balancer {
        Balancer::Random => Balancing::Random,
        Balancer::RoundRobin => Balancing::RoundRobin,
        Balancer::LeastOutstanding => Balancing::LeastOutstanding,
        Balancer::PowerOf { choices: 2, replacement: false } => Balancing::PowerOfTwo,
        Balancer::PowerOf { choices, replacement } => Balancing::PowerOf { choices, replacement },
        Balancer::JoinIdle => Balancing::JoinIdle,
        Balancer::Weighted => Balancing::Weighted,
        Balancer::LeastByWeight => Balancing::LeastByWeight,
        Balancer::ClientHash { clients } => Balancing::ClientHash { clients },
    }
}

const fn discipline(written: WrittenDiscipline) -> Discipline {
    match written {
        WrittenDiscipline::FirstCome => Discipline::FirstCome,
        WrittenDiscipline::LastCome { preemptive } => Discipline::LastCome { preemptive },
        WrittenDiscipline::Priority { preemptive } => Discipline::Priority { preemptive },
        WrittenDiscipline::ProcessorSharing { limit } => Discipline::Sharing { most: limit },
    }
}

fn call(written: &domain::model::Call) -> Call {
    Call {
        to: written.to.0,
        count: written.count,
        parallel: written.parallel,
        optional: false,
        lookup: written.lookup.map(|lookup| Lookup {
            optional: false,
            keys: lookup.keys,
            hit_ratio: lookup.hit_ratio.map_or(0.0, Ratio::value),
            fallback: lookup.fallback.map(|station| station.0),
        }),
        awaits: match written.awaits {
            WrittenAwaits::Every => Awaits::Every,
            WrittenAwaits::First(enough) => Awaits::First(enough),
            WrittenAwaits::Nothing => Awaits::Nothing,
        },
        writes: written.writes.value(),
    }
}
