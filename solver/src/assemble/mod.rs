//! From the optimum of the program to a plan: the topology, its bill, and the working behind it.

mod availability;
mod bill;
mod estimates;
mod sizing;
mod topology;

use std::collections::BTreeMap;

use domain::plan::{Claim, Optimality, Plan};

use crate::model::Model;
use crate::optimise::Optimum;

pub use estimates::worst_estimates;

/// The plan of an optimum. Nothing is claimed of it until it is verified.
///
/// # Panics
/// When the bill does not add up to what the program minimised, which would be a fault here.
pub fn plan(model: &Model<'_>, optimum: &Optimum<'_>) -> Plan {
    let topology = topology::topology(model, optimum);
    let bill = bill::bill(model, optimum);
    let objective = bill.totals().expected;
    assert_eq!(objective, optimum.cost, "the bill adds up to what the program minimised");
    Plan {
        sizing: sizing::all(model, optimum),
        availability: availability::working(model, optimum),
        estimates: worst_estimates(model, optimum),
        optimality: Optimality {
            claim: Claim::None,
            pursuit: None,
            objective,
            bound: optimum.bound,
            program_bound: optimum.bound,
            designs: optimum.designs,
            kept: optimum.kept,
            pruned: BTreeMap::new(),
            excluded: Vec::new(),
        },
        topology,
        bill,
    }
}

/// A plan in a few words: `app 8 × c8g.xlarge, cache 2 × cache.m6g.large; aws us-east-1, 2 zones`.
pub fn summary(model: &Model<'_>, optimum: &Optimum<'_>) -> String {
    let parts: Vec<String> = model
        .demand
        .services
        .iter()
        .zip(&optimum.options)
        .filter_map(|(service, option)| {
            let pools: Vec<String> = option
                .pools()
                .map(|(candidate, count)| format!("{count} × {}", candidate.offer.sku))
                .collect();
            (!pools.is_empty()).then(|| format!("{} {}", service.name, pools.join(" + ")))
        })
        .collect();
    let region = optimum.layout.region;
    let zones = if optimum.layout.zones == 1 { "zone" } else { "zones" };
    format!(
        "{}; {} {}, {} {zones}",
        parts.join(", "),
        region.provider,
        region.name,
        optimum.layout.zones
    )
}
