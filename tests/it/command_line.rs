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
    &["schema", "intent"],
    &["schema", "spec"],
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
