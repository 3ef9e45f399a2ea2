//! `plimsoll audit`: whether an audit chain is as it was written.

use std::fs::File;
use std::path::Path;

use crate::arguments::AuditAction;
use crate::chain::{ChainFault, verify};
use crate::failure::{Exit, Failure};
use crate::screen;

pub(super) fn run(action: &AuditAction) -> Result<Exit, Failure> {
    let AuditAction::Verify { file, expect_last, lines } = action;
    if let Some(hash) = expect_last.as_ref().filter(|hash| !is_hash(hash)) {
        let shown: String = hash.chars().filter(char::is_ascii_graphic).take(80).collect();
        return Err(Failure::Usage {
            message: format!("the value of '--expect-last' is not a hash: {shown}"),
            help: "write it as audit verify prints it: sha256: and 64 digits".to_owned(),
        });
    }
    let name = file.to_string_lossy().into_owned();
    let text = File::open(file).map_err(|cause| unread(file, cause))?;
    let holds = verify(&name, text)?;
    let ends = |found: String, expected: String| {
        let (file, line) = (name.clone(), holds.lines);
        Err(ChainFault::Last { file, line, found, expected }.into())
    };
    if let Some(expected) = expect_last.as_ref().filter(|expected| **expected != holds.last) {
        let shown: String = expected.chars().filter(char::is_ascii_graphic).take(80).collect();
        return ends(holds.last.clone(), shown);
    }
    if let Some(expected) = lines.filter(|expected| *expected != holds.lines) {
        return ends(format!("{} lines", holds.lines), format!("{expected}"));
    }
    let lines = match holds.lines {
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    };
    screen::print(&format!("HOLDS  {lines}; the last is {}\n", holds.last))?;
    Ok(Exit::Verified)
}

fn is_hash(text: &str) -> bool {
    let digit = |letter: char| matches!(letter, '0'..='9' | 'a'..='f');
    text.strip_prefix("sha256:").is_some_and(|own| own.len() == 64 && own.chars().all(digit))
}

fn unread(path: &Path, cause: std::io::Error) -> Failure {
    Failure::Read { path: path.to_owned(), cause }
}
