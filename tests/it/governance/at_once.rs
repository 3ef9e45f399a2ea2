//! `plan --emit`: what is generated as soon as the plan is found, by the same leave as `emit`.

use std::path::Path;

use super::{PHRASE, file, policy, refused, text};
use crate::support::program::{SEED_PHRASE, plimsoll};

/// All files below a folder with what they hold.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(own) = open.pop() {
        for entry in std::fs::read_dir(&own).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it is below").display().to_string();
                found.push((name, text(&path.display().to_string())));
            }
        }
    }
    found.sort_unstable();
    found
}

#[test]
fn what_is_emitted_with_a_plan_is_what_emit_writes_of_its_spec() {
    let folder = tempfile::tempdir().expect("a folder");
    let [out, later] = ["out", "later"].map(|name| folder.path().join(name));
    let [to, after] = [&out, &later].map(|path| path.display().to_string());
    let formats = ["bom", "terraform-aws", "kubernetes"];
    let mut plan = vec!["plan", SEED_PHRASE, "--out", &to];
    plan.extend(formats.iter().flat_map(|format| ["--emit", *format]));
    let said = plimsoll(&plan);
    assert_eq!(said.code, 0, "{}", said.stderr);
    for told in ["bom.json", "terraform-aws/", "kubernetes/"] {
        assert!(said.stdout.contains(told), "{told}: {}", said.stdout);
    }
    assert!(!said.stdout.contains("plan … --out") && !said.stdout.contains("plan ... --out"));
    let spec = format!("{to}/spec.json");
    let mut emit = vec!["emit", &spec, "--out", &after];
    emit.extend(formats.iter().flat_map(|format| ["--to", *format]));
    assert_eq!(plimsoll(&emit).code, 0);
    let emitted = files(&later);
    assert!(emitted.len() > 20, "{}", emitted.len());
    let all = files(&out);
    for own in &emitted {
        assert!(all.contains(own), "{} is the same", own.0);
    }
    let further = all.iter().filter(|own| !emitted.contains(own));
    assert_eq!(further.count(), 5, "the plan, its reports and plots");

    // What is there is not written over: neither the plan nor what is generated.
    let said = plimsoll(&plan);
    refused(&said, "io::exists");
    assert_eq!(files(&out), all);
    std::fs::remove_file(&spec).expect("it is there");
    for name in ["report.html", "report.md", "cost-lines.svg", "load-against-latency.svg"] {
        let _ = std::fs::remove_file(out.join(name));
    }
    let left = files(&out);
    refused(&plimsoll(&plan), "io::exists");
    assert_eq!(files(&out), left, "nor beside what is generated");
}

/// Where somebody has to agree first, the plan is written for them, and nothing else is.
#[test]
fn nothing_is_emitted_with_a_plan_that_wants_approval() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = file(folder.path(), "people.yaml", &policy("people", "run"));
    let out = folder.path().join("out");
    let (to, log) = (out.display().to_string(), folder.path().join("log").display().to_string());
    let said = plimsoll(&[
        "plan",
        PHRASE,
        "--set",
        "metadata.labels.environment=prod",
        "--policy",
        &rules,
        "--out",
        &to,
        "--emit",
        "terraform-aws",
        "--author",
        "bot@example.com",
        "--audit",
        &log,
    ]);
    refused(&said, "emit::unapproved");
    assert!(said.stdout.contains("VERIFIED"), "the plan is told: {}", said.stdout);
    for words in ["plimsoll approve", "the plan is written"] {
        assert!(said.stderr.contains(words), "{words}: {}", said.stderr);
    }
    let names: Vec<String> = files(&out).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), 5, "{names:?}");
    assert!(names.contains(&"spec.json".to_owned()), "{names:?}");
    assert!(text(&log).contains("refused emit::unapproved"), "{}", text(&log));
}

#[test]
fn it_wants_a_folder_and_one_plan() {
    let said = plimsoll(&["plan", PHRASE, "--emit", "bom"]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("--out"), "{}", said.stderr);
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let shop = crate::support::program::example("environments.yaml");
    let said = plimsoll(&["plan", &shop, "--emit", "bom", "--out", &out.display().to_string()]);
    refused(&said, "cli::usage");
    assert!(said.stderr.contains("--environment"), "{}", said.stderr);
    assert!(!out.exists(), "nothing is written");
}
