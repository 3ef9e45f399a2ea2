//! The distribution of the latency, told by its tail: what the slowest so many of the requests take
//! longer than.
//!
//! The shares are fixed beforehand and their latencies are found, not the other way round: the
//! points then stand as close together where hardly a request is slower as where most of them are,
//! and an objective, which speaks of a share, is one of the points. A request that was refused,
//! that failed or that its caller gave up is slower than every latency.

use super::{Estimate, Interval, Quantile, Statistics, Summary};
use crate::time::SECOND;

/// Shares of the requests that are slower, in parts per million, from all but the fastest ones to
/// the slowest.
pub const LADDER: [u32; 32] = [
    990_000, 950_000, 900_000, 800_000, 700_000, 600_000, 500_000, 400_000, 300_000, 200_000,
    100_000, 70_000, 50_000, 30_000, 20_000, 10_000, 7_000, 5_000, 3_000, 2_000, 1_000, 700, 500,
    300, 200, 100, 50, 20, 10, 5, 2, 1,
];

/// So many requests lie beyond a point at least: of fewer, an interval says nothing.
const BEYOND_LEAST: f64 = 10.0;

/// A million.
const MILLION: u32 = 1_000_000;

/// What a share of the requests takes longer than.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailPoint {
    /// The share, in parts per million.
    pub above_ppm: u32,
    /// The latency in seconds; the high end of its interval is infinite where more requests than
    /// were seen to be answered may be slower.
    pub latency: Interval,
}

impl Statistics {
    /// The tail of the latency of all requests, at the shares of [`LADDER`] that the trials carry.
    pub fn tail(&self, confidence: f64) -> Vec<TailPoint> {
        self.summary.tail(None, &LADDER, confidence)
    }
}

impl Summary {
    /// The tail of the latency of a class, or of all requests, at those of some falling shares that
    /// the trials carry: at least ten requests are beyond each, and it is not among those that were
    /// never answered. Nothing from a single trial.
    pub(crate) fn tail(
        &self,
        class: Option<u16>,
        shares: &[u32],
        confidence: f64,
    ) -> Vec<TailPoint> {
        let (requests, _) = self.counted(class);
        let seen = |above: &&u32| requests as f64 * share_of(**above) >= BEYOND_LEAST;
        let carried = shares.iter().take_while(seen).filter(|_| self.trials.len() > 1);
        let points = carried.map_while(|above_ppm| {
            let latency = self.longer_than(class, *above_ppm, confidence)?;
            Some(TailPoint { above_ppm: *above_ppm, latency })
        });
        let mut points: Vec<TailPoint> = points.collect();
        bound(&mut points);
        points
    }

    /// What a share of the requests takes longer than. Its interval is that of the share over
    /// trials, brought to the scale of latencies by the distribution of all requests, as that of
    /// [`super::Figure::Percentile`].
    fn longer_than(&self, class: Option<u16>, above_ppm: u32, confidence: f64) -> Option<Interval> {
        let share = share_of(MILLION - above_ppm);
        let quantile = Quantile { class, share, failures: true };
        let seconds = |share: f64| {
            let share = share.max(0.0);
            Some(self.level(Quantile { share, ..quantile })? / SECOND as f64)
        };
        let value = seconds(share)?;
        let [below, beyond] = Estimate::ratio(self.exceeding(quantile)).deviations(confidence);
        // A share of all of them is no latency: the slowest seen is not the slowest there is.
        let high = if share - below < 1.0 { seconds(share - below) } else { None };
        let low = seconds(share - beyond).unwrap_or(value);
        Some(Interval { value, low, high: high.unwrap_or(f64::INFINITY) })
    }
}

/// Lets the points, from the largest share to the smallest, bound each other: a share of the
/// requests takes no longer than a smaller one. Where a few trials have most of what is slow, the
/// interval of one share says less than those beside it.
fn bound(points: &mut [TailPoint]) {
    let mut least = 0.0_f64;
    for point in points.iter_mut() {
        least = least.max(point.latency.low);
        point.latency.low = least;
    }
    let mut most = f64::INFINITY;
    for point in points.iter_mut().rev() {
        most = most.min(point.latency.high);
        point.latency.high = most;
    }
}

/// Parts per million as a share.
fn share_of(ppm: u32) -> f64 {
    f64::from(ppm) / f64::from(MILLION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_falls_from_all_but_the_fastest_to_one_in_a_million() {
        assert!(LADDER.windows(2).all(|pair| pair[0] > pair[1]), "{LADDER:?}");
        assert!(LADDER[0] < MILLION && LADDER.last() == Some(&1));
    }

    #[test]
    fn a_share_takes_no_longer_than_a_smaller_one() {
        let point = |(above_ppm, value, low, high)| TailPoint {
            above_ppm,
            latency: Interval { value, low, high },
        };
        let mut points = [
            (500_000, 2.0, 1.5, 9.0),
            (100_000, 3.0, 1.0, f64::INFINITY),
            (50_000, 4.0, 3.5, 5.0),
            (10_000, 6.0, 3.0, f64::INFINITY),
        ]
        .map(point);
        bound(&mut points);
        let ends = points.map(|own| [own.latency.low, own.latency.high]);
        assert_eq!(ends, [[1.5, 5.0], [1.5, 5.0], [3.5, 5.0], [3.5, f64::INFINITY]]);
    }
}
