//! Is a catalog plausible? Hard faults while it is read, and warnings about one that was read.
//!
//! Prices of the offers of one family are proportional to memory: sizes differ by a factor that
//! memory and price share, and a size with vCPUs switched off keeps its memory and its price. So a
//! price is compared with the median price of a MiB in its group, never by vCPU.

use std::collections::BTreeMap;
use std::fmt;

use domain::catalog::Catalog;
use domain::offer::{Offer, Price, Provider};

use crate::cells::Cells;
use crate::fault::{CatalogFaults, FaultKind};
use crate::offers::engine;
use crate::table::{Line, Start};

/// A price further than this from its group's is in another unit or for another thing: a fault.
const IMPOSSIBLE: f64 = 8.0;

/// A price further than this from its group's deserves a look.
const SUSPICIOUS: f64 = 2.0;

/// A price in one region that is further than this from its usual distance to another region.
const SUSPICIOUS_ACROSS_REGIONS: f64 = 1.6;

/// Groups smaller than this have no median to speak of.
const GROUP_MIN: usize = 4;

/// A promised price must not be above the price without a promise.
pub(crate) fn above_on_demand(
    column: &'static str,
    price: &Price,
    on_demand: Option<&Price>,
) -> Option<FaultKind> {
    let on_demand = on_demand?;
    (price.unit_price > on_demand.unit_price).then(|| FaultKind::AboveOnDemand {
        column,
        price: price.unit_price.to_string(),
        on_demand: on_demand.unit_price.to_string(),
    })
}

/// Prices of a MiB in one file, by group, with where they stand.
#[derive(Default)]
pub(crate) struct Outliers {
    groups: BTreeMap<String, Vec<(f64, Start)>>,
}

impl Outliers {
    /// Notes the price of an offer.
    pub(crate) fn note(&mut self, cells: &Cells<'_>, offer: &Offer) {
        if let Some(price) = mebibyte_price(offer) {
            let group = self.groups.entry(group(offer)).or_default();
            group.push((price, cells.start()));
        }
    }

    /// Finds prices that cannot be in the file that was read.
    pub(crate) fn check(self, file: &str, text: &str, faults: &mut CatalogFaults) {
        for group in self.groups.into_values() {
            let Some(median) = median(group.iter().map(|(price, _)| *price)) else {
                continue;
            };
            for (price, start) in group {
                let times = distance(price, median);
                if times > IMPOSSIBLE {
                    let times = format!("{times:.1}");
                    let place = || Line::new(file, text, start).place();
                    faults.add(place, FaultKind::Outlier { times });
                }
            }
        }
    }
}

/// Offers whose prices should be alike.
fn group(offer: &Offer) -> String {
    let shape = match offer.provider {
        // The families of Google have several shapes each: `n2-highcpu-8`, `c4-highmem-8-lssd`.
        Provider::Google => offer
            .sku
            .split('-')
            .filter(|part| !part.bytes().all(|byte| byte.is_ascii_digit()))
            .collect::<Vec<_>>()
            .join("-"),
        Provider::Aws | Provider::Azure => offer.family.clone(),
    };
    format!("{shape} {}", engine(&offer.product))
}

fn mebibyte_price(offer: &Offer) -> Option<f64> {
    let price = offer.prices.on_demand?;
    Some(dollars(&price) / offer.memory.value() as f64)
}

fn dollars(price: &Price) -> f64 {
    f64::try_from(price.unit_price.dollars()).unwrap_or(f64::MAX)
}

/// The middle of some numbers, or the mean of the two middle ones.
fn median(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = numbers.collect();
    if sorted.len() < GROUP_MIN {
        return None;
    }
    sorted.sort_by(f64::total_cmp);
    let upper = sorted.len() / 2;
    let lower = (sorted.len() - 1) / 2;
    Some(f64::midpoint(sorted[lower], sorted[upper]))
}

/// By which factor two positive numbers differ, at least 1.
fn distance(one: f64, other: f64) -> f64 {
    (one / other).max(other / one)
}

/// Something about an offer that deserves a look, without being a fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The offer: provider, region and SKU.
    pub offer: String,
    /// What about it.
    pub kind: WarningKind,
}

/// What deserves a look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WarningKind {
    /// The price of a MiB is this many times that of its family, or that part of it.
    PriceInFamily(f64),
    /// The price is this many times what the price in another region suggests, or that part of it.
    PriceAcrossRegions(f64),
    /// The spot price is above the price on demand.
    SpotAboveOnDemand,
    /// Three years cost more by the hour than one.
    ThreeYearsAboveOne,
    /// A database costs less with a standby than without.
    StandbyBelowSingle,
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offer = &self.offer;
        match self.kind {
            WarningKind::PriceInFamily(times) => write!(
                formatter,
                "{offer}: a MiB of memory costs {times:.2} times as much as in its family"
            ),
            WarningKind::PriceAcrossRegions(times) => write!(
                formatter,
                "{offer}: costs {times:.2} times what its price in another region suggests"
            ),
            WarningKind::SpotAboveOnDemand => {
                write!(formatter, "{offer}: the spot price is above that on demand")
            }
            WarningKind::ThreeYearsAboveOne => {
                write!(formatter, "{offer}: three years cost more by the hour than one")
            }
            WarningKind::StandbyBelowSingle => {
                write!(formatter, "{offer}: a standby makes it cheaper")
            }
        }
    }
}

/// What deserves a look in a catalog, in the order of its offers.
pub fn warnings(catalog: &Catalog) -> Vec<Warning> {
    let mut found = within_families(&catalog.offers);
    found.extend(across_regions(&catalog.offers));
    for offer in &catalog.offers {
        let prices = &offer.prices;
        let above = |one: Option<Price>, other: Option<Price>| {
            one.zip(other).is_some_and(|(one, other)| one.unit_price > other.unit_price)
        };
        let mut note = |kind| {
            let offer = offer.id();
            found.push(Warning { offer, kind });
        };
        if above(prices.spot, prices.on_demand) {
            note(WarningKind::SpotAboveOnDemand);
        }
        if above(prices.reserved_three_years, prices.reserved_one_year) {
            note(WarningKind::ThreeYearsAboveOne);
        }
        if above(prices.on_demand, prices.with_standby) {
            note(WarningKind::StandbyBelowSingle);
        }
    }
    found.sort_by(|one, other| one.offer.cmp(&other.offer));
    found
}

fn within_families(offers: &[Offer]) -> Vec<Warning> {
    let mut groups: BTreeMap<_, Vec<(f64, &Offer)>> = BTreeMap::new();
    for offer in offers {
        if let Some(price) = mebibyte_price(offer) {
            let key = (offer.provider, &offer.region, group(offer));
            groups.entry(key).or_default().push((price, offer));
        }
    }
    let mut found = Vec::new();
    for group in groups.values() {
        let Some(median) = median(group.iter().map(|(price, _)| *price)) else {
            continue;
        };
        for (price, offer) in group {
            if distance(*price, median) > SUSPICIOUS {
                found.push(Warning {
                    offer: offer.id(),
                    kind: WarningKind::PriceInFamily(price / median),
                });
            }
        }
    }
    found
}

/// Compares each region's prices with those of the provider's first region.
fn across_regions(offers: &[Offer]) -> Vec<Warning> {
    let mut first = BTreeMap::new();
    for offer in offers {
        first.entry(offer.provider).or_insert(&offer.region);
    }
    let mut reference = BTreeMap::new();
    let mut ratios: BTreeMap<_, Vec<(f64, &Offer)>> = BTreeMap::new();
    for offer in offers {
        let key = (offer.provider, &offer.sku, &offer.product);
        let Some(price) = offer.prices.on_demand.as_ref().map(dollars) else {
            continue;
        };
        if first.get(&offer.provider) == Some(&&offer.region) {
            reference.insert(key, price);
        } else if let Some(there) = reference.get(&key) {
            let region = ratios.entry((offer.provider, &offer.region)).or_default();
            region.push((price / there, offer));
        }
    }
    let mut found = Vec::new();
    for region in ratios.values() {
        let Some(usual) = median(region.iter().map(|(ratio, _)| *ratio)) else {
            continue;
        };
        for (ratio, offer) in region {
            if distance(*ratio, usual) > SUSPICIOUS_ACROSS_REGIONS {
                found.push(Warning {
                    offer: offer.id(),
                    kind: WarningKind::PriceAcrossRegions(ratio / usual),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_needs_a_group() {
        assert_eq!(median([1.0, 2.0, 3.0].into_iter()), None);
        assert_eq!(median([4.0, 1.0, 3.0, 2.0].into_iter()), Some(2.5));
        assert_eq!(median([5.0, 1.0, 4.0, 3.0, 2.0].into_iter()), Some(3.0));
    }

    #[test]
    fn a_distance_knows_no_direction() {
        assert!((distance(2.0, 8.0) - 4.0).abs() < f64::EPSILON);
        assert!((distance(8.0, 2.0) - 4.0).abs() < f64::EPSILON);
    }
}
