//! Copies: where writes go, how long they take to the other instances, and who takes over.

use std::collections::VecDeque;

use super::NONE;
use super::calls::path_of_call;
use super::program::{Program, StepPlan, Target};
use super::trial::Trial;
use super::visits::Flags;
use crate::model::service::{Further, Sampler};
use crate::random::{Fraction, Purpose};
use crate::time::{NEVER, nanoseconds};

/// Writes under way to one instance that are told apart; further ones are not, since whoever reads
/// there reads what is old in any case.
const WRITES_MAX: usize = 1 << 20;

/// How the instances of a station are kept alike.
#[derive(Debug, Clone)]
pub(crate) struct CopiesPlan {
    /// In nanoseconds.
    pub lag: Sampler,
    /// Likewise.
    pub failover: u64,
    /// Of so many items each is as likely.
    pub items: u32,
    /// The station's first instance among all that are copies.
    pub first: u32,
}

/// What an instance still misses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Copy {
    /// When each write will have reached it, in order.
    due: VecDeque<u64>,
}

impl Copy {
    /// How many writes it misses at a moment.
    fn missing(&mut self, now: u64) -> u32 {
        while self.due.front().is_some_and(|due| *due <= now) {
            self.due.pop_front();
        }
        super::place(self.due.len())
    }
}

/// The primary of a shard.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Primary {
    /// Its instance; none where the station has no copies, or nobody took over yet.
    pub instance: u32,
    /// The ticket of the timer that ends a failover; nothing while none is under way.
    ticket: u32,
}

impl Program {
    /// The first serving instance of each shard of a station with copies.
    pub(super) fn primaries(&self) -> Vec<Primary> {
        let mut primaries = vec![Primary { instance: NONE, ticket: 0 }; self.policies.len()];
        for (place, instance) in (0..).zip(&self.instances) {
            let primary = &mut primaries[instance.group as usize];
            let copies = self.stations[instance.station as usize].copies;
            if copies != NONE && instance.serving && primary.instance == NONE {
                primary.instance = place;
            }
        }
        primaries
    }

    /// The copies of all stations, with nothing missing.
    pub(super) fn copies_of_all(&self) -> Vec<Copy> {
        let copies = self.stations.iter().filter(|station| station.copies != NONE);
        let count = copies.map(|station| station.instances as usize).sum();
        vec![Copy::default(); count]
    }
}

impl Trial<'_> {
    /// The place of an instance among the copies, and how they are kept; none where it is no copy.
    fn copy_of(&self, instance: u32) -> Option<(usize, u32)> {
        let station = &self.program.stations[self.instances[instance as usize].station as usize];
        if station.copies == NONE {
            return None;
        }
        let first = self.program.copies[station.copies as usize].first;
        Some(((first + instance - station.first_instance) as usize, station.copies))
    }

    /// Decides whether a call to a station with copies writes; once for all attempts.
    pub(super) fn read_or_write(&mut self, child: u32, (step, to): (&StepPlan, &Target)) {
        let record = &mut self.visits[child];
        if record.flags.has(Flags::READS) || record.flags.has(Flags::WRITES) {
            return;
        }
        let draw = self.streams.draw(Purpose::Data, to.station, record.request, record.path);
        let is_fallback = record.flags.has(Flags::FALLBACK);
        let writes = draw.first() < step.writes || step.writes == u64::MAX;
        record.flags.set(if writes && !is_fallback { Flags::WRITES } else { Flags::READS });
    }

    /// An answer of a station with copies is given: a write sets out for the others, and a read may
    /// be stale.
    #[cold]
    pub(super) fn read_and_written(&mut self, visit: u32) {
        let record = self.visits[visit];
        if record.instance == NONE {
            return;
        }
        let Some((own, plan)) = self.copy_of(record.instance) else {
            return;
        };
        let plan = &self.program.copies[plan as usize];
        if record.flags.has(Flags::WRITES) {
            self.spread(visit, plan);
            return;
        }
        let missing = self.copies[own].missing(self.clock.now);
        let fresh = libm::pow(1.0 - 1.0 / f64::from(plan.items), f64::from(missing));
        let path = path_of_call(record.stream(), 1);
        let draw = self.streams.draw(Purpose::Data, record.station, record.request, path);
        if self.clock.observes(self.clock.now) {
            let tally = &mut self.stations[record.station as usize].tally;
            tally.reads += 1;
            tally.stale += u64::from(Fraction(draw.first()).open() > fresh);
        }
    }

    /// A write sets out for the other instances of its shard that are up.
    fn spread(&mut self, visit: u32, plan: &CopiesPlan) {
        let program = self.program;
        let record = self.visits[visit];
        let station = &program.stations[record.station as usize];
        let group = program.instances[record.instance as usize].group;
        for place in station.first_instance..station.first_instance + station.instances {
            let other = program.instances[place as usize].group == group;
            if !other || place == record.instance || !self.instances[place as usize].up {
                continue;
            }
            let path = path_of_call(record.stream(), 2 + place - station.first_instance);
            let entity = record.station;
            let draw = self.streams.draw(Purpose::Data, entity, record.request, path);
            let further =
                || Further { streams: &self.streams, entity, request: record.request, path };
            let lag = nanoseconds(plan.lag.sample(Fraction(draw.first()), further));
            let copy = &mut self.copies[(plan.first + place - station.first_instance) as usize];
            copy.missing(self.clock.now);
            if copy.due.len() < WRITES_MAX {
                let last = copy.due.back().copied().unwrap_or(0);
                copy.due.push_back(last.max(self.clock.now.saturating_add(lag)));
            }
        }
    }

    /// The instances of a shard, each with its place among the copies.
    fn copies_in(&self, group: u32) -> Vec<(u32, usize)> {
        let instances = (0..).zip(&self.program.instances);
        let of_group = instances.filter(|(_, instance)| instance.group == group);
        of_group.filter_map(|(place, _)| Some((place, self.copy_of(place)?.0))).collect()
    }

    /// An instance died: where it was a primary, what it had not sent stays where it is, and
    /// another one takes its place after a time.
    pub(super) fn lose_copy(&mut self, instance: u32) {
        let Some((own, plan)) = self.copy_of(instance) else {
            return;
        };
        self.copies[own].due.clear();
        let group = self.program.instances[instance as usize].group;
        if self.primaries[group as usize].instance != instance {
            return;
        }
        for (_, other) in self.copies_in(group) {
            self.copies[other].missing(self.clock.now);
            self.copies[other].due.iter_mut().for_each(|due| *due = NEVER);
        }
        let time = self.program.copies[plan as usize].failover;
        let timer = super::place(self.stations.len() + self.bells.len()) + group;
        let time = self.clock.now.saturating_add(time);
        self.primaries[group as usize].ticket = self.agenda.ring_at(time, timer);
    }

    /// An instance is back: it goes on as the primary that it was, or becomes one where none is.
    pub(super) fn regain_copy(&mut self, instance: u32) {
        if self.copy_of(instance).is_none() {
            return;
        }
        let group = self.program.instances[instance as usize].group;
        let primary = &mut self.primaries[group as usize];
        if primary.instance == instance {
            primary.ticket = 0;
            self.catch_up(group);
        } else if primary.instance == NONE {
            self.promote(group);
        }
    }

    /// All instances of a shard have what its primary has.
    fn catch_up(&mut self, group: u32) {
        for (_, own) in self.copies_in(group) {
            self.copies[own].due.clear();
        }
    }

    /// The time of a failover is over.
    pub(super) fn fail_over(&mut self, group: u32, ticket: u32) {
        if self.primaries[group as usize].ticket == ticket {
            self.primaries[group as usize] = Primary { instance: NONE, ticket: 0 };
            self.promote(group);
        }
    }

    /// The instance that is up and misses the fewest writes becomes the primary of its shard.
    fn promote(&mut self, group: u32) {
        let now = self.clock.now;
        let up = self.copies_in(group).into_iter();
        let up = up.filter(|(place, _)| self.instances[*place as usize].up);
        let missing: Vec<(u32, usize)> = up.collect();
        let best =
            missing.into_iter().map(|(place, own)| (self.copies[own].missing(now), place)).min();
        let Some((missing, place)) = best else {
            return;
        };
        self.primaries[group as usize].instance = place;
        self.catch_up(group);
        if self.clock.observes(now) {
            let station = self.instances[place as usize].station;
            self.stations[station as usize].tally.lost_writes += u64::from(missing);
        }
        if !self.balancers.serves(place) {
            self.count_serving(place);
            self.balancers.admit(&[place]);
        }
    }
}
