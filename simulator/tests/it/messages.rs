//! Messages over a queue: how long each takes until it is done, against what is known, and a system
//! whose workers are judged by it.

use crate::common::{APP, autoscaler, call, demand, deployment, pool, service, topology};
use crate::queues::{experiment, front_of, model};
use domain::demand::{Backlog, Demand, ServiceIndex};
use domain::intent::ServiceKind;
use domain::topology::{Redundancy, Topology};
use domain::units::Seconds;
use domain::verification::{Check, CheckUnit, Verdict};
use simulator::model::{
    Arrivals, Awaits, Backoff, Call, Change, Incident, Instance, Model, Resilience, Service,
    Source, Station,
};
use simulator::random::student_quantile;
use simulator::statistics::{Experiment, late_messages, run};
use simulator::{Settings, verify_scenarios};

/// The station of the workers: behind the requests' own and the queue's.
const WORKERS: usize = 2;

/// Requests each of which leaves a message to workers of so many servers, whose work is 1 s on
/// average; nobody waits for it.
fn messages(servers: u32, rate: f64, timeout: Option<f64>) -> Model {
    let message = |to| Call { awaits: Awaits::Nothing, ..Call::to(to, 1.0) };
    let front = Station { calls: vec![vec![message(1)]], ..front_of("front") };
    let redelivery = Resilience {
        timeout,
        retries: Resilience::FOREVER,
        budget: None,
        backoff: Backoff::jitter(0.05),
    };
    let queue = Station {
        calls: vec![vec![message(WORKERS)]],
        resilience: redelivery,
        ..front_of("queue")
    };
    let instances = vec![Instance::with_servers(servers)];
    let workers = Station::queue("workers", instances, Service::Exponential { mean: 1.0 });
    model(Source::of(Arrivals::poisson(rate)), vec![front, queue, workers])
}

/// The chance that a customer of M/M/c with mean service 1 stays longer than `time` (L. Kleinrock,
/// Queueing Systems, volume 1, 1975, section 3.5): its wait is none but with Erlang's C, and is
/// exponential with the rate c − a then.
fn stays_longer(servers: u32, load: f64, time: f64) -> f64 {
    let mut blocked = 1.0;
    for server in 1..=servers {
        blocked = load * blocked / (f64::from(server) + load * blocked);
    }
    let spare = f64::from(servers) - load;
    let waits = blocked / (1.0 - load / f64::from(servers) * (1.0 - blocked));
    let later = (libm::exp(-time) - libm::exp(-spare * time)) / (spare - 1.0);
    libm::exp(-time) + waits * later
}

#[test]
fn the_age_of_messages_is_that_of_the_textbook() {
    let cases = [(1, 0.6), (2, 1.6), (4, 2.8)];
    let times = [0.5, 1.0, 2.0];
    let count = (cases.len() * times.len()) as f64;
    let quantile = student_quantile(1.0 - 0.001 / count / 2.0, 19);
    for (servers, load) in cases {
        let trials = Experiment { trials: 20, ..experiment(500.0, 40_000.0) };
        let late = late_messages(&messages(servers, load, None), WORKERS, &times, &trials).unwrap();
        for (time, found) in times.iter().zip(late) {
            let exact = if servers == 1 {
                libm::exp(-(1.0 - load) * time)
            } else {
                stays_longer(servers, load, *time)
            };
            let (error, own) = ((found.mean - exact).abs(), found.standard_error);
            assert!(own / exact <= 0.01, "{servers} {time}: {own} of {exact}");
            assert!(error <= quantile * own, "{servers} {time}: {found:?} against {exact}");
        }
    }
}

#[test]
fn nobody_waits_for_a_message() {
    let statistics = run(&messages(1, 0.9, None), &experiment(100.0, 5_000.0)).unwrap();
    assert!(statistics.latency().mean < 1e-9, "{:?}", statistics.latency());
    assert!((statistics.goodput().mean - 1.0).abs() < 1e-12);
}

#[test]
fn a_message_that_a_worker_dies_with_is_done_by_another() {
    let mut model = messages(1, 0.5, Some(20.0));
    model.stations[WORKERS].instances = vec![Instance::with_servers(1); 2];
    let down = |at, instance| Incident {
        at,
        change: Change::Down { station: WORKERS, instances: vec![instance] },
    };
    let up = |at, instance| Incident {
        at,
        change: Change::Up { station: WORKERS, instances: vec![instance] },
    };
    let times = (1..200).map(|step| f64::from(step) * 10.0);
    model.incidents = times.flat_map(|at| [down(at, 0), up(at + 1.0, 0)]).collect();
    let trials = experiment(0.0, 2_000.0);
    // Beyond an hour nothing is late: all are done, and those of a dead worker later than others.
    let late = late_messages(&model, WORKERS, &[3.0, 3_600.0], &trials).unwrap();
    model.incidents.clear();
    let calm = late_messages(&model, WORKERS, &[3.0], &trials).unwrap();
    assert!(late[1].mean <= 0.0, "{:?}", late[1]);
    assert!(late[0].mean > calm[0].mean, "{late:?} {calm:?}");
}

#[test]
fn a_backlog_is_worked_off_as_fast_as_the_fluid_has_it() {
    // Of four servers 70% busy a standstill of 60 s leaves work that takes 60 · 0.7 / 0.3 s.
    let (standstill, drained) = (60.0, 140.0);
    let mut model = messages(4, 2.8, None);
    let change = Change::Stall { station: WORKERS, duration: standstill };
    model.incidents = vec![Incident { at: 500.0, change }];
    let end = 500.0 + standstill;
    let late = |from: f64, time: f64| {
        let trials = Experiment { trials: 20, ..experiment(from, 30.0) };
        late_messages(&model, WORKERS, &[time], &trials).unwrap()[0].mean
    };
    // Who comes when the servers go on waits for all who came before: 168 messages, four at once.
    assert!(late(end, 25.0) > 0.9, "{}", late(end, 25.0));
    // Half of it is still there after half of the time, and nothing with some room after all of it.
    assert!(late(end + 0.4 * drained, 10.0) > 0.8, "{}", late(end + 0.4 * drained, 10.0));
    assert!(late(end + 1.6 * drained, 10.0) < 0.02, "{}", late(end + 1.6 * drained, 10.0));
}

/// An app that hands one message over for each request, to workers of four machines.
fn working(drain_within: f64) -> (Demand, Topology) {
    let (mut demand, mut topology) = (demand(), topology());
    let at = demand.services.len();
    demand.services[APP].calls.push(call(at, 1.0, 1));
    let mut queue = service("jobs", ServiceKind::Queue, 0.0, 0.0);
    queue.calls = vec![call(at + 1, 1.0, 1)];
    let mut workers = service("jobs-workers", ServiceKind::Service, 0.010, 1.5);
    workers.backlog =
        Some(Backlog { drain_within: Seconds::of(drain_within), standstill: Seconds::of(60.0) });
    demand.services.extend([queue, workers]);
    let mut machines = deployment(Some(pool(4, 1.95, &[4, 4])), Redundancy::Active);
    machines.product = None;
    machines.pools[0].autoscaler = Some(autoscaler(4, 8));
    topology.services.extend([deployment(None, Redundancy::Active), machines]);
    (demand, topology)
}

fn judged(drain_within: f64, scenario: &str) -> Vec<Check> {
    let (demand, topology) = working(drain_within);
    assert!(demand.is_message(ServiceIndex(APP), ServiceIndex(demand.services.len() - 2)));
    let names = [scenario.to_owned()];
    verify_scenarios(&demand, &topology, &names, &Settings::default(), &|_| {}).unwrap().checks
}

#[test]
fn workers_are_judged_by_the_age_of_messages_and_callers_do_not_wait() {
    for scenario in ["peak", "headroom", "instance-down:jobs-workers"] {
        let checks = judged(60.0, scenario);
        let age = checks.iter().find(|check| check.objective == "age-p99-jobs-workers").unwrap();
        assert_eq!((age.verdict, age.unit), (Verdict::Pass, CheckUnit::Seconds), "{age:?}");
        assert!(age.observed.low <= age.observed.value && age.observed.value <= 60.0);
        assert!(age.observed.value > 0.005, "{age:?}");
        assert!(checks.iter().all(|check| check.verdict == Verdict::Pass), "{checks:?}");
    }
    // The mean work is 5 ms: 99% of messages cannot be done within 8 ms.
    let checks = judged(0.008, "peak");
    let age = checks.iter().find(|check| check.objective == "age-p99-jobs-workers").unwrap();
    assert_eq!(age.verdict, Verdict::Fail, "{age:?}");
    let others = checks.iter().filter(|check| check.objective != age.objective);
    assert!(others.clone().count() >= 2 && others.clone().all(|own| own.verdict == Verdict::Pass));
}
