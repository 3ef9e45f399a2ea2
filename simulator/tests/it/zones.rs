//! Calls that stay in the zone that they come from.

use crate::queues::{experiment, front_of, model};
use simulator::model::{
    Arrivals, Balancing, Call, Instance, Model, Network, Service, Source, Station,
};
use simulator::statistics::run;

/// Instances that serve at once, by zone, and a second from zone to zone.
fn spread(name: &str, per_zone: [usize; 3]) -> Station {
    let of = |zone: u16| Instance { zone, ..Instance::with_servers(1_000_000) };
    let zones = (0..).zip(per_zone).flat_map(|(zone, count)| vec![of(zone); count]);
    Station { instances: zones.collect(), ..front_of(name) }
}

fn region(per_zone: [usize; 3], near: Option<u32>) -> Model {
    let station = Station { near, ..spread("station", per_zone) };
    let source = Source { zones: vec![0, 1, 2], ..Source::of(Arrivals::poisson(1.0)) };
    let network = Network { same_zone: 0.0, cross_zone: 1.0 };
    Model { network, ..model(source, vec![station]) }
}

#[test]
fn calls_stay_in_their_zone_from_visit_to_visit() {
    let latency = |model: &Model| {
        let statistics = run(model, &experiment(10.0, 2_000.0)).unwrap();
        assert!((statistics.goodput().mean - 1.0).abs() < 1e-12);
        statistics.latency().mean
    };
    for balancing in [Balancing::Random, Balancing::LeastOutstanding, Balancing::RoundRobin] {
        let mut model = region([2, 1, 2], Some(1));
        model.stations[0].balancing = balancing;
        model.stations[0].calls = vec![vec![Call::to(1, 2.0)]];
        let back = Station { near: Some(1), ..spread("back", [1, 2, 2]) };
        model.stations.push(Station { balancing, ..back });
        assert!(latency(&model) == 0.0, "{balancing:?}");
        // A zone without anybody is served from the others.
        model.stations[1] = Station { near: Some(1), balancing, ..spread("back", [0, 2, 2]) };
        let found = latency(&model);
        assert!((found - 2.0 / 3.0).abs() < 0.05, "{balancing:?}: {found}");
    }
}

#[test]
fn calls_leave_their_zone_when_too_few_serve_there() {
    let share = |model: &Model| run(model, &experiment(10.0, 2_000.0)).unwrap().latency().mean;
    assert!(share(&region([2, 2, 2], Some(2))) == 0.0);
    let mut model = region([2, 2, 2], Some(2));
    model.stations[0].instances[0].serving = false;
    // A third of the calls goes to any of five, four of which are elsewhere.
    assert!((share(&model) - 4.0 / 15.0).abs() < 0.03);
    model.stations[0].service = vec![Service::Fixed { time: 1.0 }];
    assert!((share(&model) - 19.0 / 15.0).abs() < 0.03);
}
