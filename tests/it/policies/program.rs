//! What the program says of policies.

use serde_json::Value;

use super::policy;
use crate::support::program::{example, plimsoll};

/// A file with a text.
fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("a file can be written");
    path.display().to_string()
}

const PHRASE: &str = "1k users on aws in eu-west-1, 99.9% uptime, 400ms latency";

#[test]
fn a_floor_refuses_a_phrase_by_name_with_exit_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = policy(&["{id: prod-floor, require: {uptime: '>= 99.95%'}}"]);
    let path = file(&folder, "platform.yaml", &rules);
    let said = plimsoll(&["plan", PHRASE, "--policy", &path]);
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stdout.is_empty(), "{}", said.stdout);
    let words: Vec<&str> = said.stderr.split_whitespace().collect();
    let text = words.join(" ");
    for needle in ["error[policy::floor]", "rule prod-floor", "uptime >= 99.95%", "uptime 99.9%"] {
        assert!(text.contains(needle), "{needle}: {}", said.stderr);
    }
    assert!(said.stderr.contains("nothing was planned or written"), "{}", said.stderr);
}

#[test]
fn faults_of_policies_have_their_places() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = file(&folder, "a.yaml", &policy(&["{id: a, allow: {region: [eu-west-1]}}"]));
    let two =
        policy(&["{id: b, allow: {region: [us-east-1]}}"]).replace("name: test", "name: team");
    let two = file(&folder, "b.yaml", &two);
    let said = plimsoll(&["plan", PHRASE, "--policy", &one, "--policy", &two]);
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("error[policy::contradiction]"), "{}", said.stderr);
    assert!(said.stderr.contains("a.yaml:5:"), "{}", said.stderr);
    assert!(said.stderr.contains("b.yaml:5:"), "{}", said.stderr);
    let said = plimsoll(&["plan", PHRASE, "--policy", "/nowhere/policy.yaml"]);
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("error[io::read]"), "{}", said.stderr);
}

#[test]
fn a_spec_holds_its_policies_and_is_audited_with_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = [
        "{id: families, deny: {family: ['c*']}, serves: [SOC2 CC6.1]}",
        "{id: spread, require: {zones: '>= 3'}}",
        "{id: fresh, require: {price.age: '<= 1d'}, effect: warn}",
        "{id: dev-only, when: {environment: dev}, limit: {cost.expected: 1 USD/month}}",
    ];
    let path = file(&folder, "platform.yaml", &policy(&rules));
    let arguments =
        ["plan", PHRASE, "--policy", &path, "--set", "metadata.labels.environment=prod", "--json"];
    let said = plimsoll(&arguments);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let spec = said.json();
    let results = &spec["policy"]["results"];
    let kept: Vec<&Value> = (0..4).map(|at| &results[at]["kept"]).collect();
    assert_eq!(kept, [true, true, false, true]);
    assert_eq!(results[0]["serves"][0], "SOC2 CC6.1");
    assert_eq!(results[1]["text"], "it stands in 3 zones");
    assert_eq!(results[3]["text"], "does not apply: the environment is prod, not dev");
    let without = results[1]["without_micros"].as_u64().expect("the third zone has a price");
    assert!(without < spec["cost"]["monthly_micros"]["expected"].as_u64().expect("a bill"));
    assert_eq!(spec["provenance"]["policy_digests"].as_array().map(Vec::len), Some(1));
    let schema = plimsoll(&["schema", "spec"]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> = validator.iter_errors(&spec).map(|fault| fault.to_string()).collect();
    assert_eq!(faults, Vec::<String>::new());

    let written = file(&folder, "spec.json", &said.stdout);
    let checked = plimsoll(&["check", &written, "--json"]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    let tampered = said.stdout.replacen("\"it stands in 3 zones\"", "\"it stands in 9 zones\"", 1);
    let written_otherwise = file(&folder, "tampered.json", &tampered);
    let checked = plimsoll(&["check", &written_otherwise, "--json"]);
    assert_eq!(checked.code, 4, "{}", checked.stdout);
    assert!(checked.stdout.contains("/policy/results/1/text"), "{}", checked.stdout);
    // The same question again, from the spec alone: its policies still hold.
    let again = plimsoll(&["explain", &written, "--offer", "c7g.large", "--json"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    let reason = again.json()["offer"].to_string();
    assert!(reason.contains("policy rule families"), "{reason}");
    assert!(reason.contains("platform.yaml:5:"), "{reason}");
}

#[test]
fn an_infeasible_policy_names_its_rule_and_what_waiving_it_brings() {
    let folder = tempfile::tempdir().expect("a folder");
    let path =
        file(&folder, "p.yaml", &policy(&["{id: cheap, limit: {cost.ceiling: 90 USD/month}}"]));
    let phrase = "1k users on aws in eu-west-1, 99% uptime, 400ms latency";
    let said = plimsoll(&["plan", phrase, "--policy", &path, "--json"]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    let document = said.json();
    let conflict = document["conflict"].as_array().expect("a conflict");
    assert!(conflict.iter().any(|part| part["name"] == "policy rule cheap"), "{conflict:?}");
    let relaxations = document["relaxations"].as_array().expect("relaxations");
    let waived = relaxations.iter().find(|own| own["changes"][0]["name"] == "policy rule cheap");
    assert_eq!(waived.expect("waiving it helps")["changes"][0]["to"], "waived");
}

#[test]
fn the_example_policy_plans_the_example_of_the_shop() {
    let (shop, policy) = (example("shop.yaml"), example("policies/platform.yaml"));
    let labels = ["owner=a", "team=b", "environment=prod"];
    let labels = labels.map(|label| format!("metadata.labels.{label}"));
    let mut arguments = vec!["plan", &shop, "--policy", &policy, "--json"];
    for label in &labels {
        arguments.extend(["--set", label]);
    }
    let said = plimsoll(&arguments);
    assert_eq!(said.code, 0, "{}", said.stderr);
    // It keeps backups for longer than is usual, and the check knows that it has to.
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("spec.json");
    std::fs::write(&spec, &said.stdout).expect("a file");
    assert!(said.stdout.contains(r#""retention_days": 14"#), "backups are kept for two weeks");
    let said = plimsoll(&["check", &spec.display().to_string()]);
    assert_eq!(said.code, 0, "{}", said.stdout);
    let said = plimsoll(&["plan", &shop, "--policy", &policy]);
    assert_eq!(said.code, 2, "{}{}", said.stdout, said.stderr);
    assert!(said.stderr.contains("error[policy::environment]"), "{}", said.stderr);
    assert!(said.stderr.contains("error[policy::label]"), "{}", said.stderr);
}

/// A policy of profiles alone.
fn profiles(names: &str) -> String {
    let head = "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {name: law}\n";
    format!("{head}compliance: {names}\n")
}

/// What became of a rule.
fn result<'s>(spec: &'s Value, rule: &str) -> &'s Value {
    let results = spec["policy"]["results"].as_array().expect("results");
    results.iter().find(|own| own["rule"] == rule).expect("the rule was judged")
}

#[test]
fn the_gdpr_keeps_personal_data_in_the_eea_and_says_where_it_does_not_bind() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(&folder, "law.yaml", &profiles("[gdpr]"));
    let phrase = "1k users, 99.9% uptime, 400ms latency";
    let said = plimsoll(&["plan", phrase, "--policy", &path, "--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let free = said.json();
    let text = "does not bind: no service holds personal data";
    for rule in ["gdpr-transfers", "gdpr-encryption", "gdpr-isolation", "gdpr-restoring"] {
        assert_eq!(result(&free, rule)["text"], text, "{rule}");
    }
    let abroad = free["placement"]["region"].as_str().expect("a region").to_owned();
    assert!(
        abroad.starts_with("us-"),
        "the cheapest is {abroad}, so the rule would change nothing"
    );

    let holds = "services.db.holds=[personal]";
    let said = plimsoll(&["plan", phrase, "--policy", &path, "--set", holds, "--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let spec = said.json();
    let region = spec["placement"]["region"].as_str().expect("a region");
    assert!(region.starts_with("eu-"), "{region}");
    assert_eq!(result(&spec, "gdpr-transfers")["kept"], true);
    assert_eq!(result(&spec, "gdpr-transfers")["serves"][0], "GDPR Art. 44");
    let services = spec["services"].as_array().expect("services");
    let db = services.iter().find(|own| own["name"] == "db").expect("a database");
    assert_eq!(db["holds"][0], "personal");
    assert_eq!(db["encryption"]["at_rest"], true);
    let cache = services.iter().find(|own| own["name"] == "cache").expect("a cache");
    assert!(cache["encryption"].is_null(), "the rule speaks of what holds personal data");

    let written = file(&folder, "spec.json", &said.stdout);
    let checked = plimsoll(&["check", &written, "--json"]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    let tampered = said.stdout.replacen(
        "\"retention_days\": 7,",
        "\"retention_days\": 7,\n        \"copy_region\": \"us-east-1\",",
        1,
    );
    assert_ne!(tampered, said.stdout);
    let written = file(&folder, "abroad.json", &tampered);
    let checked = plimsoll(&["check", &written, "--json"]);
    assert_eq!(checked.code, 4, "{}", checked.stdout);
    assert!(checked.stdout.contains("rule gdpr-transfers"), "{}", checked.stdout);
}

#[test]
fn an_exception_is_told_and_holds_to_its_day() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = policy(&["{id: zones, require: {zones: '>= 3'}}"]);
    let lifted = "{rule: zones, until: 2027-03-31, by: a.lee, because: a third is not up}";
    let path = file(&folder, "p.yaml", &format!("{rules}exceptions:\n  - {lifted}\n"));
    let plan = |on: &str| plimsoll(&["plan", PHRASE, "--policy", &path, "--on", on, "--json"]);
    let said = plan("2027-03-31");
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let spec = said.json();
    assert_eq!(spec["placement"]["zones"].as_array().map(Vec::len), Some(2));
    assert_eq!(spec["policy"]["on"], "2027-03-31");
    assert_eq!(spec["policy"]["exceptions"][0]["in_force"], true);
    assert_eq!(spec["policy"]["exceptions"][0]["by"], "a.lee");
    let text = "lifted until 2027-03-31 by a.lee: a third is not up";
    assert_eq!(result(&spec, "zones")["text"], text);
    let command = spec["provenance"]["command"].as_str().expect("a command");
    assert!(command.contains("--on 2027-03-31"), "{command}");
    // The same again from the spec: its day stays.
    let written = file(&folder, "spec.json", &said.stdout);
    let checked = plimsoll(&["check", &written, "--json"]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    let again = plimsoll(&["plan", &written, "--json"]);
    assert_eq!(again.json()["policy"], spec["policy"]);
    let tampered = said.stdout.replacen("\"in_force\": true", "\"in_force\": false", 1);
    let written = file(&folder, "tampered.json", &tampered);
    let checked = plimsoll(&["check", &written, "--json"]);
    assert_eq!(checked.code, 4, "{}", checked.stdout);
    assert!(checked.stdout.contains("/policy/exceptions"), "{}", checked.stdout);

    let late = plan("2027-04-01");
    assert_eq!(late.code, 0, "{}{}", late.stdout, late.stderr);
    let spec = late.json();
    assert_eq!(spec["placement"]["zones"].as_array().map(Vec::len), Some(3));
    assert_eq!(spec["policy"]["exceptions"][0]["in_force"], false);
    let said = plimsoll(&["plan", PHRASE, "--policy", &path, "--on", "2027-04-01"]);
    assert!(said.stdout.contains("holds again"), "{}", said.stdout);
}
