//! The judge knows nothing of the solver: doubling Erlang C moves the solver's estimates and no
//! verdict on a given plan.

use domain::demand::Demand;
use domain::plan::Plan;
use domain::units::Probability;
use domain::verification::Verification;
use solver::assemble;
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};
use solver::queueing::WaitingModel;

use crate::grid::intent;

fn propose(demand: &Demand, erlang_c_factor: f64) -> Plan {
    let catalog = catalogs::embedded();
    let waiting = WaitingModel { erlang_c_factor };
    let model = Model::new(demand, &catalog, Settings { waiting, ..Settings::GUARDED });
    let Optimised::Found(optimum) = optimise(&model, &[]) else { panic!("there is a plan") };
    assemble::plan(&model, &optimum)
}

fn verify(demand: &Demand, plan: &Plan) -> Verification {
    let settings =
        simulator::Settings { seed: 1, alpha: Probability::of(0.05), ..Default::default() };
    simulator::verify(demand, &plan.topology, &settings, &|_| {}).expect("it can be simulated")
}

#[test]
fn doubling_erlang_c_moves_estimates_and_no_verdict() {
    let catalog = catalogs::embedded();
    let intent = intent("2k users, 99.9% uptime, p95 400ms", &catalog);
    let demand = characterise(&intent, &catalog, None).expect("the demand can be worked out");
    let plan = propose(&demand, 1.0);
    let before = verify(&demand, &plan);
    let doubled = propose(&demand, 2.0);
    let estimate = |plan: &Plan| plan.estimates[0].percentile;
    assert!(estimate(&doubled) > estimate(&plan), "the factor reaches the solver's estimate");
    assert_eq!(verify(&demand, &plan), before, "the verdict on the same plan is unchanged");
}
