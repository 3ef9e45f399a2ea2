//! How many visits a request makes to a service one after another, as a distribution.
//!
//! A count is made of whole calls, of a call that happens with a probability, and of the keys that
//! a cache misses, each independent of the others. The proof form of a latency needs how likely it
//! is that there are more than some number of them.

use domain::demand::{ClassIndex, Demand, ServiceIndex};

use crate::visits::{self, View};

/// The largest number of visits that is told apart; what is beyond is beyond any number.
const LONGEST: u32 = 128;

/// A random whole number.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// Entry n: the chance of exactly n. What is missing to one is more than all of these.
    chances: Vec<f64>,
}

impl Count {
    /// Always that number.
    pub fn constant(number: f64) -> Self {
        Self::calls(number.ceil())
    }

    /// The whole part always, and one more with the probability of the rest.
    pub fn calls(number: f64) -> Self {
        let (whole, rest) = (number.floor(), number.fract());
        if whole >= f64::from(LONGEST) {
            return Self { chances: Vec::new() };
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count that is not negative and below the longest"
        )]
        let mut chances = vec![0.0; whole.max(0.0) as usize];
        chances.push(1.0 - rest);
        if rest > 0.0 {
            chances.push(rest);
        }
        Self { chances }
    }

    /// Of so many keys those that are missed, each with that probability.
    pub fn missed(keys: u32, miss: f64) -> Self {
        if miss <= 0.0 {
            return Self::constant(0.0);
        }
        if miss >= 1.0 {
            return Self::constant(f64::from(keys));
        }
        // Where even the first chance is too small for a number, all of it counts as beyond.
        let mut chance = libm::pow(1.0 - miss, f64::from(keys));
        let mut chances = Vec::new();
        for missed in 0..=keys.min(LONGEST) {
            chances.push(chance);
            chance *= f64::from(keys - missed) / f64::from(missed + 1) * miss / (1.0 - miss);
        }
        Self { chances }
    }

    /// The sum of two independent counts.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        if self.chances.is_empty() || other.chances.is_empty() {
            return Self { chances: Vec::new() };
        }
        let longest = (self.chances.len() + other.chances.len() - 1).min(LONGEST as usize + 1);
        let mut chances = vec![0.0; longest];
        for (own, chance) in self.chances.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
            for (sum, other) in chances[own.min(longest)..].iter_mut().zip(&other.chances) {
                *sum += chance * other;
            }
        }
        Self { chances }
    }

    /// The sum over a random number of independent copies.
    #[must_use]
    pub fn repeated(&self, times: &Self) -> Self {
        let mut sum = Self { chances: Vec::new() };
        for chance in times.chances.iter().rev() {
            sum = sum.plus(self);
            match sum.chances.first_mut() {
                Some(none) => *none += chance,
                None => sum.chances.push(*chance),
            }
        }
        sum
    }

    /// The same count of groups of that size.
    #[must_use]
    fn grouped(&self, size: f64) -> Self {
        if size <= 1.0 { self.clone() } else { Self::constant(size).repeated(self) }
    }

    /// A mixture with those weights.
    pub fn mixed<'c>(parts: impl Iterator<Item = (f64, &'c Self)>) -> Self {
        let mut chances = Vec::new();
        for (weight, part) in parts {
            if part.chances.len() > chances.len() {
                chances.resize(part.chances.len(), 0.0);
            }
            for (sum, chance) in chances.iter_mut().zip(&part.chances) {
                *sum += weight * chance;
            }
        }
        Self { chances }
    }

    /// For each number from none on the chance that there are more, down to the largest number
    /// that is told apart.
    pub fn beyond(&self) -> impl Iterator<Item = f64> + '_ {
        let mut left = 1.0;
        self.chances.iter().map(move |chance| {
            left -= chance;
            // The rounding of a sum of a hundred terms.
            if left < 1e-14 { 0.0 } else { left }
        })
    }

    /// Whether it is always the same.
    fn is_constant(&self) -> bool {
        self.chances.last() == Some(&1.0)
    }

    /// The largest number that it can be, always.
    fn at_most(&self) -> Self {
        if self.beyond().last() == Some(0.0) {
            let mut chances = vec![0.0; self.chances.len()];
            chances[self.chances.len() - 1] = 1.0;
            Self { chances }
        } else {
            Self { chances: Vec::new() }
        }
    }
}

/// For each service how many visits one after another a request of a class makes to it; copies
/// side by side count once there, and each by itself in what they call in turn.
pub fn counts(demand: &Demand, class: ClassIndex, view: &View) -> Vec<Count> {
    let mut counts = vec![Count::constant(0.0); demand.services.len()];
    counts[0] = Count::constant(1.0);
    // Those whose count already has a part of which others may not be independent.
    let mut random = vec![false; demand.services.len()];
    for (at, service) in demand.services.iter().enumerate() {
        let visits = counts[at].grouped(view.side_by_side[at]);
        for to in 0..demand.services.len() {
            let mut each = Count::constant(0.0);
            for call in service.calls.iter().filter(|call| visits::applies(call, class)) {
                if demand.is_message(ServiceIndex(at), call.to) {
                    continue;
                }
                if call.to == ServiceIndex(to) {
                    let calls = if call.parallel { 1.0 } else { call.count };
                    each = each.plus(&Count::calls(calls));
                }
                let callee = demand.service(call.to);
                let data = callee.data.as_ref();
                if let Some(data) = data.filter(|data| data.fallback == Some(ServiceIndex(to))) {
                    let missed = Count::missed(call.lookups, 1.0 - data.hit_ratio.value());
                    each = each.plus(&missed.repeated(&Count::calls(call.count)));
                }
            }
            if each == Count::constant(0.0) {
                continue;
            }
            let mut sum = each.repeated(&visits);
            if !visits.is_constant() {
                // Two callers whose visits are random may depend on the same call.
                if random[to] {
                    sum = sum.at_most();
                }
                random[to] = true;
            }
            counts[to] = counts[to].plus(&sum);
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_keys_are_binomial() {
        let missed = Count::missed(24, 0.1);
        let beyond: Vec<f64> = missed.beyond().collect();
        assert!((beyond[0] - (1.0 - 0.9_f64.powi(24))).abs() < 1e-12);
        assert_eq!(beyond.len(), 25);
        assert_eq!(beyond.last(), Some(&0.0));
        let thrice = Count::missed(8, 0.1).repeated(&Count::constant(3.0));
        for (one, other) in thrice.beyond().zip(beyond) {
            assert!((one - other).abs() < 1e-12);
        }
    }

    #[test]
    fn a_call_with_a_probability_may_come_once_more() {
        let beyond: Vec<f64> = Count::calls(2.25).beyond().collect();
        assert_eq!(beyond, [1.0, 1.0, 0.25, 0.0]);
        let pairs = Count::constant(2.0).repeated(&Count::calls(0.5));
        assert_eq!(pairs.beyond().collect::<Vec<_>>(), [0.5, 0.5, 0.0]);
    }

    #[test]
    fn what_is_too_long_to_tell_apart_is_beyond_any_number() {
        assert_eq!(Count::constant(1e9).beyond().count(), 0);
        let long = Count::calls(100.0).plus(&Count::calls(100.0));
        assert!(long.beyond().all(|beyond| (beyond - 1.0).abs() < 1e-12));
        assert_eq!(long.at_most().beyond().count(), 0);
        assert_eq!(Count::missed(100_000, 0.5).beyond().last(), Some(1.0));
    }
}
