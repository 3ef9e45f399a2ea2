//! Models of `tests/tables/systems.csv` that are no documents: what documents cannot say yet.

use crate::awaits;
use crate::queues::model;
use crate::zones;
use simulator::model::{
    Arrivals, Call, Contents, Eviction, Instance, Lookup, Model, Service, Source, Station,
};

/// Passes requests on to others at once.
fn front() -> Station {
    front_of("front")
}

pub(crate) fn front_of(name: &str) -> Station {
    let instance = Instance::with_servers(1_000_000);
    Station::queue(name, vec![instance], Service::Fixed { time: 0.0 })
}

/// A cache that is asked for one key a request, in a case such as `cache_exact_n8_C3_zipf0.8 LRU`.
fn cache(name: &str) -> Model {
    let (case, eviction) = name.split_once(' ').unwrap();
    let [_, _, items, capacity, exponent] = case.split('_').collect::<Vec<&str>>()[..] else {
        panic!("no such system: {name}");
    };
    let contents = Contents {
        items: items[1..].parse().unwrap(),
        exponent: exponent[4..].parse().unwrap(),
        capacity: capacity[1..].parse().unwrap(),
        eviction: match eviction {
            "LRU" => Eviction::LeastRecent,
            "FIFO" => Eviction::FirstIn,
            "RANDOM" => Eviction::Random,
            other => panic!("no such eviction: {other}"),
        },
    };
    let lookup = Lookup { keys: 1, hit_ratio: 0.0, fallback: None };
    let call = Call { lookup: Some(lookup), ..Call::to(1, 1.0) };
    let front = Station { calls: vec![vec![call]], ..front() };
    let cache = Station { contents: Some(contents), ..front_of("cache") };
    model(Source::of(Arrivals::poisson(1.0)), vec![front, cache])
}

/// The model of a case.
pub(crate) fn system(name: &str) -> Model {
    let (case, _) = name.split_once(' ').unwrap_or((name, ""));
    match case {
        "near" => zones::system(name),
        _ if case.starts_with("cache_") => cache(name),
        _ => awaits::system(case),
    }
}
