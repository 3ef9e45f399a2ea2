//! Fleets of two kinds of machines: calls are spread by weight, the second kind follows the load.

use std::collections::BTreeMap;

use crate::common::{APP, DB, autoscaler, demand, deployment, pool, standby, topology};
use crate::documents::document;
use crate::known::{Known, compare};
use crate::queues::{experiment, multi_server};
use domain::demand::Demand;
use domain::topology::{Balancing as Policy, Pool, Redundancy, Topology};
use domain::units::{RequestsPerSecond, Seconds};
use domain::verification::{ScenarioResult, Verification};
use simulator::model::{Balancing, Instance, Model};
use simulator::statistics::{Experiment, Figure};
use simulator::{Evidence, Settings, SimulatorFault, scenario_names, verify, whole_day};

/// Single servers with exponential services of mean 1 at speed 1, by speed and weight.
fn servers(kinds: &[(f64, f64)], rate: f64, balancing: Balancing) -> Model {
    let mut model = multi_server(1, rate);
    let one = |(speed, weight): &(f64, f64)| Instance {
        speed: *speed,
        weight: *weight,
        ..Instance::with_servers(1)
    };
    model.stations[0].instances = kinds.iter().map(one).collect();
    model.stations[0].balancing = balancing;
    model
}

/// Places of each queue in the chain below; what lies beyond has a chance below 1e-9.
const PLACES: usize = 70;

/// The mean number in the system, and the share of busy servers, of two servers behind the fewest
/// calls for each unit of weight, by the balance of the states of both queues.
fn by_balance(kinds: &[(f64, f64); 2], rate: f64) -> (f64, f64) {
    let [(first, own), (second, other)] = *kinds;
    // The share of the calls that the first one gets.
    let share = |one: usize, two: usize| {
        let (left, right) = ((one + 1) as f64 * other, (two + 1) as f64 * own);
        if (left - right).abs() < 1e-9 { 0.5 } else { f64::from(u8::from(left < right)) }
    };
    let mut chance = vec![[1.0_f64; PLACES]; PLACES];
    for _ in 0..3_000 {
        for one in 0..PLACES {
            for two in 0..PLACES {
                let busy = |number: usize, speed: f64| if number > 0 { speed } else { 0.0 };
                let room = f64::from(u8::from(one + 1 < PLACES && two + 1 < PLACES));
                let out = rate * room + busy(one, first) + busy(two, second);
                let mut into = 0.0;
                if one > 0 && two + 1 < PLACES {
                    into += rate * share(one - 1, two) * chance[one - 1][two];
                }
                if two > 0 && one + 1 < PLACES {
                    into += rate * (1.0 - share(one, two - 1)) * chance[one][two - 1];
                }
                into += chance.get(one + 1).map_or(0.0, |row| first * row[two]);
                into += chance[one].get(two + 1).map_or(0.0, |there| second * there);
                chance[one][two] = into / out;
            }
        }
        let whole: f64 = chance.iter().flatten().sum();
        chance.iter_mut().flatten().for_each(|chance| *chance /= whole);
    }
    let mean = |of: fn(usize) -> f64| {
        let places = (0..PLACES).flat_map(|one| (0..PLACES).map(move |two| (one, two)));
        places.map(|(one, two)| chance[one][two] * (of(one) + of(two))).sum::<f64>()
    };
    (mean(|number| number as f64), mean(|number| f64::from(u8::from(number > 0))) / 2.0)
}

/// At random by weight, the servers are M/M/1 queues that know nothing of one another: each takes
/// its share p of the rate λ and a visit to it 1/(speed − pλ). Weights in proportion to the speeds
/// make all servers as busy as one another. By the fewest calls for each unit of weight, the states
/// of two servers balance; with equal weights it is plain least outstanding.
#[test]
fn weights_do_what_theory_says() {
    let random = |kinds: &[(f64, f64)], rate: f64| {
        let whole: f64 = kinds.iter().map(|(_, weight)| weight).sum();
        let share = |weight: f64| weight / whole;
        let time = |(speed, weight): &(f64, f64)| share(*weight) / (speed - share(*weight) * rate);
        let busy = |(speed, weight): &(f64, f64)| share(*weight) * rate / speed;
        let mean = kinds.iter().map(busy).sum::<f64>() / kinds.len() as f64;
        vec![("W".to_owned(), kinds.iter().map(time).sum::<f64>()), ("busy".to_owned(), mean)]
    };
    let least = |kinds: &[(f64, f64); 2], rate: f64| {
        let (number, busy) = by_balance(kinds, rate);
        vec![("W".to_owned(), number / rate), ("busy".to_owned(), busy)]
    };
    let even = [(1.0, 100.0), (2.0, 200.0)];
    let uneven = [(1.0, 100.0), (2.0, 300.0)];
    let steep = [(1.0, 100.0), (3.0, 250.0)];
    let equal = [(1.0, 137.0), (1.0, 137.0)];
    let cases = [
        ("random even", random(&even, 2.1), servers(&even, 2.1, Balancing::Weighted)),
        ("random uneven", random(&uneven, 2.0), servers(&uneven, 2.0, Balancing::Weighted)),
        ("least even", least(&even, 2.1), servers(&even, 2.1, Balancing::LeastByWeight)),
        ("least steep", least(&steep, 2.8), servers(&steep, 2.8, Balancing::LeastByWeight)),
        ("least equal", least(&equal, 1.4), servers(&equal, 1.4, Balancing::LeastByWeight)),
        ("plain equal", least(&equal, 1.4), servers(&equal, 1.4, Balancing::LeastOutstanding)),
    ];
    let known = |metrics: &Vec<(String, f64)>| Known {
        warm_up: 2_000.0,
        observed: 20_000.0,
        metrics: metrics.clone(),
    };
    let table: BTreeMap<String, Known> =
        cases.iter().map(|(name, metrics, _)| ((*name).to_owned(), known(metrics))).collect();
    let of = |name: &str| cases.iter().find(|(own, ..)| *own == name).unwrap().2.clone();
    compare(20_261_126, &table, of);
}

#[test]
fn a_document_can_ask_for_the_fewest_calls_by_weight() {
    let written = document(
        "arrivals: {rate: 2.1}\nstations:\n  queue:\n    \
         instances: [{weight: 100}, {speed: 2, weight: 200}]\n    \
         service: 1\n    balancer: least_by_weight\n",
    );
    let found = simulator::document::model(&written).unwrap();
    let station = &found.stations[0];
    assert_eq!(station.balancing, Balancing::LeastByWeight);
    let kinds = station.instances.iter().map(|instance| (instance.speed, instance.weight));
    assert_eq!(kinds.collect::<Vec<_>>(), [(1.0, 100.0), (2.0, 200.0)]);
}

/// Two slow servers and one six times as fast, 70% busy.
#[test]
fn a_balancer_that_knows_the_speeds_waits_less() {
    let kinds = [(1.0, 100.0), (1.0, 100.0), (6.0, 600.0)];
    let of = |balancing| servers(&kinds, 5.6, balancing);
    let experiment = Experiment { trials: 20, ..experiment(100.0, 2_000.0) };
    let [plain, knowing] = [Balancing::LeastOutstanding, Balancing::LeastByWeight].map(of);
    let found = simulator::statistics::compare(&plain, &knowing, &experiment).unwrap();
    let interval = found.difference(Figure::Latency).paired.interval(0.999);
    assert!(interval.high < 0.0, "{interval:?}");
}

/// A pool whose instances take so many hundredths of the calls that one of weight 100 takes.
fn weighted(pool: Pool, weight: u32) -> Pool {
    Pool { weight, ..pool }
}

/// The app on two standing machines twice as fast as the four that follow the load, in the room of
/// eight of those, at two thirds of the usual peak.
fn mixed() -> (Demand, Topology) {
    let mut demand = demand();
    demand.load.peak = RequestsPerSecond::of(3_000.0);
    demand.load.mean = RequestsPerSecond::of(1_000.0);
    let mut topology = topology();
    let app = &mut topology.services[APP];
    let following = weighted(pool(4, 1.95, &[2, 2]), 100);
    app.pools = vec![
        weighted(pool(4, 3.9, &[1, 1]), 200),
        Pool { autoscaler: Some(autoscaler(1, 4)), ..following },
    ];
    (demand, topology)
}

fn judged((demand, topology): &(Demand, Topology), evidence: Evidence) -> Verification {
    let settings = Settings { evidence, ..Settings::default() };
    verify(demand, topology, &settings, &|_| {}).unwrap()
}

fn scenario<'a>(verification: &'a Verification, name: &str) -> &'a ScenarioResult {
    verification.scenarios.iter().find(|scenario| scenario.name == name).unwrap()
}

#[test]
fn a_mixed_fleet_is_judged_to_the_same_bits_on_any_number_of_threads() {
    let system = mixed();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        format!("{:?}", pool.install(|| judged(&system, Evidence::Always)))
    };
    assert_eq!(on(1), on(2));
}

/// 30 servers' worth of work on 2 × 15.6 and 4 × 7.8: 48% busy. With one of the strongest down it
/// is 64%, with one of the others 55%; at random, both kinds are as busy as one another.
#[test]
fn one_instance_down_is_one_that_can_do_most() {
    let (demand, mut topology) = mixed();
    topology.services[APP].balancing = Policy::Random;
    let found = judged(&(demand, topology), Evidence::Demanded);
    let busy = |name: &str| scenario(&found, name).utilisation["app"].value;
    assert!((busy("peak") - 30.0 / 62.4).abs() < 0.03, "{}", busy("peak"));
    let down = busy("instance-down:app");
    // The figure is that of the busier kind: noise alone makes it a little larger.
    assert!((down - 30.0 / 46.8).abs() < 0.045, "{down}");
}

/// Two that always stand and one beside them at least, all of them paid for; six at the peak.
#[test]
fn all_instances_of_a_mixed_fleet_are_paid_for() {
    let found = judged(&mixed(), Evidence::Demanded);
    let day = found.day.unwrap();
    let hours = day.instance_hours["app"];
    assert!(hours > 3.0 * 24.0 && hours < 6.0 * 24.0, "{hours}");
    assert!(day.fluid_error < 0.1 && day.worst_goodput > 0.999, "{day:?}");
}

/// Uptime has as many states as that of equal machines in the same zones.
#[test]
fn every_instance_of_a_mixed_fleet_may_be_down() {
    let system = mixed();
    let mut equal = system.clone();
    equal.1.services[APP].pools = vec![pool(4, 1.95, &[3, 3])];
    let states = |system| judged(system, Evidence::Demanded).uptime.unwrap().states;
    assert_eq!(states(&system), states(&equal));
}

/// As many machines in each zone, but not of the same kinds: neither loss stands for the other.
#[test]
fn zones_with_other_machines_are_not_alike() {
    let (demand, mut topology) = web();
    let losses = |topology: &Topology| {
        let names = scenario_names(&demand, topology).unwrap();
        names.iter().filter(|name| name.starts_with("zone-loss")).count()
    };
    assert_eq!(losses(&topology), 1);
    topology.services[APP].pools[0].per_zone = vec![2, 0];
    topology.services[APP].pools[1].per_zone = vec![2, 4];
    assert_eq!(losses(&topology), 2);
}

/// Turns and choices of two are not made by weight: then each machine has its share at random.
#[test]
fn policies_without_weights_are_random_ones_with_them() {
    let of = |balancing| {
        let (mut demand, mut topology) = mixed();
        demand.objectives.uptime = None;
        topology.services[APP].balancing = balancing;
        judged(&(demand, topology), Evidence::Demanded)
    };
    let random = of(Policy::Random);
    let busy = scenario(&random, "peak").utilisation["app"].value;
    assert!((busy - 30.0 / 62.4).abs() < 0.02, "{busy}");
    assert_eq!(random, of(Policy::RoundRobin));
    assert_eq!(random, of(Policy::PowerOfTwo));
    assert_ne!(random, of(Policy::LeastOutstanding));
}

/// What no mixed fleet may be is refused, with or without weights that mean anything.
#[test]
fn pools_that_cannot_be_a_mixed_fleet_are_a_fault() {
    let judge = |(demand, topology): &(Demand, Topology)| {
        let settings = Settings { evidence: Evidence::Demanded, ..Settings::default() };
        verify(demand, topology, &settings, &|_| {}).map(|_| ())
    };
    let fault = |service: &str| Err(SimulatorFault::Pools { service: service.to_owned() });
    let mut both = mixed();
    both.1.services[APP].pools[0].autoscaler = Some(autoscaler(1, 2));
    assert_eq!(judge(&both), fault("app"));
    both.1.services[APP].pools[1].autoscaler = None;
    assert_eq!(judge(&both), fault("app"));
    let mut copied = mixed();
    let further = copied.1.services[DB].pools[0].clone();
    copied.1.services[DB].pools.push(further);
    copied.1.services[DB].redundancy = standby(120.0);
    assert_eq!(judge(&copied), fault("db"));
    let mut idle = mixed();
    idle.1.services[APP].pools[0].weight = 0;
    assert_eq!(judge(&idle), Ok(()));
    for pool in &mut idle.1.services[APP].pools {
        pool.per_zone = vec![0, 0];
    }
    assert_eq!(judge(&idle), Ok(()));
}

/// Ten requests a second on average, each of which takes a server of an app for 0.4 s: twelve busy
/// servers of speed 1 at the peak, on two machines of two servers half again as fast that stand,
/// and machines of two that follow the load.
fn web() -> (Demand, Topology) {
    let mut demand = demand();
    demand.load.peak = RequestsPerSecond::of(30.0);
    demand.load.mean = RequestsPerSecond::of(10.0);
    demand.services.truncate(APP + 1);
    let app = &mut demand.services[APP];
    app.calls.clear();
    app.work[0].cpu_time = Seconds::of(0.4);
    app.work[0].cv = 1.0;
    let mut topology = topology();
    topology.services.truncate(APP + 1);
    let standing = weighted(pool(2, 1.5, &[1, 1]), 150);
    let following = weighted(pool(2, 1.0, &[3, 3]), 100);
    topology.services[APP] = deployment(Some(standing), Redundancy::Active);
    let following = Pool { autoscaler: Some(autoscaler(0, 6)), ..following };
    topology.services[APP].pools.push(following);
    (demand, topology)
}

/// As for equal machines: the controllers of the engine see noise that the fluid does not.
#[test]
fn a_fluid_day_of_a_mixed_fleet_is_near_the_day_of_all_requests() {
    let (demand, topology) = web();
    let day = whole_day(&demand, &topology, &Settings::default(), 2).unwrap().unwrap();
    let [fleet] = day.fleets.as_slice() else { panic!("one service is autoscaled") };
    let error = fleet.hours.judged / fleet.hours.requests - 1.0;
    assert!(error.abs() < 0.1, "{error:+.3} of {fleet:?}");
    assert!(fleet.largest_gap < 2.0, "{fleet:?}");
    for (hour, figures) in day.hours.iter().enumerate() {
        let (serving, used) = (figures.serving[0], figures.utilisation[0]);
        assert!(serving.judged >= 2.0 && serving.requests >= 2.0, "{hour}: {serving:?}");
        assert!((used.judged - used.requests).abs() < 0.06, "{hour}: {used:?}");
    }
    // At night what stands is enough.
    let least = day.hours.iter().map(|hour| hour.serving[0].judged).fold(f64::MAX, f64::min);
    assert!(least < 2.5, "{least}");
}
