//! Rules about terms of purchase: which change a plan, and which leave none.

use domain::offer::PurchaseTerm;
use domain::topology::{Deployment, Pool};

use super::Market;
use super::rules::{Kept, Prepare};
use crate::support::{price, stated};

/// Promises are listed, and every offer has the price of one year for less and of three for least.
fn promised(market: &mut Market) {
    listed(market);
    for offer in &mut market.catalog.offers {
        let hour = offer.prices.on_demand.expect("it has one").unit_price.dollars_as_float();
        offer.prices.reserved_one_year = Some(price(hour * 0.7));
        offer.prices.reserved_three_years = Some(price(hour * 0.5));
    }
}

/// Every term is listed, and nobody knows what a promise costs.
fn listed(market: &mut Market) {
    market.intent.purchase = PurchaseTerm::ALL.map(stated).to_vec();
}

fn uses(deployment: &Deployment, term: PurchaseTerm) -> bool {
    deployment.pools.iter().flat_map(Pool::terms).any(|own| own == term)
}

/// A rule with what is done beforehand, and what it changes.
pub(super) const CHANGES: [(&str, Prepare, Kept); 4] = [
    ("{id: x, deny: {purchase: [reserved_3y]}}", promised, |_, app, db| {
        !uses(app, PurchaseTerm::ReservedThreeYears) && !uses(db, PurchaseTerm::ReservedThreeYears)
    }),
    ("{id: x, allow: {purchase: [on_demand, spot]}}", promised, |_, app, db| {
        app.pools[0].commitment.is_none() && db.pools[0].commitment.is_none()
    }),
    ("{id: x, allow: {purchase: [reserved_1y]}}", promised, |_, app, db| {
        let only = |own: &Deployment| {
            let mut terms = own.pools.iter().flat_map(Pool::terms);
            terms.all(|term| term == PurchaseTerm::ReservedOneYear)
        };
        only(app) && only(db)
    }),
    (
        "{id: x, deny: {purchase: [reserved_1y, reserved_3y]}, when: {service.stateful: true}}",
        promised,
        |_, app, db| app.pools[0].commitment.is_some() && db.pools[0].commitment.is_none(),
    ),
];

/// A rule with what is done beforehand, such that no plan is left.
pub(super) const LEAVES_NOTHING: [(&str, Prepare); 4] = [
    ("{id: x, allow: {purchase: [spot]}}", promised),
    ("{id: x, allow: {purchase: [reserved_3y]}}", listed),
    ("{id: x, deny: {purchase: [on_demand]}, when: {service.stateful: true}}", listed),
    ("{id: x, deny: {purchase: [on_demand, reserved_1y, reserved_3y, spot]}}", promised),
];
