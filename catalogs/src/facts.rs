//! What is known of regions and products that only policies ask about. A catalog may lack any of
//! these files: a rule that asks about what is not known is not kept.

use domain::facts::{Ability, BackupOf, BackupTerms, Facts};

use crate::cells::{Cells, Least, whole};
use crate::fault::FaultKind;
use crate::regions::Regions;
use crate::table::{Files, Reading};

const COUNTRIES: [&str; 5] = ["provider", "region", "country", "as_of", "source"];

const BACKUPS: [&str; 13] = [
    "provider",
    "region",
    "of",
    "gib_month_usd",
    "basis",
    "as_of",
    "sent_gb_usd",
    "sent_basis",
    "sent_as_of",
    "own_size_free",
    "days_most",
    "source",
    "note",
];

const ABILITIES: [&str; 8] =
    ["provider", "product", "offers", "at_rest", "in_transit", "private", "as_of", "source"];

const IOPS: [&str; 8] = ["provider", "region", "of", "from_gib", "iops", "as_of", "source", "note"];

const TRUTHS: [(&str, bool); 2] = [("yes", true), ("no", false)];

/// The files that are read here.
pub(crate) const FILES: [&str; 4] = ["abilities.csv", "backups.csv", "countries.csv", "iops.csv"];

/// Reads what there is of them.
pub(crate) fn read(reading: &mut Reading, files: &Files<'_>, regions: &Regions) -> Facts {
    let mut facts = Facts::default();
    countries(reading, files, (regions, &mut facts));
    backups(reading, files, (regions, &mut facts));
    abilities(reading, files, &mut facts);
    iops(reading, files, (regions, &mut facts));
    facts
}

fn countries(reading: &mut Reading, files: &Files<'_>, (regions, facts): (&Regions, &mut Facts)) {
    let Some(text) = files.get("countries.csv") else { return };
    let mut last = None;
    reading.table("countries.csv", text, &COUNTRIES, |cells| {
        let region = region(cells, regions);
        let country = cells.quantity(|cell| {
            cell.parse().map_err(|fault: domain::area::NoCountry| fault.to_string())
        });
        cells.date();
        cells.sources();
        let Some((provider, name)) = region else { return };
        cells.follows(&mut last, [provider.to_string(), name.to_string()], false);
        if let Some(country) = country {
            facts.countries.insert((provider, name), country);
        }
    });
}

fn backups(reading: &mut Reading, files: &Files<'_>, (regions, facts): (&Regions, &mut Facts)) {
    let Some(text) = files.get("backups.csv") else { return };
    let mut last = None;
    let kinds = [BackupOf::ManagedSql, BackupOf::Disk].map(|kind| (kind.as_str(), kind));
    reading.table("backups.csv", text, &BACKUPS, |cells| {
        let region = region(cells, regions);
        let of = cells.word(&kinds);
        let gib_month = cells.price(Least::AboveZero);
        let sent_gb = cells.price(Least::AboveZero);
        let own_size_free = cells.word(&TRUTHS);
        let days_most = cells.optional_quantity(|cell| whole(cell, 1, 36_500));
        cells.sources();
        cells.optional();
        let (Some((provider, name)), Some(of)) = (region, of) else { return };
        let key = [provider.to_string(), name.to_string(), of.as_str().to_owned()];
        cells.follows(&mut last, key, false);
        let terms = (|| {
            Some(BackupTerms {
                gib_month: gib_month?,
                sent_gb: sent_gb?,
                own_size_free: own_size_free?,
                days_most: days_most.and_then(|days| u32::try_from(days).ok()),
            })
        })();
        if let Some(terms) = terms {
            facts.backups.insert((provider, name, of), terms);
        }
    });
}

fn abilities(reading: &mut Reading, files: &Files<'_>, facts: &mut Facts) {
    let Some(text) = files.get("abilities.csv") else { return };
    let products = [
        "instance",
        "managed_balancer",
        "managed_cache",
        "managed_cdn",
        "managed_queue",
        "managed_sql",
    ];
    let products = products.map(|product| (product, product));
    let mut last = None;
    reading.table("abilities.csv", text, &ABILITIES, |cells| {
        let provider = cells.provider();
        let product = cells.word(&products);
        let offers = cells.text().map(str::to_owned);
        let at_rest = cells.word(&TRUTHS);
        let in_transit = cells.word(&TRUTHS);
        let private = cells.word(&TRUTHS);
        cells.date();
        cells.sources();
        let known = (|| {
            Some(Ability {
                provider: provider?,
                product: product?.to_owned(),
                offers: offers?,
                at_rest: at_rest?,
                in_transit: in_transit?,
                private: private?,
            })
        })();
        let Some(known) = known else { return };
        let key = [known.provider.to_string(), known.product.clone(), known.offers.clone()];
        cells.follows(&mut last, key, false);
        facts.abilities.push(known);
    });
}

fn iops(reading: &mut Reading, files: &Files<'_>, (regions, facts): (&Regions, &mut Facts)) {
    let Some(text) = files.get("iops.csv") else { return };
    let mut last = None;
    let kinds = [BackupOf::ManagedSql, BackupOf::Disk].map(|kind| (kind.as_str(), kind));
    reading.table("iops.csv", text, &IOPS, |cells| {
        let region = region(cells, regions);
        let of = cells.word(&kinds);
        let from = cells.quantity(|cell| whole(cell, 1, 1 << 20));
        let iops = cells.quantity(|cell| whole(cell, 1, 10_000_000));
        cells.date();
        cells.sources();
        cells.optional();
        let (Some((provider, name)), Some(of), Some(from)) = (region, of, from) else { return };
        // Sizes are written with as many digits, so that they are ordered like numbers.
        let key =
            [provider.to_string(), name.to_string(), of.as_str().into(), format!("{from:09}")];
        cells.follows(&mut last, key, false);
        if let Some(iops) = iops.and_then(|iops| u32::try_from(iops).ok()) {
            facts.iops.entry((provider, name, of)).or_default().push((from, iops));
        }
    });
}

/// The next two cells as a region that is known.
fn region(
    cells: &mut Cells<'_>,
    regions: &Regions,
) -> Option<(domain::offer::Provider, domain::name::Name)> {
    let provider = cells.provider();
    let name = cells.name();
    let key = (provider?, name?);
    if regions.contains_key(&key) {
        return Some(key);
    }
    let (provider, region) = (key.0.to_string(), key.1.to_string());
    cells.add_fault(FaultKind::UnknownRegion { provider, region });
    None
}
