//! What a simulation of the plan of the seed phrase would have found.

use std::collections::BTreeMap;

use domain::units::{Ppm, Probability, Seconds};
use domain::verification::{
    BreakingLoad, Check, CheckUnit, DayResult, Distribution, DistributionPoint, LoadCurvePoint,
    Method, Observed, ScenarioResult, SeriesPoint, Status, UptimeResult, Verdict, Verification,
};

pub(super) fn verification() -> Verification {
    Verification {
        status: Status::Verified,
        checks: checks(),
        scenarios: vec![
            ScenarioResult {
                distribution: vec![distribution()],
                ..scenario("peak", "the stated peak", 6_100_000)
            },
            scenario("headroom", "25% more than the stated peak", 9_200_000),
            scenario("instance-down:app", "one app instance is down at the peak", 1_900_000),
            zone_loss(),
        ],
        breaking_load: Some(BreakingLoad {
            holds: 1.32,
            breaks: Some(1.34),
            saturates: "app".into(),
        }),
        load_curve: curve(),
        day: Some(DayResult {
            instance_hours: BTreeMap::from([("app".into(), 112.8)]),
            request_level_share: 0.12,
            fluid_error: 0.014,
            worst_goodput: 0.999_9,
        }),
        uptime: Some(UptimeResult {
            request_weighted: Ppm::of(260.4),
            at_twice_the_rates: Ppm::of(514.2),
            structural: Ppm::of(336.5),
            year_within_budget: Probability::of(0.961),
            degraded: Ppm::of(0.0),
            terms: vec![
                ("zone".into(), Ppm::of(152.0)),
                ("change".into(), Ppm::of(74.2)),
                ("region".into(), Ppm::of(22.8)),
            ],
            states: 96,
        }),
        alpha: Probability::of(0.030_396),
        seed: 1,
        generator: "philox2x64-7",
        requests: 18_400_000,
    }
}

fn observed(value: f64, low: f64, high: f64) -> Observed {
    Observed { value, low, high }
}

fn latency(scenario: &str, milliseconds: [f64; 3], verdict: Verdict) -> Check {
    let [value, low, high] = milliseconds.map(|value| value / 1e3);
    Check {
        id: format!("latency-p95@{scenario}"),
        objective: "latency-p95".into(),
        scenario: scenario.into(),
        demanded: scenario != "zone-loss",
        observed: observed(value, low, high),
        limit: 0.4,
        unit: CheckUnit::Seconds,
        verdict,
        method: Method::Sequential,
        trials: 24,
        requests: 6_100_000,
    }
}

fn checks() -> Vec<Check> {
    let uptime = Check {
        id: "uptime".into(),
        objective: "uptime".into(),
        scenario: "states".into(),
        demanded: true,
        observed: observed(260.4, 260.4, 260.4),
        limit: 1_000.0,
        unit: CheckUnit::UnavailabilityPpm,
        verdict: Verdict::Pass,
        method: Method::Exact,
        trials: 0,
        requests: 0,
    };
    let goodput = Check {
        id: "goodput@peak".into(),
        objective: "goodput".into(),
        scenario: "peak".into(),
        demanded: true,
        observed: observed(0.999_98, 0.999_97, 0.999_99),
        limit: 0.999,
        unit: CheckUnit::Share,
        verdict: Verdict::Pass,
        method: Method::Sequential,
        trials: 24,
        requests: 6_100_000,
    };
    vec![
        latency("peak", [24.05, 23.8, 24.3], Verdict::Pass),
        goodput,
        latency("headroom", [61.0, 59.1, 62.9], Verdict::Pass),
        latency("instance-down:app", [33.2, 32.7, 33.7], Verdict::Pass),
        uptime,
        latency("zone-loss", [f64::INFINITY, 1_900.0, f64::INFINITY], Verdict::Fail),
    ]
}

fn scenario(name: &str, summary: &str, requests: u64) -> ScenarioResult {
    let milliseconds = |value: f64| observed(value / 1e3, value / 1.02e3, value / 0.98e3);
    ScenarioResult {
        name: name.into(),
        summary: summary.into(),
        simulated: Seconds::of(1_440.0),
        requests,
        trials: 24,
        goodput: observed(0.999_98, 0.999_97, 0.999_99),
        recovered_after: None,
        latency: vec![
            (500, milliseconds(11.0)),
            (950, milliseconds(24.05)),
            (990, milliseconds(39.0)),
        ],
        distribution: Vec::new(),
        utilisation: BTreeMap::from([
            ("app".into(), observed(0.734, 0.733, 0.735)),
            ("db".into(), observed(0.75, 0.748, 0.752)),
        ]),
        refused: 0.0,
        timed_out: 0.000_01,
        retried: 0.000_02,
        degraded: 0.0,
        series: Vec::new(),
    }
}

/// How long requests take at the peak: the percentiles of it, and what lies around them.
fn distribution() -> Distribution {
    let points = [
        (990_000, 6.1),
        (900_000, 7.3),
        (700_000, 9.0),
        (500_000, 11.0),
        (300_000, 14.1),
        (100_000, 20.2),
        (50_000, 24.05),
        (20_000, 31.8),
        (10_000, 39.0),
        (5_000, 46.4),
        (1_000, 63.9),
        (200, 81.2),
        (100, 83.3),
        (70, 86.0),
    ];
    let point = |(above_ppm, milliseconds): (u32, f64)| {
        // The fewer there are, the less is known.
        let off = 1.0 + 0.3 / f64::from(above_ppm).sqrt();
        let [value, low, high] = [milliseconds, milliseconds / off, milliseconds * off]
            .map(|time| (time * 1e3).round() / 1e6);
        DistributionPoint { above_ppm, latency: observed(value, low, high) }
    };
    Distribution {
        class: None,
        requests: 6_100_000,
        unanswered: 122,
        points: points.map(point).to_vec(),
    }
}

fn zone_loss() -> ScenarioResult {
    let mut lost = scenario("zone-loss", "the fullest zone is lost at the peak", 1_200_000);
    lost.goodput = observed(0.681, 0.676, 0.686);
    lost.recovered_after = Some(Seconds::of(14.0));
    lost.series = vec![SeriesPoint {
        at: Seconds::of(10.0),
        offered: 4_571.0,
        good: 3_113.0,
        latency_p95: 1.9,
        replicas: 4.0,
    }];
    lost
}

/// The hockey stick: flat, then steep, then nothing is answered in time.
fn curve() -> Vec<LoadCurvePoint> {
    let points = [
        (0.25, [9.0, 17.0, 25.0]),
        (0.5, [9.4, 18.0, 27.0]),
        (0.75, [10.0, 20.0, 31.0]),
        (1.0, [11.0, 24.0, 39.0]),
        (1.25, [19.0, 61.0, 120.0]),
        (1.32, [60.0, 390.0, 700.0]),
        (1.5, [1_800.0, f64::INFINITY, f64::INFINITY]),
    ];
    let band = |value: f64| observed(value / 1e3, value / 1.03e3, value / 0.97e3);
    points
        .map(|(factor, [p50, p95, p99])| LoadCurvePoint {
            factor,
            p50: band(p50),
            p95: band(p95),
            p99: band(p99),
            goodput: observed(1.0, 1.0, 1.0),
        })
        .to_vec()
}
