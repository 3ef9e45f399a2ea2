//! Every attempt of a request asks for the same things: trying again helps against an instance that
//! does not answer, and not against the only one that has what is asked for.

use crate::queues::{experiment, model, source};
use simulator::model::{
    Backoff, Change, Incident, Instance, Model, Resilience, Route, Service, Station,
};
use simulator::statistics::run;

/// Four tries, at once one after the other.
const PERSISTENT: Resilience =
    Resilience { timeout: None, retries: 3, budget: None, backoff: Backoff::jitter(0.0) };

fn station(name: &str, instances: Vec<Instance>) -> Station {
    Station::queue(name, instances, Service::Fixed { time: 0.0 })
}

/// An instance with room for all, of a shard, that is there or not.
fn instance(shard: u32, serving: bool) -> Instance {
    Instance { shard, serving, ..Instance::with_servers(1_000) }
}

/// Half of the requests need what is not there: lost are those and no others, within five
/// standard deviations of a share of as many.
fn loses_half(model: &Model) {
    let statistics = run(model, &experiment(1.0, 2_500.0)).unwrap();
    let offered = statistics.offered() as f64;
    assert!(offered > 90_000.0, "{offered}");
    let good = statistics.goodput().mean;
    assert!((good - 0.5).abs() < 5.0 * 0.5 / offered.sqrt(), "{good}");
}

#[test]
fn a_client_that_needs_a_lost_shard_does_not_find_it_in_another() {
    let mut shards = station("shards", vec![instance(0, false), instance(1, true)]);
    shards.shards = 2;
    loses_half(&model(source(10.0, PERSISTENT), vec![shards]));
}

#[test]
fn a_request_that_goes_on_to_a_lost_station_goes_there_in_every_attempt() {
    let mut front = station("front", vec![instance(0, true)]);
    let route = |to| Route { to, chance: 0.5 };
    front.routes = vec![vec![route(1), route(2)]];
    let lost = station("lost", vec![instance(0, false)]);
    let found = station("found", vec![instance(0, true)]);
    loses_half(&model(source(10.0, PERSISTENT), vec![front, lost, found]));
}

#[test]
fn what_the_station_after_next_needs_is_the_same_in_every_attempt() {
    let mut front = station("front", vec![instance(0, true)]);
    front.routes = vec![vec![Route { to: 1, chance: 1.0 }]];
    let mut shards = station("shards", vec![instance(0, false), instance(1, true)]);
    shards.shards = 2;
    loses_half(&model(source(10.0, PERSISTENT), vec![front, shards]));
}

#[test]
fn another_instance_of_the_same_shard_rescues_every_request() {
    let instances = vec![instance(0, true), instance(0, true), instance(1, true)];
    let mut shards = station("shards", instances);
    shards.shards = 2;
    let mut model = model(source(10.0, Resilience { retries: 100, ..PERSISTENT }), vec![shards]);
    let down = Change::Down { station: 0, instances: vec![0] };
    model.incidents = vec![Incident { at: 0.0, change: down }];
    let statistics = run(&model, &experiment(1.0, 250.0)).unwrap();
    assert!((statistics.goodput().mean - 1.0).abs() < 1e-12, "{:?}", statistics.goodput());
}
