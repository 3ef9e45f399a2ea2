//! What is lost with a database and for how long it is away, again: from how it stands, its size
//! and the ledger.

use domain::demand::{Demand, ServiceDemand};
use domain::intent::ServiceKind;
use domain::ledger::Value;
use domain::topology::{Deployment, Redundancy, Topology};
use domain::units::{Seconds, span};

/// What was written within the first time is lost, and it is back after the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Given {
    /// Seconds of writes.
    pub lost: f64,
    /// Seconds without it.
    pub away: f64,
}

/// What a database gives; `None` for everything else, and where the ledger does not say.
pub fn given(demand: &Demand, service: &ServiceDemand, deployed: &Deployment) -> Option<Given> {
    if service.kind != ServiceKind::Sql {
        return None;
    }
    if let Redundancy::Standby { failover } = deployed.redundancy {
        return Some(Given { lost: 0.0, away: failover.value() });
    }
    let gibibytes = service.data.as_ref()?.size.value() as f64 / 1_024.0;
    let number = |name: &str| match demand.ledger.find(name)?.value {
        Value::Number(number) => Some(number),
        Value::Choice(_) => None,
    };
    let away = number("recovery.restore.start")? + number("recovery.restore.per_gib")? * gibibytes;
    Some(Given { lost: number("recovery.log_interval")?, away })
}

/// A span of seconds in words.
pub(super) fn told(seconds: f64) -> String {
    Seconds::new(seconds).map_or_else(|_| "forever".to_owned(), span)
}

/// What is demanded of each database holds.
pub(super) fn check(demand: &Demand, topology: &Topology, faults: &mut Vec<String>) {
    let demanded = demand.policy.safeguards.iter().map(|own| own.recovery);
    let stands = demand.services.iter().zip(&topology.services);
    for ((service, deployed), demanded) in stands.zip(demanded) {
        if demanded.is_empty() {
            continue;
        }
        let Some(given) = given(demand, service, deployed) else {
            faults.push(format!("{}: nobody knows how it recovers", service.name));
            continue;
        };
        if demanded.rpo.is_some_and(|most| given.lost > most.value()) {
            faults.push(format!("{}: {} of writes are lost", service.name, told(given.lost)));
        }
        if demanded.rto.is_some_and(|most| given.away > most.value()) {
            faults.push(format!("{}: it is away for {}", service.name, told(given.away)));
        }
    }
}
