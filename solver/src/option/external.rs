//! A service of somebody else: one way to have it, which costs nothing, never waits and is as
//! available as it is said to be.

use domain::topology::Balancing;
use domain::units::MicroDollars;

use super::station::Station;
use super::{Found, ServiceOption, Source};
use crate::external_floor::breaks_one;
use crate::queueing::Moments;
use crate::reach::reach;

/// The one option; none where it takes too long by itself for some objective.
pub(super) fn collect<'a>(source: &Source<'_, 'a>, found: &mut Found<'a, '_>) {
    if breaks_one(source.model, source.service) {
        return;
    }
    let floor = source.floor(MicroDollars::ZERO);
    let option = ServiceOption { latency: latency(source), ..floor };
    if found.admits(option.cost.expected) {
        found.take(option);
    }
}

/// What it adds to a request, by view, and in every state the same: its own time and the round
/// trip to it.
pub(super) fn latency(source: &Source<'_, '_>) -> Vec<[Option<Moments>; 4]> {
    let station = Station {
        model: source.model,
        layout: source.layout,
        service: source.service,
        servers: 1,
        speed: 1.0,
        balancing: Balancing::Random,
    };
    station.without_waiting().into_iter().map(|own| [own; 4]).collect()
}

/// The share of all requests that find it down, in ppm.
pub(super) fn unavailability(source: &Source<'_, '_>) -> f64 {
    let demand = source.model.demand;
    let own = demand.service(source.service).external;
    own.map_or(0.0, |own| own.unavailability_ppm() * reach(demand, source.service))
}
