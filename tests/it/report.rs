//! `plimsoll report`: the same report again, from the spec alone.

#[expect(dead_code, reason = "the reports room looks at more of a page")]
#[path = "../../reports/tests/it/html/document.rs"]
mod document;
#[path = "../../reports/tests/it/html/trace.rs"]
mod trace;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use domain::spec::Spec;
use domain::study::Studies;
use domain::verification::Status;
use tempfile::TempDir;

use crate::support::program::{SEED_PHRASE, Said, plimsoll};

/// Numbers in a page that are none of its spec and of its studies.
pub(crate) fn untraced_with(page: &str, spec: &Spec, studies: &Studies) -> Vec<String> {
    trace::untraced_with(page, spec, studies)
}

/// The folder of a plan under a policy.
static SIZING: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = env!("CARGO_MANIFEST_DIR");
    let (shop, policy) =
        (format!("{root}/examples/shop.yaml"), format!("{root}/examples/policies/reviews.yaml"));
    let labels = "metadata.labels.environment=prod";
    let out = folder.path().to_str().expect("a path of letters").to_owned();
    let arguments = ["plan", &shop, "--set", labels, "--policy", &policy, "--out", &out, "--force"];
    let said = plimsoll(&arguments);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    folder
});

fn spec() -> PathBuf {
    SIZING.path().join("spec.json")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn report(spec: &Path, further: &[&str]) -> Said {
    let spec = spec.to_str().expect("a path of letters");
    let mut arguments = vec!["report", spec];
    arguments.extend(further);
    plimsoll(&arguments)
}

fn letters(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

#[test]
fn the_report_of_a_spec_is_the_one_that_was_written_beside_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let again = folder.path().join("again");
    let said = report(&spec(), &["--out", letters(&again)]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.starts_with("WRITTEN  into "), "{}", said.stdout);
    let names: Vec<_> = fs::read_dir(&again)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["report.html"]);
    let page = text(&again.join("report.html"));
    assert!(page == text(&SIZING.path().join("report.html")), "the pages differ");
    assert!(page.contains("14 Policies") && page.contains("prod-change"), "policies are told");

    let said = report(&spec(), &["--out", letters(&again), "--format", "md"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    for file in ["report.md", "cost-lines.svg", "load-against-latency.svg"] {
        let (one, other) = (text(&again.join(file)), text(&SIZING.path().join(file)));
        for (left, right) in one.lines().zip(other.lines()) {
            assert_eq!(left, right, "{file}");
        }
        assert_eq!(one.lines().count(), other.lines().count(), "{file}");
    }
}

#[test]
fn every_number_of_a_real_report_is_one_of_its_spec() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let seed = folder.path().join("seed");
    let said = plimsoll(&["plan", SEED_PHRASE, "--out", letters(&seed), "--quiet"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    for folder in [seed.as_path(), SIZING.path()] {
        let spec = domain::spec::read(&text(&folder.join("spec.json"))).expect("a spec");
        let page = text(&folder.join("report.html"));
        assert_eq!(trace::untraced(&page, &spec), Vec::<String>::new());
        assert!(trace::numbers(&page).len() > 2_000, "there are numbers");
    }
}

#[test]
fn a_file_says_by_its_name_in_which_form() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cases =
        [("page.html", "<!DOCTYPE html>"), ("a.md", "# Sizing report"), ("a.txt", "VERIFIED")];
    for (name, start) in cases {
        let file = folder.path().join(name);
        let said = report(&spec(), &["--out", letters(&file)]);
        assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
        assert!(text(&file).starts_with(start), "{name}");
        // Never over what is there already.
        let said = report(&spec(), &["--out", letters(&file)]);
        assert_eq!(said.code, 2, "{name}");
        assert!(said.stderr.contains("error[io::exists]"), "{}", said.stderr);
        assert_eq!(report(&spec(), &["--out", letters(&file), "--force"]).code, 0, "{name}");
    }
    // Beside the plan its plots are there already, and one of another plan is not written over.
    let beside = SIZING.path().join("w.md");
    let said = report(&spec(), &["--out", letters(&beside)]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    std::fs::remove_file(&beside).expect("it was written");
    let plot = folder.path().join(reports::plots::COST_LINES_FILE);
    std::fs::write(&plot, "<svg/>").expect("it can be written");
    let said = report(&spec(), &["--out", letters(&folder.path().join("w.md"))]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("error[io::exists]"), "{}", said.stderr);
    assert_eq!(text(&plot), "<svg/>");
    let said = report(&spec(), &["--out", letters(&folder.path().join("a.pdf"))]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("error[cli::usage]") && said.stderr.contains("a.pdf"));
    assert!(!folder.path().join("a.pdf").exists(), "nothing is made");
    // A file is in the form that its name says, or there is none.
    for (name, format, instead) in
        [("p.html", "md", "p.md"), ("q.md", "text", "q.txt"), ("r.txt", "html", "r.html")]
    {
        let file = folder.path().join(name);
        let said = report(&spec(), &["--format", format, "--out", letters(&file), "--force"]);
        assert_eq!(said.code, 2, "{}", said.stdout);
        assert!(said.stderr.contains("error[cli::usage]"), "{}", said.stderr);
        let told = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        let ways = ["leave --format out", &format!("/{instead}")];
        assert!(ways.iter().all(|way| told.contains(way)), "{told}");
        assert!(!file.exists() && !folder.path().join(instead).exists(), "nothing is made");
        let form = name.split('.').next_back().expect("it has an ending").replace("txt", "text");
        let said = report(&spec(), &["--format", &form, "--out", letters(&file), "--force"]);
        assert_eq!(said.code, 0, "{}", said.stderr);
    }
    // On standard output the verdict as the terminal shows it, or any other form.
    let said = report(&spec(), &[]);
    assert!(said.stdout.starts_with("VERIFIED  $"), "{}", said.stdout);
    assert!(said.stdout.contains("approvals"), "{}", said.stdout);
    let said = report(&spec(), &["--format", "html"]);
    assert!(said.stdout == text(&SIZING.path().join("report.html")), "the pages differ");
}

/// The spec with something changed, as its own program would have written it.
fn changed(change: impl FnOnce(&mut Spec)) -> String {
    let mut spec = domain::spec::read(&text(&spec())).expect("the spec is read");
    change(&mut spec);
    spec.metadata.digest = reports::spec::digest(&spec);
    reports::spec::text(&spec)
}

#[test]
fn what_is_not_verified_is_reported_only_when_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("refuted.json");
    fs::write(&file, changed(|spec| spec.verdict.status = Status::Refuted)).expect("a file");
    let out = folder.path().join("report.html");
    let said = report(&file, &["--out", letters(&out)]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("error[emit::unverified]"), "{}", said.stderr);
    assert!(!out.exists(), "nothing is written");
    let said = report(&file, &["--out", letters(&out), "--unverified"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(text(&out).contains("<title>shop: REFUTED, $"), "its first word says so");
}

#[test]
fn what_was_edited_or_means_nothing_has_no_report() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("edited.json");
    let edited = text(&spec()).replacen("\"trials\": 12", "\"trials\": 13", 1);
    fs::write(&file, edited).expect("a file");
    let said = report(&file, &[]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("error[spec::changed]"), "{}", said.stderr);
    let broken = changed(|spec| {
        spec.demand.classes[0].enters = "nowhere".parse().expect("a name");
    });
    fs::write(&file, broken).expect("a file");
    let said = report(&file, &["--format", "html"]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("error[spec::dangling]"), "{}", said.stderr);
    let said = plimsoll(&["report", "handle 10k users"]);
    assert_eq!(said.code, 2, "a phrase is no spec: {}", said.stdout);
}
