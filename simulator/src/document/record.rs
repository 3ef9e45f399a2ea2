//! What is kept of trials: their tallies, put together in a fixed number of batches, and of each
//! trial the two numbers of its mean response time. So what is kept does not grow with the number
//! of requests, and percentiles are those of many trials at once: a percentile of one short trial
//! lies beside that of the long run.

use crate::engine::{Bin, Tally};
use crate::statistics::{CoarseHistogram, Estimate};
use crate::time::SECOND;
use domain::simulation::Figure;

/// A stretch of time in all trials of a batch.
#[derive(Debug, Clone, Default)]
pub(super) struct Stretch {
    /// Requests that came.
    pub offered: u64,
    /// Those of them that were answered well.
    pub good: u64,
    /// The response times of those.
    pub latencies: CoarseHistogram,
}

/// Trials put together.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    /// How many.
    pub trials: u32,
    /// What they counted.
    pub tally: Tally,
    /// Their time series.
    pub series: Vec<Stretch>,
}

/// All trials so far.
#[derive(Debug, Clone)]
pub(super) struct Records {
    /// The batches.
    pub batches: Vec<Batch>,
    /// Seconds of response time and good answers of each trial.
    pub responses: Vec<(f64, f64)>,
    /// Trials that observed less than they were to.
    pub cut_short: u32,
    most: usize,
}

impl Records {
    /// No trial, in so many batches.
    pub(super) fn new(batches: u32) -> Self {
        Self {
            batches: Vec::new(),
            responses: Vec::new(),
            cut_short: 0,
            most: batches.max(1) as usize,
        }
    }

    /// Adds the next trial, which was to observe so many nanoseconds.
    pub(super) fn add(&mut self, mut tally: Tally, whole: u64) {
        let place = self.responses.len() % self.most;
        self.responses.push((tally.latency_sum as f64 / SECOND as f64, tally.good as f64));
        self.cut_short += u32::from(tally.observed < whole);
        let bins = std::mem::take(&mut tally.bins);
        match self.batches.get_mut(place) {
            None => {
                let mut batch = Batch { trials: 1, tally, series: Vec::new() };
                batch.add_series(&bins);
                self.batches.push(batch);
            }
            Some(batch) => {
                let empty = Tally::new(0, 0, &[]);
                let before = std::mem::replace(&mut batch.tally, empty);
                batch.tally = before.merged(tally);
                batch.trials += 1;
                batch.add_series(&bins);
            }
        }
    }

    /// How many trials there are.
    pub(super) fn trials(&self) -> u32 {
        u32::try_from(self.responses.len()).unwrap_or(u32::MAX)
    }

    /// The mean response time in seconds of the run, by all trials.
    pub(super) fn response(&self) -> Option<Figure> {
        ratio(self.responses.iter().copied(), f64::INFINITY)
    }
}

impl Batch {
    fn add_series(&mut self, bins: &[Bin]) {
        if self.series.len() < bins.len() {
            self.series.resize_with(bins.len(), Stretch::default);
        }
        for (sum, bin) in self.series.iter_mut().zip(bins) {
            sum.offered += u64::from(bin.offered);
            sum.good += u64::from(bin.good);
            sum.latencies.merge(&bin.latencies);
        }
    }
}

/// One sum over another, each sum over independent parts, with the interval of the ratio estimator
/// (Law, Simulation Modeling and Analysis 5e, 9.5.3): a mean of ratios would be off by what the two
/// have in common.
pub(super) fn ratio(parts: impl Iterator<Item = (f64, f64)> + Clone, most: f64) -> Option<Figure> {
    let count = parts.clone().count() as f64;
    let (sum, by) = parts.clone().fold((0.0, 0.0), |(sum, by), part| (sum + part.0, by + part.1));
    if by <= 0.0 {
        return None;
    }
    let value: f64 = sum / by;
    let residual = |(part, by): (f64, f64)| (part - value * by) * count;
    // Of residuals over the mean denominator, whose mean is 0, the error is that of the ratio.
    let estimate = Estimate::of(parts.map(|part| residual(part) / by));
    value.is_finite().then(|| figure(estimate, value, most))
}

/// A value with the interval of an estimate around it, cut to what is between 0 and a most.
pub(super) fn figure(estimate: Estimate, value: f64, most: f64) -> Figure {
    let found = estimate.around(value, 0.0, most);
    Figure { value, low: found.low, high: found.high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_has_the_interval_of_its_residuals() {
        let parts = [(1.0, 1.0), (3.0, 1.0), (2.0, 1.0), (2.0, 1.0)];
        let found = ratio(parts.into_iter(), f64::INFINITY).unwrap();
        let plain = Estimate::of(parts.map(|part| part.0));
        assert!((found.value - 2.0).abs() < 1e-12);
        assert!((found.high - 2.0 - plain.half_width(0.95)).abs() < 1e-12);
        assert_eq!(ratio([(0.0, 0.0)].into_iter(), 1.0), None);
        let even = ratio([(1.0, 2.0), (3.0, 6.0)].into_iter(), 1.0).unwrap();
        assert!((even.value - 0.5).abs() < 1e-12 && (even.high - even.low).abs() < 1e-12);
    }
}
