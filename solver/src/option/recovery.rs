//! What a database loses, and for how long it is away, when its machine or its zone is lost.

use domain::objective::Recovery;
use domain::units::Seconds;

use super::{Copies, Source};

/// The ways in which a database may be copied so that it recovers as is demanded; both where
/// nothing is.
pub(super) fn ways(source: &Source<'_, '_>) -> impl Iterator<Item = Copies> + use<> {
    let demand = source.model.demand;
    let demanded = demand.policy.safeguards.get(source.service.0);
    let demanded = demanded.map_or_else(Recovery::default, |own| own.recovery);
    let recovers = |copies: Copies| {
        let (lost, away) = if demanded.is_empty() {
            (Seconds::ZERO, Seconds::ZERO)
        } else {
            after_a_loss(source, copies)
        };
        demanded.rpo.is_none_or(|most| lost <= most) && demanded.rto.is_none_or(|most| away <= most)
    };
    let both = [Copies::Single, Copies::Standby].map(|copies| (copies, recovers(copies)));
    both.into_iter().filter(|(_, recovers)| *recovers).map(|(copies, _)| copies)
}

/// What was written in which time is lost, and for how long nothing is served. A standby has
/// everything and takes over; one alone is restored from its last backup and its log.
fn after_a_loss(source: &Source<'_, '_>, copies: Copies) -> (Seconds, Seconds) {
    let model = source.model;
    if copies == Copies::Standby {
        return (Seconds::ZERO, model.demand.faults.sql_failover.duration);
    }
    let data = model.demand.service(source.service).data.as_ref();
    let size = data.map_or(0.0, |data| data.size.gibibytes());
    let restored = model.assumed_time("recovery.restore.per_gib").times(size);
    (
        model.assumed_time("recovery.log_interval"),
        model.assumed_time("recovery.restore.start") + restored,
    )
}
