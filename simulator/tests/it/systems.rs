//! The simulator against known answers for systems of all kinds: `tests/tables/systems.csv`.
//!
//! Agreement is judged as in `theory.rs`: twenty trials with seeds fixed beforehand, each metric
//! within Student's t with an error of 0.1% over all metrics of the table, and a standard error of
//! at most 1%.

use std::collections::BTreeMap;

use crate::floors;
use crate::queues::model;
use simulator::model::{
    Arrivals, Batch, Instance, Model, Phase, Rate, RateState, Route, Service, Source, Station,
    Users,
};
use simulator::random::student_quantile;
use simulator::statistics::{Estimate, Experiment, Statistics, run};

const TABLE: &str = include_str!("../../../tests/tables/systems.csv");
const TRIALS: u32 = 20;

/// What is known of a system.
struct Case {
    warm_up: f64,
    observed: f64,
    metrics: Vec<(String, f64)>,
}

fn cases() -> BTreeMap<String, Case> {
    let mut cases = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [name, observed, metric, expected, _] = fields[..] else {
            panic!("a line has other fields: {line}");
        };
        let case = cases.entry(name.to_owned()).or_insert_with(|| {
            let parse = |text: &str| text.parse::<f64>().unwrap();
            let (warm_up, observed) = match observed.split_once('+') {
                Some((warm_up, observed)) => (parse(warm_up), parse(observed)),
                None => (parse(observed) * 0.1, parse(observed)),
            };
            Case { warm_up, observed, metrics: Vec::new() }
        });
        case.metrics.push((metric.to_owned(), expected.parse().unwrap()));
    }
    cases
}

pub(crate) fn exponential(mean: f64) -> Service {
    Service::Exponential { mean }
}

pub(crate) fn queue(servers: u32, mean: f64) -> Station {
    Station::queue("queue", vec![Instance::with_servers(servers)], exponential(mean))
}

fn poisson(rate: Rate) -> Source {
    Source::of(Arrivals { rate, ..Arrivals::poisson(1.0) })
}

fn sine(mean: f64, amplitude: f64, frequency: f64) -> Source {
    poisson(Rate::Sine { mean, amplitude, period: std::f64::consts::TAU / frequency })
}

/// Users that go through stations with these demands, one after the other.
fn cycle(count: u32, think: f64, demands: &[f64], servers: u32) -> Model {
    let mut stations: Vec<Station> = demands.iter().map(|mean| queue(servers, *mean)).collect();
    let last = stations.len() - 1;
    for (index, station) in stations[..last].iter_mut().enumerate() {
        station.routes = vec![vec![Route::to(index + 1, 1.0)]];
    }
    model(Source::of_users(Users { count, think: exponential(think) }), stations)
}

fn jackson(rate: f64, stations: &[(u32, f64)], routes: &[&[(usize, f64)]]) -> Model {
    let station = |((servers, mean), routes): (&(u32, f64), &&[(usize, f64)])| Station {
        routes: vec![routes.iter().map(|(to, chance)| Route::to(*to, *chance)).collect()],
        ..queue(*servers, *mean)
    };
    let stations = stations.iter().zip(routes).map(station);
    model(Source::of(Arrivals::poisson(rate)), stations.collect())
}

fn system(name: &str) -> Model {
    match name {
        "jmt_mg1fcfs_coxian" => {
            let phases = Phase::coxian(&[(0.25, 0.125), (2.0, 0.0)]);
            let service = Service::Phases { phases };
            let station = Station::queue("queue", vec![Instance::with_servers(1)], service);
            model(Source::of(Arrivals::poisson(1.0)), vec![station])
        }
        "batch5_mm1_rho0.8" => {
            let arrivals = Arrivals { batch: Batch::Fixed(5), ..Arrivals::poisson(0.16) };
            model(Source::of(arrivals), vec![queue(1, 1.0)])
        }
        "mmpp_m_8" => {
            let state = |rate, stay, next: [f64; 2]| RateState {
                rate,
                stay: exponential(stay),
                next: next.to_vec(),
            };
            let states =
                vec![state(4.0, 1.0 / 0.02, [0.0, 1.0]), state(14.0, 1.0 / 0.06, [1.0, 0.0])];
            model(poisson(Rate::Modulated(states)), vec![queue(8, 1.0)])
        }
        "mt_m1" => model(sine(0.6, 0.3, 0.2), vec![queue(1, 1.0)]),
        "mt_m50" => model(sine(40.0, 15.0, 0.25), vec![queue(50, 1.0)]),
        "jackson_web3tier" => jackson(
            10.0,
            &[(1, 0.02), (8, 1.0 / 12.0), (3, 0.1), (3, 0.5)],
            &[&[(1, 1.0)], &[(2, 0.6), (3, 0.1)], &[(1, 1.0)], &[(1, 1.0)]],
        ),
        "jackson_retry_loop" => {
            jackson(4.0, &[(1, 1.0 / 6.0), (4, 0.5)], &[&[(1, 1.0)], &[(0, 0.2)]])
        }
        "mva_balanced3_10" => cycle(10, 0.0, &[1.0, 1.0, 1.0], 1),
        "mva_bottleneck_50" => cycle(50, 10.0, &[0.5, 0.3, 0.1], 1),
        "mva_buzen_central_server" => cycle(4, 0.0, &[0.4, 0.48, 0.56], 1),
        "mva_multiserver_40" => cycle(40, 4.0, &[1.0], 8),
        "lqns_01-sanity" => cycle(1, 1.0, &[1.0], 1),
        "machine_repair_N10_c2" => cycle(10, 5.0, &[1.0], 2),
        other => floors::system(other),
    }
}

/// What the simulation found of a metric.
fn found(statistics: &Statistics, metric: &str) -> Estimate {
    let (what, of) = metric.split_once(' ').unwrap_or((metric, "0"));
    let of: usize = of.parse().unwrap();
    match what {
        "W" | "W~" => statistics.latency(),
        "W_p50" => statistics.percentile(0),
        "W_p95" => statistics.percentile(1),
        "W_p99" => statistics.percentile(2),
        "W_p90.438" => statistics.percentile(3),
        "L" => statistics.in_system(),
        "throughput" => statistics.throughput(),
        "rate" => statistics.visit_rate(of),
        "busy" => statistics.utilisation(of),
        "number" => statistics.number(of),
        "stay" => statistics.stay(of),
        "Wq" => statistics.waiting(of),
        "Lq" => statistics.queue(of),
        "P_wait" => statistics.waited(of),
        "P_refused" => statistics.refused(of),
        "level" => statistics.level(0, of),
        "at_least" | "at_least~" => statistics.at_least(0, of),
        "all_busy" => statistics.all_busy(of),
        "var" => statistics.number_variance(of),
        "Wq_of" => statistics.waiting_of(0, of),
        "stay_of" => statistics.stay_of(0, of),
        "gave_up" => statistics.gave_up(of),
        "Wq_all" => statistics.waiting_of_all(of),
        "P_wait_all" => statistics.waited_of_all(of),
        "on" => statistics.servers_on(of),
        "hit" | "hit~" => statistics.hit_ratio(of),
        "connecting" => statistics.connecting(of),
        "unconnected" => statistics.unconnected(of),
        "stale" => statistics.stale(of),
        "lost" => {
            let good = statistics.goodput();
            Estimate { mean: 1.0 - good.mean, ..good }
        }
        "dropped" => statistics.dropped(of),
        "too_late" => statistics.too_late(of),
        "undelivered" => statistics.undelivered(of),
        "starting" => statistics.servers_starting(of),
        "none" => statistics.servers_none(of),
        other => panic!("no such metric: {other}"),
    }
}

#[test]
fn every_known_answer_of_a_system_is_met() {
    let cases = cases();
    let metrics: usize = cases.values().map(|case| case.metrics.len()).sum();
    let quantile = student_quantile(1.0 - 0.001 / metrics as f64 / 2.0, TRIALS - 1);
    let mut faults = Vec::new();
    for (name, case) in &cases {
        let experiment = Experiment {
            seed: 20_261_125,
            scenario: name.clone(),
            trials: TRIALS,
            warm_up: case.warm_up,
            observed: case.observed,
            load: 1.0,
            // The last one is 0.99¹⁰: all of ten are below their 99th percentile.
            percentiles: vec![0.5, 0.95, 0.99, 0.904_382_075_008_804_4],
            waits: false,
            levels: true,
        };
        let statistics = run(&system(name), &experiment).unwrap();
        for (metric, exact) in &case.metrics {
            let estimate = found(&statistics, metric);
            let allowed = if metric.contains('~') { 0.01 } else { 1e-12 };
            let share = estimate.standard_error / exact;
            let error = (estimate.mean - exact).abs();
            if share.is_nan() || share > 0.01 {
                faults.push(format!("{name} {metric}: standard error {share} of it"));
            }
            if error.is_nan() || error > quantile * estimate.standard_error + allowed * exact {
                faults.push(format!("{name} {metric}: {estimate:?} against {exact}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {metrics} metrics:\n{}", faults.len(), faults.join("\n"));
}
