//! Studies are read back as they were written, and only those that are about the plan are taken.

use domain::spec::Spec;
use domain::study::{Study, StudyFault, differences, read};
use domain::units::MicroDollars;
use reports::spec;
use serde_json::{Value, json};

use crate::common;

/// Each study as its text.
fn texts() -> [String; 3] {
    [
        spec::explanation_text(&spec::explanation(&common::explanation())),
        spec::frontier_text(&spec::frontier(&common::frontier())),
        spec::capacity_text(&spec::capacity(&common::capacity())),
    ]
}

fn text_of(study: &Study) -> String {
    match study {
        Study::Explanation(own) => spec::explanation_text(own),
        Study::Frontier(own) => spec::frontier_text(own),
        Study::Capacity(own) => spec::capacity_text(own),
    }
}

fn written() -> Spec {
    spec::render(&common::answer())
}

#[test]
fn what_is_read_and_written_again_is_the_same_text() {
    for text in texts() {
        let study = read(&text).expect("a study");
        assert_eq!(text_of(&study), text);
        assert_eq!(spec::digest_of(&text, study.digest()), study.digest(), "it is sealed");
        assert_eq!(differences(&study, &written()), [], "it is about the plan");
    }
}

#[test]
fn a_study_is_of_its_schema() {
    let schemas = [spec::explanation_schema(), spec::frontier_schema(), spec::capacity_schema()];
    for (text, schema) in texts().into_iter().zip(schemas) {
        let schema: Value = serde_json::from_str(&schema).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let mut document: Value = serde_json::from_str(&text).expect("JSON");
        let faults: Vec<String> =
            validator.iter_errors(&document).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new());
        document["more"] = json!(1);
        assert!(!validator.is_valid(&document), "nothing else stands in it");
    }
}

/// The faults of a study with another value at a place; without it where that is nothing.
fn faults(text: &str, place: &str, value: Value) -> Vec<StudyFault> {
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    let (parent, key) = place.rsplit_once('/').expect("a place");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{place} is there"));
    match (value, parent) {
        (Value::Null, Value::Object(parent)) => {
            parent.remove(key).unwrap_or_else(|| panic!("{place} is there"));
        }
        (value, parent) => match parent {
            Value::Object(parent) => {
                parent.insert(key.to_owned(), value);
            }
            Value::Array(parent) => parent[key.parse::<usize>().expect("a number")] = value,
            other => panic!("{other} has no parts"),
        },
    }
    read(&format!("{document:#}")).expect_err("a fault")
}

#[test]
fn a_study_with_a_fault_is_refused_where_it_is() {
    let [explanation, frontier, capacity] = texts();
    for (text, place, value) in [
        (&explanation, "/design", Value::Null),
        (&explanation, "/more", json!(1)),
        (&explanation, "/design/zones", json!(300)),
        (&explanation, "/design/monthly_micros", json!(-1)),
        (&explanation, "/design/status", json!("good")),
        (&explanation, "/assumptions/0/half", json!({"monthly_micros": 1.5})),
        (&explanation, "/assumptions/0/interval", json!([1.0])),
        (&explanation, "/prices/0/stricter/more", json!(1)),
        (&frontier, "/series/0/points/0/standing", json!("good")),
        (&frontier, "/series/0/points/0/ask", json!({"users": 1, "uptime_ppm": 1})),
        (&frontier, "/series/0/points/0/design/region", json!("No Region")),
        (&frontier, "/provenance/seed", json!("one")),
        (&capacity, "/against", json!("all")),
        (&capacity, "/more", json!(1)),
        (&capacity, "/refused/ask", json!(1)),
    ] {
        let found = faults(text, place, value);
        let [StudyFault::Form { place: at, .. }] = found.as_slice() else {
            panic!("{place}: {found:?}");
        };
        assert!(at.starts_with("line "), "{place}: {at}");
    }
    let path = |found: Vec<StudyFault>| {
        let places = found.into_iter().map(|fault| match fault {
            StudyFault::Form { place, .. } => place,
            other => panic!("{other:?}"),
        });
        places.collect::<Vec<_>>()
    };
    let both = faults(&explanation, "/prices/1/stricter/unreachable", json!("why"));
    assert_eq!(path(both), ["prices[1].stricter"]);
    let neither = faults(&explanation, "/offer/instead/1/unreachable", Value::Null);
    assert_eq!(path(neither), ["offer.instead[1]"]);
    let neither = faults(&frontier, "/series/1/points/3/unreachable", Value::Null);
    assert_eq!(path(neither), ["series[1].points[3]"]);
    let always = faults(&frontier, "/series/1/points/3/ask", json!({"uptime_ppm": 1_000_000}));
    assert_eq!(path(always), ["series[1].points[3].ask"]);
    let slack = faults(&frontier, "/latency_slack/0/tighter/1/unreachable", Value::Null);
    assert_eq!(path(slack), ["latency_slack[0].tighter[1]"]);
    let refused = faults(&capacity, "/refused/design", Value::Null);
    assert_eq!(path(refused), ["refused"]);
    let always = faults(&capacity, "/elsewhere/0/at", json!({"uptime_ppm": 1_000_000}));
    assert_eq!(path(always), ["elsewhere[0].at"]);
    let month = faults(&frontier, "/growth/months/4/unreachable", Value::Null);
    assert_eq!(path(month), ["growth.months[4]"]);
}

/// Makes a spec that of something else.
type Change = fn(&mut Spec);

#[test]
fn a_study_of_anything_else_is_told_by_what_differs() {
    let changes: [(&str, Change); 6] = [
        ("program", |spec| spec.provenance.tool = "plimsoll 0.0.9".into()),
        ("seed", |spec| spec.provenance.seed = 2),
        ("intent", |spec| spec.provenance.intent_digest = "sha256:other".into()),
        ("policies", |spec| spec.provenance.policy_digests = vec!["sha256:one".into()]),
        ("catalog", |spec| spec.provenance.catalog.digest = "sha256:other".into()),
        ("plan", |spec| {
            spec.metadata.plan_digest = "sha256:other".into();
            spec.cost.monthly_micros.expected = MicroDollars::from_dollars(1);
        }),
    ];
    for text in texts() {
        let study = read(&text).expect("a study");
        for (what, change) in changes {
            let mut spec = written();
            change(&mut spec);
            let told = differences(&study, &spec);
            if what == "plan" && matches!(study, Study::Capacity(_)) {
                assert_eq!(told, [], "what a budget buys is no plan of what was asked for");
                continue;
            }
            let [only] = told.as_slice() else { panic!("{what}: {told:?}") };
            assert_eq!(only.what, what);
            assert_ne!(only.study, only.spec);
        }
        let mut spec = written();
        for (_, change) in changes {
            change(&mut spec);
        }
        let told: Vec<_> = differences(&study, &spec).iter().map(|own| own.what).collect();
        assert_eq!(told, ["program", "seed", "intent", "policies", "catalog"], "all at once");
    }
}
