//! Environments of one intent through the program: a spec for each, costs that add up, hours that
//! are paid for, data that survives the night, files that are written all or none.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use crate::policies::policy;
use crate::support::program::{Said, example, plimsoll};

static SHOP: LazyLock<String> = LazyLock::new(|| example("environments.yaml"));

static ANSWER: LazyLock<Value> = LazyLock::new(|| {
    let said = plimsoll(&["plan", &SHOP, "--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    said.json()
});

fn environments() -> &'static Vec<Value> {
    ANSWER["environments"].as_array().expect("a list")
}

fn of(name: &str) -> &'static Value {
    let found = environments().iter().find(|own| own["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}"))
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is a whole number"))
}

fn line<'v>(spec: &'v Value, id: &str) -> &'v Value {
    let lines = spec["cost"]["lines"].as_array().expect("lines");
    lines.iter().find(|line| line["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

fn service<'v>(spec: &'v Value, name: &str) -> &'v Value {
    let services = spec["services"].as_array().expect("services");
    services.iter().find(|own| own["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn what_became_of_rules_is_told_of_each_and_every_spec_stands_its_check() {
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/policies/platform.yaml");
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let said = plimsoll(&["plan", &SHOP, "--policy", policy, "--out", path(&out)]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    for name in ["dev", "staging", "prod"] {
        assert!(said.stdout.contains(&format!("{name}: ")), "{name}: {}", said.stdout);
        let spec = out.join(name).join("spec.json");
        let checked = plimsoll(&["check", path(&spec)]);
        assert_eq!(checked.code, 0, "{name}: {}", checked.stdout);
    }
    assert!(said.stdout.contains("rules of platform-baseline"), "{}", said.stdout);
}

#[test]
fn three_specs_cost_what_the_answer_says_to_the_micro_dollar() {
    let names: Vec<&Value> = environments().iter().map(|own| &own["name"]).collect();
    assert_eq!(names, ["dev", "staging", "prod"]);
    assert_eq!(ANSWER["status"], "verified");
    for bill in ["expected", "peak_fleet", "ceiling"] {
        let mut total = 0;
        for own in environments() {
            let lines = own["spec"]["cost"]["lines"].as_array().expect("lines").iter();
            let sum: i64 = lines.map(|line| whole(&line["amount_micros"][bill])).sum();
            assert_eq!(sum, whole(&own["monthly_micros"][bill]), "{} {bill}", own["name"]);
            assert_eq!(own["monthly_micros"], own["spec"]["cost"]["monthly_micros"]);
            total += sum;
        }
        assert_eq!(total, whole(&ANSWER["monthly_micros"][bill]), "{bill}");
    }
}

#[test]
fn the_document_is_of_its_schema() {
    let schema = plimsoll(&["schema", "environments"]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> =
        validator.iter_errors(&ANSWER).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn one_alone_is_what_it_is_among_the_others() {
    let alone = plimsoll(&["plan", &SHOP, "--environment", "dev", "--json"]).json();
    assert_eq!(&alone, &of("dev")["spec"]);
    assert_eq!(alone["metadata"]["environment"], "dev");
    assert_eq!(alone["metadata"]["labels"]["environment"], "dev");
    assert_eq!(alone["demand"]["users"]["count"], 200);
}

#[test]
fn dev_pays_for_its_hours_and_its_data_survives_the_night() {
    let dev = &of("dev")["spec"];
    // 55 of 168 hours of a week, rounded up to a thousandth: 238.989 of 730 in a month.
    let open = 238_989;
    let hours = |id: &str| whole(&line(dev, id)["quantity_milli"]["expected"]);
    let instances = whole(&service(dev, "web")["replicas"]["expected_milli"]);
    assert_eq!(instances, 1_000);
    assert_eq!(hours("web.compute"), open);
    assert_eq!(hours("orders-db.nodes"), open);
    let share = open as f64 / 730_000.0;
    assert!((0.30..0.35).contains(&share), "{share}");
    // Storage, the cache and the balancer are paid for all month.
    assert_eq!(hours("orders-db.storage"), 200_000);
    assert_eq!(hours("sessions.nodes"), 730_000);
    assert_eq!(hours("edge.hours"), 730_000);
    let becomes = |name: &str| service(dev, name)["schedule"]["out_of_hours"].clone();
    assert_eq!(becomes("web"), "off");
    assert_eq!(becomes("orders-db"), "stopped");
    assert_eq!(becomes("sessions"), "runs_on");
    assert_eq!(becomes("edge"), "runs_on");
    assert_eq!(service(dev, "web")["schedule"]["opens_with"], 1);
    let counted = &dev["intent"]["objectives"][1]["counted_within"];
    assert_eq!(counted, "mon-fri 08:00-19:00 Europe/Dublin");
    assert!(service(&of("prod")["spec"], "web").get("schedule").is_none());
    assert!(of("prod")["spec"]["demand"].get("hours").is_none());
}

#[test]
fn hours_make_a_plan_cheaper_by_what_is_off_and_by_no_more() {
    let always = ["plan", &SHOP, "--set", "environments.dev.hours=", "--json"];
    assert_eq!(plimsoll(&always).code, 2);
    let all_week = "environments.dev.hours={mon-sun: \"00:00-24:00\"}";
    let args = ["plan", &SHOP, "--set", all_week, "--environment", "dev", "--json"];
    let always = plimsoll(&args).json();
    let dev = &of("dev")["spec"];
    assert!(always["demand"].get("hours").is_none(), "a week without a closed hour has no hours");
    let amount = |spec: &Value, id: &str| whole(&line(spec, id)["amount_micros"]["expected"]);
    let (off, on) = (amount(dev, "orders-db.nodes"), amount(&always, "orders-db.nodes"));
    assert!((off as f64 / on as f64 - 55.0 / 168.0).abs() < 1e-5, "{off} {on}");
    assert_eq!(amount(dev, "orders-db.storage"), amount(&always, "orders-db.storage"));
}

#[test]
fn the_specs_stand_their_check_and_their_judgement() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("check");
    let said = plimsoll(&["plan", &SHOP, "--out", path(&out)]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    for name in ["dev", "staging", "prod"] {
        let plots = ["cost-lines.svg", "load-against-latency.svg"];
        for file in ["spec.json", "report.html", "report.md"].into_iter().chain(plots) {
            assert!(out.join(name).join(file).is_file(), "{name}/{file}");
        }
        let spec = out.join(name).join("spec.json");
        let said = plimsoll(&["check", path(&spec)]);
        assert_eq!(said.code, 0, "{name}: {}{}", said.stdout, said.stderr);
    }
    let dev = out.join("dev/spec.json");
    assert_eq!(plimsoll(&["verify", path(&dev), "-q"]).code, 0);
    // A spec holds its environment, so what is asked of it is asked of that one.
    assert_eq!(plimsoll(&["explain", path(&dev), "-q"]).code, 0);
    let text = std::fs::read_to_string(&dev).expect("a spec");
    let edits = [
        (
            "\"quantity_milli\": {\n          \"expected\": 238989",
            "\"quantity_milli\": {\n          \"expected\": 238988",
        ),
        ("\"out_of_hours\": \"stopped\"", "\"out_of_hours\": \"off\""),
        ("\"opens_with\": 1", "\"opens_with\": 2"),
        ("\"open_minutes_a_week\": 3300", "\"open_minutes_a_week\": 3301"),
    ];
    for (before, after) in edits {
        assert!(text.contains(before), "{before}");
        let edited = text.replacen(before, after, 1);
        let file = out.join("edited.json");
        std::fs::write(&file, edited).expect("a file");
        assert_ne!(plimsoll(&["check", path(&file)]).code, 0, "{after}");
    }
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

#[test]
fn files_are_written_all_or_none() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("files");
    std::fs::create_dir_all(out.join("prod")).expect("a folder");
    std::fs::write(out.join("prod/report.md"), "mine").expect("a file");
    let said = plimsoll(&["plan", &SHOP, "--out", path(&out)]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("error[io::exists]"), "{}", said.stderr);
    assert!(!out.join("dev").exists() && !out.join("prod/spec.json").exists());
    let never = "environments.staging.objectives.latency=p99 under 1ms";
    let other = folder.path().join("none");
    let said = plimsoll(&["plan", &SHOP, "--set", never, "--out", path(&other)]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.starts_with("INFEASIBLE  staging has no plan"), "{}", said.stdout);
    assert!(said.stdout.contains("nothing was written"), "{}", said.stdout);
    assert!(!other.exists(), "no folder is made for nothing");
    let json = plimsoll(&["plan", &SHOP, "--set", never, "--json"]);
    let document = json.json();
    assert_eq!((json.code, &document["status"]), (3, &Value::from("infeasible")));
    assert!(document.get("monthly_micros").is_none());
    assert_eq!(document["environments"][1]["infeasible"]["kind"], "Infeasible");
}

fn refused(arguments: &[&str], code: &str, says: &str) -> Said {
    let said = plimsoll(arguments);
    assert_eq!(said.code, 2, "{}{}", said.stdout, said.stderr);
    assert!(said.stderr.contains(&format!("error[{code}]")), "{}", said.stderr);
    assert!(said.stderr.contains(says), "{}", said.stderr);
    said
}

#[test]
fn a_command_that_answers_for_one_says_which_there_are() {
    for command in ["explain", "frontier"] {
        refused(&[command, &SHOP], "cli::environments", "dev, staging, prod");
    }
    refused(&["plan", &SHOP, "--compare"], "cli::environments", "dev, staging, prod");
    let capacity = ["capacity", &SHOP, "--budget", "900USD/month"];
    refused(&capacity, "cli::environments", "dev, staging, prod");
    refused(&["plan", &SHOP, "--environment", "test"], "intent::environment", "dev, staging, prod");
    let bad = ["plan", &SHOP, "--set", "environments.dev.load=2"];
    refused(&bad, "intent::unit", "that is in environment dev");
}

#[test]
fn a_capacity_says_how_to_plan_for_what_it_found() {
    let args = ["capacity", &SHOP, "--environment", "dev", "--budget", "400USD/month", "--json"];
    let found = plimsoll(&args).json();
    let command = found["next"].as_str().expect("a command");
    assert!(command.contains("environments.dev.load=100%"), "{command}");
    let users = command.split("concurrent_users=").nth(1).expect("users");
    let users = users.split_whitespace().next().expect("a number");
    let load = format!("objectives.load.concurrent_users={users}");
    let args = [
        "plan",
        &SHOP,
        "--set",
        "environments.dev.load=100%",
        "--set",
        &load,
        "--environment",
        "dev",
        "--json",
    ];
    let spec = plimsoll(&args).json();
    assert_eq!(spec["demand"]["users"]["count"].to_string(), users);
    assert!(whole(&spec["cost"]["monthly_micros"]["expected"]) <= 400_000_000);
}

#[test]
fn terms_on_which_nothing_is_bought_are_told() {
    let told = |name: &str| {
        let risks = of(name)["spec"]["risks"].as_array().expect("risks");
        let found = risks.iter().find(|risk| risk["id"] == "purchase");
        found.map(|risk| risk["text"].as_str().expect("a text").to_owned())
    };
    let spot = "spot is listed and not bought: interruptions are not simulated";
    assert_eq!(told("dev").as_deref(), Some(spot));
    let prod = told("prod").expect("three years cost less than one");
    assert!(prod.contains("nothing is bought on reserved_1y"), "{prod}");
    assert_eq!(told("staging"), None);
}

#[test]
fn a_policy_gives_an_environment_its_hours_and_refuses_longer_ones() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("policy.yaml");
    let rule = "{id: night, when: {environment: staging}, require: {hours: office}}";
    std::fs::write(&file, policy(&[rule])).expect("a file");
    let with = |settings: &[&str]| {
        let mut arguments = vec!["plan", &SHOP, "--policy", path(&file), "--json"];
        arguments.extend(["--environment", "staging"]);
        arguments.extend(settings);
        plimsoll(&arguments)
    };
    // The staging of the example is open for 70 hours a week.
    let said = with(&[]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stdout.contains("policy::floor") && said.stdout.contains("night"));
    let always = "environments.staging={load: 20%, objectives: {uptime: 99%}}";
    let spec = with(&["--set", always]).json();
    assert_eq!(spec["demand"]["hours"]["open_minutes_a_week"], 3_300);
    let ledger = spec["assumptions"].as_array().expect("the ledger");
    let open = ledger.iter().find(|entry| entry["name"] == "hours.open").expect("an entry");
    assert_eq!(open["origin"], "default");
    assert!(open["source"].as_str().is_some_and(|source| source.contains("rule night")));
    let result = &spec["policy"]["results"][0];
    assert_eq!((&result["rule"], &result["kept"]), (&"night".into(), &true.into()));
    let shorter = "environments.staging.hours={mon-fri: \"09:00-12:00\"}";
    let spec = with(&["--set", shorter]).json();
    assert_eq!(spec["demand"]["hours"]["open_minutes_a_week"], 900);
}
