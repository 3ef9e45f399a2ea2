//! Laws that hold whatever the numbers are, each with what it needs to hold. What is random on both
//! sides is compared by intervals with an error of 0.1% a test; what is the same requests with the
//! same work is compared outright.

use crate::queues::{experiment, model, multi_server, source, tandem};
use simulator::model::{
    Arrivals, Backoff, Balancing, Call, Change, Discipline, Floor, Incident, Instance, Model,
    Resilience, Route, Service, Source, Station,
};
use simulator::statistics::{Estimate, Experiment, Figure, Statistics, run};

/// Trials of what is compared by intervals.
const TRIALS: u32 = 20;
const CONFIDENCE: f64 = 0.999;

fn ran(model: &Model, warm_up: f64, observed: f64) -> Statistics {
    run(model, &Experiment { trials: TRIALS, ..experiment(warm_up, observed) }).unwrap()
}

/// Refuses two estimates from independent streams that differ.
fn assert_alike(one: Estimate, other: Estimate, what: &str) {
    let error = one.standard_error.hypot(other.standard_error);
    let scale = one.half_width(CONFIDENCE) / one.standard_error;
    let difference = (one.mean - other.mean).abs();
    assert!(difference <= scale * error, "{what}: {one:?} against {other:?}");
}

fn assert_covers(estimate: Estimate, exact: f64, what: &str) {
    let interval = estimate.interval(CONFIDENCE);
    assert!(interval.covers(exact), "{what}: {interval:?} without {exact}");
}

/// A web service: a front of two unequal instances, a cache with limits behind it, a shop that
/// half of the requests go on to.
fn shop() -> Model {
    let instance = |speed| Instance { speed, ..Instance::with_servers(2) };
    let exponential = |mean| Service::Exponential { mean };
    let front = Station {
        balancing: Balancing::LeastOutstanding,
        routes: vec![vec![Route::to(2, 0.5)]],
        calls: vec![vec![Call::to(1, 1.5)]],
        ..Station::queue("front", vec![instance(1.0), instance(1.0)], exponential(0.2))
    };
    let lognormal = Service::LogNormal { mean: 0.1, cv: 1.5 };
    let cache = Station::queue("cache", vec![instance(1.0)], lognormal);
    let gamma = Service::Gamma { mean: 0.3, cv: 0.7 };
    let shop = Station::queue("shop", vec![instance(1.0); 2], gamma);
    model(source(10.0, Resilience::NONE), vec![front, cache, shop])
}

/// Law 26: The utilisation law U = XD/c at every station. Needs: a stable system that has warmed
/// up, in which nothing is lost, and instances of one speed.
#[test]
fn utilisation_is_throughput_times_service() {
    let found = ran(&shop(), 50.0, 2_000.0);
    for (station, (visits, mean, servers)) in
        [(1.0, 0.2, 4.0), (1.5, 0.1, 2.0), (0.5, 0.3, 4.0)].into_iter().enumerate()
    {
        let busy = found.utilisation(station).mean;
        let rate = found.visit_rate(station).mean;
        assert!((busy - rate * mean / servers).abs() < 0.005, "{station}: {busy}");
        assert_covers(found.utilisation(station), 10.0 * visits * mean / servers, "utilisation");
    }
}

/// Law 27: Little's law at every station: the time-average of the number there, which a gauge
/// counts, is the rate of visits times their mean stay. Needs: a system that is as full in the end
/// as it was at first, but for noise. For the whole system it is asserted in every trial.
#[test]
fn the_number_at_a_station_is_rate_times_stay() {
    let levels = Experiment { levels: true, trials: TRIALS, ..experiment(50.0, 2_000.0) };
    let found = run(&shop(), &levels).unwrap();
    for station in 0..3 {
        let number: f64 = (1..400_u16)
            .map(|level| f64::from(level) * found.level(station, level.into()).mean)
            .sum();
        let product = found.visit_rate(station).mean * found.stay(station).mean;
        assert!((number / product - 1.0).abs() < 0.002, "{station}: {number}, {product}");
    }
}

/// Law 28: Flow balance: what comes is refused, gives up, is dropped or leaves. Needs: nothing
/// dies, and nobody leaves a call behind, so that every visit has ended when the last request has.
#[test]
fn visits_come_and_go() {
    let mut model = multi_server(2, 2.6);
    model.stations[0].queue_limit = Some(6);
    model.stations[0].floor =
        Floor { patience: Some(Service::Exponential { mean: 2.0 }), ..Floor::default() };
    let found = ran(&model, 0.0, 500.0);
    let visits = found.visits(0);
    let arrived = visits.arrived as f64;
    let [refused, gave_up] = [found.refused(0), found.gave_up(0)].map(|share| share.mean * arrived);
    assert!(refused > 100.0 && gave_up > 100.0);
    assert!((arrived - refused - gave_up - visits.left as f64).abs() < 1e-6);
    assert_eq!(visits.started, visits.left);
    // What was shed has an interval, as everything has.
    let shed = found.shed().interval(0.95);
    assert!(shed.low > 0.0 && shed.low < shed.value && shed.value < shed.high);
    assert!((shed.value - refused / found.offered() as f64).abs() < 1e-12);
}

/// Law 32: More variable services never wait less. Needs: one server, first come, first served
/// (Pollaczek and Khinchine: in proportion to 1 + cv²).
#[test]
fn variance_is_never_good_for_the_wait() {
    let waiting = |cv: f64| {
        let mut model = multi_server(1, 0.7);
        model.stations[0].service = vec![Service::LogNormal { mean: 1.0, cv }];
        ran(&model, 200.0, 20_000.0).waiting(0)
    };
    let mut before = 0.0;
    for cv in [0.0, 0.5, 1.0, 1.5] {
        let found = waiting(cv);
        assert_covers(found, 0.7 / 0.3 * f64::midpoint(1.0, cv * cv), "Pollaczek and Khinchine");
        assert!(found.mean > before, "{cv}");
        before = found.mean;
    }
}

/// Law 34: Percentiles are in order, and nobody is faster than the service. Needs: nothing.
#[test]
fn percentiles_are_in_order_and_above_the_service() {
    let mut model = multi_server(3, 2.4);
    model.stations[0].service = vec![Service::Uniform { low: 0.4, high: 1.6 }];
    let shares = vec![0.0, 0.5, 0.95, 0.99, 1.0];
    let experiment = Experiment { percentiles: shares, ..experiment(50.0, 1_000.0) };
    let found = run(&model, &experiment).unwrap();
    let percentiles = [0, 1, 2, 3, 4].map(|place| found.percentile(place).mean);
    assert!(percentiles.is_sorted(), "{percentiles:?}");
    // A cell of the histogram is 0.8% wide.
    assert!(percentiles[0] > 0.4 * 0.992 && found.latency().mean > 1.0);
    for place in 0..5 {
        let interval = found.interval(Figure::Percentile(place), 0.95);
        assert!(interval.low <= interval.value && interval.value <= interval.high, "{interval:?}");
    }
}

/// Law 38: Twice the trials halve the variance. Needs: independent trials.
#[test]
fn twice_the_trials_halve_the_variance() {
    let model = multi_server(1, 0.5);
    let variance = |trials: u32| {
        let mean = |seed: u64| {
            let experiment = Experiment { seed, trials, ..experiment(20.0, 100.0) };
            run(&model, &experiment).unwrap().latency().mean
        };
        Estimate::of((0..1_500).map(mean)).standard_error.powi(2)
    };
    let ratio = variance(20) / variance(10);
    assert!((0.4..=0.6).contains(&ratio), "{ratio}");
}

/// Law 39: The order in which sources and instances are listed changes the draws and not the
/// distribution. Needs: a policy that does not look at the order.
#[test]
fn the_order_of_components_does_not_matter() {
    let queue = |mirrored: bool| {
        let mut instances = vec![Instance { speed: 0.5, ..Instance::with_servers(1) }; 2];
        instances.push(Instance { speed: 2.0, ..Instance::with_servers(1) });
        let station = Station {
            balancing: Balancing::LeastOutstanding,
            service: vec![Service::Exponential { mean: 1.0 }, Service::Fixed { time: 0.5 }],
            calls: vec![Vec::new(); 2],
            ..Station::queue("queue", Vec::new(), Service::Fixed { time: 0.0 })
        };
        let source = |rate, mix: [f64; 2]| Source {
            mix: mix.to_vec(),
            enters: vec![0, 0],
            ..Source::of(Arrivals::poisson(rate))
        };
        let mut sources = vec![source(0.4, [1.0, 0.0]), source(1.6, [0.2, 0.8])];
        if mirrored {
            sources.reverse();
            instances.reverse();
        }
        let stations = vec![Station { instances, ..station }];
        Model {
            classes: 2,
            sources,
            ..model(crate::queues::source(1.0, Resilience::NONE), stations)
        }
    };
    let [one, other] = [false, true].map(|mirrored| ran(&queue(mirrored), 100.0, 5_000.0));
    assert_ne!(one.latency(), other.latency());
    for figure in [Figure::Latency, Figure::Percentile(1), Figure::InSystem, Figure::Waiting(0)] {
        assert_alike(one.figure(figure), other.figure(figure), &format!("{figure:?}"));
    }
}

/// Law 41: A fan-out of one is a call after another, and a larger one is never faster. Needs: the
/// same requests, and servers enough that the calls do not wait for one another: their mean is then
/// that of the largest of n exponential times, 1 + 1/2 + … + 1/n.
#[test]
fn wider_fan_outs_are_never_faster() {
    let latency = |count: f64, parallel: bool| {
        let many = || vec![Instance::with_servers(10_000)];
        let mut front = Station::queue("front", many(), Service::Fixed { time: 0.5 });
        front.calls = vec![vec![Call { parallel, ..Call::to(1, count) }]];
        let back = Station::queue("back", many(), Service::Exponential { mean: 1.0 });
        ran(&model(source(5.0, Resilience::NONE), vec![front, back]), 20.0, 500.0).latency()
    };
    assert_eq!(latency(1.0, true).mean.to_bits(), latency(1.0, false).mean.to_bits());
    let mut harmonic = 0.0;
    let mut before = 0.0;
    for count in 1..=8 {
        let found = latency(f64::from(count), true);
        harmonic += 1.0 / f64::from(count);
        assert!(found.mean >= before, "{count}");
        assert_covers(found, 0.5 + harmonic, "largest of some");
        before = found.mean;
    }
}

/// Law 42: The percentile of stations in a row is at most the sum of their percentiles, each at its
/// part of what may be slower (the union bound). Needs: nothing; here each is M/M/1 (Burke).
#[test]
fn the_union_bound_is_never_passed() {
    let means = [0.5, 0.3, 0.6];
    let mut model = tandem(&means, 1.0);
    for (index, station) in model.stations.iter_mut().enumerate() {
        station.calls = vec![Vec::new()];
        station.routes = vec![if index < 2 { vec![Route::to(index + 1, 1.0)] } else { Vec::new() }];
    }
    let found = ran(&model, 200.0, 5_000.0);
    for (place, share) in [0.5, 0.95, 0.99].into_iter().enumerate() {
        let part: f64 = (1.0 - share) / 3.0;
        let bound: f64 = means.iter().map(|mean| -libm::log(part) / (1.0 / mean - 1.0)).sum();
        let high = found.interval(Figure::Percentile(place), CONFIDENCE).high;
        assert!(high <= bound, "{share}: {high} above {bound}");
    }
}

/// Law 43: Retries only add, and by no more than the tries of every layer multiplied. Needs:
/// nothing for the bound; it is reached where the last layer is dead.
#[test]
fn retries_multiply_over_layers_and_no_more() {
    let calls = |layers: usize, dead: bool| {
        let resilience = Resilience {
            timeout: Some(20.0),
            retries: 2,
            budget: None,
            backoff: Backoff::jitter(0.01),
        };
        let mut stations: Vec<Station> = (0..layers)
            .map(|layer| {
                let instances = vec![Instance::with_servers(50)];
                let service = Service::Exponential { mean: 0.01 };
                let mut station =
                    Station { resilience, ..Station::queue("layer", instances, service) };
                if layer + 1 < layers {
                    station.calls = vec![vec![Call::to(layer + 1, 1.0)]];
                }
                station
            })
            .collect();
        let last = &mut stations[layers - 1];
        if dead {
            last.instances[0].serving = false;
        } else {
            last.instances[0].servers = 1;
            last.queue_limit = Some(0);
        }
        let found = ran(&model(source(30.0, resilience), stations), 0.0, 20.0);
        found.visits(layers - 1).arrived as f64 / found.offered() as f64
    };
    for layers in 1..=3 {
        let most = 3.0_f64.powi(i32::try_from(layers).unwrap());
        let (some, all) = (calls(layers, false), calls(layers, true));
        assert!(some > 1.0 && some < most, "{layers}: {some}");
        // Tries after the end of the observed time are not counted.
        assert!(all <= most && all > 0.98 * most, "{layers}: {all}");
    }
}

/// Law 44: Below 1/(1 + r) of the capacity a system recovers from any outage that ends; above, it
/// may not. Needs: r retries without a budget, and a timeout longer than the service.
#[test]
fn a_load_below_the_retry_limit_recovers_from_any_outage() {
    let goodput = |rate: f64, outage: f64| {
        let resilience = Resilience {
            timeout: Some(1.0),
            retries: 1,
            budget: None,
            backoff: Backoff::jitter(0.0),
        };
        let service = Service::Fixed { time: 1.0 / 300.0 };
        let station = Station::queue("database", vec![Instance::with_servers(1)], service);
        let mut model = model(source(rate, resilience), vec![station]);
        let change = Change::Stall { station: 0, duration: outage };
        model.incidents = vec![Incident { at: 10.0, change }];
        let after = 10.0 + outage * 20.0 + 20.0;
        run(&model, &Experiment { trials: 2, ..experiment(after, 30.0) }).unwrap().goodput().mean
    };
    for outage in [2.0, 10.0, 40.0] {
        assert!(goodput(140.0, outage) > 0.999, "{outage}");
        assert!(goodput(280.0, outage) < 0.05, "{outage}");
    }
}

/// Work that nobody waits for any more, dropped before it is served, does not hold up the rest, so
/// that the load which never recovers does. Needs: a server that sees that its caller has gone.
#[test]
fn dropping_expired_work_rescues_the_load_that_never_recovers() {
    let goodput = |drop_expired: bool| {
        let resilience = Resilience {
            timeout: Some(1.0),
            retries: 1,
            budget: None,
            backoff: Backoff::jitter(0.0),
        };
        let service = Service::Fixed { time: 1.0 / 300.0 };
        let station = Station::queue("database", vec![Instance::with_servers(1)], service);
        let floor = Floor { drop_expired, discipline: Discipline::FirstCome, ..Floor::default() };
        let mut model = model(source(280.0, resilience), vec![Station { floor, ..station }]);
        let change = Change::Stall { station: 0, duration: 10.0 };
        model.incidents = vec![Incident { at: 10.0, change }];
        run(&model, &Experiment { trials: 2, ..experiment(330.0, 30.0) }).unwrap().goodput().mean
    };
    assert!(goodput(false) < 0.05);
    assert!(goodput(true) > 0.99);
}
