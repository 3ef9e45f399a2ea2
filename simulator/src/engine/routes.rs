//! Routes: a visit that is done at a station goes on to another one, or answers.

use super::NONE;
use super::calls::path_of_call;
use super::program::Target;
use super::trial::{Todo, Trial};
use super::visits::Flags;
use crate::random::{Fraction, Purpose};
use crate::time::nanoseconds;

/// What tells the path of the next station from those of a visit's calls.
const NEXT: u32 = u32::MAX;

impl Trial<'_> {
    /// A visit leaves its station with a good answer: for its caller, or on to the next station.
    pub(super) fn go_on(&mut self, visit: u32) -> Todo {
        let program = self.program;
        let record = &self.visits[visit];
        let at = record.station as usize * program.classes + usize::from(record.class);
        let (first, end) = program.ways[at];
        if first == end {
            return self.reply(visit, true);
        }
        let (station, request) = (record.station, record.request);
        let draw = self.streams.draw(Purpose::Route, station, request, record.path);
        let routes = &program.routes[first as usize..end as usize];
        let chosen =
            routes.iter().find(|route| draw.first() < route.bound || route.bound == u64::MAX);
        match chosen {
            Some(route) => self.forward(visit, &route.to),
            None => self.reply(visit, true),
        }
    }

    /// A visit goes on to another station; its caller goes on waiting.
    fn forward(&mut self, visit: u32, to: &Target) -> Todo {
        let program = self.program;
        let record = &mut self.visits[visit];
        record.path = path_of_call(record.path, NEXT);
        let (from, request, path) = (record.instance, record.request, record.stream());
        if self.instances[from as usize].counted && !record.is_abandoned() {
            self.balancers.answered(from);
        }
        let draw = self.streams.draw(Purpose::Visit, to.station, request, path);
        let mut route = Fraction(draw.second());
        let instance = if to.shards == 0 {
            self.pick_otherwise(visit, to, &mut route)
        } else {
            let shard = if to.shards > 1 { self.shard(visit, to.station, to.shards) } else { 0 };
            self.balancers.pick(to.group + shard, &mut route)
        };
        let record = &mut self.visits[visit];
        record.station = to.station;
        record.instance = instance;
        if instance == NONE {
            self.count_refused(to.station);
            let list = program.caller(self.visits[visit].call).deadlines;
            if list != NONE && !self.visits[visit].is_abandoned() {
                self.expect_no_more(list, visit);
            }
            return Todo::Reply(visit, false);
        }
        let work = program.work(&self.streams, to, Fraction(draw.first()), (request, path));
        record.work = nanoseconds(work * self.instances[instance as usize].slowness);
        record.flags.set(Flags::NOTED);
        // Whoever gave up on the visit counts no more calls of it.
        if self.visits[visit].is_abandoned() && self.instances[instance as usize].counted {
            self.balancers.answered(instance);
        }
        if program.delays.is_empty() {
            return self.deliver(visit);
        }
        let delay = {
            let near = self.instances[from as usize].zone == self.instances[instance as usize].zone;
            program.delay_of[usize::from(!near)]
        };
        self.depart(visit, delay)
    }
}
