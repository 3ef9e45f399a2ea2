//! The simulator against closed forms: `tests/tables/queueing.csv`, case by case.
//!
//! Systems that are more than one plain queue are in `systems.rs`. Not here: a few metrics that are
//! too rare for a standard error of 1% in a minute (the far percentiles and the variance of M/M/1
//! and M/D/1 above 90%, the far percentiles of the wait in front of 32 and 100 servers at 95%, the
//! 95th percentile of the wait in front of 8 servers at 50%, of whom 6% wait, the idle 2·10⁻⁷ of an
//! M/M/8/40 at 150%, the variance of the wait behind lognormal services of squared variation 4),
//! and the variance of the wait behind Pareto services, whose estimator has none.

use crate::known::{compare, document, table};

/// Plain queues.
pub(crate) const TABLE: &str = include_str!("../../../tests/tables/queueing.csv");

#[test]
fn every_known_answer_is_met() {
    compare(20_261_122, &table(TABLE), document);
}
