//! The same models in our own engine, and what only it can run.

use std::time::Instant;

use reports::restore::Described;
use simulator::model::{
    Arrivals, Backoff, Balancing, Change, Incident, Instance, Model, Network, Resilience, Service,
    Source, Station,
};
use simulator::statistics::{Experiment, run};
use simulator::{Settings, verify_scenarios};

use crate::Shown;

fn exponential() -> Service {
    Service::Exponential { mean: 1.0 }
}

fn model(rate: f64, station: Station) -> Model {
    Model {
        classes: 1,
        sources: vec![Source::of(Arrivals::poisson(rate))],
        stations: vec![station],
        network: Network::default(),
        incidents: Vec::new(),
        controllers: Vec::new(),
    }
}

/// Trials of so many seconds, with every figure that is shown by `plimsoll simulate`.
fn experiment(seed: u64, trials: u32, observed: f64) -> Experiment {
    Experiment {
        seed,
        scenario: "peers".to_owned(),
        trials,
        warm_up: 0.0,
        observed,
        load: 1.0,
        percentiles: vec![0.5, 0.95, 0.99],
        waits: false,
        levels: false,
    }
}

/// One trial with so many customers, all of them observed.
fn trial(model: &Model, rate: f64, customers: u64, seed: u64) -> Shown {
    let experiment = experiment(seed, 1, customers as f64 / rate);
    let found = run(model, &experiment).expect("the model is sound");
    Shown { customers: found.visits(0).arrived, wait: found.waiting(0).mean }
}

pub(crate) fn queue(customers: u64, seed: u64) -> Shown {
    let station = Station::queue("queue", vec![Instance::with_servers(8)], exponential());
    trial(&model(7.2, station), 7.2, customers, seed)
}

pub(crate) fn farm(customers: u64, seed: u64) -> Shown {
    let station = Station {
        balancing: Balancing::LeastOutstanding,
        ..Station::queue("farm", vec![Instance::with_servers(1); 100], exponential())
    };
    trial(&model(90.0, station), 90.0, customers, seed)
}

/// Eight instances of four servers at 80%; one is down for a tenth of the time.
pub(crate) fn resilient(customers: u64, seed: u64) -> Shown {
    let rate = 25.6;
    let station = Station {
        balancing: Balancing::PowerOfTwo,
        queue_limit: Some(100),
        in_flight_limit: Some(200),
        ..Station::queue("farm", vec![Instance::with_servers(4); 8], exponential())
    };
    let mut model = model(rate, station);
    model.sources[0].resilience = Resilience {
        timeout: Some(6.0),
        retries: 1,
        budget: Some(0.1),
        backoff: Backoff::jitter(0.1),
    };
    let whole = customers as f64 / rate;
    for step in 0..10 {
        let at = whole * f64::from(step) / 10.0;
        let down = Change::Down { station: 0, instances: vec![0] };
        let up = Change::Up { station: 0, instances: vec![0] };
        model.incidents.push(Incident { at, change: down });
        model.incidents.push(Incident { at: at + whole / 100.0, change: up });
    }
    trial(&model, rate, customers, seed)
}

/// What a spec describes.
pub(crate) fn described(path: &str) -> Described {
    let text = std::fs::read_to_string(path).expect("the spec can be read");
    let spec = domain::spec::read(&text).expect("it is a spec");
    reports::restore::restore(&spec, None).expect("it means something")
}

/// Its peak, until its checks are decided.
pub(crate) fn topology(described: &Described, seed: u64) -> Shown {
    let settings = Settings { seed, ..Settings::default() };
    let names = ["peak".to_owned()];
    let Described { demand, topology, .. } = described;
    let found = verify_scenarios(demand, topology, &names, &settings, &|_| {})
        .expect("it can be simulated");
    Shown { customers: found.requests, wait: f64::NAN }
}

/// Speed on two threads over that on one.
pub(crate) fn two_cores_over_one() -> f64 {
    let station = Station::queue("queue", vec![Instance::with_servers(8)], exponential());
    let model = model(7.2, station);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.expect("threads start");
        let experiment = experiment(1, 8, 500_000.0 / 7.2);
        let once = || {
            let started = Instant::now();
            pool.install(|| run(&model, &experiment).expect("the model is sound"));
            started.elapsed().as_secs_f64()
        };
        (0..3).map(|_| once()).fold(f64::INFINITY, f64::min)
    };
    on(1) / on(2)
}
