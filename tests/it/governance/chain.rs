//! The audit chain: what was cut out, changed or moved is found where it stood.

use super::{file, refused, text};
use crate::support::program::plimsoll;

/// A chain of four lines, each of a command that was refused or did its work.
fn chain(folder: &std::path::Path) -> String {
    let spec = file(folder, "spec.json", super::spec());
    let log = folder.join("log.jsonl").display().to_string();
    let out = folder.join("out").display().to_string();
    for at in 0..3 {
        let author = format!("author-{at}@example.com");
        let said = plimsoll(&[
            "emit", &spec, "--to", "bom", "--out", &out, "--audit", &log, "--author", &author,
        ]);
        refused(&said, "emit::unapproved");
    }
    let approval = folder.join("lee.json").display().to_string();
    let said = plimsoll(&[
        "approve",
        &spec,
        "--by",
        "lee@example.com",
        "--on",
        "2031-01-10",
        "--until",
        "2031-02-01",
        "--out",
        &approval,
        "--audit",
        &log,
    ]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    log
}

#[test]
fn a_line_that_was_changed_cut_out_or_moved_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = chain(folder.path());
    let whole = text(&log);
    let lines: Vec<&str> = whole.lines().collect();
    assert_eq!(lines.len(), 4);
    let verify = |lines: &[&str]| {
        let text = format!("{}\n", lines.join("\n"));
        plimsoll(&["audit", "verify", &file(folder.path(), "other.jsonl", &text)])
    };
    let said = verify(&lines);
    assert_eq!((said.code, said.stdout.contains("HOLDS  4 lines")), (0, true), "{}", said.stderr);
    let altered = |at: usize, from: &str, to: &str| {
        assert!(lines[at].contains(from), "{}", lines[at]);
        let changed = lines[at].replace(from, to);
        let mut all = lines.clone();
        all[at] = &changed;
        verify(&all)
    };
    for (said, code, line) in [
        (altered(1, "author-1", "author-9"), "audit::changed", 2),
        (altered(2, "\"command\":", "\"command\": "), "audit::changed", 3),
        (altered(3, "approval written", "approval granted"), "audit::changed", 4),
        (altered(1, "{", "{\"more\":1,"), "audit::changed", 2),
        (verify(&[lines[1], lines[2], lines[3]]), "audit::order", 1),
        (verify(&[lines[0], lines[2], lines[3]]), "audit::order", 2),
        (verify(&[lines[0], lines[2], lines[1], lines[3]]), "audit::order", 2),
        (verify(&[lines[0], lines[0], lines[1]]), "audit::order", 2),
    ] {
        refused(&said, code);
        assert!(said.stderr.contains(&format!("line {line}")), "{line}: {}", said.stderr);
    }
}

#[test]
fn an_end_that_was_cut_off_shows_to_whoever_kept_the_last_hash_or_the_count() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = chain(folder.path());
    let whole = text(&log);
    let said = plimsoll(&["audit", "verify", &log]);
    let last = said.stdout.split_whitespace().last().expect("it ends with the hash").to_owned();
    let first: Vec<&str> = whole.lines().take(3).collect();
    let cut = file(folder.path(), "cut.jsonl", &format!("{}\n", first.join("\n")));
    assert_eq!(plimsoll(&["audit", "verify", &cut]).code, 0, "a chain alone cannot show it");
    assert_eq!(plimsoll(&["audit", "verify", &log, "--expect-last", &last]).code, 0);
    assert_eq!(plimsoll(&["audit", "verify", &log, "--lines", "4"]).code, 0);
    refused(&plimsoll(&["audit", "verify", &cut, "--expect-last", &last]), "audit::last");
    refused(&plimsoll(&["audit", "verify", &cut, "--lines", "4"]), "audit::last");
    let torn = file(folder.path(), "torn.jsonl", &whole[..whole.len() - 9]);
    let said = plimsoll(&["audit", "verify", &torn]);
    refused(&said, "audit::unfinished");
    assert!(said.stderr.contains("line 4"), "{}", said.stderr);
    refused(&plimsoll(&["audit", "verify", "/nowhere/log.jsonl"]), "io::read");
}

#[test]
fn nothing_is_done_where_the_chain_does_not_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = chain(folder.path());
    let broken = text(&log).replace("author-1", "author-9");
    let log = file(folder.path(), "log.jsonl", &broken);
    let out = folder.path().join("sizing").display().to_string();
    let said = plimsoll(&["plan", super::PHRASE, "--out", &out, "--audit", &log]);
    refused(&said, "audit::changed");
    assert_eq!(text(&log), broken, "nothing was added");
    assert!(!std::path::Path::new(&out).exists(), "nothing was written");
}

#[test]
fn a_plan_is_recorded_with_its_spec_and_the_lines_meet_the_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = chain(folder.path());
    let out = folder.path().join("sizing");
    let arguments = ["plan", super::PHRASE, "--out", &out.display().to_string(), "--audit", &log];
    assert_eq!(plimsoll(&arguments).code, 0);
    let schema = plimsoll(&["schema", "audit"]).stdout;
    let schema = serde_json::from_str(&schema).expect("it is JSON");
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    for line in text(&log).lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
        assert!(schema.is_valid(&record), "{line}");
    }
    let last = text(&log).lines().last().expect("it has lines").to_owned();
    let last: serde_json::Value = serde_json::from_str(&last).expect("it is JSON");
    let spec = text(&out.join("spec.json").display().to_string());
    let spec: serde_json::Value = serde_json::from_str(&spec).expect("it is JSON");
    assert_eq!(last["spec_digest"], spec["metadata"]["digest"]);
    assert_eq!(last["intent_digest"], spec["provenance"]["intent_digest"]);
    assert_eq!(last["verdicts"], serde_json::json!(["verified"]));
    assert_eq!(plimsoll(&["audit", "verify", &log, "--lines", "5"]).code, 0);
}

#[test]
fn two_that_write_at_once_do_not_break_the_chain() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = chain(folder.path());
    let spec = folder.path().join("spec.json").display().to_string();
    let out = folder.path().join("out").display().to_string();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let said =
                    plimsoll(&["emit", &spec, "--to", "bom", "--out", &out, "--audit", &log]);
                refused(&said, "emit::unapproved");
            });
        }
    });
    assert_eq!(plimsoll(&["audit", "verify", &log, "--lines", "8"]).code, 0);
}
