//! Model documents, through the reader and the run that a user gets: the examples against exact
//! answers, and documents of every kind that must be answered all the same.
//!
//! The exact values are those of `tests/tables` and of the sources that each example cites.

use std::path::Path;

use crate::known::{Known, compare};
use domain::model::{Model, read_model};
use domain::simulation::{Figure, Finding, Simulation};
use simulator::SimulatorFault;
use simulator::document::{model, simulate};

/// An example, the time observed of each trial, and what is known of it.
type Case = (&'static str, f64, &'static [(&'static str, f64)]);

/// Erlang C; Pollaczek-Khinchine; M/M/c/K (Gross et al. 2.5); Erlang-A (Palm 1943); Jackson (1957);
/// exact mean-value analysis (Reiser & Lavenberg 1980); exact chains of join-shortest-queue and of
/// two different choices; Palm (1947); Mitrany & Avi-Itzhak (1968); Kolmogorov's forward equations
/// (Green & Kolesar 1991). Values at 12 digits and more by closed form or truncated chain.
const CASES: &[Case] = &[
    (
        "mmc",
        120_000.0,
        &[
            ("W", 1.745_540_589_734_26),
            ("Wq", 0.745_540_589_734_256),
            ("Lq", 2.385_729_877_149_62),
            ("P_wait", 0.596_432_471_787_404),
        ],
    ),
    ("mg1", 900_000.0, &[("W", 7.0), ("Wq", 6.0), ("L", 5.6)]),
    (
        "mmck",
        12_000.0,
        &[
            ("W", 1.600_435_867_175_84),
            ("P_refused", 0.187_506_653_689_32),
            ("L", 12.483_297_535_462_4),
        ],
    ),
    (
        "mmc-impatient",
        20_000.0,
        &[
            ("gave_up", 0.224_576_597_185_645),
            ("Lq", 2.155_935_332_982_19),
            ("busy", 0.930_508_083_377_226),
        ],
    ),
    (
        "jackson",
        20_000.0,
        &[
            ("W", 0.796_248_503_564_097),
            ("L", 7.962_485_035_640_97),
            ("number 2", 2.888_888_888_888_89),
            ("number 3", 2.041_366_906_474_82),
        ],
    ),
    (
        "closed",
        60_000.0,
        &[
            ("throughput", 1.999_995_226_474_94),
            ("W", 15.000_059_669_205_7),
            ("number 0", 28.250_110_334_912_2),
        ],
    ),
    ("jsq", 60_000.0, &[("W", 1.708_876_093_75), ("L", 3.588_639_796_87)]),
    ("power-of-two", 60_000.0, &[("W", 1.884_792_361_54), ("L", 3.958_063_959_24)]),
    (
        "machine-repair",
        // In seconds: the example counts in hours.
        36_000_000.0,
        &[
            ("throughput", 1.519_255_693_97 / 3_600.0),
            ("W", 1.582_170_492_87 * 3_600.0),
            ("L", 2.403_721_530_13),
        ],
    ),
    (
        "breakdowns",
        400_000.0,
        &[("W", 2.781_318_091_2), ("L", 3.337_581_709_44), ("on", 1.818_181_818_18)],
    ),
    (
        "mtmc",
        // A whole number of periods.
        1_000.0 * 25.132_741_228_718_345,
        &[("Wq", 0.221_172_955_467), ("L", 48.846_918_218_6)],
    ),
];

pub(crate) fn read(text: &str) -> Model {
    let read = read_model(text, "model.yaml", &|_| Err("is not there".to_owned()));
    read.unwrap_or_else(|faults| panic!("{text}\n{faults:#?}"))
}

fn example(name: &str) -> Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models");
    read(&std::fs::read_to_string(folder.join(format!("{name}.yaml"))).unwrap())
}

/// A document with a head.
pub(crate) fn document(body: &str) -> Model {
    read(&format!("apiVersion: plimsoll/v1\nkind: Model\n{body}"))
}

/// One station at a rate, with more said about it.
fn queue(rate: &str, station: &str) -> Model {
    document(&format!("arrivals: {{rate: {rate}}}\nstations: {{queue: {{{station}}}}}"))
}

fn simulated(document: &Model) -> Simulation {
    simulate(document, 1, &|_| {}).unwrap()
}

#[test]
fn the_examples_are_the_queues_that_they_say() {
    let known = |observed: f64, metrics: &[(&str, f64)]| Known {
        warm_up: observed * 0.1,
        observed,
        metrics: metrics.iter().map(|(metric, exact)| ((*metric).to_owned(), *exact)).collect(),
    };
    let cases = CASES
        .iter()
        .map(|(name, observed, metrics)| ((*name).to_owned(), known(*observed, metrics)));
    compare(20_261_125, &cases.collect(), |name| model(&example(name)).unwrap());
}

/// How far a figure is from a value, in half-widths of its interval.
fn off(figure: Option<Figure>, exact: f64) -> f64 {
    let figure = figure.unwrap();
    (figure.value - exact).abs() / ((figure.high - figure.low) / 2.0)
}

#[test]
fn a_run_stops_when_it_is_exact_enough_and_no_sooner() {
    for (name, exact) in [("mmc", 1.745_540_589_734_26), ("jackson", 0.796_248_503_564_097)] {
        let found = simulated(&example(name));
        let Finding::Reached { precision } = found.finding else {
            panic!("{name}: {:?}", found.finding)
        };
        assert!(precision <= 0.01, "{name}: {precision}");
        let requests = found.requests.unwrap();
        // Twice a 95% interval is left by chance once in ten thousand runs.
        assert!(off(requests.response, exact) < 2.0, "{name}: {:?}", requests.response);
        assert!(found.effort.trials >= 20 && found.effort.cut_short == 0, "{:?}", found.effort);
    }
    let percentiles = simulated(&example("mmc")).requests.unwrap().percentiles;
    // Exact percentiles of M/M/4 at 80% (Erlang 1917).
    assert!(off(percentiles.p50, 1.346_199_053_819_31) < 2.0, "{percentiles:?}");
    assert!(off(percentiles.p95, 4.738_017_496_036_59) < 2.0, "{percentiles:?}");
    assert!(off(percentiles.p99, 6.893_203_748_883) < 2.0, "{percentiles:?}");
}

#[test]
fn a_limit_that_comes_first_is_said_to() {
    let found = simulated(&document(
        "arrivals: {rate: 0.95}\nstations: {queue: {service: 1}}\nrun: {request_limit: 100000}",
    ));
    let Finding::NotReached { precision: Some(precision) } = found.finding else {
        panic!("{:?}", found.finding)
    };
    assert!(precision > 0.01, "{precision}");
    assert!(found.effort.requests < 250_000, "{:?}", found.effort);
}

#[test]
fn a_finer_precision_takes_more_trials() {
    let with = |precision: &str| {
        let text = format!(
            "arrivals: {{rate: 0.5}}\nstations: {{queue: {{service: 1}}}}\n\
             run: {{precision: {precision}}}"
        );
        simulated(&document(&text)).effort.trials
    };
    assert!(with("0.5%") > with("5%"));
}

#[test]
fn threads_change_nothing() {
    let model = example("power-of-two");
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| simulated(&model))
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(5));
    assert_ne!(one, simulate(&model, 2, &|_| {}).unwrap());
}

/// The growth of what is said to be unstable.
fn growth(document: &Model) -> Figure {
    match simulated(document).finding {
        Finding::Unstable { growth, .. } => growth,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_unstable_queue_is_said_to_be_and_how_fast_it_grows() {
    assert!(off(Some(growth(&queue("1.25", "service: 1"))), 0.25) < 2.0);
    assert!(off(Some(growth(&queue("100", "service: 1, servers: 40"))), 60.0) < 2.0);
    assert!(off(Some(growth(&queue("3", "service: 1, servers: 0"))), 3.0) < 2.0);
    // At exactly its capacity a queue grows as well, but ever more slowly.
    assert!(growth(&queue("1", "service: 1")).value < 0.05);
    // Five of six servers stand on average: 5/6 · 6 = 5 are served.
    let failing = "service: 1, servers: 6, failure: {time_to_failure: 50, time_to_repair: 10}";
    assert!(off(Some(growth(&queue("5.5", failing))), 0.5) < 2.5);
}

#[test]
fn what_loses_is_stable_and_what_is_behind_it_too() {
    let behind = document(
        "arrivals: {rate: 4}\nstations:\n  door: {service: 1, capacity: 1, routing: {desk: 1}}\n  \
         desk: {service: 0.9}\n",
    );
    let found = simulated(&behind);
    assert!(!matches!(found.finding, Finding::Unstable { .. }), "{:?}", found.finding);
    // M/M/1/1 at 4 lets a fifth through (Erlang B).
    assert!(off(found.stations[0].refused, 0.8) < 2.5, "{:?}", found.stations[0].refused);
}

#[test]
fn retries_without_end_are_unstable() {
    // 140% of what can be served are asked for, and whoever is refused comes back.
    let storm = "rate: 1.4, on_failure: {retries: forever, backoff: 1}";
    let storm = document(&format!(
        "arrivals: {{{storm}}}\nstations: {{queue: {{service: 1, capacity: 5}}}}"
    ));
    let growth = growth(&storm);
    assert!(growth.value > 0.3 && growth.value < 0.5, "{growth:?}");
}

#[test]
fn what_callers_give_up_on_is_unstable_where_it_is_still_done() {
    // 12 a second come and 10 are served; in the end each of them times out four times.
    let store = "rate: 12, on_failure: {timeout: 1, retries: 3, backoff: 0.1}";
    let body = |more: &str| {
        document(&format!("arrivals: {{{store}}}\nstations: {{queue: {{service: 0.1{more}}}}}"))
    };
    let growth = growth(&body(""));
    assert!((growth.value - 38.0).abs() < 1.5, "{growth:?}");
    // Where there is no room for them, those pile up who never give up for good.
    let forever = document(
        "arrivals: {rate: 12, on_failure: {timeout: 5, retries: forever, backoff: 1}}\n\
         stations: {queue: {service: 0.1, capacity: 5}}",
    );
    assert!((1.5..3.0).contains(&self::growth(&forever).value));
    let found = simulated(&body(", capacity: 20")).finding;
    assert!(!matches!(found, Finding::Unstable { .. }), "{found:?}");
}

#[test]
fn a_fleet_that_is_too_small_at_its_largest_grows_as_it_does_then() {
    let fleet = "{min: 1, max: 5, target_tracking: 50%}";
    let small = document(&format!(
        "arrivals: {{rate: 100}}\nstations: {{app: {{service: 0.1, autoscaler: {fleet}}}}}"
    ));
    let growth = growth(&small);
    assert!((growth.value - 50.0).abs() < 1.0, "{growth:?}");
}

#[test]
fn times_of_every_order_are_answered() {
    // M/M/1 at 50% in any unit of time: a customer stays twice its service.
    for service in [1e-9, 1e-6, 1e-3, 1.0, 1e6, 1e9] {
        let found =
            simulated(&queue(&format!("{}", 0.5 / service), &format!("service: {service}")));
        let response = found.requests.unwrap().response;
        assert!(off(response, 2.0 * service) < 2.0, "{service}: {response:?}");
    }
    let rare = simulated(&queue("1e-9", "service: 1"));
    assert!(off(rare.requests.unwrap().response, 1.0) < 2.0);
    let many = simulate(&queue("1e9", "service: 1, servers: 1000"), 1, &|_| {});
    assert!(matches!(many.unwrap().finding, Finding::Unstable { .. }));
    let apart = simulate(&queue("1e-9", "service: 1ns"), 1, &|_| {});
    assert!(matches!(apart, Err(SimulatorFault::Scales { .. })), "{apart:?}");
}

#[test]
fn no_load_and_no_room_are_answered() {
    assert_eq!(simulated(&queue("0", "service: 1")).finding, Finding::Idle);
    let nobody = document("population: {size: 0}\nstations: {queue: {service: 1}}");
    assert_eq!(simulated(&nobody).finding, Finding::Idle);
    let shut = simulated(&queue("5", "service: 1, capacity: 0"));
    assert_eq!(shut.finding, Finding::NotReached { precision: None });
    let lost = shut.requests.unwrap().lost.unwrap();
    assert!((lost.value - 1.0).abs() < 1e-12);
    let none = simulated(&queue("5", "service: 1, instances: 0, capacity: 3"));
    assert!((none.requests.unwrap().lost.unwrap().value - 1.0).abs() < 1e-12);
    // Clients who are refused in no time and ask again at once.
    let restless = document("population: {size: 3}\nstations: {queue: {service: 1, capacity: 0}}");
    let restless = simulated(&restless);
    assert_eq!(restless.finding, Finding::NotReached { precision: None });
    assert!(restless.effort.cut_short > 0);
    let idle = document("population: {size: 3}\nstations: {queue: {service: 0}}");
    assert!(simulate(&idle, 1, &|_| {}).is_err());
}

#[test]
fn a_hundred_thousand_instances_are_simulated() {
    let farm = queue("50000", "service: 1, instances: 100000, balancer: power_of_two");
    let found = simulated(&farm);
    let response = found.requests.unwrap().response.unwrap();
    // In the limit of many a customer stays Σ 0.5^(2^i − 2) = 1.2657 (Mitzenmacher 2001).
    assert!((response.value - 1.265_7).abs() < 0.02, "{response:?}");
}

#[test]
fn a_mean_without_a_finite_variance_is_left_out() {
    let pareto = |shape: f64| format!("service: {{pareto: {{scale: 0.5, shape: {shape}}}}}");
    let found = simulated(&queue("0.3", &pareto(1.5)));
    let tail = found.heavy_tail.as_ref().unwrap();
    assert_eq!((tail.station.as_str(), tail.shape.to_bits()), ("queue", 1.5_f64.to_bits()));
    // What is asked for is the median then.
    assert!(matches!(found.finding, Finding::Reached { .. }), "{:?}", found.finding);
    let requests = found.requests.unwrap();
    let (p50, station) = (requests.percentiles.p50.unwrap(), &found.stations[0]);
    assert!((p50.high - p50.low) / 2.0 <= 0.01 * p50.value, "{p50:?}");
    assert_eq!((requests.response, requests.in_system, station.number), (None, None, None));
    assert_eq!((station.waiting, station.stay, station.queue), (None, None, None));
    assert!(off(requests.offered, 0.3) < 2.0);
    // A client's timeout bounds what it may see, and more than 2 is enough.
    let limited = document(&format!(
        "arrivals: {{rate: 0.3, on_failure: {{timeout: 20s, retries: 0}}}}\n\
         stations: {{queue: {{{}}}}}\nrun: {{precision: 10%}}",
        pareto(1.5)
    ));
    for model in [limited, queue("0.3", &format!("{}, capacity: 1", pareto(2.5)))] {
        let found = simulated(&model);
        assert!(found.heavy_tail.is_none() && found.requests.unwrap().response.is_some());
    }
}

/// Cobham (1954): two classes at 40% each of M/M/1, the first served before the second.
#[test]
fn each_class_has_its_mean() {
    let found = simulated(&document(
        "classes: {first: {share: 50%, priority: 0}, second: {share: 50%, priority: 1}}\n\
         arrivals: {rate: 0.8}\nstations: {queue: {service: 1, discipline: priority}}\n\
         run: {precision: 2%}",
    ));
    for (class, exact) in found.classes.iter().zip([1.0 + 4.0 / 3.0, 1.0 + 20.0 / 3.0]) {
        assert!(off(class.response, exact) < 2.0, "{class:?}");
    }
}

#[test]
fn a_thousand_instances_that_live_for_a_second_are_simulated() {
    let farm = |rate: &str, check: &str| {
        let life = format!("life: {{mttf: 1s, mttr: 1s{check}}}");
        let station = format!("service: 10ms, instances: 1000, balancer: random, {life}");
        simulated(&queue(rate, &station))
    };
    // Half of them are up, and hold on for a service with 1/(1 + 0.01).
    let found = farm("100", "");
    assert_eq!(found.effort.cut_short, 0, "{:?}", found.effort);
    assert!(off(found.requests.unwrap().lost, 1.0 - 0.5 / 1.01) < 2.5);
    // Whose checks find out at once is sent calls while it is up, but for a tenth of a second.
    let found =
        farm("100", ", health_check: {interval: 100ms, unhealthy_after: 1, healthy_after: 1}");
    assert_eq!(found.effort.cut_short, 0, "{:?}", found.effort);
    assert!((found.requests.unwrap().lost.unwrap().value - 0.05).abs() < 0.02);
    // A trial is as long as its deaths allow, however few requests come meanwhile.
    let found = farm("0.01", "");
    assert!(found.effort.cut_short == 0 && found.effort.trials < 2_000, "{:?}", found.effort);
}

#[test]
fn what_happens_once_is_followed_over_time() {
    let outage = document(
        "arrivals: {rate: 50}\nstations: {app: {servers: 4, instances: 2, service: 50ms}}\n\
         incidents: [{at: 20, down: app}, {at: 25, up: app}]\nrun: {duration: 60}",
    );
    let found = simulated(&outage);
    let good = |from: f64, to: f64| {
        let within = found.series.iter().filter(|point| point.at > from && point.at < to);
        let (sum, count) =
            within.fold((0.0, 0.0), |(sum, count), point| (sum + point.good.value, count + 1.0));
        sum / count
    };
    assert!(good(0.0, 19.0) > 48.0 && good(21.0, 24.0) < 1.0 && good(30.0, 59.0) > 48.0);
    let lost = found.requests.unwrap().lost.unwrap();
    assert!((lost.value - 5.0 / 60.0).abs() < 0.01, "{lost:?}");
}

#[test]
fn a_rate_that_comes_back_is_followed_over_one_period() {
    let found = simulated(&example("mtmc"));
    let period = 25.132_741_228_718_345;
    assert!(found.series.iter().all(|point| point.at < period));
    let highest = found.series.iter().map(|point| point.offered.value).fold(0.0, f64::max);
    assert!((50.0..60.0).contains(&highest), "{highest}");
}
