//! Stations with more work than they can do, and what is lost for certain then: by the flow of
//! calls alone, without a trial.

use crate::model::Model;

/// A model in which a station has more work than it can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Overload {
    /// The largest utilisation of a station.
    pub utilisation: f64,
    /// The largest share of the requests that can be answered well in the long run.
    pub goodput_most: f64,
}

/// The overload of a model at a load, if there is one. A cache is left out: what it refuses goes
/// to its fallback.
///
/// Work that is beyond a station's capacity cannot be done for ever, so requests that ask for it
/// fail; a request that fails takes no more than all of its visits with it. The fewest fail when
/// those with the most work do.
pub(crate) fn overload(model: &Model, factor: f64) -> Option<Overload> {
    let falls_back = caches(model);
    let loads = model.load(factor);
    let busy = loads
        .iter()
        .zip(falls_back)
        .enumerate()
        .filter(|(_, (load, falls_back))| load.utilisation() >= 1.0 && !falls_back);
    let rates = rates(model, factor);
    let whole: f64 = rates.iter().sum();
    busy.fold(None, |found: Option<Overload>, (station, (load, _))| {
        let failing = failing_least(model, station, load.work - load.capacity, &rates);
        let own = Overload {
            utilisation: load.utilisation(),
            goodput_most: (1.0 - failing / whole).clamp(0.0, 1.0),
        };
        Some(found.map_or(own, |found| Overload {
            utilisation: found.utilisation.max(own.utilisation),
            goodput_most: found.goodput_most.min(own.goodput_most),
        }))
    })
}

/// The stations that have somebody to answer for them.
fn caches(model: &Model) -> Vec<bool> {
    let mut caches = vec![false; model.stations.len()];
    for call in model.stations.iter().flat_map(|station| station.calls.iter().flatten()) {
        caches[call.to] |= call.lookup.is_some_and(|lookup| lookup.fallback.is_some());
    }
    caches
}

/// Requests a second of each class.
fn rates(model: &Model, factor: f64) -> Vec<f64> {
    let mut rates = vec![0.0; model.classes];
    for source in &model.sources {
        let whole: f64 = source.mix.iter().sum();
        let rate = source.arrivals.rate.peak() * factor;
        for (sum, weight) in rates.iter_mut().zip(&source.mix) {
            *sum += rate * weight / whole;
        }
    }
    rates
}

/// The fewest requests a second that fail so that a station is rid of so much work, in servers of
/// speed 1.
fn failing_least(model: &Model, station: usize, excess: f64, rates: &[f64]) -> f64 {
    let work = |class: usize| {
        visits_most(model, class)[station] * model.stations[station].service[class].mean()
    };
    let mut classes: Vec<(f64, f64)> =
        rates.iter().enumerate().map(|(class, rate)| (work(class), *rate)).collect();
    // Who may come back for ever might take all of it along.
    if classes.iter().any(|(work, _)| !work.is_finite()) {
        return 0.0;
    }
    classes.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut excess = excess;
    let mut failing = 0.0;
    for (work, rate) in classes {
        if excess <= 0.0 || work <= 0.0 {
            break;
        }
        let these = rate.min(excess / work);
        excess -= these * work;
        failing += these;
    }
    failing
}

/// The most visits that one request of a class makes to each station, when every call is made that
/// may be made and every key is missed. Infinite where routes may lead back.
fn visits_most(model: &Model, class: usize) -> Vec<f64> {
    let mut visits = vec![0.0; model.stations.len()];
    for source in model.sources.iter().filter(|source| source.mix[class] > 0.0) {
        visits[source.enters[class]] = 1.0;
    }
    for (caller, station) in model.stations.iter().enumerate() {
        if station.routes.iter().any(|routes| !routes.is_empty()) {
            return vec![f64::INFINITY; model.stations.len()];
        }
        for call in &station.calls[class] {
            let calls = visits[caller] * call.count.ceil();
            visits[call.to] += calls;
            if let Some((keys, fallback)) =
                call.lookup.and_then(|lookup| Some((lookup.keys, lookup.fallback?)))
            {
                visits[fallback] += calls * f64::from(keys);
            }
        }
    }
    visits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Arrivals, Call, Instance, Lookup, Network, Service, Source, Station};

    /// An app of one server that asks a cache for a key, which a database answers one time in five.
    fn model(rate: f64, database: f64) -> Model {
        let service = |mean| Service::Fixed { time: mean };
        let one = || vec![Instance::with_servers(1)];
        let mut app = Station::queue("app", one(), service(0.001));
        let lookup = Lookup { keys: 1, hit_ratio: 0.8, fallback: Some(2), optional: false };
        app.calls[0].push(Call { lookup: Some(lookup), ..Call::to(1, 1.0) });
        Model {
            classes: 1,
            sources: vec![Source::of(Arrivals::poisson(rate))],
            stations: vec![
                app,
                Station::queue("cache", one(), service(1e-6)),
                Station::queue("db", one(), service(database)),
            ],
            network: Network::default(),
            incidents: Vec::new(),
            controllers: Vec::new(),
        }
    }

    #[test]
    fn who_is_visited_by_every_request_serves_no_more_than_it_can() {
        assert_eq!(overload(&model(990.0, 0.001), 1.0), None);
        let found = overload(&model(1_000.0, 0.001), 2.0).unwrap();
        assert!((found.utilisation - 2.0).abs() < 1e-12);
        assert!((found.goodput_most - 0.5).abs() < 1e-12);
    }

    #[test]
    fn requests_that_do_not_need_the_busy_station_may_go_well() {
        // 20 of 100 requests a second ask the database, which can do 10: 90 go well.
        let found = overload(&model(100.0, 0.1), 1.0).unwrap();
        assert!((found.utilisation - 2.0).abs() < 1e-9);
        assert!((found.goodput_most - 0.9).abs() < 1e-9);
    }

    #[test]
    fn the_class_with_the_most_work_fails_first() {
        let mut two = model(100.0, 0.0);
        two.classes = 2;
        two.sources[0].mix = vec![0.5, 0.5];
        two.sources[0].enters = vec![0, 0];
        for station in &mut two.stations {
            station.calls = vec![Vec::new(), Vec::new()];
            station.service = vec![Service::Fixed { time: 0.01 }; 2];
        }
        // 50 × 0.01 + 50 × 0.03 = 2 servers' work for one: 33 of the heavy class must go.
        two.stations[0].service[1] = Service::Fixed { time: 0.03 };
        let found = overload(&two, 1.0).unwrap();
        assert!((found.goodput_most - (1.0 - 1.0 / 3.0)).abs() < 1e-9, "{found:?}");
    }
}
