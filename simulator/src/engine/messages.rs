//! Messages: calls that nobody waits for, and the time from when each was handed over until it was
//! done.
//!
//! It is looked at only where a limit speaks of messages; the trial then goes on until every one
//! of the observed time is done, as it does for requests.

use super::tally::MessageTally;
use super::trial::Trial;

impl Trial<'_> {
    /// Keeps an account of messages, where a limit speaks of some.
    pub(super) fn watch_messages(&mut self) {
        let speaks = |class: u16| usize::from(class) >= self.program.classes;
        if self.watch.limits.iter().any(|limit| limit.class.is_some_and(speaks)) {
            let stations = self.program.stations.len();
            self.tally.messages = vec![MessageTally::default(); stations];
        }
    }

    /// Some messages are handed over, behind one gate.
    #[cold]
    pub(super) fn hand_over(&mut self, gate: u32, count: u32) {
        let now = self.clock.now;
        self.visits.waiting_mut(gate).born = now;
        if self.clock.observes(now) {
            self.open += u64::from(count);
        }
    }

    /// A message is done, or has failed for good.
    #[cold]
    pub(super) fn message_done(&mut self, gate: u32, good: bool) {
        let born = self.visits.waiting(gate).born;
        if self.clock.observes(born) {
            self.open -= 1;
            let step = self.visits[gate].call;
            let station = self.program.steps[step as usize].to.station as usize;
            let latency = self.clock.now - born;
            self.count_message(station, good.then_some(latency));
        }
    }

    /// Messages that are under way when a trial is given up are not done.
    pub(super) fn close_messages(&mut self) {
        if self.tally.messages.is_empty() {
            return;
        }
        for (gate, born) in self.visits.outboxes() {
            if self.clock.observes(born) {
                let station = self.program.steps[gate.0 as usize].to.station as usize;
                for _ in 0..gate.1 {
                    self.count_message(station, None);
                }
            }
        }
    }

    /// Counts a message with the time that it took; one without is over every limit.
    fn count_message(&mut self, station: usize, latency: Option<u64>) {
        let class = self.program.classes + station;
        for (place, limit) in self.watch.limits.iter().enumerate() {
            if limit.class.is_some_and(|of| usize::from(of) == class) {
                self.tally.judged[place] += 1;
                let over = latency.is_none_or(|latency| latency > limit.latency);
                self.tally.over[place] += u64::from(over);
            }
        }
        let tally = &mut self.tally.messages[station];
        match latency {
            Some(latency) => tally.latencies.record(latency),
            None => tally.failed += 1,
        }
    }
}
