//! The examples: intent in, verdict and spec out, as golden files.
//!
//! They are what the book shows, so a change in one is a change that users see.

use serde_json::{Value, json};

use crate::support::program::{SEED_PHRASE, example, plimsoll};

/// The parts of a spec that say what would be built, what it costs and why it holds.
fn essence(spec: &Value) -> Value {
    let services: Vec<Value> = spec["services"]
        .as_array()
        .expect("services are a list")
        .iter()
        .map(|service| {
            let offers = service["offers"].as_array().cloned().unwrap_or_default();
            json!({
                "name": service["name"],
                "product": service["product"],
                "offers": offers
                    .iter()
                    .map(|offer| json!([offer["instance_type"], offer["per_zone"]]))
                    .collect::<Vec<_>>(),
                "replicas": service["replicas"],
                "utilization": service["sizing"]["utilisation_permille"],
            })
        })
        .collect();
    let lines: Vec<Value> = spec["cost"]["lines"]
        .as_array()
        .expect("lines are a list")
        .iter()
        .map(|line| json!([line["id"], line["sku"], line["quantity_milli"], line["amount_micros"]]))
        .collect();
    let checks: Vec<Value> = spec["checks"]
        .as_array()
        .expect("checks are a list")
        .iter()
        .map(|check| json!([check["id"], check["demanded"], check["verdict"]]))
        .collect();
    json!({
        "verdict": spec["verdict"]["status"],
        "placement": spec["placement"],
        "services": services,
        "monthly": spec["cost"]["monthly_micros"],
        "lines": lines,
        "optimality": spec["optimality"]["claim"],
        "rounds": spec["optimality"]["rounds"],
        "checks": checks,
        "digest": spec["metadata"]["plan_digest"],
    })
}

fn golden(name: &str, intent: &str) {
    let said = plimsoll(&["plan", intent, "--json"]);
    assert_eq!(said.code, 0, "{name}: {}{}", said.stdout, said.stderr);
    let spec = said.json();
    insta::with_settings!({snapshot_path => "../scenarios", prepend_module_to_snapshot => false}, {
        insta::assert_json_snapshot!(name, essence(&spec));
    });
}

#[test]
fn the_seed_phrase() {
    golden("seed", SEED_PHRASE);
}

#[test]
fn the_seed_phrase_as_a_document_is_the_same_plan() {
    let phrase = plimsoll(&["plan", SEED_PHRASE, "--json"]).json();
    let document = plimsoll(&["plan", &example("seed.yaml"), "--json"]).json();
    assert_eq!(phrase["services"], document["services"]);
    assert_eq!(phrase["cost"], document["cost"]);
    assert_eq!(phrase["checks"], document["checks"]);
}

#[test]
fn a_magazine_behind_a_content_delivery_network() {
    golden("cached", &example("cached.yaml"));
}

#[test]
fn a_site_of_files() {
    golden("site", &example("site.yaml"));
}

#[test]
fn a_shop_of_five_services_and_two_classes() {
    golden("shop", &example("shop.yaml"));
}

#[test]
fn machines_that_were_decided_beforehand() {
    golden("pinned", &example("pinned.yaml"));
}

#[test]
fn an_api_measured_in_requests() {
    golden("api", &example("api.yaml"));
}

#[test]
fn an_api_that_nobody_described() {
    golden("orders", &example("orders.yaml"));
    let phrase = "500 requests/s api, 99.9% uptime, p95 under 200ms, aws";
    let phrase = plimsoll(&["plan", phrase, "--json"]).json();
    let document = plimsoll(&["plan", &example("orders.yaml"), "--json"]).json();
    assert_eq!(phrase["intent"]["archetype"], "api");
    assert_eq!(phrase["services"], document["services"]);
    assert_eq!(phrase["cost"], document["cost"]);
}

#[test]
fn jobs_that_workers_take_from_a_queue() {
    golden("jobs", &example("jobs.yaml"));
    let phrase = "50 jobs/s worker with a queue, 99.9% uptime, p95 under 100ms, aws";
    let phrase = plimsoll(&["plan", phrase, "--json"]).json();
    let document = plimsoll(&["plan", &example("jobs.yaml"), "--json"]).json();
    assert_eq!(phrase["intent"]["archetype"], "worker");
    assert_eq!(phrase["services"], document["services"]);
    assert_eq!(phrase["cost"], document["cost"]);
}

#[test]
fn a_shop_that_mails() {
    golden("mail", &example("mail.yaml"));
}
