//! `plimsoll simulate` as a shell sees it: what it prints and writes, and what it makes of models
//! that nobody would write.

use crate::support::program::{Said, example, plimsoll, with_input};

/// Simulates a document given on standard input.
fn simulated(body: &str, options: &[&str]) -> Said {
    let arguments: Vec<&str> = ["simulate", "-"].iter().chain(options).copied().collect();
    with_input(&arguments, format!("apiVersion: plimsoll/v1\nkind: Model\n{body}"))
}

fn queue(rate: &str, station: &str) -> String {
    format!("arrivals: {{rate: {rate}}}\nstations: {{queue: {{{station}}}}}\n")
}

fn validator(kind: &str) -> jsonschema::Validator {
    let schema = plimsoll(&["schema", kind]).json();
    jsonschema::validator_for(&schema).expect("the schema is one")
}

#[test]
fn the_first_word_says_what_came_of_it() {
    for (body, word) in [
        (queue("0.5", "service: 1"), "SETTLED"),
        (queue("1.5", "service: 1"), "UNSTABLE"),
        (queue("0", "service: 1"), "IDLE"),
        (format!("{}run: {{request_limit: 2000}}", queue("0.9", "service: 1")), "UNSETTLED"),
    ] {
        let said = simulated(&body, &["-q"]);
        assert_eq!(said.code, 0, "{body}: {}", said.stderr);
        assert!(said.stdout.starts_with(word), "{body}: {}", said.stdout);
        assert_eq!(said.stdout.lines().count(), 1, "{}", said.stdout);
    }
}

#[test]
fn the_screen_has_a_table_and_fits() {
    let said = plimsoll(&["simulate", &example("models/jackson.yaml")]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    for needle in ["all requests", "p99", "database", "wait", "requests simulated"] {
        assert!(said.stdout.contains(needle), "{needle}: {}", said.stdout);
    }
    let widest = said.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|widest| widest <= 100), "{}", said.stdout);
    assert!(said.stdout.is_ascii());
    assert!(said.stderr.is_empty(), "{}", said.stderr);
}

#[test]
fn a_policy_is_defined_where_it_is_used() {
    let said = plimsoll(&["simulate", &example("models/power-of-two.yaml")]);
    let line = "farm: power of 2: of 2 at random, all different, the fewest calls outstanding";
    assert!(said.stdout.contains(line), "{}", said.stdout);
    assert!(said.stdout.contains("ties at random"), "{}", said.stdout);
}

#[test]
fn json_meets_its_schema_and_is_the_same_for_the_same_seed() {
    let schema = validator("simulation");
    let bodies = [
        queue("0.5", "service: 1"),
        queue("1.5", "service: 1"),
        queue("0", "service: 1"),
        queue("1.5", "service: 1, servers: 0"),
        queue("5", "service: 1, capacity: 0"),
        "classes: {a: {}, b: {}}\npopulation: {size: 3}\nstations: {q: {service: 1, setup: 2}}"
            .into(),
    ];
    for body in &bodies {
        let said = simulated(body, &["--json"]);
        assert_eq!(said.code, 0, "{body}: {}", said.stderr);
        let faults: Vec<String> =
            schema.iter_errors(&said.json()).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{body}: {faults:?}");
    }
    let seeded = |seed| simulated(&bodies[0], &["--json", "--seed", seed]).stdout;
    assert_eq!(seeded("7"), seeded("7"));
    assert_ne!(seeded("7"), seeded("8"));
}

#[test]
fn files_are_written_all_and_never_over_others() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("found");
    let out = out.to_str().expect("a text path");
    let body = "arrivals:\n  rate: {steps: [{at: 0, rate: 5}, {at: 20, rate: 50}, \
                {at: 30, rate: 5}]}\n\
                stations: {app: {servers: 30, service: 1}}\nrun: {precision: 10%}\n";
    let said = simulated(body, &["--out", out, "-q"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let read = |name: &str| {
        std::fs::read_to_string(folder.path().join("found").join(name)).expect("it is written")
    };
    for name in ["response-distribution.svg", "course.svg"] {
        let text = read(name);
        assert!(text.starts_with("<svg") && text.contains("<title>"), "{name}");
    }
    let result: serde_json::Value = serde_json::from_str(&read("result.json")).expect("JSON");
    assert!(validator("simulation").is_valid(&result));
    let again = simulated(body, &["--out", out, "-q"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("error[io::exists]"), "{}", again.stderr);
    assert_eq!(simulated(body, &["--out", out, "-q", "--force"]).code, 0);
}

#[test]
fn a_trace_stands_beside_its_document() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let model = folder.path().join("model.yaml");
    let text = "apiVersion: plimsoll/v1\nkind: Model\n\
                arrivals: {rate: {trace: rates.csv, period: 60}}\n\
                stations: {app: {servers: 9, service: 1}}\nrun: {precision: 5%}\n";
    std::fs::write(&model, text).expect("a file can be written");
    let path = model.to_str().expect("a text path");
    let missing = plimsoll(&["simulate", path]);
    assert_eq!(missing.code, 2, "{}", missing.stdout);
    assert!(missing.stderr.contains("error[model::trace]"), "{}", missing.stderr);
    let rates = "seconds,rate\n0,2\n30,6\n";
    std::fs::write(folder.path().join("rates.csv"), rates).expect("a file can be written");
    let said = plimsoll(&["simulate", path, "--json"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let offered = said.json()["requests"]["offered"]["value"].as_f64().expect("a number");
    assert!((offered - 4.0).abs() < 0.2, "{offered}");
}

#[test]
fn what_is_no_model_is_refused() {
    let said = simulated("arivals: {rate: 1}\nstations: {q: {service: 5 parsecs}}", &[]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    for needle in ["did you mean `arrivals`?", "error[model::unit]", "error[model::missing_key]"] {
        assert!(said.stderr.contains(needle), "{needle}: {}", said.stderr);
    }
    let json = simulated("arivals: {rate: 1}", &["--json"]);
    assert_eq!(json.code, 2);
    assert_eq!(json.json()["errors"][0]["code"], "model::missing_key");
    let intent = plimsoll(&["simulate", &example("shop.yaml")]);
    assert!(intent.stderr.contains("error[model::version]"), "{}", intent.stderr);
    let nowhere = plimsoll(&["simulate", "nowhere.yaml"]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.stderr.contains("error[io::read]"), "{}", nowhere.stderr);
}

#[test]
fn models_that_nobody_would_write_are_answered() {
    let storm = "arrivals: {rate: 100, on_failure: {timeout: 10ms, retries: 254}}\n\
                 stations: {q: {service: 1, on_failure: {retries: 254}}}";
    let tower: String = (0..40)
        .map(|at| format!("  s{at}: {{service: 1ms, calls: [{{to: s{}, count: 2}}]}}\n", at + 1))
        .collect::<Vec<_>>()
        .concat();
    let tower = format!("arrivals: {{rate: 1}}\nstations:\n{tower}  s40: {{service: 1ms}}\n");
    for (body, code) in [
        (queue("1e-9", "service: 1"), 0),
        (queue("1e9", "service: 1ns, servers: 2"), 0),
        (queue("1e9", "service: 1"), 0),
        (queue("1e-9", "service: 1ns"), 2),
        (queue("5", "service: 1, instances: 0"), 0),
        (queue("5", "service: 1, capacity: 0"), 0),
        (queue("5", "service: 0"), 0),
        (storm.to_owned(), 0),
        (tower, 2),
    ] {
        let said = simulated(&body, &["--json"]);
        assert_eq!(said.code, code, "{body}: {}{}", said.stdout, said.stderr);
    }
}
