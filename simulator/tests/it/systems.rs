//! The simulator against known answers for systems of all kinds: `tests/tables/systems.csv`.
//!
//! All of them are documents in `tests/models`.

use crate::known::{compare, document, table};
use simulator::model::Service;

/// Systems.
pub(crate) const TABLE: &str = include_str!("../../../tests/tables/systems.csv");

pub(crate) fn exponential(mean: f64) -> Service {
    Service::Exponential { mean }
}

#[test]
fn every_known_answer_of_a_system_is_met() {
    compare(20_261_125, &table(TABLE), document);
}
