//! A limit of the expected bill: it leaves the cheapest plan as it is or leaves none, and changes
//! what a budget buys.

use serde_json::Value;

use super::policy;
use crate::support::program::{Said, plimsoll};

/// It changes what a larger budget buys.
pub(super) const LIMIT: &str = "{id: x, limit: {cost.expected: 700 USD/month}}";

const PHRASE: &str = "99% uptime, 400ms latency on aws in eu-west-1";

fn capacity(arguments: &[&str]) -> Said {
    let said = plimsoll(&[&["capacity", PHRASE, "--json"], arguments].concat());
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    said
}

fn micros(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("an amount: {value}"))
}

#[test]
fn a_limit_changes_what_a_budget_buys_and_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("limit.yaml");
    std::fs::write(&path, policy(&[LIMIT])).expect("a file can be written");
    let limit = path.display().to_string();
    let free = capacity(&["--budget", "1000USD/month"]).json();
    let bound = capacity(&["--budget", "1000USD/month", "--policy", &limit]).json();
    let users = |found: &Value| found["carried"]["users"].as_u64().expect("users are carried");
    let bill = |found: &Value| micros(&found["design"]["monthly_micros"]);
    assert!(bill(&free) > 700_000_000, "{free}");
    assert!(bill(&bound) <= 700_000_000, "{bound}");
    assert!(users(&bound) < users(&free), "{bound}");
    assert_ne!(bound["design"]["plan_digest"], free["design"]["plan_digest"]);
    // It is what that much money buys, and one step more has no plan under the rule's name.
    let money = capacity(&["--budget", "700USD/month"]).json();
    assert_eq!(bound["carried"], money["carried"]);
    assert_eq!(bound["design"]["plan_digest"], money["design"]["plan_digest"]);
    let more = bound["refused"]["ask"]["users"].as_u64().expect("one step more");
    let more = format!("{more} users, {PHRASE}");
    let said = plimsoll(&["plan", &more, "--policy", &limit, "--json"]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    let refused = said.json();
    let conflict = refused["conflict"].as_array().expect("a conflict");
    assert!(conflict.iter().any(|part| part["name"] == "policy rule x"), "{conflict:?}");
}
