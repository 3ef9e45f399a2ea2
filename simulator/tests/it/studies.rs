//! The simulator against published studies: `tests/tables/studies.csv`.
//!
//! All of them are documents in `tests/models`; what the studies say that no simulation can be
//! compared with stands in `tests/tables/cases.csv`, with the reason.

use crate::known::{compare, document, table};

/// Studies.
pub(crate) const TABLE: &str = include_str!("../../../tests/tables/studies.csv");

#[test]
fn every_figure_of_a_study_that_is_simulated_is_met() {
    compare(20_261_126, &table(TABLE), document);
}
