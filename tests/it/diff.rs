//! `plimsoll diff` as a program: its exit codes, its formats, and what it refuses.

use std::path::Path;

use crate::support::program::{Said, example, plimsoll, with_input};

/// The spec of an API for so many requests a second, in a folder.
fn planned(folder: &Path, rate: u32) -> String {
    let phrase = format!("{rate} requests/s api, 99% uptime");
    let out = folder.join(rate.to_string()).display().to_string();
    let said = plimsoll(&["plan", &phrase, "--out", &out, "--quiet"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    format!("{out}/spec.json")
}

fn diff(from: &str, to: &str, further: &[&str]) -> Said {
    plimsoll(&[&["diff", from, to][..], further].concat())
}

#[test]
fn the_exit_code_tells_a_pipeline_which_way_it_went() {
    let folder = tempfile::tempdir().expect("a folder");
    let (small, large) = (planned(folder.path(), 200), planned(folder.path(), 4000));
    let dearer = diff(&small, &large, &[]);
    assert_eq!(dearer.code, 5, "{}", dearer.stdout);
    assert!(dearer.stdout.starts_with("DEARER  $"), "{}", dearer.stdout);
    assert!(dearer.stdout.contains("because"), "{}", dearer.stdout);
    assert_eq!(diff(&large, &small, &["--quiet"]).code, 0);
    let same = diff(&small, &small, &["--quiet"]);
    assert_eq!((same.code, same.stdout.lines().count()), (0, 1));
    assert!(same.stdout.starts_with("SAME  $"), "{}", same.stdout);
    let json = diff(&small, &large, &["--json"]);
    assert_eq!(json.code, 5);
    assert_eq!(json.json()["course"], "dearer");
    let comment = diff(&small, &large, &["--format", "markdown"]);
    assert_eq!(comment.code, 5);
    assert!(comment.stdout.starts_with("**DEARER** "), "{}", comment.stdout);
    // What was changed by hand is not what was planned.
    let text = std::fs::read_to_string(&small).expect("it was written");
    let edited = folder.path().join("edited.json").display().to_string();
    let changed = text.replacen("\"status\": \"verified\"", "\"status\": \"refuted\"", 1);
    assert_ne!(changed, text);
    std::fs::write(&edited, changed).expect("it can be written");
    let said = diff(&large, &edited, &["--quiet"]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("spec::changed"), "{}", said.stderr);
}

#[test]
fn what_is_no_spec_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let none = folder.path().join("none.json").display().to_string();
    let said = diff(&none, &none, &[]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("nothing was compared"), "{}", said.stderr);
    std::fs::write(&none, "{}").expect("it can be written");
    assert_eq!(diff(&none, &none, &["--json"]).code, 2);
    let said = diff("-", "-", &[]);
    assert_eq!(said.code, 2);
    let told = "error[cli::usage]: both specs are to be read from standard input";
    assert!(said.stderr.contains(told), "{}", said.stderr);
}

/// A text in one line.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of two files the one that is no spec is named, and so is that of every other command.
#[test]
fn a_file_that_is_no_spec_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = planned(folder.path(), 100);
    let out = folder.path().join("out").display().to_string();
    let (intent, empty) = (example("api.yaml"), folder.path().join("empty.json"));
    std::fs::write(&empty, "{}").expect("it can be written");
    let empty = empty.display().to_string();
    for (file, code) in [(&intent, "spec::syntax"), (&empty, "spec::version")] {
        let file: &str = file;
        let named = Path::new(file).file_name().and_then(|name| name.to_str()).expect("a name");
        for arguments in [
            vec!["diff", &spec, file],
            vec!["diff", file, &spec],
            vec!["emit", file, "--to", "bom", "--out", &out],
            vec!["report", file],
            vec!["verify", file],
        ] {
            let said = plimsoll(&arguments);
            assert_eq!(said.code, 2, "{arguments:?}");
            let told = words(&said.stderr);
            assert!(told.contains(&format!("error[{code}]")), "{told}");
            assert!(told.contains(&format!("{named}: ")), "{told}");
        }
    }
    let said = with_input(&["diff", &spec, "-"], "{".to_owned());
    let told = words(&said.stderr);
    assert!(told.contains("standard input: line 1"), "{told}");
}

/// What the template of the examples writes is an intent, once it is filled in.
#[test]
fn the_template_writes_an_intent_that_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pipelines");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("an example");
    let template = read("backstage-template.yaml");
    let mut intent = read("skeleton/infrastructure/intent.yaml");
    for (name, value) in [
        ("name", "shelf"),
        ("owner", "storefront@example.com"),
        ("users", "20"),
        ("uptime", "99%"),
        ("latency", "800ms"),
    ] {
        let asked = format!("{name}: ${{{{ parameters.{name} }}}}");
        assert!(template.contains(&asked), "{asked}");
        intent = intent.replace(&format!("${{{{ values.{name} }}}}"), value);
    }
    assert!(!intent.contains("${{"), "{intent}");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("intent.yaml").display().to_string();
    std::fs::write(&path, intent).expect("it can be written");
    let said = plimsoll(&["plan", &path, "--quiet"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(read("github-action.yml").contains("plimsoll diff infrastructure/spec.json"));
}
