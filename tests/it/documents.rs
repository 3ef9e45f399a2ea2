//! A document of every kind in `examples/documents`: as the commands of its README make it, of its
//! schema, and told in the book. `INSTA_UPDATE=always` writes what the commands make.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use jsonschema::Validator;
use serde_json::Value;

use crate::support::program::plimsoll;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

/// The files of a folder of the examples with one of those endings.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("examples").join(folder)).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry that can be read").path());
    let of_ending = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        path.is_file() && ending.is_some_and(|ending| endings.contains(&ending))
    };
    let mut files: Vec<PathBuf> = paths.filter(of_ending).collect();
    files.sort();
    files
}

/// What `plimsoll schema` takes, as its help lists it.
fn kinds() -> BTreeSet<String> {
    let help = plimsoll(&["schema", "--help"]).stdout;
    let listed = help.lines().filter_map(|line| line.trim().strip_prefix("- "));
    let kinds: BTreeSet<String> =
        listed.filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect();
    assert!(kinds.contains("spec"), "{help}");
    kinds
}

fn validator(kind: &str) -> Validator {
    let said = plimsoll(&["schema", kind]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    jsonschema::validator_for(&said.json()).expect("a schema")
}

/// The documents of a file: the whole of it, or one a line.
fn documents(path: &Path) -> Vec<Value> {
    let text = text(path);
    let read = |text| serde_json::from_str(text).unwrap_or_else(|fault| panic!("{fault}: {text}"));
    if path.extension().is_some_and(|ending| ending == "jsonl") {
        return text.lines().map(read).collect();
    }
    vec![read(&text)]
}

fn assert_valid(path: &Path, kind: &str) {
    let validator = validator(kind);
    let documents = documents(path);
    assert!(!documents.is_empty(), "{} is empty", path.display());
    for document in documents {
        let faults: Vec<String> =
            validator.iter_errors(&document).map(|own| own.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{}", path.display());
    }
}

/// The example of a kind.
fn example(kind: &str) -> PathBuf {
    let found = files("documents", &["json", "jsonl", "yaml"]);
    let of_kind = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == kind);
    let found = found.iter().find(of_kind).cloned();
    found.unwrap_or_else(|| panic!("examples/documents has no {kind}"))
}

#[test]
fn every_kind_has_an_example_of_its_schema() {
    let kinds = kinds();
    for kind in &kinds {
        let path = example(kind);
        // What people write is YAML, and read in the tests of its readers.
        if path.extension().is_none_or(|ending| ending != "yaml") {
            assert_valid(&path, kind);
        }
    }
    for path in files("documents", &["json", "jsonl"]) {
        let size = std::fs::metadata(&path).expect("it is there").len();
        assert!(size < 200_000, "{} is too large to be read", path.display());
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
        assert!(kinds.contains(stem), "{} is of no kind", path.display());
    }
    for path in files("approvals", &["json"]) {
        assert_valid(&path, "approval");
    }
}

/// The commands of the README, run in a copy of what they read.
fn made() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (place, endings) in [("documents", &["yaml", "csv"][..]), ("policies", &["yaml"])] {
        let own = folder.path().join("examples").join(place);
        std::fs::create_dir_all(&own).expect("a new folder");
        for path in files(place, endings) {
            std::fs::copy(&path, own.join(path.file_name().expect("a name"))).expect("copied");
        }
    }
    let readme = text(&root().join("examples/documents/README.md"));
    let script = readme.split("```").find_map(|part| part.strip_prefix("sh\n"));
    let program = PathBuf::from(env!("CARGO_BIN_EXE_plimsoll"));
    let own = program.parent().expect("the program lies in a folder").display().to_string();
    let path = format!("{own}:{}", std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", script.expect("the README has commands")])
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .current_dir(folder.path())
        .output()
        .expect("there is a shell");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// A chain without what differs from one day to another.
fn timeless(chain: &str) -> Vec<Value> {
    let mut lines: Vec<Value> =
        chain.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
    for line in &mut lines {
        for key in ["time", "previous", "hash"] {
            let removed = line.as_object_mut().and_then(|record| record.remove(key));
            assert!(removed.is_some(), "{line} has no {key}");
        }
    }
    lines
}

#[test]
fn the_examples_are_what_the_program_makes() {
    let made = made();
    let update = std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always");
    for kind in kinds() {
        let folder = made.path().join("examples/documents");
        let mut found = ["json", "jsonl"].map(|ending| folder.join(format!("{kind}.{ending}")));
        found.sort_by_key(|path| !path.exists());
        let [path, _] = found;
        if !path.exists() {
            assert!(["intent", "model", "policy"].contains(&kind.as_str()), "{kind} is not made");
            continue;
        }
        let kept = root().join("examples/documents").join(path.file_name().expect("a name"));
        let new = text(&path);
        let old = std::fs::read_to_string(&kept).unwrap_or_default();
        let same = if kind == "audit" { timeless(&old) == timeless(&new) } else { old == new };
        if !same && update {
            std::fs::write(&kept, new).expect("the example can be written");
            continue;
        }
        let first = old.lines().zip(new.lines()).find(|(old, new)| old != new);
        assert!(same, "{kind} is another one; INSTA_UPDATE=always writes it: {first:?}");
    }
}

#[test]
fn whatever_is_wrong_is_told_by_the_schema_of_errors() {
    let validator = validator("errors");
    let path = |name: &str| root().join("examples/documents").join(name).display().to_string();
    let (intent, policy) = (path("intent.yaml"), path("policy.yaml"));
    for arguments in [
        &["plan", "10k userz, 99.9% uptime"][..],
        &["plan", "no-such-file.yaml"],
        &["plan", &intent, "--policy", &intent],
        &["plan", &intent, "--set", "objectives.uptime=many"],
        &["plan", &intent, "--budget", "lots"],
        &["verify", &intent],
        &["simulate", &policy],
        &["diff", "spec.json"],
    ] {
        let said = plimsoll(&[arguments, &["--json"]].concat());
        assert_eq!(said.code, 2, "{arguments:?}: {}", said.stderr);
        let document = said.json();
        let faults: Vec<String> =
            validator.iter_errors(&document).map(|own| own.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{arguments:?}: {document:#}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"errors": [], "notes": []})));
}

#[test]
fn the_examples_hold() {
    let path = |kind: &str| example(kind).display().to_string();
    let checked = plimsoll(&["check", &path("spec"), "--quiet"]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    let chain = plimsoll(&["audit", "verify", &path("audit"), "--lines", "3"]);
    assert_eq!(chain.code, 0, "{}{}", chain.stdout, chain.stderr);
    let read = |kind: &str| documents(&example(kind)).remove(0);
    let digest = &read("spec")["metadata"]["digest"];
    assert_eq!(&read("approval")["spec"]["digest"], digest);
    assert_eq!(&read("bom")["spec_digest"], digest);
    let chain = documents(&example("audit"));
    assert!(chain.iter().all(|record| &record["spec_digest"] == digest), "{chain:?}");
    assert_eq!(read("spec")["metadata"]["labels"]["cost-center"], "4711", "of the policy");
}

#[test]
fn every_kind_has_its_page_and_its_faults_in_the_book() {
    let book = root().join("docs/book/src");
    let (page, errors) = (text(&book.join("documents.md")), text(&book.join("errors.md")));
    let summary = text(&book.join("SUMMARY.md"));
    assert!(summary.contains("(documents.md)"), "the page stands in the summary");
    for kind in kinds() {
        let command = format!("`plimsoll schema {kind}`");
        let row = page.lines().find(|line| line.starts_with('|') && line.contains(&command));
        let row = row.unwrap_or_else(|| panic!("documents.md has no row with {command}"));
        let name = example(&kind);
        let name = name.file_name().and_then(|name| name.to_str()).expect("a name");
        assert!(row.contains(&format!("`{name}`")), "{row}: its example is {name}");
        let linked = row.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        let pages: Vec<&str> =
            linked.map(|(link, _)| link.split('#').next().unwrap_or(link)).collect();
        let tells = |link: &&str| {
            let listed = summary.contains(&format!("({link})"));
            listed && text(&book.join(link)).contains(&command)
        };
        assert!(pages.iter().any(tells), "{kind}: {pages:?} do not say {command}");
        let codes = row.split('`').filter(|word| word.ends_with("::"));
        let told = |code: &str| errors.lines().any(|line| line.starts_with(&format!("## {code}")));
        let codes: Vec<&str> = codes.collect();
        assert!(!codes.is_empty() && codes.iter().all(|code| told(code)), "{row}: {codes:?}");
    }
}
