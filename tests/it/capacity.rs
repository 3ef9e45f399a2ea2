//! `plimsoll capacity`: what a budget carries has a verified plan within it, and one step more has
//! none.

use serde_json::Value;

use crate::support::program::{SEED_PHRASE, Said, command, plimsoll, run};

/// Cheap to plan, and small enough for steps of a single user.
const SMALL: &str = "99.9% uptime, 400ms latency";

fn carried(arguments: &[&str]) -> Value {
    let said = plimsoll(&[&["capacity"], arguments, &["--json"]].concat());
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    said.json()
}

fn plan(phrase: &str, settings: &[&str]) -> Said {
    let mut arguments = vec!["plan", phrase, "--json"];
    arguments.extend(settings.iter().flat_map(|setting| ["--set", setting]));
    plimsoll(&arguments)
}

fn micros(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("an amount: {value}"))
}

#[test]
fn three_thousand_dollars_carry_the_seed_phrase_up_to_a_number_that_one_step_more_breaks() {
    let budget = ["--budget", "3000USD/month"];
    let capacity = carried(&[&[SEED_PHRASE], budget.as_slice()].concat());
    let users = capacity["carried"]["users"].as_u64().expect("users are carried");
    assert!((1_000..10_000).contains(&users), "{users}");
    let cost = micros(&capacity["design"]["monthly_micros"]);
    assert!(cost <= 3_000_000_000, "{cost}");
    let refused = &capacity["refused"];
    let more = refused["ask"]["users"].as_u64().expect("one step more");
    assert_eq!(more, users + 10, "steps go by the third digit");
    assert!(micros(&refused["design"]["monthly_micros"]) > 3_000_000_000, "{refused}");

    let within = plan(
        SEED_PHRASE,
        &[&format!("objectives.load.users={users}"), "objectives.budget=3000USD/month"],
    );
    assert_eq!(within.code, 0, "{}{}", within.stdout, within.stderr);
    let spec = within.json();
    assert_eq!(spec["metadata"]["plan_digest"], capacity["design"]["plan_digest"]);
    assert_eq!(micros(&spec["cost"]["monthly_micros"]["expected"]), cost);
    let beyond = plan(
        SEED_PHRASE,
        &[&format!("objectives.load.users={more}"), "objectives.budget=3000USD/month"],
    );
    assert_eq!(beyond.code, 3, "{}", beyond.stdout);
    let unlimited = plan(SEED_PHRASE, &[&format!("objectives.load.users={more}")]).json();
    assert_eq!(
        unlimited["cost"]["monthly_micros"]["expected"],
        refused["design"]["monthly_micros"]
    );

    let next = capacity["next_machines"]["users"].as_u64();
    assert!(next.is_none_or(|next| next > more), "{next:?}");
    let elsewhere = capacity["elsewhere"].as_array().expect("a list");
    let at = |ppm: u64| {
        let found = elsewhere.iter().find(|each| each["at"]["uptime_ppm"] == ppm);
        found.and_then(|found| found["carried"]["users"].as_u64())
    };
    assert!(at(990_000).expect("less uptime carries something") >= users);
    assert!(at(999_900).is_none_or(|fewer| fewer <= users));
}

#[test]
fn the_screen_reads_as_the_transcript_has_it() {
    let said = plimsoll(&["capacity", SMALL, "--budget", "900USD/month"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let (text, _) = said.stdout.trim_end().rsplit_once(';').expect("a time at the end");
    insta::assert_snapshot!("capacity", text);
    assert!(said.stdout.lines().all(|line| line.chars().count() <= 100), "{}", said.stdout);
    let next = said.stdout.lines().find_map(|line| line.strip_prefix(" next: plimsoll plan "));
    let (phrase, budget) = next.and_then(|next| next.split_once(" --budget ")).expect("a command");
    let planned = plimsoll(&["plan", phrase.trim_matches('"'), "--budget", budget, "--quiet"]);
    assert_eq!(planned.code, 0, "{}{}", planned.stdout, planned.stderr);
    let quiet = plimsoll(&["capacity", SMALL, "--budget", "900USD/month", "--quiet"]);
    assert_eq!(quiet.stdout.lines().next(), said.stdout.lines().next());
}

#[test]
fn the_ceiling_carries_fewer_than_the_expected_bill() {
    let users = |against: &str| {
        let bill = ["--budget", "1000USD/month", "--against", against];
        let capacity = carried(&[&[SMALL], bill.as_slice()].concat());
        assert!(micros(&capacity["monthly_micros"][against]) <= 1_000_000_000, "{capacity}");
        let refused = &capacity["refused"];
        assert!(refused["design"].is_object() || refused["unreachable"].is_string(), "{refused}");
        capacity["carried"]["users"].as_u64().expect("users are carried")
    };
    assert!(users("ceiling") < users("expected"));
}

#[test]
fn a_budget_buys_nines_and_milliseconds_one_step_at_a_time() {
    let phrase = "300 users, 99.9% uptime, 400ms latency";
    for (outcome, key, setting) in [
        ("uptime", "uptime_ppm", "objectives.uptime"),
        ("latency", "latency_us", "objectives.latency.p95"),
    ] {
        let capacity = carried(&[phrase, "--budget", "760USD/month", "--outcome", outcome]);
        let stated = |ask: &Value| {
            let value = ask[key].as_u64().unwrap_or_else(|| panic!("{key}: {ask}"));
            match outcome {
                "uptime" => format!("{setting}={}%", value as f64 / 1e4),
                _ => format!("{setting}={}ms", value / 1_000),
            }
        };
        let limited = "objectives.budget=760USD/month";
        let within = plan(phrase, &[&stated(&capacity["carried"]), limited]);
        assert_eq!(within.code, 0, "{outcome}: {}", within.stdout);
        let beyond = plan(phrase, &[&stated(&capacity["refused"]["ask"]), limited]);
        assert_eq!(beyond.code, 3, "{outcome}: {}", beyond.stdout);
    }
}

#[test]
fn more_careful_operations_are_offered_where_they_carry_more_nines() {
    let phrase = "1k users, 99.9% uptime, 400ms latency";
    let budget = ["--budget", "1300USD/month", "--outcome", "uptime"];
    let capacity = carried(&[&[phrase], budget.as_slice()].concat());
    let plain = capacity["carried"]["uptime_ppm"].as_u64().expect("an uptime");
    let careful = &capacity["careful"];
    assert_eq!(careful["operations"], "advanced", "{capacity}");
    let more = careful["carried"]["uptime_ppm"].as_u64().expect("an uptime");
    assert!(more > plain, "{more} {plain}");
    let planned = |ppm: u64, operations: &str| {
        let uptime = format!("objectives.uptime={}%", ppm as f64 / 1e4);
        let budget = "objectives.budget=1300USD/month";
        plan(phrase, &[&uptime, budget, &format!("operations={operations}")]).code
    };
    assert_eq!(planned(more, "advanced"), 0);
    assert_eq!(planned(more + 10, "advanced"), 3);
    assert_eq!(planned(more, "standard"), 3);
    let said = plimsoll(&[&["capacity", phrase], budget.as_slice()].concat());
    assert!(said.stdout.contains("operations: advanced 99.99"), "{}", said.stdout);
    // Who says how careful operations are is taken at their word.
    let stated = ["--set", "operations=standard"];
    let capacity = carried(&[&[phrase], budget.as_slice(), &stated].concat());
    assert!(capacity.get("careful").is_none(), "{capacity}");
}

#[test]
fn a_budget_that_carries_nothing_is_infeasible() {
    let said = plimsoll(&["capacity", SMALL, "--budget", "10USD/month"]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.starts_with("INFEASIBLE"), "{}", said.stdout);
    let said = plimsoll(&["capacity", "99.9% uptime", "--budget", "900"]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    let arguments = ["capacity", "10 users", "--budget", "900USD/month", "--outcome", "latency"];
    assert!(plimsoll(&arguments).stderr.contains("cli::unknown"));
}

#[test]
fn the_same_bytes_on_one_and_two_threads_and_of_the_schema() {
    let with_threads = |threads: &str| {
        let arguments = ["capacity", SMALL, "--budget", "900USD/month", "--json"];
        run(command(&arguments).env("RAYON_NUM_THREADS", threads))
    };
    let (one, two) = (with_threads("1"), with_threads("2"));
    assert_eq!(one.stdout, two.stdout);
    let schema = plimsoll(&["schema", "capacity"]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let document = one.json();
    let faults: Vec<String> =
        validator.iter_errors(&document).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
}
