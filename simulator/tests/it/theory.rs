//! The simulator against closed forms: `tests/tables/queueing.csv`, case by case.
//!
//! Systems that are more than one plain queue are in `systems.rs`. Not here is what is rarer than
//! 1e-3, which is worked out exactly (`exact.rs`): the empty M/M/8 with losses, and its idle 2·10⁻⁷
//! at 150%; nor the variance of the wait behind Pareto services of shape 3.5, whose estimator has
//! none. The longest runs are those of the far percentiles and of variances.

use crate::known::{compare, document, table};

/// Plain queues.
pub(crate) const TABLE: &str = include_str!("../../../tests/tables/queueing.csv");

#[test]
fn every_known_answer_is_met() {
    compare(20_261_122, &table(TABLE), document);
}
