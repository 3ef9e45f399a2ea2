//! How many keys of a call to a cache are not there: binomial, by inversion.

use libm::{exp, lgamma, log};

use crate::random::Fraction;

/// The distribution function of a number of misses, in units of 2⁻⁶⁴.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Misses {
    /// Entry k: the chance of at most k misses. What lies above the last entry is one more.
    at_most: Vec<u64>,
}

impl Misses {
    /// Misses among so many keys, each there with the hit ratio.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a probability times 2⁶⁴; the cast saturates"
    )]
    pub(crate) fn new(keys: u32, hit_ratio: f64) -> Self {
        let mut sum = 0.0;
        let mut at_most = Vec::new();
        for misses in 0..keys {
            sum += binomial(keys, misses, 1.0 - hit_ratio);
            at_most.push((sum * 18_446_744_073_709_551_616.0) as u64);
        }
        // All that is left is rounding: the tail beyond is never drawn.
        while at_most.last() == Some(&u64::MAX) && at_most.len() > 1 {
            at_most.pop();
        }
        Self { at_most }
    }

    /// A number of misses for a uniform number.
    #[inline]
    pub(crate) fn draw(&self, uniform: Fraction) -> u16 {
        let below = |bound: &u64| *bound <= uniform.0 && *bound != u64::MAX;
        few(self.at_most.partition_point(below))
    }
}

/// A number of keys of one call.
pub(super) fn few(keys: usize) -> u16 {
    u16::try_from(keys).expect("a call asks for at most 65,535 keys")
}

/// The chance of exactly so many misses. Logarithms keep large numbers of keys in range.
fn binomial(keys: u32, misses: u32, miss: f64) -> f64 {
    if miss <= 0.0 {
        return if misses == 0 { 1.0 } else { 0.0 };
    }
    if miss >= 1.0 {
        return if misses == keys { 1.0 } else { 0.0 };
    }
    let (n, k) = (f64::from(keys), f64::from(misses));
    let ways = lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0);
    exp(ways + k * log(miss) + (n - k) * log(1.0 - miss))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    #[test]
    fn misses_have_the_binomial_mean_and_variance() {
        let streams = Streams::new(5, 0, 0);
        for (keys, hit_ratio) in [(8, 0.9), (24, 0.5), (1_000, 0.999), (1, 0.3)] {
            let misses = Misses::new(keys, hit_ratio);
            let count = 100_000_u32;
            let draws: Vec<f64> = (0..count)
                .map(|request| streams.draw(Purpose::Visit, 0, request.into(), 0).second())
                .map(|bits| f64::from(misses.draw(Fraction(bits))))
                .collect();
            let mean = draws.iter().sum::<f64>() / f64::from(count);
            let expected = f64::from(keys) * (1.0 - hit_ratio);
            let variance = expected * hit_ratio;
            let error = 5.0 * (variance / f64::from(count)).sqrt();
            assert!((mean - expected).abs() < error, "{keys}, {hit_ratio}: {mean}");
            let square: f64 = draws.iter().map(|draw| (draw - mean).powi(2)).sum();
            assert!((square / f64::from(count) / variance - 1.0).abs() < 0.05);
        }
    }

    #[test]
    fn a_full_cache_misses_nothing_and_an_empty_one_everything() {
        for bits in [0, 1 << 32, u64::MAX] {
            assert_eq!(Misses::new(8, 1.0).draw(Fraction(bits)), 0);
            assert_eq!(Misses::new(8, 0.0).draw(Fraction(bits)), 8);
            assert_eq!(Misses::new(0, 0.5).draw(Fraction(bits)), 0);
        }
    }
}
