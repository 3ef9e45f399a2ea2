//! Calls to stations where more than a balancer decides: what is there, and who may be asked.

use super::NONE;
use super::cache::Cache;
use super::calls::path_of_call;
use super::misses::few;
use super::program::{Program, StepPlan, Target};
use super::trial::{Todo, Trial};
use super::visits::Flags;
use crate::random::{Fraction, Purpose};

impl Program {
    /// The caches of all stations, empty.
    pub(super) fn caches(&self) -> Vec<Cache> {
        let with_contents = self.stations.iter().filter(|station| station.contents != NONE);
        let caches = with_contents.flat_map(|station| {
            let plan = &self.contents[station.contents as usize].contents;
            let cache = Cache::new(plan.items, plan.capacity, plan.eviction);
            std::iter::repeat_n(cache, station.instances as usize)
        });
        caches.collect()
    }
}

impl Trial<'_> {
    /// Sends an attempt of a step to a station that is not plain.
    #[cold]
    #[inline(never)]
    pub(super) fn dispatch_otherwise(
        &mut self,
        child: u32,
        (step, to): (&StepPlan, &Target),
        work: f64,
        mut route: Fraction,
    ) -> Todo {
        if self.program.expires {
            self.carry_deadline(child);
            if self.is_too_late(child) {
                let observed = u64::from(self.clock.observes(self.clock.now));
                self.stations[to.station as usize].tally.too_late += observed;
                return Todo::Reply(child, false);
            }
        }
        if self.program.stations[to.station as usize].copies != NONE {
            self.read_or_write(child, (step, to));
        }
        let instance = self.pick_otherwise(child, to, &mut route);
        if instance != NONE && step.keys > 0 && !self.visits[child].flags.has(Flags::FALLBACK) {
            self.look_up(child, (step, to), instance);
        }
        self.set_out((child, instance), (step, to), work, route)
    }

    /// A request takes the deadline of its source with it.
    fn carry_deadline(&mut self, child: u32) {
        let record = &self.visits[child];
        if record.has_no_parent() {
            let source = super::arrivals::source(record.request);
            let waiting = self.visits.waiting_mut(child);
            waiting.expires = waiting.born.saturating_add(self.program.sources[source].deadline);
        }
    }

    /// Whether the deadline of a call's request has passed.
    pub(super) fn is_too_late(&self, child: u32) -> bool {
        self.program.expires && self.visits.waiting(child).expires <= self.clock.now
    }

    /// The instance that takes a call to a station that is not plain.
    pub(super) fn pick_otherwise(&mut self, child: u32, to: &Target, route: &mut Fraction) -> u32 {
        let shards = self.program.stations[to.station as usize].shards;
        let shard = if shards > 1 { self.shard(child, to.station, shards) } else { 0 };
        let group = to.group + shard;
        if self.visits[child].flags.has(Flags::WRITES) {
            let primary = self.primaries[group as usize].instance;
            if primary != NONE {
                self.balancers.send_to(primary);
            }
            return primary;
        }
        let least = self.program.stations[to.station as usize].near;
        if least > 0
            && let Some(zone) = self.zone_of_caller(child, to.station)
        {
            let instances = &self.program.instances;
            let is_near = |instance: u32| instances[instance as usize].zone == zone;
            return self.balancers.pick_near(group, route, (least, zone, is_near));
        }
        self.balancers.pick(group, route)
    }

    /// The zone that an attempt sets out from: that of the visit that makes it or, on its way from
    /// station to station, of the last one; none where the way of its client is free.
    fn zone_of_caller(&self, child: u32, station: u32) -> Option<u16> {
        let record = &self.visits[child];
        let at = if record.instance == NONE && !record.has_no_parent() {
            self.visits[record.parent].instance
        } else {
            record.instance
        };
        if at == NONE {
            return self.zone_of_client(child, station);
        }
        Some(self.instances[at as usize].zone)
    }

    /// The zone that a client's attempt comes from, the same whenever it is asked for.
    pub(super) fn zone_of_client(&self, child: u32, station: u32) -> Option<u16> {
        let record = &self.visits[child];
        let step = &self.program.steps[record.call as usize];
        let zones = &self.program.zones[step.zones as usize];
        let path = path_of_call(record.path, u32::MAX);
        let draw = self.streams.draw(Purpose::Data, station, record.request, path);
        let count = super::place(zones.len());
        (count > 0).then(|| zones[Fraction(draw.first()).choose(count) as usize])
    }

    /// Asks an instance of a cache for the keys of a call.
    fn look_up(&mut self, child: u32, (step, to): (&StepPlan, &Target), instance: u32) {
        let program = self.program;
        let station = &program.stations[to.station as usize];
        if station.contents == NONE {
            return;
        }
        let plan = &program.contents[station.contents as usize];
        let cache = &mut self.caches[(plan.first + instance - station.first_instance) as usize];
        let record = &mut self.visits[child];
        if !self.instances[instance as usize].up {
            record.missed = few(step.keys as usize);
            return;
        }
        let mut hits = 0;
        for key in 0..step.keys {
            let path = path_of_call(record.path, key);
            let draw = self.streams.draw(Purpose::Data, to.station, record.request, path);
            let item = plan.popularity.draw(Fraction(draw.first()));
            hits += u32::from(cache.ask(item, Fraction(draw.second())));
        }
        record.missed = few((step.keys - hits) as usize);
        if self.clock.observes(self.clock.now) {
            let tally = &mut self.stations[to.station as usize].tally;
            tally.asked += u64::from(step.keys);
            tally.hits += u64::from(hits);
        }
    }

    /// The cache of an instance that died, if it has one, is empty when it is back.
    pub(super) fn empty_cache(&mut self, instance: u32) {
        let program = self.program;
        let station = &program.stations[self.instances[instance as usize].station as usize];
        if station.contents != NONE {
            let first = program.contents[station.contents as usize].first;
            self.caches[(first + instance - station.first_instance) as usize].clear();
        }
    }
}
