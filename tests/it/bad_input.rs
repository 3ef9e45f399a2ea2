//! Bad input: exit code 2, the place, a code and what to do, and nothing is written.

use std::fmt::Write as _;

use crate::support::program::{Said, command, example, plimsoll, run, with_input};

/// Expects a refusal with that code and that text in its message.
fn refused(said: &Said, code: &str, needle: &str) {
    assert_eq!(said.code, 2, "{code}: {}{}", said.stdout, said.stderr);
    assert!(said.stdout.is_empty(), "{code}: {}", said.stdout);
    assert!(said.stderr.contains(&format!("error[{code}]")), "{code}: {}", said.stderr);
    assert!(said.stderr.contains(needle), "{needle:?} not in {}", said.stderr);
    assert!(said.stderr.contains("nothing was planned or written"), "{}", said.stderr);
}

/// Plans a document given on standard input.
fn document(text: &str) -> Said {
    with_input(&["plan", "-"], text.to_owned())
}

/// A sound document with one line replaced.
fn with(line: &str, replacement: &str) -> String {
    let text = std::fs::read_to_string(example("shop.yaml")).expect("the example can be read");
    assert!(text.contains(line), "{line:?} is in the example");
    text.replacen(line, replacement, 1)
}

#[test]
fn an_unknown_word_in_a_phrase() {
    let said = plimsoll(&["plan", "10k users, 99.9% uptime, blazingly fast"]);
    refused(&said, "intent::unknown_word", "blazingly");
    assert!(said.stderr.contains("^^^^"), "{}", said.stderr);
}

#[test]
fn a_missing_unit() {
    refused(&plimsoll(&["plan", "10k users, 99.9 uptime"]), "intent::unit", "99.9%");
    let said = document(&with("timeout: 2s", "timeout: 2"));
    refused(&said, "intent::unit", ":41:27");
}

#[test]
fn an_option_is_named_by_its_name() {
    let plan = |option: &str, value: &str| plimsoll(&["plan", "10k users", option, value]);
    refused(&plan("--budget", "3000"), "intent::unit", "--> --budget:1:");
    refused(&plan("--headroom", "lots"), "intent::number", "--> --headroom:1:");
    refused(&plan("--set", "objectives.budget=3000"), "intent::unit", "--> --set:1:");
    let bought = plimsoll(&["capacity", "99% uptime", "--budget", "3000"]);
    refused(&bought, "intent::unit", "--> --budget:1:");
}

#[test]
fn a_region_of_another_cloud() {
    let said = plimsoll(&["plan", "10k users on google in us-east-1"]);
    refused(&said, "intent::contradiction", "a region of aws, not of google");
    // A region of Google without prices is no slip for one of AWS.
    let said = plimsoll(&["plan", "10k users on google in us-east1"]);
    refused(&said, "intent::region", "of google it has europe-west1, us-central1");
    let said = plimsoll(&["plan", "10k users", "--set", "run_on.regions=[us-east1]"]);
    refused(&said, "intent::region", "us-central1");
}

#[test]
fn a_fraction_for_uptime() {
    let said = document(&with("target: 99.9%", "target: 0.999"));
    refused(&said, "intent::uptime", "99.9%");
}

/// What is proposed is something that could be asked for.
#[test]
fn an_uptime_is_proposed_where_one_is_asked_for() {
    let said = document(&with("target: 99.9%", "target: soon"));
    refused(&said, "intent::number", "for example: 99.9%");
    let said = plimsoll(&["plan", "1k users", "--headroom", "much"]);
    refused(&said, "intent::number", "for example: 25%");
}

#[test]
fn a_value_of_the_ledger_that_it_cannot_have() {
    for (setting, range) in [
        ("demand.think_time=100000000y", "100 ms to 1 day"),
        ("demand.think_time=0s", "100 ms to 1 day"),
        ("autoscaler.ceiling=0.1", "1 to 10"),
        ("rules.utilisation.sql=0%", "1% to 100%"),
        ("availability.instance.rate=1e12/year", "0 to 10,000/year"),
        ("rules.zones_min=7", "1 to 6"),
        ("edge.port=80", "81 to 65535"),
        ("rules.redundant_data=2", "0 or 1"),
    ] {
        let said = plimsoll(&["plan", "10k users, 99.9% uptime", "--set", setting]);
        refused(&said, "demand::range", range);
        assert!(said.stderr.contains("1 error,"), "{}", said.stderr);
    }
}

#[test]
fn a_name_of_the_ledger_that_something_else_decides() {
    let peak = plimsoll(&["plan", "10k users", "--set", "demand.peak=500/s"]);
    refused(&peak, "demand::not_settable", "objectives.load.requests_per_second");
    let writes = plimsoll(&["plan", "10k users", "--set", "sql.writes=10%"]);
    refused(&writes, "demand::unknown_assumption", "services.db.writes");
    let policy = plimsoll(&["plan", "10k users", "--set", "balancing.policy=fastest"]);
    refused(&policy, "demand::unknown_choice", "power_of_two");
    let text = with("operations: standard", "assume: {requests.browse.share: 1%}");
    refused(&document(&text), "demand::not_settable", "requests.browse.share");
}

#[test]
fn rules_are_set_by_their_name() {
    let set = ["--set", "rules.redundant_data=true", "--set", "rules.zones_min=3"];
    let phrase = "1k users in us-east-1, 99% uptime";
    let plan = ["plan", phrase, "--json", "--set", "rules.replicas_min=4"];
    let said = plimsoll(&[&plan[..], &set[..]].concat());
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let spec = said.json();
    assert_eq!(spec["placement"]["zones"].as_array().map(Vec::len), Some(3), "{spec}");
}

#[test]
fn a_pin_that_says_how_it_is_bought_is_never_ignored() {
    for (phrase, needle) in [
        ("1k users, 2 EC2 instances for cache", "cache is bought as a managed product"),
        ("1k users, 1 EC2 instance for db", "db is bought as a managed product"),
        ("1k users, 2 RDS instances for app", "app does not run on that managed product"),
    ] {
        refused(&plimsoll(&["plan", phrase]), "intent::unsupported", needle);
    }
}

#[test]
fn not_a_number() {
    for text in [".nan", "NaN", ".inf", "-.inf"] {
        let said = document(&with("cpu_time: 9ms", &format!("cpu_time: {text}")));
        assert_eq!(said.code, 2, "{text}: {}", said.stderr);
        assert!(said.stderr.contains("error[intent::"), "{text}: {}", said.stderr);
    }
}

#[test]
fn a_negative_quantity() {
    let said = document(&with("cpu_time: 9ms", "cpu_time: -9ms"));
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("negative"), "{}", said.stderr);
}

#[test]
fn a_duplicate_key() {
    let said = document(&with("operations: standard", "operations: standard\noperations: basic"));
    refused(&said, "intent::duplicate_key", "operations");
}

#[test]
fn an_alias_bomb() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let before = level - 1;
        let list = vec![format!("*a{before}"); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{list}]").expect("a string takes whatever comes");
    }
    let said = document(&text);
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("error[intent::alias]"), "{}", said.stderr);
}

#[test]
fn a_hundred_thousand_levels() {
    let said = document(&"[".repeat(100_000));
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("error[intent::"), "{}", said.stderr);
}

#[test]
fn two_mebibytes() {
    let said = document(&format!("# {}\n", "x".repeat(2 * 1024 * 1024)));
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(
        said.stderr.contains("::size]") || said.stderr.contains("::too_large]"),
        "{}",
        said.stderr
    );
}

#[test]
fn an_unknown_service_in_a_call() {
    let said = document(&with("{to: cart, for: checkout}", "{to: crat, for: checkout}"));
    refused(&said, "intent::unknown_service", "did you mean");
}

#[test]
fn more_services_than_are_planned_together() {
    let mut text = String::from(
        "apiVersion: plimsoll/v1\nkind: Intent\nobjectives: {load: {concurrent_users: 1k}}\n\
         requests: {r: {enters: s0, response: 10kB}}\nservices:\n",
    );
    let next = |at: u32| match at {
        64 => String::new(),
        _ => format!(", calls: [{{to: s{}}}]", at + 1),
    };
    let service = |at| format!("  s{at}: {{type: service, cpu_time: 2ms{}}}\n", next(at));
    text.extend((0..65).map(service));
    refused(&document(&text), "demand::too_many_services", "65 services");
}

#[test]
fn a_cycle_of_calls() {
    let said = document(&with("      - {to: sessions}\n", "      - {to: web}\n"));
    refused(&said, "intent::cycle", "web");
}

#[test]
fn a_part_of_the_schema_that_is_not_supported_yet() {
    let said = document(&with("shape: {diurnal: {peak_to_mean: 3}}", "shape: flash_crowd"));
    refused(&said, "intent::unsupported", "flash_crowd");
}

#[test]
fn all_faults_at_once() {
    let text = with("timeout: 2s", "timeout: 2").replacen("cpu_time: 9ms", "cpu_time: -9ms", 1);
    let said = document(&text.replacen("to: cart", "to: crat", 1));
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert_eq!(said.stderr.matches("error[").count(), 3, "{}", said.stderr);
}

#[test]
fn errors_for_machines() {
    let said = plimsoll(&["plan", "--json", "10k users, 99.9 uptime"]);
    assert_eq!(said.code, 2);
    let errors = said.json();
    assert_eq!(errors["errors"][0]["code"], "intent::unit", "{errors}");
    assert_eq!(errors["errors"][0]["place"]["column"], 12, "{errors}");
}

#[test]
fn a_folder_that_cannot_be_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "taken").expect("a file can be written");
    for out in [file.clone(), file.join("below")] {
        let said = plimsoll(&["plan", "100 users", "--out", out.to_str().expect("a text path")]);
        assert_eq!(said.code, 2, "{}{}", said.stdout, said.stderr);
        assert!(said.stderr.contains("error[io::write]"), "{}", said.stderr);
    }
    assert_eq!(std::fs::read_to_string(&file).expect("the file is still there"), "taken");
}

#[test]
fn an_existing_file_is_not_overwritten_without_force() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().to_str().expect("a text path");
    let kept = folder.path().join("report.md");
    std::fs::write(&kept, "kept").expect("a file can be written");
    let said = plimsoll(&["plan", "100 users", "--out", out]);
    refused(&said, "io::exists", "report.md");
    assert_eq!(std::fs::read_to_string(&kept).expect("still there"), "kept");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    let said = run(&mut command(&["plan", "100 users", "--out", out, "--force"]));
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert_ne!(std::fs::read_to_string(&kept).expect("still there"), "kept");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 5);
}
