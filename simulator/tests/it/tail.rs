//! The distribution of the latency: exact where it is known, and the same as all else that is said
//! of the latency where it is not.

use std::collections::BTreeMap;

use crate::common::{APP, demand, topology};
use crate::queues::multi_server;
use domain::demand::{Demand, Work};
use domain::name::Name;
use domain::topology::Topology;
use domain::units::{Percentile, Ratio, RequestsPerSecond, Seconds};
use domain::verification::{Distribution, DistributionPoint, ScenarioResult, Verdict};
use simulator::model::Model;
use simulator::statistics::{Experiment, LADDER, TailPoint, run};
use simulator::{Evidence, Settings, verify};

/// Seeds of each queue, fixed beforehand.
const SEEDS: std::ops::Range<u64> = 1..21;

/// The error that all intervals of a test may make together.
const ERROR: f64 = 0.01;

/// The tails of a model over the seeds, each interval with so little error that all of them hold at
/// once, by Bonferroni.
fn tails(model: &Model, relaxation: f64, others: u32) -> Vec<Vec<TailPoint>> {
    let intervals = LADDER.len() as f64 * (SEEDS.end - SEEDS.start) as f64 * f64::from(others);
    let tail = |seed| {
        let experiment = Experiment {
            seed,
            trials: 24,
            ..crate::queues::experiment(10.0 * relaxation, 600.0 * relaxation)
        };
        run(model, &experiment).unwrap().tail(1.0 - ERROR / intervals)
    };
    SEEDS.map(tail).collect()
}

fn share(point: &TailPoint) -> f64 {
    f64::from(point.above_ppm) / 1e6
}

/// The time in M/M/1 is exponential with rate μ − λ: e^(−(μ − λ)t) of the requests take longer
/// (Kleinrock, "Queueing Systems", volume 1, 1975, section 5.7). A rate that is a fifth off is not
/// within a quarter of the same intervals.
#[test]
fn the_tail_of_a_single_server_is_exponential() {
    for utilisation in [0.5, 0.8] {
        let spare: f64 = 1.0 - utilisation;
        let tails = tails(&multi_server(1, utilisation), spare.powi(-2), 2);
        let outside = |rate: f64| {
            let points = tails.iter().flatten();
            points.filter(|point| !point.latency.covers(-libm::log(share(point)) / rate)).count()
        };
        let last = tails.iter().filter_map(|tail| tail.last()).map(|point| point.above_ppm);
        assert!(last.into_iter().all(|above| above <= 2_000), "down to the slowest 1 in 500");
        assert_eq!(outside(spare), 0, "at {utilisation}");
        let all = tails.iter().map(Vec::len).sum::<usize>();
        for wrong in [spare * 0.8, spare * 1.2] {
            assert!(outside(wrong) > all / 4, "at {utilisation}: {} of {all}", outside(wrong));
        }
    }
}

/// How many of some runs of M/M/1 at 50% cover the exact latency with an interval of 95%, at each
/// share that all of them carry.
fn covered(trials: u32, runs: u64) -> Vec<(u32, u64)> {
    let model = multi_server(1, 0.5);
    let mut seen: BTreeMap<u32, [u64; 2]> = BTreeMap::new();
    for seed in 1_000..1_000 + runs {
        let short = crate::queues::experiment(32.0, 240.0);
        let experiment = Experiment { seed, trials, ..short };
        for point in run(&model, &experiment).unwrap().tail(0.95) {
            let [covers, of] = seen.entry(point.above_ppm).or_default();
            *of += 1;
            *covers += u64::from(point.latency.covers(-2.0 * libm::log(share(&point))));
        }
    }
    let whole = seen.into_iter().filter(|(_, [_, of])| *of == runs);
    whole.map(|(above, [covers, _])| (above, covers)).collect()
}

/// An interval of 95% covers the exact latency in 92% to 98% of the runs, at every share, with as
/// few trials as a peak has and with more.
#[test]
fn the_points_of_a_tail_cover_the_truth_as_often_as_they_say() {
    const RUNS: u64 = 500;
    let usual = RUNS * 92 / 100..=RUNS * 98 / 100;
    for trials in [12, 20] {
        let found = covered(trials, RUNS);
        assert!(found.len() > 12, "{found:?}");
        assert!(found.iter().all(|(_, covers)| usual.contains(covers)), "{trials}: {found:?}");
    }
}

/// Of the calls to a server without room to wait, λ/(1 + λ) are lost (Erlang's formula); whoever is
/// served takes an exponential time. The lost ones are slower than everybody.
#[test]
fn what_is_lost_is_slower_than_every_latency() {
    let mut model = multi_server(1, 0.25);
    model.stations[0].queue_limit = Some(0);
    let lost = 0.2;
    for tail in tails(&model, 2.0, 1) {
        for point in &tail {
            let served = (share(point) - lost) / (1.0 - lost);
            assert!(point.latency.covers(-libm::log(served)), "{point:?}");
        }
        let slowest = tail.last().unwrap();
        let all_served = (200_000..=300_000).contains(&slowest.above_ppm);
        assert!(all_served, "a fifth has no latency: {slowest:?}");
    }
}

fn judged(demand: &Demand, topology: &Topology) -> Vec<ScenarioResult> {
    let settings = Settings { evidence: Evidence::UnlessRefuted, ..Settings::default() };
    let found = verify(demand, topology, &settings, &|_| {}).unwrap();
    let peak = found.checks.iter().filter(|check| check.scenario == "peak");
    assert!(peak.into_iter().all(|check| check.verdict == Verdict::Pass));
    found.scenarios
}

/// Latencies and their intervals never fall from point to point, and each lies within its own; ten
/// requests at least lie beyond each.
fn is_sound(curve: &Distribution) {
    let points = &curve.points;
    assert!(points.len() > 10, "{curve:?}");
    for point in points {
        let seen = point.latency;
        assert!(0.0 < seen.low && seen.low <= seen.value && seen.value <= seen.high, "{point:?}");
        assert!(curve.requests as f64 * f64::from(point.above_ppm) >= 1e7, "{point:?}");
        assert!(u64::from(point.above_ppm) * curve.requests > curve.unanswered * 1_000_000);
    }
    let falls = |pair: &[DistributionPoint]| {
        let [one, next] = pair else { return false };
        let [before, then] = [one.latency, next.latency];
        next.above_ppm < one.above_ppm
            && before.value <= then.value
            && before.low <= then.low
            && before.high <= then.high
    };
    assert!(points.windows(2).all(falls), "{points:?}");
}

#[test]
fn the_percentiles_of_the_peak_lie_on_its_curve() {
    let mut demand = demand();
    demand.objectives.latency[0].percentile = Percentile::from_permille(975).unwrap();
    let scenarios = judged(&demand, &topology());
    let (peak, others) = scenarios.split_first().unwrap();
    let [curve] = &peak.distribution[..] else { panic!("one curve of one class") };
    is_sound(curve);
    assert_eq!((curve.class.as_ref(), curve.requests), (None, peak.requests));
    let answered = 1.0 - curve.unanswered as f64 / curve.requests as f64;
    assert!((answered - peak.goodput.value).abs() < 1e-9, "{answered}");
    assert_eq!(curve.unanswered, 0, "all are answered, so that good requests are all of them");
    assert_eq!(peak.latency.iter().map(|own| own.0).collect::<Vec<_>>(), [500, 950, 975, 990]);
    for (permille, observed) in &peak.latency {
        let above = 1_000 * u32::from(1_000 - permille);
        let point = curve.points.iter().find(|point| point.above_ppm == above).unwrap();
        assert_eq!(point.latency.value.to_bits(), observed.value.to_bits(), "{permille}");
    }
    assert!(others.iter().all(|scenario| scenario.distribution.is_empty()), "at the peak alone");
}

#[test]
fn every_class_has_its_own_curve() {
    let mut demand = demand();
    demand.load.peak = RequestsPerSecond::of(800.0);
    demand.classes[0].share = Ratio::of(0.75);
    let mut slow = demand.classes[0].clone();
    (slow.name, slow.share) = (Name::of("slow"), Ratio::of(0.25));
    demand.classes.push(slow);
    for service in &mut demand.services {
        let Work { cpu_time, cv } = service.work[0];
        service.work.push(Work { cpu_time: Seconds::of(cpu_time.value() * 3.0), cv });
    }
    assert_eq!(demand.services[APP].work.len(), 2);
    let scenarios = judged(&demand, &topology());
    let [all, quick, slow] = &scenarios[0].distribution[..] else { panic!("three curves") };
    for curve in [all, quick, slow] {
        is_sound(curve);
    }
    let names = [all, quick, slow].map(|curve| curve.class.as_ref().map(ToString::to_string));
    assert_eq!(names, [None, Some("all".to_owned()), Some("slow".to_owned())]);
    assert_eq!(all.requests, quick.requests + slow.requests);
    assert_eq!(all.unanswered, quick.unanswered + slow.unanswered);
    for ((all, quick), slow) in all.points.iter().zip(&quick.points).zip(&slow.points) {
        let [all, quick, slow] = [all, quick, slow].map(|point| point.latency.value);
        assert!(quick < all && all < slow, "{quick} {all} {slow}");
    }
}

/// More comes than can be done: how late requests are says only how long was looked at.
#[test]
fn a_peak_that_is_too_much_has_no_curve() {
    let mut demand = demand();
    demand.load.peak = RequestsPerSecond::of(20_000.0);
    let found = verify(&demand, &topology(), &Settings::default(), &|_| {}).unwrap();
    assert_eq!(found.scenarios[0].name, "peak");
    assert!(found.scenarios[0].distribution.is_empty());
}
