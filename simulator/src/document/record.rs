//! What is kept of trials: their tallies, put together in a fixed number of batches, and of each
//! trial the two numbers of its mean response time. So what is kept does not grow with the number
//! of requests, and percentiles are those of many trials at once: a percentile of one short trial
//! lies beside that of the long run.

use crate::engine::{Bin, Tally};
use crate::statistics::{CoarseHistogram, Estimate};
use crate::time::SECOND;
use domain::simulation::Figure;

/// The confidence that intervals are worked out with so that they cover the truth as often as
/// [`domain::simulation::CONFIDENCE`] says. A run stops when its interval is narrow, more often
/// where chance made it too narrow, and so covers the truth less often than one of a length that
/// was set beforehand: by about a hundredth where looks are as far apart as these.
pub(super) const LOOKED_AT: f64 = 0.96;

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

/// The time that trials observe, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// From when.
    pub from: u64,
    /// Until when.
    pub to: u64,
    /// The width of a bin; nothing where there are none.
    pub bin: u64,
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
    /// By station and bin, the instance-nanoseconds that its controller asked for.
    pub fleets: Vec<Vec<u128>>,
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

    /// Adds the next trial, which was to observe so long.
    pub(super) fn add(&mut self, mut tally: Tally, span: Span) {
        let place = self.responses.len() % self.most;
        self.responses.push((tally.latency_sum() as f64 / SECOND as f64, tally.good as f64));
        self.cut_short += u32::from(tally.observed < span.to - span.from);
        let bins = std::mem::take(&mut tally.bins);
        let courses = tally.stations.iter().map(|station| &station.fleet.course);
        let courses: Vec<Vec<u128>> =
            courses.map(|course| asked(course, span, bins.len())).collect();
        match self.batches.get_mut(place) {
            None => {
                let (series, fleets) = (Vec::new(), courses);
                let mut batch = Batch { trials: 1, tally, series, fleets };
                batch.add_series(&bins);
                self.batches.push(batch);
            }
            Some(batch) => {
                let empty = Tally::new(0, 0, &[]);
                let before = std::mem::replace(&mut batch.tally, empty);
                batch.tally = before.merged(tally);
                batch.trials += 1;
                batch.add_series(&bins);
                batch.add_courses(&courses);
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
    fn add_courses(&mut self, courses: &[Vec<u128>]) {
        for (sums, course) in self.fleets.iter_mut().zip(courses) {
            if sums.len() < course.len() {
                sums.resize(course.len(), 0);
            }
            for (sum, asked) in sums.iter_mut().zip(course) {
                *sum += asked;
            }
        }
    }

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

/// What a controller asked for in each bin, in instance-nanoseconds, from the moments at which it
/// asked for another number; nothing where there is no controller.
fn asked(course: &[(u64, u32)], span: Span, bins: usize) -> Vec<u128> {
    if course.is_empty() || span.bin == 0 {
        return Vec::new();
    }
    let mut sums = vec![0; bins];
    let whole = span.from.saturating_add(span.bin.saturating_mul(bins as u64));
    let ends = course.iter().skip(1).map(|change| change.0).chain([whole]);
    for ((start, count), end) in course.iter().zip(ends) {
        let (mut at, end) = ((*start).max(span.from), end.min(whole));
        while at < end {
            let place = (at - span.from) / span.bin;
            let next = end.min(span.from + (place + 1) * span.bin);
            if let Some(sum) = usize::try_from(place).ok().and_then(|place| sums.get_mut(place)) {
                *sum += u128::from(*count) * u128::from(next - at);
            }
            at = next;
        }
    }
    sums
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
///
/// Means of queues are skewed, and so are those of trials: Student's interval would be too short on
/// the side of the tail, and a run that stops when it is narrow would stop where it is wrong.
pub(super) fn figure(estimate: Estimate, value: f64, most: f64) -> Figure {
    let [below, above] = estimate.deviations(LOOKED_AT);
    Figure {
        value,
        low: (value - above).clamp(0.0, value.max(0.0)),
        high: (value - below).clamp(value.min(most), most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_spread_over_bins() {
        let course = [(0, 2), (15, 4), (25, 1)];
        assert_eq!(asked(&course, Span { from: 10, to: 40, bin: 10 }, 3), [30, 25, 10]);
        assert_eq!(asked(&course, Span { from: 0, to: 10, bin: 5 }, 2), [10, 10]);
        assert_eq!(asked(&[], Span { from: 0, to: 10, bin: 5 }, 2), []);
    }

    #[test]
    fn a_ratio_has_the_interval_of_its_residuals() {
        let parts = [(11.0, 1.0), (13.0, 1.0), (12.0, 1.0), (12.0, 1.0)];
        let found = ratio(parts.into_iter(), f64::INFINITY).unwrap();
        let plain = Estimate::of(parts.map(|part| part.0));
        assert!((found.value - 12.0).abs() < 1e-12);
        let [below, above] = plain.deviations(LOOKED_AT);
        assert!((found.high - 12.0 + below).abs() < 1e-12);
        assert!((12.0 - found.low - above).abs() < 1e-12 && above > plain.half_width(0.95));
        assert_eq!(ratio([(0.0, 0.0)].into_iter(), 1.0), None);
        let even = ratio([(1.0, 2.0), (3.0, 6.0)].into_iter(), 1.0).unwrap();
        assert!((even.value - 0.5).abs() < 1e-12 && (even.high - even.low).abs() < 1e-12);
    }
}
