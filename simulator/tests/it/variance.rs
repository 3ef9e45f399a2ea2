//! What makes an interval narrower at the same cost: common random numbers and control variates.

use statrs::distribution::{Binomial, DiscreteCDF};

use crate::queues::{farm, multi_server};
use simulator::model::{Balancing, Instance, Model, Resilience, Service};
use simulator::statistics::{Controls, Difference, Estimate, Experiment, Figure, compare, run};

/// Runs of each comparison.
const RUNS: u32 = 200;

fn experiment(seed: u32) -> Experiment {
    Experiment { seed: seed.into(), trials: 20, ..crate::queues::experiment(100.0, 800.0) }
}

/// Refuses a count of covering intervals of 95% that has a chance below 0.1% on one side.
fn assert_covered(count: u64, runs: u32, what: &str) {
    let binomial = Binomial::new(0.95, runs.into()).unwrap();
    let usual = binomial.cdf(count) > 0.001 && (count == 0 || binomial.sf(count - 1) > 0.001);
    assert!(usual, "{what}: {count} of {runs}");
}

/// Over many runs: how often a difference is covered, and the mean gain.
fn compared(models: [&Model; 2], figure: Figure, exact: f64) -> (u64, f64) {
    let mut covered = 0;
    let mut gain = 0.0;
    for seed in 0..RUNS {
        let found = compare(models[0], models[1], &experiment(seed)).unwrap();
        let Difference { paired, .. } = found.difference(figure);
        covered += u64::from(paired.interval(0.95).covers(exact));
        gain += found.difference(figure).gain() / f64::from(RUNS);
    }
    (covered, gain)
}

/// M/M/1 at 0.7 a second against one that serves a tenth faster: 1/(1 − 0.7) and 1/(1.1 − 0.7).
#[test]
fn a_faster_server_is_told_by_pairs() {
    let slow = multi_server(1, 0.7);
    let mut fast = slow.clone();
    fast.stations[0].service = vec![Service::Exponential { mean: 1.0 / 1.1 }];
    let exact = 1.0 / 0.4 - 1.0 / 0.3;
    for (figure, exact) in
        [(Figure::Latency, exact), (Figure::Percentile(1), exact * libm::log(20.0))]
    {
        let (covered, gain) = compared([&slow, &fast], figure, exact);
        assert_covered(covered, RUNS, &format!("{figure:?}"));
        assert!(gain > 5.0, "{figure:?}: {gain}");
    }
}

/// Three servers at 70% in turn, and behind power of two. In turn, each is E₃/M/1: 1/(1 − σ) with
/// σ = (2.1/(3.1 − σ))³ (Kleinrock, "Queueing systems", volume 1, 1975, section 6.4). For the other
/// see tests/tables/queueing.csv.
#[test]
fn policies_are_told_by_pairs() {
    let turn = farm(3, 0.7, Balancing::RoundRobin);
    let two = farm(3, 0.7, Balancing::PowerOfTwo);
    let mut sigma: f64 = 0.5;
    for _ in 0..200 {
        sigma = (2.1 / (3.1 - sigma)).powi(3);
    }
    let (covered, gain) = compared([&turn, &two], Figure::Latency, PO2 - 1.0 / (1.0 - sigma));
    assert_covered(covered, RUNS, "policies");
    assert!(gain > 2.0, "{gain}");
}

/// The mean time of three servers at 70% behind power of two: tests/tables/queueing.csv.
const PO2: f64 = 1.884_792_361_54;

/// A model against itself differs by nothing, and has no interval.
#[test]
fn a_model_does_not_differ_from_itself() {
    let model = multi_server(2, 1.4);
    let found = compare(&model, &model, &experiment(1)).unwrap();
    for figure in [Figure::Latency, Figure::Percentile(0), Figure::InSystem, Figure::Waiting(0)] {
        let Difference { paired, independent_error } = found.difference(figure);
        assert!(paired.mean.abs() < 1e-12 && paired.standard_error < 1e-12, "{figure:?}");
        assert!(independent_error > 0.0);
    }
}

/// M/M/1 and M/M/4, both at 80%: the controls take out much of the variance, leave the mean where
/// it is, and the interval covers it.
#[test]
fn controls_take_out_noise_and_leave_the_mean() {
    // Erlang's C of four servers at 80% is 0.5964.
    for (servers, exact) in [(1, 5.0), (4, 1.0 + 0.596_43 / 0.8)] {
        let model = multi_server(servers, 0.8 * f64::from(servers));
        let controls = Controls::of(&model, &experiment(0)).unwrap();
        let (mut plain, mut controlled) = (Vec::new(), Vec::new());
        let mut covered = 0;
        for seed in 0..RUNS {
            let statistics = run(&model, &experiment(seed)).unwrap();
            plain.push(statistics.latency().mean);
            let found = statistics.controlled(Figure::Latency, &controls);
            covered += u64::from(found.interval(0.95).covers(exact));
            controlled.push(found.mean);
        }
        let [plain, controlled] = [plain, controlled].map(Estimate::of);
        let left = (controlled.standard_error / plain.standard_error).powi(2);
        assert!(left < 0.75, "{servers}: {left} of the variance is left");
        // Least squares is biased by what it is fitted to; that is less than half a percent here.
        let error = (controlled.mean - exact).abs();
        let allowed = 3.5 * controlled.standard_error + 0.005 * exact;
        assert!(error < allowed, "{servers}: {controlled:?} against {exact}");
        assert_covered(covered, RUNS, &format!("M/M/{servers}"));
    }
}

#[test]
fn there_are_no_controls_where_nothing_is_known_exactly() {
    let controls = |change: fn(&mut Model)| {
        let mut model = multi_server(2, 1.0);
        change(&mut model);
        Controls::of(&model, &experiment(0))
    };
    assert!(controls(|_| {}).is_some());
    assert!(controls(|model| model.stations[0].queue_limit = Some(5)).is_none());
    assert!(
        controls(|model| model.sources[0] = crate::queues::source(9.0, Resilience::NONE)).is_none()
    );
    assert!(
        controls(|model| {
            model.stations[0].instances.push(Instance { speed: 2.0, ..Instance::with_servers(1) });
        })
        .is_none()
    );
}
