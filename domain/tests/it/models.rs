//! Model documents: what is read, each fault with its place and help, and what attacks the reader.

use std::collections::BTreeSet;

use domain::intent::Faults;
use domain::model::{
    Arrivals, Batch, Change, Discipline, Distribution, MODEL_CODES, MODEL_SCHEMA, Model, Rate,
    Servers, read_model,
};
use domain::units::Seconds;

use crate::systems::SYSTEMS;

/// Every part of a model document at least once.
const EVERYTHING: &str = include_str!("data/everything.yaml");

fn trace(file: &str) -> Result<String, String> {
    match file {
        "rates.csv" => Ok("seconds,rate\n0,1\n60,2.5\n".to_owned()),
        "broken.csv" => Ok("0,1\n60;2\n".to_owned()),
        "late.csv" => Ok("5,1\n".to_owned()),
        _ => Err("cannot be read: there is no such file".to_owned()),
    }
}

fn read(body: &str) -> Result<Model, Faults> {
    let text = format!("apiVersion: plimsoll/v1\nkind: Model\n{body}");
    read_model(&text, "model.yaml", &trace)
}

fn sound(body: &str) -> Model {
    read(body).unwrap_or_else(|faults| panic!("{body}\n{faults:#?}"))
}

fn codes(faults: &Faults) -> Vec<&'static str> {
    faults.faults.iter().map(domain::intent::PlacedFault::code).collect()
}

/// What a station says beside its name.
fn station(part: &str) -> String {
    format!("arrivals: {{rate: 1}}\nstations: {{q: {{service: 1, {part}}}}}")
}

fn stream(part: &str) -> String {
    format!("arrivals: {{{part}}}\nstations: {{q: {{service: 1}}}}")
}

#[test]
fn a_textbook_queue_takes_the_values_of_a_textbook() {
    let model = sound("arrivals: {rate: 0.8}\nstations: {queue: {service: 1}}");
    assert_eq!((model.classes.len(), model.sources.len(), model.stations.len()), (1, 1, 1));
    let [queue] = &model.stations[..] else { panic!("one station") };
    assert_eq!(queue.service, [Distribution::Exponential(Seconds::of(1.0))]);
    assert_eq!((queue.count(), queue.instances[0].servers), (1, 1));
    assert_eq!((queue.discipline, &queue.availability), (Discipline::FirstCome, &Servers::Always));
    let Arrivals::Open { interarrival, rate, batch } = &model.sources[0].arrivals else {
        panic!("an open source")
    };
    assert!(matches!(interarrival, Distribution::Exponential(_)));
    assert_eq!((rate, *batch), (&Some(Rate::Constant(0.8)), Batch::Fixed(1)));
}

#[test]
fn units_and_bare_numbers_mean_the_same() {
    let bare = sound("arrivals: {rate: 30}\nstations: {q: {service: 0.25, patience: 60}}");
    let units =
        sound("arrivals: {rate: 1800/min}\nstations: {q: {service: 250ms, patience: 1min}}");
    assert_eq!(bare, units);
    assert_eq!(sound(&stream("rate: 1e-9")).sources[0].mix, [1.0]);
}

#[test]
fn stations_stand_before_those_that_they_call_whatever_the_order() {
    let model = sound(
        "arrivals: {rate: 1}\nclasses: {all: {enters: web}}\n\
         stations:\n  database: {service: 1}\n  \
         web: {service: 1, calls: [{to: cache, lookup: {hit_ratio: 0.9, fallback: database}}]}\n  \
         cache: {service: 1}\n",
    );
    let names: Vec<&str> = model.stations.iter().map(|station| station.name.as_str()).collect();
    assert_eq!(names, ["web", "database", "cache"]);
    assert_eq!(model.classes[0].enters.0, 0);
    let call = model.stations[0].calls[0][0];
    assert_eq!(model.stations[call.to.0].name.as_str(), "cache");
    let fallback = call.lookup.and_then(|lookup| lookup.fallback).unwrap();
    assert_eq!(model.stations[fallback.0].name.as_str(), "database");
}

#[test]
fn everything_is_read() {
    let model = read_model(EVERYTHING, "everything.yaml", &trace)
        .unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!((model.sources.len(), model.stations.len(), model.classes.len()), (7, 16, 2));
    assert_eq!(model.incidents.len(), 5);
    assert_eq!(model.incidents[4].change, Change::Stall(Seconds::of(2.0)));
    assert!((model.run.precision.value() - 0.02).abs() < 1e-12);
}

/// A body, the code of its first fault, the text at fault, a part of the help.
pub(crate) type Row = (&'static str, &'static str, &'static str, &'static str);

/// Faults of a station.
const STATIONS: &[Row] = &[
    ("service: -1", "model::duplicate_key", "service", "line 4 already"),
    ("patience: -1", "model::range", "-1", "0 s to 1e12 s"),
    ("patience: nan", "model::number", "nan", "finite"),
    ("patience: .inf", "model::number", ".inf", "finite"),
    ("patience: 1e13", "model::range", "1e13", "0 s to 1e12 s"),
    ("patience: 5 parsecs", "model::unit", "5 parsecs", "400ms"),
    ("patience: 5m", "model::unit", "5m", "5min"),
    ("patience: [1]", "model::shape", "patience", "a mapping is due"),
    ("patience: {expo: 1}", "model::unknown_key", "expo", "known are"),
    ("patience: {erlang: {mean: 1}}", "model::missing_key", "erlang", "stages"),
    ("patience: {gamma: {mean: 1, cv: 200}}", "model::range", "200", "0 to 100"),
    ("patience: {pareto: {scale: 1, shape: 1}}", "model::range", "1", "above 1"),
    ("patience: {uniform: {low: 2, high: 1}}", "model::contradiction", "uniform", "exchange"),
    ("patience: {coxian: []}", "model::shape", "coxian", "at least one"),
    ("patience: {empirical: []}", "model::missing_key", "empirical", "10ms"),
    (
        "patience: {hyperexponential: [{probability: 0.5, mean: 1}]}",
        "model::contradiction",
        "hyperexponential",
        "add up to 1",
    ),
    (
        "patience: {phase_type: [{start: 1, mean: 1, next: [0.5, 0.5]}]}",
        "model::contradiction",
        "next",
        "list 1",
    ),
    ("servers: 0.5", "model::number", "0.5", "whole number"),
    ("servers: many", "model::number", "many", "10k"),
    ("servers: 2e9", "model::range", "2e9", "0 to 1000000000"),
    ("instances: 1000001", "model::range", "1000001", "0 to 1000000"),
    ("instances: [{count: 600000}, {count: 600000}]", "model::too_large", "instances", "1000000"),
    ("instances: [{sped: 2}]", "model::unknown_key", "sped", "did you mean `speed`?"),
    ("balancer: fastest", "model::choice", "fastest", "write one of"),
    ("balancer: round_robbin", "model::choice", "round_robbin", "did you mean `round_robin`?"),
    ("balancer: {power_of: {choices: 9, replacement: true}}", "model::range", "9", "1 to 8"),
    ("discipline: lifo", "model::choice", "lifo", "write one of fcfs, lcfs"),
    ("drop_expired: maybe", "model::choice", "maybe", "write one of true, false"),
    ("calls: [q]", "model::cycle", "q", "`routing`, which may lead back"),
    ("calls: [x]", "model::unknown_station", "x", "known are q"),
    ("calls: [{count: 1}]", "model::missing_key", "{", "to: database"),
    ("calls: [{to: q, for: vip}]", "model::unknown_class", "vip", "known are all"),
    ("routing: {q: 0.6, x: 0.6}", "model::unknown_station", "x", "known are q"),
    ("routing: {q: 120%}", "model::range", "120%", "0% to 100%"),
    ("failure: {time_to_failure: 1}", "model::missing_key", "failure", "time_to_repair"),
    (
        "servers: infinite, failure: {time_to_failure: 1, time_to_repair: 1}",
        "model::too_large",
        "failure",
        "100000",
    ),
    (
        "setup: 1, failure: {time_to_failure: 1, time_to_repair: 1}",
        "model::contradiction",
        "q",
        "keep",
    ),
    (
        "thresholds: {least: 1, start_at: 1, stop_at: 1, start: 1}",
        "model::contradiction",
        "thresholds",
        "above stop_at",
    ),
    ("on_failure: {retries: forever}", "model::contradiction", "on_failure", "backoff"),
    ("on_failure: {timeout: 0}", "model::range", "0", "above 0"),
    ("capcity: 5", "model::unknown_key", "capcity", "did you mean `capacity`?"),
];

/// Faults of a stream of arrivals.
const STREAMS: &[Row] = &[
    ("", "model::missing_key", "arrivals", "rate: 7.2/s"),
    ("rate: 5 apples", "model::unit", "5 apples", "500/s"),
    ("rate: -1", "model::range", "-1", "0/s to 1e12/s"),
    ("interarrival: 0", "model::range", "arrivals", "above 0"),
    ("rate: {steps: []}", "model::contradiction", "steps", "at 0"),
    ("rate: {steps: [{at: 1, rate: 1}]}", "model::contradiction", "steps", "at 0"),
    (
        "rate: {sine: {mean: 1, amplitude: 2, period: 1}}",
        "model::contradiction",
        "sine",
        "amplitude",
    ),
    ("rate: {mmpp: []}", "model::missing_key", "mmpp", "stay: 50s"),
    ("rate: {mmpp: [{rate: 1, stay: 1, next: [0]}]}", "model::contradiction", "next", "list 1"),
    ("rate: {trace: nowhere.csv}", "model::trace", "nowhere.csv", "CSV file"),
    ("rate: {trace: broken.csv}", "model::trace", "broken.csv", "CSV file"),
    ("rate: {trace: late.csv}", "model::contradiction", "late.csv", "at 0"),
    ("rate: {steps: [{at: 0, rate: 1}], sine: 1}", "model::shape", "rate", "write one of"),
    ("rate: 1, deadline: 0", "model::range", "0", "above 0"),
    ("rate: 1, batch: 0", "model::range", "0", "1 to 1000000"),
    ("rate: 1, mix: {vip: 1}", "model::unknown_class", "vip", "known are all"),
];

/// Faults of the whole.
const WHOLES: &[Row] = &[
    ("arrivals: {rate: 1}", "model::missing_key", "", "stations:"),
    ("stations: {q: {service: 1}}", "model::missing_key", "", "arrivals:"),
    ("arrivals: {rate: 1}\nstations: {}", "model::missing_key", "stations", "queue: {service: 1s}"),
    ("arrivals: {rate: 1}\nstations: {q: {}}", "model::missing_key", "q", "service: 1s"),
    ("arrivals: {rate: 1}\nstations: {Q: {service: 1}}", "model::name", "Q", "web-1"),
    ("arrivals: &a {rate: 1}\nstations: {q: {service: 1}}", "model::alias", "{", "anchor"),
    ("arrivals: !!map {rate: 1}\nstations: {q: {service: 1}}", "model::tag", "!!map", "tag"),
    ("arrivals: {rate: 1}\n---\nx: 1", "model::several_documents", "---", "one document a file"),
    ("arrivals: {rate: 1", "model::syntax", "", "nothing after"),
    (
        "population: {think_time: 1}\nstations: {q: {service: 1}}",
        "model::missing_key",
        "population",
        "size: 10",
    ),
    (
        "population: {size: 2000000}\nstations: {q: {service: 1}}",
        "model::range",
        "2000000",
        "1048576",
    ),
    (
        "arrivals: {rate: 1}\nstations: {q: {service: 1}}\nclasses: {a: {share: 0}}",
        "model::contradiction",
        "classes",
        "above 0",
    ),
    (
        "arrivals: {rate: 1}\nstations: {q: {service: 1}}\nincidents: [{at: 1}]",
        "model::missing_key",
        "{",
        "down, up",
    ),
    (
        "arrivals: {rate: 1}\nstations: {q: {service: 1}}\n\
         incidents: [{at: 1, down: q, instances: [1]}]",
        "model::range",
        "{",
        "counted from 0",
    ),
    (
        "arrivals: {rate: 1}\nstations: {q: {service: 1}}\nrun: {precision: 150%}",
        "model::range",
        "150%",
        "0% to 100%",
    ),
];

/// What is wrong with the faults of a body, if they are not as the row says.
fn check(body: &str, (part, code, at, help): &Row) -> Option<String> {
    let Err(faults) = read(body) else { return Some(format!("{part} is read")) };
    let met = |placed: &domain::intent::PlacedFault| {
        let place = &placed.text.content[placed.offset..placed.offset + placed.length];
        placed.code() == *code && place.starts_with(at) && placed.fault.words().help.contains(help)
    };
    let known = faults.faults.iter().all(|placed| MODEL_CODES.contains(&placed.code()));
    (!known || !faults.faults.iter().any(met)).then(|| {
        let found = faults.faults.iter().map(|placed| {
            let place = &placed.text.content[placed.offset..placed.offset + placed.length];
            format!("{} at `{place}`: {}", placed.code(), placed.fault.words().help)
        });
        format!("{part}: {}", found.collect::<Vec<_>>().join("; "))
    })
}

#[test]
fn each_fault_has_its_place_its_code_and_help() {
    let rows = (STATIONS.iter().chain(SYSTEMS).map(|row| (station(row.0), row)))
        .chain(STREAMS.iter().map(|row| (stream(row.0), row)))
        .chain(WHOLES.iter().map(|row| (row.0.to_owned(), row)));
    let rows: Vec<(String, &Row)> = rows.collect();
    let wrong: Vec<String> = rows.iter().filter_map(|(body, row)| check(body, row)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let seen: BTreeSet<&str> = rows.iter().map(|(_, row)| row.1).collect();
    let elsewhere = ["model::empty", "model::version"];
    let missing: Vec<&str> = MODEL_CODES.into_iter().filter(|code| !seen.contains(code)).collect();
    assert_eq!(missing, elsewhere, "every code is met");
}

#[test]
fn a_document_says_what_it_is() {
    let of = |text: &str| codes(&read_model(text, "x", &trace).expect_err("no model"));
    assert_eq!(of(""), ["model::empty"]);
    let text =
        "apiVersion: plimsoll/v7\nkind: Intent\narrivals: {rate: 1}\nstations: {q: {service: 1}}";
    assert_eq!(of(text), ["model::version", "model::version"]);
    assert_eq!(of("arrivals: {rate: 1}\nstations: {q: {service: 1}}"), ["model::missing_key"; 2]);
}

#[test]
fn all_faults_are_found_at_once() {
    let faults = read(
        "arivals: {rate: 1}\npopulation: {size: x}\nstations:\n  a: {service: -1, calls: [c]}\n  \
         b: {service: 1, servers: 0.5}\n",
    );
    let faults = faults.expect_err("faults");
    let expected = [
        "model::unknown_key",
        "model::number",
        "model::range",
        "model::unknown_station",
        "model::number",
    ];
    assert_eq!(codes(&faults), expected);
    assert_eq!(faults.to_string(), "the model has 5 faults");
}

/// So many texts, made one by one.
fn joined(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect::<Vec<_>>().concat()
}

#[test]
fn hostile_documents_are_refused_after_little_work() {
    let head = "apiVersion: plimsoll/v1\nkind: Model\n";
    let of = |text: &str| codes(&read_model(text, "x", &trace).expect_err("hostile"))[0];
    assert_eq!(of(&format!("{head}name: {}", "x".repeat(2 << 20))), "model::too_large");
    assert_eq!(of(&"[".repeat(100_000)), "model::too_large");
    let many = joined(30_000, |at| format!("{{at: {at}, rate: 1}}, "));
    let faults = read(&stream(&format!("rate: {{steps: [{many}]}}"))).expect_err("too many");
    assert!(codes(&faults).contains(&"model::too_large"));
    let stations = joined(1_001, |at| format!("  s{at}: {{service: 1}}\n"));
    let faults = read(&format!("arrivals: {{rate: 1}}\nstations:\n{stations}"));
    assert_eq!(codes(&faults.expect_err("too many")), ["model::too_large"]);
    let link = |at| format!("  s{at}: {{service: 1, calls: [s{}]}}\n", (at + 1) % 1_000);
    let chain = joined(1_000, link);
    let faults = read(&format!("arrivals: {{rate: 1}}\nstations:\n{chain}"));
    assert_eq!(codes(&faults.expect_err("a circle")), ["model::cycle"]);
}

#[test]
fn documents_that_are_read_meet_the_schema_and_the_others_mostly_do_not() {
    let schema = serde_json::from_str(MODEL_SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let errors = |text: &str| -> Vec<String> {
        let value: serde_json::Value = serde_saphyr::from_str(text).unwrap();
        schema.iter_errors(&value).map(|fault| fault.to_string()).collect()
    };
    assert_eq!(errors(EVERYTHING), Vec::<String>::new());
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let folders = ["examples/models", "tests/models"];
    let entries = folders.map(|folder| std::fs::read_dir(format!("{root}/{folder}")).unwrap());
    for entry in entries.into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "yaml") {
            let text = std::fs::read_to_string(&path).unwrap();
            read_model(&text, "x", &trace).unwrap_or_else(|faults| panic!("{path:?} {faults:#?}"));
            assert_eq!(errors(&text), Vec::<String>::new(), "{path:?}");
        }
    }
    for body in [
        station("capcity: 5"),
        station("discipline: lifo"),
        station("balancer: fastest"),
        station("patience: {expo: 1}"),
        stream("rate: {steps: []}"),
        stream("batch: 2"),
        "stations: {q: {service: 1}}".to_owned(),
        "arrivals: {rate: 1}\nstations: {Q: {service: 1}}".to_owned(),
    ] {
        let text = format!("apiVersion: plimsoll/v1\nkind: Model\n{body}");
        assert!(!errors(&text).is_empty(), "{text}");
        assert!(read_model(&text, "x", &trace).is_err(), "{text}");
    }
}
