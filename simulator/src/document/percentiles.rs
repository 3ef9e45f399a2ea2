//! Percentiles of batches of trials, with their intervals.
//!
//! A percentile of a few short trials lies below that of the long run, and so does the mean of such
//! percentiles: the slowest of a hundred requests come in bursts that most trials never see. So it
//! is that of all trials together, and its interval is that of the share above it, inverted
//! (Woodruff, "Confidence intervals for medians and other position measures", Journal of the
//! American Statistical Association 47, 1952).

use domain::simulation::Figure;

use super::record::LOOKED_AT;
use crate::statistics::{Estimate, LogLinear};

/// The values of some batches, one by one and together.
pub(super) struct Pooled<'a, const BITS: u32> {
    batches: Vec<&'a LogLinear<BITS>>,
    whole: LogLinear<BITS>,
}

impl<'a, const BITS: u32> Pooled<'a, BITS> {
    /// Of batches.
    pub(super) fn of(batches: impl IntoIterator<Item = &'a LogLinear<BITS>>) -> Self {
        let batches: Vec<&LogLinear<BITS>> = batches.into_iter().collect();
        let mut whole = LogLinear::default();
        for batch in &batches {
            whole.merge(batch);
        }
        Self { batches, whole }
    }

    /// The value below which such a share of all values lies, in nanoseconds; nothing where there
    /// is no value.
    pub(super) fn at(&self, share: f64) -> Option<Figure> {
        let value = self.whole.quantile(share, 0)?;
        let above = self.batches.iter().map(|batch| (batch.above(value), batch.count() as f64));
        let [below, beyond] = Estimate::ratio(above).deviations(LOOKED_AT);
        let limit = |deviation: f64| {
            let share = (share - deviation).clamp(0.0, 1.0);
            self.whole.quantile(share, 0).map_or(value, known)
        };
        Some(Figure { value: known(value), low: limit(beyond), high: limit(below) })
    }
}

/// A percentile without what lies within the nanosecond: who does not wait waits for nothing.
fn known(nanoseconds: f64) -> f64 {
    if nanoseconds < 1.0 { 0.0 } else { nanoseconds }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Histogram;

    fn batch(values: impl IntoIterator<Item = u64>) -> Histogram {
        let mut batch = Histogram::default();
        values.into_iter().for_each(|value| batch.record(value));
        batch
    }

    /// Nineteen calm batches and a slow one: the slowest hundredth of all is that of the slow one,
    /// of which the mean of percentiles shows a twentieth.
    #[test]
    fn a_percentile_is_that_of_all_batches_together() {
        let calm = batch(std::iter::repeat_n(1_000, 100));
        let slow = batch((0..100).map(|at| if at < 60 { 1_000 } else { 64_000 }));
        let batches: Vec<&Histogram> = std::iter::repeat_n(&calm, 19).chain([&slow]).collect();
        let pooled = Pooled::of(batches);
        let p99 = pooled.at(0.99).unwrap();
        assert!((p99.value / 64_000.0 - 1.0).abs() < 0.01, "{p99:?}");
        // Forty of two thousand are slow, and all of them in one batch: it might be none.
        assert!(p99.low < 1_010.0 && p99.high >= p99.value, "{p99:?}");
        let p50 = pooled.at(0.5).unwrap();
        assert!((p50.value / 1_000.0 - 1.0).abs() < 0.01, "{p50:?}");
    }

    #[test]
    fn batches_that_are_alike_leave_no_doubt_and_none_no_value() {
        let alike = batch(0..1_000);
        let pooled = Pooled::of(std::iter::repeat_n(&alike, 20));
        let found = pooled.at(0.95).unwrap();
        assert!((found.high - found.low).abs() < 1e-6, "{found:?}");
        assert_eq!(Pooled::of([&Histogram::default()]).at(0.5), None);
        let idle = batch(std::iter::repeat_n(0, 10));
        let nothing = Pooled::of([&idle, &idle]).at(0.99).unwrap();
        assert_eq!((nothing.value, nothing.high), (0.0, 0.0));
    }
}
