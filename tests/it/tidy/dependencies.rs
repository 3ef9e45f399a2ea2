//! Where imports point, and what is depended on.

use super::tree::Tree;

/// The rooms; each may import `domain` and none of the others.
const ROOMS: [&str; 5] = ["catalogs", "domain", "reports", "simulator", "solver"];

/// Every direct dependency that was chosen, by crate. A new one is a decision: add it here in the
/// commit that says why.
const CHOSEN: [(&str, &str); 6] = [
    (
        "plimsoll",
        "catalogs clap criterion csv domain html5gum indicatif insta jiff jsonschema miette \
         mimalloc proptest rayon reports serde_json sha2 simulator solver ssh-key tempfile \
         thiserror toml",
    ),
    (
        "catalogs",
        "csv domain jiff miette proptest rust_decimal serde serde-saphyr serde_json sha2 \
         thiserror toml",
    ),
    (
        "domain",
        "jiff jsonschema miette proptest rust_decimal schemars serde serde-saphyr serde_json \
         thiserror",
    ),
    (
        "reports",
        "domain hcl-rs html5gum insta jiff jsonschema maud miette plotters proptest roxmltree \
         schemars serde serde-saphyr serde_json sha2 thiserror unicode-width",
    ),
    ("simulator", "domain jiff libm miette proptest rand rayon statrs thiserror"),
    ("solver", "domain good_lp highs highs-sys libm miette statrs thiserror"),
];

/// Words of the solver's formulas that the judge must not hold.
const FORMULAS: [&str; 4] = ["erlang_c", "erlang_b", "allen_cunneen", "waiting_time_of"];

/// The dependencies that a manifest names, of every kind.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]") && !line.contains("workspace");
            continue;
        }
        if inside && let Some((name, _)) = line.split_once('=') {
            let name = name.trim().split('.').next().unwrap_or_default();
            found.push(name.trim_matches('"').to_owned());
        }
    }
    found
}

fn manifest_path(package: &str) -> String {
    if package == "plimsoll" { "Cargo.toml".to_owned() } else { format!("{package}/Cargo.toml") }
}

/// catalogs, solver, simulator and reports import `domain` and never one another.
pub(super) fn arrows(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for room in ROOMS {
        let manifest = tree.text(&manifest_path(room)).unwrap_or_default();
        for other in dependencies(manifest) {
            let sibling = ROOMS.contains(&other.as_str()) && other != "domain";
            if sibling || room == "domain" && other == "plimsoll" {
                found.push(format!("{room} imports {other}"));
            }
        }
        let folder = format!("{room}/src/");
        for (path, text) in tree.rust().filter(|(path, _)| path.starts_with(&folder)) {
            let siblings = ROOMS.iter().filter(|other| **other != room && **other != "domain");
            for other in siblings.filter(|other| names(text, other)) {
                found.push(format!("{path} names {other}"));
            }
        }
    }
    found
}

/// Whether a source names a crate in a path: `solver::`.
fn names(text: &str, package: &str) -> bool {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
        line.match_indices(&format!("{package}::")).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '_' | ':'))
        })
    })
}

/// Every direct dependency is on the list.
pub(super) fn unlisted(tree: &Tree) -> Vec<String> {
    CHOSEN
        .iter()
        .flat_map(|(package, chosen)| {
            let manifest = tree.text(&manifest_path(package)).unwrap_or_default();
            dependencies(manifest)
                .into_iter()
                .filter(|name| !chosen.split(' ').any(|listed| listed == name))
                .map(move |name| format!("{package} depends on {name}, which is not on its list"))
        })
        .collect()
}

/// The judge shares no formula of the solver.
pub(super) fn judge_is_independent(tree: &Tree) -> Vec<String> {
    tree.rust()
        .filter(|(path, _)| path.starts_with("simulator/src/"))
        .flat_map(|(path, text)| {
            let held = FORMULAS.into_iter().filter(move |formula| text.contains(formula));
            held.map(move |formula| format!("{path} holds {formula}"))
        })
        .collect()
}

/// What re-computes plans and specs uses nothing of the solver; the intent of a spec is read again
/// in one file, which makes no model of it.
pub(super) fn checks_are_independent(tree: &Tree) -> Vec<String> {
    const READER: &str = "src/audit/asked.rs";
    tree.rust()
        .filter(|(path, _)| path.starts_with("src/check/") || path.starts_with("src/audit/"))
        .flat_map(|(path, text)| {
            let uses = text.match_indices("solver::").filter(move |(at, _)| {
                path != READER || !text[*at..].starts_with("solver::characterise::")
            });
            uses.map(move |_| format!("{path} uses the solver"))
        })
        .collect()
}
