//! The cheapest plan of a small market, and what it costs.

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::{Intent, RequestClass};
use domain::name::Name;
use domain::plan::Plan;
use domain::units::{MicroDollars, Ratio};
use solver::assemble;
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};

use super::{instance, region, stated};

/// The demand and the cheapest plan for it, which passes the re-check.
pub(crate) fn cheapest(
    intent: &Intent,
    catalog: &Catalog,
    settings: Settings,
) -> Option<(Demand, Plan)> {
    let demand = characterise(intent, catalog, None).expect("the intent is sound");
    let model = Model::new(&demand, catalog, settings);
    let Optimised::Found(optimum) = optimise(&model, &[]) else { return None };
    let plan = assemble::plan(&model, &optimum);
    assert_eq!(plimsoll::check::faults(&demand, &plan, catalog), Vec::<String>::new());
    Some((demand, plan))
}

/// What the optimum of a small system costs, where it has one.
pub(crate) fn cost(intent: &Intent, catalog: &Catalog) -> Option<MicroDollars> {
    let demand = characterise(intent, catalog, None).expect("a generated intent is sound");
    match optimise(&Model::new(&demand, catalog, Settings::GUARDED), &[]) {
        Optimised::Found(optimum) => Some(optimum.cost),
        Optimised::Infeasible => None,
        Optimised::GaveUp => panic!("a small search ends by itself"),
    }
}

/// Machines of those sizes and prices in one region.
pub(crate) fn machines<const N: usize>(sold: [(&str, u32, f64); N]) -> Catalog {
    let offers = sold.map(|(sku, vcpus, hour)| instance(sku, "us-east-1", (vcpus, 1.0), hour));
    super::catalog(vec![region("us-east-1")], offers.to_vec())
}

/// A tenth of the requests goes to the checkout, and nine tenths stay as they were.
pub(crate) fn with_checkout(intent: &mut Intent) {
    intent.requests[0].share = Some(stated(Ratio::of(0.9)));
    let checkout = RequestClass {
        name: Name::of("checkout"),
        share: Some(stated(Ratio::of(0.1))),
        ..intent.requests[0].clone()
    };
    intent.requests.push(checkout);
}
