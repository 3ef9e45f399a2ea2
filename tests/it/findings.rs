//! What a new user stumbled over: names that match nothing, exceptions of nobody, files that nobody
//! mentions, refusals that do not say what is lacking.

use crate::policies::policy;
use crate::support::program::{example, plimsoll};

const PHRASE: &str = "1k users, 99% uptime, 400ms latency";

/// A policy in a file of its own.
fn written(folder: &tempfile::TempDir, text: &str) -> String {
    let path = folder.path().join("policy.yaml");
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

#[test]
fn families_and_regions_that_nobody_sells_are_told_with_the_nearest_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = ["{id: x, deny: {family: [c7gg, 't*'], region: [us-eest-1, 'eu-*']}}"];
    let path = written(&folder, &policy(&rules));
    let spec = plimsoll(&["plan", PHRASE, "--policy", &path, "--json"]).json();
    let risks = spec["risks"].as_array().expect("risks");
    let told = risks.iter().find(|risk| risk["id"] == "rule-names").expect("it is told");
    let text = told["text"].as_str().expect("a text");
    for part in [
        "policy.yaml:5:10): no family of the catalog is called c7gg; is c7g meant?",
        "no region of the catalog is called us-eest-1; is us-east-1 meant?",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(text.matches("of the catalog").count(), 2, "{text}");
    // A name that is allowed and sold by nobody leaves nothing, and the refusal says so.
    let path = written(&folder, &policy(&["{id: x, allow: {family: [c7gg]}}"]));
    let said = plimsoll(&["plan", PHRASE, "--policy", &path, "--json"]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    let details = said.json()["verdict"]["details"].to_string();
    assert!(details.contains("no family of the catalog is called c7gg"), "{details}");
}

#[test]
fn an_exception_for_a_service_that_is_not_there_lifts_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = policy(&["{id: x, deny: {family: ['t*']}}"]);
    let lifted = "{rule: x, service: batch, until: 2031-03-31, by: a.lee, because: so}";
    let path = written(&folder, &format!("{rules}exceptions:\n  - {lifted}\n"));
    let asked = ["plan", PHRASE, "--policy", &path, "--on", "2031-01-01"];
    let said = plimsoll(&asked);
    let words = said.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = "there is no service batch, so it lifts nothing of rule x here";
    assert!(words.contains(told), "{}", said.stdout);
    assert!(!words.contains("rule x is lifted"), "{}", said.stdout);
    let spec = folder.path().join("spec.json").display().to_string();
    let said = plimsoll(&[&asked[..], &["--json"]].concat());
    assert_eq!(said.json()["policy"]["exceptions"][0]["in_force"], false, "{}", said.stdout);
    std::fs::write(&spec, said.stdout).expect("it can be written");
    assert_eq!(plimsoll(&["check", &spec, "--quiet"]).code, 0);
}

#[test]
fn an_infeasible_document_tells_exceptions() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules =
        ["{id: cheap, limit: {cost.expected: 9 USD/month}}", "{id: z, require: {zones: '>= 3'}}"];
    let lifted = "{rule: z, until: 2031-03-31, by: a.lee, because: so}";
    let path = written(&folder, &format!("{}exceptions:\n  - {lifted}\n", policy(&rules)));
    let said = plimsoll(&["plan", PHRASE, "--policy", &path, "--on", "2031-01-01", "--json"]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    let details = said.json()["verdict"]["details"].to_string();
    assert!(details.contains("rule z is lifted until 2031-03-31, by a.lee: so"), "{details}");
}

#[test]
fn a_screen_says_which_files_were_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("sizing").display().to_string();
    let said = plimsoll(&["plan", PHRASE, "--out", &out]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let told = format!("\n wrote to {out}: spec.json, report.html, report.md, ");
    assert!(said.stdout.contains(&told), "{}", said.stdout);
    let quiet = plimsoll(&["plan", PHRASE, "--out", &out, "--force", "--quiet"]);
    assert_eq!(quiet.stdout.lines().count(), 1, "{}", quiet.stdout);
    let json = plimsoll(&["plan", PHRASE, "--out", &out, "--force", "--json"]);
    assert_eq!(json.json()["kind"], "Spec");
    let dear = ["plan", PHRASE, "--budget", "5 USD/month", "--out", &out, "--force"];
    let said = plimsoll(&dear);
    assert_eq!(said.code, 3, "{}", said.stderr);
    assert!(said.stdout.contains(&format!("wrote nothing to {out}: there is no plan")));
}

/// What is said to build it does, and what is said to be refused is, for all of those reasons.
#[test]
fn a_screen_says_how_what_was_written_is_built_or_why_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("sizing").display().to_string();
    let said = plimsoll(&["plan", &example("environments.yaml"), "--out", &out]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let build = |name: &str| {
        let (spec, built) = (format!("{out}/{name}/spec.json"), format!("{out}/{name}/built"));
        plimsoll(&["emit", &spec, "--to", "terraform-aws", "--out", &built])
    };
    let command = format!(" to build it: plimsoll emit {out}/prod/spec.json --to terraform-aws ");
    assert!(said.stdout.contains(&command), "{}", said.stdout);
    assert_eq!(build("prod").code, 0);
    for name in ["dev", "staging"] {
        let heading = format!(" terraform-aws would refuse {out}/{name}:");
        let mut lines = said.stdout.lines().skip_while(|line| *line != heading);
        assert!(lines.next().is_some(), "{heading}\n{}", said.stdout);
        let reasons: Vec<&str> = lines.take_while(|line| line.starts_with("   ")).collect();
        let refused = build(name);
        assert_eq!(refused.code, 2, "{}", refused.stdout);
        let errors = refused.stderr.matches("error[emit::unsupported]").count();
        assert_eq!(errors, reasons.len(), "{reasons:?}\n{}", refused.stderr);
        assert!(errors > 1, "all of them at once: {}", refused.stderr);
        let told = refused.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        for reason in reasons {
            let (place, what) = reason.trim().split_once(" has ").expect("a place");
            assert!(told.contains(&format!("`{place}` has {what}")), "{told}");
        }
    }
}

#[test]
fn a_refusal_says_that_nobody_knows_what_a_queue_costs_there() {
    let jobs = example("jobs.yaml");
    let said = plimsoll(&["plan", &jobs, "--set", "run_on.providers=[azure]", "--json"]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    let details = said.json()["verdict"]["details"].to_string();
    assert!(details.contains("region without a price: managed queue"), "{details}");
}
