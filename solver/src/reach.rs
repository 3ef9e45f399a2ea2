//! The share of all requests that call a service and cannot do without it, and who gives up first.

use domain::demand::{ClassIndex, Demand, ServiceDemand, ServiceIndex};

use crate::visits::applies;

/// The share of a service's outages that requests notice: all of them, unless it is said that some
/// can do without it.
pub(crate) fn noticed(demand: &Demand, service: ServiceIndex) -> f64 {
    let spared = demand.service_indices().any(|at| does_without(demand, at, service));
    if spared { reach(demand, service) } else { 1.0 }
}

/// The share of all requests that call a service at least once, wait for it and cannot do without
/// it, from above: ways to it are taken to exclude one another (Boole's inequality).
pub(crate) fn reach(demand: &Demand, service: ServiceIndex) -> f64 {
    let classes = demand.classes.iter().enumerate();
    classes.map(|(at, class)| class.share.value() * of_class(demand, ClassIndex(at), service)).sum()
}

/// Whether a service answers without another, and soon enough for those who wait for it.
fn does_without(demand: &Demand, at: ServiceIndex, service: ServiceIndex) -> bool {
    demand.service(at).serves_without(service) && impatient_caller(demand, at).is_none()
}

fn of_class(demand: &Demand, class: ClassIndex, wanted: ServiceIndex) -> f64 {
    let mut reached = vec![0.0_f64; demand.services.len()];
    reached[0] = 1.0;
    for (at, own) in demand.services.iter().enumerate() {
        for call in own.calls.iter().filter(|call| applies(call, class)) {
            if demand.is_message(ServiceIndex(at), call.to) {
                continue;
            }
            let called = reached[at] * call.count.min(1.0);
            let ServiceIndex(to) = call.to;
            // What can be done without at one end of the call may be needed at the other.
            let needed = |service, reached: f64| {
                let spared = service == wanted && does_without(demand, ServiceIndex(at), wanted);
                if spared { 0.0 } else { reached }
            };
            reached[to] = (reached[to] + needed(call.to, called)).min(1.0);
            let data = demand.service(call.to).data.as_ref();
            if let Some((data, fallback)) = data.and_then(|data| Some((data, data.fallback?))) {
                let missing = f64::from(call.lookups) * data.hit_ratio.complement().value();
                let missed = called * (call.count.max(1.0) * missing).min(1.0);
                let missed = needed(fallback, missed);
                reached[fallback.0] = (reached[fallback.0] + missed).min(1.0);
            }
        }
    }
    reached[wanted.0]
}

/// The caller that gives up on a service before that has given up on what it calls, where one
/// does: of an answer without it nothing comes of use then. The one that gives up first.
pub fn impatient_caller(demand: &Demand, service: ServiceIndex) -> Option<ServiceIndex> {
    let handling = &demand.service(service).on_failure;
    let tries = f64::from(handling.retries) + 1.0;
    let wait = handling.timeout.times(tries);
    let calls = |own: &ServiceDemand| own.calls.iter().any(|call| call.to == service);
    let callers = demand.service_indices().filter(|at| calls(demand.service(*at)));
    let timeout = |at: &ServiceIndex| demand.service(*at).on_failure.timeout;
    let first = callers.filter(|at| !demand.is_message(*at, service)).min_by_key(timeout);
    first.filter(|at| timeout(at) <= wait)
}
