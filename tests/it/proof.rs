//! `plimsoll plan --latency-form proof`, run as a user runs it.

use serde_json::Value;

use crate::support::program::{SEED_PHRASE, plimsoll};

fn micros(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number of microseconds"))
}

#[test]
fn the_seed_phrase_is_proven_and_verified() {
    let said = plimsoll(&["plan", SEED_PHRASE, "--latency-form", "proof"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.contains("proven"), "{}", said.stdout);
    assert!(said.stdout.contains("p95 at most"), "{}", said.stdout);
    assert!(said.stdout.lines().all(|line| line.chars().count() <= 100), "{}", said.stdout);
    assert!(said.stdout.lines().count() <= 40, "{}", said.stdout);
}

#[test]
fn the_spec_says_what_each_service_keeps_to_and_passes_its_check() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("plan");
    let out = out.to_str().expect("a text path");
    let said = plimsoll(&["plan", SEED_PHRASE, "--latency-form", "proof", "--json", "--out", out]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let spec = said.json();
    let command = spec["provenance"]["command"].as_str().expect("a command");
    assert!(command.contains("--latency-form proof"), "{command}");
    let estimate = &spec["estimates"][0];
    assert_eq!(estimate["form"], "proof");
    assert!(estimate.get("mean_us").is_none(), "{estimate}");
    let parts = estimate["parts"].as_array().expect("what the services keep to");
    let sum: u64 = parts.iter().map(|part| micros(&part["quantile_us"])).sum();
    assert!(sum.abs_diff(micros(&estimate["percentile_us"])) <= parts.len() as u64, "{estimate}");
    assert!(micros(&estimate["percentile_us"]) <= micros(&estimate["limit_us"]));
    let report = std::fs::read_to_string(format!("{out}/report.md")).expect("a report");
    assert!(report.contains("The proof form bounds each latency"), "{report}");
    let path = format!("{out}/spec.json");
    assert_eq!(plimsoll(&["check", &path]).code, 0);
    // A part that is another does not add up, nor do shares of more than there is.
    for (key, value) in [("quantile_us", 999_999), ("share_ppb", 1_000_000_001)] {
        let mut changed = spec.clone();
        changed["estimates"][0]["parts"][0][key] = value.into();
        std::fs::write(&path, changed.to_string()).expect("it can be written");
        let said = plimsoll(&["check", &path]);
        assert_ne!(said.code, 0, "{key}: {}", said.stdout);
        assert!(said.stdout.contains("/estimates/0"), "{key}: {}", said.stdout);
    }
}

#[test]
fn what_is_tight_is_dearer_or_has_no_proof() {
    let tight = "handle 2k users, 99.9% uptime, p95 150ms latency";
    let moment = plimsoll(&["plan", tight, "--json"]);
    let proof = plimsoll(&["plan", tight, "--latency-form", "proof", "--json"]);
    assert_eq!((moment.code, proof.code), (0, 0), "{}{}", moment.stderr, proof.stderr);
    let bill = |spec: &Value| micros(&spec["cost"]["monthly_micros"]["expected"]);
    assert!(bill(&proof.json()) > bill(&moment.json()));
    let tighter = "handle 2k users, 99.9% uptime, p95 110ms latency";
    assert_eq!(plimsoll(&["plan", tighter]).code, 0);
    let said = plimsoll(&["plan", tighter, "--latency-form", "proof"]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.contains("--latency-form moment"), "{}", said.stdout);
}

#[test]
fn what_does_not_heed_the_form_is_not_asked_with_it() {
    for other in [&["--effort", "full"][..], &["--compare"]] {
        let mut arguments = vec!["plan", SEED_PHRASE, "--latency-form", "proof"];
        arguments.extend(other);
        let said = plimsoll(&arguments);
        assert_eq!(said.code, 2, "{}{}", said.stdout, said.stderr);
        assert!(said.stderr.contains("cannot be used with"), "{}", said.stderr);
    }
}
