//! The embedded snapshot: complete, plausible, and all that its folder holds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use catalogs::{belongs, embedded, embedded_files, read, sources, warnings};
use domain::catalog::{Catalog, Region};
use domain::offer::{Offer, Peculiarity, PriceBasis, Product, Provider};
use domain::units::Mebibytes;

#[test]
fn the_snapshot_has_no_fault() {
    let catalog = read(&embedded_files()).unwrap_or_else(|faults| {
        let lines: Vec<String> = faults.faults.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"));
    });
    assert_eq!(catalog, embedded());
    assert_eq!(catalog.as_of.to_string(), "2026-10-04");
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let relative = format!("{prefix}{name}");
            if path.is_dir() {
                walk(&path, &format!("{relative}/"), found);
            } else if belongs(&relative) {
                found.insert(relative, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data"), "", &mut found);
    assert_eq!(found, embedded_files());
}

/// Every instance has a disk that its family takes: some of Google's take no Persistent Disk.
#[test]
fn families_have_the_disk_that_they_take() {
    let catalog = embedded();
    for region in &catalog.regions {
        let own = region.disk.as_ref().expect("every region has one");
        let mut apart = 0;
        for offer in catalog.offers_in(region.provider, &region.name) {
            let disk = region.disk_of(&offer.family).expect("it has one");
            let newest = ["c4", "m4", "n4"].iter().any(|start| offer.family.starts_with(start));
            let takes_other = region.provider == Provider::Google && newest;
            let product = if takes_other { "hyperdisk-balanced" } else { own.product.as_str() };
            assert_eq!(disk.product, product, "{} in {}", offer.sku, region.name);
            assert!(disk.iops >= own.iops && disk.minimum <= own.minimum, "{}", offer.sku);
            apart += u32::from(takes_other);
        }
        assert_eq!(apart > 100, region.provider == Provider::Google, "{}", region.name);
    }
}

#[test]
fn nine_regions_are_priced_as_far_as_prices_are_known() {
    let catalog = embedded();
    let counts: Vec<(String, usize)> = catalog
        .regions
        .iter()
        .map(|region| {
            let offers = catalog.offers_in(region.provider, &region.name);
            let instances = offers.iter().filter(|offer| offer.product == Product::Instance);
            (format!("{}/{}", region.provider, region.name), instances.count())
        })
        .collect();
    let expected = [
        ("aws/ap-southeast-1", 795),
        ("aws/eu-central-1", 975),
        ("aws/eu-west-1", 1032),
        ("aws/us-east-1", 1148),
        ("aws/us-west-2", 1114),
        ("azure/eastus", 1194),
        ("azure/westeurope", 1235),
        ("google/europe-west1", 447),
        ("google/us-central1", 478),
    ];
    assert_eq!(counts, expected.map(|(region, count)| (region.to_owned(), count)));
    for region in &catalog.regions {
        assert!(region.zones.is_some_and(|zones| zones >= 3), "{}", region.name);
        assert!(!region.internet_egress.is_empty(), "{}", region.name);
        assert!(region.between_zones.is_some(), "{}", region.name);
        assert!(region.disk.is_some(), "{}", region.name);
        let managed = region.provider == Provider::Aws;
        assert_eq!(region.balancer.is_some(), managed, "{}", region.name);
        assert_eq!(region.sql_storage.is_some(), managed, "{}", region.name);
        assert_eq!(region.cdn.is_some(), managed, "{}", region.name);
    }
}

#[test]
fn offers_stand_in_their_order_and_each_once() {
    let catalog = embedded();
    let keys: Vec<_> = catalog
        .offers
        .iter()
        .map(|offer| (offer.provider, &offer.region, &offer.sku, &offer.product))
        .collect();
    assert!(keys.is_sorted());
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    let found: usize = catalog
        .regions
        .iter()
        .map(|region| catalog.offers_in(region.provider, &region.name).len())
        .sum();
    assert_eq!(found, catalog.offers.len());
}

#[test]
fn the_snapshot_is_plausible() {
    let found: Vec<String> =
        warnings(&embedded()).iter().map(|warning| warning.offer.clone()).collect();
    // Both are priced like the larger machine of their family, in the provider's own table too.
    let known = ["aws/us-east-1/m8gb.metal-24xl", "aws/us-east-1/r8gb.metal-24xl"];
    assert_eq!(found, known);
}

#[test]
fn what_is_unknown_is_none() {
    let catalog = embedded();
    let instance = |region, sku| find(&catalog, region, sku, "");
    // The Windows price that had slipped in was taken out, and nothing was put in its place.
    assert!(instance("westeurope", "Standard_B2ts_v2").prices.on_demand.is_none());
    assert!(instance("eastus", "Standard_B2ts_v2").prices.on_demand.is_some());
    // Nobody measured this family.
    assert!(instance("us-east-1", "c8in.large").performance.is_none());
    // Azure does not state bandwidth; the lowest rate of all others takes its place, marked so.
    let azure = instance("eastus", "Standard_D4s_v5");
    assert!(!azure.network_known);
    assert_eq!(azure.network.unwrap().megabits(), 307);
    // An old instance takes the lowest rate of its own provider.
    let old = instance("us-east-1", "m4.xlarge");
    assert!(!old.network_known);
    assert_eq!(old.network.unwrap().megabits(), 446);
    let known = instance("us-east-1", "c8g.xlarge");
    assert!(known.network_known);
    assert_eq!(known.network.unwrap().megabits(), 1_875);
}

#[test]
fn what_the_sources_had_wrong_is_repaired() {
    let catalog = embedded();
    let tiny = find(&catalog, "eastus", "Standard_B1ls", "");
    assert_eq!(tiny.memory, Mebibytes::new(512));
    let region = region(&catalog, "us-central1");
    assert_eq!(region.zones, Some(4));
    for offer in catalog.offers_in(Provider::Google, &region.name) {
        assert!(offer.zones <= region.zones, "{}", offer.id());
    }
    let corrected = find(&catalog, "eastus", "Standard_B2ats_v2", "");
    assert_eq!(corrected.prices.on_demand.unwrap().basis, PriceBasis::Estimated);
}

#[test]
fn peculiar_offers_are_marked() {
    let catalog = embedded();
    for (region, sku, engine, expected) in [
        ("us-east-1", "t3.large", "", Peculiarity::Burstable),
        ("us-east-1", "c7i-flex.large", "", Peculiarity::Flex),
        ("us-east-1", "m5.metal", "", Peculiarity::Metal),
        ("us-east-1", "m4.large", "", Peculiarity::PreviousGeneration),
        ("us-east-1", "db.cv11.large", "postgres", Peculiarity::NotPublic),
        ("us-east-1", "db.t3.medium", "postgres", Peculiarity::Burstable),
        ("us-east-1", "cache.t2.medium", "valkey", Peculiarity::PreviousGeneration),
        ("eastus", "Standard_E8-2s_v5", "", Peculiarity::ConstrainedCores),
        ("eastus", "Standard_B2s", "", Peculiarity::Burstable),
        ("eastus", "Standard_D2s_v3", "", Peculiarity::PreviousGeneration),
        ("eastus", "Standard_E104is_v5", "", Peculiarity::Metal),
        ("us-central1", "e2-micro", "", Peculiarity::Fractional),
        ("us-central1", "e2-medium", "", Peculiarity::SharedCore),
        ("us-central1", "n1-standard-4", "", Peculiarity::PreviousGeneration),
    ] {
        let offer = find(&catalog, region, sku, engine);
        assert!(offer.peculiarities.contains(&expected), "{sku} is {expected:?}");
    }
    for (region, sku, engine) in [
        ("us-east-1", "c8g.xlarge", ""),
        ("us-east-1", "db.m6g.large", "postgres"),
        ("us-east-1", "cache.m7g.large", "valkey"),
        ("eastus", "Standard_D4s_v5", ""),
        ("us-central1", "n4-standard-4", ""),
    ] {
        let offer = find(&catalog, region, sku, engine);
        assert!(offer.peculiarities.is_empty(), "{sku}: {:?}", offer.peculiarities);
    }
}

#[test]
fn a_managed_class_is_as_fast_as_the_instances_it_runs_on() {
    let catalog = embedded();
    let class = find(&catalog, "us-east-1", "db.m6g.large", "postgres");
    let instance = find(&catalog, "us-east-1", "m6g.large", "");
    assert_eq!(class.performance, instance.performance);
    assert!(class.performance.is_some());
    assert_eq!(class.network, instance.network);
    let reference = find(&catalog, "us-east-1", "m5.large", "").performance.unwrap();
    for index in [reference.capacity, reference.speed] {
        for speed in [index.low, index.middle, index.high] {
            assert!((speed.value() - 1.0).abs() < f64::EPSILON);
        }
    }
}

#[test]
fn a_family_with_few_measurements_shows_it() {
    let catalog = embedded();
    // One measurement says 3.2 and another 1.2: a plan counts on the lower.
    let offer = find(&catalog, "us-central1", "n4a-standard-4", "");
    let capacity = offer.performance.unwrap().capacity;
    assert!(capacity.measurements < 3);
    assert!(capacity.low.value() < 1.2);
    assert!(capacity.high.value() > 3.0);
}

#[test]
fn every_source_is_named_by_something_or_says_what_rule_it_gave() {
    let files = embedded_files();
    let mut named = BTreeSet::new();
    for (path, text) in &files {
        if path.rsplit('.').next() == Some("csv") {
            named.extend(text.split([',', ';', '\n']).map(str::to_owned));
        }
    }
    for (key, source) in sources(&files).unwrap() {
        // These two say which families are of a previous generation.
        let rule = key.ends_with("-generations");
        assert!(named.contains(&key) || rule, "{key}");
        for text in [source.title, source.address, source.date, source.licence, source.taken] {
            assert!(!text.trim().is_empty(), "{key}");
        }
    }
}

#[test]
fn the_digest_covers_every_byte() {
    let files = embedded_files();
    let mut changed = files.clone();
    changed.get_mut("archetypes/web.yaml").unwrap().push('\n');
    let digest = read(&files).unwrap().digest;
    assert_ne!(digest, read(&changed).unwrap().digest);
    assert_eq!(digest, read(&files).unwrap().digest);
    assert_eq!(digest.len(), "sha256:".len() + 64);
}

fn region<'a>(catalog: &'a Catalog, name: &str) -> &'a Region {
    let mut regions = catalog.regions.iter();
    let found = regions.find(|region| region.name.as_str() == name);
    found.unwrap_or_else(|| panic!("there is no {name}"))
}

fn find<'a>(catalog: &'a Catalog, region_name: &str, sku: &str, engine: &str) -> &'a Offer {
    let region = region(catalog, region_name);
    catalog
        .offers_in(region.provider, &region.name)
        .iter()
        .find(|offer| {
            let sold = match &offer.product {
                Product::Instance => "",
                Product::ManagedSql { engine } | Product::ManagedCache { engine } => engine,
            };
            offer.sku == sku && sold == engine
        })
        .unwrap_or_else(|| panic!("{region_name} has no {sku}"))
}
