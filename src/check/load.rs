//! Calls a second and work of each service, by following a request down the graph.

use domain::demand::{CallDemand, ClassIndex, Demand, ServiceIndex};

/// What arrives at a service at the stated peak.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Arrivals {
    /// Calls a second.
    pub(super) rate: f64,
    /// Seconds of reference CPU that they need, each second.
    pub(super) work: f64,
    /// Bytes a second that they carry from another service; not those from the edge.
    pub(super) bytes: f64,
}

/// The arrivals of every service.
pub(super) fn arrivals(demand: &Demand) -> Vec<Arrivals> {
    let mut found = vec![Arrivals::default(); demand.services.len()];
    for (at, class) in demand.classes.iter().enumerate() {
        let rate = demand.load.peak.value() * class.share.value();
        visit(demand, (ClassIndex(at), ServiceIndex(0)), rate, &mut found);
    }
    found
}

/// Adds `rate` calls a second of a class to a service, and what follows from them.
fn visit(
    demand: &Demand,
    (class, service): (ClassIndex, ServiceIndex),
    rate: f64,
    found: &mut [Arrivals],
) {
    let own = demand.service(service);
    found[service.0].rate += rate;
    found[service.0].work += rate * own.work[class.0].cpu_time.value();
    let made = own.calls.iter().filter(|call| call.class.is_none_or(|of| of == class));
    for call in made {
        let calls = rate * call.count;
        // What the edge passes on is a response, not a call between services.
        if service.0 != 0 {
            note_bytes(demand, call.to, calls, found);
        }
        visit(demand, (class, call.to), calls, found);
        if let Some((fallback, share)) = missed(demand, call) {
            let misses = calls * f64::from(call.lookups) * share;
            note_bytes(demand, fallback, misses, found);
            visit(demand, (class, fallback), misses, found);
        }
    }
}

fn note_bytes(demand: &Demand, to: ServiceIndex, calls: f64, found: &mut [Arrivals]) {
    found[to.0].bytes += calls * demand.service(to).bytes_per_call.value() as f64;
}

/// Where a lookup that misses goes, and how likely that is.
fn missed(demand: &Demand, call: &CallDemand) -> Option<(ServiceIndex, f64)> {
    let data = demand.service(call.to).data.as_ref()?;
    Some((data.fallback?, 1.0 - data.hit_ratio.value()))
}
