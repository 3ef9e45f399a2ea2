//! Operations of disks again: what queries take, against what comes with the storage.

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::facts::BackupOf;
use domain::topology::Topology;
use domain::units::Mebibytes;

use super::load::arrivals;

pub(super) fn check(
    demand: &Demand,
    topology: &Topology,
    catalog: &Catalog,
    faults: &mut Vec<String>,
) {
    let more = 1.0 + demand.objectives.headroom.load.value();
    let deployed = demand.services.iter().zip(&topology.services).zip(arrivals(demand));
    for ((service, deployed), arrivals) in deployed {
        let Some(each) = service.data.as_ref().and_then(|data| data.iops_per_query) else {
            continue;
        };
        let size = deployed.storage.unwrap_or(Mebibytes::new(0));
        let managed = deployed.product.is_some();
        let due = arrivals.rate * more * each;
        let family = deployed.pools.first().map_or("", |pool| pool.family.as_str());
        let given = included((topology, family), catalog, (managed, size));
        if given.is_none_or(|given| due > f64::from(given) * (1.0 + 1e-9)) {
            let (name, given) = (&service.name, given.unwrap_or(0));
            faults.push(format!("{name}: queries take {due:.0} operations a second of {given}"));
        }
    }
}

/// What comes with the storage of a database there, on machines of a family: with the smallest that
/// is sold, or with more from some sizes on.
fn included(
    (topology, family): (&Topology, &str),
    catalog: &Catalog,
    (managed, size): (bool, Mebibytes),
) -> Option<u32> {
    let mut regions = catalog.regions.iter();
    let region =
        regions.find(|own| own.provider == topology.provider && own.name == topology.region)?;
    let (of, any, smallest) = if managed {
        let storage = region.sql_storage.as_ref()?;
        (BackupOf::ManagedSql, storage.iops, storage.minimum)
    } else {
        let disk = region.disk_of(family)?;
        (BackupOf::Disk, disk.iops, disk.minimum)
    };
    let size = if size < smallest { smallest } else { size }.value();
    let steps = catalog.facts.iops.get(&(region.provider, region.name.clone(), of));
    let mut given = any;
    for (from, iops) in steps.into_iter().flatten() {
        if from * 1_024 <= size && *iops > given {
            given = *iops;
        }
    }
    Some(given)
}
