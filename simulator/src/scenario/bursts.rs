//! How long trials are where a load has bursts: long enough to see several of them.

use crate::judge::Judge;
use crate::time::{from_seconds, seconds};
use crate::verdict::Pace;

/// Seconds of a minute with its bursts that a trial observes, where that is affordable.
const OBSERVED: f64 = 60.0;
/// Seconds before that, for what the burst before has left.
const BEFORE: f64 = 5.0;
/// The share of the requests that a scenario may take which its first look may take for that.
const SHARE: f64 = 0.5;

/// The same pace, or a longer one where there are bursts. The load is a factor on the peak.
pub(crate) fn with_bursts(pace: Pace, judge: &Judge<'_>, load: f64, limit: u64) -> Pace {
    if !judge.system.has_bursts() {
        return pace;
    }
    let rate = judge.peak() * load;
    let room = observed(limit, f64::from(pace.first), rate);
    let warm_up = pace.warm_up.max(from_seconds(BEFORE.min(room * BEFORE / OBSERVED)));
    let observed = pace.observed.max(from_seconds(room));
    let most = limit as f64 / (seconds(warm_up + observed) * rate);
    let most = u32::try_from(from_seconds(most) / from_seconds(1.0)).unwrap_or(u32::MAX);
    Pace { warm_up, observed, most: most.max(pace.first), ..pace }
}

/// Seconds that each of so many trials may observe for the sake of bursts.
pub(super) fn observed(limit: u64, trials: f64, rate: f64) -> f64 {
    (SHARE * limit as f64 / (trials * rate)).min(OBSERVED)
}
