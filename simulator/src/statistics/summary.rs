//! Trials put together, in their order: pooled histograms, and a few figures of each trial.

use super::histogram::Packed;
use super::{Estimate, Histogram};
use crate::engine::{Bin, PoolTally, StationTally, Tally};

/// A quantile of the latency that is looked at in every trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quantile {
    /// The class whose requests count; all of them where there is none. What comes after the last
    /// class are the messages to each station, where those are watched.
    pub class: Option<u16>,
    /// The share of the requests below it.
    pub share: f64,
    /// Whether failed requests count as slower than all others, or not at all.
    pub failures: bool,
}

/// Figures of one trial.
#[derive(Debug, Clone)]
pub(crate) struct TrialRecord {
    /// Nanoseconds observed.
    pub observed: u64,
    /// Requests observed.
    pub offered: u64,
    /// Those answered well.
    pub good: u64,
    /// Those that were not, by class.
    failed: Vec<u64>,
    /// Latencies of good requests, by class.
    latencies: Vec<Packed<7>>,
    /// Sum of their latencies, in nanoseconds.
    pub latency_sum: u128,
    /// Sum of the squares of their latencies, in square nanoseconds.
    pub latency_square: f64,
    /// For each limit, the requests that it speaks of and those that missed it.
    pub limits: Vec<(u64, u64)>,
    /// The quantiles asked for, in nanoseconds; none where there were too few requests.
    pub quantiles: Vec<Option<f64>>,
    /// Area under the number in system, in nanoseconds.
    pub area: u128,
    /// Attempts refused, timed out and repeated.
    pub refused: u64,
    /// See `refused`.
    pub timed_out: u64,
    /// See `refused`.
    pub retried: u64,
    /// By station.
    pub stations: Vec<StationTally>,
    /// By station, then by pool.
    pub pools: Vec<Vec<PoolTally>>,
}

/// Trials put together.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    /// The quantiles asked for.
    quantiles: Vec<Quantile>,
    /// Request classes; what is counted beyond them are messages.
    classes: usize,
    /// Figures of each trial.
    pub trials: Vec<TrialRecord>,
    /// Latencies of good requests of all trials, by class.
    latencies: Vec<Histogram>,
    /// Requests that were not answered well, by class.
    failed: Vec<u64>,
    /// The time series of the first trial.
    pub bins: Vec<Bin>,
    /// All requests simulated, those of the warm-ups included.
    pub requests: u64,
    /// Requests observed.
    pub offered: u64,
    /// Those answered well.
    pub good: u64,
    /// Those of them that were answered without some optional call.
    pub degraded: u64,
    /// Attempts refused.
    pub refused: u64,
    /// Attempts timed out.
    pub timed_out: u64,
    /// Attempts repeated.
    pub retried: u64,
    /// Nanoseconds observed.
    pub observed: u64,
}

impl Summary {
    /// No trial yet.
    pub(crate) fn new(quantiles: Vec<Quantile>) -> Self {
        Self {
            quantiles,
            classes: 0,
            trials: Vec::new(),
            latencies: Vec::new(),
            failed: Vec::new(),
            bins: Vec::new(),
            requests: 0,
            offered: 0,
            good: 0,
            degraded: 0,
            refused: 0,
            timed_out: 0,
            retried: 0,
            observed: 0,
        }
    }

    /// Adds the next trial.
    pub(crate) fn add(&mut self, mut tally: Tally) {
        self.classes = tally.latencies.len();
        for messages in std::mem::take(&mut tally.messages) {
            tally.latencies.push(messages.latencies);
            tally.failed.push(messages.failed);
        }
        let quantiles = self
            .quantiles
            .iter()
            .map(|quantile| quantile.of((&tally.latencies, &tally.failed), self.classes))
            .collect();
        self.requests += tally.requests;
        self.offered += tally.offered;
        self.good += tally.good;
        self.degraded += tally.degraded;
        self.refused += tally.refused;
        self.timed_out += tally.timed_out;
        self.retried += tally.retried;
        self.observed += tally.observed;
        self.latencies.resize_with(tally.latencies.len(), Histogram::default);
        for (sum, latencies) in self.latencies.iter_mut().zip(&tally.latencies) {
            sum.merge(latencies);
        }
        self.failed.resize(tally.failed.len(), 0);
        for (sum, failed) in self.failed.iter_mut().zip(&tally.failed) {
            *sum += failed;
        }
        if self.trials.is_empty() {
            self.bins = tally.bins;
        }
        self.trials.push(TrialRecord {
            observed: tally.observed,
            offered: tally.offered,
            good: tally.good,
            failed: tally.failed,
            latencies: tally.latencies.iter().map(Histogram::packed).collect(),
            latency_sum: tally.latency_sums.iter().sum(),
            latency_square: tally.latency_square,
            limits: tally.judged.into_iter().zip(tally.over).collect(),
            quantiles,
            area: tally.area,
            refused: tally.refused,
            timed_out: tally.timed_out,
            retried: tally.retried,
            stations: tally.stations,
            pools: tally.pools,
        });
    }

    /// A quantile over all trials in nanoseconds, with the estimate over the trials' own ones.
    pub(crate) fn quantile(&self, index: usize) -> Option<(f64, Estimate)> {
        let pooled = self.quantiles[index].of((&self.latencies, &self.failed), self.classes)?;
        let own = self.trials.iter().filter_map(|trial| trial.quantiles[index]);
        Some((pooled, Estimate::of(own)))
    }

    /// Any quantile over all trials, in nanoseconds.
    pub(crate) fn level(&self, quantile: Quantile) -> Option<f64> {
        quantile.of((&self.latencies, &self.failed), self.classes)
    }

    /// The value below which such a share of all trials' requests lies, in nanoseconds, for the
    /// requests that a quantile asked for speaks of.
    pub(super) fn inverse(&self, index: usize, share: f64) -> Option<f64> {
        self.level(Quantile { share: share.clamp(0.0, 1.0), ..self.quantiles[index] })
    }

    /// The share that a quantile asked for has below it.
    pub(super) fn share(&self, index: usize) -> f64 {
        self.quantiles[index].share
    }

    /// In each trial, the requests that lie above the quantile over all trials, and all that it
    /// speaks of.
    pub(super) fn exceedances(&self, index: usize) -> Vec<(f64, f64)> {
        self.exceeding(self.quantiles[index])
    }

    /// The same for any quantile.
    pub(super) fn exceeding(&self, quantile: Quantile) -> Vec<(f64, f64)> {
        let threshold = self.level(quantile);
        let of = |trial: &TrialRecord| trial.exceedances((quantile, self.classes), threshold);
        self.trials.iter().map(of).collect()
    }

    /// Requests of a class or of all over all trials, and those of them that were not answered
    /// well.
    pub(crate) fn counted(&self, class: Option<u16>) -> (u64, u64) {
        let places = 0..self.failed.len();
        places.filter(|index| speaks_of(class, self.classes, *index)).fold(
            (0, 0),
            |(all, lost), index| {
                let failed = self.failed[index];
                (all + self.latencies[index].count() + failed, lost + failed)
            },
        )
    }

    /// In each trial, the requests of a class or of all that lie above the quantile over all trials
    /// below which lies such a share, failed requests being slower than all others.
    pub(crate) fn above_quantile(&self, class: Option<u16>, share: f64) -> Vec<f64> {
        let threshold = self.level(Quantile { class, share, failures: true });
        self.trials.iter().map(|trial| trial.above((class, self.classes), threshold)).collect()
    }

    /// Utilisation of each station's busiest pool: over all trials, and in each of them.
    pub(crate) fn utilisation(&self, station: usize) -> Estimate {
        Estimate::of(self.trials.iter().map(|trial| busiest(&trial.pools[station])))
    }
}

impl TrialRecord {
    /// Requests of a class, or of all, that took longer than a threshold or failed; of those that
    /// failed alone where there is none.
    fn above(&self, (class, classes): (Option<u16>, usize), threshold: Option<f64>) -> f64 {
        let of_class = |index: usize| speaks_of(class, classes, index);
        let classes = (0..self.failed.len()).filter(|index| of_class(*index));
        classes
            .map(|index| {
                let slow = threshold.map_or(0.0, |latency| self.latencies[index].above(latency));
                slow + self.failed[index] as f64
            })
            .sum()
    }
}

impl TrialRecord {
    /// The requests of a quantile that lie above a threshold, and all of them.
    fn exceedances(
        &self,
        (quantile, classes): (Quantile, usize),
        threshold: Option<f64>,
    ) -> (f64, f64) {
        let of_class = |index: &usize| speaks_of(quantile.class, classes, *index);
        let classes = (0..self.failed.len()).filter(of_class);
        classes.fold((0.0, 0.0), |(above, all), index| {
            let failed = if quantile.failures { self.failed[index] as f64 } else { 0.0 };
            let slow = threshold.map_or(0.0, |latency| self.latencies[index].above(latency));
            (above + slow + failed, all + self.latencies[index].count() as f64 + failed)
        })
    }
}

/// Whether a class, or all of so many request classes, have that place.
fn speaks_of(class: Option<u16>, classes: usize, index: usize) -> bool {
    class.map_or(index < classes, |of| usize::from(of) == index)
}

impl Quantile {
    fn of(self, (latencies, failed): (&[Histogram], &[u64]), classes: usize) -> Option<f64> {
        if let Some(class) = self.class {
            let beyond = failed.get(usize::from(class))?;
            let beyond = if self.failures { *beyond } else { 0 };
            return latencies.get(usize::from(class))?.quantile(self.share, beyond);
        }
        let (latencies, failed) = (&latencies[..classes], &failed[..classes]);
        let beyond = if self.failures { failed.iter().sum() } else { 0 };
        if let [only] = latencies {
            return only.quantile(self.share, beyond);
        }
        let mut all = Histogram::default();
        for histogram in latencies {
            all.merge(histogram);
        }
        all.quantile(self.share, beyond)
    }
}

/// The utilisation of the busiest of some pools; nothing where none serves.
pub(crate) fn busiest(pools: &[PoolTally]) -> f64 {
    let utilisation = |pool: &PoolTally| {
        if pool.serving == 0 { 0.0 } else { pool.busy as f64 / pool.serving as f64 }
    };
    pools.iter().map(utilisation).fold(0.0, f64::max)
}
