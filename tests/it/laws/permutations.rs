//! Laws of what says nothing: the order in which things are listed, and what they are called.

use std::collections::BTreeMap;

use catalogs::{CatalogFault, FaultKind};
use domain::catalog::Catalog;
use domain::intent::Intent;
use domain::name::Name;
use domain::offer::Offer;
use domain::outcome::Outcome;
use plimsoll::planning::{Origin, Planner};
use rayon::{ThreadPool, ThreadPoolBuilder};
use serde_json::{Value, json};

use super::systems::System;
use super::{CASES, CASES_SOLVED, Case, Cheapest, cheapest, demand, planned};
use crate::support::document::{json_of, read};
use crate::support::{Draw, EMBEDDED, catalog, chain, instance, latency, region, uptime};

/// Pools of one thread and of two.
fn pools() -> [ThreadPool; 2] {
    [1, 2].map(|threads| {
        ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can start")
    })
}

fn shuffle<T>(draw: &mut Draw, items: &mut [T]) {
    for at in (1..items.len()).rev() {
        items.swap(at, draw.place(at + 1));
    }
}

/// The system with its services listed in another order and under other names, and what each of
/// them is called now.
fn relabelled(draw: &mut Draw, system: &System) -> (System, BTreeMap<Name, Name>) {
    let mut other = system.clone();
    let Intent { services, requests, pins, .. } = &mut other.intent;
    let mut names: BTreeMap<Name, Name> = services
        .iter()
        .enumerate()
        .map(|(at, service)| {
            let name = format!("{}-{at}", ["a", "k", "z"][draw.place(3)]);
            (service.name.clone(), Name::of(&name))
        })
        .collect();
    names.insert(Name::of("edge"), Name::of("edge"));
    for service in services.iter_mut() {
        service.name = names[&service.name].clone();
        service.calls.iter_mut().for_each(|call| call.to = names[&call.to].clone());
        service.fallback = service.fallback.as_ref().map(|name| names[name].clone());
    }
    for class in requests {
        class.enters = names[&class.enters].clone();
    }
    for pin in pins.iter_mut() {
        pin.service = names[&pin.service].clone();
    }
    shuffle(draw, services);
    shuffle(draw, pins);
    let (mut regions, mut offers) = (other.catalog.regions.clone(), other.catalog.offers.clone());
    shuffle(draw, &mut regions);
    shuffle(draw, &mut offers);
    other.catalog = catalog(regions, offers);
    (other, names)
}

/// Holds that a system under other names and in another order gets the same machines.
fn assert_same(seed: u64, own: Option<&Cheapest>, system: &System, pool: &ThreadPool) {
    let mut draw = Draw::new(0x1300_0000 + seed);
    let (other, names) = relabelled(&mut draw, system);
    let ordered = [system, &other].map(|system| -> Vec<Name> {
        demand(system).services.into_iter().map(|service| service.name).collect()
    });
    let renamed: Vec<Name> = ordered[0].iter().map(|name| names[name].clone()).collect();
    assert_eq!(renamed, ordered[1], "seed {seed}: the order follows from the calls");
    let found = pool.install(|| cheapest(&other));
    assert_eq!(found.is_some(), own.is_some(), "seed {seed}");
    let Some((own, found)) = own.zip(found.as_ref()) else { return };
    assert_eq!(found.cost(), own.cost(), "seed {seed}");
    assert_eq!(found.plan.topology, own.plan.topology, "seed {seed}");
    let amounts = |of: &Cheapest| -> Vec<_> {
        of.plan.bill.lines.iter().map(|line| (line.sku.clone(), line.amount)).collect()
    };
    assert_eq!(amounts(found), amounts(own), "seed {seed}");
}

/// Law 13: The order of services, pins, offers and regions and the names of services change
/// nothing. Needs: classes and calls stay in their order, which says what comes first; names of
/// offers stay, because they decide between two that cost the same.
#[test]
fn other_orders_and_names_are_the_same_plan() {
    let pools = pools();
    let mut planned = 0;
    for case in &*CASES_SOLVED {
        let own = case.cheapest.as_ref();
        assert_same(case.seed, own, &case.system, &pools[(case.seed % 2) as usize]);
        planned += u64::from(own.is_some());
    }
    assert!(planned >= CASES, "only {planned}");
}

/// A system of three services, of which the second and the third are twins.
fn twins(seed: u64) -> System {
    let mut draw = Draw::new(0x7171_0000 + seed);
    let time = f64::from(draw.whole(4, 20));
    let mut intent =
        chain(u64::from(draw.whole(60, 900)), &[f64::from(draw.whole(2, 9)), time, time]);
    let callee = intent.services[1].calls.remove(0);
    intent.services[0].calls.push(callee);
    let uptimes = [990_000, 999_000, 999_500];
    intent.objectives.uptime = Some(uptime(uptimes[draw.place(3)]));
    intent.objectives.latency = vec![latency(990, time * draw.within(5.0, 9.0) + 10.0)];
    let offers = (0..2).map(|at| {
        let vcpus = 2 << draw.whole(0, 1);
        let pace = draw.within(0.8, 2.0);
        instance(&format!("m{at}"), "here", (vcpus, pace), f64::from(vcpus) * pace * 0.04)
    });
    System { catalog: catalog(vec![region("here")], offers.collect()), intent }
}

/// Law 13 where it is hardest: two services that are alike, of which one must be larger, are one
/// tie. Which of them it is rests on which is called first. Needs: as above.
#[test]
fn a_tie_between_twins_is_broken_by_who_is_called_first() {
    let pools = pools();
    let (mut planned, mut tied) = (0, 0);
    for seed in 0..2 * CASES {
        let system = twins(seed);
        let own = cheapest(&system);
        assert_same(seed, own.as_ref(), &system, &pools[(seed % 2) as usize]);
        planned += u64::from(own.is_some());
        tied += u64::from(own.is_some_and(|own| own.bought[2] != own.bought[3]));
    }
    assert!(planned >= CASES && tied >= CASES / 20, "{planned}, {tied}");
}

/// Of regions that are alike the first by its name is taken, wherever it is listed. Needs: the
/// prices are the same to the last digit.
#[test]
fn of_regions_that_are_alike_the_first_by_name_is_taken() {
    let mut alike = 0;
    for (case, own) in planned() {
        let sold = &case.system.catalog;
        let (mut regions, mut offers) = (sold.regions.clone(), sold.offers.clone());
        let here = &own.plan.topology.region;
        for name in ["zz-last", "aa-first"].map(Name::of) {
            let region = sold.regions.iter().find(|region| &region.name == here);
            let mut region = region.expect("a plan stands in a region").clone();
            region.name = name.clone();
            regions.insert(0, region);
            let there = sold.offers.iter().filter(|offer| &offer.region == here);
            offers.extend(there.map(|offer| Offer { region: name.clone(), ..offer.clone() }));
        }
        let more = System { catalog: catalog(regions, offers), ..case.system.clone() };
        let found = cheapest(&more).expect("what was there still is");
        assert_eq!(found.plan.topology.region.as_str(), "aa-first", "seed {}", case.seed);
        assert_eq!((found.cost(), found.bought), (own.cost(), own.bought.clone()));
        alike += 1;
    }
    assert_eq!(alike, CASES);
}

/// The rows of each table of the snapshot in another order are refused, or they say the same: a
/// catalog has one order. Needs: nothing; the digest is of the text, so it may differ.
#[test]
fn rows_in_another_order_are_refused_or_say_the_same() {
    let files: BTreeMap<String, String> = catalogs::embedded_files();
    let tables = || files.iter().filter(|(path, _)| path.split('.').next_back() == Some("csv"));
    let mut refused = 0;
    for (seed, (path, text)) in (0..).zip(tables()) {
        let mut rows: Vec<&str> = text.lines().collect();
        shuffle(&mut Draw::new(0x1313_0000 + seed), &mut rows[1..]);
        let other = format!("{}\n", rows.join("\n"));
        if other == *text {
            continue;
        }
        let mut changed = files.clone();
        changed.insert(path.clone(), other);
        match catalogs::read(&changed) {
            Ok(read) => {
                let digest = EMBEDDED.digest.clone();
                assert!(Catalog { digest, ..read } == *EMBEDDED, "{path}");
            }
            Err(refusal) => {
                let order = |fault: &CatalogFault| matches!(fault.kind, FaultKind::Order { .. });
                assert!(refusal.faults.iter().any(order), "{path}: {refusal:?}");
                refused += 1;
            }
        }
    }
    assert!(refused >= tables().count() / 2, "only {refused} tables are held to their order");
}

/// The whole answer, as bytes: on one thread and on two, and to a document that lists its services
/// in another order, of which only the text of the document and the digests differ.
#[test]
fn the_spec_is_the_same_to_the_byte() {
    let pools = pools();
    let fans = |case: &&Case| {
        let mut services = case.system.intent.services.iter();
        case.cheapest.is_some() && services.any(|service| service.calls.len() >= 2)
    };
    let mut judged = 0;
    for case in CASES_SOLVED.iter().filter(fans).take(3) {
        let mut document = json_of(&case.system.intent);
        let [one, two] = pools.each_ref().map(|pool| pool.install(|| spec(case, &document)));
        assert_eq!(one, two, "seed {}: on one thread and on two", case.seed);
        let services = document["services"].as_object_mut().expect("a mapping");
        *services = std::mem::take(services).into_iter().rev().collect();
        let other = pools[1].install(|| spec(case, &document));
        assert_ne!(one, other, "seed {}: the document is another", case.seed);
        assert_eq!(questionless(&one), questionless(&other), "seed {}", case.seed);
        judged += 1;
    }
    assert_eq!(judged, 3);
}

/// A spec without the text that was asked, what is taken over it, and the places in it where the
/// entries of the ledger were stated.
fn questionless(spec: &str) -> String {
    let mut spec: Value = serde_json::from_str(spec).expect("it is JSON");
    for place in ["/intent/document", "/metadata/digest"] {
        *spec.pointer_mut(place).expect("it is there") = json!(null);
    }
    for entry in spec["assumptions"].as_array_mut().expect("a list") {
        entry["source"] = json!(null);
    }
    spec.to_string()
}

fn spec(case: &Case, document: &Value) -> String {
    let planner = Planner {
        catalog: &case.system.catalog,
        seed: 1,
        origin: Origin { command: "plimsoll plan", intent_digest: "sha256:none" },
        thorough: false,
        form: domain::plan::LatencyForm::Moment,
        progress: &|_| {},
    };
    match planner.plan(&read(&document.to_string())) {
        Ok(Outcome::Planned(answer)) => reports::spec::text(&reports::spec::render(&answer)),
        other => panic!("seed {}: no plan: {other:?}", case.seed),
    }
}
