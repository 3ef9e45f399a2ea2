//! `plimsoll plan --compare`: every row is what a plan for that region alone says, and the first
//! line is that of the plan itself.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::program::{command, plimsoll, run};

/// Cheap to plan.
const SMALL: &str = "1k users, 99.9% uptime, 400ms latency";

static SMALL_COMPARED: LazyLock<Value> = LazyLock::new(|| {
    let said = plimsoll(&["plan", SMALL, "--compare", "--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    said.json()
});

fn list<'v>(value: &'v Value, what: &str) -> &'v Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{what} is a list: {value}"))
}

fn expected(row: &Value) -> Option<i64> {
    row["plan"]["monthly_micros"]["expected"].as_i64()
}

fn assert_of_schema(document: &Value) {
    let schema = plimsoll(&["schema", "comparison"]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> =
        validator.iter_errors(document).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn every_row_is_what_a_plan_for_that_region_alone_says() {
    let rows = list(&SMALL_COMPARED["regions"], "regions");
    assert_eq!(rows.len(), 9, "{rows:?}");
    let cheapest = rows.iter().filter_map(expected).min().expect("some plan");
    for row in rows {
        let region = row["region"].as_str().expect("a name");
        let setting = format!("run_on.regions=[{region}]");
        let spec = plimsoll(&["plan", SMALL, "--set", &setting, "--json"]).json();
        let plan = &row["plan"];
        if row["standing"] != "estimated" {
            assert_eq!(row["standing"], spec["verdict"]["status"], "{region}");
        }
        assert_eq!(plan["plan_digest"], spec["metadata"]["plan_digest"], "{region}");
        assert_eq!(plan["monthly_micros"], spec["cost"]["monthly_micros"], "{region}");
        assert_eq!(plan["change_micros"].as_i64(), expected(row).map(|cost| cost - cheapest));
        let managed = row["provider"] == "aws";
        assert_eq!(plan["data"], if managed { "managed" } else { "self-run" }, "{region}");
        let latency = &plan["latency"][0];
        let margin = latency["limit_us"].as_i64().zip(latency["worst_us"].as_i64());
        assert_eq!(latency["margin_us"].as_i64(), margin.map(|(limit, worst)| limit - worst));
        assert!(latency["margin_us"].as_i64() > Some(0), "{latency}");
        assert!(plan["uptime"]["margin_ppm"].as_i64() > Some(0), "{plan}");
    }
}

#[test]
fn rows_stand_by_provider_with_the_best_first() {
    let rows = list(&SMALL_COMPARED["regions"], "regions");
    let mut best: Vec<&Value> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        match at.checked_sub(1).map(|before| &rows[before]) {
            Some(before) if before["provider"] == row["provider"] => {
                assert!(expected(before) <= expected(row), "{before} {row}");
            }
            _ => best.push(row),
        }
    }
    assert!(best.is_sorted_by_key(|row| expected(row)), "{best:?}");
    let place = |row: &Value| (row["provider"].clone(), row["region"].clone());
    let told: Vec<_> = list(&SMALL_COMPARED["providers"], "providers").iter().map(place).collect();
    assert_eq!(told, best.iter().map(|row| place(row)).collect::<Vec<_>>());
    // Nothing that is only estimated is the best of its provider.
    let first = |row: &Value| best.iter().any(|best| best["region"] == row["region"]);
    for row in rows.iter().filter(|row| row["standing"] == "estimated") {
        assert!(!first(row) && row.get("same_machines_as").is_none(), "{row}");
    }
    assert!(rows.iter().any(|row| row["standing"] == "estimated"), "{rows:?}");
    // The machines of another region of the provider, and so its verdict.
    for row in rows {
        let Some(elsewhere) = row["same_machines_as"].as_str() else { continue };
        let same = rows.iter().find(|other| other["region"] == elsewhere).expect("a row");
        assert_eq!(same["plan"]["services"], row["plan"]["services"]);
        assert_eq!(same["plan"]["latency"], row["plan"]["latency"]);
        assert_eq!(same["provider"], row["provider"]);
    }
    assert!(rows.iter().any(|row| row["same_machines_as"].is_string()), "{rows:?}");
}

#[test]
fn the_answer_is_that_of_the_plan() {
    let (compared, planned) =
        (plimsoll(&["plan", SMALL, "--compare", "--quiet"]), plimsoll(&["plan", SMALL, "--quiet"]));
    assert_eq!(compared.code, planned.code);
    let start = |text: &str| text.split("; ").next().map(str::to_owned);
    assert_eq!(start(&compared.stdout), start(&planned.stdout));
    let spec = plimsoll(&["plan", SMALL, "--json"]).json();
    let rows = list(&SMALL_COMPARED["regions"], "regions");
    let answer = rows.iter().find(|row| row["region"] == SMALL_COMPARED["answer"]["region"]);
    let digest = &answer.expect("a row")["plan"]["plan_digest"];
    assert_eq!(*digest, spec["metadata"]["plan_digest"]);
    assert_of_schema(&SMALL_COMPARED);
}

#[test]
fn what_holds_only_with_data_run_on_instances_is_no_answer_and_is_told() {
    let rows = list(&SMALL_COMPARED["regions"], "regions");
    let least = |data: &str| {
        let own = rows.iter().filter(|row| row["plan"]["data"] == data);
        own.filter_map(expected).min().expect("a plan") / 1_000_000
    };
    let (managed, self_run) = (least("managed"), least("self-run"));
    assert!(self_run + 2 < managed, "{self_run} {managed}");
    let budget = format!("{}USD/month", self_run + 2);
    let said = plimsoll(&["plan", SMALL, "--compare", "--budget", &budget]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    let mut lines = said.stdout.lines();
    assert!(lines.next().is_some_and(|line| line.starts_with("INFEASIBLE")), "{}", said.stdout);
    let told = format!("${self_run}");
    assert!(lines.next().is_some_and(|line| line.contains("on instances")), "{}", said.stdout);
    assert!(said.stdout.contains(&told) && said.stdout.contains("no plan in"), "{}", said.stdout);
    let anywhere = ["--set", "rules.self_run_data=anywhere", "--quiet"];
    let said =
        plimsoll(&[&["plan", SMALL, "--compare", "--budget", &budget], &anywhere[..]].concat());
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.starts_with("VERIFIED"), "{}", said.stdout);
}

#[test]
fn a_region_without_a_plan_says_why() {
    // us-east-1, us-west-2 and us-central1 have four zones or more.
    let zones = ["--set", "run_on.zones.at_least=4", "--json"];
    let compared = plimsoll(&[&["plan", SMALL, "--compare"], &zones[..]].concat()).json();
    let rows = list(&compared["regions"], "regions");
    let few = rows.iter().filter(|row| row["reason"] == "too few zones");
    assert_eq!(few.filter(|row| row["standing"] == "infeasible").count(), 6, "{rows:?}");
    assert_eq!(list(&compared["providers"], "providers").len(), 2, "{compared}");
    assert_of_schema(&compared);

    let said = plimsoll(&["plan", "1k users, below $10 a month", "--compare"]);
    assert_eq!(said.code, 3, "{}", said.stdout);
    assert!(said.stdout.starts_with("INFEASIBLE"), "{}", said.stdout);
    let said = plimsoll(&["plan", "1k users, below $10 a month", "--compare", "--json"]);
    assert_eq!(said.code, 3, "{}", said.stdout);
    let document = said.json();
    assert_eq!(
        (&document["kind"], &document["status"]),
        (&"Comparison".into(), &"infeasible".into())
    );
    assert_of_schema(&document);

    let said = plimsoll(&["plan", SMALL, "--compare", "--out", "somewhere"]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(!Path::new("somewhere").exists());

    let said = plimsoll(&["plan", SMALL, "--compare", "--effort", "full"]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("'--effort <EFFORT>'"), "{}", said.stderr);
}

#[test]
fn a_region_whose_traffic_has_no_price_is_left_out_with_that_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogs/data");
    copied(&from, folder.path());
    let traffic = folder.path().join("traffic.csv");
    let text = std::fs::read_to_string(&traffic).expect("prices of traffic");
    let known = |line: &&str| !line.starts_with("google,europe-west1,internet");
    let fewer = text.lines().filter(known).collect::<Vec<_>>().join("\n");
    assert!(fewer.len() + 1 < text.len());
    std::fs::write(&traffic, fewer).expect("written");
    let catalog = folder.path().to_str().expect("a text path");
    let phrase = format!("{SMALL} on google");
    let said = plimsoll(&["plan", &phrase, "--compare", "--catalog", catalog, "--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let compared = said.json();
    let rows = list(&compared["regions"], "regions");
    let [held, left] = rows.as_slice() else { panic!("two regions: {rows:?}") };
    assert_eq!((&held["region"], &held["standing"]), (&"us-central1".into(), &"verified".into()));
    assert_eq!(left["region"], "europe-west1");
    let reason = left["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("region without a price"), "{reason}");
    assert!(left.get("plan").is_none(), "{left}");
}

fn copied(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("a readable folder").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            std::fs::create_dir(&target).expect("a new folder");
            copied(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copied");
        }
    }
}

#[test]
fn the_screen_says_the_verdict_first_and_is_the_same_on_one_and_two_threads() {
    let with_threads = |threads: &str| {
        let arguments = ["plan", SMALL, "--compare"];
        let said = run(command(&arguments).env("RAYON_NUM_THREADS", threads));
        assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
        assert!(said.stdout.lines().all(|line| line.chars().count() <= 100), "{}", said.stdout);
        assert!(said.stdout.lines().count() <= 40, "{}", said.stdout);
        let (text, _) = said.stdout.trim_end().rsplit_once(';').expect("a time at the end");
        text.to_owned()
    };
    let (one, two) = (with_threads("1"), with_threads("2"));
    assert_eq!(one, two);
    insta::assert_snapshot!("compare", one);
}
