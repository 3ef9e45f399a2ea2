//! The simulator against closed forms: `tests/tables/queueing.csv`, case by case.
//!
//! Twenty trials with fixed seeds; a metric agrees when its mean is within t standard errors of the
//! exact value, t being Student's quantile with an error of 0.1% over all metrics of the table
//! (Bonferroni), and the standard error is at most 1% of the exact value: a simulator that is wrong
//! by a few percent is found out, and a right one is not accused.
//!
//! Systems that are more than one plain queue are in `systems.rs`. Not here: a few metrics that are
//! too rare for a standard error of 1% in a minute (the far percentiles and the variance of M/M/1
//! and M/D/1 above 90%, the far percentiles of the wait in front of 32 and 100 servers at 95%, the
//! idle 2·10⁻⁷ of an M/M/8/40 at 150%, the variance of the wait behind lognormal services of
//! squared variation 4), and the variance of the wait behind Pareto services, whose estimator has
//! none.

use std::collections::BTreeMap;

use simulator::model::{
    Arrivals, Balancing, Batch, Instance, Model, Network, Rate, Resilience, Service, Source,
    Station,
};
use simulator::random::student_quantile;
use simulator::statistics::{Estimate, Experiment, Statistics, run};

const TABLE: &str = include_str!("../../../tests/tables/queueing.csv");
/// Trials of each case.
const TRIALS: u32 = 20;
/// Percentiles that a metric may name.
const PERCENTILES: [(&str, f64); 5] =
    [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)];

/// A queue with what is known of it.
struct Case {
    model: Model,
    observed: f64,
    metrics: Vec<(String, f64)>,
}

/// The fields of a line, some of them in quotation marks.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().unwrap().push(letter),
        }
    }
    fields
}

/// A distribution such as `erlang(2,1.0)`.
fn distribution(text: &str) -> Service {
    let (name, rest) = text.split_once('(').unwrap();
    let numbers: Vec<f64> =
        rest.trim_end_matches(')').split(',').map(|number| number.parse().unwrap()).collect();
    match name {
        "fixed" => Service::Fixed { time: numbers[0] },
        "exponential" => Service::Exponential { mean: numbers[0] },
        "lognormal" => Service::LogNormal { mean: numbers[0], cv: numbers[1] },
        "uniform" => Service::Uniform { low: numbers[0], high: numbers[1] },
        "pareto" => Service::Pareto { scale: numbers[0], shape: numbers[1] },
        "erlang" => Service::Erlang { stages: whole(numbers[0]), mean: numbers[1] },
        "hyperexponential" => Service::Hyperexponential {
            branches: numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect(),
        },
        other => panic!("no such distribution: {other}"),
    }
}

fn arrivals(text: &str) -> Arrivals {
    let rate: f64 = text.split_once('(').unwrap().1.trim_end_matches(')').parse().unwrap();
    let gaps = match text.split_once('(').unwrap().0 {
        "poisson" => Service::Exponential { mean: 1.0 },
        "regular" => Service::Fixed { time: 1.0 },
        other => panic!("no such arrivals: {other}"),
    };
    Arrivals { gaps, rate: Rate::Constant(rate), batch: Batch::Single }
}

fn instances(text: &str, servers: u32) -> Vec<Instance> {
    let instance = Instance::with_servers(servers);
    match text.parse::<usize>() {
        Ok(count) => vec![instance; count],
        Err(_) => text
            .split(';')
            .map(|speed| Instance { speed: speed.parse().unwrap(), ..instance })
            .collect(),
    }
}

fn policy(text: &str) -> Balancing {
    match text {
        "random" => Balancing::Random,
        "round_robin" => Balancing::RoundRobin,
        "least_outstanding" => Balancing::LeastOutstanding,
        "power_of_two" => Balancing::PowerOfTwo,
        other => panic!("no such policy: {other}"),
    }
}

fn cases() -> BTreeMap<String, Case> {
    let mut cases = BTreeMap::new();
    let lines = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
    for line in lines {
        let fields = fields(line);
        let [name, source, service, servers, count, balancing, queue, observed, metric, value, _] =
            fields.as_slice()
        else {
            panic!("a line has other fields: {line}");
        };
        let case = cases.entry(name.clone()).or_insert_with(|| {
            let instances = instances(count, servers.parse().unwrap());
            let station = Station {
                balancing: policy(balancing),
                queue_limit: queue.parse().ok(),
                ..Station::queue("queue", instances, distribution(service))
            };
            let source = Source {
                arrivals: arrivals(source),
                users: None,
                mix: vec![1.0],
                enters: vec![0],
                resilience: Resilience::NONE,
                zones: Vec::new(),
                deadline: None,
            };
            let model = Model {
                classes: 1,
                sources: vec![source],
                stations: vec![station],
                network: Network::default(),
                incidents: Vec::new(),
                controllers: Vec::new(),
            };
            Case { model, observed: observed.parse().unwrap(), metrics: Vec::new() }
        });
        case.metrics.push((metric.clone(), value.parse().unwrap()));
    }
    cases
}

/// What the simulation found of a metric.
fn found(statistics: &Statistics, metric: &str) -> Estimate {
    let percentile = |name: &str| PERCENTILES.iter().position(|known| known.0 == name).unwrap();
    match metric {
        "W" | "W~" => statistics.latency(),
        "Wq" => statistics.waiting(0),
        "L" => statistics.in_system(),
        "Lq" => statistics.queue(0),
        "utilisation" => statistics.utilisation(0),
        "P_wait" => statistics.waited(0),
        "P_loss" => statistics.refused(0),
        "throughput" => statistics.throughput(),
        "var_Wq" => statistics.waiting_variance(0),
        "var_W" => statistics.latency_variance(),
        other => match other.split_once('_').unwrap() {
            ("W", name) => statistics.percentile(percentile(name)),
            ("Wq", name) => statistics.waiting_percentile(0, PERCENTILES[percentile(name)].1),
            _ => panic!("no such metric: {other}"),
        },
    }
}

#[test]
fn every_known_answer_is_met() {
    let cases = cases();
    let metrics: usize = cases.values().map(|case| case.metrics.len()).sum();
    let quantile = student_quantile(1.0 - 0.001 / metrics as f64 / 2.0, TRIALS - 1);
    let mut faults = Vec::new();
    for (name, case) in &cases {
        let experiment = Experiment {
            seed: 20_261_122,
            scenario: name.clone(),
            trials: TRIALS,
            warm_up: case.observed * 0.1,
            observed: case.observed * 2.8,
            load: 1.0,
            percentiles: PERCENTILES.iter().map(|percentile| percentile.1).collect(),
            waits: true,
            levels: false,
        };
        let statistics = run(&case.model, &experiment).unwrap();
        for (metric, exact) in &case.metrics {
            let estimate = found(&statistics, metric);
            // A loss of 1e-3 and more is met to 1% of itself; so is everything else.
            let error = (estimate.mean - exact).abs();
            let allowed = if metric == "W~" { 0.01 * exact } else { 0.0 };
            if estimate.standard_error > 0.01 * exact {
                faults.push(format!(
                    "{name} {metric}: standard error {} of {exact}",
                    estimate.standard_error
                ));
            }
            if error > quantile * estimate.standard_error + allowed {
                faults.push(format!("{name} {metric}: {estimate:?} against {exact}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {metrics} metrics:\n{}", faults.len(), faults.join("\n"));
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small whole number of a table"
)]
fn whole(number: f64) -> u32 {
    number as u32
}
