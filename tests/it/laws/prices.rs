//! Laws of what is sold: prices, offers that come and go, and rows that say the same.

use domain::offer::Offer;
use domain::units::{Mebibytes, Speed};

use super::systems::{System, cache, database, machine, of_tenths, repriced, tenths};
use super::{CASES, CASES_SOLVED, Tally, cheapest, cost, planned};
use crate::support::{Draw, catalog};

/// Law 1: A cheaper catalog never costs more. Needs: nothing but prices changes, and no budget is
/// stated, so the same plans are allowed.
#[test]
fn a_cheaper_catalog_never_costs_more() {
    let mut tally = Tally::default();
    for case in &*CASES_SOLVED {
        let mut draw = Draw::new(0x0100_0000 + case.seed);
        let catalog = repriced(&case.system.catalog, |price| {
            let all = tenths(price);
            if draw.chance(0.5) { of_tenths(draw.whole(all / 2, all).max(1)) } else { price }
        });
        let cheaper = cost(&System { catalog, ..case.system.clone() });
        tally.no_dearer(case.seed, cheaper, case.cheapest.as_ref().map(super::Cheapest::cost));
    }
    tally.expect(CASES / 2);
}

/// Law 2: All prices k times as high make the same plan k times as dear. Needs: no budget, and
/// prices in whole tenths of a cent: quantities are in thousandths, so no amount is rounded.
#[test]
fn all_prices_times_k_are_the_same_plan_times_k() {
    let mut planned = 0;
    for case in &*CASES_SOLVED {
        let factor = 2 + u32::try_from(case.seed % 8).unwrap();
        let catalog = repriced(&case.system.catalog, |price| of_tenths(tenths(price) * factor));
        let scaled = cheapest(&System { catalog, ..case.system.clone() });
        assert_eq!(scaled.is_some(), case.cheapest.is_some(), "seed {}", case.seed);
        if let Some((own, scaled)) = case.cheapest.as_ref().zip(scaled.as_ref()) {
            assert_eq!(scaled.cost(), own.cost().times(factor), "seed {}", case.seed);
            assert_eq!(scaled.machines(), own.machines(), "seed {}", case.seed);
            planned += 1;
        }
    }
    assert!(planned >= CASES, "only {planned}");
}

/// Law 3: One more offer, or one more region, never costs more. Needs: the offer is of a kind that
/// is sold there already, because a service is run by its owner only where nobody sells it managed.
#[test]
fn more_to_choose_from_never_costs_more() {
    let (mut offers, mut regions) = (Tally::default(), Tally::default());
    for case in &*CASES_SOLVED {
        let mut draw = Draw::new(0x0300_0000 + case.seed);
        let own = case.cheapest.as_ref().map(super::Cheapest::cost);
        let sold = &case.system.catalog;
        let first = sold.regions[0].name.as_str();
        let more = [
            machine(&mut draw, "new", first),
            database(&mut draw, "db.new", first),
            cache(&mut draw, "cache.new", first),
        ];
        let more = catalog(sold.regions.clone(), [&sold.offers[..], &more].concat());
        let found = cost(&System { catalog: more, ..case.system.clone() });
        offers.no_dearer(case.seed, found, own);

        let mut region = sold.regions[0].clone();
        region.name = "eu-west-1".parse().unwrap();
        let there = sold.offers.iter().filter(|offer| offer.region.as_str() == first);
        let there: Vec<Offer> = there
            .map(|offer| {
                let mut offer = offer.clone();
                offer.region = region.name.clone();
                let hour = tenths(offer.prices.on_demand.unwrap());
                let hour = draw.whole(hour * 4 / 5, hour * 6 / 5).max(1);
                offer.prices.on_demand = Some(of_tenths(hour));
                offer
            })
            .collect();
        let mut all = sold.regions.clone();
        all.insert(0, region);
        let more = catalog(all, [&sold.offers[..], &there].concat());
        let found = cost(&System { catalog: more, ..case.system.clone() });
        regions.no_dearer(case.seed, found, own);
    }
    offers.expect(CASES / 5);
    regions.expect(CASES / 5);
}

/// Law 4: Without the offers and regions that a plan does not use it is the same plan. Needs: where
/// the plan stands, every product that it uses is still sold, so every service is run the same way.
#[test]
fn what_is_not_used_can_go() {
    let mut gone = 0;
    for (case, own) in planned() {
        let sold = &case.system.catalog;
        let region = &own.plan.topology.region;
        let used = |offer: &&Offer| {
            let here = &offer.region == region;
            here && own.bought.iter().any(|bought| bought.sku == offer.sku)
        };
        let offers: Vec<Offer> = sold.offers.iter().filter(used).cloned().collect();
        gone += sold.offers.len() - offers.len();
        let regions = sold.regions.iter().filter(|own| &own.name == region).cloned().collect();
        let left = System { catalog: catalog(regions, offers), ..case.system.clone() };
        let found = cheapest(&left).unwrap_or_else(|| panic!("seed {}: no plan", case.seed));
        assert_eq!(found.cost(), own.cost(), "seed {}", case.seed);
        assert_eq!(found.machines(), own.machines(), "seed {}", case.seed);
    }
    assert!(gone as u64 >= 5 * CASES, "only {gone} offers went");
}

/// Law 5: An offer that is dearer and weaker than another one changes nothing. Needs: it has as
/// many vCPUs, because a quota counts them, and it is dearer by something.
#[test]
fn a_dominated_offer_changes_nothing() {
    let mut usable = 0;
    for case in &*CASES_SOLVED {
        let mut draw = Draw::new(0x0500_0000 + case.seed);
        let sold = &case.system.catalog;
        let weaker: Vec<Offer> =
            sold.offers.iter().map(|offer| weakened(&mut draw, offer)).collect();
        let all = catalog(sold.regions.clone(), [&sold.offers[..], &weaker].concat());
        let found = cheapest(&System { catalog: all, ..case.system.clone() });
        let own = case.cheapest.as_ref();
        assert_eq!(found.as_ref().map(super::Cheapest::cost), own.map(super::Cheapest::cost));
        let machines = |of: Option<&super::Cheapest>| of.map(|of| of.bought.clone());
        assert_eq!(machines(found.as_ref()), machines(own), "seed {}", case.seed);
        // The weaker ones would do, had they no betters.
        let alone = catalog(sold.regions.clone(), weaker);
        let alone = cost(&System { catalog: alone, ..case.system.clone() });
        let own = own.map(super::Cheapest::cost);
        assert!(own.is_some() || alone.is_none(), "seed {}", case.seed);
        assert!(own.zip(alone).is_none_or(|(own, alone)| own < alone), "seed {}", case.seed);
        usable += u64::from(alone.is_some());
    }
    assert!(usable >= CASES / 2, "weaker offers would do in {usable} only");
}

fn weakened(draw: &mut Draw, offer: &Offer) -> Offer {
    let mut weak = offer.clone();
    weak.sku.push_str("-weak");
    weak.zones = Some(2);
    let part = f64::from(draw.whole(70, 99)) / 100.0;
    if let Some(performance) = &mut weak.performance {
        for index in [&mut performance.capacity, &mut performance.speed] {
            let speed = Speed::of((index.low.value() * part * 1e3).floor() / 1e3);
            (index.low, index.middle, index.high) = (speed, speed, speed);
        }
    }
    weak.memory = Mebibytes::new(weak.memory.value() * u64::from(draw.whole(80, 100)) / 100);
    for price in [&mut weak.prices.on_demand, &mut weak.prices.with_standby].into_iter().flatten() {
        *price = of_tenths(tenths(*price) + draw.whole(1, 60));
    }
    weak
}

/// Law 15: A row that stands twice, under the same name or another one, or a tier of a price that
/// is cut in two, costs the same. Needs: a cut at a whole GB, and prices in tenths of a cent, so
/// that neither part is rounded.
#[test]
fn a_row_in_two_costs_the_same() {
    let mut planned = 0;
    for case in &*CASES_SOLVED {
        let mut draw = Draw::new(0x1500_0000 + case.seed);
        let sold = &case.system.catalog;
        let own = case.cheapest.as_ref();
        let twice = catalog(sold.regions.clone(), [&sold.offers[..], &sold.offers].concat());
        let renamed = sold.offers.iter().map(|offer| {
            let sku = format!("{}-again", offer.sku);
            Offer { sku, ..offer.clone() }
        });
        let renamed: Vec<Offer> = sold.offers.iter().cloned().chain(renamed).collect();
        let renamed = catalog(sold.regions.clone(), renamed);
        let mut cut = sold.clone();
        for region in &mut cut.regions {
            let at = u64::from(draw.whole(1, 4_000));
            let tiers = &mut region.internet_egress;
            let place = tiers.iter().position(|tier| tier.up_to_gb.is_none_or(|to| at < to));
            let place = place.expect("the last tier has no end");
            let mut first = tiers[place];
            first.up_to_gb = Some(at);
            tiers.insert(place, first);
        }
        for (what, catalog) in [("twice", twice), ("renamed", renamed), ("cut", cut)] {
            let found = cheapest(&System { catalog, ..case.system.clone() });
            let costs = [own, found.as_ref()].map(|of| of.map(super::Cheapest::cost));
            assert_eq!(costs[0], costs[1], "seed {}: {what}", case.seed);
            // Of two names the first one wins, which is the old one.
            let machines = [own, found.as_ref()].map(|of| of.map(super::Cheapest::machines));
            assert_eq!(machines[0], machines[1], "seed {}: {what}", case.seed);
            planned += u64::from(found.is_some());
        }
    }
    assert!(planned >= CASES * 3, "only {planned}");
}
