//! What instances hold: caches that fill, are lost and fill again.

use crate::queues::{experiment, model};
use simulator::model::{
    Arrivals, Call, Change, Contents, Eviction, Incident, Instance, Lookup, Model, Service, Source,
    Station,
};
use simulator::statistics::{Experiment, run};

fn at_once(name: &str, instances: usize) -> Station {
    let instances = vec![Instance::with_servers(1_000_000); instances];
    Station::queue(name, instances, Service::Fixed { time: 0.0 })
}

/// Asks a cache for one of a hundred items, ten times a second, and a database for what is not
/// there.
fn shop(capacity: u32) -> Model {
    let contents =
        Contents { items: 100, exponent: 0.0, capacity, eviction: Eviction::LeastRecent };
    let lookup = Lookup { keys: 1, hit_ratio: 0.5, fallback: Some(2), optional: false };
    let call = Call { lookup: Some(lookup), ..Call::to(1, 1.0) };
    let front = Station { calls: vec![vec![call]], ..at_once("front", 1) };
    let cache = Station { contents: Some(contents), ..at_once("cache", 1) };
    model(Source::of(Arrivals::regular(10.0)), vec![front, cache, at_once("database", 1)])
}

fn reads(model: &Model) -> u64 {
    let experiment = Experiment { trials: 1, ..experiment(0.0, 1_000.0) };
    run(model, &experiment).unwrap().visits(2).arrived
}

/// Ten thousand draws among a hundred items miss none of them, but with a chance of 10⁻⁴¹.
#[test]
fn a_cache_that_was_lost_is_filled_again_item_by_item() {
    let mut model = shop(100);
    assert_eq!(reads(&model), 100);
    let of = |at, change| Incident { at, change };
    model.incidents = vec![
        of(500.01, Change::Down { station: 1, instances: vec![0] }),
        of(500.02, Change::Up { station: 1, instances: vec![0] }),
    ];
    assert_eq!(reads(&model), 200);
}

#[test]
fn a_cache_that_is_down_misses_every_key() {
    let mut model = shop(100);
    let change = Change::Down { station: 1, instances: vec![0] };
    model.incidents = vec![Incident { at: 900.01, change }];
    // A hundred seconds of ten requests, the first and the last of them not counted twice.
    assert_eq!(reads(&model), 100 + 999);
}

/// A tenth of equally popular items is a tenth of the hits, whatever goes first.
#[test]
fn a_small_cache_hits_by_its_share() {
    let experiment = Experiment { trials: 20, ..experiment(100.0, 2_000.0) };
    for eviction in [Eviction::LeastRecent, Eviction::FirstIn, Eviction::Random] {
        let mut model = shop(10);
        let contents = model.stations[1].contents.as_mut().unwrap();
        contents.eviction = eviction;
        let found = run(&model, &experiment).unwrap().hit_ratio(1);
        assert!((found.mean - 0.1).abs() < 5.0 * found.standard_error, "{eviction:?}: {found:?}");
    }
}
