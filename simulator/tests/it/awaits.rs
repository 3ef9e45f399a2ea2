//! Visits that wait for some of their calls, or for none.

use crate::queues::{experiment, front_of, model};
use simulator::model::{
    Arrivals, Awaits, Balancing, Call, Change, Incident, Instance, Model, Service, Source, Station,
};
use simulator::statistics::{Experiment, run};

/// Requests at a rate, each of which makes calls to a station.
pub(crate) fn calling(rate: f64, call: Call, station: Station) -> Model {
    let front = Station { calls: vec![vec![call]], ..front_of("front") };
    model(Source::of(Arrivals::poisson(rate)), vec![front, station])
}

/// One request of three calls that take 1, 2 and 3 seconds, of which two are awaited.
fn replicas() -> Model {
    let call = Call { awaits: Awaits::First(2), ..Call::to(1, 3.0) };
    let instance = Instance::with_servers(1);
    let speeds = [1.0, 0.5, 1.0 / 3.0];
    let instances = speeds.map(|speed| Instance { speed, ..instance }).to_vec();
    let station = Station::queue("replicas", instances, Service::Fixed { time: 1.0 });
    let station = Station { balancing: Balancing::RoundRobin, ..station };
    let mut model = calling(1.0, call, station);
    model.sources[0].arrivals = Arrivals::regular(0.1);
    model
}

#[test]
fn a_quorum_is_as_fast_as_the_slowest_answer_that_it_needs() {
    let latency = |model: &Model| {
        let statistics = run(model, &experiment(100.0, 1_000.0)).unwrap();
        assert!((statistics.goodput().mean - 1.0).abs() < 1e-12);
        statistics.latency().mean
    };
    let mut model = replicas();
    assert!((latency(&model) - 2.0).abs() < 1e-6);
    // Without the fastest, the other two are needed.
    let down = |instances| Incident { at: 50.5, change: Change::Down { station: 1, instances } };
    model.incidents = vec![down(vec![0])];
    assert!((latency(&model) - 3.0).abs() < 1e-6);
    // One is not enough.
    model.incidents = vec![down(vec![0, 2])];
    let statistics = run(&model, &experiment(100.0, 1_000.0)).unwrap();
    assert!(statistics.goodput().mean == 0.0);
}

#[test]
fn a_caller_that_dies_takes_its_quorum_with_it_and_leaves_its_messages() {
    let mut model = replicas();
    model.incidents = vec![
        Incident { at: 500.5, change: Change::Down { station: 0, instances: vec![0] } },
        Incident { at: 501.0, change: Change::Up { station: 0, instances: vec![0] } },
    ];
    let trial = Experiment { trials: 1, ..experiment(0.0, 995.5) };
    // Of 99 requests, that of the 500th second is lost.
    let statistics = run(&model, &trial).unwrap();
    assert!((statistics.goodput().mean - 98.0 / 99.0).abs() < 1e-9, "{:?}", statistics.goodput());
    assert_eq!(statistics.visits(1).left, 297);
    model.stations[0].calls[0][0].awaits = Awaits::Nothing;
    let statistics = run(&model, &trial).unwrap();
    assert!((statistics.goodput().mean - 1.0).abs() < 1e-9, "{:?}", statistics.goodput());
    assert!((statistics.latency().mean).abs() < 1e-9);
    assert_eq!(statistics.visits(1).left, 297);
}
