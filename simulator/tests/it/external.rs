//! Services of somebody else: how long a request waits for one, against the lognormal time that it
//! is, and what its outages lose.

use crate::common::{APP, call, demand, deployment, service, topology};
use domain::demand::Demand;
use domain::external::External;
use domain::intent::ServiceKind;
use domain::topology::{Redundancy, Topology};
use domain::units::{Ratio, Seconds};
use domain::verification::UptimeResult;
use simulator::{Evidence, Settings, verify, verify_scenarios};

const P50: f64 = 0.12;
const P99: f64 = 0.6;
const NORMAL_P99: f64 = 2.326_347_874_040_841;

/// The seed phrase's system, whose app calls somebody else with that probability.
fn calling(probability: f64, uptime: f64) -> (Demand, Topology) {
    let (mut demand, mut topology) = (demand(), topology());
    let at = demand.services.len();
    demand.load.peak = domain::units::RequestsPerSecond::of(457.0);
    demand.services[APP].calls.push(call(at, probability, 1));
    let sigma = libm::log(P99 / P50) / NORMAL_P99;
    let mean = P50 * libm::exp(sigma * sigma / 2.0);
    let cv = libm::expm1(sigma * sigma).sqrt();
    let mut other = service("payments", ServiceKind::External, mean, cv);
    other.external =
        Some(External { p50: Seconds::of(P50), p99: Seconds::of(P99), uptime: Ratio::of(uptime) });
    demand.services.push(other);
    topology.services.push(deployment(None, Redundancy::Active));
    (demand, topology)
}

/// What a scenario finds the 99th percentile of all requests to be.
fn p99(demand: &Demand, topology: &Topology, scenario: &str) -> f64 {
    let mut demand = demand.clone();
    let objective = &mut demand.objectives.latency[0];
    objective.percentile = domain::units::Percentile::from_permille(990).unwrap();
    objective.limit = Seconds::of(2.0);
    let names = [scenario.to_owned()];
    let found = verify_scenarios(&demand, topology, &names, &Settings::default(), &|_| {}).unwrap();
    let checks = found.checks.iter();
    let check = checks.clone().find(|check| check.objective == "latency-p99").unwrap();
    assert!(check.observed.low <= check.observed.value, "{check:?}");
    check.observed.value
}

#[test]
fn requests_wait_for_its_answers_and_it_never_for_a_server() {
    let (demand, topology) = calling(1.0, 0.9999);
    // Its own time is at most what a request takes, and all else takes little at a tenth of the
    // load: 99% are answered within 600 ms and some tens of milliseconds.
    for scenario in ["peak", "headroom"] {
        let found = p99(&demand, &topology, scenario);
        assert!(found > 0.55 && found < 0.68, "{scenario}: {found}");
    }
}

fn uptime(demand: &Demand, topology: &Topology) -> UptimeResult {
    let settings = Settings { evidence: Evidence::Always, ..Settings::default() };
    verify(demand, topology, &settings, &|_| {}).unwrap().uptime.unwrap()
}

#[test]
fn its_outages_lose_the_requests_that_call_it() {
    for (probability, away) in [(1.0, 1e-3), (0.2, 1e-3), (0.2, 0.2)] {
        let (mut demand, topology) = calling(probability, 1.0 - away);
        // A second attempt of a client may be one that does not call it.
        demand.services[0].on_failure.retries = 0;
        let found = uptime(&demand, &topology);
        let term = found.terms.iter().find(|(name, _)| name == "payments").unwrap().1.value();
        let exact = probability * away * 1e6;
        // A share of some thousand simulated requests: within a twentieth.
        assert!((term / exact - 1.0).abs() < 0.05, "{probability}, {away}: {term} for {exact}");
    }
}
