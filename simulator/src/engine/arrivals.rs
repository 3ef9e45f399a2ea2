//! Requests come into being, and end.

use super::NONE;
use super::rates::Cursor;
use super::tally::Bin;
use super::trial::{Todo, Trial};
use crate::model::service::Further;
use crate::model::{Batch, Rate};
use crate::random::{Fraction, Purpose};
use crate::time::{NEVER, SECOND};

/// Bits of a request's number that count the requests of its source.
const COUNT_BITS: u32 = 48;

/// Arrivals that are drawn at once: independent draws overlap in the processor.
const BATCH: usize = 16;

/// How far a source has come.
#[derive(Debug, Clone, Default)]
pub(super) struct SourceState {
    /// Requests that it has drawn.
    drawn: u64,
    /// The last of them in operational time, in which the mean gap is 1.
    operational: f64,
    /// Those drawn last.
    batch: [Arrival; BATCH],
    /// How many of them have been sent.
    sent: usize,
    /// Nanoseconds of a mean gap, where the rate stays the same.
    pace: Option<f64>,
    /// Where the rate changes, how far its clock has come.
    cursor: Cursor,
    /// Requests that are still to come at the moment drawn last.
    together: u32,
}

/// A request that is going to come.
#[derive(Debug, Clone, Copy, Default)]
struct Arrival {
    moment: u64,
    class: u16,
    /// The work of its first attempt on an instance of speed 1, in nanoseconds, and what decides
    /// on its way.
    work: f64,
    route: u64,
}

impl SourceState {
    /// Whether a request comes together with the one before it; where none does, it is drawn how
    /// many will come with this one.
    fn has_more_together(&mut self, batch: Batch, uniform: impl FnOnce() -> Fraction) -> bool {
        if self.together > 0 {
            self.together -= 1;
            return true;
        }
        self.together = match batch {
            Batch::Single => 0,
            Batch::Fixed(size) => size - 1,
            Batch::Geometric(mean) => further_of(mean, uniform().open()),
        };
        false
    }

    /// The number of the next request.
    const fn next(&self) -> u64 {
        self.drawn - (BATCH - self.sent) as u64
    }
}

impl Trial<'_> {
    /// Draws the first arrivals of a source.
    pub(super) fn open_source(&mut self, source: usize) {
        if self.program.sources[source].closed {
            return self.open_users(source);
        }
        let rate = &self.program.sources[source].rate;
        self.sources[source].pace = match rate {
            Rate::Constant(rate) if rate * self.watch.load > 0.0 => {
                Some(SECOND as f64 / (rate * self.watch.load))
            }
            _ => None,
        };
        self.draw_arrivals(source);
        self.agenda.set_arrival(source, self.sources[source].batch[0].moment);
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
        let moment = state.batch[state.sent % BATCH].moment.max(self.clock.now);
        self.agenda.set_arrival(source, moment);
    }

    fn draw_arrivals(&mut self, source: usize) {
        let Self { program, streams, .. } = self;
        let entity = super::place(source);
        let plan = &program.sources[source];
        let state = &mut self.sources[source];
        let drawn = state.drawn;
        let mut moments = [0.0; BATCH];
        let mut works = [Fraction(0); BATCH];
        for (place, moment) in moments.iter_mut().enumerate() {
            let request = drawn + place as u64;
            let draw = streams.draw(Purpose::Arrival, entity, request, 0);
            let further = || Further { streams, entity, request, path: 1 };
            works[place] = Fraction(draw.second());
            if plan.batch != Batch::Single
                && state.has_more_together(plan.batch, || {
                    Fraction(streams.draw(Purpose::Batch, entity, request, 0).first())
                })
            {
                *moment = state.operational;
                continue;
            }
            state.operational += plan.gaps.sample(Fraction(draw.first()), further);
            *moment = state.operational;
        }
        if let Some(pace) = state.pace {
            for (arrival, operational) in state.batch.iter_mut().zip(moments) {
                arrival.moment = crate::time::nanoseconds(operational * pace);
            }
        } else {
            for (arrival, operational) in state.batch.iter_mut().zip(moments) {
                let load = self.watch.load;
                let of = (&*streams, entity);
                arrival.moment = state.cursor.moment(&plan.rate, load, operational, of);
            }
        }
        // What a first attempt needs follows from its number, so it is drawn along with it: draws
        // that do not wait for one another overlap in the processor.
        let to = |class| &program.steps[program.entry(source, class) as usize].to;
        let mut goes = to(0);
        for (place, (arrival, work)) in state.batch.iter_mut().zip(works).enumerate() {
            let request = number(source, drawn + place as u64);
            if plan.has_choices {
                let draw = streams.draw(Purpose::Class, entity, request, 0);
                arrival.class = plan.class(Fraction(draw.first()));
                arrival.route = draw.second();
                goes = to(arrival.class);
            }
            arrival.work = program.work(streams, goes, work, (request, 0));
        }
        state.drawn += BATCH as u64;
        state.sent = 0;
    }

    /// A source sends a request.
    #[inline(always)]
    pub(super) fn arrive(&mut self, source: usize) -> Todo {
        if !self.admits_request() {
            self.agenda.set_arrival(source, NEVER);
            return Todo::Done;
        }
        let program = self.program;
        let state = &self.sources[source];
        let Arrival { class, work, route, .. } = state.batch[state.sent % BATCH];
        let request = number(source, state.next());
        self.schedule_arrival(source);
        let call = program.entry(source, class);
        let root = self.visits.insert(|root| {
            root.request = request;
            root.call = call;
            root.class = class;
        });
        self.enter((root, call), work, Fraction(route))
    }

    /// Counts a request; whether it is sent, since sources fall silent in the end.
    #[inline(always)]
    pub(super) fn admits_request(&mut self) -> bool {
        self.tally.requests += 1;
        if self.tally.requests >= self.watch.requests_max {
            self.cut_short();
        }
        !self.is_winding_up()
    }

    /// A request comes into the system: its first attempt is sent.
    #[inline(always)]
    pub(super) fn enter(&mut self, (root, call): (u32, u32), work: f64, route: Fraction) -> Todo {
        let program = self.program;
        self.count_present();
        self.present += 1;
        if self.clock.observes(self.clock.now) {
            self.open += 1;
            self.tally.offered += 1;
            if self.watch.bin > 0 {
                self.count_offered();
            }
        }
        let step = &program.steps[call as usize];
        self.visits.waiting_mut(root).born = self.clock.now;
        if step.caller.budget != NONE {
            self.budgets[step.caller.budget as usize].earn();
        }
        self.dispatch(root, (step, &step.to), work, route)
    }

    /// Whether nothing new needs to happen: the observed time is over, and the sources may fall
    /// silent.
    pub(super) fn is_winding_up(&self) -> bool {
        self.clock.now >= self.clock.end && self.is_exhausted()
    }

    /// Whether the sources may fall silent: the requests observed have seen what follows them for
    /// a quarter of the observed time.
    fn is_exhausted(&self) -> bool {
        let observed = self.clock.end.saturating_sub(self.clock.warm_up);
        self.clock.now >= self.clock.end + observed / 4
            || self.tally.requests >= self.watch.requests_max
    }

    /// Ends the observed time with this nanosecond.
    pub(super) fn cut_short(&mut self) {
        self.clock.cut_short();
    }

    #[cold]
    fn count_offered(&mut self) {
        let bin = self.bin_of(self.clock.now);
        while self.tally.bins.len() <= bin {
            self.tally.bins.push(Bin::default());
        }
        self.tally.bins[bin].offered += 1;
        if self.watch.recovery.is_some() && bin > self.bins_seen {
            self.bins_seen = bin;
            self.look_for_recovery(bin);
        }
    }

    pub(super) fn bin_of(&self, moment: u64) -> usize {
        let bin = (moment - self.clock.warm_up) / self.watch.bin;
        usize::try_from(bin).expect("a series has few bins")
    }

    /// Looks whether enough bins in a row, all of them over, were good; then the trial may end.
    fn look_for_recovery(&mut self, over: usize) {
        let Some(recovery) = self.watch.recovery else {
            return;
        };
        let after = recovery.from.saturating_sub(self.clock.warm_up);
        let first = usize::try_from(after.div_ceil(self.watch.bin)).unwrap_or(usize::MAX);
        let good = |bin: &Bin| f64::from(bin.good) >= recovery.share * f64::from(bin.offered);
        let bins = self.tally.bins.get(first..over).unwrap_or_default();
        let found = bins.windows(recovery.bins).position(|window| window.iter().all(good));
        if let Some(start) = found {
            let bin = self.clock.warm_up + (first + start) as u64 * self.watch.bin;
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
    #[inline(always)]
    pub(super) fn finish(&mut self, root: u32, class: u16, good: bool) -> Todo {
        let born = self.visits.waiting(root).born;
        if self.program.has_users && self.program.is_of_user(self.visits[root].request) {
            self.think_again(root);
        } else {
            self.visits.remove(root);
        }
        self.count_present();
        self.present -= 1;
        self.tally.stays += u128::from(self.clock.part(born, self.clock.now));
        if !self.clock.observes(born) {
            return Todo::Done;
        }
        self.open -= 1;
        if good {
            self.count_answer(class, born);
        } else {
            self.count_failure(class);
        }
        Todo::Done
    }

    #[inline(always)]
    fn count_answer(&mut self, class: u16, born: u64) {
        let latency = self.clock.now - born;
        for (place, limit) in self.watch.limits.iter().enumerate() {
            if limit.class.is_none_or(|of| of == class) {
                self.tally.judged[place] += 1;
                self.tally.over[place] += u64::from(latency > limit.latency);
            }
        }
        self.tally.good += 1;
        self.tally.latencies[usize::from(class)].record(latency);
        self.tally.latency_sums[usize::from(class)] += u128::from(latency);
        let time = latency.cast_signed() as f64;
        self.tally.latency_square += time * time;
        if self.watch.bin > 0 {
            self.count_in_series(born, latency);
        }
    }

    #[inline(never)]
    fn count_in_series(&mut self, born: u64, latency: u64) {
        let bin = self.bin_of(born);
        self.tally.bins[bin].good += 1;
        self.tally.bins[bin].latencies.record(latency);
    }
}

/// The number of a source's request among all requests.
pub(super) const fn number(source: usize, count: u64) -> u64 {
    (source as u64) << COUNT_BITS | count
}

/// The source of a request.
pub(super) const fn source(request: u64) -> usize {
    (request >> COUNT_BITS) as usize
}

/// How many come with the first of a geometric number of this mean.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a quotient of logarithms of numbers below 1; the cast saturates"
)]
fn further_of(mean: f64, uniform: f64) -> u32 {
    let goes_on = 1.0 - 1.0 / mean;
    if goes_on <= 0.0 { 0 } else { (libm::log(uniform) / libm::log(goes_on)) as u32 }
}
