//! The program itself, run as a user runs it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The phrase that everything is shown with.
pub(crate) const SEED_PHRASE: &str = "handle 10k users, 99.9% uptime, 400ms latency";

/// What the program said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Said {
    /// Standard output as one JSON document.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|fault| panic!("{fault} in {}\n{}", self.stdout, self.stderr))
    }
}

/// Runs the program with those arguments.
pub(crate) fn plimsoll(arguments: &[&str]) -> Said {
    run(&mut command(arguments))
}

/// The program with those arguments, in an environment without colour.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

pub(crate) fn run(command: &mut Command) -> Said {
    said(command.output().expect("the program can be started"))
}

fn said(Output { status, stdout, stderr }: Output) -> Said {
    Said {
        code: status.code().expect("the program ends by itself"),
        stdout: String::from_utf8(stdout).expect("output is text"),
        stderr: String::from_utf8(stderr).expect("diagnostics are text"),
    }
}

/// Runs the program with those arguments and a text on standard input.
pub(crate) fn with_input(arguments: &[&str], text: String) -> Said {
    let mut command = command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    let mut stdin = child.stdin.take().expect("standard input was asked for");
    // The program may refuse before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(text.as_bytes())));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("writing ends");
    said(output)
}

/// An example intent of the repository.
pub(crate) fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name).display().to_string()
}
