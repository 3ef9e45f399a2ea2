//! The share of all requests that call a service and wait for it.

use domain::demand::{ClassIndex, Demand, ServiceIndex};

use crate::visits::applies;

/// The share of all requests that call a service at least once and wait for it, from above: ways to
/// it are taken to exclude one another (Boole's inequality).
pub(crate) fn reach(demand: &Demand, service: ServiceIndex) -> f64 {
    let classes = demand.classes.iter().enumerate();
    classes.map(|(at, class)| class.share.value() * of_class(demand, ClassIndex(at), service)).sum()
}

fn of_class(demand: &Demand, class: ClassIndex, service: ServiceIndex) -> f64 {
    let mut reached = vec![0.0_f64; demand.services.len()];
    reached[0] = 1.0;
    for (at, own) in demand.services.iter().enumerate() {
        for call in own.calls.iter().filter(|call| applies(call, class)) {
            if demand.is_message(ServiceIndex(at), call.to) {
                continue;
            }
            let called = reached[at] * call.count.min(1.0);
            let ServiceIndex(to) = call.to;
            reached[to] = (reached[to] + called).min(1.0);
            let data = demand.service(call.to).data.as_ref();
            if let Some((data, fallback)) = data.and_then(|data| Some((data, data.fallback?))) {
                let missing = f64::from(call.lookups) * data.hit_ratio.complement().value();
                let missed = called * (call.count.max(1.0) * missing).min(1.0);
                reached[fallback.0] = (reached[fallback.0] + missed).min(1.0);
            }
        }
    }
    reached[service.0]
}
