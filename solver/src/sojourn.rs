//! The tail of one visit: waiting and service together.
//!
//! A wait happens with the probability of Erlang's C formula and is exponential then; the service
//! is independent of it. With the service cut into steps of equal shares of its tail, each taken
//! at its upper end, the tail of the sum is a sum of exponentials: an upper bound, and within one
//! or two hundredths of the sum itself.

use crate::floor::lognormal_tail;
use crate::queueing::{Moments, WaitTail};

/// Steps for each power of ten of the tail.
const STEPS: u32 = 24;
/// Powers of ten of the tail that are told apart.
const DECADES: u32 = 11;

/// Chords that narrow a quantile down within a step.
const CHORDS: usize = 3;

/// A service time in steps, from the shortest.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// The upper end of each step in s, and its probability.
    steps: Vec<(f64, f64)>,
    /// The probability of what is longer than all of them.
    beyond: f64,
}

impl Spread {
    /// A time of which `upper` tells what it exceeds with a probability.
    pub fn new(upper: impl Fn(f64) -> f64) -> Self {
        let above = |step: u32| libm::exp10(-f64::from(step) / f64::from(STEPS));
        let last = STEPS * DECADES;
        let steps = (1..=last).map(|step| (upper(above(step)), above(step - 1) - above(step)));
        Self { steps: steps.collect(), beyond: above(last) }
    }

    /// A lognormal time.
    pub fn lognormal(time: Moments) -> Self {
        if time.mean <= 0.0 || time.variance <= 0.0 {
            return Self { steps: vec![(time.mean.max(0.0), 1.0)], beyond: 0.0 };
        }
        Self::new(|tail| lognormal_tail(time, tail))
    }

    /// A mixture with those weights.
    pub fn mixed(parts: &[(f64, Self)]) -> Self {
        let mut steps: Vec<(f64, f64)> = parts
            .iter()
            .flat_map(|(weight, part)| part.steps.iter().map(|step| (step.0, step.1 * *weight)))
            .collect();
        steps.sort_by(|a, b| a.0.total_cmp(&b.0));
        let beyond = parts.iter().map(|(weight, part)| weight * part.beyond).sum();
        Self { steps, beyond }
    }
}

/// The tail of the sum of a wait and a service.
#[derive(Debug, Clone)]
pub struct Sojourn {
    rates: [f64; 2],
    steps: Vec<Step>,
}

/// A step of the service on its way through the sum.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// Its upper end, in s.
    end: f64,
    /// The probability of a longer service.
    longer: f64,
    /// The probability that a service up to here and a wait of each kind end later.
    waits: [f64; 2],
}

impl Step {
    /// The probability that the sum ends more than that after the step, if no longer service did.
    fn after(&self, seconds: f64, rates: [f64; 2]) -> f64 {
        let later = |kind: usize| self.waits[kind] * libm::exp(-rates[kind] * seconds);
        self.longer + later(0) + later(1)
    }
}

impl Sojourn {
    /// A wait, and a service at that speed.
    pub fn new(wait: WaitTail, spread: &Spread, speed: f64) -> Self {
        let (mut longer, mut waits, mut before) = (1.0, [0.0; 2], 0.0);
        let mut steps = Vec::with_capacity(spread.steps.len());
        for (end, chance) in &spread.steps {
            let end = end / speed;
            for (kind, waits) in waits.iter_mut().enumerate() {
                let left = libm::exp(-wait.rates[kind] * (end - before));
                *waits = *waits * left + wait.waits[kind] * chance;
            }
            longer -= chance;
            before = end;
            steps.push(Step { end, longer: f64::max(longer, spread.beyond), waits });
        }
        if let (Some(last), true) = (steps.last_mut(), spread.beyond <= 0.0) {
            last.longer = 0.0;
        }
        Self { rates: wait.rates, steps }
    }

    /// What it exceeds with at most that probability, in s; `None` where that is too small for the
    /// steps.
    pub fn upper(&self, tail: f64) -> Option<f64> {
        let at_most = |step: &Step| step.longer + step.waits[0] + step.waits[1] <= tail;
        let first = self.steps.partition_point(|step| !at_most(step));
        let end = self.steps.get(first).map(|step| step.end);
        let Some(step) = first.checked_sub(1).map(|place| self.steps[place]) else { return end };
        if step.longer >= tail {
            return end;
        }
        // Up to the next step, only what waits falls: at most as slowly as its slower kind.
        let left = tail - step.longer;
        let mut high = libm::log((step.waits[0] + step.waits[1]) / left) / self.rates[1];
        if let Some(end) = end {
            high = high.min(end - step.end);
            if step.after(high, self.rates) > tail {
                return Some(end);
            }
        }
        // A chord of a convex function is above it, so none of these is too small.
        let low = step.after(0.0, self.rates);
        for _ in 0..CHORDS {
            let found = step.after(high, self.rates);
            if low - found > f64::EPSILON {
                high = high.min(high * (low - tail) / (low - found));
            }
        }
        Some(step.end + high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One server with exponential times at that load and unit mean.
    fn exponential(load: f64) -> Sojourn {
        let spread = Spread::new(|tail| -libm::log(tail));
        let wait = WaitTail::exponential(load, 1.0 - load);
        Sojourn::new(wait, &spread, 1.0)
    }

    /// The percentile of the sum of so many independent exponential times of mean 1.
    fn erlang(stages: u32, probability: f64) -> f64 {
        let (mut low, mut high) = (0.0, 200.0);
        while high - low > 1e-9 {
            let middle = f64::midpoint(low, high);
            if statrs::function::gamma::gamma_lr(f64::from(stages), middle) < probability {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }

    #[test]
    fn one_server_has_an_exponential_sojourn() {
        for load in [0.0, 0.3, 0.6, 0.9] {
            for tail in [0.2, 0.05, 0.01, 1e-3, 1e-5] {
                let exact = -libm::log(tail) / (1.0 - load);
                let bound = exponential(load).upper(tail).unwrap();
                assert!(bound >= exact * (1.0 - 1e-9), "{load}, {tail}: {bound} below {exact}");
                assert!(bound <= exact * 1.04 + 0.05, "{load}, {tail}: {bound} above {exact}");
            }
        }
    }

    #[test]
    fn the_union_split_of_tandem_queues_is_as_far_above_as_is_known() {
        // Equal queues in tandem, all exponential, each with its part of the tail.
        let known = [(2, 0.99, 1.60), (3, 0.95, 1.95), (3, 0.99, 2.04), (5, 0.99, 2.68)];
        for (tiers, percentile, expected) in known {
            for load in [0.5, 0.8] {
                let parts = f64::from(tiers);
                let one = exponential(load).upper((1.0 - percentile) / parts).unwrap();
                let ratio = parts * one * (1.0 - load) / erlang(tiers, percentile);
                let near = (ratio / expected - 1.0).abs();
                assert!(near < 0.03, "{tiers} at {percentile}, {load}: {ratio}");
            }
        }
    }

    #[test]
    fn a_time_that_never_varies_leaves_the_wait_alone() {
        let spread = Spread::lognormal(Moments::constant(2.0));
        let wait = WaitTail::exponential(0.5, 0.25);
        let sojourn = Sojourn::new(wait, &spread, 2.0);
        // Two reference seconds at twice the speed, and ln(0.5 / 0.1) / 0.25 of waiting.
        let exact = 1.0 + libm::log(5.0) / 0.25;
        assert!((sojourn.upper(0.1).unwrap() - exact).abs() < 1e-9);
        assert!((sojourn.upper(0.7).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_mixture_is_between_its_parts() {
        let time = |mean| Spread::lognormal(Moments { mean, variance: mean * mean });
        let wait = WaitTail::exponential(0.0, 1.0);
        let of = |spread: &Spread| Sojourn::new(wait, spread, 1.0).upper(0.01).unwrap();
        let mixed = Spread::mixed(&[(0.5, time(1.0)), (0.5, time(3.0))]);
        assert!(of(&time(1.0)) < of(&mixed) && of(&mixed) < of(&time(3.0)));
    }
}
