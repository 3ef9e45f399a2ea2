//! The program itself, asked for plans behind a content delivery network.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::check::no_digit_can_be_another;
use crate::support::program::{SEED_PHRASE, example, plimsoll};

#[test]
fn personal_data_keeps_it_out_where_the_gdpr_binds() {
    let folder = std::env::temp_dir().join(format!("plimsoll-cdn-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let path = folder.join("gdpr.yaml");
    let text = "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {name: eu}\ncompliance: [gdpr]\n";
    std::fs::write(&path, text).expect("a file can be written");
    let said = |holds: &str| {
        let intent = example("cached.yaml");
        let path = path.display().to_string();
        let more = ["--set", holds];
        let more: &[&str] = if holds.is_empty() { &[] } else { &more };
        let all = [&["plan", &intent, "--policy", &path, "--json"], more].concat();
        plimsoll(&all).json()
    };
    let unbound = said("");
    assert_eq!(unbound["network"]["cdn"]["product"], "aws.cloudfront");
    let bound = said("services.store.holds=[personal]");
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    assert_eq!(bound["verdict"]["status"], "verified", "{}", bound["verdict"]);
    assert_eq!(bound["network"]["cdn"], Value::Null);
    assert_eq!(bound["placement"]["region"], "eu-west-1");
    let rules = bound["policy"]["results"].to_string();
    assert!(rules.contains("no content delivery network keeps copies elsewhere"), "{rules}");
    let risks = bound["risks"].to_string();
    assert!(risks.contains("no content delivery network, by policy rule"), "{risks}");
}

#[test]
fn the_bill_of_materials_has_it() {
    let folder = std::env::temp_dir().join(format!("plimsoll-cdn-bom-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let path = folder.join("spec.json");
    std::fs::write(&path, TEXT.as_str()).expect("a file can be written");
    let (spec, out) = (path.display().to_string(), folder.join("out").display().to_string());
    let said = plimsoll(&["emit", &spec, "--to", "bom", "--out", &out]);
    let text = std::fs::read_to_string(folder.join("out/bom.json"));
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let bom: Value = serde_json::from_str(&text.expect("it is written")).expect("it is JSON");
    let resources = bom["resources"].as_array().expect("resources");
    let own = resources.iter().find(|own| own["type"] == "cdn").expect("it is there");
    assert_eq!((&own["product"], &own["region"]), (&json!("aws.cloudfront"), &json!("global")));
}

/// The spec of the example, as it was written and as a document.
static TEXT: LazyLock<String> =
    LazyLock::new(|| plimsoll(&["plan", &example("cached.yaml"), "--json"]).stdout);
static SPEC: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&TEXT).expect("a spec is JSON"));

#[test]
fn no_digit_of_a_plan_with_one_can_be_another() {
    assert_eq!(SPEC["verdict"]["status"], "verified", "{}", SPEC["verdict"]);
    no_digit_can_be_another(&SPEC);
}

#[test]
fn a_spec_with_one_is_judged_again() {
    let folder = std::env::temp_dir().join(format!("plimsoll-cdn-spec-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let path = folder.join("spec.json");
    std::fs::write(&path, TEXT.as_str()).expect("a file can be written");
    let said = plimsoll(&["verify", &path.display().to_string(), "--json"]);
    let scenario = ["--scenario", "peak"];
    let told = plimsoll(&[&["verify", &path.display().to_string()], &scenario[..]].concat());
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    assert!(
        told.stdout.contains("judged: the requests that reach the balancer"),
        "{}",
        told.stdout
    );
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let (again, own) = (said.json(), &SPEC["uptime"]["terms"]);
    let own = own.as_array().expect("terms").iter().find(|term| term["name"] == "cdn");
    let own = own.expect("its term")["unavailability_ppb"].as_u64().expect("a number");
    // 50 ppm of the time between outages.
    assert!((49_990..=50_000).contains(&own), "{own}");
    assert!(again["uptime"]["terms"].to_string().contains("\"cdn\""), "{again}");
}

#[test]
fn the_answer_says_what_it_answers_and_what_that_costs() {
    let said = plimsoll(&["plan", SEED_PHRASE, "--set", "requests.page.cacheable=40%"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let text = "aws.cloudfront answers 40% of 4,571 req/s; the 2,743 req/s that it passes on";
    assert!(said.stdout.contains(text), "{}", said.stdout);
    assert!(said.stdout.contains("without it $"), "{}", said.stdout);
}

#[test]
fn a_static_site_is_an_origin_for_what_is_not_kept() {
    let phrase = "static site behind a CDN, 50k daily active users, 99.9% uptime, p95 200ms";
    let said = plimsoll(&["plan", phrase, "--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let spec = said.json();
    assert_eq!(spec["intent"]["archetype"], "static");
    assert_eq!(spec["network"]["cdn"]["product"], "aws.cloudfront");
    let all = spec["demand"]["cdn"]["peak_micro_rps"].as_u64().expect("a rate");
    let rest = spec["demand"]["peak_micro_rps"].as_u64().expect("a rate");
    assert!(rest.abs_diff(all / 20) <= 1, "{rest} of {all}");
    let names: Vec<&str> = spec["services"]
        .as_array()
        .expect("services")
        .iter()
        .filter_map(|service| service["name"].as_str())
        .collect();
    assert_eq!(names, ["edge", "origin"]);
    let listed = plimsoll(&["archetypes", "static"]);
    assert!(listed.stdout.contains("requests.file.cacheable"), "{}", listed.stdout);
    let elsewhere = plimsoll(&["plan", "a cdn for 10k users"]);
    assert_eq!(elsewhere.code, 2, "{}", elsewhere.stdout);
    assert!(elsewhere.stderr.contains("say `static site`"), "{}", elsewhere.stderr);
}
