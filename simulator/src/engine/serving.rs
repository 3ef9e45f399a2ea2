//! Visits inside an instance: admission, waiting, service, and the way out.

use super::NONE;
use super::trial::{Todo, Trial};
use super::visits::State;

impl Trial<'_> {
    /// A visit has come to its instance: it is served, waits, is refused, or is never heard of.
    pub(super) fn deliver(&mut self, visit: u32) {
        let place = self.visits[visit].instance;
        let instance = &mut self.instances[place as usize];
        if !instance.up {
            self.lose(visit);
            return;
        }
        let station = instance.station as usize;
        let plan = &self.program.stations[station];
        let stalled = self.stalls[station].until > self.now;
        let free = instance.busy < instance.servers && !stalled;
        let admitted = instance.in_flight < plan.in_flight_limit
            && (free || instance.queued < plan.queue_limit);
        if !admitted {
            self.count_refused(super::place(station));
            self.todo.push(Todo::Reply(visit, false));
            return;
        }
        instance.in_flight += 1;
        let record = &mut self.visits[visit];
        record.since = self.now;
        record.epoch = instance.epoch;
        if free {
            self.start(visit);
        } else {
            record.state = State::Waiting;
            instance.enqueue(&mut self.visits, visit);
        }
        if self.observed(self.now) {
            self.tally.stations[station].arrived += 1;
        }
    }

    /// A server takes a visit.
    #[inline]
    pub(super) fn start(&mut self, visit: u32) {
        let record = &mut self.visits[visit];
        let (since, duration) = (record.since, record.duration);
        let instance = &mut self.instances[record.instance as usize];
        let station = instance.station as usize;
        instance.busy += 1;
        record.state = State::Served;
        record.stalls = self.stalls[station].count;
        let end = self.now + duration;
        instance.busy_time += end.min(self.end).saturating_sub(self.now.max(self.watch.warm_up));
        self.agenda.due(end, visit);
        if since >= self.watch.warm_up && since < self.end {
            let tally = &mut self.tally.stations[station];
            let waiting = self.now - since;
            tally.started += 1;
            tally.waited += u64::from(waiting > 0);
            tally.waiting += u128::from(waiting);
            if self.watch.waits {
                tally.waits.record(waiting);
            }
        }
    }

    /// A visit has been served: its server takes the next one, and it makes its calls or answers.
    pub(super) fn complete(&mut self, visit: u32) {
        let record = self.visits[visit];
        let instance = &mut self.instances[record.instance as usize];
        if instance.epoch != record.epoch {
            self.lose(visit);
            return;
        }
        let station = instance.station;
        let stall = self.stalls[station as usize];
        if stall.count != record.stalls {
            self.visits[visit].stalls = stall.count;
            self.agenda.due(self.now + stall.length, visit);
            return;
        }
        instance.busy -= 1;
        if let Some(next) = instance.dequeue(&self.visits) {
            self.start(next);
        }
        let (step, end) = self.program.steps_of(station, record.class);
        if step == end {
            self.answer(visit, true);
            return;
        }
        let record = &mut self.visits[visit];
        record.state = State::Calling;
        record.step = step;
        record.end = end;
        self.todo.push(Todo::Advance(visit));
    }

    /// A visit leaves its instance with an answer; a request is finished.
    pub(super) fn answer(&mut self, visit: u32, good: bool) {
        let record = &self.visits[visit];
        if record.instance == NONE {
            self.finish(visit, good);
            return;
        }
        let instance = &mut self.instances[record.instance as usize];
        instance.in_flight -= 1;
        if record.since >= self.watch.warm_up && record.since < self.end {
            let tally = &mut self.tally.stations[instance.station as usize];
            tally.left += 1;
            tally.staying += u128::from(self.now - record.since);
        }
        self.todo.push(Todo::Reply(visit, good));
    }

    /// A call finds no instance, or no room in it.
    pub(super) fn count_refused(&mut self, station: u32) {
        if self.observed(self.now) {
            self.tally.refused += 1;
            let tally = &mut self.tally.stations[station as usize];
            tally.arrived += 1;
            tally.refused += 1;
        }
    }

    /// Whether a visit's instance still lives the life in which the visit came to it.
    #[inline]
    pub(super) fn is_alive(&self, visit: u32) -> bool {
        let record = &self.visits[visit];
        record.instance == NONE || self.instances[record.instance as usize].epoch == record.epoch
    }

    /// A visit is lost with its instance. Its caller finds out at its deadline; where it has none,
    /// at once; where it has given up already, nobody is left to find out.
    pub(super) fn lose(&mut self, visit: u32) {
        let record = &mut self.visits[visit];
        if record.abandoned {
            self.visits.remove(visit);
            return;
        }
        record.state = State::Lost;
        let caller = self.visits[self.visits[visit].parent].caller;
        if self.program.callers[caller as usize].deadlines == NONE {
            self.todo.push(Todo::Reply(visit, false));
        }
    }
}
