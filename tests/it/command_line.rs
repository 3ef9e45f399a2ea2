//! The program as a shell sees it: where results go, and what becomes of one that cannot go there.

use std::io::Read as _;
use std::process::Stdio;

use crate::support::program::{command, plimsoll};

/// Every command that prints a result.
const PRINTING: &[&[&str]] = &[
    &["plan", "100 users", "--quiet"],
    &["plan", "100 users", "--json"],
    &["plan", "100 users"],
    &["plan", "1k users, p99 under 1ms", "--quiet"],
    &["capacity", "99% uptime", "--budget", "900USD/month"],
    &["schema", "capacity"],
    &["schema", "check"],
    &["plan", "100 users", "--compare"],
    &["schema", "comparison"],
    &["schema", "environments"],
    &["explain", "100 users"],
    &["schema", "explanation"],
    &["frontier", "100 users", "--over", "users", "--json"],
    &["schema", "frontier"],
    &["schema", "infeasible"],
    &["schema", "intent"],
    &["schema", "model"],
    &["schema", "simulation"],
    &["schema", "spec"],
    &["schema", "verification"],
    &["simulate", "examples/models/mmck.yaml"],
    &["simulate", "examples/models/mmck.yaml", "--json"],
    &["archetypes"],
    &["catalog", "list"],
    &["catalog", "validate"],
    &["help"],
    &["help", "intent::unit"],
    &["help", "plan"],
    &["--help"],
    &["--version"],
];

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_an_error() {
    for arguments in PRINTING {
        let full = std::fs::File::create("/dev/full").expect("the device that is always full");
        let output = command(arguments).stdout(full).output().expect("the program can be started");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains("error[io::output]"), "{arguments:?}: {said}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn errors_for_machines_that_cannot_be_written_go_to_people() {
    let full = std::fs::File::create("/dev/full").expect("the device that is always full");
    let mut command = command(&["plan", "--json", "10k users, 99.9 uptime"]);
    let output = command.stdout(full).output().expect("the program can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("error[intent::unit]") && said.contains("error[io::output]"), "{said}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut command = command(&["schema", "spec"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    drop(child.stdout.take());
    let mut said = String::new();
    let stderr = child.stderr.as_mut().expect("standard error was asked for");
    stderr.read_to_string(&mut said).expect("diagnostics are text");
    let status = child.wait().expect("the program ends");
    assert_eq!((status.code(), said.as_str()), (Some(0), ""));
    assert!(plimsoll(&["schema", "spec"]).stdout.ends_with('\n'));
}

#[test]
fn help_shows_the_whole_command_and_the_nearest_code() {
    assert!(plimsoll(&["help", "plan"]).stdout.contains("Usage: plimsoll plan [OPTIONS] <INTENT>"));
    let said = plimsoll(&["help", "intent::untt"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("did you mean `intent::unit`?"), "{}", said.stderr);
}

#[test]
fn archetypes_fit_on_a_screen() {
    let said = plimsoll(&["archetypes"]);
    let widest = said.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|widest| widest <= 100), "{widest:?}");
    assert!(said.stdout.contains("TPC-W: mean think time of an emulated browser"));
}

#[test]
fn a_folder_without_a_catalog_is_refused_by_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().to_str().expect("a text path");
    let said = plimsoll(&["catalog", "list", "--catalog", path]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("error[catalog::none]"), "{}", said.stderr);
    assert!(said.stderr.contains("1 error"), "{}", said.stderr);
}

#[test]
fn a_file_that_is_too_large_is_measured_in_mebibytes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("large.yaml");
    std::fs::write(&path, "#".repeat(3 << 20)).expect("a file can be written");
    let said = plimsoll(&["plan", path.to_str().expect("a text path")]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("is larger than 1 MiB"), "{}", said.stderr);
}

#[test]
fn a_pinned_burstable_instance_is_a_risk() {
    let phrase = "100 users on aws in us-east-1, 3x t3.medium for app";
    let said = plimsoll(&["plan", phrase, "--json"]);
    assert!(matches!(said.code, 0 | 4), "{}{}", said.stdout, said.stderr);
    let spec = said.json();
    let risks = spec["risks"].as_array().expect("a list of risks");
    let burstable = risks.iter().find(|risk| risk["id"] == "burstable").expect("a risk of it");
    let text = burstable["text"].as_str().expect("a text");
    assert!(text.starts_with("t3.medium is burstable"), "{text}");
    let refused = plimsoll(&["plan", phrase, "--json", "--budget", "1USD/month"]);
    assert_eq!(refused.code, 3, "{}{}", refused.stdout, refused.stderr);
}

#[test]
fn what_is_wrong_with_the_arguments_has_a_code_and_help() {
    let said = plimsoll(&["plan", "10k users", "--outt", "x"]);
    assert_eq!(said.code, 2);
    for expected in ["error[cli::usage]: unexpected argument '--outt'", "'--out'", "usage: "] {
        assert!(said.stderr.contains(expected), "{expected}: {}", said.stderr);
    }
    let said = plimsoll(&["verify", "--json"]);
    assert_eq!(said.code, 2);
    assert_eq!(said.json()["errors"][0]["code"], "cli::usage");
}

#[test]
fn what_was_not_done_is_said_of_what_was_asked() {
    for (arguments, said) in [
        (["plan", "flurbs"], Some("nothing was planned or written")),
        (["verify", "no/such/spec.json"], Some("nothing was verified")),
        (["simulate", "no/such/model.yaml"], Some("nothing was simulated or written")),
        (["help", "flurbs"], None),
    ] {
        let found = plimsoll(&arguments);
        assert_eq!(found.code, 2, "{arguments:?}");
        let closing = found.stderr.lines().last().unwrap_or_default();
        match said {
            Some(said) => assert!(closing.contains(said), "{arguments:?}: {closing}"),
            None => assert!(!closing.contains("nothing"), "{arguments:?}: {closing}"),
        }
    }
}

/// The work is not done first, and nothing is left of the attempt.
#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_cannot_be_written_is_found_before_the_work() {
    let said = plimsoll(&["simulate", "no/such/model.yaml", "--out", "/proc/plimsoll"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("error[io::write]"), "{}", said.stderr);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let deep = folder.path().join("a/b");
    let said =
        plimsoll(&["plan", "flurbs", "--out", deep.to_str().expect("the folder has a plain name")]);
    assert!(said.stderr.contains("error[intent::"), "{}", said.stderr);
    assert!(!folder.path().join("a").exists(), "an empty folder was left");
}

/// All is written or nothing: a folder where a file belongs is seen before any file is replaced.
#[test]
fn a_folder_in_the_place_of_a_file_leaves_all_other_files_as_they_were() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("out").display().to_string();
    let plan = ["plan", "100 users", "-q", "--out", &out];
    assert_eq!(plimsoll(&plan).code, 0);
    let spec = folder.path().join("out/spec.json");
    let before = std::fs::read_to_string(&spec).expect("it was written");
    let report = folder.path().join("out/report.md");
    std::fs::remove_file(&report).expect("it was written");
    std::fs::create_dir(&report).expect("a new folder");
    let again = ["plan", "500 users", "-q", "--out", &out, "--force"];
    let said = plimsoll(&again);
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("error[io::write]"), "{}", said.stderr);
    assert_eq!(std::fs::read_to_string(&spec).expect("it is there"), before);

    let spec = spec.display().to_string();
    let to = folder.path().join("emitted");
    let place = to.display().to_string();
    let emit = ["emit", &spec, "--to", "kubernetes", "--to", "bom", "--out", &place, "--force"];
    std::fs::create_dir_all(to.join("kubernetes/services.yaml")).expect("a new folder");
    let said = plimsoll(&emit);
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("error[io::write]"), "{}", said.stderr);
    let left = std::fs::read_dir(&to).expect("a folder").count();
    let inner = std::fs::read_dir(to.join("kubernetes")).expect("a folder").count();
    assert_eq!((left, inner), (1, 1), "nothing else was written");

    std::fs::remove_dir_all(to.join("kubernetes")).expect("it can be removed");
    std::fs::write(to.join("kubernetes"), "mine").expect("it can be written");
    let said = plimsoll(&emit);
    assert!(said.stderr.contains("error[io::write]"), "{}", said.stderr);
    assert_eq!(std::fs::read_dir(&to).expect("a folder").count(), 1);
}

#[test]
fn a_day_that_is_none_is_told_how_days_are_written() {
    for arguments in
        [["plan", "100 users", "--on", "yesterday"], ["explain", "100 users", "--on", "31.12.2026"]]
    {
        let said = plimsoll(&arguments);
        assert_eq!(said.code, 2);
        assert!(said.stderr.contains("YYYY-MM-DD"), "{}", said.stderr);
    }
}
