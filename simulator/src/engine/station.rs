//! What goes on at a station as a whole.

use super::agenda::Agenda;
use super::clock::Clock;
use super::instance::Instance;
use super::program::StationPlan;
use super::tally::{ClassTally, StationTally};
use super::visits::{State, Visit};
use super::watch::Watch;

/// A station during a trial.
#[derive(Debug)]
pub(crate) struct Station {
    /// Visits that may wait in an instance.
    pub queue_limit: u32,
    /// Visits that may be in an instance.
    pub in_flight_limit: u32,
    /// Until when its servers stand still.
    pub stalled_until: u64,
    /// How long the last stall was.
    pub stall: u64,
    /// The ticket of the timer that rings at its end.
    pub alarm: u32,
    /// How many stalls there have been, modulo 256.
    pub stalls: u8,
    /// Whether its visits make calls of their own.
    pub calls: bool,
    /// Whether its visits may go on to other stations.
    pub routes: bool,
    /// Whether the distribution of the waiting time is recorded.
    pub waits: bool,
    /// What was counted.
    pub tally: StationTally,
}

impl Station {
    /// A station that nobody has come to yet.
    pub(crate) fn new(plan: &StationPlan, watch: &Watch, classes: usize) -> Self {
        let classes = if classes > 1 { classes } else { 0 };
        Self {
            queue_limit: plan.queue_limit,
            in_flight_limit: plan.in_flight_limit,
            stalled_until: 0,
            stall: 0,
            alarm: 0,
            stalls: 0,
            calls: plan.calls,
            routes: plan.routes,
            waits: watch.waits,
            tally: StationTally {
                classes: vec![ClassTally::default(); classes],
                ..StationTally::default()
            },
        }
    }

    /// A server of an instance takes a visit.
    #[inline(always)]
    pub(crate) fn start(
        &mut self,
        clock: Clock,
        agenda: &mut Agenda,
        instance: &mut Instance,
        (visit, record): (u32, &mut Visit),
    ) {
        let done = clock.now + record.work;
        record.state = State::Served;
        record.stalls = self.stalls;
        record.ticket = agenda.due(done, visit);
        instance.busy += 1;
        instance.busy_time += clock.part(clock.now, done);
        instance.given = instance.given.wrapping_add(record.work);
        self.count_start(clock, record, clock.now - record.since, true);
    }

    /// A service begins, or goes on, after so much waiting.
    #[inline(always)]
    pub(crate) fn count_start(&mut self, clock: Clock, record: &Visit, waiting: u64, first: bool) {
        if !clock.observes(record.since) {
            return;
        }
        self.tally.waiting += u128::from(waiting);
        if !self.tally.classes.is_empty() {
            let class = &mut self.tally.classes[usize::from(record.class)];
            class.started += u64::from(first);
            class.waiting += u128::from(waiting);
        }
        if first {
            self.tally.started += 1;
            self.tally.waited += u64::from(waiting > 0);
            if self.waits {
                self.tally.waits.record(waiting);
                let time = waiting.cast_signed() as f64;
                self.tally.waiting_square += time * time;
            }
        }
    }

    /// A visit has come and is not refused.
    #[inline(always)]
    pub(crate) fn count_arrival(&mut self, clock: Clock, class: u16) {
        let observed = u64::from(clock.observes(clock.now));
        self.tally.arrived += observed;
        if !self.tally.classes.is_empty() {
            self.tally.classes[usize::from(class)].arrived += observed;
        }
    }

    /// A visit leaves that came at a moment.
    #[inline]
    pub(crate) fn count_leaving(&mut self, clock: Clock, since: u64, class: u16) {
        if clock.observes(since) {
            self.tally.left += 1;
            self.tally.staying += u128::from(clock.now - since);
            if !self.tally.classes.is_empty() {
                let class = &mut self.tally.classes[usize::from(class)];
                class.left += 1;
                class.staying += u128::from(clock.now - since);
            }
        }
    }
}
