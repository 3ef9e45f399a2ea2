//! Numbers from one end of the scale to the other, wherever a user may write one: what is beyond
//! the model is refused by name, and nothing panics.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::catch_unwind;
use std::sync::OnceLock;

use domain::catalog::Catalog;
use domain::intent::{Intent, Source, read_intent};
use plimsoll::check;
use solver::assemble;
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};

use crate::support::program::{command, plimsoll};

/// One region, so that a case takes milliseconds.
const PHRASE: &str = "1k users on aws in us-east-1, 99% uptime, 400ms latency";

/// Numbers that are written into every entry of the ledger.
const NUMBERS: [&str; 7] = ["0", "1e-9", "0.01", "1", "100", "1e5", "1e26"];

/// What one region sells in three sizes: enough to plan from, and soon searched.
fn catalog() -> &'static Catalog {
    static SMALL: OnceLock<Catalog> = OnceLock::new();
    SMALL.get_or_init(|| {
        let mut catalog = catalogs::embedded();
        let kept = ["7g.large", "6g.large", "6g.4xlarge", "t4g.nano"];
        catalog.regions.retain(|region| region.name.as_str() == "us-east-1");
        catalog.offers.retain(|offer| {
            let sized = kept.iter().any(|size| offer.sku.ends_with(size));
            offer.region.as_str() == "us-east-1" && sized
        });
        catalog
    })
}

fn intent(source: &Source, settings: &[String]) -> Option<Intent> {
    read_intent(source, settings).ok()?.complete_among(&catalog().archetypes).ok()
}

/// Solves an intent and re-checks the plan, all but the simulation; what is refused is fine.
fn solve(intent: &Intent) -> Result<(), String> {
    let demand = match characterise(intent, catalog(), None) {
        Ok(demand) => demand,
        Err(faults) if faults.len() == 1 => return Ok(()),
        Err(faults) => return Err(format!("several faults of one number: {faults:?}")),
    };
    for settings in [Settings::GUARDED, Settings::CERTIFIED] {
        let model = Model::new(&demand, catalog(), settings);
        if let Optimised::Found(optimum) = optimise(&model, &[]) {
            let plan = assemble::plan(&model, &optimum);
            let faults = check::faults(&demand, &plan, catalog());
            if !faults.is_empty() {
                return Err(faults.join("; "));
            }
        }
    }
    Ok(())
}

/// Whether a case ends as it should; panics are told with the case.
fn ends_well(case: &str, work: impl FnOnce() -> Result<(), String> + std::panic::UnwindSafe) {
    match catch_unwind(work) {
        Ok(Ok(())) => {}
        Ok(Err(why)) => panic!("{case}: {why}"),
        Err(panic) => panic!("{case}: {:?}", panic.downcast_ref::<String>()),
    }
}

#[test]
fn any_number_in_any_entry_of_the_ledger_is_planned_or_refused() {
    let source = Source::Phrase(PHRASE.to_owned());
    let plain = intent(&source, &[]).expect("the phrase is sound");
    let demand = characterise(&plain, catalog(), None).expect("so is its demand");
    let defaults = catalog().defaults.values.iter().map(|(name, default)| {
        let unit = default.value.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic());
        let percent = if default.value.ends_with('%') { "%" } else { unit };
        let yearly = if default.value.ends_with("/year") { "/year" } else { percent };
        (name.clone(), yearly.to_owned())
    });
    let of_ledger = demand.ledger.entries().filter(|entry| entry.unit != "choice").map(|entry| {
        let unit = match entry.unit {
            "ratio" => "%",
            "count" => "",
            unit => unit,
        };
        (entry.name.clone(), unit.to_owned())
    });
    let names: BTreeMap<String, String> = defaults.chain(of_ledger).collect();
    assert!(names.len() > 150, "{}", names.len());
    for (name, unit) in names {
        for number in NUMBERS {
            let setting = format!("assume.{name}={number}{unit}");
            ends_well(&setting, || {
                let source = Source::Phrase(PHRASE.to_owned());
                intent(&source, std::slice::from_ref(&setting))
                    .map_or(Ok(()), |intent| solve(&intent))
            });
        }
    }
}

#[test]
fn any_number_in_a_phrase_is_planned_or_refused() {
    let forms = [
        "{} users",
        "{} registered users",
        "{} daily active users, 0.1s think time",
        "{} requests/s",
        "1k users, p99 under {}ms",
        "1k users, {}% uptime",
        "1k users, ${}/month",
        "1k users, ${}/year",
        "1k users, {} instances down",
        "1k users, {} zones",
        "1k users, {}% headroom",
        "1k users, {} instances for app",
        "1k users, growing {}% a year, horizon {} years",
        "{}x t4g.nano for app, 1 users",
    ];
    for form in forms {
        for number in ["0", "1e-9", "0.001", "1", "99.9999", "1000", "1e6", "1e9", "1e30"] {
            let phrase = format!("{}, in us-east-1", form.replace("{}", number));
            ends_well(&phrase, || {
                let source = Source::Phrase(phrase.clone());
                intent(&source, &[]).map_or(Ok(()), |intent| solve(&intent))
            });
        }
    }
}

/// A chain of services, each calling the next so many times.
fn chain(services: usize, count: &str) -> String {
    let mut text = "apiVersion: plimsoll/v1\nkind: Intent\nobjectives: {load: 100 users}\n\
                    requests: {page: {enters: s0}}\nrun_on: {regions: [us-east-1]}\nservices:\n"
        .to_owned();
    for at in 0..services {
        let next = at + 1;
        let calls = if next < services {
            format!(", calls: [{{to: s{next}, count: {count}}}]")
        } else {
            String::new()
        };
        writeln!(text, "  s{at}: {{type: service{calls}}}").expect("a string takes it");
    }
    text
}

#[test]
fn calls_that_multiply_along_a_chain_are_refused_when_they_are_counted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("chain.yaml");
    for (services, count) in [(61, "2"), (30, "10000"), (64, "10000"), (2, "10000")] {
        std::fs::write(&path, chain(services, count)).expect("a file can be written");
        let said = plimsoll(&["plan", "--quiet", path.to_str().expect("a text path")]);
        let refused = said.code == 2 && said.stderr.contains("error[demand::too_large]");
        let answered = services == 2 && matches!(said.code, 0 | 3 | 4);
        assert!(refused || answered, "{services} x {count}: {}{}", said.stdout, said.stderr);
        assert!(answered || said.stderr.contains("1 error,"), "{}", said.stderr);
    }
}

#[test]
fn tiny_loads_are_planned_or_refused_by_the_whole_command() {
    for (phrase, settings) in [
        ("1 users in us-east-1", &["demand.think_time=1d", "demand.requests_per_action=0.01"][..]),
        ("1 registered users in us-east-1", &["requests.page.response=1B"][..]),
        ("0.001 requests/s in us-east-1", &["requests.page.response=1B"][..]),
    ] {
        let mut command = command(&["plan", phrase, "--quiet"]);
        for setting in settings {
            command.args(["--set", setting]);
        }
        let said = crate::support::program::run(&mut command);
        let refused = said.code == 2 && said.stderr.contains("error[demand::too_small]");
        assert!(refused || said.code == 0, "{phrase}: {}{}", said.stdout, said.stderr);
    }
}
