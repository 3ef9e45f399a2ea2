//! Gates between a visit and calls of which it does not await every one.
//!
//! A gate is a record among the visits that stands where the calls' parent would: they settle with
//! it, and it settles with the visit once, when enough of them are back. What comes after that is
//! thrown away.

use super::NONE;
use super::calls::path_of_call;
use super::trial::{Todo, Trial};
use super::visits::{Flags, Progress, State, Visit};

impl Trial<'_> {
    /// Puts a gate before calls of a step; who their parent is.
    pub(super) fn open_gate(&mut self, visit: u32, step: u32, count: u32) -> u32 {
        let needed = self.program.steps[step as usize].awaited;
        let detached = needed == NONE;
        let progress = self.visits.progress(visit);
        progress.made += 1;
        progress.pending += u32::from(!detached);
        let made = progress.made;
        let caller = &self.visits[visit];
        let gate = Visit {
            request: caller.request,
            parent: if detached { NONE } else { visit },
            instance: caller.instance,
            epoch: caller.epoch,
            path: path_of_call(caller.path, made),
            lineage: caller.lineage,
            call: step,
            class: caller.class,
            state: if detached { State::Outbox } else { State::Quorum },
            ..Visit::EMPTY
        };
        let gate = self.visits.insert(|record| *record = gate);
        self.visits.waiting_mut(gate).expires = self.visits.waiting(visit).expires;
        let needed = needed.min(count);
        // Good answers that are still needed, and failures that can still be borne.
        let (remaining, to_fetch) = (needed, count - needed);
        *self.visits.progress(gate) = Progress { remaining, to_fetch, ..Progress::default() };
        if detached && !self.tally.messages.is_empty() {
            self.hand_over(gate, count);
        }
        gate
    }

    /// One of a gate's calls has come to its end.
    #[cold]
    pub(super) fn settle_at_gate(&mut self, gate: u32) -> Todo {
        let alive = self.is_alive(gate);
        let record = &mut self.visits[gate];
        let failed = record.flags.has(Flags::FAILED);
        record.flags.clear(Flags::FAILED);
        let (state, step) = (record.state, record.call);
        if state == State::Outbox && !self.tally.messages.is_empty() {
            self.message_done(gate, !failed);
        }
        let progress = self.visits.progress(gate);
        progress.pending -= 1;
        let last = progress.pending == 0;
        let mut verdict = None;
        if state == State::Quorum {
            let left = if failed { &mut progress.to_fetch } else { &mut progress.remaining };
            if !alive || failed && *left == 0 {
                verdict = Some(false);
            } else {
                *left -= 1;
                verdict = (!failed && *left == 0).then_some(true);
            }
        } else if failed && state == State::Outbox && self.clock.observes(self.clock.now) {
            let station = self.program.steps[step as usize].to.station;
            self.stations[station as usize].tally.undelivered += 1;
        }
        let parent = self.visits[gate].parent;
        if last {
            self.visits.remove(gate);
        } else if verdict.is_some() {
            let record = &mut self.visits[gate];
            record.state = State::Settled;
            record.parent = NONE;
            record.flags.set(Flags::ABANDONED);
        }
        match verdict {
            Some(good) => {
                if !good {
                    self.visits[parent].flags.set(Flags::FAILED);
                }
                self.settle(parent, step, 0)
            }
            None => Todo::Done,
        }
    }
}
