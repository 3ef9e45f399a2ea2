//! How a model is compiled to flat arrays.

use super::alias::Aliases;
use super::connections::PoolPlan;
use super::copies::CopiesPlan;
use super::fleet::ControllerPlan;
use super::lives::LifePlan;
use super::misses::Misses;
use super::program::{
    CallerPlan, ContentsPlan, FloorPlan, IncidentPlan, InstancePlan, Program, RoutePlan,
    SourcePlan, StationPlan, StepPlan, Target,
};
use super::{NONE, place};
use crate::model::service::Sampler;
use crate::model::{
    Awaits, Call, Connections, Contents, Copies, Life, Model, ModelFault, Resilience, Service,
};
use crate::time::{NEVER, SECOND, from_seconds};

impl Program {
    /// Compiles a model.
    ///
    /// # Errors
    /// When the model has a fault.
    pub(crate) fn new(model: &Model) -> Result<Self, ModelFault> {
        model.validate()?;
        let mut program = Self::empty(model);
        for station in &model.stations {
            program.add_station(station);
        }
        for (index, station) in model.stations.iter().enumerate() {
            let caller = program.caller_plan(&station.resilience);
            let first = program.steps.len();
            for (class, calls) in station.calls.iter().enumerate() {
                let steps = program.add_steps(caller, 0, class, calls);
                program.programs.push(steps);
            }
            program.add_pools(index, &station.connections, first);
            program.add_routes(station);
        }
        for source in &model.sources {
            program.add_source(source);
        }
        program.add_incidents(model);
        Ok(program)
    }

    fn empty(model: &Model) -> Self {
        let network = [model.network.same_zone, model.network.cross_zone].map(from_seconds);
        let mut delays: Vec<u64> = network.into_iter().filter(|delay| *delay > 0).collect();
        delays.dedup();
        let way = |delay| delays.iter().position(|known| *known == delay).map_or(NONE, place);
        Self {
            delay_of: network.map(way),
            ways: Vec::new(),
            routes: Vec::new(),
            expires: model.sources.iter().any(|source| source.deadline.is_some()),
            has_users: model.sources.iter().any(|source| source.users.is_some()),
            delays,
            stations: Vec::new(),
            instances: Vec::new(),
            floors: Vec::new(),
            contents: Vec::new(),
            pools: Vec::new(),
            copies: Vec::new(),
            lives: Vec::new(),
            policies: Vec::new(),
            zones: vec![Vec::new()],
            programs: Vec::new(),
            steps: Vec::new(),
            entries: Vec::new(),
            services: Vec::new(),
            misses: Vec::new(),
            sources: Vec::new(),
            timeouts: Vec::new(),
            budgets: Vec::new(),
            incidents: Vec::new(),
            controllers: model.controllers.iter().map(ControllerPlan::new).collect(),
            classes: model.classes,
        }
    }

    fn add_station(&mut self, station: &crate::model::Station) {
        let own = place(self.stations.len());
        let first_group = place(self.policies.len());
        let pools = station.instances.iter().map(|instance| usize::from(instance.pool) + 1).max();
        let floor = if station.floor.is_plain() { NONE } else { place(self.floors.len()) };
        if floor != NONE {
            self.floors.push(FloorPlan::new(&station.floor));
        }
        let copies = station.copies.as_ref().map_or(NONE, |copies| self.add_copies(copies));
        let life = station.life.as_ref().map_or(NONE, |life| self.add_life(life));
        let contents = station.contents.map_or(NONE, |contents| self.add_contents(contents));
        let floors = self.instances.iter().filter(|instance| instance.floor != NONE).count();
        self.stations.push(StationPlan {
            floor,
            contents,
            copies,
            life,
            near: station.near.map_or(0, |least| least.max(1)),
            first_group,
            shards: station.shards,
            instances: place(station.instances.len()),
            first_instance: place(self.instances.len()),
            queue_limit: station.queue_limit.unwrap_or(u32::MAX),
            in_flight_limit: station.in_flight_limit.unwrap_or(u32::MAX),
            pools: pools.unwrap_or(0),
            calls: station.calls.iter().any(|calls| !calls.is_empty()),
            routes: station.routes.iter().any(|routes| !routes.is_empty()),
        });
        self.policies.extend((0..station.shards).map(|_| station.balancing));
        self.instances.extend((0..).zip(&station.instances).map(|(own_place, instance)| {
            InstancePlan {
                floor: if floor == NONE { NONE } else { place(floors) + own_place },
                station: own,
                group: first_group + instance.shard,
                zone: instance.zone,
                pool: instance.pool,
                servers: instance.servers,
                slowness: 1.0 / instance.speed,
                serving: instance.serving,
                weight: instance.weight,
                counted: station.balancing.counts(),
            }
        }));
        let unit = SECOND as f64;
        self.services.extend(station.service.iter().map(|service| Sampler::new(service, unit)));
    }

    /// How the instances of the next station are kept alike.
    fn add_copies(&mut self, copies: &Copies) -> u32 {
        let before = self.stations.iter().filter(|station| station.copies != NONE);
        let first = before.map(|station| station.instances).sum();
        self.copies.push(CopiesPlan {
            lag: Sampler::new(&copies.lag, SECOND as f64),
            failover: from_seconds(copies.failover),
            items: copies.items,
            first,
        });
        place(self.copies.len() - 1)
    }

    /// How the instances of the next station fare.
    fn add_life(&mut self, life: &Life) -> u32 {
        let before = self.stations.iter().filter(|station| station.life != NONE);
        let first = before.map(|station| station.instances).sum();
        self.lives.push(LifePlan::new(life, first));
        place(self.lives.len() - 1)
    }

    /// Pools of connections of a station, for its steps from the first one on.
    fn add_pools(&mut self, station: usize, connections: &[Connections], first_step: usize) {
        for pool in connections {
            let plan = &self.stations[station];
            let before = self.pools.last().map_or(0, PoolPlan::end);
            self.pools.push(PoolPlan {
                to: place(pool.to),
                first: place(before),
                first_instance: plan.first_instance,
                instances: plan.instances,
                most: pool.most,
                waiting: pool.waiting.unwrap_or(u32::MAX),
                patience: pool.patience.map(from_seconds),
            });
            let (own, to) = (place(self.pools.len() - 1), place(pool.to));
            for step in &mut self.steps[first_step..] {
                step.pool = if step.to.station == to { own } else { step.pool };
                step.fallback_pool =
                    if step.fallback.station == to { own } else { step.fallback_pool };
            }
        }
    }

    /// What the instances of the next station hold.
    fn add_contents(&mut self, contents: Contents) -> u32 {
        let of = |station: &StationPlan| station.contents != NONE;
        let before = self.stations.iter().filter(|station| of(station));
        let first = before.map(|station| station.instances).sum();
        let popularity = Aliases::new(&contents.popularity());
        self.contents.push(ContentsPlan { contents, popularity, first });
        place(self.contents.len() - 1)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share times 2⁶⁴; the cast saturates"
    )]
    fn add_routes(&mut self, station: &crate::model::Station) {
        for class in 0..self.classes {
            let first = place(self.routes.len());
            let mut sum = 0.0;
            for route in station.routes.get(class).into_iter().flatten() {
                sum += route.chance;
                let whole = if sum > 1.0 - 1e-9 { 1.0 } else { sum };
                let bound = (whole * 18_446_744_073_709_551_616.0) as u64;
                let to = self.target(Some(route.to), class);
                self.routes.push(RoutePlan { bound, to });
            }
            self.ways.push((first, place(self.routes.len())));
        }
    }

    fn caller_plan(&mut self, resilience: &Resilience) -> CallerPlan {
        let deadlines = resilience.timeout.map_or(NONE, |timeout| {
            let span = from_seconds(timeout).max(1);
            let known = self.timeouts.iter().position(|known| *known == span);
            place(known.unwrap_or_else(|| {
                self.timeouts.push(span);
                self.timeouts.len() - 1
            }))
        });
        let budget = resilience.budget.map_or(NONE, |earned| {
            self.budgets.push(earned);
            place(self.budgets.len() - 1)
        });
        CallerPlan { deadlines, retries: resilience.retries, budget, backoff: resilience.backoff }
    }

    fn target(&self, station: Option<usize>, class: usize) -> Target {
        let Some(station) = station else {
            return Target { station: NONE, group: NONE, shards: 0, sampler: NONE };
        };
        let plan = &self.stations[station];
        Target {
            station: place(station),
            group: plan.first_group,
            shards: if plan.is_plain() && !self.expires { plan.shards } else { 0 },
            sampler: place(station * self.classes + class),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "validated to lie within 0..=1e9, and a fraction of 1 times 2⁶⁴"
    )]
    fn add_steps(
        &mut self,
        caller: CallerPlan,
        zones: u32,
        class: usize,
        calls: &[Call],
    ) -> (u32, u32) {
        let first = place(self.steps.len());
        for call in calls {
            let lookup = call.lookup;
            let drawn = lookup.filter(|_| self.stations[call.to].contents == NONE);
            let misses = drawn.map_or(NONE, |lookup| {
                self.misses.push(Misses::new(lookup.keys, lookup.hit_ratio));
                place(self.misses.len() - 1)
            });
            self.steps.push(StepPlan {
                caller,
                to: self.target(Some(call.to), class),
                fallback: self.target(lookup.and_then(|lookup| lookup.fallback), class),
                pool: NONE,
                fallback_pool: NONE,
                zones,
                whole: call.count.trunc() as u32,
                fraction: (call.count.fract() * 18_446_744_073_709_551_616.0) as u64,
                misses,
                keys: lookup.map_or(0, |lookup| lookup.keys),
                writes: (call.writes * 18_446_744_073_709_551_616.0) as u64,
                awaited: match call.awaits {
                    Awaits::Every => 0,
                    Awaits::First(enough) => enough,
                    Awaits::Nothing => NONE,
                },
                parallel: call.parallel || call.awaits != Awaits::Every,
                optional: call.optional,
                fallback_optional: lookup.is_some_and(|lookup| lookup.optional),
            });
        }
        (first, place(self.steps.len()))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share times 2⁶⁴; the cast saturates"
    )]
    fn add_source(&mut self, source: &crate::model::Source) {
        let caller = self.caller_plan(&source.resilience);
        let zones = if source.zones.is_empty() { 0 } else { place(self.zones.len()) };
        if zones > 0 {
            self.zones.push(source.zones.clone());
        }
        for (class, station) in source.enters.iter().enumerate() {
            let (entry, _) = self.add_steps(caller, zones, class, &[Call::to(*station, 1.0)]);
            self.entries.push(entry);
        }
        let whole: f64 = source.mix.iter().sum();
        let mut sum = 0.0;
        let classes = source.mix[1..].iter().zip(&source.mix).map(|(_, weight)| {
            sum += weight / whole;
            (sum * 18_446_744_073_709_551_616.0) as u64
        });
        let has_choices = self.classes > 1
            || source.zones.len() > 1
            || source.enters.iter().any(|station| !self.is_single(*station));
        self.sources.push(SourcePlan {
            classes: classes.collect(),
            has_choices,
            gaps: Sampler::new(&source.arrivals.gaps, 1.0 / source.arrivals.gaps.mean()),
            rate: source.arrivals.rate.clone(),
            batch: source.arrivals.batch,
            closed: source.users.is_some(),
            deadline: source.deadline.map_or(NEVER, from_seconds),
            users: source.users.as_ref().map_or(0, |users| users.count),
            think: Sampler::new(
                source.users.as_ref().map_or(&Service::Fixed { time: 0.0 }, |users| &users.think),
                SECOND as f64,
            ),
        });
    }

    /// Whether a station is one instance, so that nothing decides on the way to it.
    fn is_single(&self, station: usize) -> bool {
        let of = |instance: &&InstancePlan| instance.station as usize == station;
        self.instances.iter().filter(of).count() == 1
    }

    fn add_incidents(&mut self, model: &Model) {
        self.incidents.extend(model.incidents.iter().map(|incident| IncidentPlan {
            at: from_seconds(incident.at),
            change: incident.change.clone(),
        }));
        // A stable sort: what is stated first happens first.
        self.incidents.sort_by_key(|incident| incident.at);
    }
}
