//! Services of somebody else again: nothing is bought for them, and what they take has the
//! percentiles that were stated.

use domain::demand::{Demand, ServiceDemand};
use domain::external::External;
use domain::intent::ServiceKind;
use domain::plan::Plan;
use domain::topology::Topology;

/// The 99th percentile of a standard normal number.
const NORMAL_P99: f64 = 2.326_347_874_040_841;
/// How far a time may be from the stated one, as a share and in s: percentiles are written down in
/// whole microseconds.
const NEAR: (f64, f64) = (1e-4, 1e-6);

pub(super) fn check(demand: &Demand, topology: &Topology, faults: &mut Vec<String>) {
    for (service, deployed) in demand.services.iter().zip(&topology.services) {
        let name = &service.name;
        if service.external.is_some() != (service.kind == ServiceKind::External) {
            faults.push(format!("{name}: it is not said whose it is"));
        }
        let Some(external) = &service.external else { continue };
        if !deployed.pools.is_empty() || deployed.product.as_deref() != Some("external") {
            faults.push(format!("{name}: something is bought for a service of somebody else"));
        }
        percentiles(service, external, faults);
    }
}

/// A lognormal time has its median at the mean over √(1 + cv²), and its 99th percentile 2.326 times
/// the deviation of its logarithm above that.
fn percentiles(service: &ServiceDemand, external: &External, faults: &mut Vec<String>) {
    for work in &service.work {
        let square = work.cv * work.cv;
        let median = work.cpu_time.value() / (1.0 + square).sqrt();
        let above = NORMAL_P99 * square.ln_1p().sqrt();
        for (name, stated, due) in [("p50", external.p50, 0.0), ("p99", external.p99, above)] {
            let stated = stated.value();
            let found = ((stated - median) / median.max(1e-9)).ln_1p();
            let near = NEAR.0 + NEAR.1 / stated.max(1e-9);
            let right = (found - due).abs() <= near;
            if !right {
                let own = &service.name;
                faults.push(format!("{own}: its {name} of {stated} s is not that of its work"));
            }
        }
    }
}

/// Its share of the unavailability is no more than it is away.
pub(super) fn outages(demand: &Demand, plan: &Plan, faults: &mut Vec<String>) {
    for service in &demand.services {
        let Some(external) = &service.external else { continue };
        let most = external.uptime.complement().value() * 1e6;
        let stated = plan.availability.terms.iter().find(|term| term.name == service.name.as_str());
        if stated.is_none_or(|term| term.ppm.value() > most * (1.0 + 1e-9)) {
            let name = &service.name;
            faults.push(format!("unavailability: {name} is not counted, or more than it is away"));
        }
    }
}
