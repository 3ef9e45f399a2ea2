//! Visits inside an instance: admission, waiting, service, and the way out.

use super::NONE;
use super::trial::{Todo, Trial};
use super::visits::{State, Visit};

impl Trial<'_> {
    /// A visit has come to its instance: it is served, waits, is refused, or is never heard of.
    #[inline(always)]
    pub(super) fn deliver(&mut self, visit: u32) -> Todo {
        let clock = self.clock;
        let record = &mut self.visits[visit];
        let station = &mut self.stations[record.station as usize];
        let instance = &mut self.instances[record.instance as usize];
        if !instance.up {
            return self.lose(visit);
        }
        if instance.floor != NONE {
            return self.receive(visit);
        }
        let free = instance.busy < instance.servers && station.stalled_until <= clock.now;
        let full = instance.in_flight >= station.in_flight_limit
            || !free && instance.queued >= station.queue_limit;
        if full {
            return self.refuse(visit);
        }
        instance.in_flight += 1;
        record.since = clock.now;
        record.epoch = instance.epoch;
        station.count_arrival(clock, record.class);
        if free {
            station.start(clock, &mut self.agenda, instance, (visit, record));
        } else {
            record.state = State::Waiting;
            instance.enqueue(&mut self.visits, visit);
        }
        if self.watch.levels {
            let (place, inside) = self.inside(visit);
            self.note(place, inside - 1);
        }
        Todo::Done
    }

    /// The instance of a visit, and how many visits are inside it.
    pub(super) fn inside(&self, visit: u32) -> (u32, u32) {
        let place = self.visits[visit].instance;
        (place, self.instances[place as usize].in_flight)
    }

    /// A server takes a visit.
    pub(super) fn start(&mut self, visit: u32) {
        let record = &mut self.visits[visit];
        let station = &mut self.stations[record.station as usize];
        let instance = &mut self.instances[record.instance as usize];
        station.start(self.clock, &mut self.agenda, instance, (visit, record));
    }

    /// A visit has been served: its server takes the next one, and it makes its calls or answers.
    #[inline(never)]
    pub(super) fn complete(&mut self, visit: u32) -> Todo {
        let clock = self.clock;
        let record = &self.visits[visit];
        let &Visit { since, class, station: of, .. } = record;
        let station = &mut self.stations[of as usize];
        let instance = &mut self.instances[record.instance as usize];
        if instance.floor != NONE {
            return self.complete_on_floor(visit);
        }
        if instance.epoch != record.epoch {
            return self.lose(visit);
        }
        if station.stalls != record.stalls {
            return self.prolong(visit);
        }
        instance.busy -= 1;
        if instance.queued > 0
            && let Some(next) = instance.dequeue(&self.visits)
        {
            let record = (next, &mut self.visits[next]);
            station.start(clock, &mut self.agenda, instance, record);
        }
        if station.calls {
            let (step, end) = self.program.steps_of(of, class);
            if step != end {
                self.begin(visit, step, end);
                return self.advance(visit);
            }
        }
        instance.in_flight -= 1;
        station.count_leaving(clock, since, class);
        let routes = station.routes;
        if self.watch.levels {
            let (place, inside) = self.inside(visit);
            self.note(place, inside + 1);
        }
        if routes {
            return self.go_on(visit);
        }
        self.reply(visit, true)
    }

    /// A visit leaves its instance with an answer.
    pub(super) fn answer(&mut self, visit: u32, good: bool) -> Todo {
        let record = &self.visits[visit];
        self.instances[record.instance as usize].in_flight -= 1;
        let station = &mut self.stations[record.station as usize];
        station.count_leaving(self.clock, record.since, record.class);
        let routes = station.routes;
        if self.watch.levels {
            let (place, inside) = self.inside(visit);
            self.note(place, inside + 1);
        }
        if good && routes {
            return self.go_on(visit);
        }
        self.reply(visit, good)
    }

    /// A stall prolongs a service by its own length.
    #[cold]
    pub(super) fn prolong(&mut self, visit: u32) -> Todo {
        let record = &mut self.visits[visit];
        let station = &self.stations[record.station as usize];
        record.stalls = station.stalls;
        record.ticket = self.agenda.due(self.clock.now + station.stall, visit);
        Todo::Done
    }

    /// An instance has no room for a visit.
    #[cold]
    pub(super) fn refuse(&mut self, visit: u32) -> Todo {
        self.count_refused(self.visits[visit].station);
        Todo::Reply(visit, false)
    }

    /// A call finds no instance, or no room in it.
    #[cold]
    pub(super) fn count_refused(&mut self, station: u32) {
        if self.clock.observes(self.clock.now) {
            self.tally.refused += 1;
            let tally = &mut self.stations[station as usize].tally;
            tally.arrived += 1;
            tally.refused += 1;
        }
    }

    /// Whether a visit's instance still lives the life in which the visit came to it, and, where it
    /// is a gate, calls behind it still matter.
    #[inline]
    pub(super) fn is_alive(&self, visit: u32) -> bool {
        let record = &self.visits[visit];
        if record.state.is_gate() && record.state != State::Quorum {
            return record.state == State::Outbox;
        }
        self.instances[record.instance as usize].epoch == record.epoch
    }

    /// A visit is lost with its instance. Its caller finds out at its deadline; where it has none,
    /// at once; where it has given up already, nobody is left to find out.
    #[cold]
    pub(super) fn lose(&mut self, visit: u32) -> Todo {
        let record = &mut self.visits[visit];
        if record.is_abandoned() {
            self.visits.remove(visit);
            return Todo::Done;
        }
        record.state = State::Lost;
        record.ticket = 0;
        if self.program.caller(record.call).deadlines == NONE {
            return Todo::Reply(visit, false);
        }
        Todo::Done
    }
}
