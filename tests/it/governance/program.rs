//! What may be generated, by whose leave: the program as a user runs it.

use std::path::Path;
use std::process::Command;

use domain::approval::NAMESPACE;
use serde_json::{Value, json};

use super::{PHRASE, file, key, policy, refused, signed, signed_for, spec, text};
use crate::support::program::{Said, plimsoll};

const ON: &str = "2031-01-10";

/// A folder with the spec in it.
struct Desk {
    folder: tempfile::TempDir,
    spec: String,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let spec = file(folder.path(), "spec.json", spec());
        Self { folder, spec }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn file(&self, name: &str, text: &str) -> String {
        file(self.folder.path(), name, text)
    }

    /// Somebody's approval until February, unsigned.
    fn approve(&self, name: &str, further: &[&str]) -> Said {
        let (by, out) = (format!("{name}@example.com"), self.path(&format!("{name}.json")));
        let arguments = ["approve", &self.spec, "--by", &by, "--on", ON, "--until", "2031-02-01"];
        plimsoll(&[&arguments[..], &["--out", &out], further].concat())
    }

    /// Somebody's approval, signed with a key.
    fn approved(&self, name: &str, by: u8) -> String {
        let said = self.approve(name, &["--force"]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        let path = self.path(&format!("{name}.json"));
        self.file(&format!("{name}.json.sig"), &signed(by, &text(&path)));
        path
    }

    fn emit(&self, spec: &str, approvals: &[&str], further: &[&str]) -> Said {
        let out = self.path("out");
        let mut arguments = vec!["emit", spec, "--to", "bom", "--out", &out, "--on", ON];
        arguments.extend(approvals.iter().flat_map(|path| ["--approval", *path]));
        arguments.extend(further);
        let said = plimsoll(&arguments);
        assert_eq!(said.code == 0, Path::new(&out).exists(), "nothing is written unless all is");
        said
    }
}

#[test]
fn an_unapproved_spec_is_refused_and_says_who_has_to_agree() {
    let desk = Desk::new();
    let document: Value = serde_json::from_str(spec()).expect("it is JSON");
    assert_eq!(document["verdict"]["approval"], "unapproved");
    assert_eq!(document["provenance"]["author"]["name"], "bot@example.com");
    let applies: Vec<bool> = document["policy"]["reviews"]
        .as_array()
        .expect("there are reviews")
        .iter()
        .map(|review| review["applies"] == true)
        .collect();
    assert_eq!(applies, [true, true, false], "an agent did not ask");
    let said = desk.emit(&desk.spec, &[], &[]);
    refused(&said, "emit::unapproved");
    let words: Vec<&str> = said.stderr.split_whitespace().collect();
    let said = words.join(" ");
    assert!(said.contains("prod-change wants 1 of platform and has 0: environment prod"), "{said}");
    assert!(said.contains("dear wants 1 of finops and has 0: cost.expected"), "{said}");
    assert_eq!(plimsoll(&["check", &desk.spec]).code, 0, "reviews are judged again");
}

#[test]
fn approvals_that_are_enough_let_it_be_generated() {
    let desk = Desk::new();
    let (lee, park) = (desk.approved("lee", 1), desk.approved("park", 2));
    refused(&desk.emit(&desk.spec, &[&lee], &[]), "emit::unapproved");
    let said = desk.emit(&desk.spec, &[&lee, &park], &["--to", "focus"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let spec: Value = serde_json::from_str(&text(&desk.spec)).expect("it is JSON");
    let bom: Value = serde_json::from_str(&text(&desk.path("out/bom.json"))).expect("it is JSON");
    let schema = serde_json::from_str(&plimsoll(&["schema", "bom"]).stdout).expect("it is JSON");
    assert!(jsonschema::is_valid(&schema, &bom), "{bom}");
    assert_eq!(bom["spec_digest"], spec["metadata"]["digest"]);
    let resources = bom["resources"].as_array().expect("there are resources");
    let name = spec["metadata"]["name"].as_str().expect("it has one");
    for resource in resources {
        let mut tags = json!({
            "environment": "prod",
            "plimsoll.dev/spec": spec["metadata"]["digest"],
            "plimsoll.dev/system": format!("{name}-prod"),
        });
        if let Some(service) = resource["service"].as_str() {
            tags["service"] = service.into();
        }
        assert_eq!(resource["tags"], tags, "{resource}");
    }
    let db = resources.iter().find(|own| own["type"] == "database").expect("there is one");
    assert_eq!((&db["encryption"]["at_rest"], &db["public"]), (&json!(true), &json!(false)));
    assert!(db["backup"]["retention_days"].as_u64().expect("it is backed up") > 0);
    let late = ["emit", &desk.spec, "--to", "focus", "--on", "9999-12-31", "--out"];
    let said = plimsoll(&[&late[..], &[&desk.path("late")]].concat());
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(
        said.stderr.contains("error[cli::usage]: --on 9999-12-31: the bill"),
        "{}",
        said.stderr
    );
    // A month costs what the spec says, in the month of that day.
    let csv = text(&desk.path("out/focus.csv"));
    let total: f64 = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().expect("a cell").parse::<f64>().expect("a cost"))
        .sum();
    let expected = spec["cost"]["monthly_micros"]["expected"].as_f64().expect("a cost");
    assert!((total * 1e6 - expected).abs() < 1.0, "{total} and {expected}");
    assert!(csv.lines().nth(1).expect("a line").contains("2031-01-01T00:00:00Z"), "{csv}");
    let again = plimsoll(&[
        "emit",
        &desk.spec,
        "--to",
        "bom",
        "--out",
        &desk.path("out"),
        "--on",
        ON,
        "--approval",
        &lee,
        "--approval",
        &park,
    ]);
    refused(&again, "io::exists");
}

#[test]
fn what_the_real_ssh_keygen_signs_is_accepted() {
    if Command::new("ssh-keygen").arg("-?").output().is_err() {
        // The fixtures, which it signed once, are verified wherever this runs.
        eprintln!("ssh-keygen is not installed: only what it signed before is verified");
        return;
    }
    let desk = Desk::new();
    let mut approvals = Vec::new();
    for (name, by) in [("lee", 1), ("park", 2)] {
        let said = desk.approve(name, &[]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        let path = desk.path(&format!("{name}.json"));
        assert!(said.stdout.contains(&format!("-n {NAMESPACE} -f KEY {path}")), "{}", said.stdout);
        let private = key(by).to_openssh(ssh_key::LineEnding::LF).expect("a key has a text");
        let private = desk.file(name, &private);
        only_for_its_owner(&private);
        let sign = ["-Y", "sign", "-n", NAMESPACE, "-f", &private, &path];
        let signed = Command::new("ssh-keygen").args(sign).output().expect("it can be started");
        assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
        approvals.push(path);
    }
    let said = desk.emit(&desk.spec, &[&approvals[0], &approvals[1]], &[]);
    assert_eq!(said.code, 0, "{}", said.stderr);
}

/// `ssh-keygen` takes no private key that others may read.
fn only_for_its_owner(path: &str) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, mode).expect("the file is ours");
    }
}

#[test]
fn approvals_for_something_else_or_by_somebody_else_or_too_late_are_refused() {
    let desk = Desk::new();
    let (lee, park) = (desk.approved("lee", 1), desk.approved("park", 2));
    let with = |approval: &str| desk.emit(&desk.spec, &[approval, &park], &[]);
    let whole = text(&lee);
    let sealed = |change: &dyn Fn(&str) -> String, by: u8, namespace: &str| {
        let changed = change(&whole);
        let path = desk.file("changed.json", &changed);
        desk.file("changed.json.sig", &signed_for(namespace, by, &changed));
        path
    };
    let same = |text: &str| text.to_owned();
    refused(&with(&sealed(&same, 1, "file")), "approval::namespace");
    refused(&with(&sealed(&same, 7, NAMESPACE)), "approval::key");
    let digest = |text: &str| text.replace("sha256:", "sha256:0");
    refused(&with(&sealed(&digest, 1, NAMESPACE)), "approval::digest");
    let past = |text: &str| text.replace(ON, "2031-01-08").replace("2031-02-01", "2031-01-09");
    refused(&with(&sealed(&past, 1, NAMESPACE)), "approval::expired");
    desk.file("changed.json", &format!("{whole}\n"));
    desk.file("changed.json.sig", &signed(1, &whole));
    refused(&with(&desk.path("changed.json")), "approval::signature");
    refused(&with(&desk.path("none.json")), "io::read");
    refused(&desk.approve("bot", &[]), "approval::author");
    refused(&desk.approve("eve", &[]), "approval::unlisted");
    refused(&desk.approve("lee", &["--force", "--review", "dear"]), "approval::role");
    refused(&desk.approve("lee", &[]), "io::exists");
    std::fs::remove_file(format!("{lee}.sig")).expect("it was signed");
    let unsigned = with(&lee);
    refused(&unsigned, "approval::signature_form");
    let words = |said: &Said| said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = words(&unsigned);
    assert!(told.contains("sign the approval: ssh-keygen -Y sign -n"), "{told}");
    let over = ["approve", &desk.spec, "--by", "lee@example.com", "--on", ON];
    let out = desk.path("over.json");
    let over = plimsoll(&[&over[..], &["--until", "2031-01-09", "--out", &out]].concat());
    refused(&over, "cli::usage");
    let told = words(&over);
    assert!(told.contains("--until 2031-01-09: that day is over"), "{told}");
}

/// A key that is listed to a day takes an approval no further, and that is said when it is written.
#[test]
fn an_approval_that_outlives_its_key_says_until_when_it_counts() {
    let desk = Desk::new();
    let whole = desk.approve("lee", &[]);
    assert!(!whole.stdout.contains("counts  until"), "{}", whole.stdout);
    let until = |day: &str| {
        let head = "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {name: short}\nrules: []\n";
        let signers = super::signer("lee", 1, "platform");
        let signers = signers.replace('}', &format!(", until: {day}}}"));
        let policy = format!("{head}signers:\n{signers}");
        let policy = desk.file("short.yaml", &policy);
        let approved = desk.approve("lee", &["--force", "--policy", &policy]);
        let path = desk.path("lee.json");
        desk.file("lee.json.sig", &signed(1, &text(&path)));
        (approved, policy)
    };
    let (ended, _) = until("2031-01-01");
    refused(&ended, "approval::key_expired");
    let (short, policy) = until("2031-01-20");
    assert_eq!(short.code, 0, "{}", short.stderr);
    let told = "counts  until 2031-01-20 and not 2031-02-01: the key of lee@example.com is listed";
    assert!(short.stdout.contains(told), "{}", short.stdout);
    // Which is what happens when something is generated by it.
    let out = desk.path("late");
    let lee = desk.path("lee.json");
    let late = ["emit", &desk.spec, "--to", "bom", "--out", &out, "--approval", &lee];
    let late = plimsoll(&[&late[..], &["--on", "2031-01-21", "--policy", &policy]].concat());
    refused(&late, "approval::key_expired");
}

#[test]
fn a_spec_that_was_changed_by_one_byte_is_another_one() {
    let desk = Desk::new();
    let (lee, park) = (desk.approved("lee", 1), desk.approved("park", 2));
    for changed in [
        format!("{} ", spec()),
        spec().replacen("\"seed\": 1", "\"seed\":  1", 1),
        spec().replacen("\"seed\": 1", "\"seed\": 2", 1),
        spec().replacen("unapproved", "not_required", 1),
    ] {
        assert_ne!(changed, spec());
        let other = desk.file("other.json", &changed);
        refused(&desk.emit(&other, &[&lee, &park], &[]), "spec::changed");
    }
    // Who writes the digest anew has another spec, which nobody approved.
    let mut other = domain::spec::read(spec()).expect("it is a spec");
    other.provenance.seed = 2;
    other.metadata.digest = reports::spec::digest(&other);
    let other = desk.file("other.json", &reports::spec::text(&other));
    refused(&desk.emit(&other, &[&lee, &park], &[]), "approval::digest");
    refused(&desk.emit(&other, &[], &[]), "emit::unapproved");
    // And who takes the reviews out of it has one that its policies contradict.
    let mut other = domain::spec::read(spec()).expect("it is a spec");
    other.policy.reviews.clear();
    other.metadata.digest = reports::spec::digest(&other);
    let other = desk.file("other.json", &reports::spec::text(&other));
    refused(&desk.emit(&other, &[&lee, &park], &[]), "emit::faults");
}

#[test]
fn policies_that_are_given_hold_and_their_signers_alone_count() {
    let desk = Desk::new();
    let (lee, park) = (desk.approved("lee", 1), desk.approved("park", 2));
    let both = [lee.as_str(), park.as_str()];
    // Another document of the same name: the signers in the spec are of no account.
    let fewer = policy("people", "run").replace("lee@example.com", "kim@example.com");
    let fewer = desk.file("fewer.yaml", &fewer);
    refused(&desk.emit(&desk.spec, &both, &["--policy", &fewer]), "approval::signer");
    let crawl = desk.file("crawl.yaml", &policy("people", "crawl"));
    refused(&desk.emit(&desk.spec, &both, &["--policy", &crawl]), "emit::stage");
    // Nor is an approval written that nothing would count.
    refused(&desk.approve("lee", &["--policy", &crawl, "--force"]), "emit::stage");
    let rule = "rules: [{id: far, require: {zones: '>= 3'}}]";
    let stricter = policy("people", "run").replace("rules: []", rule);
    let stricter = desk.file("stricter.yaml", &stricter);
    let said = desk.emit(&desk.spec, &both, &["--policy", &stricter]);
    refused(&said, "emit::rules");
    assert!(said.stderr.contains("zones >= 3"), "{}", said.stderr);
    let walk = desk.file("walk.yaml", &policy("people", "walk"));
    let said = desk.emit(&desk.spec, &both, &["--policy", &walk]);
    assert_eq!(said.code, 0, "anybody's leave is enough for the stage: {}", said.stderr);
}

#[test]
fn stages_decide_which_environments_need_anybodys_leave() {
    let desk = Desk::new();
    let people = "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {name: stages}\nrules: []\n";
    for (stage, environment, code) in [
        ("crawl", "dev", None),
        ("crawl", "staging", Some("emit::stage")),
        ("walk", "staging", None),
        ("walk", "prod", Some("emit::unapproved")),
        ("run", "prod", None),
    ] {
        let policy = desk.file("stages.yaml", &format!("{people}stage: {stage}\n"));
        let label = format!("metadata.labels.environment={environment}");
        let arguments = ["plan", PHRASE, "--set", &label, "--policy", &policy, "--json"];
        let said = plimsoll(&arguments);
        assert_eq!(said.code, 0, "{}", said.stderr);
        let needed = if code.is_some() { "unapproved" } else { "not_required" };
        assert_eq!(said.json()["verdict"]["approval"], needed, "{stage} {environment}");
        let spec = desk.file("staged.json", &said.stdout);
        let said = desk.emit(&spec, &[], &[]);
        if let Some(code) = code {
            refused(&said, code);
            continue;
        }
        assert_eq!(said.code, 0, "{stage} {environment}: {}", said.stderr);
        std::fs::remove_dir_all(desk.path("out")).expect("it is ours");
    }
}

#[test]
fn an_increase_is_judged_against_the_plan_before_and_is_due_where_none_is_known() {
    let desk = Desk::new();
    let review = "reviews: [{id: dearer, when: {cost.increase: '> 10%'}, approvals: 1, from: [a]}]";
    let head = "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {name: money}\nrules: []\n";
    let signers = super::signer("lee", 1, "a");
    let policy = desk.file("money.yaml", &format!("{head}{review}\nsigners:\n{signers}"));
    let planned = |further: &[&str]| {
        let said = plimsoll(&[&["plan", "--json", "--policy", &policy], further].concat());
        assert_eq!(said.code, 0, "{}", said.stderr);
        said
    };
    let first = planned(&[PHRASE]);
    assert_eq!(first.json()["policy"]["reviews"][0]["applies"], true);
    let why = first.json()["policy"]["reviews"][0]["why"].as_str().map(str::to_owned);
    assert!(why.is_some_and(|why| why.contains("not known")), "{}", first.stdout);
    let before = desk.file("before.json", &first.stdout);
    let same = planned(&[PHRASE, "--supersedes", &before]).json();
    assert_eq!(same["policy"]["reviews"][0]["applies"], false, "{}", same["policy"]["reviews"]);
    assert_eq!(same["verdict"]["approval"], "not_required");
    assert_eq!(same["provenance"]["supersedes"]["digest"], first.json()["metadata"]["digest"]);
    let more = PHRASE.replace("500", "2000");
    let dearer = planned(&[&more, "--supersedes", &before]).json();
    assert_eq!(dearer["policy"]["reviews"][0]["applies"], true);
    // The bill of something else says nothing about an increase.
    let label = "metadata.labels.environment=prod";
    let other = ["plan", PHRASE, "--set", label, "--supersedes", &before, "--policy", &policy];
    let said = plimsoll(&other);
    let told = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("leave --supersedes out where this is the first one"), "{told}");
    refused(&said, "plan::supersedes");
    let edited = desk.file("edited.json", &format!("{} ", first.stdout));
    refused(&plimsoll(&["plan", PHRASE, "--supersedes", &edited]), "spec::changed");
}

#[test]
fn a_plan_that_does_not_hold_is_not_built_and_an_approval_meets_its_schema() {
    let desk = Desk::new();
    let mut refuted = domain::spec::read(spec()).expect("it is a spec");
    refuted.verdict.status = domain::verification::Status::Refuted;
    refuted.metadata.digest = reports::spec::digest(&refuted);
    let refuted = desk.file("refuted.json", &reports::spec::text(&refuted));
    refused(&desk.emit(&refuted, &[], &[]), "emit::unverified");
    let approval: Value = serde_json::from_str(&text(&desk.approved("lee", 1))).expect("JSON");
    let schema = plimsoll(&["schema", "approval"]).stdout;
    let schema = serde_json::from_str(&schema).expect("it is JSON");
    assert!(jsonschema::is_valid(&schema, &approval), "{approval}");
    let said = plimsoll(&["plan", PHRASE, "--author", "two words"]);
    refused(&said, "cli::usage");
}
