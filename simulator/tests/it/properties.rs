//! Generated models and topologies: whatever they are, a run ends, its identities hold (they are
//! asserted inside every trial of a debug build), and no verdict panics.

use domain::topology::{Balancing, InstanceLimits, Pool, Redundancy};
use domain::units::{Ratio, RequestsPerSecond};
use proptest::prelude::*;
use simulator::control::{
    Adjustment, Alarm, Controller, HorizontalPod, Policy, Schedule, Step, StepScaling,
    TargetTracking, Window,
};
use simulator::model::{
    Awaits, Backoff, Call, Change, Connections, Copies, HealthCheck, Incident, Instance, Life,
    Lookup, Model, Network, Resilience, Service, Station, WarmUp,
};
use simulator::statistics::{Experiment, run};
use simulator::{Evidence, Settings, verify};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn policy() -> impl Strategy<Value = Balancing> {
    prop_oneof![
        Just(Balancing::Random),
        Just(Balancing::RoundRobin),
        Just(Balancing::LeastOutstanding),
        Just(Balancing::PowerOfTwo),
    ]
}

fn service() -> impl Strategy<Value = Service> {
    let mean = 0.001..0.05_f64;
    prop_oneof![
        mean.clone().prop_map(|time| Service::Fixed { time }),
        mean.clone().prop_map(|mean| Service::Exponential { mean }),
        (mean.clone(), 0.1..2.0_f64).prop_map(|(mean, cv)| Service::LogNormal { mean, cv }),
        (mean, 2..5_u32).prop_map(|(mean, stages)| Service::Erlang { stages, mean }),
    ]
}

prop_compose! {
    fn resilience()(
        timeout in proptest::option::of(0.05..0.5_f64),
        retries in 0..3_u8,
        budget in proptest::option::of(0.0..0.5_f64),
        backoff in 0.0..0.1_f64,
    ) -> Resilience {
        Resilience { timeout, retries, budget, backoff: Backoff::jitter(backoff) }
    }
}

prop_compose! {
    /// The station at a place of several; it calls later ones.
    fn station(place: usize, of: usize)(
        instances in 1..6_u16,
        servers in 1..4_u32,
        shards in 1..3_u32,
        balancing in policy(),
        service in service(),
        queue_limit in proptest::option::of(0..20_u32),
        in_flight_limit in proptest::option::of(1..30_u32),
        resilience in resilience(),
        calls in proptest::collection::vec(
            (0..of.max(1), 0.0..2.5_f64, any::<bool>(), proptest::option::of(0..6_u32), 0..7_u32),
            0..3,
        ),
        pool in proptest::option::of((0..3_u32, proptest::option::of(0..3_u32), 0.1..9.0_f64)),
        dies in proptest::option::of((0.5..20.0_f64, 0.1..3.0_f64, 1..4_u32)),
        near in proptest::option::of(0..3_u32),
        lag in proptest::option::of((0.0..0.5_f64, 0.0..5.0_f64, 1..9_u32)),
    ) -> Station {
        let copies = lag.map(|(mean, failover, items)| {
            Copies { lag: Service::Exponential { mean }, failover, items }
        });
        let life = dies.map(|(lasts, interval, checks)| Life {
            lasts: Some(Service::Exponential { mean: lasts }),
            repair: Service::Exponential { mean: interval },
            check: (checks < 3).then_some(HealthCheck {
                interval,
                unhealthy_after: checks,
                healthy_after: checks,
            }),
            warm_up: Some(WarmUp { time: interval, slowness: 2.0 }),
        });
        let later = of - place - 1;
        let calls = if later == 0 { Vec::new() } else { calls };
        let calls = calls.into_iter().map(|(to, count, parallel, keys, some)| {
            let to = place + 1 + to % later;
            let fallback = (to + 1 < of).then_some(to + 1);
            let optional = false;
            let lookup = keys.map(|keys| Lookup { keys, hit_ratio: 0.8, fallback, optional });
            let awaits = match some {
                1 | 2 if lookup.is_none() => Awaits::First(some),
                3 if lookup.is_none() => Awaits::Nothing,
                _ => Awaits::Every,
            };
            let writes = f64::from(some) / 6.0;
            Call { parallel, lookup, awaits, writes, ..Call::to(to, count) }
        });
        // All that the station calls first, where it calls anything.
        let connections = pool.filter(|_| later > 0).map(|(most, waiting, seconds)| {
            let patience = (seconds < 3.0).then_some(seconds);
            Connections { to: place + 1, most, waiting, patience }
        });
        let connections = connections.into_iter().collect();
        let instances = (0..instances).map(|index| Instance {
            zone: index % 3,
            pool: index % 2,
            shard: u32::from(index) % shards,
            servers,
            speed: 1.0 + f64::from(index) / 4.0,
            weight: 1.0,
            serving: index != 3,
        });
        Station {
            shards,
            balancing: balancing.into(),
            queue_limit,
            in_flight_limit,
            calls: vec![calls.collect()],
            connections,
            copies,
            life,
            near,
            resilience,
            ..Station::queue(&format!("station-{place}"), instances.collect(), service)
        }
    }
}

prop_compose! {
    fn graph()(
        stations in (1..5_usize).prop_flat_map(|count| {
            (0..count).map(|place| station(place, count)).collect::<Vec<_>>()
        }),
        rate in 1.0..80.0_f64,
        resilience in resilience(),
        cross_zone in prop_oneof![Just(0.0), Just(0.002)],
        zones in 0..3_u16,
        deadline in proptest::option::of(0.01..2.0_f64),
        drop_expired in any::<bool>(),
    ) -> Model {
        let mut model = crate::queues::model(crate::queues::source(rate, resilience), stations);
        model.sources[0].zones = (0..zones).collect();
        model.sources[0].deadline = deadline;
        model.stations[0].floor.drop_expired = drop_expired;
        model.network = Network { same_zone: cross_zone / 4.0, cross_zone };
        model
    }
}

prop_compose! {
    fn incident()(
        at in 0.0..15.0_f64,
        kind in 0..5_u8,
        station in 0..5_usize,
        index in 0..6_usize,
        duration in 0.0..3.0_f64,
    ) -> (f64, u8, usize, usize, f64) {
        (at, kind, station, index, duration)
    }
}

fn struck(mut model: Model, incidents: Vec<(f64, u8, usize, usize, f64)>) -> Model {
    for (at, kind, station, index, duration) in incidents {
        let station = station % model.stations.len();
        let instances = vec![index % model.stations[station].instances.len()];
        let change = match kind {
            0 => Change::Down { station, instances },
            1 => Change::Up { station, instances },
            2 => Change::Eject { station, instances },
            3 => Change::Admit { station, instances },
            _ => Change::Stall { station, duration },
        };
        model.incidents.push(Incident { at, change });
    }
    model
}

/// A rule that looks often, so that much happens within a few seconds.
fn rule() -> impl Strategy<Value = Policy> {
    let alarm = |threshold, change| {
        Some(Alarm { threshold, periods: 1, steps: vec![Step { from: 0.0, change }] })
    };
    prop_oneof![
        (1..100_u32, 0.1..2.0_f64).prop_map(|(target, period)| {
            let mut plan = HorizontalPod { period, ..HorizontalPod::of(target) };
            plan.down.window = 1.0;
            Policy::HorizontalPod(plan)
        }),
        (0.05..1.0_f64, 0.1..1.0_f64, 0.0..2.0_f64).prop_map(|(target, period, warm_up)| {
            let tracking = TargetTracking { period, warm_up, ..TargetTracking::of(target) };
            Policy::TargetTracking(tracking)
        }),
        (0.1..1.0_f64, 0.1..0.9_f64).prop_map(move |(period, threshold)| {
            Policy::StepScaling(StepScaling {
                period,
                adjustment: Adjustment::Percent { least: 1 },
                out: alarm(threshold, 50.0),
                back: alarm(threshold / 2.0, -30.0),
                warm_up: 0.0,
            })
        }),
        (0..6_u32, 0..6_u32, 0.1..3.0_f64).prop_map(|(otherwise, count, to)| {
            let windows = vec![Window { from: 0.0, to, count }];
            Policy::Schedule(Schedule { period: 3.0, otherwise, windows })
        }),
    ]
}

prop_compose! {
    fn controller()(
        station in 0..5_usize,
        policy in rule(),
        boot in service(),
        warm_up in prop_oneof![Just(0.0), 0.1..2.0_f64],
        drain in prop_oneof![Just(0.0), 0.01..3.0_f64, Just(1e9)],
    ) -> Controller {
        let plain = Controller::of(station, 0, 0, policy);
        Controller { boot, warm_up, warm_up_speed: 0.5, drain, ..plain }
    }
}

fn experiment(seed: u64) -> Experiment {
    Experiment { seed, trials: 2, ..crate::queues::experiment(2.0, 12.0) }
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn whatever_goes_wrong_a_run_ends_and_its_identities_hold(
        model in graph(),
        incidents in proptest::collection::vec(incident(), 0..8),
        controller in proptest::option::of(controller()),
        seed in any::<u64>(),
    ) {
        let mut model = struck(model, incidents);
        if let Some(controller) = controller {
            let station = controller.station % model.stations.len();
            let most = u32::try_from(model.stations[station].instances.len()).unwrap();
            model.controllers = vec![Controller { station, most, ..controller }];
        }
        let statistics = run(&model, &experiment(seed)).unwrap();
        if statistics.offered() > 0 {
            let good = statistics.goodput().mean;
            prop_assert!(good.is_nan() || (0.0..=1.0).contains(&good));
            let [p50, p95, p99] = [0, 1, 2].map(|place| statistics.percentile(place).mean);
            prop_assert!(p50.is_nan() || p50 <= p95 && p95 <= p99);
        }
        for station in 0..model.stations.len() {
            let visits = statistics.visits(station);
            prop_assert!(visits.refused + visits.started <= visits.arrived);
            prop_assert!(visits.left <= visits.started);
        }
        for controller in &model.controllers {
            let station = controller.station;
            let paid = statistics.instances_paid(station).mean;
            prop_assert!(paid + 1e-12 >= statistics.instances_serving(station).mean);
            let course = statistics.fleet_course(station);
            prop_assert!(course.iter().all(|(_, count)| *count <= controller.most));
        }
    }

    #[test]
    fn without_limits_and_faults_visits_follow_the_flow_of_calls(
        model in graph(),
        seed in any::<u64>(),
    ) {
        let mut model = model;
        for station in &mut model.stations {
            station.queue_limit = None;
            station.in_flight_limit = None;
            station.resilience = Resilience::NONE;
            station.connections.clear();
            station.copies = None;
            station.life = None;
            // What nobody waits for may still be under way in the end.
            for call in station.calls.iter_mut().flatten() {
                call.awaits = Awaits::Every;
            }
            for instance in &mut station.instances {
                instance.servers = 1_000;
                instance.serving = true;
                instance.shard = 0;
            }
            station.shards = 1;
        }
        model.sources[0].resilience = Resilience::NONE;
        model.sources[0].deadline = None;
        let whole = Experiment { warm_up: 0.0, observed: 60.0, ..experiment(seed) };
        let statistics = run(&model, &whole).unwrap();
        prop_assert!((statistics.goodput().mean - 1.0).abs() < 1e-12);
        for (station, load) in model.load(1.0).iter().enumerate() {
            let visits = statistics.visits(station);
            prop_assert_eq!(visits.arrived, visits.left);
            let expected = load.visits * 120.0;
            // Visits come in bunches of a request's calls; six deviations, generously.
            let deviation = (expected * (1.0 + 40.0 * load.visits / 80.0)).sqrt() + 30.0;
            let error = (visits.arrived as f64 - expected).abs();
            prop_assert!(error < 6.0 * deviation, "{} against {expected}", visits.arrived);
        }
    }
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn no_topology_makes_the_judge_panic(
        zones in 1..4_u8,
        app in proptest::collection::vec(0..6_u32, 3),
        rate in prop_oneof![0.01..10.0_f64, 10.0..5_000.0_f64],
        policy in policy(),
        queue in 0..3_000_u32,
        in_flight in 0..3_000_u32,
        redundancy in prop_oneof![
            Just(Redundancy::Active), Just(Redundancy::Single), Just(crate::common::standby(60.0)),
        ],
        shards in 1..4_u32,
        hit_ratio in 0.0..=1.0_f64,
        beside in proptest::option::of((0..400_u32, 0.01..20.0_f64, 0..4_u32)),
        seed in any::<u64>(),
    ) {
        let mut demand = crate::common::demand();
        demand.load.peak = RequestsPerSecond::of(rate);
        let data = demand.services[crate::common::CACHE].data.as_mut().unwrap();
        data.hit_ratio = Ratio::of(hit_ratio);
        let mut topology = crate::common::topology();
        topology.zones = zones;
        if let Some((weight, speed, servers)) = beside {
            let standing = Pool { weight, ..crate::common::pool(servers, speed, &[]) };
            topology.services[crate::common::APP].pools.insert(0, standing);
        }
        let limits = InstanceLimits { queue, in_flight };
        for (service, deployment) in topology.services.iter_mut().enumerate() {
            for pool in &mut deployment.pools {
                let counts = if service == crate::common::APP { &app[..] } else { &[1, 1, 1] };
                pool.per_zone = counts[..usize::from(zones)].to_vec();
            }
        }
        topology.services[crate::common::APP].balancing = policy;
        topology.services[crate::common::APP].limits = Some(limits);
        topology.services[crate::common::CACHE].redundancy = redundancy;
        topology.services[crate::common::CACHE].shards = shards;
        let settings = Settings {
            seed,
            request_limit: 60_000,
            evidence: Evidence::Always,
            ..Settings::default()
        };
        let found = verify(&demand, &topology, &settings, &|_| {}).unwrap();
        for check in &found.checks {
            prop_assert!(check.observed.low <= check.observed.value);
            prop_assert!(check.observed.value <= check.observed.high);
        }
        let p = found.uptime.unwrap();
        prop_assert!(p.request_weighted.value() <= 1e6);
    }
}
