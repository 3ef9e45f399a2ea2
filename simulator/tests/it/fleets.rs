//! Models of `tests/tables/systems.csv` that are many of a kind: farms, fan-outs, and copies of one
//! queue of which a trial sees thousands at once.

use crate::awaits;
use crate::floors::farm;
use crate::queues::model;
use crate::systems::{exponential, queue};
use crate::zones;
use simulator::model::{
    Arrivals, Balancing, Call, Contents, Discipline, Eviction, Floor, Instance, Lookup, Model,
    Servers, Service, Source, Station,
};

/// Copies of M/M/1 at 0.8 in one trial: the stream is thinned at random.
const COPIES: u32 = 3_000;

/// Passes requests on to others at once.
fn front() -> Station {
    front_of("front")
}

pub(crate) fn front_of(name: &str) -> Station {
    let instance = Instance::with_servers(1_000_000);
    Station::queue(name, vec![instance], Service::Fixed { time: 0.0 })
}

/// Stations that are called side by side, each so many times.
fn fan_out(rate: f64, count: f64, stations: Vec<Station>) -> Model {
    let calls = (1..=stations.len())
        .map(|to| Call { parallel: true, ..Call::to(to, count) })
        .collect::<Vec<Call>>();
    let front = Station { calls: vec![calls], ..front() };
    model(Source::of(Arrivals::poisson(rate)), [vec![front], stations].concat())
}

/// A rare class of visits of size 2 beside others of mean 1, at half the capacity of one server.
fn sizes() -> Model {
    let source =
        Source { mix: vec![0.3, 0.1], enters: vec![0, 0], ..Source::of(Arrivals::poisson(0.4)) };
    let station = Station {
        service: vec![exponential(1.0), Service::Fixed { time: 2.0 }],
        calls: vec![Vec::new(); 2],
        floor: Floor { discipline: Discipline::Sharing { most: None }, ..Floor::default() },
        ..queue(1, 1.0)
    };
    Model { classes: 2, ..model(source, vec![station]) }
}

fn last_come(service: Service) -> Model {
    let floor = Floor { discipline: Discipline::LastCome { preemptive: true }, ..Floor::default() };
    let station = Station::queue("queue", vec![Instance::with_servers(1)], service);
    model(Source::of(Arrivals::poisson(0.8)), vec![Station { floor, ..station }])
}

fn regular(service: f64) -> Model {
    let service = Service::Fixed { time: service };
    let station = Station::queue("queue", vec![Instance::with_servers(1)], service);
    model(Source::of(Arrivals::regular(1.0)), vec![station])
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

/// Servers without work that fail and are repaired by one crew.
fn idle(servers: u32, (lasts, repair): (f64, f64)) -> Model {
    let (lasts, repair) = (exponential(lasts), exponential(repair));
    let servers_of = Servers::Failing { lasts, repair, crews: 1 };
    let floor = Floor { servers: servers_of, ..Floor::default() };
    let station = Station { floor, ..queue(servers, 1.0) };
    model(Source::of(Arrivals::poisson(0.0)), vec![station])
}

/// The model of a case.
pub(crate) fn system(name: &str) -> Model {
    let case = if name.starts_with("mg1_lcfspr") {
        name
    } else {
        name.split_once(' ').map_or(name, |(case, _)| case)
    };
    let of = |choices| Balancing::PowerOf { choices, replacement: false };
    match case {
        "forkjoin2_rho0.8" => fan_out(0.8, 1.0, vec![queue(1, 1.0), queue(1, 1.0)]),
        "fanout_noqueue_n10" => fan_out(1.0, 10.0, vec![queue(1_000_000, 1.0)]),
        "mm1_transient_rho0.8" => farm(0.8 * f64::from(COPIES), COPIES as usize, Balancing::Random),
        "pod_meanfield_d2_lam0.5" => farm(500.0, 1_000, of(2)),
        "pod_meanfield_d2_lam0.8" => farm(800.0, 1_000, of(2)),
        "pod_meanfield_d2_lam0.95" => farm(1_900.0, 2_000, of(2)),
        "pod_meanfield_d5_lam0.99" => farm(1_980.0, 2_000, of(5)),
        "avail_1of2_onecrew" => idle(2, (1_000.0, 4.0)),
        "avail_6of8_onecrew" => idle(8, (300.0, 2.0)),
        "dd1_overload_ramp" => regular(1.25),
        "mg1ps_size_2" => sizes(),
        "mg1_lcfspr_rho0.8 exponential" => last_come(exponential(1.0)),
        "mg1_lcfspr_rho0.8 fixed" => last_come(Service::Fixed { time: 1.0 }),
        _ if case.starts_with("cache_") => cache(name),
        "near" => zones::system(name),
        _ => awaits::system(case),
    }
}
