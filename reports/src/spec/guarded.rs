//! What rules demand for the data of a service, as it is built: its classes, encryption, backups.

use domain::data_class::DataClass;
use domain::demand::{Demand, ServiceIndex};
use domain::facts::BackupOf;
use domain::intent::{Intent, ServiceKind};
use domain::name::Name;
use domain::spec::{Backup, EncryptionPart};
use domain::topology::Topology;

use super::settled;

/// The classes of data that a service holds.
pub(super) fn holds(intent: &Intent, name: &Name) -> Vec<DataClass> {
    let mut services = intent.services.iter();
    services.find(|service| service.name == *name).map_or_else(Vec::new, |own| own.holds.clone())
}

/// What has to be encrypted of it.
pub(super) fn encryption(demand: &Demand, index: ServiceIndex) -> Option<EncryptionPart> {
    let safeguard = demand.policy.safeguards.get(index.0)?;
    let (at_rest, in_transit) = (safeguard.at_rest, safeguard.in_transit);
    (at_rest || in_transit).then_some(EncryptionPart { at_rest, in_transit })
}

/// How a database is backed up; nothing else is.
pub(super) fn backup(demand: &Demand, index: ServiceIndex, topology: &Topology) -> Option<Backup> {
    if demand.service(index).kind != ServiceKind::Sql {
        return None;
    }
    let safeguard = demand.policy.safeguards.get(index.0);
    let days = safeguard.and_then(|own| own.backup_days).unwrap_or(0);
    let managed = topology.services[index.0].product.is_some();
    let of = if managed { BackupOf::ManagedSql } else { BackupOf::Disk };
    let copied = || demand.policy.copied_to(topology.provider, &topology.region, of);
    let copy = safeguard.filter(|own| own.backup_copy).and_then(|_| copied());
    Some(Backup {
        retention_days: days.max(settled::BACKUP_DAYS),
        copy_region: copy.map(|(region, _)| region.clone()),
        window_utc: settled::BACKUP_WINDOW_UTC.into(),
        point_in_time: true,
        deletion_protection: true,
    })
}
