//! The services that are stations, every caller before what it calls.

use domain::demand::Demand;
use domain::intent::ServiceKind;
use domain::topology::Topology;

use crate::fault::SimulatorFault;

/// Whether a service is a managed balancer, which is passed through and never full.
fn is_passed_through(demand: &Demand, topology: &Topology, service: usize) -> bool {
    demand.services[service].kind == ServiceKind::Balancer
        && topology.services[service].pools.is_empty()
}

/// What a service calls, the fallbacks of its caches included.
fn callees(demand: &Demand, service: usize) -> Vec<usize> {
    let mut callees = Vec::new();
    if service == 0 && demand.services[0].kind == ServiceKind::Balancer {
        callees.extend(demand.classes.iter().map(|class| class.enters.0));
    }
    for call in &demand.services[service].calls {
        callees.push(call.to.0);
        let data = demand.services[call.to.0].data.as_ref();
        callees.extend(data.and_then(|data| data.fallback).map(|fallback| fallback.0));
    }
    callees
}

/// The services that are stations, callers first; those that do not depend on one another stand in
/// the order of the demand.
pub(super) fn callers_first(
    demand: &Demand,
    topology: &Topology,
) -> Result<Vec<usize>, SimulatorFault> {
    let count = demand.services.len();
    let mut callers = vec![0_usize; count];
    for service in 0..count {
        for callee in callees(demand, service) {
            callers[callee] += 1;
        }
    }
    let mut waiting: Vec<usize> = (0..count).collect();
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let Some(next) = waiting.iter().position(|service| callers[*service] == 0) else {
            let service = demand.services[waiting[0]].name.to_string();
            return Err(SimulatorFault::Cycle { service });
        };
        let service = waiting.remove(next);
        for callee in callees(demand, service) {
            callers[callee] -= 1;
        }
        if !is_passed_through(demand, topology, service) {
            ordered.push(service);
        }
    }
    Ok(ordered)
}
