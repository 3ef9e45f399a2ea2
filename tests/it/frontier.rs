//! `plimsoll frontier`: points that nothing beats, each of them what `plimsoll plan` says there.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::program::{SEED_PHRASE, command, plimsoll, run};

/// A load that is planned in a moment.
const SMALL: &str = "1k users, 99.9% uptime, 400ms latency";

static SMALL_FRONTIER: LazyLock<Value> = LazyLock::new(|| {
    let said = plimsoll(&["frontier", SMALL, "--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    said.json()
});

fn list<'v>(value: &'v Value, what: &str) -> &'v Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{what} is a list: {value}"))
}

fn series<'v>(frontier: &'v Value, outcome: &str) -> &'v Vec<Value> {
    let found = list(&frontier["series"], "series").iter();
    let found = found.clone().find(|series| series["outcome"] == outcome);
    list(&found.unwrap_or_else(|| panic!("a series of {outcome}"))["points"], "points")
}

fn cost(point: &Value) -> Option<i64> {
    point["design"]["monthly_micros"].as_i64()
}

/// The value that a point asks for, larger where it asks for more.
fn strictness(point: &Value) -> i64 {
    let ask = point["ask"].as_object().expect("an ask is a mapping");
    let (name, value) = ask.iter().next().expect("an ask has one value");
    let value = value.as_i64().expect("a whole number");
    if name == "latency_us" { -value } else { value }
}

/// Points whose standing is what a comparison of all pairs of the series says.
fn assert_undominated(points: &[Value]) -> u64 {
    let mut on_it = 0;
    for point in points {
        let beaten = |rival: &&Value| {
            let stricter = strictness(rival) > strictness(point);
            stricter && cost(rival).is_some_and(|rival| cost(point).is_some_and(|own| rival <= own))
        };
        let expected = match cost(point) {
            None => "unreached",
            Some(_) if points.iter().any(|rival| beaten(&rival)) => "dominated",
            Some(_) => "frontier",
        };
        assert_eq!(point["standing"], expected, "{point}");
        on_it += u64::from(expected == "frontier");
    }
    on_it
}

#[test]
fn the_seed_phrase_has_eight_designs_that_nothing_beats_and_says_where_latency_is_free() {
    let said = plimsoll(&["frontier", SEED_PHRASE, "--over", "uptime,users", "--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let frontier = said.json();
    let both: u64 = ["uptime", "users"]
        .iter()
        .map(|outcome| assert_undominated(series(&frontier, outcome)))
        .sum();
    let designs = frontier["designs"].as_u64().expect("a count");
    assert!((8..=both).contains(&designs), "{designs} of {both}");
    let slack = &list(&frontier["latency_slack"], "slack")[0];
    let free_to = slack["free_to_us"].as_u64().expect("latency does not bind at 400 ms");
    assert!(0 < free_to && free_to < 400_000, "{slack}");
    for tighter in list(&slack["tighter"], "limits below that") {
        assert!(tighter["limit_us"].as_u64().expect("a limit") < free_to);
        let dearer = cost(tighter).is_none_or(|cost| Some(cost) > slack["monthly_micros"].as_i64());
        assert!(dearer, "{tighter}");
    }
}

#[test]
fn every_point_is_what_a_plan_for_it_costs() {
    let plan = |words: &str, settings: &[&str]| {
        let mut arguments = vec!["plan", words, "--json"];
        arguments.extend(settings.iter().flat_map(|setting| ["--set", setting]));
        plimsoll(&arguments).json()
    };
    let agrees = |point: &Value, spec: &Value| {
        if let Some(reason) = point["unreachable"].as_str() {
            assert_ne!(spec["verdict"]["status"], "verified", "{reason}");
            return;
        }
        assert_eq!(point["design"]["status"], "verified");
        assert_eq!(point["design"]["plan_digest"], spec["metadata"]["plan_digest"], "{point}");
        assert_eq!(cost(point), spec["cost"]["monthly_micros"]["expected"].as_i64(), "{point}");
    };
    for point in series(&SMALL_FRONTIER, "users") {
        let users = point["ask"]["users"].as_u64().expect("a count");
        agrees(point, &plan(&format!("{users} users, 99.9% uptime, 400ms latency"), &[]));
    }
    for point in series(&SMALL_FRONTIER, "uptime") {
        let uptime = point["ask"]["uptime_ppm"].as_u64().expect("a share") as f64 / 1e4;
        let careful = point["design"]["operations"].as_str();
        let careful = careful.map(|level| format!("operations={level}"));
        let settings: Vec<&str> = careful.iter().map(String::as_str).collect();
        agrees(point, &plan(&format!("1k users, {uptime}% uptime, 400ms latency"), &settings));
    }
}

#[test]
fn a_millisecond_less_than_what_is_free_costs_more() {
    let slack = &list(&SMALL_FRONTIER["latency_slack"], "slack")[0];
    let free_to = slack["free_to_us"].as_u64().expect("something is free") / 1_000;
    let plan = |limit: u64| {
        let phrase = format!("1k users, 99.9% uptime, {limit}ms latency");
        let spec = plimsoll(&["plan", &phrase, "--json"]).json();
        assert_eq!(spec["verdict"]["status"], "verified", "{phrase}");
        spec["cost"]["monthly_micros"]["expected"].as_i64().expect("an amount")
    };
    assert_eq!(Some(plan(free_to)), slack["monthly_micros"].as_i64());
    assert!(Some(plan(free_to - 1)) > slack["monthly_micros"].as_i64());
}

#[test]
fn latencies_become_steps_of_which_the_tightest_at_a_price_stands() {
    let phrase = "500 users, 99% uptime, 100ms latency";
    let frontier = plimsoll(&["frontier", phrase, "--over", "latency", "--json"]).json();
    let points = series(&frontier, "latency p95");
    assert!(points.len() >= 8 && assert_undominated(points) >= 1);
    assert_eq!(points.iter().filter(|point| point["asked"] == true).count(), 1);
    assert!(list(&frontier["latency_slack"], "slack").is_empty());
    let said = plimsoll(&["frontier", "500 users, 99% uptime", "--over", "latency"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("cli::unknown"), "{}", said.stderr);
}

#[test]
fn the_same_bytes_on_one_and_two_threads() {
    let with_threads = |threads: &str| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let plot = folder.path().join("frontier.svg");
        let path = plot.to_str().expect("a text path");
        let arguments = ["frontier", SMALL, "--plot", path, "--csv"];
        let said = run(command(&arguments).env("RAYON_NUM_THREADS", threads));
        assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
        (said.stdout, std::fs::read_to_string(&plot).expect("the plot is there"))
    };
    let (one, two) = (with_threads("1"), with_threads("2"));
    assert!(one == two, "the bytes differ by the number of threads");
    assert!(one.1.starts_with("<svg") && one.1.contains("designs from $"), "{}", one.1);
    let rows = one.0.lines().count() - 1;
    let points = series(&SMALL_FRONTIER, "users").len() + series(&SMALL_FRONTIER, "uptime").len();
    assert_eq!(rows, points, "{}", one.0);
}

#[test]
fn a_spec_is_asked_like_the_intent_that_it_was_planned_from() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("sizing");
    let out = out.to_str().expect("a text path");
    let said = plimsoll(&["plan", SMALL, "--set", "demand.think_time=9s", "--out", out]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let path = format!("{out}/spec.json");
    let frontier = |words: &[&str]| {
        let said = plimsoll(words);
        assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
        said.json()
    };
    let over = ["--over", "uptime", "--json"];
    let of_spec = frontier(&[&["frontier", &path], over.as_slice()].concat());
    let set = ["frontier", SMALL, "--set", "demand.think_time=9s"];
    let of_phrase = frontier(&[set.as_slice(), over.as_slice()].concat());
    assert_eq!(of_spec["series"], of_phrase["series"]);
    let digest = |document: &Value| document["provenance"]["intent_digest"].clone();
    assert_eq!(digest(&of_spec), digest(&of_phrase));

    let text = std::fs::read_to_string(&path).expect("the spec");
    for (from, to, code) in [
        ("think_time=9s", "think_time=8s", "spec::other_intent"),
        (
            "\"catalog\": {\n      \"digest\": \"sha256:",
            "\"catalog\": {\n      \"digest\": \"sha256:0",
            "spec::other_catalog",
        ),
        ("\"phrase\": \"1k users, 99.9% uptime, 400ms latency\",", "", "spec::no_intent"),
    ] {
        let changed = text.replacen(from, to, usize::MAX);
        assert_ne!(changed, text, "{from}");
        std::fs::write(&path, changed).expect("written");
        let said = plimsoll(&["frontier", &path]);
        assert_eq!(said.code, 2, "{}", said.stdout);
        assert!(said.stderr.contains(code), "{code}: {}", said.stderr);
    }
}

#[test]
fn the_screen_reads_as_the_transcript_has_it() {
    let said = plimsoll(&["frontier", SMALL]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let (first, rest) = said.stdout.split_once('\n').expect("more than one line");
    let (first, _) = first.rsplit_once(';').expect("a time at the end");
    insta::assert_snapshot!("frontier", format!("{first}\n{rest}"));
    assert!(said.stdout.lines().all(|line| line.chars().count() <= 100), "{}", said.stdout);
}

#[test]
fn documents_are_of_their_schema() {
    let schema = plimsoll(&["schema", "frontier"]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> =
        validator.iter_errors(&SMALL_FRONTIER).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn a_design_that_stands_in_several_series_counts_once() {
    let arguments = ["frontier", SMALL, "--over", "uptime,users,latency", "--json"];
    let frontier = plimsoll(&arguments).json();
    let series = list(&frontier["series"], "series").iter();
    let points: Vec<&Value> = series.flat_map(|series| list(&series["points"], "points")).collect();
    let on_it = points.iter().filter(|point| point["standing"] == "frontier");
    let designs: Vec<&Value> = on_it.map(|point| &point["design"]).collect();
    let different: BTreeSet<(String, String)> = designs
        .iter()
        .map(|design| (design["plan_digest"].to_string(), design["operations"].to_string()))
        .collect();
    assert!(different.len() < designs.len(), "{designs:?}");
    assert_eq!(frontier["designs"].as_u64(), Some(different.len() as u64));
}

#[test]
fn what_was_asked_for_and_cannot_be_reached_is_infeasible() {
    // Nothing but the edge spends more than that.
    let said = plimsoll(&["frontier", "1k users, 99.999% uptime", "--over", "uptime"]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    let first = said.stdout.lines().next().expect("a line");
    assert!(first.contains("none for what was asked"), "{first}");
    assert!(!said.stdout.contains("..."), "{}", said.stdout);
    let said = plimsoll(&["frontier", "1k users, 99% uptime", "--over", "uptime", "--quiet"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
}

#[test]
fn a_spec_that_was_changed_is_not_answered_for() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("sizing");
    let out = out.to_str().expect("a text path");
    let said = plimsoll(&["plan", "100 users, 99% uptime", "--quiet", "--out", out]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let path = format!("{out}/spec.json");
    let text = std::fs::read_to_string(&path).expect("the spec");
    let changed = text.replacen("\"status\": \"verified\"", "\"status\": \"refuted\"", 1);
    assert_ne!(changed, text);
    std::fs::write(&path, changed).expect("written");
    let budget = ["--budget", "900USD/month"];
    for arguments in [
        vec!["explain", &path],
        vec!["frontier", &path],
        [&["capacity", &path][..], &budget].concat(),
        vec!["plan", &path],
    ] {
        let said = plimsoll(&arguments);
        assert_eq!(said.code, 2, "{arguments:?}: {}", said.stdout);
        assert!(said.stderr.contains("spec::edited"), "{arguments:?}: {}", said.stderr);
    }
}
