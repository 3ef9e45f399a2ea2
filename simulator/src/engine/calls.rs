//! Calls: how a visit makes them, and where they are sent.

use super::NONE;
use super::instance::Instance;
use super::program::{StepPlan, Target};
use super::trial::{Todo, Trial};
use super::visits::{Flags, Progress, State, Visit};
use crate::random::{Fraction, Purpose};
use crate::time::nanoseconds;

/// The path of a visit's call: its own path and the number of the call, thoroughly mixed. Two
/// calls of one request share a path, and so their draws, with a probability of 2⁻³². An attempt
/// has the path of the one before it: it asks for the same things.
#[inline]
pub(super) const fn path_of_call(path: u32, made: u32) -> u32 {
    let mixed = (path ^ made.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0xC2B2_AE35);
    mixed ^ mixed >> 15
}

impl Trial<'_> {
    /// A visit that has been served begins its program.
    #[inline]
    pub(super) fn begin(&mut self, visit: u32, step: u32, end: u32) {
        self.visits[visit].state = State::Calling;
        *self.visits.progress(visit) = Progress { step, end, ..Progress::default() };
    }

    /// A visit goes on with its program: its next call or calls, or its answer.
    pub(super) fn advance(&mut self, visit: u32) -> Todo {
        if self.visits[visit].flags.has(Flags::FAILED) {
            return self.answer(visit, false);
        }
        loop {
            let progress = self.visits.progress(visit);
            if progress.to_fetch > 0 {
                progress.to_fetch -= 1;
                let step = progress.step - 1;
                return self.call(visit, step, true);
            }
            if progress.remaining > 0 {
                progress.remaining -= 1;
                let step = progress.step - 1;
                return self.call(visit, step, false);
            }
            if progress.step == progress.end {
                return self.answer(visit, true);
            }
            let step = progress.step;
            progress.step += 1;
            let count = self.count_calls(visit, step);
            if !self.program.steps[step as usize].parallel {
                self.visits.progress(visit).remaining = count;
            } else if self.call_side_by_side(visit, step, count) {
                return Todo::Done;
            }
        }
    }

    /// Sends the calls of a parallel step, and of parallel steps right after it, all at once;
    /// whether there were any.
    fn call_side_by_side(&mut self, visit: u32, first: u32, count: u32) -> bool {
        let waits = |trial: &Self, step: u32, count: u32| {
            count > 0 && trial.program.steps[step as usize].awaited != NONE
        };
        let mut any = waits(self, first, count);
        self.call_together(visit, first, count, false);
        loop {
            let progress = self.visits.progress(visit);
            let step = progress.step;
            if step == progress.end || !self.program.steps[step as usize].parallel {
                return any;
            }
            progress.step += 1;
            let count = self.count_calls(visit, step);
            any |= waits(self, step, count);
            self.call_together(visit, step, count, false);
        }
    }

    /// Sends calls of a step at once.
    pub(super) fn call_together(&mut self, visit: u32, step: u32, count: u32, fallback: bool) {
        let mut parent = visit;
        if count > 0 && self.program.steps[step as usize].awaited != 0 {
            parent = self.open_gate(visit, step, count);
        }
        for _ in 0..count {
            let todo = self.call(parent, step, fallback);
            self.todo.push(todo);
        }
    }

    /// How many calls a visit makes in a step.
    #[inline]
    fn count_calls(&self, visit: u32, step: u32) -> u32 {
        let plan = &self.program.steps[step as usize];
        if plan.fraction == 0 {
            return plan.whole;
        }
        let record = &self.visits[visit];
        let draw = self.streams.draw(Purpose::Count, step, record.request, record.path);
        plan.whole + u32::from(draw.first() < plan.fraction)
    }

    /// Makes a call, which is no retry.
    #[inline]
    fn call(&mut self, parent: u32, step: u32, fallback: bool) -> Todo {
        let progress = self.visits.progress(parent);
        progress.made += 1;
        progress.pending += 1;
        let made = progress.made;
        let caller = &self.visits[parent];
        let &Visit { request, path, class, .. } = caller;
        let lineage = caller.lineage_of_calls();
        let child = self.visits.insert(|child| {
            child.request = request;
            child.parent = parent;
            child.path = path_of_call(path, made);
            child.lineage = lineage;
            child.call = step;
            child.class = class;
            if fallback {
                child.flags.set(Flags::FALLBACK);
            }
        });
        if self.program.expires {
            self.visits.waiting_mut(child).expires = self.visits.waiting(parent).expires;
        }
        // A call that is no retry earns its caller a part of one.
        let budget = self.program.caller(step).budget;
        if budget != NONE {
            self.budgets[budget as usize].earn();
        }
        self.send(child)
    }

    /// Sends an attempt to an instance of the station that it is for.
    pub(super) fn send(&mut self, child: u32) -> Todo {
        let record = &self.visits[child];
        let step = &self.program.steps[record.call as usize];
        let is_fallback = record.flags.has(Flags::FALLBACK);
        let pool = if is_fallback { step.fallback_pool } else { step.pool };
        if pool != NONE
            && let Some(todo) = self.connect(child, pool)
        {
            return todo;
        }
        self.send_connected(child)
    }

    /// Sends an attempt that has a connection, where it needs one.
    pub(super) fn send_connected(&mut self, child: u32) -> Todo {
        let program = self.program;
        let record = &self.visits[child];
        let step = &program.steps[record.call as usize];
        let to = if record.flags.has(Flags::FALLBACK) { &step.fallback } else { &step.to };
        let (path, of) = (record.path, (record.request, record.stream()));
        if !program.routes.is_empty() {
            *self.visits.origin(child) = path;
        }
        let draw = self.streams.draw(Purpose::Visit, to.station, of.0, of.1);
        let work = program.work(&self.streams, to, Fraction(draw.first()), of);
        self.dispatch(child, (step, to), work, Fraction(draw.second()))
    }

    /// Sends an attempt of a step with its work and what decides on its way.
    #[inline(always)]
    pub(super) fn dispatch(
        &mut self,
        child: u32,
        (step, to): (&StepPlan, &Target),
        work: f64,
        mut route: Fraction,
    ) -> Todo {
        let shard = match to.shards {
            1 => 0,
            0 => return self.dispatch_otherwise(child, (step, to), work, route),
            shards => self.shard(child, to.station, shards),
        };
        let instance = self.balancers.pick(to.group + shard, &mut route);
        self.set_out((child, instance), (step, to), work, route)
    }

    /// The shard of what a call asks for, the same in every attempt.
    #[inline]
    pub(super) fn shard(&self, child: u32, station: u32, shards: u32) -> u32 {
        let record = &self.visits[child];
        let draw = self.streams.draw(Purpose::Shard, station, record.request, record.path);
        Fraction(draw.first()).choose(shards)
    }

    /// An attempt sets out for an instance; where there is none, it is refused.
    #[inline(always)]
    pub(super) fn set_out(
        &mut self,
        (child, instance): (u32, u32),
        (step, to): (&StepPlan, &Target),
        work: f64,
        mut route: Fraction,
    ) -> Todo {
        let program = self.program;
        let record = &mut self.visits[child];
        record.station = to.station;
        if instance == NONE {
            self.count_refused(to.station);
            return Todo::Reply(child, false);
        }
        let &Instance { slowness, counted, .. } = &self.instances[instance as usize];
        record.instance = instance;
        record.work = nanoseconds(work * slowness);
        if step.misses != NONE && !record.flags.has(Flags::FALLBACK) {
            let draw = self.streams.draw(Purpose::Count, record.call, record.request, record.path);
            record.missed = program.misses[step.misses as usize].draw(Fraction(draw.second()));
        }
        if counted {
            record.flags.set(Flags::NOTED);
        }
        if step.caller.deadlines != NONE {
            record.flags.set(Flags::NOTED);
            self.expect(step.caller.deadlines, child);
        }
        if program.delays.is_empty() {
            return self.deliver(child);
        }
        self.travel(child, step, &mut route)
    }

    /// An attempt goes over the network.
    fn travel(&mut self, child: u32, step: &StepPlan, route: &mut Fraction) -> Todo {
        let record = &self.visits[child];
        let (parent, instance) = (record.parent, record.instance);
        let to = self.instances[instance as usize].zone;
        let from = if parent == NONE && step.to.shards == 0 {
            self.zone_of_client(child, step.to.station)
        } else if parent == NONE {
            zone(&self.program.zones[step.zones as usize], route)
        } else {
            let parent = self.visits[parent].instance;
            Some(self.instances[parent as usize].zone)
        };
        let way = from.map_or(NONE, |from| self.program.delay_of[usize::from(from != to)]);
        self.depart(child, way)
    }

    /// An attempt sets out on a way with a delay, or with none.
    #[inline]
    pub(super) fn depart(&mut self, child: u32, way: u32) -> Todo {
        self.visits[child].state = State::Travelling;
        if way == NONE {
            return self.deliver(child);
        }
        let time = self.clock.now + self.program.delays[way as usize];
        self.agenda.deliver(way as usize, time, child);
        Todo::Done
    }
}

/// The zone that a client's call comes from; none where its way is free.
#[inline]
fn zone(zones: &[u16], route: &mut Fraction) -> Option<u16> {
    match zones.len() {
        0 => None,
        1 => Some(zones[0]),
        count => Some(zones[route.choose(super::place(count)) as usize]),
    }
}
