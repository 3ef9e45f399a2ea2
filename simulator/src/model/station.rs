//! Stations: equal or unequal instances behind one balancer.

use super::{
    Balancing, Call, Connections, Contents, Copies, Floor, Life, Model, ModelFault, Resilience,
    Route, Service, number, per_class, route,
};

/// More instances than any cloud sells to one customer; the engine numbers them in 32 bits.
const INSTANCES_MAX: usize = 10_000_000;
/// More servers than one instance can have.
const SERVERS_MAX: u32 = 1_000_000_000;

/// Instances behind a balancer that counts all calls to them.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// What it is called.
    pub name: String,
    /// Its instances.
    pub instances: Vec<Instance>,
    /// Slices, of which each call goes to one, each as likely.
    pub shards: u32,
    /// How the calls to a shard are spread over its serving instances.
    pub balancing: Balancing,
    /// Visits that may wait in one instance; any number where there is none.
    pub queue_limit: Option<u32>,
    /// Visits that may be inside one instance; any number where there is none.
    pub in_flight_limit: Option<u32>,
    /// The service time of a visit on an instance of speed 1, by class.
    pub service: Vec<Service>,
    /// What a visit calls after it was served, by class.
    pub calls: Vec<Vec<Call>>,
    /// What it does when such a call fails.
    pub resilience: Resilience,
    /// The order of service, who gives up waiting, and when the servers are there.
    pub floor: Floor,
    /// Where a visit goes after its calls, by class; empty where every visit answers.
    pub routes: Vec<Vec<Route>>,
    /// What its instances hold, where it is a cache whose contents are simulated; the hit ratios of
    /// lookups there are not looked at then.
    pub contents: Option<Contents>,
    /// How its instances are kept alike, where only one of each shard is written to.
    pub copies: Option<Copies>,
    /// How its instances die and are found out, where they do not live for ever.
    pub life: Option<Life>,
    /// How many serving instances of a shard there must be in the zone of a caller for its calls to
    /// stay there; where there is none, zones are not looked at.
    pub near: Option<u32>,
    /// How many calls its instances may have under way to some stations, each listed once.
    pub connections: Vec<Connections>,
}

/// One instance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instance {
    /// Its zone.
    pub zone: u16,
    /// Instances of one pool are reported together.
    pub pool: u16,
    /// The slice that it serves.
    pub shard: u32,
    /// Visits that it serves at once.
    pub servers: u32,
    /// How fast it serves each of them.
    pub speed: f64,
    /// How often a weighted balancer picks it, in proportion to the others.
    pub weight: f64,
    /// Whether the balancer sends to it from the start.
    pub serving: bool,
}

impl Instance {
    /// A serving instance of speed 1 in the first zone.
    pub const fn with_servers(servers: u32) -> Self {
        Self { zone: 0, pool: 0, shard: 0, servers, speed: 1.0, weight: 1.0, serving: true }
    }
}

impl Station {
    /// A first-come-first-served queue for one class that calls nobody.
    pub fn queue(name: &str, instances: Vec<Instance>, service: Service) -> Self {
        Self {
            name: name.to_owned(),
            instances,
            shards: 1,
            balancing: Balancing::Random,
            queue_limit: None,
            in_flight_limit: None,
            service: vec![service],
            calls: vec![Vec::new()],
            resilience: Resilience::NONE,
            floor: Floor::default(),
            routes: Vec::new(),
            contents: None,
            copies: None,
            life: None,
            near: None,
            connections: Vec::new(),
        }
    }

    pub(super) fn validate(&self, own: usize, model: &Model) -> Result<(), ModelFault> {
        let place = self.name.as_str();
        per_class(place, self.service.len(), model.classes)?;
        per_class(place, self.calls.len(), model.classes)?;
        self.resilience.validate(place)?;
        if self.instances.len() > INSTANCES_MAX {
            return Err(ModelFault::TooMany {
                place: place.to_owned(),
                what: "instances",
                limit: INSTANCES_MAX as u64,
            });
        }
        if !self.routes.is_empty() {
            per_class(place, self.routes.len(), model.classes)?;
        }
        for routes in &self.routes {
            route::validate(place, routes, model.stations.len())?;
        }
        if let Some(contents) = &self.contents {
            contents.validate(place, self.instances.len())?;
        }
        if let Some(copies) = &self.copies {
            copies.validate(place)?;
        }
        if let Some(life) = &self.life {
            life.validate(place)?;
        }
        for (index, connections) in self.connections.iter().enumerate() {
            connections.validate(place, model.stations.len())?;
            if self.connections[..index].iter().any(|before| before.to == connections.to) {
                number(place, "station with one pool of connections", connections.to as f64, {
                    f64::INFINITY
                })?;
            }
        }
        self.balancing.validate(place)?;
        self.floor.validate(self, model.classes)?;
        number(place, "number of shards", f64::from(self.shards), 1.0)?;
        for instance in &self.instances {
            self.validate_instance(instance)?;
        }
        for service in &self.service {
            service.validate(place)?;
        }
        for call in self.calls.iter().flatten() {
            call.validate(place, own, model.stations.len())?;
        }
        Ok(())
    }

    fn validate_instance(&self, instance: &Instance) -> Result<(), ModelFault> {
        let place = self.name.as_str();
        number(place, "speed", instance.speed, 1e-9)?;
        number(place, "weight", instance.weight, 0.0)?;
        if instance.servers > SERVERS_MAX {
            return Err(ModelFault::TooMany {
                place: place.to_owned(),
                what: "servers in one instance",
                limit: SERVERS_MAX.into(),
            });
        }
        if instance.shard >= self.shards {
            return Err(ModelFault::Dangling {
                place: place.to_owned(),
                what: "shard",
                index: instance.shard as usize,
            });
        }
        Ok(())
    }
}
