//! The terms that machines are bought on: whether they were listed, and what their hours cost.

use domain::commitment::Promise;
use domain::demand::Demand;
use domain::offer::{Offer, PurchaseTerm};
use domain::topology::{Deployment, Pool};

use super::cost::{Expected, HOURS, counts, same, scaled};

/// What is wrong with how a pool is said to be paid for.
pub(super) fn check(demand: &Demand, name: &str, pool: &Pool, faults: &mut Vec<String>) {
    let most = pool.most();
    let Some(promised) = pool.commitment else {
        if pool.term != PurchaseTerm::OnDemand {
            faults.push(format!("{name}: {} is not promised", pool.term.as_str()));
        }
        return;
    };
    let term = promised.term.as_str();
    if promised.months() == 0 || !demand.purchase.contains(&promised.term) {
        faults.push(format!("{name}: {term} is not among the terms that may be bought on"));
    }
    if promised.instances == 0 || promised.instances > most {
        let count = promised.instances;
        faults.push(format!("{name}: {count} of {most} instances are promised"));
    }
    let rest = if promised.instances < most { PurchaseTerm::OnDemand } else { promised.term };
    if pool.term != rest {
        faults.push(format!("{name}: what is not promised is on {}", pool.term.as_str()));
    }
}

/// The lines of the hours of a pool: `hours` of those that are paid for while they are there, and
/// all hours of those that are promised.
pub(super) fn hours(
    demand: &Demand,
    (id, further): (&str, &str),
    (deployed, at): (&Deployment, usize),
    (offer, hours): (&Offer, f64),
    expected: &mut Expected<'_>,
) {
    let prices = &offer.prices;
    let promised = deployed.pools[at].commitment;
    let count = promised.map_or(0, |own| own.instances);
    let rest = counts(demand, &deployed.pools, at, f64::from(count));
    if promised.is_none() || rest.ceiling > 0.0 {
        expected.line(format!("{id}{further}"), prices.on_demand, scaled(rest, hours));
    }
    let Some(commitment) = promised else { return };
    let id = format!("{id}-{}{further}", commitment.term.as_str());
    let on_demand = prices.on_demand.map(|price| price.unit_price);
    expected.line(id, prices.on(commitment.term), same(f64::from(count) * HOURS));
    expected.promised(Promise { commitment, on_demand });
}
