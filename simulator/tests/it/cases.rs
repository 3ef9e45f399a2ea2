//! The published cases of `tests/tables/cases.csv`: each is a document that is run, or says why
//! it is not.

use std::collections::BTreeSet;
use std::path::Path;

use crate::known::{place, table};
use crate::{studies, systems, theory};

const CASES: &str = include_str!("../../../tests/tables/cases.csv");
/// Cases of the collection of queues, and of that of studies.
const ALL: usize = 97 + 17;
/// Those of them that may be left out.
const LEFT_OUT: usize = 10;

/// Names of the cases with the reasons for which they are no documents that are run.
fn cases() -> Vec<(&'static str, &'static str)> {
    let lines = CASES.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.split_once(',').unwrap()).collect()
}

/// The names of all runs of all tables.
fn runs() -> Vec<String> {
    let tables = [theory::TABLE, systems::TABLE, studies::TABLE];
    tables.into_iter().flat_map(|text| table(text).into_keys()).collect()
}

/// Whether a run is one of a case.
fn is_of(run: &str, case: &str) -> bool {
    run.strip_prefix(case).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '_']))
}

#[test]
fn every_case_is_a_document_that_is_run_or_says_why_not() {
    let (cases, runs) = (cases(), runs());
    let names: BTreeSet<&str> = cases.iter().map(|(name, _)| *name).collect();
    // What follows a space is a part of a case that has a reason of its own.
    let whole = names.iter().filter(|name| !name.contains(' ')).count();
    assert_eq!((names.len(), whole), (cases.len(), ALL));
    for (name, reason) in &cases {
        let mut of_case = runs.iter().filter(|run| is_of(run, name)).peekable();
        let documents = of_case.peek().is_some() && of_case.all(|run| place(run).is_some());
        assert_eq!(documents, reason.is_empty(), "{name}: {reason}");
    }
    assert!(cases.iter().filter(|(_, reason)| !reason.is_empty()).count() <= LEFT_OUT);
}

#[test]
fn every_document_is_run() {
    let used: BTreeSet<_> = runs().iter().filter_map(|run| place(run)).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/models");
    for entry in std::fs::read_dir(folder).unwrap() {
        let document = entry.unwrap().path();
        assert!(used.contains(&document), "{}", document.display());
    }
}
