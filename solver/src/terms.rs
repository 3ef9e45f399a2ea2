//! The terms that an offer may be bought on for a service, and how many instances are promised.
//!
//! What is promised is paid for at all hours of the month, what is not at the hours in which it is
//! there. So of a fleet that follows the load, every further instance is promised as long as its
//! own hours on demand cost more than all hours on the cheapest promise. That makes the expected
//! bill of given machines least, and keeps it rising with every instance that is there for longer:
//! the number is a property of an option, and no variable of the program.

use std::cmp::Ordering;

use domain::candidate::Rejection;
use domain::demand::{Demand, ServiceDemand};
use domain::offer::{Offer, Price, PurchaseTerm};
use domain::units::UnitPrice;

use crate::gates;
use crate::purchase::Fleet;

/// What an offer may be bought at, for one hour of one instance or node without a standby.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// On demand; `None` where a rule does not let that pass, or nobody knows the price.
    pub on_demand: Option<Price>,
    /// On the cheapest promise of those that are listed, let pass and known.
    pub promised: Option<(PurchaseTerm, Price)>,
}

impl Terms {
    /// The terms of an offer for a service.
    ///
    /// # Errors
    /// When there are none: the rule that bars one that has a price, or that there is no price.
    pub fn of(demand: &Demand, service: &ServiceDemand, offer: &Offer) -> Result<Self, Rejection> {
        let mut barring = None;
        let mut passing = |term: PurchaseTerm| {
            let price = offer.prices.on(term)?;
            match gates::purchase(demand, service, term) {
                Some(rule) => {
                    barring.get_or_insert(rule);
                    None
                }
                None => Some(price),
            }
        };
        let on_demand = passing(PurchaseTerm::OnDemand);
        let reserved = [PurchaseTerm::ReservedOneYear, PurchaseTerm::ReservedThreeYears];
        // The shorter promise wins where both cost the same.
        let listed = reserved.into_iter().filter(|term| demand.purchase.contains(term));
        let promised = listed
            .filter_map(|term| Some((term, passing(term)?)))
            .filter(|(_, price)| gates::stale(demand, price).is_none())
            .min_by_key(|(_, price)| price.unit_price);
        if on_demand.is_none() && promised.is_none() {
            return Err(barring.map_or(Rejection::NoPrice, Rejection::Policy));
        }
        Ok(Self { on_demand, promised })
    }

    /// The prices without where they are from.
    pub(crate) fn unit_prices(&self) -> (Option<UnitPrice>, Option<(PurchaseTerm, UnitPrice)>) {
        let promised = self.promised.map(|(term, price)| (term, price.unit_price));
        (self.on_demand.map(|price| price.unit_price), promised)
    }

    /// By price: of two where one is [never above](Self::never_above) the other, that one first.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        let (own, promise) = self.unit_prices();
        let (others, rival) = other.unit_prices();
        let promises = (promise.map(|(_, price)| price), rival.map(|(_, price)| price));
        // What is not known comes last.
        let unknown = own.is_none().cmp(&others.is_none());
        unknown
            .then_with(|| own.cmp(&others))
            .then_with(|| promises.0.is_none().cmp(&promises.1.is_none()))
            .then_with(|| promises.0.cmp(&promises.1))
    }

    /// No hour costs less, in dollars.
    pub(crate) fn least_dollars(&self) -> f64 {
        let prices = self.on_demand.into_iter().chain(self.promised.map(|(_, price)| price));
        prices.map(|price| price.unit_price.dollars_as_float()).fold(f64::INFINITY, f64::min)
    }

    /// Whether no fleet costs more on these terms than on others.
    pub(crate) fn never_above(&self, other: &Self) -> bool {
        let at_most = |own: Option<Price>, other: Option<Price>| match (own, other) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(other)) => own.unit_price <= other.unit_price,
        };
        let promise = |terms: &Self| terms.promised.map(|(_, price)| price);
        at_most(self.on_demand, other.on_demand) && at_most(promise(self), promise(other))
    }

    /// How many of a fleet are promised where it is open for that share of a month, and there are
    /// `beyond` so many on average beyond any number of them.
    pub(crate) fn promised_of(&self, fleet: &Fleet, open: f64, beyond: impl Fn(u32) -> f64) -> u32 {
        let Some((_, promise)) = self.promised else { return 0 };
        // What must not be bought on demand is promised to the last one.
        let Some(hour) = self.on_demand else { return fleet.ceiling };
        let (promise, hour) =
            (promise.unit_price.dollars_as_float(), hour.unit_price.dollars_as_float() * open);
        // Everything up to the floor is there at all open hours.
        if promise >= hour {
            return 0;
        }
        let there = |count: u32| beyond(count) - beyond(count + 1);
        let more = (fleet.floor..fleet.peak).find(|count| promise >= hour * there(*count));
        more.unwrap_or(fleet.peak)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::offer::PriceBasis;

    #[expect(clippy::default_trait_access, reason = "days are no type of this crate")]
    fn price(dollars: &str) -> Price {
        let unit_price = dollars.parse().unwrap();
        Price { unit_price, as_of: Default::default(), basis: PriceBasis::Published }
    }

    /// Instances at each of the equal steps of a day.
    const DAY: [u32; 8] = [2, 2, 3, 5, 7, 7, 6, 3];

    fn beyond(count: u32) -> f64 {
        DAY.iter().map(|there| f64::from(there.saturating_sub(count))).sum::<f64>() / 8.0
    }

    #[test]
    fn so_many_are_promised_as_no_other_number_beats() {
        let fleet = Fleet::of((2, 7, 11), beyond(0));
        for (promise, open) in [
            ("0.02", 1.0),
            ("0.05", 1.0),
            ("0.08", 1.0),
            ("0.09", 1.0),
            ("0.05", 0.6),
            ("0.07", 0.4),
        ] {
            let promised = Some((PurchaseTerm::ReservedOneYear, price(promise)));
            let terms = Terms { on_demand: Some(price("0.1")), promised };
            let found = terms.promised_of(&fleet, open, beyond);
            let bill = |count: u32| {
                f64::from(count) * promise.parse::<f64>().unwrap() + beyond(count) * 0.1 * open
            };
            let least = (0..=11).map(bill).fold(f64::INFINITY, f64::min);
            assert!(bill(found) <= least + 1e-12, "{promise} {open}: {found}");
        }
    }

    #[test]
    fn all_of_a_fleet_are_promised_where_nothing_may_be_bought_on_demand() {
        let fleet = Fleet::of((2, 7, 11), beyond(0));
        let promised = Some((PurchaseTerm::ReservedThreeYears, price("5")));
        assert_eq!(Terms { on_demand: None, promised }.promised_of(&fleet, 0.2, beyond), 11);
        let plain = Terms { on_demand: Some(price("5")), promised: None };
        assert_eq!(plain.promised_of(&fleet, 1.0, beyond), 0);
    }

    #[test]
    fn of_two_of_which_one_is_never_above_that_one_comes_first() {
        let all = [None, Some(price("1")), Some(price("2"))];
        let promise = |price| Some((PurchaseTerm::ReservedOneYear, price));
        let terms =
            |at: usize| Terms { on_demand: all[at / 3], promised: all[at % 3].and_then(promise) };
        for (one, other) in
            (0..9).flat_map(|one| (0..9).map(move |other| (terms(one), terms(other))))
        {
            if one.never_above(&other) {
                assert!(one.order(&other).is_le(), "{one:?} {other:?}");
                assert!(one.least_dollars() <= other.least_dollars());
            }
        }
    }
}
