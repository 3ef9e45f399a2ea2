//! Bursts within a minute: the load of a minute second by second, drawn again and again.
//!
//! A steady load goes through the seconds of the minute in blocks: each second is followed by the
//! next one, or, once in ten, by any (the stationary bootstrap; Politis and Romano, Journal of the
//! American Statistical Association 89, 1994). So every trial sees other seconds, with what they
//! have to do with their neighbours, and the counts of a second have the dispersion of the minute.

use super::System;
use crate::model::{Model, Rate, RateState, Service};

/// Seconds of a minute.
const SECONDS: usize = 60;
/// Seconds of a block, on average.
const BLOCK: f64 = 10.0;

/// A minute of load, second by second, as shares of its mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Minute([f64; SECONDS]);

impl Minute {
    /// From the rates in each second; none where nothing comes, or a number is none.
    pub fn new(rates: &[f64; SECONDS]) -> Option<Self> {
        let mean = rates.iter().sum::<f64>() / SECONDS as f64;
        let sound = rates.iter().all(|rate| rate.is_finite() && *rate >= 0.0);
        (sound && mean > 0.0).then(|| Self(rates.map(|rate| rate / mean)))
    }

    /// A steady rate with these bursts.
    fn modulated(&self, rate: f64) -> Rate {
        // Where it begins, for no time at all, before it is known where.
        let mut anywhere = vec![1.0; SECONDS + 1];
        anywhere[0] = 0.0;
        let start = RateState { rate, stay: Service::Fixed { time: 1e-9 }, next: anywhere };
        let second = |(place, share): (usize, &f64)| {
            let mut next = vec![1.0 / SECONDS as f64; SECONDS + 1];
            next[0] = 0.0;
            next[1 + (place + 1) % SECONDS] += BLOCK - 1.0;
            RateState { rate: rate * share, stay: Service::Fixed { time: 1.0 }, next }
        };
        let seconds = self.0.iter().enumerate().map(second);
        Rate::Modulated(std::iter::once(start).chain(seconds).collect())
    }

    /// Steps with these bursts, which begin at a second of the minute.
    fn in_steps(&self, steps: &[(f64, f64)], phase: usize) -> Rate {
        let mut finer = Vec::new();
        let mut second = 0;
        for (place, (from, rate)) in steps.iter().enumerate() {
            let share = |second: usize| self.0[(second + phase) % SECONDS];
            let end = steps.get(place + 1).map_or(from + SECONDS as f64, |(next, _)| *next);
            while (second as f64 + 1.0) <= *from {
                second += 1;
            }
            finer.push((*from, rate * share(second)));
            while (second as f64 + 1.0) < end {
                second += 1;
                finer.push((second as f64, rate * share(second)));
            }
        }
        Rate::Steps(finer)
    }
}

impl System<'_> {
    /// Whether requests come in bursts.
    pub(crate) const fn has_bursts(&self) -> bool {
        self.minute.is_some()
    }

    /// The same model with the bursts that there are; it is what is run, while how long, and
    /// whether it can hold, follows from the one without them. `phase` says where in the minute
    /// steps begin.
    pub(crate) fn with_bursts(&self, mut model: Model, phase: usize) -> Model {
        let Some(minute) = &self.minute else { return model };
        for source in &mut model.sources {
            let rate = match &source.arrivals.rate {
                Rate::Constant(rate) => minute.modulated(*rate),
                Rate::Steps(steps) => minute.in_steps(steps, phase),
                other => other.clone(),
            };
            source.arrivals.rate = rate;
        }
        model
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute() -> Minute {
        let mut rates = [10.0; SECONDS];
        rates[20] = 310.0;
        Minute::new(&rates).unwrap()
    }

    #[test]
    fn a_minute_is_told_by_its_mean() {
        assert!((minute().0.iter().sum::<f64>() - 60.0).abs() < 1e-9);
        assert!((minute().0[20] / minute().0[0] - 31.0).abs() < 1e-9);
        assert_eq!(Minute::new(&[0.0; SECONDS]), None);
        assert_eq!(Minute::new(&[f64::NAN; SECONDS]), None);
    }

    #[test]
    fn every_second_is_as_likely_in_the_long_run() {
        let Rate::Modulated(states) = minute().modulated(5.0) else { panic!("it changes") };
        assert_eq!(states.len(), SECONDS + 1);
        for state in 1..=SECONDS {
            // What comes in from all states is what goes out: the weights of a column add up to
            // those of a row.
            let column: f64 = states[1..].iter().map(|from| from.next[state]).sum();
            assert!((column - BLOCK).abs() < 1e-9, "{state}: {column}");
            assert!((states[state].next.iter().sum::<f64>() - BLOCK).abs() < 1e-9, "{state}");
            assert!(states[state].next[0] <= 0.0);
        }
        let mean = states[1..].iter().map(|state| state.rate).sum::<f64>() / 60.0;
        assert!((mean - 5.0).abs() < 1e-9);
    }

    #[test]
    fn steps_keep_their_mean_over_whole_minutes() {
        let steps = [(0.0, 6.0), (90.5, 12.0), (150.0, 6.0)];
        let Rate::Steps(finer) = minute().in_steps(&steps, 7) else { panic!("they are steps") };
        assert!(finer.is_sorted_by(|one, next| one.0 < next.0), "{finer:?}");
        let until = |end: f64| {
            let ends = finer.iter().skip(1).map(|step| step.0).chain([end]);
            let parts = finer
                .iter()
                .zip(ends)
                .map(|((from, rate), to)| rate * (to.min(end) - from).max(0.0));
            parts.sum::<f64>()
        };
        assert!((until(60.0) - 360.0).abs() < 1e-9, "{}", until(60.0));
        assert!((until(150.0) - until(90.0) - (0.5 * 6.0 + 59.5 * 12.0)).abs() < 40.0);
        assert!(finer.iter().any(|(at, rate)| (*at - 13.0).abs() < 1e-9 && *rate > 100.0));
    }
}
