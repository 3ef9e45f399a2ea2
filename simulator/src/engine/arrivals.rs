//! Requests come into being, and end.

use super::NONE;
use super::tally::Bin;
use super::trial::{Todo, Trial};
use super::visits::{State, Visit};
use crate::model::Rate;
use crate::model::service::Further;
use crate::random::{Fraction, Purpose};
use crate::time::{LONGEST, NEVER, SECOND};

/// Bits of a request's number that count the requests of its source.
const COUNT_BITS: u32 = 48;

/// Arrivals that are drawn at once: independent draws overlap in the processor.
const BATCH: usize = 8;

/// How far a source has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SourceState {
    /// Requests that it has drawn.
    drawn: u64,
    /// The last of them in operational time, in which the mean gap is 1.
    operational: f64,
    /// Moment and class of those drawn last.
    batch: [(u64, u16); BATCH],
    /// How many of them have been sent.
    sent: usize,
}

impl SourceState {
    /// The number of the next request, and its class.
    const fn next(&self) -> (u64, u16) {
        (self.drawn - (BATCH - self.sent) as u64, self.batch[self.sent].1)
    }
}

impl Trial<'_> {
    /// Draws the first arrivals of a source.
    pub(super) fn open_source(&mut self, source: usize) {
        self.draw_arrivals(source);
        self.agenda.set_arrival(source, self.sources[source].batch[0].0);
    }

    /// Goes on to the next arrival of a source.
    #[inline]
    fn schedule_arrival(&mut self, source: usize) {
        let state = &mut self.sources[source];
        state.sent += 1;
        if state.sent == BATCH {
            self.draw_arrivals(source);
        }
        let state = &self.sources[source];
        // What the clock has reached by rounding is not gone back behind.
        self.agenda.set_arrival(source, state.batch[state.sent].0.max(self.now));
    }

    fn draw_arrivals(&mut self, source: usize) {
        let entity = super::place(source);
        let plan = &self.program.sources[source];
        let mut state = self.sources[source];
        for place in 0..BATCH {
            let request = state.drawn + place as u64;
            let draw = self.streams.draw(Purpose::Arrival, entity, request, 0);
            let further = Further { streams: &self.streams, entity, request, path: 1 };
            state.operational += plan.gaps.sample(Fraction(draw.first()), further);
            let class = self.program.class(source, Fraction(draw.second()));
            state.batch[place] = (moment(&plan.rate, self.watch.load, state.operational), class);
        }
        state.drawn += BATCH as u64;
        state.sent = 0;
        self.sources[source] = state;
    }

    /// A source sends a request.
    pub(super) fn arrive(&mut self, source: usize) {
        self.tally.requests += 1;
        if self.tally.requests >= self.watch.requests_max {
            self.cut_short();
        }
        if self.now >= self.end && self.is_exhausted() {
            self.agenda.set_arrival(source, NEVER);
            return;
        }
        let (number, class) = self.sources[source].next();
        let caller = super::place(self.program.stations.len() + source);
        let (step, end) = self.program.steps_of(caller, class);
        let root = self.visits.insert(Visit {
            since: self.now,
            request: (source as u64) << COUNT_BITS | number,
            step,
            end,
            caller,
            class,
            state: State::Calling,
            ..Visit::EMPTY
        });
        self.schedule_arrival(source);
        self.count_present();
        self.present += 1;
        if self.observed(self.now) {
            self.open += 1;
            self.tally.offered += 1;
            self.count_offered();
        }
        self.todo.push(Todo::Advance(root));
    }

    /// Whether the sources may fall silent: the requests observed have seen what follows them for
    /// a quarter of the observed time.
    fn is_exhausted(&self) -> bool {
        let observed = self.end.saturating_sub(self.watch.warm_up);
        self.now >= self.end + observed / 4 || self.tally.requests >= self.watch.requests_max
    }

    /// Ends the observed time with this nanosecond.
    pub(super) fn cut_short(&mut self) {
        self.end = self.end.min(self.now.max(self.watch.warm_up) + 1);
    }

    fn count_offered(&mut self) {
        if self.watch.bin == 0 {
            return;
        }
        let bin = self.bin_of(self.now);
        while self.tally.bins.len() <= bin {
            self.tally.bins.push(Bin::default());
        }
        self.tally.bins[bin].offered += 1;
        if self.watch.recovery.is_some() && bin > self.bins_seen {
            self.bins_seen = bin;
            self.look_for_recovery(bin);
        }
    }

    fn bin_of(&self, moment: u64) -> usize {
        let bin = (moment - self.watch.warm_up) / self.watch.bin;
        usize::try_from(bin).expect("a series has few bins")
    }

    /// Looks whether enough bins in a row, all of them over, were good; then the trial may end.
    fn look_for_recovery(&mut self, over: usize) {
        let Some(recovery) = self.watch.recovery else {
            return;
        };
        let after = recovery.from.saturating_sub(self.watch.warm_up);
        let first = usize::try_from(after.div_ceil(self.watch.bin)).unwrap_or(usize::MAX);
        let good = |bin: &Bin| f64::from(bin.good) >= recovery.share * f64::from(bin.offered);
        let bins = self.tally.bins.get(first..over).unwrap_or_default();
        let found = bins.windows(recovery.bins).position(|window| window.iter().all(good));
        if let Some(start) = found {
            let bin = self.watch.warm_up + (first + start) as u64 * self.watch.bin;
            self.tally.recovered = Some(bin.max(recovery.from));
            self.cut_short();
        }
    }

    /// A request was not answered well: it is over every limit that speaks of it.
    pub(super) fn count_failure(&mut self, class: u16) {
        self.tally.failed[usize::from(class)] += 1;
        for (place, limit) in self.watch.limits.iter().enumerate() {
            if limit.class.is_none_or(|of| of == class) {
                self.tally.judged[place] += 1;
                self.tally.over[place] += 1;
            }
        }
    }

    /// A request has been answered, well or not.
    pub(super) fn finish(&mut self, root: u32, good: bool) {
        let request = self.visits[root];
        self.visits.remove(root);
        self.count_present();
        self.present -= 1;
        self.tally.stays += u128::from(self.observed_part(request.since, self.now));
        debug_assert!(request.instance == NONE, "a request is at no instance");
        if !self.observed(request.since) {
            return;
        }
        self.open -= 1;
        let latency = self.now - request.since;
        let class = request.class;
        if !good {
            self.count_failure(class);
            return;
        }
        for (place, limit) in self.watch.limits.iter().enumerate() {
            if limit.class.is_none_or(|of| of == class) {
                self.tally.judged[place] += 1;
                self.tally.over[place] += u64::from(latency > limit.latency);
            }
        }
        self.tally.good += 1;
        self.tally.latencies[usize::from(class)].record(latency);
        self.tally.latency_sum += u128::from(latency);
        let seconds = crate::time::seconds(latency);
        self.tally.latency_square += seconds * seconds;
        if self.watch.bin > 0 {
            let bin = self.bin_of(request.since);
            self.tally.bins[bin].good += 1;
            self.tally.bins[bin].latencies.record(latency);
        }
    }
}

/// The nanosecond at which a source's operational time has come.
fn moment(rate: &Rate, load: f64, operational: f64) -> u64 {
    match rate {
        Rate::Constant(rate) if rate * load > 0.0 => known(operational / (rate * load)),
        Rate::Constant(_) => NEVER,
        Rate::Steps(steps) => moment_of_steps(steps, load, operational),
    }
}

/// A moment in nanoseconds; one that is too far away never comes.
fn known(seconds: f64) -> u64 {
    let nanoseconds = seconds * SECOND as f64;
    if nanoseconds < LONGEST { crate::time::nanoseconds(nanoseconds) } else { NEVER }
}

fn moment_of_steps(steps: &[(f64, f64)], load: f64, operational: f64) -> u64 {
    let mut left = operational;
    for (place, (from, rate)) in steps.iter().enumerate() {
        let rate = rate * load;
        let arrivals = steps.get(place + 1).map_or(f64::INFINITY, |next| (next.0 - from) * rate);
        if rate > 0.0 && left <= arrivals {
            return known(from + left / rate);
        }
        left -= if rate > 0.0 { arrivals } else { 0.0 };
    }
    NEVER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operational_time_passes_at_the_rate() {
        let steps = [(0.0, 2.0), (10.0, 0.0), (20.0, 4.0)];
        assert_eq!(moment_of_steps(&steps, 1.0, 5.0), 2_500_000_000);
        assert_eq!(moment_of_steps(&steps, 1.0, 20.0), 10_000_000_000);
        assert_eq!(moment_of_steps(&steps, 1.0, 24.0), 21_000_000_000);
        assert_eq!(moment_of_steps(&steps, 2.0, 48.0), 21_000_000_000);
        assert_eq!(moment_of_steps(&[(0.0, 2.0), (1.0, 0.0)], 1.0, 3.0), NEVER);
        assert_eq!(moment(&Rate::Constant(0.0), 1.0, 1.0), NEVER);
    }
}
