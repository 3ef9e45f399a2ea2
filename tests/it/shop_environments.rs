//! The shop as it was drawn, in three environments and under the rules of a platform team: every
//! section of an intent at once.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::program::{Said, example, plimsoll};

const NAMES: [&str; 3] = ["dev", "staging", "prod"];

/// What became of it, in a folder of its own.
static PLANNED: LazyLock<(tempfile::TempDir, Said)> = LazyLock::new(|| {
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/policies/platform.yaml");
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let shop = example("shop-environments.yaml");
    let said = plimsoll(&["plan", &shop, "--policy", policy, "--json", "--out", text(&out)]);
    (folder, said)
});

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of a test is text")
}

/// The spec of an environment, and where it stands.
fn spec(name: &str) -> (Value, String) {
    let (folder, said) = &*PLANNED;
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let path = folder.path().join("out").join(name).join("spec.json");
    let content = std::fs::read_to_string(&path).expect("each has a spec");
    (serde_json::from_str(&content).expect("it is JSON"), text(&path).to_owned())
}

#[test]
fn each_spec_keeps_its_rules_and_stands_its_check() {
    for name in NAMES {
        let (spec, path) = spec(name);
        assert_eq!(spec["verdict"]["status"], "verified", "{name}");
        let results = spec["policy"]["results"].as_array().expect("results");
        assert!(results.len() > 15, "{name}");
        let enforced = results.iter().filter(|rule| rule["rule"] != "old-prices");
        for rule in enforced {
            assert_eq!(rule["kept"], true, "{name}: {rule}");
        }
        let checked = plimsoll(&["check", &path]);
        assert_eq!(checked.code, 0, "{name}: {}", checked.stdout);
    }
}

#[test]
fn what_they_cost_adds_up() {
    let answer = PLANNED.1.json();
    assert_eq!(answer["status"], "verified");
    for bill in ["expected", "peak_fleet", "ceiling"] {
        let sums = NAMES.map(|name| {
            let lines = spec(name).0["cost"]["lines"].clone();
            let lines = lines.as_array().expect("lines").iter();
            let sum: i64 = lines.map(|line| whole(&line["amount_micros"][bill])).sum();
            assert_eq!(sum, whole(&spec(name).0["cost"]["monthly_micros"][bill]), "{name} {bill}");
            sum
        });
        assert_eq!(sums.iter().sum::<i64>(), whole(&answer["monthly_micros"][bill]), "{bill}");
    }
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is a whole number"))
}

#[test]
fn every_section_of_it_is_in_the_spec() {
    let (prod, _) = spec("prod");
    let objectives = prod["intent"]["objectives"].as_array().expect("objectives");
    let uptime = objectives.iter().find(|own| own["id"] == "uptime").expect("an uptime");
    assert_eq!(uptime["window"], "P30D");
    let assumed = |name: &str| {
        let assumptions = prod["assumptions"].as_array().expect("assumptions");
        let found = assumptions.iter().find(|own| own["name"] == name);
        found.unwrap_or_else(|| panic!("no {name}")).clone()
    };
    assert_eq!(assumed("traffic.users_in")["value"], "DE, GB, IE");
    assert_eq!(assumed("services.orders-db.iops_per_query")["value"], 0.3);
    assert_eq!(assumed("external.payments.uptime")["origin"], "user");
    let services = prod["services"].as_array().expect("services");
    let service = |name: &str| services.iter().find(|own| own["name"] == name).expect("it");
    assert_eq!(service("orders-db")["offers"][0]["instance_type"], "db.m6g.16xlarge");
    assert_eq!(service("payments")["type"], "external");
    assert_eq!(service("payments")["offers"].as_array().map(Vec::len), Some(0));
    assert!(service("web")["replicas"]["min"].as_u64() >= Some(3));
    let ids: Vec<&str> = prod["risks"]
        .as_array()
        .expect("risks")
        .iter()
        .filter_map(|own| own["id"].as_str())
        .collect();
    assert!(ids.contains(&"external") && !ids.contains(&"gdpr"), "{ids:?}");
}
