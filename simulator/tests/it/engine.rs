//! What must hold of every run: identities, monotonicity, and the mechanics of calls and failures.

use crate::queues::{experiment, farm, model, multi_server, source, tandem};
use simulator::model::{
    Arrivals, Backoff, Balancing, Call, Change, Incident, Instance, Lookup, Network, Resilience,
    Service, Station,
};
use simulator::statistics::{Experiment, run};

/// Waits a second, tries twice.
const TWICE: Resilience =
    Resilience { timeout: Some(1.0), retries: 1, budget: None, backoff: Backoff::jitter(0.0) };

fn fixed(name: &str, servers: u32, time: f64) -> Station {
    Station::queue(name, vec![Instance::with_servers(servers)], Service::Fixed { time })
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    let model = farm(5, 0.8, Balancing::PowerOfTwo);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| format!("{:?}", run(&model, &experiment(100.0, 2_000.0)).unwrap()))
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(8));
    let other = Experiment { seed: 8, ..experiment(100.0, 2_000.0) };
    assert_ne!(one, format!("{:?}", run(&model, &other).unwrap()));
}

#[test]
fn more_load_never_means_less_latency() {
    let model = multi_server(3, 1.0);
    let mut last = (0.0, 0.0, 0.0);
    for load in [0.3, 0.9, 1.5, 2.1, 2.4, 2.7, 2.9, 3.3] {
        // The same requests with the same work, closer together.
        let paced = experiment(100.0 / load, 3_000.0 / load);
        let statistics = run(&model, &Experiment { load, ..paced }).unwrap();
        let now = (
            statistics.latency().mean,
            statistics.percentile(1).mean,
            statistics.percentile(2).mean,
        );
        assert!(now.0 > last.0 && now.1 >= last.1 && now.2 >= last.2, "{load}");
        last = now;
    }
}

#[test]
fn more_servers_and_faster_ones_never_make_anybody_wait_longer() {
    let waiting = |servers: u32, speed: f64| {
        let mut model = multi_server(servers, 2.5);
        model.stations[0].instances[0].speed = speed;
        run(&model, &experiment(100.0, 3_000.0)).unwrap().waiting(0).mean
    };
    assert!(waiting(4, 1.0) < waiting(3, 1.0));
    assert!(waiting(5, 1.0) < waiting(4, 1.0));
    assert!(waiting(3, 1.2) < waiting(3, 1.0));
}

#[test]
fn better_policies_wait_less() {
    let latency =
        |policy| run(&farm(8, 0.85, policy), &experiment(300.0, 5_000.0)).unwrap().latency().mean;
    let least = latency(Balancing::LeastOutstanding);
    let two = latency(Balancing::PowerOfTwo);
    let turns = latency(Balancing::RoundRobin);
    let random = latency(Balancing::Random);
    assert!(least < two && two < turns && turns < random, "{least} {two} {turns} {random}");
}

#[test]
fn what_comes_in_goes_out() {
    let model = tandem(&[0.5, 0.3, 0.6], 1.2);
    let statistics = run(&model, &experiment(0.0, 2_000.0)).unwrap();
    assert!((statistics.goodput().mean - 1.0).abs() < 1e-12);
    for station in 0..3 {
        let visits = statistics.visits(station);
        assert_eq!(visits.arrived, visits.started);
        assert_eq!(visits.started, visits.left);
        assert_eq!(visits.refused, 0);
    }
    // Nothing was there before, so every visit belongs to a request that was observed.
    assert_eq!(statistics.visits(0).arrived, statistics.offered());
    let busy = statistics.utilisation(2).mean;
    assert!((busy - 1.2 * 0.6).abs() < 0.03, "the utilisation law: {busy}");
}

#[test]
fn an_idle_system_takes_its_services_and_round_trips() {
    let mut front = fixed("front", 1_000, 0.010);
    front.calls = vec![vec![Call::to(1, 2.0), Call::to(2, 1.0)]];
    front.instances[0].zone = 1;
    let mut near = fixed("near", 1_000, 0.003);
    near.instances[0].zone = 1;
    let mut model =
        model(source(50.0, Resilience::NONE), vec![front, near, fixed("far", 1_000, 0.020)]);
    model.sources[0].zones = vec![1];
    model.network = Network { same_zone: 0.001, cross_zone: 0.004 };
    let statistics = run(&model, &experiment(1.0, 20.0)).unwrap();
    // Client to front, front, twice to near and back, once to far and back.
    let exact = 0.001 + 0.010 + 2.0 * (0.001 + 0.003) + 0.004 + 0.020;
    assert!((statistics.latency().mean - exact).abs() < 1e-9, "{}", statistics.latency().mean);
}

#[test]
fn calls_side_by_side_take_as_long_as_the_longest() {
    let calls = |parallel: bool| {
        let call = |to| Call { parallel, ..Call::to(to, 1.0) };
        let mut front = fixed("front", 100, 0.0);
        front.calls = vec![vec![call(1), call(2)]];
        let stations = vec![front, fixed("short", 100, 0.1), fixed("long", 100, 0.3)];
        let model = model(source(1.0, Resilience::NONE), stations);
        run(&model, &experiment(1.0, 50.0)).unwrap().latency().mean
    };
    assert!((calls(false) - 0.4).abs() < 1e-9);
    assert!((calls(true) - 0.3).abs() < 1e-9);
}

#[test]
fn a_fraction_of_a_call_is_a_chance_and_misses_go_to_the_fallback() {
    let mut front = fixed("front", 100, 0.001);
    let lookup = Lookup { keys: 8, hit_ratio: 0.9, fallback: Some(2), optional: false };
    front.calls = vec![vec![Call { lookup: Some(lookup), ..Call::to(1, 2.25) }]];
    let stations = vec![front, fixed("cache", 100, 0.001), fixed("store", 100, 0.001)];
    let model = model(source(100.0, Resilience::NONE), stations);
    let statistics = run(&model, &experiment(1.0, 200.0)).unwrap();
    let per_request =
        |station| statistics.visits(station).arrived as f64 / statistics.offered() as f64;
    assert!((per_request(1) - 2.25).abs() < 0.01, "{}", per_request(1));
    assert!((per_request(2) - 2.25 * 0.8).abs() < 0.02, "{}", per_request(2));
}

#[test]
fn a_cache_that_refuses_has_missed_every_key() {
    let mut front = fixed("front", 100, 0.001);
    let lookup = Lookup { keys: 8, hit_ratio: 0.9, fallback: Some(2), optional: false };
    front.calls = vec![vec![Call { lookup: Some(lookup), ..Call::to(1, 1.0) }]];
    let mut cache = fixed("cache", 1, 0.001);
    cache.instances[0].serving = false;
    let model =
        model(source(100.0, Resilience::NONE), vec![front, cache, fixed("store", 100, 0.001)]);
    let statistics = run(&model, &experiment(1.0, 50.0)).unwrap();
    let visits = statistics.visits(2).arrived as f64 / statistics.offered() as f64;
    assert!((visits - 8.0).abs() < 0.01, "{visits}");
    assert!((statistics.goodput().mean - 1.0).abs() < 1e-12);
}

#[test]
fn a_full_queue_refuses_and_a_full_instance_too() {
    let mut queue = multi_server(1, 2.0);
    queue.stations[0].queue_limit = Some(3);
    let statistics = run(&queue, &experiment(100.0, 5_000.0)).unwrap();
    // M/M/1 with a server and three places to wait loses ρ⁴(1 − ρ)/(1 − ρ⁵).
    let exact = 16.0 / 31.0;
    assert!((statistics.refused(0).mean - exact).abs() < 0.01);
    queue.stations[0].queue_limit = None;
    queue.stations[0].in_flight_limit = Some(4);
    let same = run(&queue, &experiment(100.0, 5_000.0)).unwrap();
    assert!((same.refused(0).mean - statistics.refused(0).mean).abs() < 1e-12);
}

#[test]
fn retries_only_ever_add_to_what_is_offered() {
    let offered = |retries: u8, budget: Option<f64>| {
        let mut model = multi_server(1, 0.97);
        model.sources[0].resilience =
            Resilience { timeout: Some(5.0), retries, budget, backoff: Backoff::jitter(0.5) };
        model.stations[0].queue_limit = Some(20);
        let statistics = run(&model, &experiment(100.0, 3_000.0)).unwrap();
        statistics.visits(0).arrived as f64 / statistics.offered() as f64
    };
    let none = offered(0, None);
    let budgeted = offered(2, Some(0.1));
    let two = offered(2, None);
    assert!((none - 1.0).abs() < 0.01, "{none}");
    assert!(none < budgeted && budgeted < two && two <= 3.0, "{none} {budgeted} {two}");
    assert!(budgeted < 1.12, "a budget of a tenth adds about a tenth: {budgeted}");
}

#[test]
fn an_abandoned_call_is_served_all_the_same() {
    // Every request waits one second for a service of two; ten servers are more than enough.
    let model = model(source(1.0, TWICE), vec![fixed("slow", 50, 2.0)]);
    let statistics = run(&model, &experiment(10.0, 500.0)).unwrap();
    assert!(statistics.goodput().mean.abs() < 1e-12);
    assert!((statistics.timed_out() - 2.0).abs() < 0.02);
    assert!((statistics.retried() - 1.0).abs() < 0.01);
    let [retries, timeouts] =
        [statistics.retries(), statistics.timeouts()].map(|estimate| estimate.interval(0.95));
    assert!(retries.covers(statistics.retried()) && timeouts.covers(statistics.timed_out()));
    let busy = statistics.utilisation(0).mean * 50.0;
    assert!((busy - 4.0).abs() < 0.3, "two attempts of two seconds each: {busy}");
}

/// Bronson, Aghayev, Charapko & Zhu, "Metastable failures in distributed systems" (HotOS 2021): a
/// database that carries 300 requests a second, clients that wait one second and try once more. At
/// 280 requests a second an outage of ten seconds is never recovered from; at 140 it is.
/// A failure of what it called is not held against the next attempt of a call.
#[test]
fn a_retry_makes_its_calls_anew() {
    let mut front = fixed("front", 1, 0.0);
    front.calls = vec![vec![Call::to(1, 1.0)]];
    let backoff =
        Backoff { time: 2.0, growth: 1.0, most: None, jitter: simulator::model::Jitter::None };
    let patient = Resilience { retries: 1, backoff, ..Resilience::NONE };
    let mut model = model(source(1.0, patient), vec![front, fixed("back", 1, 0.0)]);
    model.sources[0].arrivals = Arrivals::regular(0.1);
    let (station, instances) = (1, vec![0]);
    model.incidents = vec![
        Incident { at: 19.0, change: Change::Eject { station, instances: instances.clone() } },
        Incident { at: 21.0, change: Change::Admit { station, instances } },
    ];
    // The second of nine requests fails at first, and is answered two seconds later.
    let statistics = run(&model, &experiment(0.0, 95.0)).unwrap();
    assert!((statistics.goodput().mean - 1.0).abs() < 1e-12, "{:?}", statistics.goodput());
    assert!((statistics.latency().mean - 2.0 / 9.0).abs() < 1e-9);
}

#[test]
fn a_silent_instance_is_avoided_once_it_is_ejected() {
    let mut farm = farm(4, 0.3, Balancing::RoundRobin);
    farm.stations[0].service = vec![Service::Exponential { mean: 0.01 }];
    farm.sources[0].resilience = Resilience { retries: 0, ..TWICE };
    let station = 0;
    let instances = vec![2];
    farm.incidents = vec![
        Incident { at: 50.0, change: Change::Down { station, instances: instances.clone() } },
        Incident { at: 150.0, change: Change::Eject { station, instances } },
    ];
    let silent = run(&farm, &experiment(60.0, 80.0)).unwrap();
    assert!((silent.goodput().mean - 0.75).abs() < 0.02, "{}", silent.goodput().mean);
    let ejected = run(&farm, &experiment(160.0, 80.0)).unwrap();
    assert!((ejected.goodput().mean - 1.0).abs() < 1e-12);
}

#[test]
fn scaling_all_times_scales_all_latencies() {
    let latency = |factor: f64| {
        let model = tandem(&[0.5 * factor, 0.3 * factor], 1.2 / factor);
        run(&model, &experiment(100.0 * factor, 2_000.0 * factor)).unwrap().percentile(1).mean
    };
    // Nanoseconds are whole and cells of the histogram are 0.8% wide.
    assert!((latency(0.01) / latency(1.0) * 100.0 - 1.0).abs() < 0.01);
}

#[test]
fn models_without_meaning_are_refused() {
    let mut backwards = tandem(&[0.1, 0.1], 1.0);
    backwards.stations[1].calls = vec![vec![Call::to(0, 1.0)]];
    assert!(run(&backwards, &experiment(1.0, 1.0)).is_err());
    let mut absurd = tandem(&[0.1, 0.1], 1.0);
    absurd.stations[0].calls = vec![vec![Call::to(1, 1e8)]];
    assert!(run(&absurd, &experiment(1.0, 1.0)).is_err());
    let mut nan = multi_server(1, f64::NAN);
    assert!(run(&nan, &experiment(1.0, 1.0)).is_err());
    nan = multi_server(1, 1.0);
    nan.stations[0].instances[0].speed = 0.0;
    assert!(run(&nan, &experiment(1.0, 1.0)).is_err());
}

#[test]
fn nothing_comes_of_nothing_and_of_no_servers() {
    let silent = run(&multi_server(1, 0.0), &experiment(1.0, 10.0)).unwrap();
    assert_eq!(silent.offered(), 0);
    let mut none = multi_server(1, 5.0);
    none.stations[0].instances = Vec::new();
    assert!(run(&none, &experiment(1.0, 100.0)).unwrap().goodput().mean.abs() < 1e-12);
    let mut idle = multi_server(1, 5.0);
    idle.stations[0].instances[0].servers = 0;
    idle.sources[0].resilience = TWICE;
    assert!(run(&idle, &experiment(1.0, 100.0)).unwrap().goodput().mean.abs() < 1e-12);
}

/// Two tries of a request, each of which tries a dead station twice.
#[test]
fn a_retried_request_makes_its_calls_again() {
    let mut front = Station { resilience: TWICE, ..fixed("front", 10, 0.001) };
    front.calls = vec![vec![Call::to(1, 1.0)]];
    let mut dead = fixed("dead", 1, 0.001);
    dead.instances[0].serving = false;
    let statistics = run(&model(source(10.0, TWICE), vec![front, dead]), &experiment(1.0, 100.0));
    let statistics = statistics.unwrap();
    let tries = statistics.visits(1).arrived as f64 / statistics.offered() as f64;
    assert!((tries - 4.0).abs() < 0.02, "{tries}");
}
