//! Percentiles of a gamma distribution with a given mean and variance, and the means that a limit
//! allows for each variance.
//!
//! A sojourn over several services is taken to be gamma distributed with the summed moments. That
//! is an estimate: its 95th percentile can be far off for rare slow parts, so the simulation has
//! the last word. Where the percentile falls as the variance grows (a rare slow part below the
//! percentile), the largest percentile of any smaller variance is taken instead.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::units::Percentile;
use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::gamma::{gamma_lr, ln_gamma};

/// Coefficients of variation from 10⁻³ to 10², at equal steps of their logarithm.
const STEPS: usize = 500;
const CV_LOW: f64 = 1e-3;
const CV_HIGH: f64 = 1e2;
/// From two neighbouring steps to the last digits.
const SECANTS: usize = 10;

/// The percentile of a gamma distribution of mean 1, by its coefficient of variation.
#[derive(Debug, Clone, PartialEq)]
pub struct GammaPercentile {
    /// Normal quantile, for distributions too narrow for the table.
    normal: f64,
    /// Largest percentile at any coefficient up to that of the step.
    table: Vec<f64>,
    /// Standard deviations, by the percentile, at each step: they grow.
    deviations: Vec<f64>,
}

impl GammaPercentile {
    /// Tabulates one percentile.
    pub fn new(percentile: Percentile) -> Self {
        let probability = f64::from(percentile.permille()) / 1_000.0;
        let normal = Normal::standard().inverse_cdf(probability).max(0.0);
        let mut highest = 1.0_f64;
        let table: Vec<f64> = (0..STEPS)
            .map(|step| {
                let cv = coefficient(step);
                highest = highest.max(unit_mean_percentile(cv, probability));
                highest
            })
            .collect();
        let deviations = table.iter().enumerate().map(|(at, own)| coefficient(at) / own).collect();
        Self { normal, table, deviations }
    }

    /// The table of one percentile, made once in a program: it costs about a millisecond.
    pub fn tabulated(percentile: Percentile) -> Arc<Self> {
        static TABLES: Mutex<BTreeMap<Percentile, Arc<GammaPercentile>>> =
            Mutex::new(BTreeMap::new());
        let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tables.entry(percentile).or_insert_with(|| Arc::new(Self::new(percentile))))
    }

    /// The percentile for that mean and standard deviation.
    pub fn at(&self, mean: f64, deviation: f64) -> f64 {
        if mean <= 0.0 {
            return 0.0;
        }
        mean * self.unit(deviation / mean)
    }

    fn unit(&self, cv: f64) -> f64 {
        if cv <= CV_LOW {
            return 1.0 + self.normal * cv;
        }
        let position = libm::log(cv / CV_LOW) / libm::log(CV_HIGH / CV_LOW) * (STEPS - 1) as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the position is not negative, and larger ones are cut off at the end"
        )]
        let below = (position as usize).min(STEPS - 2);
        let part = (position - below as f64).min(1.0);
        self.table[below] + part * (self.table[below + 1] - self.table[below])
    }

    /// The largest mean that keeps the percentile within `limit` for every standard deviation up
    /// to `deviation`.
    pub fn largest_mean(&self, deviation: f64, limit: f64) -> f64 {
        let above = self.deviations.partition_point(|known| *known <= deviation / limit);
        // With the coefficient of variation of a step, the mean is 1 over its percentile.
        let mean_at = |step: usize| limit / self.table[step] * (1.0 - 1e-12);
        let mut low = if above < STEPS { mean_at(above) } else { 0.0 };
        let mut high = above.checked_sub(1).map_or(limit, mean_at).min(limit);
        if self.at(high, deviation) <= limit {
            return high;
        }
        // Between two steps the percentile is all but linear in the mean.
        let beyond = |mean: f64| self.at(mean, deviation) - limit;
        let (mut under, mut over) = (beyond(low), beyond(high));
        for _ in 0..SECANTS {
            let middle = low + (high - low) * (-under / (over - under)).clamp(0.0, 1.0);
            let found = beyond(middle);
            if found <= 0.0 {
                (low, under) = (middle, found);
                over *= 0.5;
            } else {
                (high, over) = (middle, found);
                under *= 0.5;
            }
        }
        low
    }
}

fn coefficient(step: usize) -> f64 {
    let part = step as f64 / (STEPS - 1) as f64;
    CV_LOW * libm::exp(part * libm::log(CV_HIGH / CV_LOW))
}

/// The percentile of a gamma distribution of mean 1 by Newton's method between bisections.
fn unit_mean_percentile(cv: f64, probability: f64) -> f64 {
    let shape = 1.0 / (cv * cv);
    let log_norm = ln_gamma(shape);
    let (mut low, mut high) = (0.0_f64, shape + 40.0 * shape.sqrt() + 40.0);
    let mut at = shape.max(1e-6);
    for _ in 0..100 {
        let above = gamma_lr(shape, at) - probability;
        if above > 0.0 {
            high = at;
        } else {
            low = at;
        }
        let density = libm::exp((shape - 1.0) * libm::log(at) - at - log_norm);
        let newton = at - above / density;
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - at).abs() <= 1e-13 * at {
            break;
        }
        at = next;
    }
    at / shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_time_has_its_known_percentiles() {
        for (percentile, expected) in [(Percentile::P95, 2.995_732), (Percentile::P99, 4.605_170)] {
            let value = unit_mean_percentile(1.0, f64::from(percentile.permille()) / 1000.0);
            assert!((value - expected).abs() < 1e-6, "{value}");
        }
    }

    #[test]
    fn a_narrow_time_is_nearly_normal() {
        let p95 = GammaPercentile::new(Percentile::P95);
        assert!((p95.at(1.0, 0.01) - 1.016_5).abs() < 1e-4);
        assert!((p95.at(2.0, 0.000_2) - 2.000_329).abs() < 1e-5);
    }

    #[test]
    fn the_percentile_never_falls_with_the_spread() {
        let p95 = GammaPercentile::new(Percentile::P95);
        let values: Vec<f64> = (1..200).map(|step| p95.at(1.0, f64::from(step) * 0.1)).collect();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
    }

    #[test]
    fn the_largest_mean_reaches_the_limit() {
        let p95 = GammaPercentile::new(Percentile::P95);
        let mean = p95.largest_mean(0.05, 0.4);
        assert!((p95.at(mean, 0.05) - 0.4).abs() < 1e-9);
        // However much it varies, a percentile is at most a few times the mean.
        assert!(p95.largest_mean(1_000.0, 0.4) < 0.4 / 3.0);
    }
}
