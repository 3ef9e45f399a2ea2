//! The README: its sessions are run as they stand, and its picture is what the program draws.
//!
//! A `console` block is a session of a shell. What follows a command is all that it prints, but the
//! time that it took; a line of three dots stands for the rest. `INSTA_UPDATE=always` redraws the
//! picture.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::program::{SEED_PHRASE, plimsoll};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A command with what the README says that it prints.
struct Exchange {
    command: String,
    printed: Vec<String>,
}

/// The sessions of a page, each a list of exchanges.
fn sessions(page: &str) -> Vec<Vec<Exchange>> {
    let mut sessions: Vec<Vec<Exchange>> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        if line == "```console" {
            inside = true;
            sessions.push(Vec::new());
        } else if line == "```" {
            inside = false;
        } else if inside {
            let session = sessions.last_mut().expect("opened by the line above");
            if let Some(command) = line.strip_prefix("$ ") {
                session.push(Exchange { command: command.to_owned(), printed: Vec::new() });
            } else {
                let last = session.last_mut().expect("a session starts with a command");
                last.printed.push(line.to_owned());
            }
        }
    }
    sessions
}

/// A folder in which the examples are where the README's reader has them.
fn workplace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for place in ["examples", "examples/models", "examples/policies"] {
        std::fs::create_dir(folder.path().join(place)).expect("a new folder");
        for entry in std::fs::read_dir(root().join(place)).expect("there are examples") {
            let path = entry.expect("a readable folder").path();
            let name = path.file_name().expect("a file has a name");
            if path.is_file() {
                std::fs::copy(&path, folder.path().join(place).join(name)).expect("copied");
            }
        }
    }
    folder
}

/// Runs a whole session in one shell, so that `$?` is that of the command before it.
fn run(session: &[Exchange], folder: &Path) -> Vec<Vec<String>> {
    const MARK: &str = "--8<--";
    let marked =
        |exchange: &Exchange| format!("{}\nkept=$?; echo '{MARK}'; (exit $kept)", exchange.command);
    let script = session.iter().map(marked).collect::<Vec<_>>().join("\n");
    let program = PathBuf::from(env!("CARGO_BIN_EXE_plimsoll"));
    let own = program.parent().expect("the program lies in a folder").display().to_string();
    let path = format!("{own}:{}", std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .current_dir(folder)
        .output()
        .expect("there is a shell");
    let text = String::from_utf8(output.stdout).expect("output is text");
    let mut printed: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines() {
        if line == MARK {
            printed.push(Vec::new());
        } else {
            printed.last_mut().expect("never empty").push(line.to_owned());
        }
    }
    printed.pop();
    assert_eq!(printed.len(), session.len(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    printed
}

/// The footer says how long it took, which differs from run to run.
fn without_time(line: &str) -> String {
    match line.rsplit_once("; ") {
        Some((rest, time)) if time.ends_with(" s") && line.contains("requests simulated") => {
            rest.to_owned()
        }
        _ => line.trim_end().to_owned(),
    }
}

#[test]
fn the_sessions_of_the_readme_are_what_happens() {
    let page = std::fs::read_to_string(root().join("README.md")).expect("there is a README");
    let sessions = sessions(&page);
    assert!(sessions.iter().map(Vec::len).sum::<usize>() >= 5, "the README shows sessions");
    for session in &sessions {
        let folder = workplace();
        for (exchange, found) in session.iter().zip(run(session, folder.path())) {
            let found: Vec<String> = found.iter().map(|line| without_time(line)).collect();
            let said: Vec<String> =
                exchange.printed.iter().map(|line| without_time(line)).collect();
            let command = &exchange.command;
            match said.split_last() {
                Some((last, first)) if last == "..." => {
                    assert!(found.starts_with(first), "{command} prints\n{}", found.join("\n"));
                }
                _ => assert_eq!(found.join("\n"), said.join("\n"), "{command}"),
            }
        }
    }
}

#[test]
fn the_picture_is_what_the_program_draws() {
    const NAME: &str = "load-against-latency.svg";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("sizing");
    let said = plimsoll(&["plan", SEED_PHRASE, "-q", "--out", out.to_str().expect("a text path")]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let drawn = std::fs::read(out.join(NAME)).expect("it is drawn");
    let shown = root().join("docs/book/src/images").join(NAME);
    if std::env::var("INSTA_UPDATE").is_ok_and(|mode| mode == "always") {
        std::fs::write(&shown, &drawn).expect("the picture can be written");
    }
    assert!(std::fs::read(&shown).ok() == Some(drawn), "the picture of the README is out of date");
}
