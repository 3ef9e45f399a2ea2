//! Figures that are estimated, compared and adjusted alike: one value of each trial.

use super::interval::linearised;
use super::{Estimate, Interval, Statistics, TrialRecord};
use crate::time::SECOND;

/// A figure of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Mean latency of good requests, in seconds.
    Latency,
    /// The percentile of it that stands at this place of the experiment's list, in seconds.
    Percentile(usize),
    /// Share of the requests that were answered well.
    Goodput,
    /// Requests in the system on average.
    InSystem,
    /// Mean waiting time of visits to a station, in seconds.
    Waiting(usize),
}

impl Statistics {
    /// A figure over all trials.
    pub fn figure(&self, figure: Figure) -> Estimate {
        let estimate = Estimate::of(self.values(figure));
        match figure {
            // Free of what rounding makes of a mean of deviations.
            Figure::Percentile(index) => {
                Estimate { mean: self.latency_below(index, self.summary.share(index)), ..estimate }
            }
            _ => estimate,
        }
    }

    /// A figure with the interval that covers the truth with this confidence.
    ///
    /// A percentile is inverted: the interval of the share of the requests above it, over trials,
    /// is brought to the scale of latencies by the distribution of all requests (Woodruff,
    /// "Confidence intervals for medians and other position measures", Journal of the American
    /// Statistical Association 47, 1952).
    pub fn interval(&self, figure: Figure, confidence: f64) -> Interval {
        let Figure::Percentile(index) = figure else {
            return self.figure(figure).interval(confidence);
        };
        let summary = &self.summary;
        let share = summary.share(index);
        let above = Estimate::ratio(summary.exceedances(index));
        let limit = |deviation: f64| self.latency_below(index, share - deviation);
        let [below, beyond] = above.deviations(confidence);
        Interval { value: self.latency_below(index, share), low: limit(beyond), high: limit(below) }
    }

    /// The latency in seconds below which a share of the requests lies.
    fn latency_below(&self, index: usize, share: f64) -> f64 {
        self.summary.inverse(index, share).unwrap_or(f64::NAN) / SECOND as f64
    }

    /// One value of each trial, of which the figure is the mean.
    pub(super) fn values(&self, figure: Figure) -> Vec<f64> {
        let trials = &self.summary.trials;
        let ratio = |parts: &dyn Fn(&TrialRecord) -> (f64, f64)| {
            linearised(&trials.iter().map(parts).collect::<Vec<_>>())
        };
        match figure {
            Figure::Latency => {
                ratio(&|trial| (trial.latency_sum as f64 / SECOND as f64, trial.good as f64))
            }
            Figure::Percentile(index) => self.percentile_values(index),
            Figure::Goodput => ratio(&|trial| (trial.good as f64, trial.offered as f64)),
            Figure::InSystem => {
                trials.iter().map(|trial| trial.area as f64 / trial.observed as f64).collect()
            }
            Figure::Waiting(station) => ratio(&|trial| {
                let tally = &trial.stations[station];
                (tally.waiting as f64 / SECOND as f64, tally.started as f64)
            }),
        }
    }

    /// By how much each trial moves a percentile: its surplus of requests above it, times the
    /// slope of the distribution of all requests there (Bahadur's representation).
    fn percentile_values(&self, index: usize) -> Vec<f64> {
        let share = self.summary.share(index);
        let value = self.latency_below(index, share);
        let exceedances = self.summary.exceedances(index);
        let error = Estimate::ratio(exceedances.iter().copied()).standard_error;
        let surplus = linearised(&exceedances);
        let mean = surplus.iter().sum::<f64>() / surplus.len() as f64;
        let [low, high] = [share - error, share + error].map(|share| share.clamp(0.0, 1.0));
        let rise = self.latency_below(index, high) - self.latency_below(index, low);
        let slope = rise / (high - low);
        if !slope.is_finite() {
            return vec![value; surplus.len()];
        }
        surplus.iter().map(|above| value + (above - mean) * slope).collect()
    }
}
