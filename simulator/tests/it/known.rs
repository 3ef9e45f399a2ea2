//! Known answers, and how the simulator is compared with them.
//!
//! Twenty trials with fixed seeds; a metric agrees when its mean is within t standard errors of the
//! exact value, t being Student's quantile with an error of 0.1% over all metrics of a table
//! (Bonferroni), and the standard error is at most 1% of the exact value: a simulator that is wrong
//! by a few percent is found out, and a right one is not accused.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::documents;
use simulator::model::Model;
use simulator::random::student_quantile;
use simulator::statistics::{Estimate, Experiment, Statistics, run};

/// Trials of each case.
const TRIALS: u32 = 20;

/// What is known of a model.
pub(crate) struct Known {
    /// The time of each trial that is not observed.
    pub warm_up: f64,
    /// The time that is, after it.
    pub observed: f64,
    /// Metrics with their exact values.
    pub metrics: Vec<(String, f64)>,
}

/// The cases of a table: a name, how long it is observed, a metric, its value, and a source.
pub(crate) fn table(text: &str) -> BTreeMap<String, Known> {
    let mut cases = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
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
            Known { warm_up, observed, metrics: Vec::new() }
        });
        case.metrics.push((metric.to_owned(), expected.parse().unwrap()));
    }
    cases
}

/// The document of a case in `tests/models`, which has its name; what comes after a space in the
/// name of a case may tell apart how the same document is run.
pub(crate) fn place(case: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/models");
    let (first, _) = case.split_once(' ').unwrap_or((case, ""));
    let names = [case.replace(' ', "_"), first.to_owned()];
    names.iter().map(|name| folder.join(format!("{name}.yaml"))).find(|place| place.exists())
}

/// The model that the document of a case means.
pub(crate) fn document(case: &str) -> Model {
    let place = place(case).unwrap_or_else(|| panic!("{case} has no document"));
    let text = std::fs::read_to_string(place).unwrap();
    simulator::document::model(&documents::read(&text)).unwrap()
}

/// Runs every case and compares all of its metrics with what is known.
pub(crate) fn compare(seed: u64, cases: &BTreeMap<String, Known>, model: impl Fn(&str) -> Model) {
    let metrics: usize = cases.values().map(|case| case.metrics.len()).sum();
    let quantile = student_quantile(1.0 - 0.001 / metrics as f64 / 2.0, TRIALS - 1);
    let mut faults = Vec::new();
    for (name, case) in cases {
        let experiment = experiment(seed, name, case);
        let statistics = run(&model(name), &experiment).unwrap();
        for (metric, exact) in &case.metrics {
            let estimate = found(&statistics, &experiment, metric);
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

/// Records what the metrics of a case need, and no more.
fn experiment(seed: u64, name: &str, case: &Known) -> Experiment {
    let names = || case.metrics.iter().map(|(metric, _)| metric.as_str());
    let levels = ["level", "at_least", "at_least~", "all_busy", "var"];
    Experiment {
        seed,
        scenario: name.to_owned(),
        trials: TRIALS,
        warm_up: case.warm_up,
        observed: case.observed,
        load: 1.0,
        percentiles: names().filter_map(|name| share(name.strip_prefix("W_p")?)).collect(),
        waits: names().any(|name| name.starts_with("Wq_p") || name == "var_Wq"),
        levels: names().any(|name| levels.contains(&name.split(' ').next().unwrap())),
    }
}

/// The share that a percentile such as 50, 999 or 90.4 is of.
fn share(digits: &str) -> Option<f64> {
    format!("0.{}", digits.replace('.', "")).parse().ok()
}

/// What the simulation found of a metric.
fn found(statistics: &Statistics, experiment: &Experiment, metric: &str) -> Estimate {
    let (what, of) = metric.split_once(' ').unwrap_or((metric, "0"));
    let of: usize = of.parse().unwrap();
    match what {
        "W" | "W~" => statistics.latency(),
        "var_W" => statistics.latency_variance(),
        "L" => statistics.in_system(),
        "throughput" => statistics.throughput(),
        "rate" => statistics.visit_rate(of),
        "busy" => statistics.utilisation(of),
        "number" => statistics.number(of),
        "stay" => statistics.stay(of),
        "Wq" => statistics.waiting(of),
        "var_Wq" => statistics.waiting_variance(of),
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
        "powered" => statistics.servers_powered(of),
        "away" => statistics.away_from(of),
        "time_away" => statistics.time_away_from(of),
        "retries" => statistics.retries(),
        other => percentile(statistics, experiment, other),
    }
}

/// A percentile of the stay of a request, or of the wait at the first station.
fn percentile(statistics: &Statistics, experiment: &Experiment, metric: &str) -> Estimate {
    let (what, digits) = metric.split_once("_p").unwrap();
    let share = share(digits).unwrap();
    match what {
        "W" => {
            let mut places = experiment.percentiles.iter();
            statistics
                .percentile(places.position(|known| known.to_bits() == share.to_bits()).unwrap())
        }
        "Wq" => statistics.waiting_percentile(0, share),
        _ => panic!("no such metric: {metric}"),
    }
}
