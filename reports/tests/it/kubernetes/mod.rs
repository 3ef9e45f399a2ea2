//! Manifests for Kubernetes from a spec: known to its API, the same numbers as the spec, every text
//! itself.

mod facts;
mod hostile;
mod inputs;
mod manifests;
mod network;
mod read_back;
mod refused;
mod specs;
mod validated;

use reports::emit::{Format, emit};

/// The day of all bills here.
const DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 1);

fn golden(spec: &domain::spec::Spec) -> String {
    let files = emit(spec, Format::Kubernetes, DAY).expect("it is generated");
    let texts = files.iter().map(|(name, text)| format!("==> {name}\n{text}"));
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_manifests_of_the_seed_phrase() {
    insta::assert_snapshot!(golden(&specs::seed()));
}

/// Two kinds of machines, workers behind a queue, a service that calls another one, and one of
/// somebody else.
#[test]
fn the_manifests_of_what_the_seed_phrase_has_not() {
    insta::assert_snapshot!(golden(&specs::busy()));
}

#[test]
fn every_file_is_written_whatever_the_spec() {
    for (shape, spec) in specs::all() {
        let files = emit(&spec, Format::Kubernetes, DAY).expect("it is generated");
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, Format::Kubernetes.files(), "{shape}");
        for (name, text) in &files {
            assert!(name.split('/').count() == 2 && !name.contains(".."), "{name}");
            assert!(text.starts_with("# ") && text.ends_with('\n'), "{shape}: {name}");
            assert!(text.lines().all(|line| line == line.trim_end()), "{shape}: {name}");
        }
    }
}
