//! Instances that die by themselves, and how that goes.

use crate::queues::{experiment, front_of, model};
use crate::systems::exponential;
use simulator::model::{
    Arrivals, Balancing, Change, HealthCheck, Incident, Instance, Life, Model, Service, Source,
    Station, WarmUp,
};
use simulator::statistics::run;

/// Instances that never make anybody wait.
fn instances(count: usize, rate: f64, service: Service, life: Life) -> Model {
    let instances = vec![Instance::with_servers(1_000_000); count];
    let station =
        Station { instances, service: vec![service], life: Some(life), ..front_of("station") };
    model(Source::of(Arrivals::poisson(rate)), vec![station])
}

const MORTAL: Life = Life {
    lasts: None,
    repair: Service::Fixed { time: 100.0 },
    check: Some(HealthCheck { interval: 10.0, unhealthy_after: 3, healthy_after: 2 }),
    warm_up: None,
};

/// One of two instances in turn is down for a hundred seconds.
fn outage(life: Life) -> Model {
    let mut model = instances(2, 1.0, Service::Fixed { time: 0.5 }, life);
    model.sources[0].arrivals = Arrivals::regular(1.0);
    model.stations[0].balancing = Balancing::RoundRobin;
    let (station, instances) = (0, vec![0]);
    model.incidents = vec![
        Incident { at: 500.1, change: Change::Down { station, instances: instances.clone() } },
        Incident { at: 600.1, change: Change::Up { station, instances } },
    ];
    model
}

#[test]
fn checks_find_out_what_died_of_whatever() {
    let lost = |life: Life| {
        let statistics = run(&outage(life), &experiment(0.0, 999.5)).unwrap();
        let lost = 1.0 - statistics.goodput().mean;
        (lost * statistics.offered() as f64 / 4.0, statistics)
    };
    // Every second request of a hundred seconds, one of them sent before.
    let (unchecked, _) = lost(Life { check: None, ..MORTAL });
    assert!((unchecked - 50.0).abs() <= 1.0, "{unchecked}");
    // Twenty to thirty seconds, and nothing after that.
    let (checked, statistics) = lost(MORTAL);
    assert!((10.0..=16.0).contains(&checked), "{checked}");
    assert_eq!(statistics.visits(0).refused, 0);
    let check = Some(HealthCheck { interval: 1.0, unhealthy_after: 1, healthy_after: 1 });
    let (checked, _) = lost(Life { check, ..MORTAL });
    assert!(checked <= 2.0, "{checked}");
}

#[test]
fn whoever_is_back_is_slow_for_a_while() {
    let warm_up = Some(WarmUp { time: 40.2, slowness: 3.0 });
    let statistics =
        run(&outage(Life { check: None, warm_up, ..MORTAL }), &experiment(610.0, 100.5)).unwrap();
    // Of 101 requests, every second one of those until 640 takes three times as long.
    let slow = (statistics.latency().mean - 0.5) * 101.0;
    assert!((slow - 15.0).abs() <= 1.0 || (slow - 16.0).abs() <= 1e-9, "{slow}");
}

/// Who waits for ever is given up when everybody else has gone, although instances die on and on.
#[test]
fn a_run_ends_though_nothing_comes_to_its_end() {
    let life = Life { lasts: Some(exponential(5.0)), repair: exponential(1.0), ..MORTAL };
    let mut model = instances(2, 1.0, exponential(1.0), life);
    model.stations[0].instances[0].servers = 0;
    let statistics = run(&model, &experiment(0.0, 100.0)).unwrap();
    assert!(statistics.goodput().mean < 0.9);
}

#[test]
fn lives_without_time_are_refused() {
    for life in [
        Life { lasts: Some(Service::Fixed { time: 0.0 }), ..MORTAL },
        Life { repair: Service::Fixed { time: 0.0 }, ..MORTAL },
        Life {
            check: Some(HealthCheck { interval: 0.0, unhealthy_after: 1, healthy_after: 1 }),
            ..MORTAL
        },
        Life { warm_up: Some(WarmUp { time: f64::NAN, slowness: 1.0 }), ..MORTAL },
    ] {
        assert!(outage(life).validate().is_err());
    }
}
