//! Offers that are called dominated: without all of them at once, nothing becomes dearer.

use std::collections::BTreeSet;

use domain::catalog::Catalog;
use domain::intent::Intent;
use domain::plan::Plan;
use solver::assemble;
use solver::characterise::characterise;
use solver::dominated::dominated;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};

use crate::support::{Draw, assume, catalog, chain, instance, latency, region, uptime};

const INSTANCES: u64 = 200;

/// Eight offers, and an intent for one to three services.
fn generate(seed: u64) -> (Catalog, Intent) {
    let mut draw = Draw::new(seed);
    let offers = (0..8).map(|at| {
        let vcpus = 2 << draw.whole(0, 2);
        let pace = draw.within(0.6, 2.5);
        let hour = f64::from(vcpus) * pace * draw.within(0.02, 0.05);
        instance(&format!("offer{at}"), "here", (vcpus, pace), hour)
    });
    let catalog = catalog(vec![region("here")], offers.collect());
    let services = draw.whole(1, 3);
    let cpu_times: Vec<f64> = (0..services).map(|_| draw.within(2.0, 20.0)).collect();
    let mut intent = chain(u64::from(draw.whole(50, 2_000)), &cpu_times);
    let work: f64 = cpu_times.iter().sum();
    let uptimes = [990_000, 999_000, 999_800, 999_900];
    intent.objectives.uptime = Some(uptime(uptimes[draw.whole(0, 3) as usize]));
    intent.objectives.latency = vec![latency(950, work * draw.within(2.0, 6.0) + 10.0)];
    if draw.chance(0.5) {
        let quota = f64::from(services) * draw.within(8.0, 48.0);
        assume(&mut intent, "rules.vcpu_quota", &format!("{}", quota.round()));
    }
    (catalog, intent)
}

fn cheapest(catalog: &Catalog, intent: &Intent) -> Option<(Plan, BTreeSet<String>)> {
    let demand = characterise(intent, catalog, None).expect("a demand");
    let model = Model::new(&demand, catalog, Settings::GUARDED);
    let Optimised::Found(optimum) = optimise(&model, &[]) else { return None };
    let plan = assemble::plan(&model, &optimum);
    let found = dominated(&model, &plan.topology);
    let names: BTreeSet<&str> = catalog.offers.iter().map(|offer| offer.sku.as_str()).collect();
    let ids: BTreeSet<String> = found.iter().map(|each| each.offer.clone()).collect();
    for each in &found {
        assert!(names.contains(each.by.as_str()), "{each:?}");
        let by = catalog.offers.iter().find(|offer| offer.sku == each.by).expect("just seen");
        assert!(!ids.contains(&by.id()), "{each:?}");
    }
    Some((plan, ids))
}

#[test]
fn without_the_dominated_offers_the_optimum_costs_the_same() {
    let (mut solved, mut dropped) = (0, 0);
    for seed in 0..INSTANCES {
        let (catalog, intent) = generate(seed);
        let Some((plan, ids)) = cheapest(&catalog, &intent) else { continue };
        let pools = plan.topology.services.iter().flat_map(|service| &service.pools);
        let bought: BTreeSet<&str> = pools.map(|pool| pool.sku.as_str()).collect();
        let mut fewer = catalog.clone();
        fewer.offers.retain(|offer| !ids.contains(&offer.id()));
        assert!(bought.iter().all(|sku| fewer.offers.iter().any(|offer| offer.sku == *sku)));
        let again = cheapest(&fewer, &intent);
        let cost = |plan: &Plan| plan.optimality.objective;
        assert_eq!(
            again.as_ref().map(|(plan, _)| cost(plan)),
            Some(cost(&plan)),
            "{seed}: {ids:?}"
        );
        solved += 1;
        dropped += ids.len();
    }
    assert!(solved >= INSTANCES / 2, "{solved}");
    assert!(dropped as u64 >= solved, "{dropped} of {solved} systems");
}
