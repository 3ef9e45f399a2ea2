//! Users × uptime × latency on the embedded catalog: what verifies, what is refused and how, and
//! that asking for more never costs less.

use domain::catalog::Catalog;
use domain::intent::{Intent, Source, read_intent};
use domain::outcome::Outcome;
use domain::plan::Certainty;
use domain::units::MicroDollars;
use domain::verification::Status;
use plimsoll::check;
use plimsoll::planning::{Origin, Planner};
use rayon::prelude::*;
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};

const USERS: [&str; 4] = ["100", "10k", "30k", "1M"];
const UPTIMES: [&str; 3] = ["99%", "99.9%", "99.99%"];
const LATENCIES: [&str; 3] = ["25ms", "40ms", "400ms"];

pub(crate) fn intent(phrase: &str, catalog: &Catalog) -> Intent {
    let source = Source::Phrase(phrase.to_owned());
    let intent = read_intent(&source, &[]).unwrap_or_else(|faults| panic!("{phrase}: {faults:?}"));
    intent.complete_among(&catalog.archetypes).expect("the archetype can be read")
}

/// Plans without the evidence that no outcome demands.
pub(crate) fn plan(phrase: &str, catalog: &Catalog) -> Outcome {
    let planner = Planner {
        catalog,
        seed: 1,
        origin: Origin { command: phrase, intent_digest: "sha256:test" },
        thorough: false,
        form: domain::plan::LatencyForm::Moment,
        progress: &|_| {},
    };
    planner.plan(&intent(phrase, catalog)).unwrap_or_else(|fault| panic!("{phrase}: {fault}"))
}

fn phrase(users: &str, uptime: &str, latency: &str) -> String {
    let operations = if uptime == "99.99%" { ", operations: advanced" } else { "" };
    format!("{users} users, {uptime} uptime, p95 {latency}{operations}")
}

/// Every cell of the grid, in a fixed order.
fn cells() -> impl Iterator<Item = [&'static str; 3]> {
    USERS.into_iter().flat_map(|users| {
        UPTIMES.into_iter().flat_map(move |uptime| {
            LATENCIES.into_iter().map(move |latency| [users, uptime, latency])
        })
    })
}

/// A plan that verifies passes the independent check; a refusal names a conflict, and a relaxation
/// that was planned and verified.
fn judge(cell: &str, outcome: &Outcome, catalog: &Catalog) {
    match outcome {
        Outcome::Planned(answer) => {
            assert_eq!(answer.status(), Status::Verified, "{cell}: {:?}", answer.rounds);
            let faults = check::faults(&answer.demand, &answer.plan, catalog);
            assert!(faults.is_empty(), "{cell}: {faults:?}");
            for sizing in &answer.plan.sizing {
                assert!(sizing.at_peak <= 0.8, "{cell}: {sizing:?}");
            }
        }
        Outcome::Infeasible(infeasible) => {
            assert!(!infeasible.conflict.is_empty(), "{cell}: no conflict is named");
            assert!(!infeasible.relaxations.is_empty(), "{cell}: no relaxation is offered");
            for relaxation in &infeasible.relaxations {
                assert_eq!(relaxation.status, Status::Verified, "{cell}: {relaxation:?}");
                assert!(relaxation.plan_digest.starts_with("sha256:"), "{cell}: {relaxation:?}");
                assert!(!relaxation.changes.is_empty(), "{cell}: {relaxation:?}");
            }
        }
    }
}

#[test]
fn every_cell_verifies_or_is_refused_with_what_would_do() {
    let catalog = catalogs::embedded();
    let refused: Vec<[&str; 3]> = cells()
        .collect::<Vec<_>>()
        .into_par_iter()
        .filter(|[users, uptime, latency]| {
            let phrase = phrase(users, uptime, latency);
            let outcome = plan(&phrase, &catalog);
            judge(&phrase, &outcome, &catalog);
            matches!(outcome, Outcome::Infeasible(_))
        })
        .collect();
    for [users, uptime, latency] in &refused {
        let must_verify = matches!(*users, "100" | "10k") && *latency == "400ms";
        assert!(!must_verify, "{users} users at {uptime} and {latency} are refused");
    }
    assert!(refused.iter().any(|cell| cell[0] == "1M"), "one writer carries a million users");
}

#[test]
fn four_nines_under_standard_operations_are_refused_with_better_operations() {
    let catalog = catalogs::embedded();
    let outcome = plan("10k users, 99.99% uptime, 400ms latency", &catalog);
    let Outcome::Infeasible(infeasible) = &outcome else { panic!("it is planned") };
    judge("99.99% standard", &outcome, &catalog);
    assert_eq!(infeasible.certainty, Certainty::Certified);
    let mut names: Vec<&str> = infeasible.conflict.iter().map(|part| part.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["operations", "uptime"]);
    let better = infeasible
        .relaxations
        .iter()
        .find(|relaxation| relaxation.changes.iter().any(|change| change.name == "operations"));
    assert_eq!(better.expect("better operations help").changes[0].to, "advanced");
}

#[test]
fn a_percentile_below_the_work_itself_is_refused_as_that() {
    let catalog = catalogs::embedded();
    let outcome = plan("1k users, 99.9% uptime, p99 under 1ms", &catalog);
    let Outcome::Infeasible(infeasible) = &outcome else { panic!("it is planned") };
    assert!(infeasible.headline.contains("below the work itself"), "{}", infeasible.headline);
    assert_eq!(infeasible.certainty, Certainty::Certified);
}

/// The cost before simulation, at gap 0; `None` where the model allows no plan.
fn cost(cell: [&str; 3], catalog: &Catalog) -> Option<MicroDollars> {
    let [users, uptime, latency] = cell;
    let intent = intent(&phrase(users, uptime, latency), catalog);
    let demand = characterise(&intent, catalog, None).expect("the demand can be worked out");
    match optimise(&Model::new(&demand, catalog, Settings::GUARDED), &[]) {
        Optimised::Found(optimum) => {
            assert_eq!(optimum.bound, optimum.cost, "the gap is 0");
            Some(optimum.cost)
        }
        Optimised::Infeasible => None,
        Optimised::GaveUp => panic!("the search ends by itself"),
    }
}

#[test]
fn asking_for_more_never_costs_less_and_each_axis_moves_the_plan() {
    let catalog = catalogs::embedded();
    let mut moved = [false; 3];
    let axes = [&USERS[..], &UPTIMES[..], &LATENCIES[..]];
    for cell in cells() {
        let here = cost(cell, &catalog);
        for (axis, values) in axes.iter().enumerate() {
            let at = values.iter().position(|value| *value == cell[axis]).expect("on the axis");
            // Latency is stricter towards the front, the others towards the back.
            let stricter = if axis == 2 { at.checked_sub(1) } else { Some(at + 1) };
            let Some(value) = stricter.and_then(|at| values.get(at)) else { continue };
            let mut neighbour = cell;
            neighbour[axis] = value;
            let there = cost(neighbour, &catalog);
            match (here, there) {
                (Some(here), Some(there)) => assert!(here <= there, "{cell:?} {neighbour:?}"),
                (None, Some(_)) => panic!("{neighbour:?} is possible and {cell:?} is not"),
                (_, None) => {}
            }
            moved[axis] |= here != there;
        }
    }
    assert_eq!(moved, [true; 3], "users, uptime and latency each change the plan somewhere");
}
