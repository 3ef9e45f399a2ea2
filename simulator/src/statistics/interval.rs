//! Estimates from independent trials, with intervals by Student's distribution.

use domain::verification::Observed;

use crate::random::student_quantile;

/// The mean of independent values and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean over the trials.
    pub mean: f64,
    /// Its standard error; not finite for fewer than two trials.
    pub standard_error: f64,
    /// How many trials.
    pub trials: u32,
}

impl Estimate {
    /// From one value of each trial, in their order.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.into_iter().collect();
        let trials = u32::try_from(values.len()).unwrap_or(u32::MAX);
        let count = f64::from(trials);
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        Self { mean, standard_error: (squares / (count - 1.0) / count).sqrt(), trials }
    }

    /// The half-width of the interval that covers the truth with this confidence.
    pub fn half_width(&self, confidence: f64) -> f64 {
        if self.trials < 2 {
            return 0.0;
        }
        student_quantile(f64::midpoint(1.0, confidence), self.trials - 1) * self.standard_error
    }

    /// A value with the interval of this estimate around it, cut to a range.
    pub(crate) fn around(&self, value: f64, least: f64, most: f64) -> Observed {
        let half = self.half_width(CONFIDENCE);
        Observed {
            value,
            low: (value - half).clamp(least, value.max(least)),
            high: (value + half).clamp(value.min(most), most),
        }
    }
}

/// The confidence of every interval that is shown.
pub(crate) const CONFIDENCE: f64 = 0.95;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_five_values_is_the_textbook_one() {
        let estimate = Estimate::of([1.0, 2.0, 3.0, 4.0, 5.0]);
        assert!((estimate.mean - 3.0).abs() < 1e-12);
        assert!((estimate.standard_error - 0.5_f64.sqrt()).abs() < 1e-12);
        // t for 4 degrees and 97.5% is 2.776445.
        assert!((estimate.half_width(0.95) - 2.776_445 * 0.5_f64.sqrt()).abs() < 1e-5);
    }

    #[test]
    fn an_interval_stays_within_its_range() {
        let observed = Estimate::of([0.9, 1.0, 1.0]).around(0.9667, 0.0, 1.0);
        assert!((observed.high - 1.0).abs() < 1e-12 && observed.low > 0.8);
        let single = Estimate::of([0.5]).around(0.5, 0.0, 1.0);
        assert_eq!((single.low, single.high), (0.5, 0.5));
    }
}
