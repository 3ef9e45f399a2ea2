//! What goes on inside an instance whose queue and servers are not plain.

use super::NONE;
use super::program::{FloorPlan, ServersPlan};
use super::trial::{Todo, Trial};
use super::visits::{Flags, State};
use crate::model::Discipline;
use crate::model::service::Further;
use crate::random::{Fraction, Purpose};
use crate::time::nanoseconds;

impl Trial<'_> {
    pub(super) fn floor_plan(&self, place: u32) -> &FloorPlan {
        let station = self.instances[place as usize].station;
        &self.program.floors[self.program.stations[station as usize].floor as usize]
    }

    pub(super) fn is_stalled(&self, place: u32) -> bool {
        let station = self.instances[place as usize].station;
        self.stations[station as usize].stalled_until > self.clock.now
    }

    /// Whether an instance takes another visit at once.
    fn takes(&self, place: u32) -> bool {
        let instance = &self.instances[place as usize];
        if !instance.up || self.is_stalled(place) {
            return false;
        }
        match self.floor_plan(place).discipline {
            Discipline::Sharing { most } => {
                let sharing = self.floors[instance.floor as usize].share.len();
                most.is_none_or(|most| sharing < most as usize)
            }
            _ => instance.busy < instance.servers,
        }
    }

    /// Who has to make room for a newcomer of a rank, or none.
    fn victim(&self, place: u32, rank: usize) -> u32 {
        if self.is_stalled(place) {
            return NONE;
        }
        let served = &self.floors[self.instances[place as usize].floor as usize].served;
        match self.floor_plan(place).discipline {
            Discipline::LastCome { preemptive: true } => served[0].last(),
            Discipline::Priority { preemptive: true } => served[rank + 1..]
                .iter()
                .rev()
                .map(super::floor::Line::last)
                .find(|visit| *visit != NONE)
                .unwrap_or(NONE),
            _ => NONE,
        }
    }

    /// A visit has come to its instance.
    pub(super) fn receive(&mut self, visit: u32) -> Todo {
        let clock = self.clock;
        let (place, class) = (self.visits[visit].instance, self.visits[visit].class);
        let rank = self.floor_plan(place).rank(class);
        let free = self.takes(place);
        let victim = if free { NONE } else { self.victim(place, rank) };
        let record = &mut self.visits[visit];
        let station = &mut self.stations[record.station as usize];
        let instance = &mut self.instances[place as usize];
        let full = instance.in_flight >= station.in_flight_limit
            || !free && victim == NONE && instance.queued >= station.queue_limit;
        if full {
            return self.refuse(visit);
        }
        instance.in_flight += 1;
        record.since = clock.now;
        record.epoch = instance.epoch;
        record.flags.clear(Flags::RESUMED);
        station.count_arrival(clock, class);
        let held = self.visits.held_mut(visit);
        held.rank = u8::try_from(rank).unwrap_or(u8::MAX);
        held.since = clock.now;
        if victim != NONE {
            self.interrupt(victim);
        }
        if free || victim != NONE {
            self.seize(visit);
        } else {
            self.wait(visit);
        }
        self.start_at_threshold(place);
        if self.watch.levels {
            let (place, inside) = self.inside(visit);
            self.note(place, inside - 1);
        }
        Todo::Done
    }

    /// A server takes a visit, or it joins those who share.
    fn seize(&mut self, visit: u32) {
        let clock = self.clock;
        let place = self.visits[visit].instance;
        let sharing = matches!(self.floor_plan(place).discipline, Discipline::Sharing { .. });
        if sharing {
            self.reckon(place);
        }
        let held = *self.visits.held(visit);
        let record = &mut self.visits[visit];
        let station = &mut self.stations[record.station as usize];
        let instance = &mut self.instances[place as usize];
        let first = !record.flags.has(Flags::RESUMED);
        station.count_start(clock, record, clock.now - held.since, first);
        record.flags.set(Flags::RESUMED);
        record.state = State::Served;
        record.stalls = station.stalls;
        record.ticket = 0;
        let (work, floor) = (record.work, &mut self.floors[instance.floor as usize]);
        if sharing {
            floor.share.push(work, visit);
            return self.aim(place);
        }
        let done = clock.now + work;
        record.ticket = self.agenda.due(done, visit);
        instance.busy += 1;
        instance.busy_time += clock.part(clock.now, done);
        instance.given = instance.given.wrapping_add(work);
        self.visits.held_mut(visit).due = done;
        floor.served[usize::from(held.rank)].append(&mut self.visits, visit);
    }

    /// A visit stands in line.
    fn wait(&mut self, visit: u32) {
        let record = &mut self.visits[visit];
        let (place, request, path, station) =
            (record.instance, record.request, record.stream(), record.station);
        record.state = State::Waiting;
        record.ticket = 0;
        let instance = &mut self.instances[place as usize];
        instance.queued += 1;
        let rank = usize::from(self.visits.held(visit).rank);
        let line = &mut self.floors[instance.floor as usize].waiting[rank];
        let program = self.program;
        let plan = &program.floors[program.stations[station as usize].floor as usize];
        if matches!(plan.discipline, Discipline::LastCome { .. }) {
            line.prepend(&mut self.visits, visit);
        } else {
            line.append(&mut self.visits, visit);
        }
        if let Some(patience) = &plan.patience {
            let draw = self.streams.draw(Purpose::Patience, station, request, path);
            let further = || Further { streams: &self.streams, entity: station, request, path };
            let time = nanoseconds(patience.sample(Fraction(draw.first()), further));
            self.visits[visit].ticket = self.agenda.due(self.clock.now + time, visit);
        }
        self.set_up(place);
    }

    /// A visit that is being served goes back to the head of its line, with what is left.
    pub(super) fn interrupt(&mut self, visit: u32) {
        let now = self.clock.now;
        let held = self.visits.held_mut(visit);
        let (rank, due) = (usize::from(held.rank), held.due);
        held.since = now;
        let record = &mut self.visits[visit];
        let instance = &mut self.instances[record.instance as usize];
        record.work = due - now;
        record.ticket = 0;
        record.state = State::Waiting;
        instance.busy -= 1;
        instance.busy_time -= self.clock.part(now, due);
        instance.given = instance.given.wrapping_sub(due - now);
        instance.queued += 1;
        let floor = &mut self.floors[instance.floor as usize];
        floor.served[rank].remove(&mut self.visits, visit);
        floor.waiting[rank].prepend(&mut self.visits, visit);
    }

    /// Servers that are free take whoever is next.
    pub(super) fn fill(&mut self, place: u32) {
        while self.takes(place) {
            let Some(visit) = self.next_in_line(place) else {
                break;
            };
            self.seize(visit);
        }
        if matches!(self.floor_plan(place).servers, ServersPlan::SetUp(_)) {
            self.change_servers(place, self.instances[place as usize].busy);
            self.set_up(place);
        }
    }

    fn next_in_line(&mut self, place: u32) -> Option<u32> {
        let drops = self.floor_plan(place).drop_expired;
        let of = self.instances[place as usize].floor as usize;
        loop {
            let lines = &mut self.floors[of].waiting;
            let line = lines.iter_mut().find(|line| line.count > 0)?;
            let visit = line.first();
            line.remove(&mut self.visits, visit);
            self.instances[place as usize].queued -= 1;
            if !drops || !self.is_expired(visit) {
                return Some(visit);
            }
            self.instances[place as usize].in_flight -= 1;
            if self.watch.levels {
                self.note(place, self.instances[place as usize].in_flight + 1);
            }
            let record = &self.visits[visit];
            let tally = &mut self.stations[record.station as usize].tally;
            tally.dropped += u64::from(self.clock.observes(record.since));
            self.todo.push(Todo::Reply(visit, false));
        }
    }

    /// Whether the caller of a visit gave up, or a caller before it, or it is too late for it.
    fn is_expired(&self, visit: u32) -> bool {
        if self.is_too_late(visit) {
            return true;
        }
        let mut at = visit;
        loop {
            let record = &self.visits[at];
            if record.is_abandoned() {
                return true;
            }
            if record.has_no_parent() {
                return false;
            }
            at = record.parent;
        }
    }

    /// A visit has waited for as long as it was ready to.
    pub(super) fn give_up(&mut self, visit: u32) -> Todo {
        let clock = self.clock;
        let rank = usize::from(self.visits.held(visit).rank);
        let record = &self.visits[visit];
        let (place, since, station) = (record.instance, record.since, record.station);
        let instance = &mut self.instances[place as usize];
        instance.queued -= 1;
        instance.in_flight -= 1;
        self.floors[instance.floor as usize].waiting[rank].remove(&mut self.visits, visit);
        if clock.observes(since) {
            let tally = &mut self.stations[station as usize].tally;
            tally.gave_up += 1;
            tally.gave_up_waiting += u128::from(clock.now - since);
        }
        self.set_up(place);
        if self.watch.levels {
            self.note(place, self.instances[place as usize].in_flight + 1);
        }
        Todo::Reply(visit, false)
    }

    /// A visit has been served.
    pub(super) fn complete_on_floor(&mut self, visit: u32) -> Todo {
        let record = &self.visits[visit];
        let (place, class, since, of) =
            (record.instance, record.class, record.since, record.station);
        let at = place as usize;
        if self.instances[at].epoch != record.epoch {
            return self.lose(visit);
        }
        let floor = self.instances[at].floor as usize;
        if matches!(self.floor_plan(place).discipline, Discipline::Sharing { .. }) {
            self.reckon(place);
            self.floors[floor].share.pop();
            self.aim(place);
        } else {
            let station = &self.stations[of as usize];
            if station.stalls != record.stalls {
                self.visits.held_mut(visit).due = self.clock.now + station.stall;
                return self.prolong(visit);
            }
            let rank = usize::from(self.visits.held(visit).rank);
            self.instances[at].busy -= 1;
            self.floors[floor].served[rank].remove(&mut self.visits, visit);
        }
        self.stop_at_threshold(place);
        self.fill(place);
        if self.stations[of as usize].calls {
            let (step, end) = self.program.steps_of(of, class);
            if step != end {
                self.begin(visit, step, end);
                return self.advance(visit);
            }
        }
        self.instances[at].in_flight -= 1;
        if self.watch.levels {
            self.note(place, self.instances[at].in_flight + 1);
        }
        let station = &mut self.stations[of as usize];
        station.count_leaving(self.clock, since, class);
        if station.routes { self.go_on(visit) } else { self.reply(visit, true) }
    }

    /// All that is inside an instance is lost.
    pub(super) fn clear_floor(&mut self, place: u32) {
        let instance = &mut self.instances[place as usize];
        instance.queued = 0;
        let floor = &mut self.floors[instance.floor as usize];
        let mut lost = floor.share.clear();
        for line in &mut floor.waiting {
            while line.count > 0 {
                let visit = line.first();
                line.remove(&mut self.visits, visit);
                lost.push(visit);
            }
        }
        // Those being served one by one are found lost when that would be over.
        floor.served.fill(super::floor::Line::EMPTY);
        for visit in lost {
            let todo = self.lose(visit);
            self.todo.push(todo);
        }
        self.set_up(place);
    }

    /// Adds up what those who share have been given.
    pub(super) fn reckon(&mut self, place: u32) {
        let clock = self.clock;
        let instance = &mut self.instances[place as usize];
        let share = &mut self.floors[instance.floor as usize].share;
        let count = share.len();
        let span = clock.now.saturating_sub(share.since);
        if count > 0 && span > 0 {
            let servers = f64::from(instance.servers);
            share.given += span as f64 * (servers / count as f64).min(1.0);
            let busy = (count as u64).min(instance.servers.into());
            instance.busy_time += clock.part(share.since, clock.now) * busy;
            instance.given = instance.given.wrapping_add(span.wrapping_mul(busy));
        }
        share.since = share.since.max(clock.now);
    }

    /// Says when the next of those who share has had enough.
    pub(super) fn aim(&mut self, place: u32) {
        let instance = &self.instances[place as usize];
        let share = &mut self.floors[instance.floor as usize].share;
        let before = std::mem::replace(&mut share.aimed, NONE);
        if before != NONE {
            self.visits[before].ticket = 0;
        }
        let Some((end, visit)) = share.next().filter(|_| instance.servers > 0) else {
            return;
        };
        share.aimed = visit;
        let slowness = (share.len() as f64 / f64::from(instance.servers)).max(1.0);
        let wait = nanoseconds((end - share.given).max(0.0) * slowness);
        let time = share.since.max(self.clock.now) + wait;
        self.visits[visit].ticket = self.agenda.due(time, visit);
    }
}
