//! The program itself, run as a user runs it.

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
    let Output { status, stdout, stderr } = command.output().expect("the program can be started");
    Said {
        code: status.code().expect("the program ends by itself"),
        stdout: String::from_utf8(stdout).expect("output is text"),
        stderr: String::from_utf8(stderr).expect("diagnostics are text"),
    }
}

/// An example intent of the repository.
pub(crate) fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name).display().to_string()
}
