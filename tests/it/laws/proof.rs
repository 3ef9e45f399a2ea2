//! Laws of the proof form: what it bounds, and what it finds.

use domain::plan::{LatencyBasis, LatencyEstimate, Plan};
use domain::units::{MicroDollars, Probability};
use domain::verification::{Check, CheckUnit, Verdict};
use rayon::prelude::*;
use solver::assemble;
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise, programs};

use super::systems::{System, system};
use super::{CASES, demand};
use crate::optimum::generate;
use crate::support::brute::brute_force;

/// Systems of which those with one or two services are tried out in full.
const BRUTE: u64 = 200;

/// The cheapest plan of a system in the proof form, with its bounds.
fn proven(system: &System) -> Option<Plan> {
    let demand = demand(system);
    let model = Model::new(&demand, &system.catalog, Settings::PROOF);
    match optimise(&model, &[]) {
        Optimised::Found(optimum) => Some(assemble::plan(&model, &optimum)),
        Optimised::Infeasible => None,
        Optimised::GaveUp => panic!("a small search ends by itself"),
    }
}

/// What the simulation says of a plan in the state of a bound, where the limit is that bound.
fn judged(system: &System, plan: &Plan, bound: &LatencyEstimate) -> Vec<Check> {
    let mut demand = demand(system);
    let own = demand.objectives.latency.iter().find(|own| own.id() == bound.objective).cloned();
    let mut own = own.expect("the bound is one of an objective");
    own.limit = bound.percentile;
    demand.objectives.latency = vec![own];
    let scenario = match bound.state.as_str() {
        "zone-loss" => "zone-loss:1".to_owned(),
        state => state.to_owned(),
    };
    let settings = simulator::Settings {
        seed: 42,
        alpha: Probability::of(0.001),
        request_limit: 400_000,
        ..Default::default()
    };
    let found =
        simulator::verify_scenarios(&demand, &plan.topology, &[scenario], &settings, &|_| {});
    let mut checks = found.expect("it can be simulated").checks;
    checks.retain(|check| check.unit == CheckUnit::Seconds && check.objective == bound.objective);
    assert!(!checks.is_empty(), "{} in {}", bound.objective, bound.state);
    checks
}

/// Law 42: The union split is at least the simulated percentile, always. Needs: nothing; judged is
/// the bound of each objective in the state in which it is largest, as if it were the limit.
#[test]
fn the_union_split_is_never_below_the_simulated_percentile() {
    let found: Vec<Option<Vec<(Verdict, f64)>>> = (0..CASES + CASES / 4)
        .into_par_iter()
        .map(|seed| {
            let system = system(seed);
            let plan = proven(&system)?;
            let judged = plan.estimates.iter().flat_map(|bound| {
                let limit = bound.percentile.value();
                judged(&system, &plan, bound).into_iter().map(move |check| {
                    let observed = check.observed;
                    assert!(observed.low <= limit, "seed {seed}: {bound:?} {observed:?}");
                    assert!(check.verdict != Verdict::Fail, "seed {seed}: {bound:?} {observed:?}");
                    (check.verdict, limit / observed.value)
                })
            });
            Some(judged.collect())
        })
        .collect();
    let planned = found.iter().flatten().count() as u64;
    let judged: Vec<(Verdict, f64)> = found.into_iter().flatten().flatten().collect();
    let passed = judged.iter().filter(|(verdict, _)| *verdict == Verdict::Pass).count();
    let near = judged.iter().filter(|(_, ratio)| *ratio < 1.2).count();
    assert!(planned >= CASES, "only {planned} have a plan that is proven");
    assert!(passed * 10 > judged.len() * 9, "{passed} of {} were decided", judged.len());
    // What is far above says nothing of the quantile of a service.
    assert!(near * 20 > judged.len(), "only {near} of {} are near", judged.len());
}

/// The cost of the optimum of a model.
fn cost(model: &Model<'_>) -> Option<MicroDollars> {
    match optimise(model, &[]) {
        Optimised::Found(optimum) => Some(optimum.cost),
        Optimised::Infeasible => None,
        Optimised::GaveUp => panic!("a small search ends by itself"),
    }
}

/// The search in the proof form finds what trying every option with every share of the tail finds.
/// Needs: few enough of both.
#[test]
fn the_proven_plan_equals_brute_force() {
    let (mut planned, mut dearer) = (0, 0);
    for seed in 0..BRUTE {
        let (catalog, intent) = generate(seed);
        if intent.services.len() > 2 {
            continue;
        }
        let demand = characterise(&intent, &catalog, None).expect("a generated intent is sound");
        let model = Model::new(&demand, &catalog, Settings::PROOF);
        let tried = programs(&model).into_iter().filter_map(|programs| {
            let own = brute_force(&programs.plain)?;
            assert_eq!(brute_force(&programs.pruned), Some(own), "seed {seed}: pruned");
            Some(programs.fixed + MicroDollars::new(own).expect("a cost is not negative"))
        });
        let (found, expected) = (cost(&model), tried.min());
        assert_eq!(found, expected, "seed {seed}");
        planned += u64::from(found.is_some());
        let moment = cost(&Model::new(&demand, &catalog, Settings::UNGUARDED));
        dearer += u64::from(found.is_none() && moment.is_some() || found > moment);
    }
    assert!(planned * 5 > BRUTE && dearer * 10 > BRUTE, "{planned} planned, {dearer} dearer");
}

/// The quantiles of all services add up to the bound, which is within its limit, and their shares
/// to no more than the whole tail.
#[test]
fn what_services_keep_to_adds_up_to_the_bound() {
    let mut several = 0;
    for seed in 0..CASES {
        let Some(plan) = proven(&system(seed)) else { continue };
        for bound in &plan.estimates {
            let LatencyBasis::Proof(parts) = &bound.basis else { panic!("it is proven") };
            let sum: f64 = parts.iter().map(|part| part.quantile.value()).sum();
            let shares: f64 = parts.iter().map(|part| part.share.value()).sum();
            assert!((sum - bound.percentile.value()).abs() < 1e-9, "seed {seed}: {bound:?}");
            assert!(shares <= 1.0 + 1e-9, "seed {seed}: {bound:?}");
            assert!(bound.percentile.value() <= bound.limit.value() * (1.0 + 1e-8));
            several += u64::from(parts.len() > 1);
        }
    }
    assert!(several > CASES / 2, "only {several} are shared by several services");
}

/// Twice as many steps between the shares save little.
#[test]
fn finer_shares_of_the_tail_save_little() {
    let (mut coarse, mut fine, mut only, mut planned) = (0.0, 0.0, 0, 0);
    for seed in 0..CASES {
        let (catalog, intent) = generate(seed);
        let demand = characterise(&intent, &catalog, None).expect("a generated intent is sound");
        let model = Model::new(&demand, &catalog, Settings::PROOF);
        let half = model.proof.as_ref().expect("it is the proof form").shares.clone();
        let between = half.windows(2).flat_map(|pair| [pair[0], f64::midpoint(pair[0], pair[1])]);
        let finer: Vec<f64> = between.chain(half.last().copied()).collect();
        match (cost(&model), cost(&model.clone().sharing(finer))) {
            (Some(own), Some(finer)) => {
                assert!(finer <= own, "seed {seed}");
                coarse += own.dollars();
                fine += finer.dollars();
                planned += 1;
            }
            (None, Some(_)) => only += 1,
            (Some(_), None) => panic!("seed {seed}: what the coarser shares allow is allowed"),
            (None, None) => {}
        }
    }
    assert!(planned * 4 > CASES && only * 20 < planned, "{planned}, {only} by the finer ones only");
    assert!(coarse / fine < 1.01, "they save {}", coarse / fine);
}
