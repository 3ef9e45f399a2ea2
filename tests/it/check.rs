//! `plimsoll check`: no digit of a count, price, amount, size or limit in a spec can be another.

use std::sync::LazyLock;

use domain::spec::Spec;
use plimsoll::audit::{Against, Asked, asked, audit};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::support::program::{SEED_PHRASE, example, plimsoll, with_input};

/// The spec of the seed phrase.
static SPEC: LazyLock<Value> = LazyLock::new(|| plimsoll(&["plan", SEED_PHRASE, "--json"]).json());

/// Numbers that are no count, price, amount, size or limit of what is built, or that nothing but
/// another solution or a simulation could tell. A `*` stands for any one step of a pointer; all
/// that is below is meant as well.
pub(crate) const EXCLUDED: [(&str, &str); 29] = [
    ("/verdict", "what the simulation was allowed and did"),
    ("/provenance/seed", "the name of a random stream: every one is right"),
    ("/intent/other_readings", "bills of other plans, which the spec does not hold"),
    ("/alternatives", "bills of other plans"),
    ("/sensitivities", "bills of other plans"),
    ("/optimality/designs", "how many options the solver looked at"),
    ("/optimality/kept", "how many options the solver kept"),
    ("/optimality/pruned", "how many options the solver did not keep"),
    ("/optimality/excluded", "bills of other plans"),
    ("/estimates/*/mean_us", "an expectation of the queueing model"),
    ("/estimates/*/deviation_us", "an expectation of the queueing model"),
    ("/estimates/*/percentile_us", "an expectation of the queueing model"),
    ("/availability/terms", "expected unavailability: a share; those of services need the model"),
    ("/availability/total_ppb", "their sum, each rounded: compared within that rounding"),
    ("/availability/sla_composition_ppb", "a share that is reported and planned with by nobody"),
    ("/checks/*/observed_us", "measured by the simulation"),
    ("/checks/*/ci95_us", "measured by the simulation"),
    ("/checks/*/observed_ppm", "measured by the simulation"),
    ("/checks/*/ci95_ppm", "measured by the simulation"),
    ("/checks/*/observed_load_permille", "measured by the simulation"),
    ("/checks/*/ci95_load_permille", "measured by the simulation"),
    ("/checks/*/trials", "how long the simulation took to be sure"),
    ("/checks/*/requests", "how long the simulation took to be sure"),
    ("/scenarios", "measured by the simulation"),
    ("/uptime", "worked out by the judge's enumeration of states"),
    ("/breaking_load/holds_ppm", "measured by the simulation"),
    ("/breaking_load/breaks_ppm", "measured by the simulation"),
    ("/load_curve", "measured by the simulation"),
    ("/day", "measured by the simulation"),
];

/// Whether a pointer is one of a pattern, or below it.
fn is_under(pointer: &str, pattern: &str) -> bool {
    let mut steps = pointer.split('/');
    pattern.split('/').all(|asked| steps.next().is_some_and(|own| asked == "*" || asked == own))
}

/// Every number of a document, prices in their texts among them, by its pointer.
fn numbers(place: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(parts) => {
            for (key, value) in parts {
                numbers(&format!("{place}/{key}"), value, found);
            }
        }
        Value::Array(parts) => {
            for (at, value) in parts.iter().enumerate() {
                numbers(&format!("{place}/{at}"), value, found);
            }
        }
        Value::Number(_) => found.push((place.to_owned(), value.clone())),
        Value::String(_) if place.ends_with("/unit_price_usd") => {
            found.push((place.to_owned(), value.clone()));
        }
        _ => {}
    }
}

/// The number with each of its digits as every other digit; as the next one only where numbers are
/// compared for being the same, which no digit can escape more than another.
fn changed(place: &str, number: &Value) -> Vec<Value> {
    let alike = place.starts_with("/demand/") || place.starts_with("/assumptions/");
    let text = number.as_str().map_or_else(|| number.to_string(), str::to_owned);
    let is_text = number.is_string();
    let places = text.char_indices().filter(|(_, letter)| letter.is_ascii_digit());
    let next = |letter: char| if letter == '9' { '0' } else { char::from(letter as u8 + 1) };
    let variants = places.flat_map(|(at, letter)| {
        let other = move |digit: &char| *digit != letter && (!alike || *digit == next(letter));
        ('0'..='9').filter(other).map(move |digit| (at, digit))
    });
    variants
        .filter_map(|(at, digit)| {
            let mut other = text.clone();
            other.replace_range(at..=at, &digit.to_string());
            let other = if is_text { json!(other) } else { written(&other)? };
            (other != *number).then_some(other)
        })
        .collect()
}

/// A number as it would be read from a file, where a leading nought is no number.
fn written(text: &str) -> Option<Value> {
    let trimmed = text.trim_start_matches('0');
    let start = if trimmed.is_empty() || !trimmed.starts_with(|c: char| c.is_ascii_digit()) {
        format!("0{trimmed}")
    } else {
        trimmed.to_owned()
    };
    serde_json::from_str(&start).ok()
}

/// The intent of the spec, read again.
pub(crate) fn reread(document: &Value) -> Asked {
    let spec: Spec = domain::spec::migrate(document.clone()).expect("it is a spec");
    asked(&spec, &catalogs::embedded()).expect("its intent can be read")
}

/// Of what a spec has beside that which every spec has, no digit can be another.
pub(crate) fn no_digit_can_be_another(spec: &Value) {
    let elsewhere = ["/assumptions", "/demand/day_ppm", "/demand/rules", "/demand/faults"];
    let mut patterns: Vec<&str> = EXCLUDED.iter().map(|(pattern, _)| *pattern).collect();
    // What every spec has is looked at in another test.
    patterns.extend(elsewhere);
    let mut document = spec.clone();
    document["scenarios"] = json!([]);
    document["load_curve"] = json!([]);
    let (tried, accepted) = accepted(&document, &patterns);
    assert!(tried > 2_000, "{tried} changes were tried");
    assert_eq!(accepted, Vec::<String>::new(), "of {tried}");
}

/// How many digits were changed, one at a time, and which changes the check accepts; its digests,
/// which nothing escapes, are left aside.
pub(crate) fn accepted(document: &Value, excluded: &[&str]) -> (usize, Vec<String>) {
    let (catalog, asked) = (catalogs::embedded(), reread(document));
    let against = Against { catalog: Some(&catalog), asked: Some(&asked), digests: false };
    let holds = |document: Value| {
        // What is no spec any more is refused where it is read.
        let spec = domain::spec::migrate(document).ok()?;
        audit(&spec, &against).ok().filter(|checked| checked.faults.is_empty())
    };
    assert!(holds(document.clone()).is_some(), "the spec itself holds");
    let mut found = Vec::new();
    numbers("", document, &mut found);
    found.retain(|(place, _)| !excluded.iter().any(|pattern| is_under(place, pattern)));
    let tried = found.iter().map(|(place, number)| changed(place, number).len()).sum();
    let accepted = found.par_iter().flat_map_iter(|(place, number)| {
        let mut document = document.clone();
        changed(place, number).into_iter().filter_map(move |other| {
            *document.pointer_mut(place)? = other.clone();
            holds(document.clone()).map(|_| format!("{place}: {number} as {other}"))
        })
    });
    (tried, accepted.collect())
}

#[test]
fn no_digit_of_a_count_price_amount_size_or_limit_can_be_another() {
    let patterns: Vec<&str> = EXCLUDED.iter().map(|(pattern, _)| *pattern).collect();
    let mut document = SPEC.clone();
    // Long lists of what a simulation saw, which are excluded: without them it goes faster.
    document["scenarios"] = json!([]);
    document["load_curve"] = json!([]);
    let (tried, accepted) = accepted(&document, &patterns);
    assert!(tried > 7_000, "{tried} changes were tried");
    assert_eq!(accepted, Vec::<String>::new(), "of {tried}");
}

#[test]
fn every_answer_holds_with_its_intent_and_without() {
    let catalog = catalogs::embedded();
    let shop = example("shop.yaml");
    let asks = [
        shop.as_str(),
        "500 users, 99% uptime",
        "2k users, 99.9% uptime, p95 200ms on azure",
        "3k users, 99.95% uptime, p99 300ms on google, zones 3",
        "1k users, 99.99% uptime, p95 400ms, operations: advanced",
    ];
    for ask in asks {
        let document = plimsoll(&["plan", ask, "--json"]).json();
        let asked = reread(&document);
        let spec = domain::spec::migrate(document).expect("it is a spec");
        for asked in [Some(&asked), None] {
            let against = Against { catalog: Some(&catalog), asked, digests: true };
            let checked = audit(&spec, &against).expect("it can be looked at");
            assert_eq!(checked.faults, [], "{ask}, its intent known: {}", asked.is_some());
        }
    }
}

#[test]
fn no_number_and_no_circle_of_calls_is_too_much() {
    let (catalog, asked) = (catalogs::embedded(), reread(&SPEC));
    let mut document = SPEC.clone();
    document["scenarios"] = json!([]);
    document["load_curve"] = json!([]);
    let mut found = Vec::new();
    numbers("", &document, &mut found);
    // One step of the day is like another.
    found.retain(|(place, _)| !place.starts_with("/demand/day_ppm/") || place.ends_with("/0"));
    let answered = |document: &Value, asked: Option<&Asked>| {
        let Ok(spec) = domain::spec::migrate(document.clone()) else { return };
        let against = Against { catalog: Some(&catalog), asked, digests: false };
        if let Ok(checked) = audit(&spec, &against) {
            assert!(!checked.unchecked.is_empty(), "something is always left to a simulation");
        }
    };
    found.par_iter().for_each(|(place, _)| {
        let mut document = document.clone();
        for extreme in [json!(0), json!(u32::MAX), json!(u64::MAX)] {
            *document.pointer_mut(place).expect("it is there") = extreme;
            answered(&document, Some(&asked));
            answered(&document, None);
        }
    });
    // The cache asks the app that asks it.
    let app = document["demand"]["services"][1]["calls"][0].clone();
    document["demand"]["services"][2]["calls"] = json!([app]);
    document["demand"]["services"][2]["calls"][0]["to"] = json!("app");
    let spec = domain::spec::migrate(document).expect("it is a spec");
    let against = Against { catalog: Some(&catalog), asked: None, digests: false };
    let checked = audit(&spec, &against).expect("it can be looked at");
    let circle = "a service stands before one that calls it";
    assert!(checked.faults.iter().any(|fault| fault.text == circle), "{:?}", checked.faults);
}

#[test]
fn a_spec_as_it_was_written_holds_and_what_was_not_checked_is_said() {
    let said = with_input(&["check", "-"], SPEC.to_string());
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.starts_with("HOLDS  web; all of "), "{}", said.stdout);
    for named in ["not checked:", "run plimsoll verify", "only a solver can tell"] {
        assert!(said.stdout.contains(named), "{named}: {}", said.stdout);
    }
    assert!(said.stdout.lines().all(|line| line.chars().count() <= 100), "{}", said.stdout);
    let quiet = with_input(&["check", "-", "--quiet"], SPEC.to_string());
    assert_eq!((quiet.code, quiet.stdout.lines().count()), (0, 1), "{}", quiet.stdout);
}

#[test]
fn a_digest_is_that_of_the_text() {
    let mut spec = SPEC.clone();
    spec["scenarios"][0]["requests"] = json!(1);
    let said = with_input(&["check", "-", "--json"], spec.to_string());
    assert_eq!(said.code, 4, "{}", said.stdout);
    let found = said.json();
    assert_eq!(found["holds"], false);
    assert_eq!(found["faults"].as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found["faults"][0]["place"], "/metadata/digest");
    assert_eq!(found["faults"][0]["stated"], SPEC["metadata"]["digest"]);
    let schema = plimsoll(&["schema", "check"]).json();
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for document in [&found, &with_input(&["check", "-", "--json"], SPEC.to_string()).json()] {
        assert!(validator.is_valid(document), "{document}");
    }
}

#[test]
fn what_does_not_hold_is_told_with_its_place_and_both_values() {
    let mut spec = SPEC.clone();
    spec["cost"]["lines"][0]["unit_price_usd"] = json!("0.0726");
    let said = with_input(&["check", "-"], spec.to_string());
    assert_eq!(said.code, 4, "{}", said.stdout);
    assert!(said.stdout.starts_with("REFUTED  web; "), "{}", said.stdout);
    for told in [
        "/cost/lines/0/unit_price_usd\n    0.0726 stated, 0.0725 recomputed",
        "/cost/lines/0/amount_micros/peak_fleet\n    1005575000 stated, 1006962000 recomputed",
    ] {
        assert!(said.stdout.contains(told), "{told}: {}", said.stdout);
    }
}

#[test]
fn of_another_catalog_it_is_said_what_was_not_looked_at() {
    let mut spec = SPEC.clone();
    spec["provenance"]["catalog"]["digest"] = json!("sha256:another");
    let found = with_input(&["check", "-", "--json"], spec.to_string()).json();
    let places = |list: &Value| -> Vec<String> {
        let list = list.as_array().expect("a list");
        list.iter().map(|one| one["place"].to_string()).collect()
    };
    // The digest alone: what was rounded once is worked out within that rounding.
    assert_eq!(places(&found["faults"]), ["\"/metadata/digest\""], "{found}");
    let unchecked = found["unchecked"].to_string();
    for named in ["made from another catalog", "could not be read again"] {
        assert!(unchecked.contains(named), "{named}: {unchecked}");
    }
}

#[test]
fn another_phrase_than_was_planned_is_a_fault() {
    let mut spec = SPEC.clone();
    spec["intent"]["phrase"] = json!("handle 20k users, 99.9% uptime, 400ms latency");
    let said = with_input(&["check", "-"], spec.to_string());
    assert_eq!(said.code, 4, "{}", said.stdout);
    assert!(said.stdout.contains("/provenance/intent_digest"), "{}", said.stdout);
}

#[test]
fn what_cannot_be_read_is_no_verdict() {
    let said = with_input(&["check", "-"], json!({"apiVersion": "plimsoll/v7"}).to_string());
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("error[spec::version]"), "{}", said.stderr);
    let said = plimsoll(&["check", "no/such/spec.json"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("error[io::read]"), "{}", said.stderr);
}
