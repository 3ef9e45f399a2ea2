//! Loads and sizes that nobody has, and that must be answered all the same: no hang, no panic.

use crate::common::{APP, CACHE, DB, demand, objectives, topology};
use domain::demand::Demand;
use domain::topology::{InstanceLimits, Topology};
use domain::units::{Ratio, RequestsPerSecond, Seconds};
use domain::verification::{Status, Verification};
use simulator::{Evidence, Settings, verify};

fn judged(demand: &Demand, topology: &Topology) -> Verification {
    let settings =
        Settings { evidence: Evidence::Always, request_limit: 200_000, ..Settings::default() };
    verify(demand, topology, &settings, &|_| {}).unwrap()
}

fn at(rate: f64) -> Demand {
    let mut demand = demand();
    demand.load.peak = RequestsPerSecond::of(rate);
    demand
}

#[test]
fn no_load_at_all_is_carried() {
    let found = judged(&at(0.0), &topology());
    assert_eq!(found.status, Status::Verified, "{:?}", found.first_objection());
    assert_eq!(found.requests, 0);
}

#[test]
fn a_request_in_thirty_years_is_carried() {
    let found = judged(&at(1e-9), &topology());
    assert_eq!(found.status, Status::Verified, "{:?}", found.first_objection());
}

#[test]
fn a_few_requests_a_second_are_carried() {
    for rate in [0.1, 1.4, 46.0] {
        let found = judged(&at(rate), &topology());
        assert_eq!(found.status, Status::Verified, "{rate}: {:?}", found.first_objection());
        let day = found.day.unwrap();
        assert!(rate > 2.0 || day.request_level_share >= 0.1, "{rate}: {day:?}");
    }
}

#[test]
fn far_too_many_requests_are_refused() {
    for rate in [1e5, 1e9] {
        let found = judged(&at(rate), &topology());
        assert_ne!(found.status, Status::Verified, "{rate}");
        assert!(found.requests < 10_000_000, "{rate}: {}", found.requests);
    }
}

#[test]
fn a_million_requests_a_second_on_two_thousand_machines_are_held_or_undecided() {
    let mut topology = topology();
    topology.services[APP].pools[0].per_zone = vec![1_000, 1_000];
    topology.services[APP].pools[0].autoscaler = None;
    topology.services[DB].pools[0].servers = 4_000;
    topology.services[CACHE].pools[0].servers = 200;
    let mut demand = at(1e6);
    demand.services[CACHE].servers_max = None;
    let found = judged(&demand, &topology);
    assert_ne!(found.status, Status::Refuted, "{:?}", found.first_objection());
    assert!(found.requests < 10_000_000, "{}", found.requests);
}

#[test]
fn a_hundred_thousand_machines_are_numbered() {
    let mut topology = topology();
    topology.services[APP].pools[0].per_zone = vec![50_000, 50_000];
    topology.services[APP].pools[0].autoscaler = None;
    let found = judged(&at(1_000.0), &topology);
    assert_eq!(found.status, Status::Verified, "{:?}", found.first_objection());
}

#[test]
fn nothing_to_serve_with_is_refuted() {
    let mut none = topology();
    none.services[APP].pools[0].per_zone = vec![0, 0];
    assert_eq!(judged(&demand(), &none).status, Status::Refuted);
    let mut idle = topology();
    idle.services[DB].pools[0].servers = 0;
    assert_eq!(judged(&demand(), &idle).status, Status::Refuted);
    let mut closed = topology();
    closed.services[APP].limits = Some(InstanceLimits { queue: 1_000, in_flight: 0 });
    assert_eq!(judged(&demand(), &closed).status, Status::Refuted);
}

#[test]
fn retries_of_retries_end() {
    // Twelve services in a row, each of which tries everything twice, in front of a dead one.
    let mut demand = at(50.0);
    demand.objectives = objectives(990_000, 950, 0.4);
    let mut topology = topology();
    let app = demand.services[APP].clone();
    let machines = topology.services[APP].clone();
    demand.services.truncate(1);
    topology.services.truncate(1);
    for depth in 0..12 {
        let mut service = app.clone();
        service.name = domain::name::Name::of(&format!("tier-{depth}"));
        service.on_failure.retry_budget = Ratio::ONE;
        service.on_failure.timeout = Seconds::of(0.05);
        service.calls = vec![crate::common::call(depth + 2, 1.0, 0)];
        demand.services.push(service);
        topology.services.push(machines.clone());
    }
    demand.services[12].calls.clear();
    topology.services[12].pools[0].per_zone = vec![0, 0];
    assert_eq!(judged(&demand, &topology).status, Status::Refuted);
}

#[test]
fn one_zone_and_one_machine_are_judged() {
    let mut demand = at(100.0);
    demand.objectives = objectives(990_000, 950, 0.4);
    let mut topology = topology();
    topology.zones = 1;
    for deployment in &mut topology.services {
        for pool in &mut deployment.pools {
            pool.per_zone = vec![1];
        }
    }
    topology.services[CACHE].redundancy = domain::topology::Redundancy::Single;
    topology.services[DB].redundancy = domain::topology::Redundancy::Single;
    let found = judged(&demand, &topology);
    assert_eq!(found.status, Status::Verified, "{:?}", found.first_objection());
    let ppm = found.uptime.unwrap().request_weighted.value();
    assert!(ppm > 250.0 && ppm < 420.0, "one zone, everything single: {ppm}");
}
