//! Calls that need a connection, and what becomes of those.

use crate::awaits::calling;
use crate::queues::experiment;
use simulator::model::{
    Arrivals, Call, Change, Connections, Incident, Instance, Model, Resilience, Service, Station,
};
use simulator::statistics::{Experiment, run};

/// One request every ten seconds makes four calls at once that take a second each.
fn bunches(most: u32) -> Model {
    let call = Call { parallel: true, ..Call::to(1, 4.0) };
    let instances = vec![Instance::with_servers(9)];
    let station = Station::queue("back", instances, Service::Fixed { time: 1.0 });
    let mut model = calling(1.0, call, station);
    model.sources[0].arrivals = Arrivals::regular(0.1);
    model.stations[0].connections = vec![Connections::to(1, most)];
    model
}

#[test]
fn calls_at_once_take_as_many_turns_as_there_are_connections() {
    for (most, turns) in [(1, 4.0), (2, 2.0), (3, 2.0), (4, 1.0)] {
        let statistics = run(&bunches(most), &experiment(0.0, 1_000.0)).unwrap();
        assert!((statistics.latency().mean - turns).abs() < 1e-6, "{most}");
    }
}

#[test]
fn a_caller_that_gives_up_lets_go_of_its_connection() {
    let mut model = bunches(1);
    model.stations[0].resilience = Resilience { timeout: Some(0.25), ..Resilience::NONE };
    let statistics = run(&model, &experiment(0.0, 1_000.0)).unwrap();
    // In four trials of 99 requests, all four calls are sent a quarter of a second after one
    // another, and nobody waits for their work.
    assert!(statistics.goodput().mean == 0.0);
    assert_eq!(statistics.visits(1).arrived, 4 * 4 * 99);
}

#[test]
fn what_waits_for_a_connection_dies_with_its_caller() {
    let mut model = bunches(1);
    model.incidents = vec![
        Incident { at: 501.5, change: Change::Down { station: 0, instances: vec![0] } },
        Incident { at: 505.0, change: Change::Up { station: 0, instances: vec![0] } },
    ];
    let trial = Experiment { trials: 1, ..experiment(0.0, 995.5) };
    let statistics = run(&model, &trial).unwrap();
    // Of four calls two were sent, and the pool is whole again for the next request.
    assert_eq!(statistics.visits(1).arrived, 4 * 99 - 2);
    assert!((statistics.goodput().mean - 98.0 / 99.0).abs() < 1e-9);
    assert!((statistics.latency().mean - 4.0).abs() < 1e-6);
}
