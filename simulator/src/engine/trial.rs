//! One trial: the state of a run, and its loop over events.

use super::agenda::{Agenda, Event};
use super::arrivals::SourceState;
use super::balancer::Balancers;
use super::budget::Budget;
use super::deadlines::Deadlines;
use super::instance::Instance;
use super::program::Program;
use super::tally::{PoolTally, Tally};
use super::visits::{State, Visits};
use super::watch::Watch;
use crate::random::Streams;
use crate::time::NEVER;

/// What is left to be done at the present nanosecond.
#[derive(Debug, Clone, Copy)]
pub(super) enum Todo {
    /// A visit has come to its instance.
    Deliver(u32),
    /// A visit goes on with its program.
    Advance(u32),
    /// A call is back, well or not.
    Reply(u32, bool),
}

/// What happens at a station as a whole.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stall {
    /// Until when its servers stand still.
    pub until: u64,
    /// How long the last stall was.
    pub length: u64,
    /// How many there have been, modulo 256.
    pub count: u8,
}

/// A run of a program.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    pub(super) program: &'a Program,
    pub(super) watch: &'a Watch,
    pub(super) streams: Streams,
    pub(super) now: u64,
    /// The end of the observed time: that of the watch, or earlier when it was cut short.
    pub(super) end: u64,
    pub(super) agenda: Agenda,
    pub(super) visits: Visits,
    pub(super) instances: Vec<Instance>,
    pub(super) stalls: Vec<Stall>,
    pub(super) balancers: Balancers,
    pub(super) budgets: Vec<Budget>,
    pub(super) deadlines: Vec<Deadlines>,
    pub(super) sources: Vec<SourceState>,
    pub(super) todo: Vec<Todo>,
    pub(super) next_incident: usize,
    /// Observed requests that are not finished.
    pub(super) open: u64,
    /// Requests in the system.
    pub(super) present: u64,
    /// When their number last changed.
    pub(super) present_since: u64,
    /// Bins of the series that were looked at for recovery.
    pub(super) bins_seen: usize,
    pub(super) tally: Tally,
}

impl<'a> Trial<'a> {
    /// An empty system, about to be run.
    pub(crate) fn new(program: &'a Program, watch: &'a Watch, streams: Streams) -> Self {
        let pools: Vec<usize> = program.stations.iter().map(|station| station.pools).collect();
        let seats: Vec<(u32, bool)> =
            program.instances.iter().map(|instance| (instance.group, instance.serving)).collect();
        let mut trial = Self {
            program,
            watch,
            streams,
            now: 0,
            end: watch.end,
            agenda: Agenda::new(
                program.delays.len(),
                program.sources.len(),
                program.timeouts.len(),
            ),
            visits: Visits::new(),
            instances: program.instances.iter().map(Instance::new).collect(),
            stalls: vec![Stall::default(); program.stations.len()],
            balancers: Balancers::new(&program.policies, &seats),
            budgets: program.budgets.iter().map(|earned| Budget::new(*earned)).collect(),
            deadlines: program.timeouts.iter().map(|span| Deadlines::new(*span)).collect(),
            sources: vec![SourceState::default(); program.sources.len()],
            todo: Vec::new(),
            next_incident: 0,
            open: 0,
            present: 0,
            present_since: 0,
            bins_seen: 0,
            tally: Tally::new(program.classes, watch.limits.len(), &pools),
        };
        for source in 0..program.sources.len() {
            trial.open_source(source);
        }
        trial.schedule_incident();
        trial
    }

    /// Runs until the observed time is over and every request observed is finished.
    pub(crate) fn run(mut self) -> Tally {
        let mut events = 0;
        while self.step() {
            events += 1;
            if events == self.watch.events_max {
                self.cut_short();
                break;
            }
        }
        self.conclude()
    }

    /// Takes the next event with all that follows from it at once; whether there was one to take.
    #[inline]
    fn step(&mut self) -> bool {
        let (time, lane) = self.agenda.earliest();
        if time >= self.end && (self.open == 0 || time == NEVER) {
            return false;
        }
        self.now = time;
        match self.agenda.take(lane) {
            Event::Due(visit) => self.due(visit),
            Event::Delivery(visit) => self.deliver(visit),
            Event::Arrival(source) => self.arrive(source),
            Event::Deadline(list) => self.expire(list),
            Event::Incident => self.strike(),
        }
        while let Some(todo) = self.todo.pop() {
            match todo {
                Todo::Deliver(visit) => self.deliver(visit),
                Todo::Advance(visit) => self.advance(visit),
                Todo::Reply(visit, good) => self.reply(visit, good),
            }
        }
        true
    }

    /// A service or a back-off has ended.
    #[inline]
    fn due(&mut self, visit: u32) {
        if self.visits[visit].state == State::BackingOff {
            self.resend(visit);
        } else {
            self.complete(visit);
        }
    }

    /// Whether a moment lies within the observed time.
    #[inline]
    pub(super) fn observed(&self, moment: u64) -> bool {
        moment >= self.watch.warm_up && moment < self.end
    }

    /// How much of a span lies within the observed time.
    #[inline]
    pub(super) fn observed_part(&self, from: u64, to: u64) -> u64 {
        to.min(self.end).saturating_sub(from.max(self.watch.warm_up))
    }

    /// The number of requests in the system is about to change.
    #[inline]
    pub(super) fn count_present(&mut self) {
        let span = self.observed_part(self.present_since, self.now);
        self.tally.area += u128::from(span) * u128::from(self.present);
        self.present_since = self.now;
    }

    fn conclude(mut self) -> Tally {
        self.now = self.now.max(self.end);
        self.count_present();
        self.tally.observed = self.end.saturating_sub(self.watch.warm_up);
        let clients = super::place(self.program.stations.len());
        let in_flight = self.visits.in_flight().filter(|visit| visit.caller >= clients);
        let requests: Vec<(u64, u16)> =
            in_flight.map(|request| (request.since, request.class)).collect();
        let mut stays = self.tally.stays;
        for (since, class) in requests {
            stays += u128::from(self.observed_part(since, self.end));
            // What was given up on was not answered.
            if self.observed(since) {
                self.count_failure(class);
            }
        }
        self.tally.stays = stays;
        // Little's law, as an identity of every trial: the area under the number of requests in
        // the system is the sum of their stays.
        debug_assert_eq!(self.tally.area, stays, "Little's law holds in every trial");
        self.count_pools();
        self.tally
    }

    fn count_pools(&mut self) {
        for (place, instance) in (0..).zip(&self.instances) {
            let mut serving = instance.serving_time;
            if self.balancers.serves(place) {
                serving += self.observed_part(instance.serving_since, self.end);
            }
            let pool = &mut self.tally.pools[instance.station as usize][usize::from(instance.pool)];
            *pool = PoolTally {
                busy: pool.busy + u128::from(instance.busy_time),
                serving: pool.serving + u128::from(serving) * u128::from(instance.servers),
            };
        }
    }
}
