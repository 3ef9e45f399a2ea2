//! From files to a catalog.

use std::collections::BTreeMap;

use domain::catalog::Catalog;
use domain::digest::sha256_text;
use domain::name::Name;
use domain::offer::Offer;
use jiff::civil::Date;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::fault::{CatalogFaults, FaultKind};
use crate::offers::{Kind, engine};
use crate::performance::Performances;
use crate::place::Place;
use crate::regions::Regions;
use crate::sources::sources_of;
use crate::table::{Files, Reading};
use crate::{bandwidth, facts, offers, reference, regions};

/// No file of a catalog is larger.
const FILE_MAX: usize = 16 << 20;

/// All files together are not larger.
const FILES_MAX: usize = 64 << 20;

/// Files that are not about one region or archetype.
const FIXED: [&str; 15] = [
    "archetypes.csv",
    "balancers.csv",
    "boot_times.csv",
    "catalog.toml",
    "cdns.csv",
    "defaults.csv",
    "disks.csv",
    "family_disks.csv",
    "performance.csv",
    "queues.csv",
    "regions.csv",
    "slas.csv",
    "sources.toml",
    "sql_storage.csv",
    "traffic.csv",
];

/// Whether a file of a folder belongs to the catalog in it. Licences and notes for people do not:
/// they are neither read nor part of the digest.
pub fn belongs(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("csv" | "toml" | "yaml"))
}

/// Reads a catalog from its files by path, with `/` between folders: `aws/us-east-1/sql.csv`.
///
/// # Errors
/// All faults of all files at once.
pub fn read(files: &BTreeMap<String, String>) -> Result<Catalog, CatalogFaults> {
    let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    read_files(&files)
}

/// The same for borrowed files.
pub(crate) fn read_files(files: &Files<'_>) -> Result<Catalog, CatalogFaults> {
    let mut faults = CatalogFaults::default();
    check_sizes(files, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let as_of = as_of(files, &mut faults);
    let sources = sources_of(files, &mut faults);
    let mut reading = Reading::new(as_of.unwrap_or(Date::MAX), sources, faults);
    let regions = regions::read(&mut reading, files);
    let offers = read_offers(&mut reading, files, &regions);
    let facts = facts::read(&mut reading, files, &regions);
    let slas = reference::slas(&mut reading, files);
    let boot_times = reference::boot_times(&mut reading, files);
    let defaults = reference::defaults(&mut reading, files);
    let archetypes = reference::archetypes(&mut reading, files);
    let names = archetypes.iter().map(|archetype| &archetype.name);
    check_names(files, &regions, &names.collect::<Vec<_>>(), &mut reading.faults);
    if !reading.faults.is_empty() {
        return Err(reading.faults);
    }
    Ok(Catalog {
        digest: digest(files),
        // Without any price the day of the catalog is the newest there is.
        as_of: reading.newest.unwrap_or(reading.as_of),
        regions: regions.into_values().collect(),
        offers,
        slas,
        boot_times,
        defaults,
        archetypes,
        facts,
    })
}

fn read_offers(reading: &mut Reading, files: &Files<'_>, regions: &Regions) -> Vec<Offer> {
    let performances = Performances::read(reading, files);
    let mut all = Vec::new();
    for region in regions.values() {
        offers::read(reading, files, region, &mut all);
    }
    for offer in &mut all {
        offer.performance = performances.of(offer);
    }
    bandwidth::fill(&mut all);
    all.sort_by(|one, other| {
        let key = |offer: &'_ Offer| offer.provider;
        key(one)
            .cmp(&key(other))
            .then_with(|| one.region.cmp(&other.region))
            .then_with(|| one.sku.cmp(&other.sku))
            .then_with(|| engine(&one.product).cmp(engine(&other.product)))
    });
    all
}

fn check_sizes(files: &Files<'_>, faults: &mut CatalogFaults) {
    for (path, text) in files {
        let (bytes, limit) = (text.len(), FILE_MAX);
        if bytes > limit {
            faults.add(|| Place::file(path), FaultKind::FileTooLarge { bytes, limit });
        }
    }
    let (bytes, limit) = (files.values().map(|text| text.len()).sum(), FILES_MAX);
    if bytes > limit {
        faults.add(|| Place::file("."), FaultKind::FileTooLarge { bytes, limit });
    }
}

fn check_names(
    files: &Files<'_>,
    regions: &Regions,
    archetypes: &[&Name],
    faults: &mut CatalogFaults,
) {
    for path in files.keys() {
        let of_region = regions.values().any(|region| {
            let folder = format!("{}/{}/", region.provider, region.name);
            let file = path.strip_prefix(folder.as_str());
            Kind::ALL.iter().any(|kind| file == Some(kind.file()))
        });
        let of_archetype = path
            .strip_prefix("archetypes/")
            .and_then(|file| file.strip_suffix(".csv").or(file.strip_suffix(".yaml")))
            .is_some_and(|name| archetypes.iter().any(|known| known.as_str() == name));
        if !(FIXED.contains(path) || facts::FILES.contains(path) || of_region || of_archetype) {
            faults.add(|| Place::file(path), FaultKind::UnknownFile);
        }
    }
}

/// What `catalog.toml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    schema: u32,
    as_of: String,
}

/// The day of the catalog.
fn as_of(files: &Files<'_>, faults: &mut CatalogFaults) -> Option<Date> {
    const FILE: &str = "catalog.toml";
    let header: Header = document(files, FILE, faults)?;
    let mut refuse = |message: String| {
        faults.add(|| Place::file(FILE), FaultKind::Document { message });
    };
    if header.schema != 1 {
        refuse(format!("schema {} is not one that is read: 1", header.schema));
    }
    let date = header.as_of.parse().ok();
    if date.is_none() {
        refuse("as_of is not a date such as \"2026-07-20\"".into());
    }
    date
}

/// A TOML file.
pub(crate) fn document<T: serde::de::DeserializeOwned>(
    files: &Files<'_>,
    file: &'static str,
    faults: &mut CatalogFaults,
) -> Option<T> {
    let Some(text) = files.get(file) else {
        faults.add(|| Place::file(file), FaultKind::MissingFile);
        return None;
    };
    match toml::from_str(text) {
        Ok(document) => Some(document),
        Err(fault) => {
            let message = fault.message().to_owned();
            let start = fault.span().map_or(0, |span| span.start).min(text.len());
            let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count();
            let place = || Place::line(file, line + 1, text.lines().nth(line).unwrap_or_default());
            faults.add(place, FaultKind::Document { message });
            None
        }
    }
}

/// `sha256:` and the digest over path, length and content of every file in the order of paths.
fn digest(files: &Files<'_>) -> String {
    let mut hasher = Sha256::new();
    for (path, text) in files {
        hasher.update(path.as_bytes());
        hasher.update(format!("\0{}\0", text.len()).as_bytes());
        hasher.update(text.as_bytes());
    }
    sha256_text(&hasher.finalize())
}
