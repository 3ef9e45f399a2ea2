//! Services without a finite variance: the mean of what they make of response times is no figure
//! that more trials would settle, and an interval around it would mean nothing. Percentiles are
//! known all the same.

use domain::model::{Awaits, Distribution, Model as Document};
use domain::simulation::{HeavyTail, Simulation};

/// The shape of Pareto's distribution up to which its variance is infinite.
const SHAPE: f64 = 2.0;

/// The station whose services are waited for without a timeout and have the heaviest tail, where
/// one has no finite variance.
pub(super) fn heavy(document: &Document) -> Option<HeavyTail> {
    let exposed = exposed(document);
    let mut heaviest: Option<HeavyTail> = None;
    for (station, _) in document.stations.iter().zip(exposed).filter(|(_, exposed)| *exposed) {
        for service in &station.service {
            if let Distribution::Pareto { shape, .. } = service
                && *shape <= heaviest.as_ref().map_or(SHAPE, |found| found.shape)
            {
                heaviest = Some(HeavyTail { station: station.name.to_string(), shape: *shape });
            }
        }
    }
    heaviest
}

/// Which stations a client may wait for as long as they take.
fn exposed(document: &Document) -> Vec<bool> {
    let mut exposed = vec![false; document.stations.len()];
    for source in document.sources.iter().filter(|source| source.on_failure.timeout.is_none()) {
        let classes = document.classes.iter().zip(&source.mix);
        for (class, _) in classes.filter(|(_, weight)| **weight > 0.0) {
            exposed[class.enters.0] = true;
        }
    }
    // Routes may lead back: each pass reaches at least one more station, or is the last.
    loop {
        let before = exposed.clone();
        for (station, _) in document.stations.iter().zip(&before).filter(|(_, exposed)| **exposed) {
            let routes = station.routing.iter().flatten();
            let calls = station.calls.iter().flatten();
            let waits = station.on_failure.timeout.is_none();
            let calls = calls.filter(|call| waits && call.awaits != Awaits::Nothing);
            for to in routes.map(|route| route.to).chain(calls.map(|call| call.to)) {
                exposed[to.0] = true;
            }
        }
        if exposed == before {
            return exposed;
        }
    }
}

/// Leaves out all means of times and numbers.
pub(super) fn leave_out_means(simulation: &mut Simulation) {
    if let Some(requests) = &mut simulation.requests {
        requests.response = None;
        requests.in_system = None;
    }
    for class in &mut simulation.classes {
        class.response = None;
    }
    for station in &mut simulation.stations {
        station.waiting = None;
        station.stay = None;
        station.queue = None;
        station.number = None;
    }
}
