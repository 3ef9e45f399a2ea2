//! How files look, what they hold, and where they stand.

use std::collections::BTreeSet;

use super::tree::Tree;

/// The wall, not the target: a file is split when it holds two nouns.
const LINES: usize = 400;
const COLUMNS: usize = 100;

/// What stands at the top level; everything else has its room.
const ENTRIES: [&str; 26] = [
    ".cargo",
    ".ci",
    ".config",
    ".gitattributes",
    ".github",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "Makefile",
    "README.md",
    "benches",
    "build.rs",
    "catalogs",
    "clippy.toml",
    "deny.toml",
    "docs",
    "domain",
    "examples",
    "reports",
    "rustfmt.toml",
    "simulator",
    "solver",
    "src",
];

/// Marks of what is not done or switched off.
const UNFINISHED: [&str; 5] = ["todo!(", "unimplemented!(", "#[ignore", "thread::sleep(", "dbg!("];

/// At most 400 lines a file.
pub(super) fn too_long(tree: &Tree) -> Vec<String> {
    tree.rust()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES)
        .map(|(path, lines)| format!("{path} has {lines} lines"))
        .collect()
}

/// At most 100 columns a line.
pub(super) fn too_wide(tree: &Tree) -> Vec<String> {
    tree.rust()
        .flat_map(|(path, text)| {
            text.lines().enumerate().filter_map(move |(at, line)| {
                let columns = line.chars().count();
                (columns > COLUMNS).then(|| format!("{path}:{} has {columns} columns", at + 1))
            })
        })
        .collect()
}

/// Every file starts by saying what it does.
pub(super) fn without_introduction(tree: &Tree) -> Vec<String> {
    tree.rust()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| format!("{path} does not start with //!"))
        .collect()
}

/// Nothing is left for later or switched off. The rules themselves name the marks.
pub(super) fn unfinished(tree: &Tree) -> Vec<String> {
    tree.rust()
        .filter(|(path, _)| !path.starts_with("tests/it/tidy/"))
        .flat_map(|(path, text)| {
            let held = UNFINISHED.into_iter().filter(move |mark| text.contains(mark));
            held.map(move |mark| format!("{path} holds {mark}"))
        })
        .collect()
}

/// Everything stands in a planned place.
pub(super) fn out_of_place(tree: &Tree) -> Vec<String> {
    let entries: BTreeSet<&str> =
        tree.paths().map(|path| path.split('/').next().unwrap_or(path)).collect();
    entries
        .into_iter()
        .filter(|entry| !ENTRIES.contains(entry) && *entry != "tests")
        .map(|entry| format!("{entry} is not a planned entry of the top level"))
        .collect()
}

/// Every code that a diagnostic of the source carries.
pub(super) fn codes_in_source(tree: &Tree) -> BTreeSet<String> {
    let sources = tree.rust().filter(|(path, _)| path.contains("src/"));
    sources.flat_map(|(_, text)| codes(text)).collect()
}

/// What codes begin with.
const ORIGINS: [&str; 16] = [
    "approval",
    "audit",
    "catalog",
    "cli",
    "demand",
    "emit",
    "intent",
    "io",
    "model",
    "plan",
    "plot",
    "policy",
    "simulator",
    "spec",
    "study",
    "trace",
];

/// `code(intent::unit)` in a diagnostic, and `"intent::unit"` where the code is a text.
fn codes(text: &str) -> Vec<String> {
    let marks = [("code(", ')'), ("\"", '"')];
    let found = marks.into_iter().flat_map(|(mark, end)| {
        text.match_indices(mark).filter_map(move |(at, mark)| {
            let rest = &text[at + mark.len()..];
            Some(rest[..rest.find(end)?].to_owned())
        })
    });
    found.filter(|code| wellformed(code)).collect()
}

fn wellformed(code: &str) -> bool {
    let parts: Vec<&str> = code.split("::").collect();
    let letters = |part: &str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
    };
    matches!(parts.as_slice(), [origin, name] if ORIGINS.contains(origin) && letters(name))
}

/// Every code that the book has a heading for.
pub(super) fn codes_in_book(tree: &Tree) -> BTreeSet<String> {
    let book = tree.text("docs/book/src/errors.md").unwrap_or_default();
    book.lines()
        .filter_map(|line| line.strip_prefix("## "))
        .filter(|heading| heading.contains("::"))
        .map(|heading| heading.trim().trim_matches('`').to_owned())
        .collect()
}
