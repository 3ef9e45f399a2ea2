//! What a change comes from: what was asked for, assumed, ruled and priced otherwise. What an
//! assumption says is told once, by its name in the ledger, and not by the parts of the demand that
//! follow from it; what an outcome states is told by that.

mod outcomes;
mod rank;

use std::collections::{BTreeMap, BTreeSet};

use domain::ledger::Value as Assumed;
use domain::policy::ENVIRONMENT;
use domain::spec::{AssumptionPart, LedgerValue, PolicyResult, Spec};
use serde::Serialize;
use serde_json::Value;

use super::Change;
use crate::figures;

/// Every cause.
pub(super) fn changes(from: &Spec, to: &Spec) -> Vec<Change> {
    let mut all = Vec::new();
    all.extend(texts(&named(from), &named(to)));
    let assumed = assumptions(from, to);
    all.extend(outcomes::changes(from, to));
    all.extend(parts("classes", &from.demand.classes, &to.demand.classes));
    all.extend(parts("services", &from.demand.services, &to.demand.services));
    all.extend(parts("pins", &from.demand.pins, &to.demand.pins));
    all.extend(parts("run_on", &from.demand.run_on, &to.demand.run_on));
    all.extend(parts("purchase", &from.demand.purchase, &to.demand.purchase));
    let hours = (&from.demand.hours, &to.demand.hours);
    all.extend(parts("hours", hours.0, hours.1));
    let said = |own: &Change| is_label(own, &all) || is_outcome(own, &all);
    let told: Vec<Change> = assumed.into_iter().filter(|own| !said(own)).collect();
    all.retain(|own| !told.iter().any(|assumed| follows(own, assumed)));
    for own in &mut all {
        own.about = as_written(&own.about);
    }
    all.extend(told);
    all.extend(texts(&rules(from), &rules(to)));
    all.extend(texts(&lifted(from), &lifted(to)));
    let catalog = |spec: &Spec| {
        let catalog = &spec.provenance.catalog;
        Some(format!("{} ({})", catalog.as_of.0, short(&catalog.digest)))
    };
    let made = |spec: &Spec| Some(spec.provenance.tool.clone());
    let seed = |spec: &Spec| Some(spec.provenance.seed.to_string());
    let provenance = [
        Change::of("catalog", catalog(from), catalog(to)),
        Change::of("program", made(from), made(to)),
        Change::of("seed", seed(from), seed(to)),
    ];
    all.extend(provenance.into_iter().flatten());
    rank::order(&mut all, from, to);
    all
}

/// The first signs of a digest, enough to tell two apart by eye.
fn short(digest: &str) -> String {
    digest.trim_start_matches("sha256:").chars().take(8).collect()
}

/// How a number in a unit is told.
type Tell = fn(f64) -> String;

/// How numbers of a spec are told, by the unit at the end of their name.
const UNITS: [(&str, Tell); 9] = [
    ("_micro_rps", |number| format!("{}/s", figures::number(number / 1e6))),
    ("_ppm", |number| figures::percent(number / 1e6, 3)),
    ("_permille", |number| figures::percent(number / 1e3, 1)),
    ("_ns", |number| figures::time(number / 1e9)),
    ("_us", |number| figures::time(number / 1e6)),
    ("_micros", |number| format!("${}", figures::decimals(number / 1e6, 2))),
    ("_milli", |number| figures::decimals(number / 1e3, 3)),
    ("_mib", figures::mebibytes),
    ("_bytes", figures::bytes),
];

/// A changed number in its unit, and its name without that; as it stands where that hides the
/// change, or where the name has none.
fn told(change: Change) -> Change {
    let known =
        UNITS.iter().find_map(|(unit, tell)| Some((change.about.strip_suffix(unit)?, tell)));
    let Some((about, tell)) = known else { return change };
    let said =
        |side: &Option<String>| side.as_ref().and_then(|text| Some(tell(text.parse().ok()?)));
    match (said(&change.from), said(&change.to)) {
        (from, to) if from == to => change,
        (from, to) => Change { about: about.to_owned(), from, to, ..change },
    }
}

/// What differs between two parts of a spec, leaf by leaf.
fn parts<T: Serialize>(about: &str, from: &T, to: &T) -> Vec<Change> {
    let leaves = |part: &T| {
        let mut leaves = BTreeMap::new();
        let value = serde_json::to_value(part).expect("a part of a spec is JSON");
        fill(&mut leaves, about.to_owned(), &value);
        leaves
    };
    texts(&leaves(from), &leaves(to)).into_iter().map(told).collect()
}

/// Every leaf of a value by its place; members of lists go by their name or id where they have one,
/// which is no leaf then, and a list of words is one leaf.
fn fill(leaves: &mut BTreeMap<String, String>, place: String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, field) in fields {
                fill(leaves, format!("{place}.{name}"), field);
            }
        }
        Value::Array(members) if members.iter().all(Value::is_string) => {
            let words: Vec<&str> = members.iter().filter_map(Value::as_str).collect();
            if !words.is_empty() {
                leaves.insert(place, words.join(", "));
            }
        }
        Value::Array(members) => {
            for (at, member) in members.iter().enumerate() {
                let text = |key: &str| member.get(key).and_then(Value::as_str);
                let key =
                    ["id", "name", "service", "to"].into_iter().find(|key| text(key).is_some());
                // A call, or some work, may be that of one class.
                let keys: Vec<&str> = key.into_iter().chain(["class"]).collect();
                let called: Vec<&str> = keys.iter().filter_map(|key| text(key)).collect();
                let at = at.to_string();
                let called = if called.is_empty() { at } else { called.join(".") };
                let mut member = member.clone();
                if let Some(fields) = member.as_object_mut() {
                    fields.retain(|name, _| !keys.contains(&name.as_str()));
                }
                fill(leaves, format!("{place}.{called}"), &member);
            }
        }
        Value::String(text) => {
            leaves.insert(place, text.clone());
        }
        other => {
            leaves.insert(place, other.to_string());
        }
    }
}

/// What differs between texts by their names.
fn texts(from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) -> Vec<Change> {
    let gone = from.keys().filter(|name| !to.contains_key(*name));
    let names = to.keys().chain(gone);
    let change =
        |name: &String| Change::of(name.clone(), from.get(name).cloned(), to.get(name).cloned());
    names.filter_map(change).collect()
}

/// What a spec is called and labelled.
fn named(spec: &Spec) -> BTreeMap<String, String> {
    let own = &spec.metadata;
    // An environment that a label names is told by that label.
    let environment = own.environment.as_ref().filter(|_| !own.labels.contains_key(ENVIRONMENT));
    let environment = environment.map(ToString::to_string);
    let mut all = BTreeMap::from([("name".to_owned(), own.name.to_string())]);
    all.extend(environment.map(|name| ("environment".to_owned(), name)));
    let labels = [("label", &own.labels), ("annotation", &own.annotations)];
    all.extend(labels.into_iter().flat_map(|(what, texts)| {
        texts.iter().map(move |(key, text)| (format!("{what} {key}"), text.clone()))
    }));
    all
}

/// Whether an assumption is a label that is told by itself.
fn is_label(assumed: &Change, told: &[Change]) -> bool {
    let key = assumed.about.strip_prefix("assumption metadata.labels.");
    key.is_some_and(|key| told.iter().any(|own| own.about.strip_prefix("label ") == Some(key)))
}

/// What the ledger calls that which an outcome states.
const STATED: [(&str, &str); 4] = [
    ("demand.users", "objectives.load"),
    ("demand.stated_rate", "objectives.load"),
    ("headroom.load", "objectives.headroom.load"),
    ("headroom.instances_down", "objectives.headroom.instances_down"),
];

/// Whether an assumption is what an outcome states that is told by itself.
fn is_outcome(assumed: &Change, told: &[Change]) -> bool {
    let name = assumed.about.trim_start_matches("assumption ");
    let outcome = STATED.iter().find(|(own, _)| *own == name);
    outcome.is_some_and(|(_, outcome)| told.iter().any(|own| own.about == *outcome))
}

/// Words of the demand, and what an intent has for them.
const WRITTEN: [(&str, &str); 4] = [
    (".data.", "."),
    (".interface.", "."),
    (".memory_", ".memory."),
    (".reserved_connections", ".connections"),
];

/// The place of a part of the demand as an intent has it.
fn as_written(about: &str) -> String {
    if let Some(class) = about.strip_prefix("classes.") {
        return format!("requests.{class}");
    }
    if !about.starts_with("services.") {
        return about.to_owned();
    }
    let about =
        WRITTEN.iter().fold(about.to_owned(), |about, (own, written)| about.replace(own, written));
    match about.split('.').collect::<Vec<_>>().as_slice() {
        ["services", name, "work", class, "cv"] => format!("services.{name}.spread.cv.{class}"),
        ["services", name, "work", class, part] => format!("services.{name}.{part}.{class}"),
        _ => about,
    }
}

/// Whether a part of the demand is what an assumption says: its place has all the words of the name
/// in their order.
fn follows(part: &Change, assumed: &Change) -> bool {
    let Some(name) = assumed.about.strip_prefix("assumption ") else { return false };
    let is = |word: &str, wanted: &str| match wanted {
        "requests" => word == "classes",
        "working_set" | "storage" => word == "size",
        "spread" => word == "work",
        "connections" => word == "reserved_connections",
        wanted => word == wanted,
    };
    let part = part.about.replace(".memory_", ".memory.");
    let mut words = part.split('.');
    name.contains('.') && name.split('.').all(|wanted| words.any(|word| is(word, wanted)))
}

/// What is assumed otherwise, each in its unit; with all its digits where that hides the change.
fn assumptions(from: &Spec, to: &Spec) -> Vec<Change> {
    let find = |spec: &'_ Spec, name: &str| -> Option<AssumptionPart> {
        spec.assumptions.iter().find(|own| own.name == name).cloned()
    };
    let names: BTreeSet<&str> =
        from.assumptions.iter().chain(&to.assumptions).map(|own| own.name.as_str()).collect();
    let change = |name: &str| {
        let (before, now) = (find(from, name), find(to, name));
        let about = || format!("assumption {name}");
        let said = |tell: fn(&AssumptionPart) -> String| {
            Change::of(about(), before.as_ref().map(tell), now.as_ref().map(tell))
        };
        said(in_unit).or_else(|| said(exactly))
    };
    names.into_iter().filter_map(change).collect()
}

fn in_unit(own: &AssumptionPart) -> String {
    let value = match &own.value {
        LedgerValue::Number(number) => Assumed::Number(*number),
        LedgerValue::Choice(choice) => Assumed::Choice(choice.clone()),
    };
    figures::entry(&own.name, &value, &own.unit)
}

fn exactly(own: &AssumptionPart) -> String {
    match &own.value {
        LedgerValue::Number(number) => format!("{number} {}", own.unit),
        LedgerValue::Choice(choice) => choice.clone(),
    }
}

fn rules(spec: &Spec) -> BTreeMap<String, String> {
    let said = |own: &PolicyResult| {
        let kept = if own.kept { "" } else { " (broken)" };
        (format!("policy rule {}", own.rule), format!("{}{kept}", own.says))
    };
    spec.policy.results.iter().map(said).collect()
}

fn lifted(spec: &Spec) -> BTreeMap<String, String> {
    let all = spec.policy.exceptions.iter().filter(|own| own.in_force);
    all.map(|own| {
        let of = own.service.as_ref().map_or_else(String::new, |service| format!(" for {service}"));
        (format!("exception from {}{of}", own.rule), format!("until {} by {}", own.until.0, own.by))
    })
    .collect()
}
