//! How the error that a verdict may make is spent over looks and checks.

use domain::verification::Verdict;

use super::sequential::Question;
use crate::random::student_quantile;
use crate::statistics::Summary;

/// Half the width of the zone, as a share of what is allowed, within which a plan is neither worth
/// verifying nor worth refuting.
const INDIFFERENCE: f64 = 0.01;
/// What intervals are widened by, because a share of clustered requests over a dozen trials is more
/// skewed than Student's distribution takes it to be. Measured on M/M/1 queues from 50% to 90%
/// whose p95 or p99 is exactly at its limit: with it at most 5% pass, without it up to 8%.
const INFLATION: f64 = 1.25;
/// 6/π², so that the parts of all looks add up to the whole.
const SCALE: f64 = 0.607_927_101_854_026_6;

/// The error that may be made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spending {
    /// The chance of verifying what is exactly at its limit.
    pub alpha: f64,
    /// Demanded checks, any of which refutes.
    pub checks: u32,
}

/// A share of requests with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Share {
    /// Requests over the limit, of all that the limit speaks of.
    pub value: f64,
    /// Its standard error, by the rule of the module above.
    pub standard_error: f64,
    /// Trials.
    pub trials: u32,
}

impl Share {
    /// Of the question at a place, over all trials; none where no request was seen.
    pub(crate) fn of(summary: &Summary, place: usize, question: &Question) -> Option<Self> {
        let limits = || summary.trials.iter().map(|trial| trial.limits[place]);
        let judged: Vec<f64> = limits().map(|(judged, _)| judged as f64).collect();
        let over: Vec<f64> = limits().map(|(_, over)| over as f64).collect();
        let requests: f64 = judged.iter().sum();
        if requests == 0.0 {
            return None;
        }
        let allowed = question.allowed;
        let slowest = summary.above_quantile(question.limit.class, 1.0 - allowed);
        let least = allowed * (1.0 - allowed) / requests;
        let variance = variance(&judged, &over).max(variance(&judged, &slowest)).max(least);
        Some(Self {
            value: over.iter().sum::<f64>() / requests,
            standard_error: variance.sqrt(),
            trials: u32::try_from(judged.len()).expect("there are few trials"),
        })
    }
}

/// The variance of the ratio of two sums over independent trials: that of a ratio estimator
/// (Cochran, "Sampling techniques", 1977, section 6.4).
fn variance(judged: &[f64], over: &[f64]) -> f64 {
    let count = judged.len() as f64;
    let requests: f64 = judged.iter().sum();
    let ratio = over.iter().sum::<f64>() / requests;
    let errors = judged.iter().zip(over).map(|(judged, over)| over - ratio * judged);
    let squares: f64 = errors.map(|error| error * error).sum();
    squares * count / (count - 1.0) / (requests * requests)
}

impl Spending {
    /// The error that a look may make; looks count from 1.
    fn at(&self, look: u32) -> f64 {
        let look = f64::from(look);
        self.alpha * SCALE / (look * look)
    }

    /// How far a look takes the truth to be from a share, to either side; infinite for one trial.
    pub(super) fn half_width(&self, share: Share, look: u32) -> f64 {
        widened(self.at(look), share)
    }

    /// What a look at a share says about the share that is allowed, if anything.
    pub(crate) fn decide(&self, share: Share, allowed: f64, look: u32) -> Option<Verdict> {
        if share.trials < 2 {
            return None;
        }
        let half = self.half_width(share, look);
        let careful = widened(self.at(look) / f64::from(self.checks.max(1)), share);
        if share.value + half < allowed {
            Some(Verdict::Pass)
        } else if share.value - careful > allowed {
            Some(Verdict::Fail)
        } else if half < INDIFFERENCE * allowed {
            Some(Verdict::Undecided)
        } else {
            None
        }
    }
}

/// The distance that a share is beyond with no more than such an error.
fn widened(error: f64, share: Share) -> f64 {
    if share.trials < 2 {
        return f64::INFINITY;
    }
    INFLATION * student_quantile(1.0 - error, share.trials - 1) * share.standard_error
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPENDING: Spending = Spending { alpha: 0.05, checks: 4 };

    fn share(value: f64, standard_error: f64) -> Share {
        Share { value, standard_error, trials: 12 }
    }

    #[test]
    fn all_looks_together_spend_no_more_than_alpha() {
        let spent: f64 = (1..10_000).map(|look| SPENDING.at(look)).sum();
        assert!(spent < 0.05 && spent > 0.0499, "{spent}");
    }

    #[test]
    fn far_shares_are_decided_and_near_ones_are_not() {
        let decide = |value, error| SPENDING.decide(share(value, error), 0.05, 1);
        assert_eq!(decide(0.02, 0.001), Some(Verdict::Pass));
        assert_eq!(decide(0.08, 0.001), Some(Verdict::Fail));
        assert_eq!(decide(0.051, 0.001), None);
        assert_eq!(decide(0.0501, 0.0001), Some(Verdict::Undecided));
    }

    #[test]
    fn refuting_takes_more_than_passing() {
        // 0.003 is 3 standard errors: enough at 3% and widened, not at a quarter of that.
        assert_eq!(SPENDING.decide(share(0.047, 0.001), 0.05, 1), Some(Verdict::Pass));
        assert_eq!(SPENDING.decide(share(0.053, 0.001), 0.05, 1), None);
    }
}
