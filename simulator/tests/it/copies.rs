//! Instances that are copies of one another, and failovers.

use crate::awaits::calling;
use crate::queues::{experiment, front_of};
use simulator::model::{
    Arrivals, Balancing, Call, Change, Copies, Incident, Instance, Model, Service, Station,
};
use simulator::statistics::{Experiment, run};

/// Three instances that serve at once, called at a rate with a share of writes.
fn copies(rate: f64, writes: f64, lag: Service, items: u32) -> Model {
    let copies = Copies { lag, failover: 3.0, items };
    let instances = vec![Instance::with_servers(1_000_000); 3];
    let station = Station { instances, copies: Some(copies), ..front_of("database") };
    calling(rate, Call { writes, ..Call::to(1, 1.0) }, station)
}

/// Ten writes a second for a thousand, that take 0.55 seconds to the other instances.
fn writes(incidents: Vec<Incident>) -> Model {
    let mut model = copies(10.0, 1.0, Service::Fixed { time: 0.55 }, 1);
    model.sources[0].arrivals = Arrivals::regular(10.0);
    Model { incidents, ..model }
}

fn down(at: f64, instance: usize) -> Incident {
    Incident { at, change: Change::Down { station: 1, instances: vec![instance] } }
}

fn up(at: f64, instance: usize) -> Incident {
    Incident { at, change: Change::Up { station: 1, instances: vec![instance] } }
}

/// Writes that failed, that were lost, and that were done.
fn fates(incidents: Vec<Incident>) -> (f64, f64, u64) {
    let trial = Experiment { trials: 1, ..experiment(0.0, 1_000.0) };
    let statistics = run(&writes(incidents), &trial).unwrap();
    let failed = statistics.offered() as f64 * (1.0 - statistics.goodput().mean);
    let lost = statistics.lost_writes(1).mean * 1_000.0;
    (failed.round(), lost.round(), statistics.visits(1).left)
}

#[test]
fn a_copy_takes_over_without_what_had_not_reached_it() {
    assert_eq!(fates(Vec::new()), (0.0, 0.0, 9_999));
    // Three seconds of writes fail, and of those before six were still under way.
    assert_eq!(fates(vec![down(500.03, 0)]), (30.0, 6.0, 9_999 - 30));
    // With nobody left it takes until somebody is back.
    let all = vec![down(500.03, 0), down(501.0, 1), down(501.0, 2), up(600.03, 2)];
    assert_eq!(fates(all), (1_000.0, 0.0, 9_999 - 1_000));
}

#[test]
fn a_primary_that_is_back_in_time_goes_on() {
    assert_eq!(fates(vec![down(500.03, 0), up(501.03, 0)]), (10.0, 0.0, 9_999 - 10));
    // A copy that dies and comes back stops nothing.
    assert_eq!(fates(vec![down(500.03, 1), up(501.03, 1)]), (0.0, 0.0, 9_999));
    // A new primary is one for good, and a second one follows it.
    let twice = vec![down(500.03, 0), up(510.03, 0), down(520.03, 1)];
    assert_eq!(fates(twice), (60.0, 12.0, 9_999 - 60));
}

#[test]
fn reads_go_to_every_copy_and_are_fresh_without_writes() {
    let mut model = copies(10.0, 0.0, Service::Fixed { time: 9.0 }, 1);
    model.stations[1].balancing = Balancing::LeastOutstanding;
    model.stations[1].service = vec![Service::Fixed { time: 1.0 }];
    let statistics = run(&model, &experiment(10.0, 1_000.0)).unwrap();
    assert!(statistics.stale(1).mean == 0.0);
    assert!((statistics.number(1).mean - 10.0).abs() < 0.5);
    assert!((statistics.visit_rate(1).mean - 10.0).abs() < 0.5);
}
