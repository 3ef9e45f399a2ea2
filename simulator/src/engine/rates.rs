//! From operational time, in which the mean gap is 1, to the clock.

use libm::{cos, sin};

use crate::model::Rate;
use crate::model::service::{Further, Sampler};
use crate::random::{Fraction, Purpose, Streams};
use crate::time::{LONGEST, NEVER, SECOND};

/// A span in which the rate goes along a straight line.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    from: f64,
    to: f64,
    /// The rate at its start and at its end.
    low: f64,
    high: f64,
}

impl Piece {
    /// Operational time that passes in it.
    fn passes(&self) -> f64 {
        let span = self.to - self.from;
        if span.is_infinite() && self.low > 0.0 {
            return f64::INFINITY;
        }
        if span.is_infinite() { 0.0 } else { span * f64::midpoint(self.low, self.high) }
    }

    /// The moment at which so much has passed, which is no more than passes in it.
    fn moment(&self, passed: f64) -> f64 {
        let span = self.to - self.from;
        if (self.high - self.low).abs() <= 0.0 || span.is_infinite() {
            return self.from + passed / self.low;
        }
        // low·x + slope·x²/2 = passed, in the form that does not cancel.
        let slope = (self.high - self.low) / span;
        let root = (self.low * self.low + 2.0 * slope * passed).max(0.0).sqrt();
        self.from + (2.0 * passed / (self.low + root)).min(span)
    }
}

/// How far a source's clock has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Cursor {
    piece: Piece,
    /// Operational time at the start of the piece.
    passed: f64,
    /// Pieces before this one.
    count: u64,
    /// The state of a rate that changes at random.
    state: usize,
    /// How long the states of such a rate stay.
    stays: Vec<Sampler>,
    begun: bool,
}

impl Cursor {
    /// The nanosecond at which operational time has come; it never goes back from call to call.
    pub(super) fn moment(
        &mut self,
        rate: &Rate,
        load: f64,
        operational: f64,
        of: (&Streams, u32),
    ) -> u64 {
        if let Rate::Sine { mean, amplitude, period } = rate {
            return known(self.moment_of_sine((*mean, *amplitude), *period, operational / load));
        }
        if !self.begun {
            self.begin(rate, load, of);
        }
        loop {
            let passes = self.piece.passes();
            let left = operational - self.passed;
            if left <= passes && passes > 0.0 {
                return known(self.piece.moment(left));
            }
            if self.piece.to.is_infinite() || self.piece.from * SECOND as f64 > LONGEST {
                return NEVER;
            }
            self.passed += passes;
            self.count += 1;
            self.piece = self.next_piece(rate, load, of);
        }
    }

    fn begin(&mut self, rate: &Rate, load: f64, of: (&Streams, u32)) {
        self.begun = true;
        if let Rate::Modulated(states) = rate {
            self.stays = states.iter().map(|state| Sampler::new(&state.stay, 1.0)).collect();
        }
        self.piece = self.next_piece(rate, load, of);
    }

    fn next_piece(&mut self, rate: &Rate, load: f64, (streams, source): (&Streams, u32)) -> Piece {
        let piece = match rate {
            Rate::Constant(rate) => Piece { from: 0.0, to: f64::INFINITY, low: *rate, high: *rate },
            Rate::Repeated { rate, period } => repeated(rate, *period, self.count),
            Rate::Modulated(states) => {
                let draw = streams.draw(Purpose::Modulation, source, self.count, 0);
                if self.count > 0 {
                    let next = &states[self.state].next;
                    let whole: f64 = next.iter().sum();
                    let mut left = Fraction(draw.second()).open() * whole;
                    let found = next.iter().position(|weight| {
                        left -= weight;
                        left < 0.0
                    });
                    self.state = found.unwrap_or(next.len() - 1);
                }
                let further = || Further { streams, entity: source, request: self.count, path: 2 };
                let stay = self.stays[self.state].sample(Fraction(draw.first()), further);
                let (from, rate) = (self.piece.to, states[self.state].rate);
                Piece { from, to: from + stay, low: rate, high: rate }
            }
            _ => piece_of(rate, usize::try_from(self.count).unwrap_or(usize::MAX)),
        };
        Piece { low: piece.low * load, high: piece.high * load, ..piece }
    }

    /// Newton's steps from where the source has come to, kept within a bracket: up to then
    /// mean·t + amplitude·(1 − cos wt)/w has passed, w being 2π/period.
    fn moment_of_sine(&mut self, (mean, swing): (f64, f64), period: f64, passed: f64) -> f64 {
        if mean <= 0.0 || !passed.is_finite() {
            return f64::INFINITY;
        }
        let w = std::f64::consts::TAU / period;
        let (mut low, mut high) = ((passed - 2.0 * swing / w) / mean, passed / mean);
        let mut at = self.piece.from.clamp(low, high);
        for _ in 0..100 {
            let error = mean * at + swing * (1.0 - cos(w * at)) / w - passed;
            if error > 0.0 {
                high = at;
            } else {
                low = at;
            }
            let mut next = at - error / (mean + swing * sin(w * at));
            if !(next >= low && next <= high) {
                next = f64::midpoint(low, high);
            }
            if (next - at).abs() < 1e-11 * period.min(1.0) + 1e-15 * at {
                at = next;
                break;
            }
            at = next;
        }
        self.piece.from = at;
        at
    }
}

/// A piece of steps or lines.
fn piece_of(rate: &Rate, index: usize) -> Piece {
    let (points, steps) = match rate {
        Rate::Steps(points) => (points, true),
        Rate::Lines(points) => (points, false),
        _ => return Piece { from: 0.0, to: f64::INFINITY, low: 0.0, high: 0.0 },
    };
    let (from, low) = points[index];
    let next = points.get(index + 1);
    let high = if steps { low } else { next.map_or(low, |next| next.1) };
    Piece { from, to: next.map_or(f64::INFINITY, |next| next.0), low, high }
}

/// A piece of steps or lines that begin anew after a period.
fn repeated(rate: &Rate, period: f64, count: u64) -> Piece {
    let (Rate::Steps(points) | Rate::Lines(points)) = rate else {
        return piece_of(rate, 0);
    };
    let pieces = points.partition_point(|point| point.0 < period) as u64;
    let start = (count / pieces) as f64 * period;
    let piece = piece_of(rate, usize::try_from(count % pieces).unwrap_or(0));
    let to = piece.to.min(period);
    let whole = piece.to - piece.from;
    let part = if whole.is_finite() { (to - piece.from) / whole } else { 1.0 };
    let high = piece.low + (piece.high - piece.low) * part;
    Piece { from: start + piece.from, to: start + to, low: piece.low, high }
}

/// A moment in nanoseconds; one that is too far away never comes.
pub(super) fn known(seconds: f64) -> u64 {
    let nanoseconds = seconds * SECOND as f64;
    if nanoseconds < LONGEST { crate::time::nanoseconds(nanoseconds) } else { NEVER }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(rate: &Rate, load: f64, operational: f64) -> u64 {
        let streams = Streams::new(1, 2, 3);
        Cursor::default().moment(rate, load, operational, (&streams, 0))
    }

    #[test]
    fn operational_time_passes_at_the_rate() {
        let steps = Rate::Steps(vec![(0.0, 2.0), (10.0, 0.0), (20.0, 4.0)]);
        assert_eq!(moment(&steps, 1.0, 5.0), 2_500_000_000);
        assert_eq!(moment(&steps, 1.0, 20.0), 10_000_000_000);
        assert_eq!(moment(&steps, 1.0, 24.0), 21_000_000_000);
        assert_eq!(moment(&steps, 2.0, 48.0), 21_000_000_000);
        assert_eq!(moment(&Rate::Steps(vec![(0.0, 2.0), (1.0, 0.0)]), 1.0, 3.0), NEVER);
        assert_eq!(moment(&Rate::Constant(0.0), 1.0, 1.0), NEVER);
    }

    #[test]
    fn a_ramp_passes_as_the_area_below_it() {
        let ramp = Rate::Lines(vec![(0.0, 0.0), (10.0, 20.0)]);
        assert_eq!(moment(&ramp, 1.0, 25.0), 5_000_000_000);
        assert_eq!(moment(&ramp, 1.0, 100.0), 10_000_000_000);
        assert_eq!(moment(&ramp, 1.0, 140.0), 12_000_000_000);
        let teeth = Rate::Repeated { rate: Box::new(ramp), period: 5.0 };
        assert_eq!(moment(&teeth, 1.0, 50.0), 10_000_000_000);
        assert_eq!(moment(&teeth, 2.0, 150.0), 15_000_000_000);
    }

    #[test]
    fn a_swing_passes_as_its_mean_over_whole_periods() {
        let sine = Rate::Sine { mean: 3.0, amplitude: 3.0, period: 10.0 };
        let streams = Streams::new(1, 2, 3);
        let mut cursor = Cursor::default();
        for swing in 1..50_u32 {
            let at = cursor.moment(&sine, 1.0, f64::from(swing) * 30.0, (&streams, 0));
            assert!(at.abs_diff(u64::from(swing) * 10 * SECOND) < 1_000_000, "{at}");
        }
    }

    #[test]
    fn a_modulated_rate_passes_as_its_long_run_mean() {
        let state = |rate, mean, next: [f64; 2]| crate::model::RateState {
            rate,
            stay: crate::model::Service::Exponential { mean },
            next: next.to_vec(),
        };
        let rate =
            Rate::Modulated(vec![state(4.0, 50.0, [0.0, 1.0]), state(14.0, 17.0, [1.0, 0.0])]);
        let mean = (4.0 * 50.0 + 14.0 * 17.0) / 67.0;
        let seconds = moment(&rate, 1.0, 4e6) as f64 / SECOND as f64;
        assert!((4e6 / seconds / mean - 1.0).abs() < 0.03, "{seconds}");
    }
}
