//! The spec: its bytes, its digests, its schema, and that its first version is read for ever.

use domain::spec::{self, SpecFault};
use domain::units::MicroDollars;
use jsonschema::Validator;
use reports::restore::restore;
use reports::spec::{digest, digest_of, infeasible, plan_digest, render, schema, text};
use serde_json::{Value, json};

use crate::common;

const GOLDEN_V1: &str = include_str!("../golden/spec-v1.json");

fn document() -> Value {
    let text = text(&render(&common::answer()));
    serde_json::from_str(&text).expect("a spec is JSON")
}

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&schema()).expect("a schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is a schema")
}

#[test]
fn the_whole_spec() {
    insta::assert_snapshot!(text(&render(&common::answer())));
}

#[test]
fn the_first_version_is_still_read() {
    let document: Value = serde_json::from_str(GOLDEN_V1).unwrap();
    let spec = spec::migrate(document).expect("a spec of version 1 is read by every later program");
    assert_eq!(spec.services.len(), 4);
    assert_eq!(spec.cost.monthly_micros.expected.micros(), 3_382_241_120);
    assert_eq!(spec.services[1].offers[0].per_zone.values().sum::<u32>(), 8);
    // While version 1 is the newest, nothing of it is lost or added on the way.
    assert_eq!(text(&spec), GOLDEN_V1);
    assert_eq!(spec.metadata.digest, digest(&spec));
}

#[test]
fn every_version_has_a_golden_spec_that_is_read() {
    for version in spec::versions() {
        let number = version.strip_prefix("plimsoll/v").expect("versions are counted");
        let file = format!("{}/tests/golden/spec-v{number}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|fault| panic!("{file}: {fault}"));
        let written: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(written["apiVersion"], version, "{file}");
        let read = spec::read(&text).unwrap_or_else(|fault| panic!("{file}: {fault}"));
        assert_eq!(digest_of(&text, &read.metadata.digest), read.metadata.digest, "{file}");
        assert_ne!(digest_of(&format!("{text} "), &read.metadata.digest), read.metadata.digest);
    }
}

#[test]
fn a_spec_survives_being_read_and_written() {
    let rendered = render(&common::answer());
    let written = text(&rendered);
    let read = spec::migrate(serde_json::from_str(&written).unwrap()).unwrap();
    assert_eq!(read, rendered);
    assert_eq!(text(&read), written);
    assert_eq!(spec::read(&written), Ok(read));
    assert!(written.ends_with("}\n") && !written.ends_with("\n\n"));
}

/// Every number comes back as fine as it was written.
#[test]
fn what_a_spec_describes_is_brought_back() {
    let mut answer = common::answer();
    let rendered = render(&answer);
    let described = restore(&rendered, None).expect("a spec that was written means something");
    // The ledger is not brought back, and the volumes of the root disks are read from it.
    let ledger = std::mem::take(&mut answer.demand.ledger);
    answer.demand = domain::demand::Demand { ledger, ..described.demand };
    answer.plan.topology = described.topology;
    assert_eq!(render(&answer), rendered);
}

#[test]
fn hours_are_brought_back_and_those_that_are_none_are_not() {
    let mut answer = common::answer();
    let window = domain::hours::Window::new;
    let days = [window(480, 1_140), window(480, 1_140), None, window(0, 1_440), None, None, None];
    answer.demand.hours = domain::hours::Hours::new(days, "Europe/Dublin");
    let rendered = render(&answer);
    assert!(validator().is_valid(&serde_json::to_value(&rendered).expect("a spec is JSON")));
    assert_eq!(restore(&rendered, None).expect("it is sound").demand.hours, answer.demand.hours);
    assert_eq!(reports::spec::plan_digest_in(&rendered), rendered.metadata.plan_digest);
    let changes: [fn(&mut domain::spec::HoursPart); 6] = [
        |hours| hours.open_minutes_a_week += 1,
        |hours| hours.windows.clear(),
        |hours| hours.windows[0].closes = "25:00".to_owned(),
        |hours| hours.windows[0].opens = "noon".to_owned(),
        |hours| hours.windows[0].days = vec!["someday".to_owned()],
        |hours| hours.windows[1].days = vec!["mon".to_owned()],
    ];
    for change in changes {
        let mut edited = rendered.clone();
        change(edited.demand.hours.as_mut().expect("there are hours"));
        let faults = restore(&edited, None).expect_err("hours that are none").faults;
        assert!(faults[0].to_string().contains("demand.hours"), "{faults:?}");
    }
}

#[test]
fn what_a_spec_does_not_have_cannot_be_brought_back() {
    let mut spec = render(&common::answer());
    let zone = spec.placement.zones.pop().expect("there are two zones").id;
    spec.demand.services[0].on_failure.retry_budget_ppm = 2_000_000;
    let faults = restore(&spec, None).unwrap_err().faults;
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|fault| fault.contains("retry_budget_ppm")), "{told:?}");
    assert!(told.iter().any(|fault| fault.contains(&format!("`{zone}`"))), "{told:?}");
}

#[test]
fn the_digest_is_that_of_the_text_without_it() {
    let rendered = render(&common::answer());
    assert_eq!(rendered.metadata.digest, digest(&rendered));
    let mut changed = rendered.clone();
    changed.cost.lines[0].amount_micros.expected = MicroDollars::from_dollars(1);
    assert_ne!(changed.metadata.digest, digest(&changed));
}

#[test]
fn the_plan_digest_speaks_of_the_plan_alone() {
    let first = common::answer();
    let mut other = common::answer();
    other.intent.metadata.labels.clear();
    other.verification.seed = 2;
    other.provenance.seed = 2;
    let [first, other] = [first, other].map(|answer| render(&answer));
    assert_eq!(first.metadata.plan_digest, other.metadata.plan_digest);
    assert_ne!(first.metadata.digest, other.metadata.digest);
    let mut plan = common::answer().plan;
    assert_eq!(plan_digest(&plan), first.metadata.plan_digest);
    plan.topology.services[1].pools[0].per_zone = vec![5, 4];
    assert_ne!(plan_digest(&plan), first.metadata.plan_digest);
}

#[test]
fn the_schema_accepts_what_is_rendered() {
    let validator = validator();
    let document = document();
    let faults: Vec<String> = validator
        .iter_errors(&document)
        .map(|fault| format!("{fault} at {}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn the_schema_and_the_reader_refuse_the_same_faults() {
    let validator = validator();
    let faults: [(&str, Value); 8] = [
        ("/verdict/status", json!("splendid")),
        ("/apiVersion", json!("plimsoll/v2")),
        ("/cost/lines/0/amount_micros/expected", json!(-1)),
        ("/cost/lines/0/unit_price_usd", json!(0.02)),
        ("/metadata/name", json!("../etc")),
        ("/services/1/offers/0/vcpu", json!(1.5)),
        ("/services/1/offers/0/per_zone", json!({"z1": -4})),
        ("/demand/classes", json!({})),
    ];
    for (place, value) in faults {
        let mut document = document();
        *document.pointer_mut(place).unwrap() = value;
        assert!(!validator.is_valid(&document), "the schema accepts {place}");
        assert!(spec::migrate(document).is_err(), "the reader accepts {place}");
    }
    let mut document = document();
    document["services"][1]["replicaz"] = json!(3);
    assert!(!validator.is_valid(&document));
    let fault = spec::migrate(document).unwrap_err();
    assert!(matches!(&fault, SpecFault::Form { message, .. } if message.contains("replicaz")));
}

#[test]
fn lines_add_up_exactly_to_each_bill() {
    let document = document();
    for bill in ["expected", "peak_fleet", "ceiling"] {
        let lines = document["cost"]["lines"].as_array().unwrap();
        let amount = |line: &Value| line["amount_micros"][bill].as_i64().unwrap();
        let sum: i64 = lines.iter().map(amount).sum();
        assert_eq!(document["cost"]["monthly_micros"][bill].as_i64(), Some(sum), "{bill}");
    }
}

#[test]
fn connections_follow_from_the_calls() {
    let document = document();
    let flows = document["network"]["flows"].as_array().unwrap();
    let flow = |flow: &Value| {
        let end = |name: &str| flow[name].as_str().unwrap().to_owned();
        (end("from"), end("to"), flow["port"].as_u64().unwrap())
    };
    let flows: Vec<_> = flows.iter().map(flow).collect();
    let expected = [
        ("internet", "edge", 443),
        ("edge", "app", 8080),
        ("app", "cache", 6379),
        // The misses of the cache are asked for by the app itself.
        ("app", "db", 5432),
    ];
    assert_eq!(flows, expected.map(|(from, to, port)| (from.into(), to.into(), port)));
}

#[test]
fn there_is_no_clock_and_no_floating_number_outside_the_ledger() {
    fn visit(path: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Number(number) if number.is_f64() => found.push(path.to_owned()),
            Value::Array(items) => items.iter().for_each(|item| visit(path, item, found)),
            Value::Object(fields) => fields
                .iter()
                .for_each(|(name, field)| visit(&format!("{path}/{name}"), field, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    visit("", &document(), &mut found);
    assert!(found.iter().all(|path| path.starts_with("/assumptions/")), "{found:?}");
    assert_eq!(text(&render(&common::answer())), text(&render(&common::answer())));
}

#[test]
fn why_there_is_no_plan() {
    let document = infeasible(&common::over_budget());
    assert_eq!(document["apiVersion"], "plimsoll/v1");
    assert_eq!(document["kind"], "Infeasible");
    assert!(!document["assumptions"].as_array().unwrap().is_empty());
    let digest = document["relaxations"][0]["plan_digest"].as_str().unwrap();
    assert!(digest.starts_with("sha256:"));
    // What a spec says of demand and ledger is the same here, and held by its own snapshot.
    let mut brief = document.clone();
    for part in ["demand", "assumptions", "intent"] {
        brief.as_object_mut().unwrap().remove(part);
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&brief).unwrap());
    assert!(spec::migrate(document).is_err(), "it is no spec");
}
