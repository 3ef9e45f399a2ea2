//! Offers of one region: instances, database classes and cache nodes, one file each.

use std::collections::BTreeSet;

use domain::catalog::Region;
use domain::offer::{Architecture, Offer, Peculiarity, Price, Prices, Product};
use domain::units::{Gigabits, Mebibytes};

use crate::cells::{Cells, Least, thousandths, whole};
use crate::check::{Outliers, above_on_demand};
use crate::fault::FaultKind;
use crate::table::{Files, Reading};

/// What a file of offers is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `instances.csv`.
    Instances,
    /// `sql.csv`.
    Sql,
    /// `cache.csv`.
    Cache,
}

impl Kind {
    /// Every kind.
    pub(crate) const ALL: [Self; 3] = [Self::Instances, Self::Sql, Self::Cache];

    /// The name of its file.
    pub(crate) const fn file(self) -> &'static str {
        match self {
            Self::Instances => "instances.csv",
            Self::Sql => "sql.csv",
            Self::Cache => "cache.csv",
        }
    }

    const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Instances => &INSTANCES,
            Self::Sql => &SQL,
            Self::Cache => &CACHE,
        }
    }
}

const INSTANCES: [&str; 21] = [
    "sku",
    "family",
    "architecture",
    "vcpus",
    "memory_mib",
    "network_gbps",
    "zones",
    "peculiarities",
    "on_demand_usd_per_hour",
    "on_demand_basis",
    "on_demand_as_of",
    "reserved_1y_usd_per_hour",
    "reserved_1y_basis",
    "reserved_1y_as_of",
    "reserved_3y_usd_per_hour",
    "reserved_3y_basis",
    "reserved_3y_as_of",
    "spot_usd_per_hour",
    "spot_basis",
    "spot_as_of",
    "source",
];

const SQL: [&str; 22] = [
    "sku",
    "engine",
    "family",
    "architecture",
    "vcpus",
    "memory_mib",
    "network_gbps",
    "zones",
    "peculiarities",
    "on_demand_usd_per_hour",
    "on_demand_basis",
    "on_demand_as_of",
    "with_standby_usd_per_hour",
    "with_standby_basis",
    "with_standby_as_of",
    "reserved_1y_usd_per_hour",
    "reserved_1y_basis",
    "reserved_1y_as_of",
    "reserved_3y_usd_per_hour",
    "reserved_3y_basis",
    "reserved_3y_as_of",
    "source",
];

const CACHE: [&str; 19] = [
    "sku",
    "engine",
    "family",
    "architecture",
    "vcpus",
    "memory_mib",
    "network_gbps",
    "zones",
    "peculiarities",
    "on_demand_usd_per_hour",
    "on_demand_basis",
    "on_demand_as_of",
    "reserved_1y_usd_per_hour",
    "reserved_1y_basis",
    "reserved_1y_as_of",
    "reserved_3y_usd_per_hour",
    "reserved_3y_basis",
    "reserved_3y_as_of",
    "source",
];

const ARCHITECTURES: [(&str, Architecture); 2] =
    [("x86_64", Architecture::X86_64), ("arm64", Architecture::Arm64)];

const PECULIARITIES: [(&str, Peculiarity); 9] = [
    ("burstable", Peculiarity::Burstable),
    ("shared-core", Peculiarity::SharedCore),
    ("flex", Peculiarity::Flex),
    ("fractional", Peculiarity::Fractional),
    ("metal", Peculiarity::Metal),
    ("accelerator", Peculiarity::Accelerator),
    ("previous-generation", Peculiarity::PreviousGeneration),
    ("constrained-cores", Peculiarity::ConstrainedCores),
    ("not-public", Peculiarity::NotPublic),
];

/// Reads the offers of a region: instances always, managed products where it sells them.
pub(crate) fn read(
    reading: &mut Reading,
    files: &Files<'_>,
    region: &Region,
    offers: &mut Vec<Offer>,
) {
    for kind in Kind::ALL {
        let file = format!("{}/{}/{}", region.provider, region.name, kind.file());
        let mut last = None;
        let mut outliers = Outliers::default();
        let each = |cells: &mut Cells<'_>| {
            let Some(offer) = offer(cells, kind, region) else {
                return;
            };
            let key = [offer.sku.clone(), engine(&offer.product).to_owned()];
            cells.follows(&mut last, key, false);
            outliers.note(cells, &offer);
            offers.push(offer);
        };
        if kind == Kind::Instances {
            reading.required(files, &file, kind.columns(), each);
        } else if let Some(text) = files.get(file.as_str()) {
            reading.table(&file, text, kind.columns(), each);
        }
        let text = files.get(file.as_str()).copied().unwrap_or_default();
        outliers.check(&file, text, &mut reading.faults);
    }
}

/// The engine of a managed product; nothing for an instance.
pub(crate) fn engine(product: &Product) -> &str {
    match product {
        Product::Instance => "",
        Product::ManagedSql { engine } | Product::ManagedCache { engine } => engine,
    }
}

fn offer(cells: &mut Cells<'_>, kind: Kind, region: &Region) -> Option<Offer> {
    let sku = cells.text();
    let product = product(cells, kind);
    let family = cells.text();
    let architecture = cells.word(&ARCHITECTURES);
    let milli_vcpus = cells.quantity(|cell| thousandths(cell, 10_000));
    let memory = cells.quantity(|cell| whole(cell, 1, 1 << 28));
    let network = cells.optional_quantity(|cell| thousandths(cell, 100_000));
    let zones = zones(cells, region);
    let peculiarities: BTreeSet<Peculiarity> = cells.words(&PECULIARITIES).into_iter().collect();
    let prices = prices(cells, kind);
    cells.sources();
    Some(Offer {
        provider: region.provider,
        region: region.name.clone(),
        sku: sku?.to_owned(),
        family: family?.to_owned(),
        product: product?,
        architecture: architecture?,
        milli_vcpus: u32::try_from(milli_vcpus?).ok()?,
        memory: Mebibytes::new(memory?),
        network: network.map(Gigabits::from_megabits),
        network_known: network.is_some(),
        zones,
        peculiarities,
        performance: None,
        prices,
    })
}

fn product(cells: &mut Cells<'_>, kind: Kind) -> Option<Product> {
    if kind == Kind::Instances {
        return Some(Product::Instance);
    }
    let engine = cells.text()?.to_owned();
    Some(match kind {
        Kind::Sql => Product::ManagedSql { engine },
        Kind::Cache | Kind::Instances => Product::ManagedCache { engine },
    })
}

fn zones(cells: &mut Cells<'_>, region: &Region) -> Option<u8> {
    let zones = cells.optional_quantity(|cell| whole(cell, 1, 100))?;
    let zones = u8::try_from(zones).ok()?;
    if let Some(of_region) = region.zones.filter(|of_region| zones > *of_region) {
        let region = of_region;
        cells.add_fault(FaultKind::Zones { zones, region });
    }
    Some(zones)
}

fn prices(cells: &mut Cells<'_>, kind: Kind) -> Prices {
    let on_demand = cells.optional_price(Least::AboveZero);
    let promise = |cells: &mut Cells<'_>, column: &'static str| -> Option<Price> {
        let price = cells.optional_price(Least::AboveZero)?;
        if let Some(fault) = above_on_demand(column, &price, on_demand.as_ref()) {
            cells.add_fault(fault);
        }
        Some(price)
    };
    let with_standby =
        if kind == Kind::Sql { cells.optional_price(Least::AboveZero) } else { None };
    let reserved_one_year = promise(cells, "reserved_1y_usd_per_hour");
    let reserved_three_years = promise(cells, "reserved_3y_usd_per_hour");
    let spot = if kind == Kind::Instances { cells.optional_price(Least::AboveZero) } else { None };
    Prices { on_demand, with_standby, reserved_one_year, reserved_three_years, spot }
}
