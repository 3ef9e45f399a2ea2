//! Calls: how a visit makes them, and what becomes of them.

use super::NONE;
use super::program::StepPlan;
use super::trial::{Todo, Trial};
use super::visits::{State, Visit};
use crate::model::service::Further;
use crate::random::{Fraction, Purpose};
use crate::time::nanoseconds;

/// How far the path of an attempt is from that of the attempt before it.
const ATTEMPT_STEP: u32 = 0x9E37_79B9;

/// The path of a visit's call: its own path and the number of the call, thoroughly mixed. Two
/// calls of one request share a path, and so their draws, with a probability of 2⁻³².
#[inline]
const fn path_of_call(path: u32, made: u32) -> u32 {
    let mixed = (path ^ made.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0xC2B2_AE35);
    mixed ^ mixed >> 15
}

impl Trial<'_> {
    /// A visit goes on with its program: its next call or calls, or its answer.
    pub(super) fn advance(&mut self, visit: u32) {
        if self.visits[visit].failed {
            self.answer(visit, false);
            return;
        }
        loop {
            let record = &mut self.visits[visit];
            if record.to_fetch > 0 {
                record.to_fetch -= 1;
                let step = record.step - 1;
                self.call(visit, step, true);
                return;
            }
            if record.remaining > 0 {
                record.remaining -= 1;
                let step = record.step - 1;
                self.call(visit, step, false);
                return;
            }
            if record.step == record.end {
                self.answer(visit, true);
                return;
            }
            let step = record.step;
            record.step += 1;
            let count = self.count_calls(visit, step);
            if !self.program.steps[step as usize].parallel {
                self.visits[visit].remaining = count;
            } else if self.call_side_by_side(visit, step, count) {
                return;
            }
        }
    }

    /// Sends the calls of a parallel step, and of parallel steps right after it, all at once;
    /// whether there were any.
    fn call_side_by_side(&mut self, visit: u32, first: u32, count: u32) -> bool {
        let mut any = count > 0;
        for _ in 0..count {
            self.call(visit, first, false);
        }
        loop {
            let record = &mut self.visits[visit];
            let step = record.step;
            if step == record.end || !self.program.steps[step as usize].parallel {
                return any;
            }
            record.step += 1;
            let count = self.count_calls(visit, step);
            any |= count > 0;
            for _ in 0..count {
                self.call(visit, step, false);
            }
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
    fn call(&mut self, parent: u32, step: u32, fallback: bool) {
        let caller = &mut self.visits[parent];
        caller.made += 1;
        caller.pending += 1;
        let child = Visit {
            request: caller.request,
            parent,
            path: path_of_call(caller.path, caller.made),
            call: step,
            class: caller.class,
            fallback,
            state: State::Travelling,
            ..Visit::EMPTY
        };
        let budget = self.program.callers[caller.caller as usize].budget;
        if budget != NONE {
            self.budgets[budget as usize].earn();
        }
        let child = self.visits.insert(child);
        self.send(child);
    }

    /// Sends an attempt to an instance of the station that it is for.
    fn send(&mut self, child: u32) {
        let record = self.visits[child];
        let step: StepPlan = self.program.steps[record.call as usize];
        let to = if record.fallback { step.fallback } else { step.to };
        let station = &self.program.stations[to as usize];
        let draw = self.streams.draw(Purpose::Visit, to, record.request, record.path);
        let mut route = Fraction(draw.second());
        let parent = &self.visits[record.parent];
        let from = self.zone(parent.caller, parent.instance, &mut route);
        let shard = if station.shards > 1 { route.choose(station.shards) } else { 0 };
        let picked = self.balancers.pick(station.first_group + shard, &mut route);
        let Some(instance) = picked else {
            self.count_refused(to);
            self.todo.push(Todo::Reply(child, false));
            return;
        };
        self.balancers.sent(instance);
        let place = &self.instances[instance as usize];
        let further = Further {
            streams: &self.streams,
            entity: to,
            request: record.request,
            path: record.path,
        };
        let sampler =
            &self.program.services[to as usize * self.program.classes + usize::from(record.class)];
        let work = sampler.sample(Fraction(draw.first()), further);
        let way = from.map_or(NONE, |from| self.program.way(from, place.zone));
        let duration = nanoseconds(work * place.slowness);
        let missed = if step.misses == NONE || record.fallback {
            0
        } else {
            self.program.misses[step.misses as usize].draw(route)
        };
        let deadlines = self.program.callers[parent.caller as usize].deadlines;
        let record = &mut self.visits[child];
        record.instance = instance;
        record.duration = duration;
        record.missed = missed;
        record.caller = to;
        record.state = State::Travelling;
        if deadlines != NONE {
            self.deadlines[deadlines as usize].append(&mut self.visits, child, self.now);
            self.reset_deadline(deadlines);
        }
        if way == NONE {
            self.todo.push(Todo::Deliver(child));
        } else {
            let time = self.now + self.program.delays[way as usize];
            self.agenda.deliver(way as usize, time, child);
        }
    }

    /// The zone that a call comes from; none where its way is free.
    #[inline]
    fn zone(&self, caller: u32, instance: u32, route: &mut Fraction) -> Option<u16> {
        if instance != NONE {
            return Some(self.instances[instance as usize].zone);
        }
        let zones = &self.program.callers[caller as usize].zones;
        match zones.len() {
            0 => None,
            1 => Some(zones[0]),
            count => Some(zones[route.choose(super::place(count)) as usize]),
        }
    }

    #[inline]
    fn reset_deadline(&mut self, list: u32) {
        let head = self.deadlines[list as usize].head(&self.visits);
        self.agenda.set_deadline(list as usize, head);
    }

    /// The caller's list of deadlines that a call stands in, or none.
    #[inline]
    fn deadlines_of(&self, child: u32) -> u32 {
        let parent = self.visits[child].parent;
        let caller = self.visits[parent].caller;
        self.program.callers[caller as usize].deadlines
    }

    /// A call is back with its caller, if that still waits.
    pub(super) fn reply(&mut self, child: u32, good: bool) {
        let record = self.visits[child];
        if record.abandoned {
            self.visits.remove(child);
            return;
        }
        if record.instance != NONE {
            self.balancers.answered(record.instance);
            let list = self.deadlines_of(child);
            if list != NONE {
                self.deadlines[list as usize].remove(&mut self.visits, child);
                self.reset_deadline(list);
            }
        }
        if good {
            self.visits.remove(child);
            self.settle(record.parent, record.call, record.missed);
        } else {
            self.fail(child);
        }
    }

    /// The oldest call of a list has waited too long: its caller gives up on it.
    pub(super) fn expire(&mut self, list: usize) {
        let child = self.deadlines[list].first();
        self.deadlines[list].remove(&mut self.visits, child);
        self.reset_deadline(super::place(list));
        let record = self.visits[child];
        self.balancers.answered(record.instance);
        if self.observed(self.now) {
            self.tally.timed_out += 1;
        }
        if record.state == State::Lost {
            self.fail(child);
            return;
        }
        // The work goes on without its caller; what may be retried is a copy of the call.
        let old = &mut self.visits[child];
        old.abandoned = true;
        old.parent = NONE;
        let copy = self.visits.insert(record);
        self.fail(copy);
    }

    /// An attempt failed: it is repeated after a while, or the call has failed.
    fn fail(&mut self, child: u32) {
        let record = self.visits[child];
        let parent = record.parent;
        let caller = &self.program.callers[self.visits[parent].caller as usize];
        let may_retry = record.attempt < caller.retries && self.is_alive(parent);
        let budget = caller.budget;
        if may_retry && (budget == NONE || self.budgets[budget as usize].spend()) {
            self.back_off(child, caller.backoff);
            return;
        }
        self.visits.remove(child);
        let step = &self.program.steps[record.call as usize];
        if record.fallback || step.fallback == NONE {
            self.visits[parent].failed = true;
            self.settle(parent, record.call, 0);
        } else {
            // A cache that does not answer has missed every key.
            self.settle(parent, record.call, step.keys);
        }
    }

    fn back_off(&mut self, child: u32, longest: f64) {
        if self.observed(self.now) {
            self.tally.retried += 1;
        }
        let record = &mut self.visits[child];
        let doubled = longest * f64::from(1_u32 << record.attempt.min(20));
        record.attempt += 1;
        record.path = record.path.wrapping_add(ATTEMPT_STEP);
        let draw = self.streams.draw(Purpose::Backoff, record.call, record.request, record.path);
        let wait = nanoseconds(doubled * Fraction(draw.first()).open());
        *record = Visit {
            request: record.request,
            parent: record.parent,
            path: record.path,
            call: record.call,
            class: record.class,
            attempt: record.attempt,
            fallback: record.fallback,
            state: State::BackingOff,
            ..Visit::EMPTY
        };
        self.agenda.due(self.now + wait, child);
    }

    /// A back-off is over.
    pub(super) fn resend(&mut self, child: u32) {
        let parent = self.visits[child].parent;
        if self.is_alive(parent) {
            self.send(child);
        } else {
            let step = self.visits[child].call;
            self.visits.remove(child);
            self.settle(parent, step, 0);
        }
    }

    /// A call has come to its end, with so many keys that must be fetched elsewhere.
    fn settle(&mut self, parent: u32, step: u32, missed: u32) {
        let alive = self.is_alive(parent);
        let record = &mut self.visits[parent];
        record.pending -= 1;
        if !alive {
            if record.pending == 0 {
                self.lose(parent);
            }
            return;
        }
        let plan = &self.program.steps[step as usize];
        if missed > 0 && plan.fallback != NONE {
            if plan.parallel {
                for _ in 0..missed {
                    self.call(parent, step, true);
                }
                return;
            }
            record.to_fetch += missed;
        }
        if record.pending == 0 {
            self.todo.push(Todo::Advance(parent));
        }
    }
}
