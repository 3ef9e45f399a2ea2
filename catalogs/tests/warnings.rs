//! What is no fault but deserves a second look.

mod common;

use std::collections::BTreeMap;

use catalogs::{WarningKind, embedded_files, read, warnings};
use common::small;

/// The small catalog with one text replaced, and what is warned of in it.
fn warned(
    mut files: BTreeMap<String, String>,
    file: &str,
    before: &str,
    after: &str,
) -> Vec<(String, WarningKind)> {
    let text = files.get_mut(file).expect("the catalog has that file");
    assert!(text.contains(before), "{file} has no {before}");
    *text = text.replacen(before, after, 1);
    let catalog = read(&files).expect("what is only suspicious is read");
    let found = warnings(&catalog);
    found
        .into_iter()
        .map(|warning| {
            assert!(warning.to_string().starts_with(&warning.offer));
            (warning.offer, warning.kind)
        })
        .collect()
}

#[test]
fn the_small_catalog_is_plausible() {
    assert_eq!(warnings(&read(&small()).unwrap()), []);
}

#[test]
fn a_price_off_its_family_is_noticed() {
    // A sales tax is not, a licence of another operating system is.
    let file = "aws/us-east-1/instances.csv";
    let found = warned(small(), file, ",0.096,published", ",0.115,published");
    assert_eq!(found, []);
    let found = warned(small(), file, ",0.096,published", ",0.288,published");
    let [(offer, WarningKind::PriceInFamily(times))] = &found[..] else { panic!("{found:?}") };
    assert_eq!(offer, "aws/us-east-1/m5.large");
    assert!((times - 3.0).abs() < 1e-9);
}

#[test]
fn the_windows_price_that_was_taken_out_would_be_noticed() {
    let before = "Standard_B2ts_v2,bts_v2,x86_64,2,1024,,3,burstable,,,,";
    let after = "Standard_B2ts_v2,bts_v2,x86_64,2,1024,,3,burstable,0.0212,published,2026-06-18,";
    let file = "azure/westeurope/instances.csv";
    let found = warned(embedded_files(), file, before, after);
    let found = found.iter().find(|(offer, _)| offer == "azure/westeurope/Standard_B2ts_v2");
    assert!(matches!(found, Some((_, WarningKind::PriceAcrossRegions(times))) if *times > 1.6));
}

#[test]
fn a_promise_or_a_standby_that_pays_nobody_is_noticed() {
    let file = "aws/us-east-1/instances.csv";
    let found = warned(small(), file, ",0.03264,estimated", ",0.15,estimated");
    assert_eq!(found, [("aws/us-east-1/m5.large".into(), WarningKind::SpotAboveOnDemand)]);
    let found = warned(small(), file, ",0.036111,published", ",0.09,published");
    assert_eq!(found, [("aws/us-east-1/m5.large".into(), WarningKind::ThreeYearsAboveOne)]);
    let file = "aws/us-east-1/sql.csv";
    let row = "db.m5.large,mariadb,m5,x86_64,2,8192,0.75,6,,0.171,published,2021-08-03,";
    let found = warned(small(), file, &format!("{row}0.342"), &format!("{row}0.1"));
    assert_eq!(found, [("aws/us-east-1/db.m5.large".into(), WarningKind::StandbyBelowSingle)]);
}
