//! The simulator against known answers for systems of all kinds: `tests/tables/systems.csv`.
//!
//! Most of them are documents in `tests/models`. Those that a document cannot say are built here and
//! in the modules behind `fleets`.

use crate::fleets;
use crate::known::{compare, document, table};
use simulator::model::{Instance, Service, Station};

/// Systems.
pub(crate) const TABLE: &str = include_str!("../../../tests/tables/systems.csv");

pub(crate) fn exponential(mean: f64) -> Service {
    Service::Exponential { mean }
}

pub(crate) fn queue(servers: u32, mean: f64) -> Station {
    Station::queue("queue", vec![Instance::with_servers(servers)], exponential(mean))
}

#[test]
fn every_known_answer_of_a_system_is_met() {
    let model = |name: &str| document(name).unwrap_or_else(|| fleets::system(name));
    compare(20_261_125, &table(TABLE), model);
}
