//! `plimsoll verify`: a spec is judged again, as it was written and as somebody changed it.

use std::io::Write as _;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::support::program::{Said, plimsoll, with_input};

/// A small system, so that it is quickly judged.
static SPEC: LazyLock<Value> = LazyLock::new(|| {
    let phrase = "300 requests/s, 99.9% uptime, p95 400ms on aws in us-east-1";
    plimsoll(&["plan", phrase, "--json"]).json()
});

/// Verifies a spec that is given on standard input.
fn verified(spec: &Value, arguments: &[&str]) -> Said {
    let arguments: Vec<&str> = ["verify", "-"].iter().chain(arguments).copied().collect();
    with_input(&arguments, spec.to_string())
}

fn ids(document: &Value) -> Vec<String> {
    let checks = document["checks"].as_array().expect("checks are a list");
    let ids = checks.iter().map(|check| check["id"].as_str().expect("an id is a text"));
    ids.map(str::to_owned).collect()
}

/// The replicas of the app in its first zone.
fn app_in_first_zone(spec: &mut Value) -> &mut Value {
    let services = spec["services"].as_array_mut().expect("services are a list");
    let app = services.iter_mut().find(|service| service["name"] == "app").expect("an app");
    &mut app["offers"][0]["per_zone"]["z1"]
}

#[test]
fn a_plan_that_was_verified_is_verified_again_by_its_spec_alone() {
    let said = verified(&SPEC, &["--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let found = said.json();
    assert_eq!(found["status"], "verified");
    assert_eq!(found["spec_digest"], SPEC["metadata"]["digest"]);
    assert_eq!(ids(&found), ids(&SPEC));
    let breaks = |document: &Value| document["breaking_load"]["holds_ppm"].as_f64().unwrap_or(0.0);
    assert!((breaks(&found) / breaks(&SPEC) - 1.0).abs() < 0.05, "{}", found["breaking_load"]);
    // Another seed sees other requests and finds the same.
    let other = verified(&SPEC, &["--seed", "7", "--quiet"]);
    assert_eq!(other.code, 0, "{}{}", other.stdout, other.stderr);
    assert!(other.stdout.starts_with("VERIFIED  web on aws us-east-1, "), "{}", other.stdout);
    assert_eq!(other.stdout.lines().count(), 1);
}

#[test]
fn a_spec_with_too_few_machines_is_refuted() {
    let mut spec = SPEC.clone();
    let services = spec["services"].as_array_mut().expect("services are a list");
    for service in services.iter_mut().filter(|service| service["name"] == "app") {
        let offer = &mut service["offers"][0];
        // Half as fast, and nobody to add more of them.
        let speed = offer["speed_ppm"].as_u64().expect("a speed");
        offer["speed_ppm"] = json!(speed / 3);
        offer.as_object_mut().expect("an offer").remove("autoscaling");
    }
    let said = verified(&spec, &[]);
    assert_eq!(said.code, 4, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.starts_with("REFUTED  web on aws"), "{}", said.stdout);
    assert!(said.stdout.contains("FAIL"), "{}", said.stdout);
    assert!(said.stdout.lines().all(|line| line.chars().count() <= 100), "{}", said.stdout);
}

#[test]
fn one_scenario_is_run_as_if_it_were_demanded() {
    let said = verified(&SPEC, &["--scenario", "peak", "--scenario", "zone-loss:1", "--json"]);
    let found = said.json();
    let scenarios = found["scenarios"].as_array().expect("scenarios are a list");
    let names: Vec<&str> = scenarios.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["peak", "zone-loss:1"]);
    let checks = found["checks"].as_array().expect("checks are a list");
    assert!(checks.iter().all(|check| check["demanded"] == true), "{checks:?}");
    let holds = checks.iter().all(|check| check["verdict"] == "pass");
    assert_eq!(said.code == 0, holds, "{}", said.stdout);
}

#[test]
fn a_scenario_that_there_is_not_is_refused_with_those_that_there_are() {
    let said = verified(&SPEC, &["--scenario", "zone-loss"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("error[cli::unknown]"), "{}", said.stderr);
    assert!(said.stderr.contains("zone-loss:1"), "{}", said.stderr);
}

#[test]
fn all_faults_of_a_spec_are_told_at_once() {
    let mut spec = SPEC.clone();
    *app_in_first_zone(&mut spec) = json!(4_000_000_000_u32);
    spec["demand"]["classes"][0]["share_ppm"] = json!(1_000_001);
    spec["demand"]["classes"][0]["enters"] = json!("nowhere");
    let said = verified(&spec, &[]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    for expected in ["spec::range", "spec::dangling", "share_ppm", "`nowhere`", "4000000000"] {
        assert!(said.stderr.contains(expected), "{expected}: {}", said.stderr);
    }
}

#[test]
fn what_no_load_and_no_machine_can_be_is_refused() {
    let mut spec = SPEC.clone();
    spec["demand"]["peak_micro_rps"] = json!(0);
    let services = spec["services"].as_array_mut().expect("services are a list");
    for service in services.iter_mut().filter(|service| service["name"] == "app") {
        service["shards"] = json!(0);
        let offer = &mut service["offers"][0];
        offer["vcpu"] = json!(0);
        offer["servers"] = json!(1_000_000);
        offer["speed_ppm"] = json!(1_000_000_000_000_000_u64);
        offer["autoscaling"]["target_ppm"] = json!(0);
    }
    let said = verified(&spec, &["--json"]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    let errors = said.json()["errors"].to_string();
    for place in [
        "demand.peak_micro_rps",
        "services.app.shards",
        ".vcpu` is 0",
        ".vcpu` says 0, and the catalog says",
        ".servers` is 1000000",
        ".speed_ppm` is 1000000000000000",
        ".autoscaling.target_ppm` is 0",
    ] {
        assert!(errors.contains(place), "{place}: {errors}");
    }
    let mut spec = plimsoll(&["plan", "100 users, 99% uptime, 1s latency", "--json"]).json();
    spec["demand"]["users"]["count"] = json!(77);
    let said = verified(&spec, &["--json"]);
    let told = "`demand.users.count` says 77, and `intent.objectives.load.target` says 100";
    assert!(said.code == 2 && said.stdout.contains(told), "{}", said.stdout);
}

#[test]
fn sums_that_are_not_those_of_the_offers_are_refused() {
    let mut spec = SPEC.clone();
    let services = spec["services"].as_array_mut().expect("services are a list");
    for service in services.iter_mut().filter(|service| service["name"] == "app") {
        service["replicas"]["peak"] = json!(1);
    }
    let said = verified(&spec, &[]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("error[spec::contradiction]"), "{}", said.stderr);
    assert!(said.stderr.contains("`services.app.replicas.peak` says 1"), "{}", said.stderr);
}

#[test]
fn what_nobody_sells_and_what_leads_nowhere_is_refused() {
    let mut spec = SPEC.clone();
    let services = spec["services"].as_array_mut().expect("services are a list");
    let app = services.iter_mut().find(|service| service["name"] == "app").expect("an app");
    let sku = app["offers"][0]["instance_type"].as_str().expect("a type").to_owned();
    app["offers"][0]["instance_type"] = json!(format!("{sku}x"));
    app["targets"] = json!(["cache", "nowhere"]);
    for zone in ["z1", "z2"] {
        app["offers"][0]["per_zone"][zone] = json!(0);
        app["replicas"]["per_zone"][zone] = json!(0);
    }
    app["replicas"]["peak"] = json!(0);
    let said = verified(&spec, &[]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    for expected in [
        "error[spec::unknown]: `services.app.offers` names the instance type",
        &format!("did you mean `{sku}`?"),
        "error[spec::dangling]: `services.app.targets` names the service `nowhere`",
        "error[spec::range]",
        "per_zone` is 0, which is no number at the",
        "3 errors, nothing was verified",
    ] {
        assert!(said.stderr.contains(expected), "{expected}: {}", said.stderr);
    }
    let mut spec = SPEC.clone();
    spec["placement"]["region"] = json!("us-east-11");
    let said = verified(&spec, &["--json"]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert_eq!(said.json()["errors"][0]["code"], "spec::unknown");
    assert!(said.stdout.contains("did you mean `us-east-1`?"), "{}", said.stdout);
    // Of another catalog nothing is known, and that is said.
    spec["provenance"]["catalog"]["digest"] = json!("sha256:another");
    let said = verified(&spec, &["--scenario", "peak"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.contains("instance types were not looked up"), "{}", said.stdout);
    assert!(said.stdout.contains(" 1 scenario, "), "{}", said.stdout);
}

#[test]
fn what_is_no_spec_is_refused() {
    let said = verified(&json!({"apiVersion": "plimsoll/v1", "kind": "Intent"}), &[]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("error[spec::kind]"), "{}", said.stderr);
    let said = plimsoll(&["verify", "no/such/spec.json"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("error[io::read]"), "{}", said.stderr);
}

/// A trace in a file of its own.
fn trace(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("it can be written");
    file
}

#[test]
fn a_trace_takes_the_place_of_the_stated_load() {
    let hours = |rate: &dyn Fn(u32) -> u32| {
        let rows = (0..24).map(|hour| format!("{},{}\n", hour * 3_600, rate(hour)));
        trace(&format!("seconds,requests_per_second\n{}", rows.collect::<String>()))
    };
    let on = |file: &tempfile::NamedTempFile| {
        let path = file.path().to_str().expect("a text path").to_owned();
        verified(&SPEC, &["--trace", &path, "--scenario", "day", "--scenario", "peak", "--quiet"])
    };
    let file = hours(&|hour| 50 + hour * 5);
    let calm = on(&file);
    assert_eq!(calm.code, 0, "{}{}", calm.stdout, calm.stderr);
    let path = file.path().to_str().expect("a text path");
    let said = verified(&SPEC, &["--trace", path, "--scenario", "peak"]);
    for named in [
        format!("the load is that of {path}: 24 h\n   sha256:"),
        "165 requests/s in the busiest minute, ".to_owned(),
        "too coarse to show bursts".to_owned(),
    ] {
        assert!(said.stdout.contains(&named), "{named}: {}", said.stdout);
    }
    let found = verified(&SPEC, &["--trace", path, "--scenario", "peak", "--json"]).json();
    assert_eq!(found["trace"]["file"], path);
    assert_eq!(found["trace"]["peak_micro_rps"], 165_000_000);
    assert!(found["trace"]["digest"].as_str().expect("a text").starts_with("sha256:"), "{found}");
    let flood = on(&hours(&|hour| if hour == 20 { 3_000 } else { 50 }));
    assert_eq!(flood.code, 4, "{}{}", flood.stdout, flood.stderr);
    assert!(flood.stdout.contains("@day") || flood.stdout.contains("@peak"), "{}", flood.stdout);
}

#[test]
fn a_trace_that_is_none_is_refused_with_its_lines() {
    let file = trace("when,requests\n0,1\nlater,2\n60,-3\n");
    let said = verified(&SPEC, &["--trace", file.path().to_str().expect("a text path")]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    for expected in ["trace::line", "line 1", "line 3: `later`", "line 4: `-3`"] {
        assert!(said.stderr.contains(expected), "{expected}: {}", said.stderr);
    }
    let path = file.path().to_str().expect("a text path");
    assert_eq!(said.stderr.matches(path).count(), 3, "{}", said.stderr);
    for text in ["seconds,rate\n0,5\n1,5\n2,5\n", "seconds,rate\n0,1e12\n600,1e12\n"] {
        let file = trace(text);
        let said = verified(&SPEC, &["--trace", file.path().to_str().expect("a text path")]);
        assert_eq!(said.code, 2, "{}", said.stdout);
        assert!(said.stderr.contains("error[trace::load]"), "{}", said.stderr);
    }
}
