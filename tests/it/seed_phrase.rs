//! What the answer to the seed phrase shows, line by line of what users were promised.

use std::sync::LazyLock;

use serde_json::Value;

use crate::support::program::{SEED_PHRASE, command, plimsoll, run};

static SPEC: LazyLock<Value> = LazyLock::new(|| {
    let said = plimsoll(&["plan", SEED_PHRASE, "--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    said.json()
});

fn list<'v>(value: &'v Value, what: &str) -> &'v Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{what} is a list: {value}"))
}

fn number(value: &Value, what: &str) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{what} is a whole number: {value}"))
}

#[test]
fn the_outcome_as_understood_and_the_other_readings_of_users() {
    let objectives = list(&SPEC["intent"]["objectives"], "objectives");
    let ids: Vec<&str> =
        objectives.iter().filter_map(|objective| objective["id"].as_str()).collect();
    assert_eq!(ids, ["load", "uptime", "latency-p95"]);
    assert_eq!(objectives[0]["reading"], "concurrent");
    let readings = list(&SPEC["intent"]["other_readings"], "other readings");
    assert_eq!(readings.len(), 3);
    for reading in readings {
        assert!(number(&reading["monthly_micros"], "a cost") > 0, "{reading}");
    }
}

#[test]
fn every_service_says_where_it_runs_and_how_busy_it_is() {
    assert!(SPEC["placement"]["provider"].is_string());
    assert!(SPEC["placement"]["region"].is_string());
    assert!(list(&SPEC["placement"]["zones"], "zones").len() >= 2);
    for name in ["app", "cache", "db"] {
        let services = list(&SPEC["services"], "services");
        let service = services.iter().find(|service| service["name"] == name).expect(name);
        assert!(!list(&service["offers"], "offers").is_empty(), "{service}");
        let busy = &service["sizing"]["utilisation_permille"];
        assert!(number(&busy["peak"], "utilisation") <= 800, "{name}: {busy}");
        assert!(number(&busy["headroom"], "utilisation") < 1_000, "{name}: {busy}");
        if name == "app" {
            assert!(number(&busy["instance_down"], "utilisation") < 1_000, "{busy}");
            assert!(number(&busy["zone_lost"], "utilisation") > 0, "{busy}");
            let replicas = &service["replicas"];
            let (least, most) = (number(&replicas["min"], "min"), number(&replicas["max"], "max"));
            let peak = number(&replicas["peak"], "peak");
            assert!(0 < least && least <= peak && peak < most, "{replicas}");
            assert!(
                !service["autoscaling"].is_null() || !service["offers"][0]["autoscaling"].is_null()
            );
        }
    }
}

#[test]
fn three_bills_whose_lines_add_up_exactly() {
    let monthly = &SPEC["cost"]["monthly_micros"];
    for bill in ["expected", "peak_fleet", "ceiling"] {
        let lines = list(&SPEC["cost"]["lines"], "lines");
        let sum: i64 = lines.iter().map(|line| number(&line["amount_micros"][bill], bill)).sum();
        assert_eq!(sum, number(&monthly[bill], bill), "{bill}");
    }
    let ids: Vec<&str> = list(&SPEC["cost"]["lines"], "lines")
        .iter()
        .filter_map(|line| line["id"].as_str())
        .collect();
    assert!(ids.iter().any(|id| id.starts_with("traffic.internet")), "{ids:?}");
    assert!(ids.contains(&"traffic.zones"), "{ids:?}");
}

#[test]
fn bound_gap_checks_ledger_digest_oldest_price_and_seed() {
    let optimality = &SPEC["optimality"];
    let (bound, objective) = (
        number(&optimality["bound_micros"], "bound"),
        number(&optimality["objective_micros"], "objective"),
    );
    assert!(0 < bound && bound <= objective);
    let gap = number(&optimality["gap_ppm"], "gap");
    assert_eq!(gap, (objective - bound) * 1_000_000 / objective);
    let checks = list(&SPEC["checks"], "checks");
    assert!(checks.iter().any(|check| check["demanded"] == true));
    for check in checks {
        assert!(check["objective"].is_string() && check["verdict"].is_string(), "{check}");
        assert!(check["demanded"].is_boolean(), "{check}");
    }
    assert!(list(&SPEC["assumptions"], "the ledger").len() > 60);
    let provenance = &SPEC["provenance"];
    assert!(
        provenance["catalog"]["digest"].as_str().is_some_and(|text| text.starts_with("sha256:"))
    );
    assert!(provenance["catalog"]["oldest_price_used"].is_string());
    assert_eq!(provenance["seed"], 1);
}

#[test]
fn no_demanded_check_is_on_the_edge() {
    let checks = list(&SPEC["checks"], "checks");
    for check in checks.iter().filter(|check| check["demanded"] == true) {
        assert_eq!(check["verdict"], "pass", "{check}");
    }
    let breaking = &SPEC["breaking_load"];
    let holds = number(&breaking["holds_ppm"], "the load that holds");
    assert!(holds >= 1_250_000, "{breaking}");
}

#[test]
fn the_same_bytes_on_one_and_two_threads() {
    let with_threads = |threads: &str| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let out = folder.path().join("sizing");
        let arguments = ["plan", SEED_PHRASE, "--out", out.to_str().expect("a text path")];
        let said = run(command(&arguments).env("RAYON_NUM_THREADS", threads));
        assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
        let names =
            ["spec.json", "report.html", "report.md", "load-against-latency.svg", "cost-lines.svg"];
        names.map(|name| {
            std::fs::read(out.join(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))
        })
    };
    assert!(with_threads("1") == with_threads("2"), "the bytes differ by the number of threads");
}

/// A risk and the table of scenarios tell one share of one moment: what is served in the end.
#[test]
fn what_is_left_of_a_lost_zone_is_the_same_share_everywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out").display().to_string();
    let said = plimsoll(&["plan", SEED_PHRASE, "--out", &out, "--json"]);
    let spec = said.json();
    let risks = list(&spec["risks"], "risks").iter();
    let told =
        risks.filter(|risk| risk["text"].as_str().is_some_and(|own| own.contains("% served")));
    let told: Vec<&Value> = told.collect();
    assert!(told.iter().any(|risk| risk["id"].as_str().is_some_and(|id| id.starts_with("zone"))));
    let report = std::fs::read_to_string(format!("{out}/report.md")).expect("a report");
    for risk in told {
        let (name, text) =
            (risk["id"].as_str().expect("an id"), risk["text"].as_str().expect("it"));
        let checks = list(&spec["checks"], "checks").iter();
        let mut own = checks.clone().filter(|check| check["id"] == format!("goodput@{name}"));
        let check = own.next().expect("goodput is judged there");
        let mut ways = checks.filter(|check| check["id"] == format!("recovery@{name}"));
        let way = ways.next().is_some();
        let percent = |value: &Value| number(value, "a share") as f64 / 1e4;
        let ends = [&check["ci95_ppm"][0], &check["ci95_ppm"][1]].map(percent);
        let word = if way { "ends with" } else { "leaves" };
        let exact = format!(" {word} {:.0}% served", percent(&check["observed_ppm"]));
        let range = format!(" {word} {:.0} to {:.0}% served", ends[0], ends[1]);
        assert!(text.contains(&exact) || text.contains(&range), "{text}: {check}");
        let row = report.lines().find(|line| line.starts_with(&format!("| {name} | ")));
        let row = row.unwrap_or_else(|| panic!("{name} has a row"));
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        // Where there is no way into it, all of it is the end.
        let cell = cells[if way { 3 } else { 2 }];
        let shown: f64 = cell.trim_end_matches('%').parse().expect("a share in the end");
        assert!((shown - percent(&check["observed_ppm"])).abs() < 1e-3, "{row}: {check}");
    }
}
