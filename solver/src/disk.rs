//! Operations of the disks of databases: what comes with the price of their storage, and what their
//! queries take.

use domain::catalog::{Catalog, DiskProduct, Region};
use domain::demand::ServiceIndex;
use domain::facts::BackupOf;
use domain::name::Name;
use domain::offer::Provider;
use domain::units::Mebibytes;

use crate::explain_floor::FloorReason;
use crate::model::Model;
use crate::optimise::regions;
use crate::words::figure;

/// Storage that is sold in a region for one database.
#[derive(Debug, Clone, Copy)]
pub struct Storage<'a> {
    catalog: &'a Catalog,
    place: (Provider, &'a Name),
    of: BackupOf,
    /// Operations that come with any.
    any: u32,
    /// The smallest that is sold.
    least: Mebibytes,
}

impl<'a> Storage<'a> {
    /// That of a managed database; where it is not sold, no operations come with it.
    pub fn managed(catalog: &'a Catalog, region: &'a Region) -> Self {
        let own = region.sql_storage.as_ref().map(|storage| (storage.iops, storage.minimum));
        Self::of(catalog, region, BackupOf::ManagedSql, own)
    }

    /// A disk of an instance.
    pub fn disk(catalog: &'a Catalog, region: &'a Region, disk: Option<&DiskProduct>) -> Self {
        let own = disk.map(|disk| (disk.iops, disk.minimum));
        Self::of(catalog, region, BackupOf::Disk, own)
    }

    fn of(
        catalog: &'a Catalog,
        region: &'a Region,
        of: BackupOf,
        own: Option<(u32, Mebibytes)>,
    ) -> Self {
        let (any, least) = own.unwrap_or_default();
        Self { catalog, place: (region.provider, &region.name), of, any, least }
    }

    /// All that a database could be on in a region.
    fn all(catalog: &'a Catalog, region: &'a Region) -> Vec<Self> {
        let disks = region.disk.iter().chain(region.family_disks.values());
        let own = disks.map(|disk| Self::disk(catalog, region, Some(disk)));
        own.chain([Self::managed(catalog, region)]).collect()
    }

    /// Operations a second that come with the price of so much of it.
    pub fn operations(&self, size: Mebibytes) -> u32 {
        self.catalog.facts.iops(self.place, self.of, (size.max(self.least), self.any))
    }

    /// The smallest with which so many operations a second come; `None` where none has them.
    fn smallest(&self, due: f64) -> Option<Mebibytes> {
        let (provider, region) = self.place;
        let steps = self.catalog.facts.iops.get(&(provider, region.clone(), self.of));
        let steps = steps.into_iter().flatten().map(|(from, _)| Mebibytes::from_gibibytes(*from));
        let sizes = steps.chain([self.least]).map(|size| size.max(self.least));
        sizes.filter(|size| carries(self.operations(*size), due)).min()
    }
}

/// Whether so many operations a second are enough for what queries take.
pub(crate) fn carries(operations: u32, due: f64) -> bool {
    due <= f64::from(operations) * (1.0 + 1e-9)
}

/// Operations a second that queries of a service take with the load of the headroom; `None` where
/// nobody says what one query takes.
pub(crate) fn due(model: &Model<'_>, service: ServiceIndex) -> Option<f64> {
    let each = model.demand.service(service).data.as_ref()?.iops_per_query?;
    Some(model.traffic.rates[service.0] * model.headroom * each)
}

/// The first database whose queries take more of its disk than comes with its storage anywhere.
pub(crate) fn reason(model: &Model<'_>) -> Option<FloorReason> {
    let storage: Vec<Storage<'_>> =
        regions(model).flat_map(|region| Storage::all(model.catalog, region)).collect();
    model.demand.service_indices().find_map(|service| {
        let (due, data) = (due(model, service)?, model.demand.service(service).data.as_ref()?);
        let most = storage.iter().map(|own| own.operations(data.size)).max()?;
        let larger = storage.iter().filter_map(|own| own.smallest(due)).min();
        (!carries(most, due)).then(|| describe(model, service, (due, data.size), (most, larger)))
    })
}

fn describe(
    model: &Model<'_>,
    service: ServiceIndex,
    (due, size): (f64, Mebibytes),
    (most, larger): (u32, Option<Mebibytes>),
) -> FloorReason {
    let name = &model.demand.service(service).name;
    let help = larger.map_or_else(
        || "no storage that is sold there comes with so many: ask less of it".to_owned(),
        |larger| format!("enough come with services.{name}.storage: {}GiB", larger.gibibytes()),
    );
    FloorReason {
        headline: format!("the disk of {name} cannot do what its queries take of it"),
        details: vec![
            format!(
                "{} operations a second with the load of the headroom \
                 (services.{name}.iops_per_query); {} GiB comes with {} at most",
                figure(due),
                size.gibibytes(),
                figure(f64::from(most)),
            ),
            help,
        ],
    }
}
