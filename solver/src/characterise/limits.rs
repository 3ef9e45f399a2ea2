//! Whether what a demand leads to can be planned for at all: calls multiply along a chain, and a
//! bill has to be a number.

use domain::demand::Demand;

use crate::visits::traffic;

use super::CharacteriseError;

/// More visits of one request to one service than this are no request.
const VISITS: f64 = 1e6;
/// More calls a second to one service than this are not planned for.
const CALLS: f64 = 1e10;
/// More bytes a second than this, ten terabytes, are not planned for.
const BYTES: f64 = 1e13;

/// What is too large, each with how large it may be.
pub(super) fn faults(demand: &Demand) -> Vec<CharacteriseError> {
    let traffic = traffic(demand);
    let mut faults = Vec::new();
    let mut limit = |what: String, value: f64, limit: f64| {
        let within = value <= limit;
        if !within {
            faults.push(CharacteriseError::TooLarge { what, value, limit });
        }
        within
    };
    let visits = |at: usize| {
        let views = traffic.classes.iter().map(|view| view.visits[at].mean * view.side_by_side[at]);
        // Not a number is too large as well: it comes of what is beyond every number.
        views
            .fold(0.0, |most: f64, next| if next.is_nan() { f64::INFINITY } else { most.max(next) })
    };
    for (at, service) in demand.services.iter().enumerate() {
        let name = &service.name;
        // One fault is enough: what is called from here is larger still.
        if !limit(format!("the calls of one request to {name}"), visits(at), VISITS)
            || !limit(format!("the rate of calls a second to {name}"), traffic.rates[at], CALLS)
        {
            return faults;
        }
    }
    let peak = demand.load.peak.value();
    let out: f64 = demand
        .classes
        .iter()
        .map(|class| peak * class.share.value() * class.response.value() as f64)
        .sum();
    let within: f64 = demand
        .services
        .iter()
        .zip(&traffic.rates)
        .map(|(service, rate)| rate * service.bytes_per_call.value() as f64)
        .sum();
    limit("the traffic to the internet, in bytes a second,".to_owned(), out, BYTES);
    limit("the traffic between services, in bytes a second,".to_owned(), within, BYTES);
    faults
}
