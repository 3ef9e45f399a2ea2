//! How often an interval covers the truth.

use crate::queues::multi_server;
use rayon::prelude::*;
use simulator::document::simulate;
use simulator::statistics::{Experiment, Figure, run};

/// Trials of each run.
const TRIALS: u32 = 20;
/// Relaxation times S/(c(1 − ρ)²) that each trial lasts before it is observed, and while it is.
const RELAXATIONS: [f64; 2] = [8.0, 60.0];
/// Runs of each queue.
const RUNS: u32 = 1_000;

fn experiment(seed: u64, relaxation: f64) -> Experiment {
    let [warm_up, observed] = RELAXATIONS.map(|times| times * relaxation);
    Experiment {
        seed,
        trials: TRIALS,
        percentiles: vec![0.95, 0.99],
        ..crate::queues::experiment(warm_up, observed)
    }
}

/// The chance that a request stays longer in M/M/c with mean service 1: Erlang's C, and a wait of
/// rate c − λ beside the service.
fn stays_longer(servers: u32, rate: f64, time: f64) -> f64 {
    let mut loss = 1.0;
    for server in 1..=servers {
        loss = rate * loss / (f64::from(server) + rate * loss);
    }
    let spare = f64::from(servers) - rate;
    let waits = loss / (1.0 - rate / f64::from(servers) * (1.0 - loss));
    let [served, waited] = [1.0, spare].map(|rate| libm::exp(-rate * time));
    if (spare - 1.0).abs() < 1e-9 {
        return served * (1.0 + waits * time);
    }
    served * (1.0 - waits) + waits * (spare * served - waited) / (spare - 1.0)
}

/// Mean, p95 and p99 of the time in M/M/c.
fn exact(servers: u32, rate: f64) -> [f64; 3] {
    let longer = |time| stays_longer(servers, rate, time);
    let percentile = |share: f64| {
        let (mut low, mut high) = (0.0, 1e3);
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if longer(middle) > 1.0 - share { low = middle } else { high = middle }
        }
        low
    };
    // The mean is the integral of the chance of staying longer, by Simpson's rule.
    let step = 0.01;
    let weights = (0..=60_000_u32).map(|at| {
        let weight = if at % 60_000 == 0 { 1.0 } else { f64::from(2 + at % 2 * 2) };
        weight * longer(f64::from(at) * step)
    });
    [weights.sum::<f64>() * step / 3.0, percentile(0.95), percentile(0.99)]
}

/// How many of some runs cover the exact mean, p95 and p99 with an interval of 95%.
fn covered(servers: u32, utilisation: f64) -> [u32; 3] {
    let rate = utilisation * f64::from(servers);
    let relaxation = 1.0 / (f64::from(servers) * (1.0 - utilisation).powi(2));
    let exact = exact(servers, rate);
    let model = multi_server(servers, rate);
    let mut covered = [0; 3];
    for seed in 0..RUNS {
        let statistics = run(&model, &experiment(seed.into(), relaxation)).unwrap();
        let figures = [Figure::Latency, Figure::Percentile(0), Figure::Percentile(1)];
        for ((figure, exact), count) in figures.into_iter().zip(exact).zip(&mut covered) {
            *count += u32::from(statistics.interval(figure, 0.95).covers(exact));
        }
    }
    covered
}

/// The exact values of the test are those of the textbooks.
#[test]
fn the_truth_is_what_the_textbooks_say() {
    let [mean, p95, p99] = exact(1, 0.9);
    assert!((mean - 10.0).abs() < 1e-3);
    assert!((p95 - 10.0 * libm::log(20.0)).abs() < 1e-6);
    assert!((p99 - 10.0 * libm::log(100.0)).abs() < 1e-6);
    // tests/tables/queueing.csv
    assert!((exact(8, 7.2)[0] - 1.876_916).abs() < 1e-5);
}

/// An interval of 95% covers the exact value in 93% to 97% of the runs.
#[test]
fn intervals_cover_the_truth_as_often_as_they_say() {
    for (servers, utilisation) in [(1, 0.5), (1, 0.9), (8, 0.9)] {
        let covered = covered(servers, utilisation);
        let usual = covered.iter().all(|count| (RUNS * 93 / 100..=RUNS * 97 / 100).contains(count));
        assert!(usual, "M/M/{servers} at {utilisation}: {covered:?} of {RUNS}");
    }
}

/// Figures of whole runs of M/M/1 as a user gets them, which stop when the interval of the mean is
/// narrow: how many of them cover the exact mean, p95, p99, number in the system and wait.
fn covered_by_documents(utilisation: f64, precision: &str) -> [u32; 5] {
    let text = format!(
        "arrivals: {{rate: {utilisation}}}\nstations: {{queue: {{service: 1}}}}\n\
         run: {{precision: {precision}}}"
    );
    let model = crate::documents::document(&text);
    let [mean, p95, p99] = exact(1, utilisation);
    let exact = [mean, p95, p99, utilisation * mean, mean - 1.0];
    let runs = (0..RUNS).into_par_iter().map(|seed| {
        let found = simulate(&model, seed.into(), &|_| {}).unwrap();
        let requests = found.requests.unwrap();
        let percentiles = requests.percentiles;
        let figures = [
            requests.response,
            percentiles.p95,
            percentiles.p99,
            requests.in_system,
            found.stations[0].waiting,
        ];
        let mut covers = figures.into_iter().zip(exact).map(|(figure, exact)| {
            let figure = figure.unwrap();
            u32::from(figure.low <= exact && exact <= figure.high)
        });
        std::array::from_fn(|_| covers.next().unwrap())
    });
    runs.reduce(|| [0; 5], |one, other| std::array::from_fn(|at| one[at] + other[at]))
}

/// Stopping where the interval is narrow costs an interval nothing of its confidence.
#[test]
fn a_run_that_stops_by_itself_covers_the_truth_as_often_as_it_says() {
    for (utilisation, precision) in [(0.5, "3%"), (0.9, "15%")] {
        let covered = covered_by_documents(utilisation, precision);
        let usual = covered.iter().all(|count| (RUNS * 93 / 100..=RUNS * 97 / 100).contains(count));
        assert!(usual, "M/M/1 at {utilisation}: {covered:?} of {RUNS}");
    }
}
