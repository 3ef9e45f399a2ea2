//! Controllers at work in the engine: what they ask for, what is served, and what is paid for.

use crate::queues::{experiment, farm, model, source};
use simulator::control::{
    Amount, Controller, HorizontalPod, Pace, Policy, Schedule, TargetTracking, Window,
};
use simulator::model::{
    Arrivals, Balancing, Change, Discipline, Floor, Incident, Instance, Model, Rate, Resilience,
    Service, Source, Station,
};
use simulator::statistics::{Experiment, Statistics, run};

/// Single servers of a fixed service in turn, so many of which serve at first.
fn fleet(instances: usize, serving: usize, service: f64, rate: f64) -> Model {
    let mut list = vec![Instance::with_servers(1); instances];
    for instance in &mut list[serving..] {
        instance.serving = false;
    }
    let station = Station::queue("fleet", list, Service::Fixed { time: service });
    let station = Station { balancing: Balancing::RoundRobin, ..station };
    model(Source::of(Arrivals::regular(rate)), vec![station])
}

fn schedule(period: f64, otherwise: u32, windows: &[(f64, f64, u32)]) -> Policy {
    let window =
        |(from, to, count): &(f64, f64, u32)| Window { from: *from, to: *to, count: *count };
    Policy::Schedule(Schedule { period, otherwise, windows: windows.iter().map(window).collect() })
}

fn once(model: &Model, warm_up: f64, observed: f64) -> Statistics {
    run(model, &Experiment { trials: 1, ..experiment(warm_up, observed) }).unwrap()
}

fn numbers(statistics: &Statistics) -> Vec<u32> {
    statistics.fleet_course(0).iter().map(|change| change.1).collect()
}

/// Far more work than 100 pods can do: the defaults of Kubernetes go from 1 to 100 in 90 s.
#[test]
fn pods_double_under_a_load_that_is_too_large() {
    let mut model = fleet(100, 1, 1.0, 1_000.0);
    model.stations[0].queue_limit = Some(5);
    // No server does more than all it can, so that the target must be low for a steep ascent.
    let policy = Policy::HorizontalPod(HorizontalPod::of(10));
    model.controllers = vec![Controller::of(0, 1, 100, policy)];
    let course = once(&model, 0.0, 120.0).fleet_course(0);
    let expected = [(0, 1), (15, 5), (30, 10), (45, 20), (60, 40), (75, 80), (90, 100)];
    let expected: Vec<(f64, u32)> =
        expected.iter().map(|(moment, count)| (f64::from(*moment), *count)).collect();
    assert_eq!(course, expected);
}

/// Hardly any work for 80 pods, a tenth of which may go each minute.
#[test]
fn pods_leave_by_tenths_without_losing_anything() {
    let mut model = fleet(80, 80, 0.01, 20.0);
    let mut plan = HorizontalPod::of(50);
    plan.down.policies = vec![Pace { amount: Amount::Percent(10), period: 60.0 }];
    model.controllers = vec![Controller::of(0, 10, 80, Policy::HorizontalPod(plan))];
    let found = once(&model, 0.0, 900.0);
    assert_eq!(numbers(&found)[..5], [80, 72, 64, 57, 51]);
    assert!((found.fleet_course(0)[1].0 - 315.0).abs() < 1e-9);
    assert!((found.goodput().mean - 1.0).abs() < 1e-12);
}

/// 3.2 servers' worth of work on 4 of them, towards one half: 7 in the third minute, and no more.
#[test]
fn target_tracking_settles_in_one_step() {
    for discipline in [Discipline::FirstCome, Discipline::Sharing { most: None }] {
        let mut model = fleet(20, 4, 0.1, 32.0);
        model.stations[0].floor = Floor { discipline, ..Floor::default() };
        let policy = Policy::TargetTracking(TargetTracking::of(0.5));
        model.controllers = vec![Controller::of(0, 2, 20, policy)];
        let found = once(&model, 0.0, 7_200.0);
        assert_eq!(found.fleet_course(0), [(0.0, 4), (180.0, 7)], "{discipline:?}");
    }
}

/// After the load has fallen to a tenth, 15 minutes below the lower threshold.
#[test]
fn target_tracking_scales_in_after_a_quarter_of_an_hour() {
    let mut model = fleet(20, 7, 0.1, 1.0);
    model.sources[0].arrivals.rate = Rate::Steps(vec![(0.0, 32.0), (1_200.0, 3.2)]);
    let policy = Policy::TargetTracking(TargetTracking::of(0.5));
    model.controllers = vec![Controller::of(0, 1, 20, policy)];
    let found = once(&model, 0.0, 7_200.0);
    assert_eq!(found.fleet_course(0), [(0.0, 7), (2_100.0, 1)]);
    assert!((found.goodput().mean - 1.0).abs() < 1e-12);
}

/// A fleet that follows a schedule is one that incidents admit and eject at the same moments.
#[test]
fn a_schedule_does_what_incidents_at_the_same_moments_do() {
    let mut plain = farm(6, 0.5, Balancing::LeastOutstanding);
    for instance in &mut plain.stations[0].instances[2..] {
        instance.serving = false;
    }
    plain.sources[0].arrivals.rate = Rate::Repeated {
        rate: Box::new(Rate::Steps(vec![(0.0, 1.0), (100.0, 4.0)])),
        period: 200.0,
    };
    let mut scheduled = plain.clone();
    let policy = schedule(200.0, 2, &[(90.0, 0.0, 6)]);
    scheduled.controllers = vec![Controller::of(0, 1, 6, policy)];
    for cycle in 0..40 {
        let start = f64::from(cycle) * 200.0;
        let (station, instances) = (0, vec![2, 3, 4, 5]);
        let admit = Change::Admit { station, instances: instances.clone() };
        let eject = Change::Eject { station, instances };
        plain.incidents.push(Incident { at: start + 90.0, change: admit });
        plain.incidents.push(Incident { at: start + 200.0, change: eject });
    }
    let [plain, scheduled] =
        [&plain, &scheduled].map(|model| run(model, &experiment(200.0, 6_000.0)).unwrap());
    assert!(plain.offered() > 10_000);
    assert_eq!(plain.latency().mean.to_bits(), scheduled.latency().mean.to_bits());
    assert_eq!(plain.percentile(2).mean.to_bits(), scheduled.percentile(2).mean.to_bits());
    assert_eq!(plain.utilisation(0).mean.to_bits(), scheduled.utilisation(0).mean.to_bits());
    assert_eq!(plain.visits(0), scheduled.visits(0));
}

/// Two instances, and three more between 100 s and 300 s of every 1,000 s, which boot for 20 s and
/// are empty when they are looked at a second after they have been told to leave.
#[test]
fn what_is_paid_for_is_the_integral_of_what_is_there() {
    let mut model = fleet(5, 2, 0.01, 10.0);
    let policy = schedule(1_000.0, 2, &[(100.0, 300.0, 5)]);
    model.controllers =
        vec![Controller { boot: Service::Fixed { time: 20.0 }, ..Controller::of(0, 0, 5, policy) }];
    let found = once(&model, 0.0, 5_000.0);
    let paid = 2.0 + 3.0 * 201.0 / 1_000.0;
    assert!((found.instances_paid(0).mean - paid).abs() < 1e-9);
    assert!((found.instance_hours(0).mean - paid * 5_000.0 / 3_600.0).abs() < 1e-9);
    assert!((found.instances_serving(0).mean - (2.0 + 3.0 * 0.18)).abs() < 1e-9);
    // Only what is observed counts: here, half of the time with five.
    let part = once(&model, 200.0, 500.0);
    assert!((part.instances_paid(0).mean - (2.0 + 3.0 * 101.0 / 500.0)).abs() < 1e-9);
}

/// One of two instances is told to leave in the middle of services of ten seconds.
#[test]
fn a_leaving_instance_finishes_what_it_has_within_its_time() {
    let after = |drain: f64| {
        let mut model = fleet(2, 2, 10.0, 2.0);
        model.stations[0].instances =
            vec![Instance { servers: 100, ..model.stations[0].instances[0] }; 2];
        let policy = schedule(1e6, 2, &[(65.0, 1e5, 1)]);
        model.controllers = vec![Controller { drain, ..Controller::of(0, 1, 2, policy) }];
        let found = once(&model, 0.0, 200.0);
        let failed = found.offered() as f64 * (1.0 - found.goodput().mean);
        (failed, found.instances_paid(0).mean * 200.0)
    };
    // One request a second comes to it, so ten are inside, of which five are done after 5 s.
    let (failed, paid) = after(1_000.0);
    assert!(failed.abs() < 1e-9, "{failed}");
    assert!((74.0..=76.0).contains(&(paid - 200.0)), "{paid}");
    let (failed, paid) = after(5.0);
    assert!((failed - 5.0).abs() <= 1.0, "{failed}");
    assert!((paid - 270.0).abs() < 1e-9, "{paid}");
    let (failed, paid) = after(0.0);
    assert!((failed - 10.0).abs() <= 1.0, "{failed}");
    assert!((paid - 265.0).abs() < 1e-9, "{paid}");
}

#[test]
fn an_instance_that_warms_up_serves_more_slowly() {
    let mut model = fleet(1, 0, 0.1, 1.0);
    let controller = Controller::of(0, 1, 1, schedule(1e6, 1, &[]));
    model.controllers = vec![Controller { warm_up: 100.0, warm_up_speed: 0.5, ..controller }];
    let latency = |warm_up| once(&model, warm_up, 99.0).latency().mean;
    assert!((latency(0.5) - 0.2).abs() < 1e-9);
    assert!((latency(100.5) - 0.1).abs() < 1e-9);
}

/// What a controller has not put to work is not admitted by anybody else.
#[test]
fn incidents_do_not_bring_in_what_is_not_there() {
    let mut model = fleet(3, 1, 0.1, 1.0);
    let (station, instances) = (0, vec![1, 2]);
    model.incidents = vec![
        Incident { at: 10.0, change: Change::Up { station, instances: instances.clone() } },
        Incident { at: 10.0, change: Change::Admit { station, instances } },
    ];
    model.controllers = vec![Controller::of(0, 1, 3, schedule(1e6, 1, &[]))];
    let found = once(&model, 50.0, 100.0);
    assert!((found.utilisation(0).mean - 0.1).abs() < 1e-9);
    assert!((found.instances_serving(0).mean - 1.0).abs() < 1e-12);
}

/// Requests that nobody will ever serve do not keep the controllers looking for ever.
#[test]
fn a_run_that_cannot_end_is_ended() {
    let mut model = fleet(2, 2, 0.1, 10.0);
    for instance in &mut model.stations[0].instances {
        instance.servers = 0;
    }
    let policy = Policy::HorizontalPod(HorizontalPod::of(50));
    model.controllers = vec![Controller::of(0, 1, 2, policy)];
    let found = once(&model, 0.0, 100.0);
    assert!(found.goodput().mean.abs() < 1e-12);
}

#[test]
fn controllers_without_meaning_are_refused() {
    let refused = |change: fn(&mut Controller)| {
        let mut model = fleet(3, 3, 0.1, 1.0);
        let policy = Policy::HorizontalPod(HorizontalPod::of(50));
        let mut controller = Controller::of(0, 1, 3, policy);
        change(&mut controller);
        model.controllers = vec![controller];
        run(&model, &experiment(1.0, 10.0)).is_err()
    };
    assert!(!refused(|_| {}));
    assert!(refused(|controller| controller.station = 1));
    assert!(refused(|controller| controller.most = 4));
    assert!(refused(|controller| controller.least = 4));
    assert!(refused(|controller| controller.drain = f64::NAN));
    assert!(refused(|controller| controller.warm_up_speed = 0.0));
    assert!(refused(|controller| {
        controller.policy = Policy::HorizontalPod(HorizontalPod::of(0));
    }));
    assert!(refused(|controller| {
        controller.policy = schedule(10.0, 1, &[(5.0, 11.0, 2)]);
    }));
    let mut twice = fleet(3, 3, 0.1, 1.0);
    let controller = Controller::of(0, 1, 3, schedule(10.0, 1, &[]));
    twice.controllers = vec![controller.clone(), controller];
    assert!(run(&twice, &experiment(1.0, 10.0)).is_err());
}

/// A step to eight times the load, on a fleet of pods with two places to wait each.
fn flash_crowd(boot: f64) -> Model {
    let mut model = fleet(40, 4, 0.1, 1.0);
    model.stations[0].queue_limit = Some(2);
    model.sources = vec![source(1.0, Resilience::NONE)];
    model.sources[0].arrivals.rate = Rate::Steps(vec![(0.0, 20.0), (600.0, 160.0)]);
    let policy = Policy::HorizontalPod(HorizontalPod::of(60));
    model.controllers = vec![Controller {
        boot: Service::Fixed { time: boot },
        drain: 30.0,
        ..Controller::of(0, 2, 40, policy)
    }];
    model
}

/// Metamorphic test 55 of theory: at equal random numbers, and a controller that ends at the same
/// number, more seconds of boot never lose fewer requests.
#[test]
fn slower_boots_never_lose_fewer_requests() {
    let goodput =
        |boot| run(&flash_crowd(boot), &experiment(300.0, 1_500.0)).unwrap().goodput().mean;
    let found: Vec<f64> = [0.0, 20.0, 60.0, 120.0].map(goodput).to_vec();
    assert!(found.is_sorted_by(|fast, slow| fast >= slow), "{found:?}");
    assert!(found[0] - found[3] > 0.01, "{found:?}");
}

/// Tests 53 and 54: under a constant load the number is constant once it has settled, and it is
/// always within its bounds.
#[test]
fn under_a_constant_load_the_number_settles_within_its_bounds() {
    let policies = [
        Policy::HorizontalPod(HorizontalPod::of(60)),
        Policy::TargetTracking(TargetTracking::of(0.6)),
    ];
    for policy in policies {
        for rate in [1.0, 60.0, 170.0, 1_000.0] {
            let mut model = fleet(30, 10, 0.1, rate);
            model.stations[0].queue_limit = Some(5);
            model.controllers = vec![Controller::of(0, 3, 30, policy.clone())];
            let found = once(&model, 0.0, 7_200.0);
            let course = found.fleet_course(0);
            assert!(course.iter().all(|(_, count)| (3..=30).contains(count)), "{course:?}");
            let (settled, last) = course[course.len() - 1];
            assert!(settled < 2_400.0, "{rate}: {course:?}");
            // What it settled at is within its tolerance of the target, or at a bound.
            let per_instance = rate * 0.1 / f64::from(last);
            let near = (0.5..=0.661).contains(&per_instance);
            assert!(near || last == 3 || last == 30, "{rate}: {course:?}");
        }
    }
}
