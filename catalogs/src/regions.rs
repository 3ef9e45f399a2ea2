//! Regions and what belongs to them rather than to an offer: zones, traffic, balancers, storage.

use std::collections::BTreeMap;

use domain::catalog::{DiskProduct, ManagedBalancer, ManagedQueue, Region, SqlStorage, Tier};
use domain::name::Name;
use domain::offer::Provider;
use domain::topology::Balancing;
use domain::units::Mebibytes;

use crate::cdns;
use crate::cells::{Cells, Least, whole};
use crate::fault::FaultKind;
use crate::place::Place;
use crate::table::{Files, Reading};

const REGIONS: [&str; 5] = ["provider", "region", "zones", "as_of", "source"];

const TRAFFIC: [&str; 9] =
    ["provider", "region", "kind", "up_to_gb", "usd_per_gb", "basis", "as_of", "source", "note"];

const BALANCERS: [&str; 16] = [
    "provider",
    "region",
    "product",
    "hour_usd",
    "hour_basis",
    "hour_as_of",
    "unit_hour_usd",
    "unit_hour_basis",
    "unit_hour_as_of",
    "unit_gb_per_hour",
    "unit_connections_per_second",
    "unit_open_connections",
    "policies",
    "weights",
    "source",
    "note",
];

const QUEUES: [&str; 8] =
    ["provider", "region", "product", "million_requests_usd", "basis", "as_of", "source", "note"];

const DISKS: [&str; 11] = [
    "provider",
    "region",
    "product",
    "gib_month_usd",
    "basis",
    "as_of",
    "minimum_gib",
    "iops",
    "throughput_mib_per_second",
    "source",
    "note",
];

const FAMILY_DISKS: [&str; 12] = [
    "provider",
    "region",
    "family",
    "product",
    "gib_month_usd",
    "basis",
    "as_of",
    "minimum_gib",
    "iops",
    "throughput_mib_per_second",
    "source",
    "note",
];

const SQL_STORAGE: [&str; 13] = [
    "provider",
    "region",
    "product",
    "single_gib_month_usd",
    "single_basis",
    "single_as_of",
    "standby_gib_month_usd",
    "standby_basis",
    "standby_as_of",
    "minimum_gib",
    "iops",
    "source",
    "note",
];

/// Regions in the order of provider and name.
pub(crate) type Regions = BTreeMap<(Provider, Name), Region>;

/// Reads `regions.csv` and the files about regions.
pub(crate) fn read(reading: &mut Reading, files: &Files<'_>) -> Regions {
    let mut regions = Regions::new();
    let mut last = None;
    reading.required(files, "regions.csv", &REGIONS, |cells| {
        let provider = cells.provider();
        let name = cells.name();
        let zones = cells.optional_quantity(|cell| whole(cell, 1, 100));
        cells.date();
        cells.sources();
        if let Some((provider, name)) = provider.zip(name) {
            let key = [provider.to_string(), name.to_string()];
            cells.follows(&mut last, key, false);
            let region = Region {
                provider,
                name: name.clone(),
                zones: zones.and_then(|zones| u8::try_from(zones).ok()),
                internet_egress: Vec::new(),
                between_zones: None,
                balancer: None,
                queue: None,
                cdn: None,
                disk: None,
                family_disks: BTreeMap::new(),
                sql_storage: None,
            };
            regions.insert((provider, name), region);
        }
    });
    traffic(reading, files, &mut regions);
    balancers(reading, files, &mut regions);
    queues(reading, files, &mut regions);
    cdns::read(reading, files, &mut regions);
    disks(reading, files, &mut regions);
    family_disks(reading, files, &mut regions);
    sql_storage(reading, files, &mut regions);
    regions
}

/// The next two cells as a region that is known.
pub(crate) fn region<'r>(
    cells: &mut Cells<'_>,
    regions: &'r mut Regions,
) -> Option<&'r mut Region> {
    let provider = cells.provider();
    let name = cells.name();
    let key = (provider?, name?);
    if !regions.contains_key(&key) {
        cells.add_fault(FaultKind::UnknownRegion {
            provider: key.0.to_string(),
            region: key.1.to_string(),
        });
    }
    regions.get_mut(&key)
}

/// The key of a row about a region.
pub(crate) fn key(region: &Region) -> [String; 2] {
    [region.provider.to_string(), region.name.to_string()]
}

/// What a row of `traffic.csv` is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    BetweenZones,
    Internet,
}

fn traffic(reading: &mut Reading, files: &Files<'_>, regions: &mut Regions) {
    let mut last = None;
    reading.required(files, "traffic.csv", &TRAFFIC, |cells| {
        let region = region(cells, regions);
        let direction = cells
            .word(&[("between_zones", Direction::BetweenZones), ("internet", Direction::Internet)]);
        let up_to_gb = cells.optional_quantity(|cell| whole(cell, 1, 1 << 50));
        let price = cells.price(match direction {
            Some(Direction::BetweenZones) => Least::Free,
            Some(Direction::Internet) | None => Least::AboveZero,
        });
        cells.sources();
        cells.optional();
        let Some((region, direction)) = region.zip(direction) else {
            return;
        };
        let [provider, name] = key(region);
        let kind = format!("{direction:?}");
        let repeats = direction == Direction::Internet;
        cells.follows(&mut last, [provider, name, kind], repeats);
        let Some(price) = price else { return };
        match direction {
            Direction::BetweenZones if up_to_gb.is_some() => {
                let why = "traffic between zones has no steps";
                cells.add_row_fault(FaultKind::Tiers { why });
            }
            Direction::BetweenZones => region.between_zones = Some(price),
            Direction::Internet => tier(cells, region, Tier { up_to_gb, price }),
        }
    });
    for region in regions.values() {
        if region.internet_egress.last().is_some_and(|tier| tier.up_to_gb.is_some()) {
            let why = "the last step of each region's internet traffic must have no last GB";
            let place = || Place::file("traffic.csv");
            reading.faults.add(place, FaultKind::Tiers { why });
        }
    }
}

fn tier(cells: &mut Cells<'_>, region: &mut Region, tier: Tier) {
    let follows = match region.internet_egress.last() {
        None => true,
        Some(Tier { up_to_gb: None, .. }) => false,
        Some(Tier { up_to_gb: Some(before), .. }) => {
            tier.up_to_gb.is_none_or(|last| last > *before)
        }
    };
    if !follows {
        let why = "this step does not begin where the one before it ends";
        cells.add_row_fault(FaultKind::Tiers { why });
    }
    region.internet_egress.push(tier);
}

fn balancers(reading: &mut Reading, files: &Files<'_>, regions: &mut Regions) {
    let mut last = None;
    reading.required(files, "balancers.csv", &BALANCERS, |cells| {
        let region = region(cells, regions);
        let product = cells.text().map(str::to_owned);
        let hour = cells.price(Least::AboveZero);
        let unit_hour = cells.price(Least::AboveZero);
        let unit_gb_per_hour = cells.quantity(amount);
        let unit_connections_per_second = cells.quantity(amount);
        let unit_open_connections = cells.quantity(amount);
        let policies = cells.words(&Balancing::ALL.map(|policy| (policy.as_str(), policy)));
        let weights = cells.word(&[("yes", true), ("no", false)]);
        cells.sources();
        cells.optional();
        let Some(region) = region else { return };
        cells.follows(&mut last, key(region), false);
        region.balancer = (|| {
            Some(ManagedBalancer {
                product: product?,
                hour: hour?,
                unit_hour: unit_hour?,
                unit_gb_per_hour: unit_gb_per_hour?,
                unit_connections_per_second: unit_connections_per_second?,
                unit_open_connections: unit_open_connections?,
                policies,
                weights: weights?,
            })
        })();
    });
}

fn queues(reading: &mut Reading, files: &Files<'_>, regions: &mut Regions) {
    let mut last = None;
    reading.optional(files, "queues.csv", &QUEUES, |cells| {
        let region = region(cells, regions);
        let product = cells.text().map(str::to_owned);
        let million_requests = cells.price(Least::AboveZero);
        cells.sources();
        cells.optional();
        let Some(region) = region else { return };
        cells.follows(&mut last, key(region), false);
        region.queue = product
            .zip(million_requests)
            .map(|(product, million_requests)| ManagedQueue { product, million_requests });
    });
}

fn disks(reading: &mut Reading, files: &Files<'_>, regions: &mut Regions) {
    let mut last = None;
    reading.required(files, "disks.csv", &DISKS, |cells| {
        let region = region(cells, regions);
        let disk = disk(cells);
        let Some(region) = region else { return };
        cells.follows(&mut last, key(region), false);
        region.disk = disk;
    });
}

/// What instances of single families take in place of the disk of their region.
fn family_disks(reading: &mut Reading, files: &Files<'_>, regions: &mut Regions) {
    let mut last = None;
    reading.optional(files, "family_disks.csv", &FAMILY_DISKS, |cells| {
        let region = region(cells, regions);
        let family = cells.text().map(str::to_owned);
        let disk = disk(cells);
        let (Some(region), Some(family)) = (region, family) else { return };
        let [provider, name] = key(region);
        cells.follows(&mut last, [provider, name, family.clone()], false);
        if let Some(disk) = disk {
            region.family_disks.insert(family, disk);
        }
    });
}

/// The next cells up to the end of the row as a disk.
fn disk(cells: &mut Cells<'_>) -> Option<DiskProduct> {
    let product = cells.text().map(str::to_owned);
    let gib_month = cells.price(Least::AboveZero);
    let minimum = cells.quantity(gibibytes);
    let iops = cells.quantity(count);
    let throughput = cells.quantity(count);
    cells.sources();
    cells.optional();
    Some(DiskProduct {
        product: product?,
        gib_month: gib_month?,
        minimum: minimum?,
        iops: iops?,
        throughput: throughput?,
    })
}

fn sql_storage(reading: &mut Reading, files: &Files<'_>, regions: &mut Regions) {
    let mut last = None;
    reading.required(files, "sql_storage.csv", &SQL_STORAGE, |cells| {
        let region = region(cells, regions);
        let product = cells.text().map(str::to_owned);
        let single_gib_month = cells.price(Least::AboveZero);
        let standby_gib_month = cells.price(Least::AboveZero);
        let minimum = cells.quantity(gibibytes);
        let iops = cells.quantity(count);
        cells.sources();
        cells.optional();
        let Some(region) = region else { return };
        cells.follows(&mut last, key(region), false);
        region.sql_storage = (|| {
            Some(SqlStorage {
                product: product?,
                single_gib_month: single_gib_month?,
                standby_gib_month: standby_gib_month?,
                minimum: minimum?,
                iops: iops?,
            })
        })();
    });
}

fn gibibytes(cell: &str) -> Result<Mebibytes, String> {
    whole(cell, 1, 1 << 20).map(Mebibytes::from_gibibytes)
}

fn count(cell: &str) -> Result<u32, String> {
    let count = whole(cell, 1, u64::from(u32::MAX))?;
    u32::try_from(count).map_err(|fault| fault.to_string())
}

/// A positive amount that a unit of a balancer carries.
fn amount(cell: &str) -> Result<f64, String> {
    let number = cell.parse::<f64>().map_err(|_| "is not a number")?;
    if number > 0.0 && number <= 1e12 {
        Ok(number)
    } else {
        Err("is not above zero and at most a trillion".into())
    }
}
