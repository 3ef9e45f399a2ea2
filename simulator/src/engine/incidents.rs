//! What goes wrong, when it does.

use super::trial::Trial;
use crate::model::Change;
use crate::time::{NEVER, from_seconds};

impl Trial<'_> {
    /// Notes when the next incident is.
    pub(super) fn schedule_incident(&mut self) {
        let incident = self.program.incidents.get(self.next_incident).map_or(NEVER, |next| next.at);
        self.agenda.set_incident(incident);
    }

    /// Incidents of this nanosecond.
    pub(super) fn strike(&mut self) {
        while let Some(incident) = self.program.incidents.get(self.next_incident) {
            if incident.at > self.clock.now {
                break;
            }
            self.next_incident += 1;
            self.apply(&incident.change);
        }
        self.schedule_incident();
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Down { station, instances } => {
                for instance in self.places(*station, instances) {
                    self.kill(instance);
                }
            }
            Change::Up { station, instances } => {
                for instance in self.places(*station, instances) {
                    self.revive(instance);
                }
            }
            Change::Eject { station, instances } => {
                let places = self.places(*station, instances);
                for place in &places {
                    self.count_serving(*place);
                }
                self.balancers.eject(&places);
            }
            Change::Admit { station, instances } => {
                let mut places = self.places(*station, instances);
                places.retain(|place| self.is_manned(*place));
                for place in &places {
                    self.count_serving(*place);
                }
                self.balancers.admit(&places);
            }
            Change::Stall { station, duration } => {
                let timer = super::place(*station);
                self.stall_floors(timer, from_seconds(*duration));
                let station = &mut self.stations[*station];
                station.stall = from_seconds(*duration);
                station.stalled_until = self.clock.now + station.stall;
                station.stalls = station.stalls.wrapping_add(1);
                station.alarm = self.agenda.ring_at(station.stalled_until, timer);
            }
        }
    }

    /// Those who share at a station stand still for so long.
    fn stall_floors(&mut self, station: u32, span: u64) {
        for place in 0..super::place(self.instances.len()) {
            let instance = self.instances[place as usize];
            if instance.station == station && instance.floor != super::NONE {
                self.reckon(place);
                let share = &mut self.floors[instance.floor as usize].share;
                share.since = share.since.max(self.clock.now + span);
                self.aim(place);
            }
        }
    }

    fn places(&self, station: usize, instances: &[usize]) -> Vec<u32> {
        let first = self.program.stations[station].first_instance;
        instances.iter().map(|index| first + super::place(*index)).collect()
    }

    /// Adds up how long the balancer has been sending to an instance.
    pub(super) fn count_serving(&mut self, place: u32) {
        let since = self.instances[place as usize].serving_since;
        if self.balancers.serves(place) {
            let span = self.clock.part(since, self.clock.now);
            self.instances[place as usize].serving_time += span;
        }
        self.instances[place as usize].serving_since = self.clock.now;
    }

    /// An instance dies with everything inside. What is in its queue is lost now; what is being
    /// served or waits for calls is found lost when that is over.
    pub(super) fn kill(&mut self, place: u32) {
        let at = place as usize;
        if !self.instances[at].up {
            return;
        }
        while let Some(visit) = self.instances[at].dequeue(&self.visits) {
            let todo = self.lose(visit);
            self.todo.push(todo);
        }
        if self.instances[at].floor != super::NONE {
            self.clear_floor(place);
        }
        self.empty_cache(place);
        let instance = &mut self.instances[at];
        instance.up = false;
        instance.epoch = instance.epoch.wrapping_add(1);
        instance.busy = 0;
        let before = std::mem::take(&mut instance.in_flight);
        self.drop_connections(place);
        self.lose_copy(place);
        self.live_on(place);
        if self.watch.levels {
            self.note(place, before);
        }
    }

    /// An instance is back, empty.
    pub(super) fn revive(&mut self, place: u32) {
        if !self.instances[place as usize].up {
            self.instances[place as usize].up = true;
            self.regain_copy(place);
            self.live_on(place);
        }
    }

    /// A timer rings: the stall of a station is over, unless another one has begun meanwhile.
    #[cold]
    pub(super) fn ring(&mut self, timer: u32, ticket: u32) {
        let stations = super::place(self.stations.len());
        if timer >= stations {
            return self.ring_bell(timer - stations, ticket);
        }
        if self.stations[timer as usize].alarm == ticket {
            self.wake(timer as usize);
        }
    }

    /// A stall is over: the servers that are free take what waits.
    fn wake(&mut self, station: usize) {
        let first = self.program.stations[station].first_instance as usize;
        let count = self.program.instances[first..]
            .iter()
            .take_while(|instance| instance.station as usize == station)
            .count();
        for place in first..first + count {
            if self.instances[place].floor != super::NONE {
                self.fill(super::place(place));
                continue;
            }
            while self.instances[place].up
                && self.instances[place].busy < self.instances[place].servers
            {
                match self.instances[place].dequeue(&self.visits) {
                    Some(visit) => self.start(visit),
                    None => break,
                }
            }
        }
    }
}
