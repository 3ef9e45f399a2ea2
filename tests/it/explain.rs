//! `plimsoll explain`: every price in it is that of another plan, and every offer has its reason.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::program::{SEED_PHRASE, command, example, plimsoll, run};

/// Cheap to plan.
const SMALL: &str = "1k users, 99.9% uptime, 400ms latency";

fn explained(arguments: &[&str]) -> Value {
    let said = plimsoll(&[&["explain"], arguments, &["--json"]].concat());
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    said.json()
}

static SMALL_EXPLAINED: LazyLock<Value> = LazyLock::new(|| explained(&[SMALL, "--assumptions"]));

fn list<'v>(value: &'v Value, what: &str) -> &'v Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{what} is a list: {value}"))
}

fn micros(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("an amount: {value}"))
}

fn price<'v>(explained: &'v Value, name: &str) -> &'v Value {
    let mut prices = list(&explained["prices"], "prices").iter();
    prices.find(|price| price["requirement"] == name).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn the_seed_phrase_says_what_binds_prices_a_nine_and_lists_runner_ups_and_reasons() {
    let explained = explained(&[SEED_PHRASE]);
    let binding: Vec<&str> =
        list(&explained["binding"], "what binds").iter().filter_map(Value::as_str).collect();
    assert!(binding.contains(&"users") && !binding.contains(&"latency p95"), "{binding:?}");
    let nine = &price(&explained, "uptime")["stricter"];
    assert_eq!(nine["value"], "99.99%");
    assert!(micros(&nine["change_micros"]) > 0, "{nine}");
    let here = &explained["design"];
    let design = |design: &Value| {
        let kinds = |service: &Value| {
            let offers = list(&service["offers"], "offers").iter();
            offers.map(|offer| offer["instance_type"].to_string()).collect::<Vec<_>>()
        };
        let services: Vec<_> = list(&design["services"], "services").iter().map(kinds).collect();
        (design["provider"].to_string(), design["zones"].to_string(), services)
    };
    let runner_ups = list(&explained["runner_ups"], "runner-ups");
    let designs: BTreeSet<_> = runner_ups.iter().chain([here]).map(design).collect();
    assert_eq!((runner_ups.len(), designs.len()), (3, 4), "{runner_ups:?}");
    for runner_up in runner_ups {
        assert_eq!(runner_up["status"], "verified");
        assert!(micros(&runner_up["monthly_micros"]) >= micros(&here["monthly_micros"]));
    }
    // The same machines somewhere else are no other design, and are told once.
    let elsewhere = list(&explained["elsewhere"], "regions");
    let region = elsewhere.first().expect("another region")["region"].as_str().expect("a name");
    let planned = format!("{SEED_PHRASE} in {region}");
    let planned = plimsoll(&["plan", &planned, "--json"]).json();
    assert_eq!(elsewhere[0]["monthly_micros"], planned["cost"]["monthly_micros"]["expected"]);
    // Every reason that the spec of the plan counts has an example here.
    let spec = plimsoll(&["plan", SEED_PHRASE, "--json"]).json();
    assert_eq!(spec["metadata"]["plan_digest"], here["plan_digest"]);
    let rejected = list(&explained["rejected"], "rejected offers");
    let pruned = spec["optimality"]["pruned"].as_object().expect("reasons");
    assert!(pruned.len() >= 5, "{pruned:?}");
    for reason in pruned.keys() {
        let told = rejected.iter().find(|each| each["reason"] == reason.as_str());
        let told = told.unwrap_or_else(|| panic!("{reason} is not among {rejected:?}"));
        assert!(told["example"].as_str().is_some_and(|example| !example.is_empty()), "{told}");
        assert!(told["why"].as_str().is_some_and(|why| !why.is_empty()), "{told}");
    }
    // And so have the offers that pruning drops, and those that are only dearer.
    let told = |reason: &str| {
        let told = rejected.iter().find(|each| each["reason"] == reason);
        told.unwrap_or_else(|| panic!("{reason} is not among {rejected:?}"))
    };
    let (dominated, dearer) = (told("dominated"), told("dearer"));
    assert!(dominated["offers"].as_u64() > dearer["offers"].as_u64(), "{rejected:?}");
    let by = dominated["dominated_by"].as_str().expect("an offer");
    assert!(dominated["why"].as_str().is_some_and(|why| why.starts_with(by)), "{dominated}");
    assert_ne!(dominated["example"], by);
}

#[test]
fn a_dominated_offer_is_never_cheaper_than_the_one_that_dominates_it() {
    let dominated = list(&SMALL_EXPLAINED["rejected"], "rejected offers").iter();
    let dominated = dominated.clone().find(|each| each["reason"] == "dominated").expect("a reason");
    let cost = |offer: &Value| {
        let name = offer.as_str().expect("a name");
        let service = match name {
            _ if name.starts_with("db.") => "db",
            _ if name.starts_with("cache.") => "cache",
            _ => "app",
        };
        let pin = format!("pins.{service}.instance_type={name}");
        let spec = plimsoll(&["plan", SMALL, "--set", &pin, "--json"]).json();
        micros(&spec["cost"]["monthly_micros"]["expected"])
    };
    assert!(cost(&dominated["example"]) >= cost(&dominated["dominated_by"]), "{dominated}");
}

#[test]
fn a_nine_that_takes_more_careful_operations_says_so() {
    let said = plimsoll(&["explain", SMALL]);
    assert!(said.stdout.contains("99.99% takes operations: advanced"), "{}", said.stdout);
    let said = plimsoll(&["explain", SMALL, "--set", "operations=advanced"]);
    assert!(!said.stdout.contains("takes operations"), "{}", said.stdout);
}

#[test]
fn a_reason_is_told_once_for_all_engines_of_an_offer() {
    let explained = explained(&[SMALL, "--offer", "db.m6g.large"]);
    let reasons = list(&explained["offer"]["reasons"], "reasons");
    let different: BTreeSet<String> = reasons.iter().map(Value::to_string).collect();
    assert_eq!(different.len(), reasons.len(), "{reasons:?}");
    assert!(!reasons.is_empty(), "{explained}");
}

#[test]
fn each_price_of_a_requirement_is_that_of_a_plan_for_it() {
    let here = micros(&SMALL_EXPLAINED["design"]["monthly_micros"]);
    let cost = |phrase: &str, further: &[&str]| {
        let said = plimsoll(&[&["plan", phrase, "--json"], further].concat());
        let spec = said.json();
        let verified = spec["verdict"]["status"] == "verified";
        verified.then(|| micros(&spec["cost"]["monthly_micros"]["expected"]))
    };
    let agrees = |side: &Value, phrase: &str, further: &[&str]| {
        let planned = cost(phrase, further);
        assert_eq!(side["design"]["monthly_micros"].as_i64(), planned, "{phrase}: {side}");
        assert_eq!(side["change_micros"].as_i64(), planned.map(|cost| cost - here), "{phrase}");
    };
    let (less, more) = ("less_strict", "stricter");
    let users = price(&SMALL_EXPLAINED, "users");
    agrees(&users[less], "750 users, 99.9% uptime, 400ms latency", &[]);
    agrees(&users[more], "1250 users, 99.9% uptime, 400ms latency", &[]);
    let uptime = price(&SMALL_EXPLAINED, "uptime");
    agrees(&uptime[less], "1k users, 99% uptime, 400ms latency", &[]);
    let careful = ["--set", "operations=advanced"];
    agrees(&uptime[more], "1k users, 99.99% uptime, 400ms latency", &careful);
    assert_eq!(uptime[more]["design"]["operations"], "advanced");
    let latency = price(&SMALL_EXPLAINED, "latency p95");
    agrees(&latency[less], "1k users, 99.9% uptime, 500ms latency", &[]);
    agrees(&latency[more], "1k users, 99.9% uptime, 300ms latency", &[]);
    let headroom = price(&SMALL_EXPLAINED, "headroom");
    agrees(&headroom[less], SMALL, &["--headroom", "0%"]);
    agrees(&headroom[more], SMALL, &["--headroom", "50%"]);
    let region = &price(&SMALL_EXPLAINED, "region")[more];
    let name = region["value"].as_str().and_then(|value| value.strip_suffix(" only"));
    let named = format!("{SMALL} in {}", name.expect("another region"));
    agrees(region, &named, &[]);
}

#[test]
fn assumptions_are_ranked_by_what_they_move_and_levers_are_plans() {
    let here = micros(&SMALL_EXPLAINED["design"]["monthly_micros"]);
    let swings = list(&SMALL_EXPLAINED["assumptions"], "assumptions");
    assert!(swings.len() > 60, "{}", swings.len());
    let change = |side: &Value| match (side, &side["monthly_micros"]) {
        (Value::String(word), _) if word == "no_plan" => i64::MAX,
        (Value::String(_), _) => 0,
        (_, cost) => (micros(cost) - here).abs(),
    };
    let moved: Vec<i64> =
        swings.iter().map(|each| change(&each["half"]).max(change(&each["twice"]))).collect();
    assert!(moved.is_sorted_by(|one, other| one >= other), "{moved:?}");
    let think = swings.iter().find(|each| each["name"] == "demand.think_time").expect("an entry");
    let cost = |setting: &str| {
        let spec = plimsoll(&["plan", SMALL, "--set", setting, "--json"]).json();
        micros(&spec["cost"]["monthly_micros"]["expected"])
    };
    assert_eq!(micros(&think["half"]["monthly_micros"]), cost("demand.think_time=3.5s"));
    assert_eq!(micros(&think["twice"]["monthly_micros"]), cost("demand.think_time=14s"));
    let levers = list(&SMALL_EXPLAINED["levers"], "levers");
    let lever = |id: &str| {
        let found = levers.iter().find(|lever| lever["id"] == id);
        micros(&found.unwrap_or_else(|| panic!("{id}: {levers:?}"))["monthly_micros"])
    };
    assert_eq!(lever("compress-responses"), cost("requests.page.response=4200B"));
    assert_eq!(lever("halve-queries"), cost("services.app.calls.cache.count=1.5"));
    assert_eq!(lever("halve-misses"), cost("services.cache.hit_ratio=95%"));
    assert_eq!(lever("operations"), cost("operations=advanced"));
    assert_eq!(lever("self-run-data"), cost("rules.self_run_data=anywhere"));
}

#[test]
fn one_lever_has_one_price_however_it_is_asked() {
    let mail = example("mail.yaml");
    let planned = plimsoll(&["plan", &mail, "--json"]).json();
    let alternatives = list(&planned["alternatives"], "alternatives").iter();
    let alternative = alternatives.clone().find(|own| own["id"] == "lever:compress-responses");
    let explained = explained(&[&mail]);
    let levers = list(&explained["levers"], "levers").iter();
    let lever = levers.clone().find(|own| own["id"] == "compress-responses").expect("a lever");
    let alternative = alternative.unwrap_or_else(|| panic!("{planned}"));
    assert_eq!(lever["monthly_micros"], alternative["monthly_micros"], "{alternative}");
    let responses = ["requests.browse.response=8400B", "requests.order.response=1400B"];
    let settings = responses.iter().flat_map(|setting| ["--set", setting]);
    let arguments: Vec<&str> = ["plan", &mail, "--json"].into_iter().chain(settings).collect();
    let both = plimsoll(&arguments).json();
    assert_eq!(lever["monthly_micros"], both["cost"]["monthly_micros"]["expected"]);
}

#[test]
fn a_rule_of_a_policy_has_its_price_where_it_binds_and_says_where_it_does_not() {
    const RULES: &str = "apiVersion: plimsoll/v1
kind: Policy
metadata: {name: team, version: 2}
rules:
  - {id: spread, require: {zones: \">= 3\"}}
  - {id: families, deny: {family: [\"t*\"]}}
  - {id: small, when: {environment: dev}, limit: {cost.ceiling: 10 USD/month}}
  - {id: fresh, require: {price.age: \"<= 100d\"}, effect: warn}
";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("team.yaml");
    std::fs::write(&file, RULES).expect("a file");
    let file = file.to_str().expect("a path of letters");
    let arguments = [SMALL, "--policy", file, "--set", "metadata.labels.environment=prod"];
    let explained = explained(&arguments);
    let here = micros(&explained["design"]["monthly_micros"]);
    let free = micros(&SMALL_EXPLAINED["design"]["monthly_micros"]);
    assert!(free < here, "three zones are dearer than two");
    let spread = price(&explained, "policy rule spread");
    assert_eq!(spread["asked"], "zones >= 3");
    assert_eq!(spread["place"], format!("{file}:5:10"));
    assert_eq!(spread["less_strict"]["design"]["monthly_micros"].as_i64(), Some(free));
    assert_eq!(spread["less_strict"]["change_micros"].as_i64(), Some(free - here));
    assert!(spread["stricter"].is_null(), "{spread}");
    let families = price(&explained, "policy rule families");
    assert_eq!(families["less_strict"]["change_micros"].as_i64(), Some(0), "{families}");
    let binding = list(&explained["binding"], "what binds");
    assert!(binding.contains(&"policy rule spread".into()), "{binding:?}");
    assert!(!binding.contains(&"policy rule families".into()), "{binding:?}");
    let idle = list(&explained["idle_rules"], "rules that do nothing");
    let idle: Vec<(&str, &str)> = idle
        .iter()
        .map(|own| (own["rule"].as_str().expect("a rule"), own["why"].as_str().expect("why")))
        .collect();
    assert_eq!(idle[0], ("small", "does not apply: the environment is prod, not dev"));
    assert!(idle[1].0 == "fresh" && idle[1].1.starts_with("only warns: "), "{idle:?}");
    assert_eq!(idle.len(), 2);
    let said = plimsoll(&[&["explain"][..], &arguments].concat()).stdout;
    let change = format!("-${}", (here - free + 500_000) / 1_000_000);
    let told =
        said.lines().find(|line| line.contains("policy rule spread") && !line.contains("WHY"));
    assert!(told.is_some_and(|line| line.contains(&change)), "{change} {said}");
    assert!(told.is_some_and(|line| line.contains("  team.yaml:5:10  ")), "{said}");
    assert!(said.contains("policy rule families applies and does not bind"), "{said}");
    assert!(!said.contains("none\n"), "{said}");
    assert!(said.lines().all(|line| line.chars().count() <= 100), "{said}");
    assert!(said.lines().count() <= 40, "{said}");
}

#[test]
fn an_offer_that_was_not_bought_has_its_reason_and_its_price() {
    let explained = explained(&[SMALL, "--offer", "t4g.large"]);
    let reasons = list(&explained["offer"]["reasons"], "reasons");
    assert!(reasons.iter().any(|reason| reason.to_string().contains("burstable")), "{reasons:?}");
    let instead = &list(&explained["offer"]["instead"], "what it would be")[0];
    assert_eq!(instead["service"], "app");
    let pin = "pins.app.instance_type=t4g.large";
    let planned = plimsoll(&["plan", SMALL, "--set", pin, "--json"]).json();
    assert_eq!(planned["metadata"]["plan_digest"], instead["design"]["plan_digest"]);

    let said = plimsoll(&["explain", SMALL, "--offer", "t4g.larg"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("did you mean `t4g.large`?"), "{}", said.stderr);
    let said = plimsoll(&["explain", "1k users, below $10 a month"]);
    assert_eq!(said.code, 3, "{}", said.stdout);
    assert!(said.stdout.starts_with("INFEASIBLE"), "{}", said.stdout);
}

#[test]
fn the_screens_read_as_the_transcript_has_them() {
    for (name, further) in [
        ("explain", vec![]),
        ("explain_offer", vec!["--offer", "m7g.large"]),
        ("explain_assumptions", vec!["--assumptions"]),
    ] {
        let said = plimsoll(&[&["explain", SMALL], further.as_slice()].concat());
        assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
        let (text, _) = said.stdout.trim_end().rsplit_once(';').expect("a time at the end");
        insta::assert_snapshot!(name, text);
        assert!(said.stdout.lines().all(|line| line.chars().count() <= 100), "{}", said.stdout);
        assert!(said.stdout.lines().count() <= 40, "{}", said.stdout);
    }
}

#[test]
fn the_same_bytes_on_one_and_two_threads_and_of_the_schema() {
    let with_threads = |threads: &str| {
        let arguments = ["explain", SMALL, "--json"];
        run(command(&arguments).env("RAYON_NUM_THREADS", threads)).stdout
    };
    assert!(with_threads("1") == with_threads("2"), "the bytes differ by the number of threads");
    let schema = plimsoll(&["schema", "explanation"]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> =
        validator.iter_errors(&SMALL_EXPLAINED).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
}
