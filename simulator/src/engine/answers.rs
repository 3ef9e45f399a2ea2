//! Answers: what becomes of a call that is back, was given up on, or failed.

use super::NONE;
use super::trial::{Todo, Trial};
use super::visits::{Flags, State, Visit};
use crate::model::{Backoff, Jitter, Resilience};
use crate::random::{Fraction, Purpose};
use crate::time::{SECOND, nanoseconds};

impl Trial<'_> {
    /// A caller expects the answer to a call within its timeout.
    #[inline]
    pub(super) fn expect(&mut self, list: u32, child: u32) {
        let deadlines = &mut self.deadlines[list as usize];
        let is_first = deadlines.first() == NONE;
        deadlines.append(&mut self.visits, child, self.clock.now);
        if is_first {
            self.reset_deadline(list);
        }
    }

    /// A caller no longer waits for a call.
    #[inline]
    pub(super) fn expect_no_more(&mut self, list: u32, child: u32) {
        if self.deadlines[list as usize].remove(&mut self.visits, child) {
            self.reset_deadline(list);
        }
    }

    #[inline]
    fn reset_deadline(&mut self, list: u32) {
        let head = self.deadlines[list as usize].head(&self.visits);
        self.agenda.set_deadline(list as usize, head);
    }

    /// A call is back with its caller, if that still waits.
    #[inline(always)]
    pub(super) fn reply(&mut self, child: u32, good: bool) -> Todo {
        let record = &self.visits[child];
        if record.is_abandoned() {
            return self.forget(child, good);
        }
        let &Visit { parent, call, missed, class, instance, flags, .. } = record;
        if instance != NONE && flags.has(Flags::NOTED) {
            if self.instances[instance as usize].counted {
                self.balancers.answered(instance);
            }
            let list = self.program.caller(call).deadlines;
            if list != NONE {
                self.expect_no_more(list, child);
            }
        }
        if !good {
            return self.fail(child);
        }
        if parent == NONE {
            if missed > 0 {
                self.count_degraded(child);
            }
            return self.finish(child, class, true);
        }
        if flags.has(Flags::UNUSUAL) {
            self.close(child);
        }
        self.visits.remove(child);
        self.settle(parent, call, u32::from(missed))
    }

    /// What nobody waited for any more is done.
    #[cold]
    #[inline(never)]
    fn forget(&mut self, child: u32, good: bool) -> Todo {
        if good && self.visits[child].flags.has(Flags::WRITES) {
            self.read_and_written(child);
        }
        self.visits.remove(child);
        Todo::Done
    }

    /// A good answer is given to a call that is not plain.
    #[cold]
    #[inline(never)]
    fn close(&mut self, child: u32) {
        let flags = self.visits[child].flags;
        if flags.has(Flags::HOLDS) {
            self.disconnect(child);
        }
        if flags.has(Flags::READS) || flags.has(Flags::WRITES) {
            self.read_and_written(child);
        }
    }

    /// The oldest call of a list has waited too long: its caller gives up on it.
    pub(super) fn expire(&mut self, list: usize) -> Todo {
        let child = self.deadlines[list].first();
        self.expect_no_more(super::place(list), child);
        let record = &self.visits[child];
        if self.instances[record.instance as usize].counted {
            self.balancers.answered(record.instance);
        }
        if self.clock.observes(self.clock.now) {
            self.tally.timed_out += 1;
        }
        if record.state == State::Lost {
            return self.fail(child);
        }
        // The work goes on without its caller; what may be retried is a copy of the call.
        let copy = self.visits.copy(child);
        let old = &mut self.visits[child];
        old.flags.set(Flags::ABANDONED);
        old.parent = NONE;
        self.fail(copy)
    }

    /// An attempt failed: it is repeated after a while, or the call has failed.
    fn fail(&mut self, child: u32) -> Todo {
        let record = &self.visits[child];
        let (parent, call) = (record.parent, record.call);
        let caller = self.program.caller(call);
        if record.flags.has(Flags::HOLDS) {
            self.disconnect(child);
        }
        let record = &self.visits[child];
        let for_ever = caller.retries == Resilience::FOREVER && !self.is_winding_up();
        let may_retry = (record.attempt < caller.retries || for_ever)
            && (parent == NONE || self.is_alive(parent))
            && !self.is_too_late(child);
        let budget = caller.budget;
        if may_retry && (budget == NONE || self.budgets[budget as usize].spend()) {
            let backoff = caller.backoff;
            self.back_off(child, backoff);
            return Todo::Done;
        }
        if parent == NONE {
            return self.finish(child, record.class, false);
        }
        let is_fallback = record.flags.has(Flags::FALLBACK);
        self.visits.remove(child);
        let step = &self.program.steps[call as usize];
        if is_fallback || step.fallback.station == NONE {
            let optional = if is_fallback { step.fallback_optional } else { step.optional };
            if optional {
                self.do_without(parent);
            } else {
                self.visits[parent].flags.set(Flags::FAILED);
            }
            self.settle(parent, call, 0)
        } else {
            // A cache that does not answer has missed every key.
            self.settle(parent, call, step.keys)
        }
    }

    fn back_off(&mut self, child: u32, backoff: Backoff) {
        if self.clock.observes(self.clock.now) {
            self.tally.retried += 1;
        }
        // It is asked for again from the start, where it has gone on to other stations since.
        if !self.program.routes.is_empty() {
            let is_call = self.visits[child].parent != NONE;
            self.visits[child].path = if is_call { *self.visits.origin(child) } else { 0 };
        }
        let record = &mut self.visits[child];
        let scale = backoff.scale(record.attempt) * SECOND as f64;
        record.attempt = record.attempt.saturating_add(1);
        record.lineage = record.lineage.wrapping_add(1);
        let stream = record.stream();
        let draw = self.streams.draw(Purpose::Backoff, record.call, record.request, stream);
        let uniform = Fraction(draw.first()).open();
        let wait = nanoseconds(match backoff.jitter {
            Jitter::None => scale,
            Jitter::Uniform => scale * uniform,
            Jitter::Exponential => -libm::log(uniform) * scale,
        });
        record.instance = NONE;
        record.missed = 0;
        // The next attempt begins anew, whatever became of the calls of this one.
        record.flags.clear(Flags::FAILED);
        record.flags.clear(Flags::RESUMED);
        record.state = State::BackingOff;
        record.ticket = self.agenda.due(self.clock.now + wait, child);
    }

    /// A back-off is over.
    pub(super) fn resend(&mut self, child: u32) -> Todo {
        let &Visit { parent, call, .. } = &self.visits[child];
        if parent == NONE || self.is_alive(parent) {
            return self.send(child);
        }
        self.visits.remove(child);
        self.settle(parent, call, 0)
    }

    /// A call has come to its end, with so many keys that must be fetched elsewhere.
    pub(super) fn settle(&mut self, parent: u32, step: u32, missed: u32) -> Todo {
        if self.visits[parent].state.is_gate() {
            return self.settle_at_gate(parent);
        }
        let alive = self.is_alive(parent);
        let progress = self.visits.progress(parent);
        progress.pending -= 1;
        let pending = progress.pending;
        if !alive {
            return if pending == 0 { self.lose(parent) } else { Todo::Done };
        }
        let plan = &self.program.steps[step as usize];
        if missed > 0 && plan.fallback.station != NONE {
            if plan.parallel {
                self.call_together(parent, step, missed, true);
                return Todo::Done;
            }
            progress.to_fetch += missed;
        }
        if pending == 0 { Todo::Advance(parent) } else { Todo::Done }
    }
}
