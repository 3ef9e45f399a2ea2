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
    /// The skewness of the trials' values; 0 for fewer than three of them.
    pub skewness: f64,
    /// The degrees of freedom of the standard error: fewer than the trials where their values have
    /// heavier tails than the normal distribution.
    pub freedom: f64,
}

/// A value with an interval that covers the truth with a stated confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The best estimate.
    pub value: f64,
    /// The lower limit.
    pub low: f64,
    /// The upper limit.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies within it.
    pub fn covers(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

impl Estimate {
    /// From one value of each trial, in their order.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        Self::with_fewer_degrees(&values.into_iter().collect::<Vec<f64>>(), 0)
    }

    /// From values that so many parameters were fitted to, beside their mean.
    pub(super) fn with_fewer_degrees(values: &[f64], fitted: u32) -> Self {
        let trials = u32::try_from(values.len()).unwrap_or(u32::MAX);
        let count = f64::from(trials);
        let mean = values.iter().sum::<f64>() / count;
        let powers = values.iter().map(|value| value - mean).fold([0.0; 3], |sums, off| {
            let square = off * off;
            [sums[0] + square, sums[1] + square * off, sums[2] + square * square]
        });
        let degrees = count - 1.0 - f64::from(fitted);
        let (skewness, freedom) = shape(count, degrees, powers);
        let standard_error = (powers[0] / degrees / count).sqrt();
        Self { mean, standard_error, trials, skewness, freedom }
    }

    /// The ratio of two sums over the trials, from the parts of each.
    ///
    /// The trials' linearised values have the same mean, and its standard error (Cochran, "Sampling
    /// techniques", 1977, section 6.4).
    pub fn ratio(parts: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self::of(linearised(&parts.into_iter().collect::<Vec<_>>()))
    }

    /// The half-width of the interval that covers the truth with this confidence, if the values
    /// are normal.
    pub fn half_width(&self, confidence: f64) -> f64 {
        if self.trials < 2 {
            return 0.0;
        }
        student_quantile(f64::midpoint(1.0, confidence), self.trials - 1) * self.standard_error
    }

    /// The interval that covers the truth with this confidence.
    ///
    /// Figures of queues are skewed and have heavy tails: where a sample happens to have no long
    /// busy period, its mean and its standard error are both too small. So Student's quantile is
    /// taken with the degrees of freedom that the kurtosis leaves, and the skewness is removed by a
    /// transformation (Hall, "On the removal of skewness by transformation", Journal of the Royal
    /// Statistical Society B 54, 1992).
    pub fn interval(&self, confidence: f64) -> Interval {
        let value = self.mean;
        let [below, above] = self.deviations(confidence);
        Interval { value, low: value - above, high: value - below }
    }

    /// Between which deviations of the estimate from the truth it lies with this confidence.
    pub(crate) fn deviations(&self, confidence: f64) -> [f64; 2] {
        if self.trials < 2 {
            return [0.0; 2];
        }
        let quantile = student_between(f64::midpoint(1.0, confidence), self.freedom);
        let skewness = self.skewness / f64::from(self.trials).sqrt();
        [-quantile, quantile]
            .map(|quantile| untransformed(quantile, skewness) * self.standard_error)
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

/// The values of which the ratio of two sums is the mean: by how much each trial moves it.
pub(super) fn linearised(parts: &[(f64, f64)]) -> Vec<f64> {
    let above: f64 = parts.iter().map(|part| part.0).sum();
    let below: f64 = parts.iter().map(|part| part.1).sum();
    let (ratio, mean) = (above / below, below / parts.len() as f64);
    parts.iter().map(|(above, below)| ratio + (above - ratio * below) / mean).collect()
}

/// Skewness, and the degrees of freedom of a variance, from sums of the second to fourth powers.
///
/// The variance of a sample variance is σ⁴(2/(n − 1) + κ/n), κ being the excess kurtosis; a chi
/// square with 2/(2/(n − 1) + κ/n) degrees of freedom varies as much (Satterthwaite, "An
/// approximate distribution of estimates of variance components", Biometrics Bulletin 2, 1946).
fn shape(count: f64, degrees: f64, powers: [f64; 3]) -> (f64, f64) {
    let [second, third, fourth] = powers;
    if count < 4.0 || second <= 0.0 || degrees < 1.0 {
        return (0.0, degrees.max(1.0));
    }
    let [third, fourth] = [third / count, fourth / count];
    let moment = second / count;
    let bias = (count * (count - 1.0)).sqrt() / (count - 2.0);
    let skewness = bias * third / (moment * moment.sqrt());
    let excess = fourth / (moment * moment) - 3.0;
    let scale = (count - 1.0) / ((count - 2.0) * (count - 3.0));
    let excess = (scale * ((count + 1.0) * excess + 6.0)).max(0.0);
    (skewness, 2.0 / (2.0 / degrees + excess / count))
}

/// Student's quantile for degrees of freedom that need not be whole: between its neighbours, in
/// their inverses.
fn student_between(probability: f64, degrees: f64) -> f64 {
    let degrees = degrees.clamp(1.0, 1e6);
    let low = whole(degrees);
    let part = (1.0 / degrees - 1.0 / f64::from(low))
        / (1.0 / (f64::from(low) + 1.0) - 1.0 / f64::from(low));
    let [at, next] = [low, low + 1].map(|degrees| student_quantile(probability, degrees));
    at + part * (next - at)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to degrees of freedom before"
)]
fn whole(degrees: f64) -> u32 {
    degrees as u32
}

/// The studentised deviation that Hall's cubic transformation brings to a quantile, for a skewness
/// divided by the root of the number of values.
fn untransformed(quantile: f64, skewness: f64) -> f64 {
    if skewness.abs() < 1e-6 {
        return quantile;
    }
    let root = libm::cbrt(1.0 + skewness * (quantile - skewness / 6.0));
    3.0 / skewness * (root - 1.0)
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
    fn a_ratio_is_that_of_the_sums_with_cochrans_error() {
        let parts = [(2.0, 1.0), (9.0, 4.0), (7.0, 3.0)];
        let estimate = Estimate::ratio(parts);
        assert!((estimate.mean - 2.25).abs() < 1e-12);
        let errors = parts.map(|(above, below): (f64, f64)| above - 2.25 * below);
        let squares: f64 = errors.iter().map(|error| error * error).sum();
        let expected = (squares / 2.0 / 3.0).sqrt() / (8.0 / 3.0);
        assert!((estimate.standard_error - expected).abs() < 1e-12);
    }

    #[test]
    fn symmetric_values_have_a_symmetric_interval_and_skewed_ones_lean_to_their_tail() {
        let even = Estimate::of((-9..=9).map(f64::from)).interval(0.95);
        assert!((even.low + even.high).abs() < 1e-12 && even.high > 0.0);
        let skewed: Vec<f64> = (0..20).map(|value| f64::from(value).powi(4)).collect();
        let estimate = Estimate::of(skewed);
        assert!(estimate.skewness > 1.0 && estimate.freedom < 19.0);
        let interval = estimate.interval(0.95);
        assert!(interval.high - interval.value > 1.2 * (interval.value - interval.low));
        assert!(interval.covers(estimate.mean));
        // Values that are all the same have no interval at all.
        let same = Estimate::of([2.0; 5]).interval(0.95);
        assert_eq!((same.low, same.high), (2.0, 2.0));
    }

    #[test]
    fn students_quantile_is_continuous_in_its_degrees() {
        for degrees in [1.0, 1.5, 2.0, 7.25, 19.0, 400.0] {
            let [below, at, above] = [degrees, degrees + 1e-9, degrees + 0.1]
                .map(|degrees| student_between(0.975, degrees));
            assert!((below - at).abs() < 1e-6 && above < at, "{degrees}");
        }
    }

    #[test]
    fn an_interval_stays_within_its_range() {
        let observed = Estimate::of([0.9, 1.0, 1.0]).around(0.9667, 0.0, 1.0);
        assert!((observed.high - 1.0).abs() < 1e-12 && observed.low > 0.8);
        let single = Estimate::of([0.5]).around(0.5, 0.0, 1.0);
        assert_eq!((single.low, single.high), (0.5, 0.5));
    }
}
