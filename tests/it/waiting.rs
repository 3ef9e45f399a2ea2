//! What the solver takes the wait behind a balancer to be, beside what the simulator finds.

use domain::topology::Balancing;
use domain::units::Percentile;
use solver::percentile::GammaPercentile;
use solver::queueing::{Moments, WaitingModel};

use crate::support::program::with_input;

/// Coefficient of variation of the work: that of the archetypes.
const CV: f64 = 1.2;
/// By how much a percentile may be taken too small, and too large: what docs/book/src/queueing.md
/// states for this coefficient of variation, and what the interval of a simulation adds.
const SMALL: f64 = 0.88;
const LARGE: f64 = 1.5;

/// The names of the policies in a model.
const POLICIES: [(Balancing, &str); 4] = [
    (Balancing::LeastOutstanding, "least_outstanding"),
    (Balancing::PowerOfTwo, "power_of_two"),
    (Balancing::RoundRobin, "round_robin"),
    (Balancing::Random, "random"),
];

/// Fleets: instances, servers of each, utilisation.
const FLEETS: [(u32, u32, f64); 4] = [(2, 2, 0.7), (4, 4, 0.85), (12, 2, 0.7), (12, 2, 0.9)];

/// The 95th and 99th percentile of a stay with work of one second, as the simulator finds them.
fn simulated((instances, servers, busy): (u32, u32, f64), policy: &str) -> [f64; 2] {
    let rate = f64::from(instances * servers) * busy;
    let model = format!(
        "apiVersion: plimsoll/v1\nkind: Model\narrivals: {{rate: {rate}/s}}\nstations:\n  \
         app: {{instances: {instances}, servers: {servers}, balancer: {policy}, \
         service: {{lognormal: {{mean: 1s, cv: {CV}}}}}}}\nrun: {{precision: 2%}}\n"
    );
    let said = with_input(&["simulate", "-", "--json"], model);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let requests = &said.json()["requests"]["percentiles"];
    ["p95", "p99"].map(|name| requests[name]["value"].as_f64().expect("a percentile"))
}

/// The same as the solver has it.
fn estimated((instances, servers, busy): (u32, u32, f64), policy: Balancing) -> [f64; 2] {
    let rate = f64::from(instances * servers) * busy;
    let work = Moments { mean: 1.0, variance: CV * CV };
    let fleet = (policy, instances);
    let wait = WaitingModel::default().waiting_in_fleet(fleet, servers, rate, work);
    let stay = wait.expect("the load is below the capacity").plus(work);
    [Percentile::P95, Percentile::P99].map(|percentile| {
        GammaPercentile::tabulated(percentile).at(stay.mean, stay.variance.sqrt())
    })
}

#[test]
fn percentiles_behind_every_policy_are_as_near_as_the_book_says() {
    for fleet in FLEETS {
        for (policy, name) in POLICIES {
            let (found, taken) = (simulated(fleet, name), estimated(fleet, policy));
            for (found, taken) in found.into_iter().zip(taken) {
                let ratio = taken / found;
                assert!(
                    (SMALL..=LARGE).contains(&ratio),
                    "{name} over {fleet:?}: {taken:.3} s, and it is {found:.3} s"
                );
            }
        }
    }
}

#[test]
fn a_random_choice_is_not_taken_for_the_shortest_queue() {
    let fleet = (12, 2, 0.9);
    let [shortest, _] = simulated(fleet, "least_outstanding");
    let [random, _] = estimated(fleet, Balancing::Random);
    assert!(random > 3.0 * shortest, "{random:.2} s of a random choice, {shortest:.2} s");
}
