//! Documents against the same models built by hand: what is written means what the engine takes, so
//! every figure is the same to the last bit.

use domain::model::read_model;
use domain::simulation::Finding;
use simulator::control::{
    Adjustment, Alarm, Amount, Controller, HorizontalPod, Pace, Policy, Rules, Schedule, Select,
    Step, StepScaling, TargetTracking, Window,
};
use simulator::document::{model, simulate};
use simulator::model::{
    Arrivals, Awaits, Balancing, Call, Connections, Contents, Copies, Eviction, Floor, HealthCheck,
    Instance, Life, Lookup, Model, Service, Source, Station, WarmUp,
};

use crate::queues;

/// A document as the engine takes it.
fn written(body: &str) -> Model {
    model(&document(body)).unwrap_or_else(|fault| panic!("{body}\n{fault}"))
}

fn document(body: &str) -> domain::model::Model {
    let text = format!("apiVersion: plimsoll/v1\nkind: Model\n{body}");
    let read = read_model(&text, "model.yaml", &|_| Err("is not there".to_owned()));
    read.unwrap_or_else(|faults| panic!("{text}\n{faults:#?}"))
}

fn exponential(mean: f64) -> Service {
    Service::Exponential { mean }
}

fn station(name: &str, instances: Vec<Instance>) -> Station {
    let station = Station::queue(name, instances, exponential(1.0));
    Station { balancing: Balancing::LeastOutstanding, ..station }
}

/// Requests of one a second to stations.
fn calm(stations: Vec<Station>) -> Model {
    queues::model(Source::of(Arrivals::poisson(1.0)), stations)
}

/// A station with so many instances, of which some serve from the start, and a controller.
fn fleet(all: usize, serving: usize, controller: Controller) -> Model {
    let instance = |at| Instance { serving: at < serving, ..Instance::with_servers(1) };
    let mut model = calm(vec![station("app", (0..all).map(instance).collect())]);
    model.controllers = vec![controller];
    model
}

fn scaled(instances: &str, autoscaler: &str) -> Model {
    written(&format!(
        "arrivals: {{rate: 1}}\nstations: {{app: {{service: 1{instances}, \
         autoscaler: {{{autoscaler}}}}}}}"
    ))
}

#[test]
fn a_pod_autoscaler_is_that_of_kubernetes() {
    let usual = Policy::HorizontalPod(HorizontalPod::of(60));
    let by_hand = fleet(9, 2, Controller::of(0, 2, 9, usual));
    assert_eq!(scaled("", "min: 2, max: 9, hpa: 60%"), by_hand);
    let plan = HorizontalPod {
        target: 70,
        period: 30.0,
        up: Rules {
            tolerance: 0.05,
            window: 60.0,
            select: Select::Smallest,
            policies: vec![Pace { amount: Amount::Pods(2), period: 60.0 }],
        },
        down: Rules { select: Select::Disabled, ..HorizontalPod::of(70).down },
    };
    let controller = Controller {
        boot: exponential(20.0),
        warm_up: 60.0,
        warm_up_speed: 0.5,
        drain: 30.0,
        ..Controller::of(0, 1, 6, Policy::HorizontalPod(plan))
    };
    let text = "min: 1, max: 6, boot: 20s, warm_up: 1min, warm_up_speed: 50%, drain: 30s, \
                hpa: {target: 70%, period: 30s, scale_down: {select: disabled}, scale_up: \
                {tolerance: 5%, window: 1min, select: min, policies: [{pods: 2, period: 60}]}}";
    assert_eq!(scaled(", instances: 3", text), fleet(6, 3, controller));
}

#[test]
fn policies_of_ec2_and_schedules_are_theirs() {
    let usual = Policy::TargetTracking(TargetTracking::of(0.5));
    let text = "min: 1, max: 4, target_tracking: 50%";
    assert_eq!(scaled("", text), fleet(4, 1, Controller::of(0, 1, 4, usual)));
    let plan = TargetTracking {
        periods_out: 2,
        periods_in: 5,
        low: 0.8,
        scales_in: false,
        warm_up: 120.0,
        cooldown: 300.0,
        ..TargetTracking::of(0.4)
    };
    let text = "min: 1, max: 4, target_tracking: {target: 40%, periods_out: 2, periods_in: 5, \
                low: 80%, scale_in: false, instance_warmup: 2min, cooldown: 5min}";
    let policy = Policy::TargetTracking(plan);
    assert_eq!(scaled("", text), fleet(4, 1, Controller::of(0, 1, 4, policy)));

    let step = |from, change| Step { from, change };
    let plan = StepScaling {
        period: 60.0,
        adjustment: Adjustment::Percent { least: 2 },
        out: Some(Alarm {
            threshold: 0.7,
            periods: 2,
            steps: vec![step(0.0, 10.0), step(0.2, 30.0)],
        }),
        back: Some(Alarm { threshold: 0.3, periods: 1, steps: vec![step(0.0, -10.0)] }),
        warm_up: 90.0,
    };
    let text = "min: 1, max: 4, step_scaling: {adjustment: percent, at_least: 2, scale_out: \
                {above: 70%, periods: 2, steps: [{from: 0, change: 10}, {from: 20%, change: 30}]}, \
                scale_in: {below: 30%, steps: [{from: 0, change: 10}]}, instance_warmup: 90s}";
    let policy = Policy::StepScaling(plan);
    assert_eq!(scaled("", text), fleet(4, 1, Controller::of(0, 1, 4, policy)));

    let windows = vec![Window { from: 28_800.0, to: 64_800.0, count: 4 }];
    let plan = Schedule { period: 86_400.0, otherwise: 1, windows };
    let text = "min: 1, max: 4, schedule: {otherwise: 1, windows: [{from: 8h, to: 18h, count: 4}]}";
    let policy = Policy::Schedule(plan);
    assert_eq!(scaled("", text), fleet(4, 1, Controller::of(0, 1, 4, policy)));
}

#[test]
fn instances_that_come_are_like_those_that_are_there_in_turn() {
    let text = "min: 1, max: 5, hpa: 60%";
    let found = scaled(", instances: [{zone: 0}, {zone: 1, servers: 2}]", text);
    let kinds: Vec<(u16, u32, bool)> = found.stations[0]
        .instances
        .iter()
        .map(|instance| (instance.zone, instance.servers, instance.serving))
        .collect();
    let expected = [(0, 1, true), (1, 2, true), (0, 1, false), (1, 2, false), (0, 1, false)];
    assert_eq!(kinds, expected);
}

#[test]
fn a_schedule_costs_the_hours_that_it_says() {
    // A tenth of the time five instances, and one for the rest: 1.4 are paid for, and boot at once.
    let found = simulate(
        &document(
            "arrivals: {rate: 0.5}\nstations: {app: {service: 1s, autoscaler: {min: 1, max: 5, \
             schedule: {period: 1000s, otherwise: 1, windows: [{from: 200s, to: 300s, \
             count: 5}]}}}}\n\
             run: {precision: 5%}",
        ),
        1,
        &|_| {},
    )
    .unwrap();
    let fleet = found.stations[0].fleet.as_ref().unwrap();
    // An instance that leaves is paid for until it has done its work, of a second or two.
    let paid = fleet.paid.unwrap();
    assert!((1.4..1.41).contains(&paid.value), "{paid:?}");
    let hours = fleet.instance_hours.unwrap();
    let expected = paid.value * found.effort.observed / 3_600.0;
    assert!((hours.value / expected - 1.0).abs() < 1e-9, "{hours:?} {expected}");
    let asked = |at: f64| {
        let near = fleet
            .course
            .iter()
            .min_by(|one, other| (one.at - at).abs().total_cmp(&(other.at - at).abs()));
        near.unwrap().asked.value
    };
    assert!((asked(100.0) - 1.0).abs() < 1e-9 && (asked(250.0) - 5.0).abs() < 1e-9);
    assert!((asked(500.0) - 1.0).abs() < 1e-9);
}

#[test]
fn a_fleet_that_grows_is_not_called_unstable() {
    // Three servers' worth of work, and one instance at the start.
    let body = |most: u32| {
        format!(
            "arrivals: {{rate: 3}}\nstations: {{app: {{service: 1s, autoscaler: {{min: 1, \
             max: {most}, hpa: 60%}}}}}}\nrun: {{precision: 10%}}"
        )
    };
    let found = simulate(&document(&body(10)), 1, &|_| {}).unwrap();
    let fleet = found.stations[0].fleet.as_ref().unwrap();
    // Towards 3 / 0.6 = 5 instances, and some more while the window remembers.
    let serving = fleet.serving.unwrap().value;
    assert!((4.5..7.5).contains(&serving), "{serving}");
    let found = simulate(&document(&body(2)), 1, &|_| {}).unwrap();
    assert!(matches!(found.finding, Finding::Unstable { .. }));
}

#[test]
fn a_fleet_that_its_policy_never_lets_grow_is_called_unstable() {
    let body = |rate: &str, policy: &str| {
        let text = format!(
            "arrivals: {{rate: {rate}}}\nstations: {{app: {{service: 100ms, autoscaler: {{min: 1, \
             max: 20, {policy}}}}}}}\nrun: {{precision: 10%}}"
        );
        simulate(&document(&text), 1, &|_| {}).unwrap().finding
    };
    // Thirty a second come and ten are served: no utilisation lies 40% above 70%.
    let never = "step_scaling: {scale_out: {above: 70%, steps: [{from: 40%, change: 1}]}}";
    let shut = "hpa: {target: 60%, scale_up: {select: disabled}}";
    let swings = "{sine: {mean: 30, amplitude: 20, period: 10min}}";
    for (rate, policy) in [("30", never), (swings, never), ("30", shut)] {
        let Finding::Unstable { station, utilisation, growth } = body(rate, policy) else {
            panic!("{rate}, {policy}")
        };
        assert_eq!(station.as_deref(), Some("app"));
        assert!((utilisation.unwrap() - 3.0).abs() < 0.01, "{utilisation:?}");
        assert!((growth.value - 20.0).abs() < 0.5, "{growth:?}");
    }
    // One more instance in five minutes is enough in the end, and so is what comes late.
    let slowly = "step_scaling: {scale_out: {above: 70%, steps: [{from: 0, change: 1}]}, \
                  instance_warmup: 4min}";
    for policy in [slowly, "hpa: 60%, boot: 10min", "target_tracking: 50%, boot: 5min"] {
        let found = body("30", policy);
        assert!(!matches!(found, Finding::Unstable { .. }), "{policy}: {found:?}");
    }
}

/// A station that calls another one.
fn calling(call: Call, callee: Station) -> Model {
    let front = Station { calls: vec![vec![call]], ..station("front", one()) };
    calm(vec![front, callee])
}

fn one() -> Vec<Instance> {
    vec![Instance::with_servers(1)]
}

#[test]
fn quorums_messages_and_writes_are_calls_of_the_engine() {
    let of = |call: &str| {
        written(&format!(
            "arrivals: {{rate: 1}}\nstations: {{front: {{service: 1, calls: [{{to: back, \
             {call}}}]}}, \
             back: {{service: 1}}}}"
        ))
    };
    let by_hand = |call| calling(call, station("back", one()));
    let quorum = Call { awaits: Awaits::First(2), ..Call::to(1, 3.0) };
    assert_eq!(of("count: 3, await: 2"), by_hand(quorum));
    let message = Call { awaits: Awaits::Nothing, ..Call::to(1, 1.0) };
    assert_eq!(of("await: none"), by_hand(message));
    assert_eq!(of("await: all"), by_hand(Call::to(1, 1.0)));
    assert_eq!(of("writes: 10%"), by_hand(Call { writes: 0.1, ..Call::to(1, 1.0) }));
}

#[test]
fn the_second_of_three_answers_comes_after_two_stages() {
    let found = simulate(
        &document(
            "arrivals: {rate: 1}\nstations:\n  front: {service: 0, servers: infinite, \
             calls: [{to: copies, count: 3, await: 2}]}\n  copies: {service: 1, servers: \
             infinite}\n",
        ),
        1,
        &|_| {},
    )
    .unwrap();
    // The second of three exponential times: 1/3 + 1/2.
    let response = found.requests.unwrap().response.unwrap();
    let half = (response.high - response.low) / 2.0;
    assert!((response.value - 5.0 / 6.0).abs() < 2.0 * half, "{response:?}");
}

#[test]
fn a_deadline_is_that_of_its_source() {
    let found = written(
        "arrivals: {rate: 1, deadline: 2500ms}\nstations: {q: {service: 1, drop_expired: true}}",
    );
    let floor = Floor { drop_expired: true, ..Floor::default() };
    let mut by_hand = calm(vec![Station { floor, ..station("q", one()) }]);
    by_hand.sources[0].deadline = Some(2.5);
    assert_eq!(found, by_hand);
}

/// A single station with more said about it.
fn said(part: &str) -> Station {
    let text = format!("arrivals: {{rate: 1}}\nstations: {{q: {{service: 1, {part}}}}}");
    written(&text).stations.remove(0)
}

#[test]
fn lives_copies_and_zones_are_those_of_the_engine() {
    let life = Life {
        lasts: Some(exponential(1_000.0)),
        repair: Service::Fixed { time: 60.0 },
        check: Some(HealthCheck { interval: 10.0, unhealthy_after: 3, healthy_after: 2 }),
        warm_up: Some(WarmUp { time: 30.0, slowness: 2.0 }),
    };
    let text = "life: {mttf: 1000, mttr: {deterministic: 1min}, health_check: {interval: 10s, \
                unhealthy_after: 3, healthy_after: 2}, slow_start: {time: 30s, speed: 50%}}";
    assert_eq!(said(text), Station { life: Some(life), ..station("q", one()) });
    let lag = exponential(0.1);
    let copies = Copies { lag, failover: 30.0, items: 7 };
    let text = "copies: {lag: 100ms, failover: 30s, keys: 7}";
    assert_eq!(said(text), Station { copies: Some(copies), ..station("q", one()) });
    assert_eq!(said("near: 2"), Station { near: Some(2), ..station("q", one()) });
}

#[test]
fn caches_and_connections_are_those_of_the_engine() {
    let found = written(
        "arrivals: {rate: 1}\nstations: {front: {service: 1, connections: {back: {max: 5, \
         waiting: 9, patience: 1s}}, calls: [{to: back, lookup: {keys: 2}}]}, \
         back: {service: 1, contents: {keys: 100, capacity: 10, policy: random, zipf: 0.8}}}",
    );
    let lookup = Lookup { keys: 2, hit_ratio: 0.0, fallback: None, optional: false };
    let eviction = Eviction::Random;
    let contents = Contents { items: 100, exponent: 0.8, capacity: 10, eviction };
    let back = Station { contents: Some(contents), ..station("back", one()) };
    let mut by_hand = calling(Call { lookup: Some(lookup), ..Call::to(1, 1.0) }, back);
    let patience = Some(1.0);
    let pool = Connections { to: 1, most: 5, waiting: Some(9), patience };
    by_hand.stations[0].connections = vec![pool];
    assert_eq!(found, by_hand);
}

#[test]
fn a_hit_ratio_is_that_of_the_contents() {
    // Eight keys by Zipf's law with exponent 0.8, three of which fit: `tests/tables/systems.csv`.
    let known = include_str!("../../../tests/tables/systems.csv");
    let exact = |policy: &str| -> f64 {
        let row = format!("cache_exact_n8_C3_zipf0.8 {policy},");
        let row = known.lines().find(|line| line.starts_with(&row)).unwrap();
        row.split(',').nth(3).unwrap().parse().unwrap()
    };
    for policy in ["lru", "fifo", "random"] {
        let body = format!(
            "arrivals: {{rate: 1}}\nstations: {{front: {{service: 1, servers: infinite, \
             calls: [{{to: cache, lookup: {{}}}}]}}, cache: {{service: 0, servers: infinite, \
             contents: {{keys: 8, capacity: 3, policy: {policy}, zipf: 0.8}}}}}}"
        );
        let found = simulate(&document(&body), 1, &|_| {}).unwrap();
        let hits = found.stations[1].particulars.hit_ratio.unwrap();
        let half = (hits.high - hits.low) / 2.0;
        let exact = exact(policy.to_uppercase().as_str());
        assert!((hits.value - exact).abs() < 2.5 * half, "{policy}: {hits:?} against {exact}");
        assert!(half < 0.01, "{policy}: {hits:?}");
    }
}

#[test]
fn a_station_that_dies_is_there_for_its_share_of_the_time() {
    // Eight of ten parts, and whoever asks in between is lost: nothing tells the balancer.
    let found = simulate(
        &document(
            "arrivals: {rate: 2, on_failure: {timeout: 1s}}\nstations: {q: {service: \
             {deterministic: 0}, servers: infinite, \
             life: {mttf: 20, mttr: 5}}}\nrun: {warm_up: 200s, duration: 20000s}",
        ),
        1,
        &|_| {},
    )
    .unwrap();
    let lost = found.requests.unwrap().lost.unwrap();
    let half = (lost.high - lost.low) / 2.0;
    assert!((lost.value - 0.2).abs() < 2.5 * half && half < 0.02, "{lost:?}");
}

/// An example as it is.
fn example(name: &str) -> domain::simulation::Simulation {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models");
    let text = std::fs::read_to_string(folder.join(format!("{name}.yaml"))).unwrap();
    let read = read_model(&text, "model.yaml", &|_| Err("is not there".to_owned())).unwrap();
    simulate(&read, 1, &|_| {}).unwrap()
}

#[test]
fn the_example_of_a_cache_hits_as_often_as_approximated() {
    let hits = example("cache").stations[1].particulars.hit_ratio.unwrap();
    // The approximation of Che, Tung & Wang (2002), which is within a hundredth for so many keys.
    assert!((hits.value - 0.556_49).abs() < 0.005, "{hits:?}");
}

#[test]
fn the_example_of_an_autoscaler_follows_its_load() {
    let found = example("autoscaled");
    assert!(matches!(found.finding, domain::simulation::Finding::Reached { .. }));
    let course = &found.stations[0].fleet.as_ref().unwrap().course;
    let asked = |from: f64, to: f64| {
        let within = course.iter().filter(|point| point.at > from && point.at < to);
        let (sum, count) =
            within.fold((0.0, 0.0), |(sum, count), point| (sum + point.asked.value, count + 1.0));
        sum / count
    };
    // Five servers' worth of work towards 60% after a quarter of an hour, one after three.
    let (high, low) = (asked(900.0, 1_200.0), asked(2_800.0, 3_100.0));
    assert!((7.5..10.0).contains(&high) && (1.9..3.5).contains(&low), "{high} {low}");
}
