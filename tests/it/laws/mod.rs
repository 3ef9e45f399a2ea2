//! Laws that optima keep whatever the numbers are, each with what it needs to hold.
//!
//! | laws | speak of |
//! |---|---|
//! | 1 to 5, 15 | [`prices`]: what is sold, and for how much |
//! | 6 to 10, 16, 22 | [`demands`]: what is asked for |
//! | 11, 18 to 21, 24, 25 | [`search`]: how the optimum is found |
//! | 12, 23 | [`conflicts`]: why there is none |
//! | 13 | [`permutations`]: what says nothing |
//! | 14, 17 | [`money`]: units, and the bill |
//! | 61 | [`pareto`]: designs that nothing beats |
//! | 62, 63 | [`policies`]: rules that others set |
//!
//! A monotone law needs nested sets: every plan that the stricter question allows is allowed by the
//! looser one, at no higher cost. Both answers are optimal here: the search ends by itself, so
//! there is no gap to allow for. A law says what it was tried on that could have broken it: a
//! change that never moves the cost proves nothing.

mod conflicts;
mod demands;
mod money;
mod pareto;
mod permutations;
mod policies;
mod prices;
mod proof;
mod search;
mod systems;

use std::sync::LazyLock;

use domain::demand::Demand;
use domain::intent::Intent;
use domain::name::Name;
use domain::plan::Plan;
use domain::units::MicroDollars;
use rayon::prelude::*;
use solver::assemble;
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};
use solver::option::{ServiceOption, Signature};

use systems::{System, system};

/// Systems with a plan that every law is tried on; those without one that lie between them come on
/// top.
const CASES: u64 = 200;

/// A system with its cheapest plan, if it has one.
struct Case {
    seed: u64,
    system: System,
    cheapest: Option<Cheapest>,
}

/// The cheapest plan of a system.
#[derive(Clone, PartialEq)]
struct Cheapest {
    plan: Plan,
    /// What is bought for each service, in the order of the demand.
    bought: Vec<Signature>,
    /// No plan costs less.
    bound: MicroDollars,
}

impl Cheapest {
    fn cost(&self) -> MicroDollars {
        self.plan.optimality.objective
    }

    /// What is built and where: all that makes two plans the same.
    fn machines(&self) -> (&Name, u8, &[Signature]) {
        (&self.plan.topology.region, self.plan.topology.zones, &self.bought)
    }
}

/// The systems that all laws are tried on, solved once.
static CASES_SOLVED: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let solved = |seed| {
        let system = system(seed);
        let cheapest = cheapest(&system);
        Case { seed, system, cheapest }
    };
    let (mut cases, mut planned): (Vec<Case>, u64) = (Vec::new(), 0);
    while planned < CASES {
        let next = cases.len() as u64;
        // Several at once, of which as many are kept as are needed.
        let more: Vec<Case> = (next..next + 16).into_par_iter().map(solved).collect();
        for case in more {
            if planned < CASES {
                planned += u64::from(case.cheapest.is_some());
                cases.push(case);
            }
        }
    }
    assert!(cases.len() as u64 * 3 <= CASES * 4, "{} systems, most without a plan", cases.len());
    cases
});

/// Every system that has a plan, with that plan.
fn planned() -> impl Iterator<Item = (&'static Case, &'static Cheapest)> {
    CASES_SOLVED.iter().filter_map(|case| Some((case, case.cheapest.as_ref()?)))
}

fn demand(system: &System) -> Demand {
    characterise(&system.intent, &system.catalog, None)
        .unwrap_or_else(|faults| panic!("a generated intent is sound: {faults:?}"))
}

/// The cheapest plan by the model with its guard.
fn cheapest(system: &System) -> Option<Cheapest> {
    let demand = demand(system);
    let model = Model::new(&demand, &system.catalog, Settings::GUARDED);
    match optimise(&model, &[]) {
        Optimised::Found(optimum) => Some(Cheapest {
            plan: assemble::plan(&model, &optimum),
            bought: optimum.options.iter().map(ServiceOption::signature).collect(),
            bound: optimum.bound,
        }),
        Optimised::Infeasible => None,
        Optimised::GaveUp => panic!("a small search ends by itself"),
    }
}

/// What the cheapest plan costs.
fn cost(system: &System) -> Option<MicroDollars> {
    cheapest(system).map(|found| found.cost())
}

/// How many questions that have a plan were compared with a stricter one, and how often that moved
/// the cost.
#[derive(Default)]
struct Tally {
    tried: u64,
    moved: u64,
}

impl Tally {
    /// Notes that `looser` may cost no more than `stricter`, which may have no plan at all.
    #[track_caller]
    fn no_dearer(
        &mut self,
        seed: u64,
        looser: Option<MicroDollars>,
        stricter: Option<MicroDollars>,
    ) {
        let holds = match (looser, stricter) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(looser), Some(stricter)) => looser <= stricter,
        };
        assert!(holds, "seed {seed}: {looser:?} where less is asked for, {stricter:?} for more");
        self.tried += u64::from(looser.is_some());
        self.moved += u64::from(looser != stricter);
    }

    #[track_caller]
    fn expect(&self, least: u64) {
        let Self { tried, moved } = self;
        assert!(*tried >= CASES, "only {tried} cases");
        assert!(*moved >= least, "the cost moved in {moved} of {tried} only");
    }
}

/// The intent with a change.
fn changed(system: &System, change: impl FnOnce(&mut Intent)) -> System {
    let mut system = system.clone();
    change(&mut system.intent);
    system
}
