//! Bursts within a minute: they reach every scenario, and leave the load what it is on average.

use crate::common::{demand, topology};
use domain::verification::{ScenarioResult, Verification};
use simulator::{Evidence, Minute, Settings, verify_scenarios};

fn judged(minute: Option<&Minute>) -> Verification {
    let names: Vec<String> =
        ["peak", "day", "instance-down:app"].iter().map(|name| (*name).to_owned()).collect();
    let settings =
        Settings { evidence: Evidence::Always, minute: minute.copied(), ..Settings::default() };
    verify_scenarios(&demand(), &topology(), &names, &settings, &|_| {}).unwrap()
}

fn p95(scenario: &ScenarioResult) -> f64 {
    let found = scenario.latency.iter().find(|(permille, _)| *permille == 950);
    found.expect("the percentile is always shown").1.value
}

#[test]
fn bursts_slow_every_scenario_and_bring_no_more_requests() {
    let calm = judged(None);
    // Three seconds of a minute with more than the app can do, 57 with less than the mean.
    let mut rates = [0.95; 60];
    for burst in [10, 11, 40] {
        rates[burst] = 1.95;
    }
    let bursty = judged(Minute::new(&rates).as_ref());
    for (calm, bursty) in calm.scenarios.iter().zip(&bursty.scenarios) {
        assert_eq!(calm.name, bursty.name);
        assert!(p95(bursty) > 1.5 * p95(calm), "{}: {} {}", calm.name, p95(calm), p95(bursty));
    }
    let used = |found: &Verification| found.scenarios[0].utilisation["app"];
    assert!((used(&calm).value - used(&bursty).value).abs() < 0.05, "the mean load stays");
}

#[test]
fn an_even_minute_changes_nothing_but_the_draws() {
    let (calm, even) = (judged(None), judged(Minute::new(&[3.0; 60]).as_ref()));
    for (calm, even) in calm.scenarios.iter().zip(&even.scenarios) {
        assert!((p95(even) / p95(calm) - 1.0).abs() < 0.1, "{}", calm.name);
    }
}
