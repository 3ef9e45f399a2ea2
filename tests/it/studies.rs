//! Studies beside a spec: asked in the run of the plan or afterwards, shown in its report, and
//! refused where they are about anything else.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use domain::study::{AskPart, MonthPart, Studies, Study, read};
use domain::verification::Status;
use reports::restore::restore;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::report::untraced_with;
use crate::support::program::{Said, command, plimsoll, run};

/// Cheap to plan.
const SMALL: &str = "1k users, 99.9% uptime, 400ms latency";

fn planned(further: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().to_str().expect("a path of letters");
    let said = plimsoll(&[&["plan", SMALL, "--force", "--out", out], further].concat());
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    folder
}

/// A plan with both studies, and the same without them.
static STUDIED: LazyLock<TempDir> = LazyLock::new(|| planned(&["--study", "explain,frontier"]));
static PLAIN: LazyLock<TempDir> = LazyLock::new(|| planned(&[]));

fn text(folder: &TempDir, file: &str) -> String {
    let path = folder.path().join(file);
    fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn letters(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

/// The report of the plain spec with these studies, as a page on standard output.
fn report(studies: &[&Path]) -> Said {
    let spec = PLAIN.path().join("spec.json");
    let mut arguments = vec!["report", letters(&spec), "--format", "html"];
    arguments.extend(studies.iter().flat_map(|study| ["--with", letters(study)]));
    plimsoll(&arguments)
}

#[test]
fn a_plan_with_studies_has_them_in_both_forms_of_its_report_and_the_same_spec() {
    assert!(text(&STUDIED, "spec.json") == text(&PLAIN, "spec.json"), "the specs differ");
    let (page, markdown) = (text(&STUDIED, "report.html"), text(&STUDIED, "report.md"));
    for caption in [
        "The price of each requirement: solved and simulated",
        "Runner-ups: solved and simulated",
        "What the owner could change, against $1,181: solved, not simulated",
        "Both ends of each assumption, and what the expected bill changes by there",
        "Cost against users, each against the value before it",
        "Cost against uptime, each against the value before it",
        "Cost against latency p95, each against the value before it",
    ] {
        assert!(page.contains(caption), "{caption}");
        assert!(markdown.contains(&format!("**{caption}**")), "{caption}");
        assert!(!text(&PLAIN, "report.md").contains(caption), "{caption}");
    }
    for plot in ["id=\"cost-frontier\"", "id=\"both-ends\""] {
        assert!(page.contains(plot), "{plot}");
    }
    // Every number of them is one of the spec or of a study.
    let spec = domain::spec::read(&text(&STUDIED, "spec.json")).expect("a spec");
    let mut studies = Studies::default();
    for file in ["explanation.json", "frontier.json"] {
        assert_eq!(studies.add(read(&text(&STUDIED, file)).expect("a study")), None);
    }
    assert_eq!(untraced_with(&page, &spec, &studies), Vec::<String>::new());
}

#[test]
fn the_report_of_a_spec_with_its_studies_is_the_one_that_was_written_beside_it() {
    let studies = ["explanation.json", "frontier.json"].map(|file| STUDIED.path().join(file));
    let said = report(&[&studies[0], &studies[1]]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stdout == text(&STUDIED, "report.html"), "the pages differ");
    let said = report(&[&studies[1]]);
    assert!(said.stdout.contains("Cost against users"), "one alone is shown");
    assert!(!said.stdout.contains("Runner-ups: solved"), "and nothing else");
}

#[test]
fn the_commands_that_a_report_names_add_what_they_say() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::copy(PLAIN.path().join("spec.json"), folder.path().join("spec.json")).expect("a copy");
    let markdown = text(&PLAIN, "report.md");
    let named = markdown.lines().filter(|line| line.contains("--with"));
    let mut commands: Vec<&str> = named.filter_map(|line| line.split('`').nth(1)).collect();
    commands.sort_unstable();
    commands.dedup();
    assert_eq!(commands.len(), 3, "{commands:?}");
    let program = PathBuf::from(env!("CARGO_BIN_EXE_plimsoll"));
    let programs = letters(program.parent().expect("a folder"));
    for line in commands {
        let mut shell = std::process::Command::new("/bin/sh");
        shell.args(["-c", line]).current_dir(folder.path()).env("PATH", programs);
        let output = shell.output().expect("there is a shell");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        let page = folder.path().join(line.rsplit(' ').next().expect("a file"));
        let kind = match line {
            _ if line.contains("explain") => "Runner-ups: ",
            _ if line.contains("--growth") => "Growth by the month",
            _ => "Cost against users",
        };
        assert!(fs::read_to_string(&page).expect("a page").contains(kind), "{line}");
        fs::remove_file(&page).expect("it is there");
    }
    // What is asked afterwards is what was asked in the same run, but for the command.
    for file in ["explanation.json", "frontier.json"] {
        let plain = |text: &str| {
            let mut document: Value = serde_json::from_str(text).expect("JSON");
            document["digest"] = json!("");
            document["provenance"]["command"] = json!("");
            document
        };
        let later = fs::read_to_string(folder.path().join(file)).expect("a study");
        assert!(plain(&later) == plain(&text(&STUDIED, file)), "{file} differs");
    }
    // And the command that it names gives the very bytes.
    let study = read(&text(&STUDIED, "explanation.json")).expect("a study");
    let named = &study.provenance().command;
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args(["-c", &format!("{named} --json")]).env("PATH", programs);
    let output = shell.output().expect("there is a shell");
    assert!(output.stdout == text(&STUDIED, "explanation.json").as_bytes(), "{named}");
}

#[test]
fn a_study_of_anything_else_is_refused_with_all_that_differs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    };
    let other = plimsoll(&["frontier", "100 users, 99% uptime", "--over", "users", "--json"]);
    let other = file("other.json", &other.stdout);
    let seed = plimsoll(&["frontier", SMALL, "--over", "users", "--seed", "2", "--json"]);
    let seed = file("seed.json", &seed.stdout);
    let own = text(&STUDIED, "explanation.json");
    let edited = file(
        "edited.json",
        &own.replacen("\"requests_simulated\": ", "\"requests_simulated\": 1", 1),
    );
    let deep = file("deep.json", &"[".repeat(200_000));
    let not = file("nan.json", &own.replacen("\"zones\": 2", "\"zones\": NaN", 1));
    let spec = PLAIN.path().join("spec.json");
    let explanation = STUDIED.path().join("explanation.json");
    for (study, code, words) in [
        (&other, "study::other", "`provenance.intent_digest` says that it is of another intent"),
        (&seed, "study::other", "`provenance.seed` says that it is of another seed: 2"),
        (&edited, "study::changed", "edited.json is not as it was written"),
        (&deep, "study::syntax", "deep.json: line 1, column"),
        (&not, "study::syntax", "nan.json: line "),
        (&spec, "study::kind", "`kind` is `Spec`"),
    ] {
        let said = report(&[study]);
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{words}");
        let told: String = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(&format!("error[{code}]")), "{code} is not in {told}");
        assert!(told.contains(words), "{words} is not in {told}");
    }
    let said = report(&[&other, &deep, &explanation, &explanation, &spec]);
    for code in ["study::other", "study::syntax", "study::twice", "study::kind"] {
        assert!(said.stderr.contains(code), "{code} is not in {}", said.stderr);
    }
    let said = report(&[&folder.path().join("nowhere.json")]);
    assert!(said.stderr.contains("error[io::read]"), "{}", said.stderr);
}

/// Each kind of study is asked for with a command of its own.
#[test]
fn what_asks_for_a_study_again_is_the_command_of_its_kind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let policy = folder.path().join("policy.yaml");
    let rule = "rules: [{id: wide, require: {zones: '>= 2'}}]";
    let head = "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {name: own}\n";
    fs::write(&policy, format!("{head}{rule}\n")).expect("a file");
    let over = ["--over", "users,uptime"];
    let growth = ["--over", "users", "--growth", "12.5%"];
    let named = letters(&policy);
    for (command, further, again) in [
        ("explain", &[][..], "explain SPEC --json"),
        ("frontier", &over[..], "frontier SPEC --over users,uptime --json"),
        ("frontier", &growth[..], "frontier SPEC --over users --growth 12.5% --json"),
    ] {
        let asked = [&[command, SMALL, "--policy", named, "--json"][..], further].concat();
        let study = folder.path().join("study.json");
        fs::write(&study, plimsoll(&asked).stdout).expect("a file");
        let said = report(&[&study]);
        let told: String = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("is of other policies: sha256:"), "{told}");
        let again = again.replace("SPEC", letters(&PLAIN.path().join("spec.json")));
        assert!(told.contains(&format!("plimsoll {again}")), "{again} is not in {told}");
    }
}

#[test]
fn studies_are_refused_where_they_have_no_place() {
    let explanation = STUDIED.path().join("explanation.json");
    let spec = PLAIN.path().join("spec.json");
    let said = plimsoll(&["report", letters(&spec), "--with", letters(&explanation)]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("error[cli::usage]"), "{}", said.stderr);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("sizing");
    let asked = ["plan", SMALL, "--study", "explain"];
    for further in [
        vec![],
        vec!["--out", letters(&out), "--effort", "full"],
        vec!["--out", letters(&out), "--latency-form", "proof"],
    ] {
        let said = run(&mut command(&[&asked[..], &further].concat()));
        assert_eq!(said.code, 2, "{}", said.stdout);
        assert!(
            said.stderr.contains("--study") || said.stderr.contains("--out"),
            "{}",
            said.stderr
        );
    }
    assert!(!out.join("spec.json").exists(), "nothing is written");
}

/// A budget is no part of what the spec was planned for, so that what it buys stands beside it.
#[test]
fn what_a_budget_buys_is_shown_beside_the_plan_of_the_same_intent() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let asked = |spec: &str, budget: &str| {
        let said = plimsoll(&["capacity", spec, "--budget", budget, "--json"]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        let path = folder.path().join(format!("{}.json", budget.len()));
        fs::write(&path, &said.stdout).expect("a file");
        (path, said.stdout)
    };
    let spec = PLAIN.path().join("spec.json");
    let (path, printed) = asked(letters(&spec), "900USD/month");
    let said = report(&[&path]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let page = said.stdout;
    assert!(page.contains("What $900 a month carries, the expected bill"), "{page}");
    let study = read(&printed).expect("a study");
    let Study::Capacity(own) = &study else { panic!("another study") };
    let AskPart::Users(users) = own.carried else { panic!("users are carried") };
    assert!(page.contains(&users.to_string()), "{users}");
    let mut studies = Studies::default();
    assert_eq!(studies.add(study.clone()), None);
    assert!(studies.add(study).is_some(), "one of a kind");
    let written = domain::spec::read(&text(&PLAIN, "spec.json")).expect("a spec");
    assert_eq!(untraced_with(&page, &written, &studies), Vec::<String>::new());
    // Of another question it is refused, with the command that asks the right one.
    let (other, _) = asked("2k users, 99.9% uptime, 400ms latency", "1000USD/month");
    let said = report(&[&other]);
    assert_eq!(said.code, 2, "{}", said.stdout);
    let told = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("error[study::other]"), "{told}");
    let again = "--budget 1000USD/month --outcome users --against expected --json";
    assert!(told.contains(again), "{told}");
}

#[test]
fn growth_says_when_the_bill_changes_and_when_this_design_ends() {
    let folder = planned(&["--study", "frontier", "--growth", "5%"]);
    let study = read(&text(&folder, "frontier.json")).expect("a study");
    let Study::Frontier(study) = study else { panic!("another study") };
    let growth = study.growth.as_ref().expect("growth was asked about");
    let load = |month: &MonthPart| match month.ask {
        AskPart::Users(count) => count,
        other => panic!("{other:?}"),
    };
    let loads: Vec<u64> = growth.months.iter().map(load).collect();
    assert_eq!(loads[..4], [1_000, 1_050, 1_103, 1_158]);
    assert_eq!((loads.len(), loads[12]), (13, 1_796));
    // Each month is the plan for its load.
    let cost = |month: &MonthPart| month.found().cost().expect("a design");
    let costs: Vec<_> = growth.months.iter().map(cost).collect();
    assert!(costs.is_sorted(), "more load is not cheaper: {costs:?}");
    let last = plimsoll(&["plan", "1796 users, 99.9% uptime, 400ms latency", "--json"]).json();
    let last = last["cost"]["monthly_micros"]["expected"].as_i64();
    assert_eq!(last, Some(costs[12].micros()));
    // The machines of now are judged for the loads around the month in which they are to end: each
    // as a plan for that load would be, whatever the load alone leaves them.
    let spec = domain::spec::read(&text(&folder, "spec.json")).expect("a spec");
    let now = restore(&spec, None).expect("what it describes").topology;
    let holds_in = |month: u32| {
        let load = loads[usize::try_from(month).expect("a month")];
        let phrase = format!("{load} users, 99.9% uptime, 400ms latency");
        let planned = domain::spec::read(&plimsoll(&["plan", &phrase, "--json"]).stdout);
        let demand = restore(&planned.expect("a spec"), None).expect("a demand").demand;
        let found = simulator::verify(&demand, &now, &simulator::Settings::default(), &|_| {});
        found.expect("it can be judged").status == Status::Verified
    };
    let carried = growth.carried_to.expect("it was looked for");
    assert!(carried < 12 && holds_in(carried) && !holds_in(carried + 1), "month {carried}");
    let holds = spec.breaking_load.as_ref().expect("it was looked for").holds_ppm;
    let alone = loads.iter().position(|load| load * 1_000_000 > 1_000 * holds);
    let reserve = u32::try_from(alone.unwrap_or(13)).expect("a month");
    assert!(carried < reserve, "what is kept in reserve is carried as well: {reserve}");
    let changes = |month: &MonthPart| {
        month.found().design().is_some_and(|design| month.month > 0 && !design.changes.is_empty())
    };
    let step = growth.months.iter().position(changes).expect("other machines");
    let ends = format!(", and ends in month {}; the machines", carried + 1);
    let page = text(&folder, "report.html");
    for words in [ends, format!("the machines first change in month {step}, at +$")] {
        assert!(page.contains(&words), "{words}");
        assert!(text(&folder, "report.md").contains(&words), "{words}");
    }
    assert!(page.contains("id=\"growth\""), "it is drawn");
    let studies = Studies { frontier: Some(study), ..Studies::default() };
    assert_eq!(untraced_with(&page, &spec, &studies), Vec::<String>::new());
    for (arguments, words) in [
        (["frontier", SMALL, "--growth", "5"], "--growth 5"),
        (["frontier", SMALL, "--growth=-5%", "--quiet"], "--growth -5%"),
    ] {
        let said = plimsoll(&arguments);
        assert_eq!(said.code, 2, "{}", said.stdout);
        assert!(said.stderr.contains(words), "{}", said.stderr);
    }
}
