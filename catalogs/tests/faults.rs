//! Files that are wrong are refused, with a code and a place, whatever they hold.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use catalogs::{CatalogFaults, read};
use common::small;
use miette::Diagnostic;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

type Files = BTreeMap<String, String>;

const INSTANCES: &str = "aws/us-east-1/instances.csv";

/// Replaces one cell of the row that begins so.
fn set(files: &mut Files, file: &str, row: &str, column: &str, value: &str) {
    let text = files.get_mut(file).expect("the catalog has that file");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = lines[0].split(',').position(|name| name == column);
    let at = at.unwrap_or_else(|| panic!("{file} has no column {column}"));
    let line = lines.iter_mut().find(|line| line.starts_with(row));
    let line = line.unwrap_or_else(|| panic!("{file} has no row {row}"));
    let mut cells: Vec<&str> = line.split(',').collect();
    cells[at] = value;
    *line = cells.join(",");
    *text = lines.join("\n") + "\n";
}

fn is_table(path: &str) -> bool {
    path.rsplit('.').next() == Some("csv")
}

fn faults(files: &Files) -> CatalogFaults {
    read(files).expect_err("the files are broken")
}

/// The code and place of the only fault.
fn fault(files: &Files) -> (String, String) {
    let faults = faults(files);
    let lines: Vec<String> = faults.faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults.count(), 1, "{}", lines.join("\n"));
    let fault = &faults.faults[0];
    (fault.kind.code().to_owned(), fault.place.to_string())
}

#[test]
fn the_small_catalog_is_whole() {
    let catalog = read(&small()).unwrap();
    assert_eq!(catalog.regions.len(), 2);
    assert!(catalog.offers.len() > 60);
}

#[test]
fn a_cell_that_is_no_quantity_is_refused() {
    for (column, values) in [
        ("vcpus", &["NaN", "-4", "0", "1e400", "4.0005", "x", "99999999999"][..]),
        ("memory_mib", &["NaN", "-1", "0", "1.5", "1e3", "99999999999999999999999"][..]),
        ("network_gbps", &["inf", "-1", "0", "NaN", "0.0001"][..]),
        ("zones", &["0", "-1", "300", "three"][..]),
        (
            "on_demand_usd_per_hour",
            &["NaN", "-0.1", "0", "inf", "1e400", "1e30", "0.1.2", "0,1"][..],
        ),
    ] {
        for value in values {
            let mut files = small();
            set(&mut files, INSTANCES, "m5.large,", column, value);
            let found = faults(&files);
            let fault = &found.faults[0];
            let expected = if value.contains(',') { "row" } else { "quantity" };
            assert_eq!(fault.kind.code(), format!("catalog::{expected}"), "{column} {value}");
            assert!(fault.place.line > 1, "{column} {value}");
        }
    }
}

#[test]
fn each_fault_of_a_row_has_its_code() {
    for (column, value, code) in [
        ("sku", "", "empty"),
        ("family", "", "empty"),
        ("architecture", "mips", "word"),
        ("peculiarities", "burstable;lazy", "word"),
        ("on_demand_basis", "guessed", "word"),
        ("on_demand_basis", "", "incomplete_price"),
        ("on_demand_as_of", "20 July", "date"),
        ("on_demand_as_of", "2026-07-20T10:00", "date"),
        ("on_demand_as_of", "2099-01-01", "future"),
        ("reserved_1y_usd_per_hour", "9", "above_on_demand"),
        ("reserved_3y_usd_per_hour", "9", "above_on_demand"),
        ("zones", "7", "zones"),
        ("source", "", "empty"),
        ("source", "karpenter-aws;hearsay", "unknown_source"),
        ("on_demand_usd_per_hour", "9.6", "outlier"),
        ("on_demand_usd_per_hour", "", "incomplete_price"),
    ] {
        let mut files = small();
        set(&mut files, INSTANCES, "m5.large,", column, value);
        let (found, place) = fault(&files);
        assert_eq!(found, format!("catalog::{code}"), "{column} {value:?}");
        assert!(place.starts_with("aws/us-east-1/instances.csv:"), "{place}");
    }
}

#[test]
fn rows_are_sorted_and_unique() {
    let mut files = small();
    let text = files.get_mut(INSTANCES).unwrap();
    let row = text.lines().find(|line| line.starts_with("m5.large,")).unwrap().to_owned();
    let twice = format!("{row}\n{row}");
    *text = text.replacen(&row, &twice, 1);
    assert_eq!(fault(&files).0, "catalog::duplicate");

    let mut files = small();
    let text = files.get_mut(INSTANCES).unwrap();
    text.push_str(&row.replacen("m5.large", "a5.large", 1));
    assert_eq!(fault(&files).0, "catalog::order");
}

#[test]
fn a_row_or_header_of_another_shape_is_refused() {
    let mut files = small();
    files.get_mut(INSTANCES).unwrap().push_str("z9.large,z9\n");
    assert_eq!(fault(&files).0, "catalog::row");

    let mut files = small();
    let text = files.get_mut(INSTANCES).unwrap();
    *text = text.replacen("memory_mib", "memory_gib", 1);
    let found = faults(&files);
    assert_eq!(found.faults[0].kind.code(), "catalog::columns");
    assert!(found.faults[0].kind.help().contains("memory_mib"));

    let mut files = small();
    files.insert(INSTANCES.into(), String::new());
    assert_eq!(fault(&files).0, "catalog::columns");
}

#[test]
fn files_are_those_of_a_catalog() {
    for file in ["regions.csv", "performance.csv", "defaults.csv", INSTANCES] {
        let mut files = small();
        files.remove(file);
        let found = faults(&files);
        let missing = found.faults.iter().any(|fault| {
            fault.kind.code() == "catalog::missing_file" && fault.place.to_string() == file
        });
        assert!(missing, "{file}");
    }
    for file in ["sources.toml", "catalog.toml", "archetypes/web.yaml", "archetypes/web.csv"] {
        let mut files = small();
        files.remove(file);
        let found = faults(&files);
        assert_eq!(found.faults[0].kind.code(), "catalog::missing_file", "{file}");
    }
    for file in ["notes.csv", "aws/mars-1/instances.csv", "aws/us-east-1/queue.csv"] {
        let mut files = small();
        files.insert(file.into(), "a\n".into());
        assert_eq!(fault(&files), ("catalog::unknown_file".into(), file.into()));
    }
}

/// File, beginning of a row, column, what it is set to, and the code of the fault.
const BROKEN: &str = "
traffic.csv|aws,us-east-1,internet,10240|region|mars-1|unknown_region
traffic.csv|aws,us-east-1,internet,51200|up_to_gb|1024|tiers
traffic.csv|aws,us-east-1,internet,,|up_to_gb|999999|tiers
traffic.csv|aws,us-east-1,between|up_to_gb|10|tiers
cdns.csv|aws,us-east-1,aws.cloudfront,egress,51200|up_to_gb|1024|tiers
cdns.csv|aws,us-east-1,aws.cloudfront,egress,,|up_to_gb|9999999|tiers
cdns.csv|aws,us-east-1,aws.cloudfront,requests|up_to_gb|10|tiers
cdns.csv|aws,us-east-1,aws.cloudfront,requests|usd|0|quantity
cdns.csv|aws,us-east-1,aws.cloudfront,fill|usd|-1|quantity
cdns.csv|aws,us-east-1,aws.cloudfront,requests|kind|hits|word
cdns.csv|aws,us-east-1,aws.cloudfront,egress,10240|product|aws.other|tiers
traffic.csv|aws,us-east-1,internet,10240|usd_per_gb|0|quantity
traffic.csv|aws,us-east-1,internet,10240|usd_per_gb||incomplete_price
traffic.csv|aws,us-east-1,internet,10240|kind|extranet|word
disks.csv|aws,us-east-1|iops|-3000|quantity
family_disks.csv|google,us-central1,n4|gib_month_usd|0|quantity
family_disks.csv|google,us-central1,n4|region|us-central9|unknown_region
family_disks.csv|google,us-central1,n4a|family|n4|duplicate
countries.csv|aws,us-east-1|country|USA|quantity
countries.csv|aws,us-east-1|region|us-east-9|unknown_region
backups.csv|aws,us-east-1|gib_month_usd|0|quantity
backups.csv|aws,us-east-1|own_size_free|maybe|word
iops.csv|aws,us-east-1|iops|0|quantity
iops.csv|aws,us-east-1|of|cache|word
abilities.csv|aws,instance|at_rest|perhaps|word
disks.csv|aws,us-east-1|minimum_gib|0|quantity
balancers.csv|aws,us-east-1|unit_gb_per_hour|0|quantity
balancers.csv|aws,us-east-1|unit_open_connections|NaN|quantity
sql_storage.csv|aws,us-east-1|single_as_of|2099-01-01|future
regions.csv|aws,us-east-1|region|US East|quantity
regions.csv|aws,us-east-1|provider|oracle|word
performance.csv|aws,m5,|capacity_low|1.5|range
performance.csv|aws,m5,|speed_high|inf|quantity
performance.csv|aws,m5,|speed_measurements|0|quantity
slas.csv|aws,ec2,single|share|0.995|quantity
slas.csv|aws,ec2,single|share|101%|quantity
boot_times.csv|aws|p50|200s|range
boot_times.csv|aws|p90|188|quantity
defaults.csv|demand.horizon|value||empty
defaults.csv|demand.horizon|source||empty
archetypes.csv|web|summary||empty
";

#[test]
fn regions_and_their_prices_are_checked() {
    for line in BROKEN.trim().lines() {
        let parts: Vec<&str> = line.split('|').collect();
        let [file, row, column, value, code] = parts[..] else { panic!("{line} has five parts") };
        let mut files = small();
        set(&mut files, file, row, column, value);
        let found = faults(&files);
        let expected = format!("catalog::{code}");
        assert!(
            found.faults.iter().any(|fault| fault.kind.code() == expected),
            "{line}: {:?}",
            found.faults
        );
    }
}

#[test]
fn a_broken_toml_file_shows_its_line() {
    let mut files = small();
    files.insert("catalog.toml".into(), "schema = 1\nas_of = \n".into());
    let (code, place) = fault(&files);
    assert_eq!((code.as_str(), place.as_str()), ("catalog::document", "catalog.toml:2"));
    for text in [
        "schema = 2\nas_of = \"2026-10-04\"\n",
        "schema = 1\nas_of = \"soon\"\n",
        "schema = 1\nas_of = \"2026-10-04\"\nextra = 1\n",
    ] {
        files.insert("catalog.toml".into(), text.into());
        assert_eq!(fault(&files).0, "catalog::document", "{text}");
    }
}

#[test]
fn all_faults_are_found_at_once() {
    let mut files = small();
    set(&mut files, INSTANCES, "m5.large,", "vcpus", "-1");
    set(&mut files, INSTANCES, "m5.large,", "memory_mib", "0");
    set(&mut files, "disks.csv", "aws,us-east-1", "gib_month_usd", "NaN");
    let found = faults(&files);
    assert_eq!(found.count(), 3);
    assert_eq!(found.related().unwrap().count(), 3);
}

#[test]
fn a_fault_points_at_its_cell() {
    let mut files = small();
    set(&mut files, INSTANCES, "m5.large,", "memory_mib", "plenty");
    let found = faults(&files);
    let place = &found.faults[0].place;
    assert_eq!(&place.text[place.span.0..][..place.span.1], "plenty");
    let diagnostic: &dyn Diagnostic = &found.faults[0];
    let label = diagnostic.labels().unwrap().next().unwrap();
    let source = diagnostic.source_code().unwrap();
    let contents = source.read_span(label.inner(), 0, 0).unwrap();
    assert_eq!(contents.name(), Some(INSTANCES));
    assert_eq!(contents.line() + 1, place.line);
}

#[test]
fn more_than_any_catalog_has_is_refused() {
    let mut files = small();
    files.insert("archetypes/web.yaml".into(), "x".repeat(17 << 20));
    assert_eq!(fault(&files).0, "catalog::size");

    let mut files = small();
    let defaults = files.get_mut("defaults.csv").unwrap();
    for row in 0..200_001 {
        writeln!(defaults, "z.{row:06},1,,,nobody").unwrap();
    }
    let found = faults(&files);
    let codes: Vec<&str> = found.faults.iter().map(|fault| fault.kind.code()).collect();
    assert_eq!(codes.iter().filter(|code| **code == "catalog::size").count(), 1);
}

#[test]
fn faults_beyond_the_first_hundreds_are_counted_only() {
    let mut files = small();
    let rows = "aws,x\n".repeat(150_000);
    files.get_mut("slas.csv").unwrap().push_str(&rows);
    let found = faults(&files);
    assert!(found.faults.len() < 1_000);
    assert_eq!(found.count(), 150_000);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    /// Whatever one cell holds, the catalog is read or refused.
    #[test]
    fn no_cell_brings_the_reader_down(
        file in 0..13_usize,
        row in 1..40_usize,
        column in 0..22_usize,
        value in ".{0,12}",
    ) {
        let mut files = small();
        let names: Vec<String> =
            files.keys().filter(|path| is_table(path)).cloned().collect();
        let text = files.get_mut(&names[file % names.len()]).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let row = row % lines.len();
        let mut cells: Vec<&str> = lines[row].split(',').collect();
        let column = column % cells.len();
        cells[column] = &value;
        lines[row] = cells.join(",");
        *text = lines.join("\n");
        if let Err(faults) = read(&files) {
            prop_assert!(faults.count() > 0);
        }
    }

    /// Nor does any text in place of a file.
    #[test]
    fn no_file_brings_the_reader_down(file in 0..20_usize, text in "(?s).{0,300}") {
        let mut files = small();
        let names: Vec<String> = files.keys().cloned().collect();
        files.insert(names[file % names.len()].clone(), text);
        if let Err(faults) = read(&files) {
            prop_assert!(faults.count() > 0);
        }
    }
}
