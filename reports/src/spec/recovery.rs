//! What a database gives when it is lost, where that was asked for.

use domain::demand::{Demand, ServiceIndex};
use domain::ledger::Value;
use domain::spec::RecoveryPart;
use domain::topology::{Deployment, Redundancy};
use domain::units::Seconds;

use super::measure::micros;

pub(super) fn part(
    demand: &Demand,
    index: ServiceIndex,
    deployment: &Deployment,
) -> Option<RecoveryPart> {
    let safeguard = demand.policy.safeguards.get(index.0)?;
    if safeguard.recovery.is_empty() {
        return None;
    }
    if let Redundancy::Standby { failover } = deployment.redundancy {
        return Some(RecoveryPart { rpo_us: 0, rto_us: micros(failover) });
    }
    let assumed = |name: &str| match demand.ledger.find(name)?.value {
        Value::Number(seconds) => Seconds::new(seconds).ok(),
        Value::Choice(_) => None,
    };
    let size = demand.service(index).data.as_ref()?.size.gibibytes();
    let restored = assumed("recovery.restore.per_gib")?.times(size);
    Some(RecoveryPart {
        rpo_us: micros(assumed("recovery.log_interval")?),
        rto_us: micros(assumed("recovery.restore.start")? + restored),
    })
}
