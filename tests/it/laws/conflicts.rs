//! Laws of what has no plan: budgets, and what is named as the reason.

use std::collections::BTreeMap;

use domain::intent::Intent;
use domain::objective::Budget;
use domain::units::MicroDollars;
use solver::model::Settings;
use solver::relax::{Aspect, Prober, set_latency};

use super::systems::System;
use super::{CASES, CASES_SOLVED, changed, cheapest, planned};
use crate::support::{Draw, assume, uptime};

fn prober(system: &System) -> Prober<'_> {
    Prober { catalog: &system.catalog, settings: Settings::GUARDED }
}

/// The system with so much to spend, in the expected bill or at the ceiling.
fn within(system: &System, budget: Budget) -> System {
    changed(system, |intent| intent.objectives.budget = budget)
}

/// Law 12: A budget of what the plan costs gives the plan; a millionth of a dollar less gives none
/// that cheap, and below the bound there is none at all, for which the budget is named. Needs: the
/// cost is the least there is, so nothing fits below it; for the ceiling, which nothing minimises,
/// a plan within it costs no less than without.
#[test]
fn a_budget_of_the_optimum_is_enough_and_below_the_bound_is_named() {
    let mut ceilings = 0;
    for (case, own) in planned() {
        let seed = case.seed;
        let expected = |cost| Budget { expected: Some(cost), ceiling: None };
        let enough = cheapest(&within(&case.system, expected(own.cost())));
        let enough = enough.unwrap_or_else(|| panic!("seed {seed}: its own cost is too little"));
        assert_eq!(enough.cost(), own.cost(), "seed {seed}");
        assert_eq!(enough.machines(), own.machines(), "seed {seed}");

        assert_eq!(own.bound, own.cost(), "seed {seed}: there is no gap");
        let less = MicroDollars::new(own.bound.micros() - 1).unwrap();
        let short = within(&case.system, expected(less));
        assert!(cheapest(&short).is_none(), "seed {seed}: {less:?} of {:?}", own.cost());
        let conflict = prober(&short).conflict(&short.intent);
        assert!(conflict.contains(&Aspect::Budget), "seed {seed}: {conflict:?}");

        let ceiling = own.plan.bill.totals().ceiling;
        let less = MicroDollars::new(ceiling.micros() - 1).unwrap();
        for (ceiling, same) in [(ceiling, true), (less, false)] {
            let limited = within(&case.system, Budget { expected: None, ceiling: Some(ceiling) });
            let Some(found) = cheapest(&limited) else {
                assert!(!same, "seed {seed}: its own ceiling is too little");
                continue;
            };
            assert!(found.plan.bill.totals().ceiling <= ceiling, "seed {seed}");
            assert!(own.cost() <= found.cost(), "seed {seed}");
            assert_eq!(found.machines() == own.machines(), same, "seed {seed}: {ceiling:?}");
            ceilings += u64::from(!same);
        }
    }
    assert!(ceilings >= 10, "another plan fits a lower ceiling in {ceilings} only");
}

/// Law 23: What is named as the reason is one: without it there is a plan, and with all of it there
/// is none, whatever else is given up; any part of it can be given up instead of all. Needs: a plan
/// where everything is given up, or nothing is named. The value that is offered for one outcome
/// alone makes a plan possible.
#[test]
fn without_what_is_named_there_is_a_plan() {
    let (mut named, mut offered) = (0, 0);
    for seed in 0.. {
        if named == CASES {
            break;
        }
        let Some(system) = impossible(seed) else { continue };
        let prober = prober(&system);
        let conflict = prober.conflict(&system.intent);
        let all: Vec<Aspect> = Aspect::of(&system.intent);
        let loosened = |aspects: &mut dyn Iterator<Item = &Aspect>| -> Intent {
            aspects.fold(system.intent.clone(), |sum, aspect| aspect.loosest(&sum))
        };
        if conflict.is_empty() {
            let nothing_left = loosened(&mut all.iter());
            assert!(!prober.feasible(&nothing_left), "seed {seed}: nothing is named");
            continue;
        }
        let others = || all.iter().filter(|aspect| !conflict.contains(aspect));
        assert!(!prober.feasible(&loosened(&mut others())), "seed {seed}: {conflict:?}");
        for aspect in &conflict {
            let without = loosened(&mut others().chain([aspect]));
            assert!(prober.feasible(&without), "seed {seed}: {aspect:?} of {conflict:?}");
        }
        named += 1;
        if named % 8 == 0 {
            for aspect in &all {
                let Some(relaxed) = prober.nearest(&system.intent, *aspect) else { continue };
                assert!(prober.feasible(&relaxed.intent), "seed {seed}: {aspect:?}");
                offered += 1;
            }
        }
    }
    assert!(offered >= CASES / 20, "only {offered} values were offered");
}

/// A system made too strict in one respect or two; `None` where it has a plan for all that.
fn impossible(seed: u64) -> Option<System> {
    let mut draw = Draw::new(0x2300_0000 + seed);
    let case = &CASES_SOLVED[draw.place(CASES_SOLVED.len())];
    let system = changed(&case.system, |intent| {
        for _ in 0..2 {
            match draw.whole(0, 3) {
                0 => {
                    let limit = intent.objectives.latency[0].limit.times(draw.within(0.05, 0.6));
                    set_latency(intent, 0, limit);
                }
                1 => intent.objectives.uptime = Some(uptime(draw.whole(999_850, 999_990))),
                2 => assume(intent, "rules.vcpu_quota", &draw.whole(4, 16).to_string()),
                _ => {
                    let least = MicroDollars::from_dollars(draw.whole(100, 600));
                    intent.objectives.budget.expected = Some(least);
                }
            }
        }
        // The last statement of an assumption is the one that is meant.
        let last: BTreeMap<_, _> = std::mem::take(&mut intent.assume).into_iter().collect();
        intent.assume = last.into_iter().collect();
    });
    cheapest(&system).is_none().then_some(system)
}
