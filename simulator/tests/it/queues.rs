//! Plain models for tests.

use simulator::model::{
    Arrivals, Balancing, Call, Instance, Model, Network, Resilience, Service, Source, Station,
};
use simulator::statistics::Experiment;

/// A source of one class that enters at the first station.
pub(crate) fn source(rate: f64, resilience: Resilience) -> Source {
    Source {
        arrivals: Arrivals::poisson(rate),
        users: None,
        mix: vec![1.0],
        enters: vec![0],
        resilience,
        zones: Vec::new(),
        deadline: None,
    }
}

/// A model of one source and some stations without a network.
pub(crate) fn model(source: Source, stations: Vec<Station>) -> Model {
    Model {
        classes: 1,
        sources: vec![source],
        stations,
        network: Network::default(),
        incidents: Vec::new(),
        controllers: Vec::new(),
    }
}

/// M/M/c with mean service 1.
pub(crate) fn multi_server(servers: u32, rate: f64) -> Model {
    let station = Station::queue(
        "queue",
        vec![Instance::with_servers(servers)],
        Service::Exponential { mean: 1.0 },
    );
    model(source(rate, Resilience::NONE), vec![station])
}

/// Single-server instances behind a policy, at a utilisation.
pub(crate) fn farm(count: u32, utilisation: f64, balancing: Balancing) -> Model {
    let mut model = multi_server(1, utilisation * f64::from(count));
    model.stations[0].instances = vec![Instance::with_servers(1); count as usize];
    model.stations[0].balancing = balancing;
    model
}

/// Stations one after the other, each calling the next once.
pub(crate) fn tandem(means: &[f64], rate: f64) -> Model {
    let stations = means.iter().enumerate().map(|(index, mean)| {
        let mut station = Station::queue(
            &format!("station-{index}"),
            vec![Instance::with_servers(1)],
            Service::Exponential { mean: *mean },
        );
        if index + 1 < means.len() {
            station.calls = vec![vec![Call::to(index + 1, 1.0)]];
        }
        station
    });
    model(source(rate, Resilience::NONE), stations.collect())
}

/// A short run.
pub(crate) fn experiment(warm_up: f64, observed: f64) -> Experiment {
    Experiment {
        seed: 7,
        scenario: "test".to_owned(),
        trials: 4,
        warm_up,
        observed,
        load: 1.0,
        percentiles: vec![0.5, 0.95, 0.99],
        waits: false,
        levels: false,
    }
}

/// Passes requests on to others at once.
pub(crate) fn front_of(name: &str) -> Station {
    let instance = Instance::with_servers(1_000_000);
    Station::queue(name, vec![instance], Service::Fixed { time: 0.0 })
}
