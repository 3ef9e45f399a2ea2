//! How long trials are: long enough to forget that they started empty, and to say something.
//!
//! A station forgets after some multiples of its relaxation time. The scale of that time is taken
//! from diffusion: a queue in front of c servers with mean service S, variation v and
//! utilisation ρ drifts by S/c per service and spreads by its variance, which gives
//! (1 + v²)/2 · S/(c(1 − ρ)²) (Newell, "Applications of queueing theory", 1982). It only sets
//! lengths: no estimate and no verdict is made from it.

use crate::model::{Load, Model, Station};
use crate::time::from_seconds;

/// Relaxation times that a warm-up lasts.
pub(crate) const WARM_UP_RELAXATIONS: f64 = 8.0;
/// Idle times of a request that a warm-up lasts at least.
const WARM_UP_REQUESTS: f64 = 10.0;
/// Relaxation times, summed over queues that do not depend on one another, that all trials of a
/// first look observe at least.
const OBSERVED_RELAXATIONS: f64 = 1_000.0;
/// Requests that a first look observes at least.
const REQUESTS_LEAST: f64 = 20_000.0;
/// Requests over the limit that a first look would expect of a plan at the limit, at least.
const EXCEEDANCES_LEAST: f64 = 8.0;
/// Trials of a first look.
const TRIALS: u32 = 12;
/// Trials of a first look at least, where a long warm-up leaves no room for more.
const TRIALS_LEAST: u32 = 6;
/// Trials of a system that is overloaded, which is refuted without them.
const OVERLOAD_TRIALS: u32 = 4;
/// Requests that they may take together.
const OVERLOAD_REQUESTS: f64 = 120_000.0;
/// Seconds after which a queue whose callers wait for ever is taken to be full.
const OVERLOAD_PATIENCE: f64 = 10.0;
/// Utilisation beyond which relaxation is not followed.
const UTILISATION_MOST: f64 = 0.98;

/// The lengths of trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    /// Nanoseconds until requests are observed.
    pub warm_up: u64,
    /// Nanoseconds observed after that.
    pub observed: u64,
    /// Trials of the first look.
    pub first: u32,
    /// Trials that the request limit allows.
    pub most: u32,
}

impl Pace {
    /// For a model at a load, with objectives of which the strictest allows such a share of
    /// requests over its limit; `None` where the request limit is not enough for any trial.
    pub(crate) fn of(model: &Model, load: f64, strictest: f64, request_limit: u64) -> Option<Self> {
        let rate: f64 = model.sources.iter().map(|source| source.arrivals.rate.peak()).sum();
        let rate = rate * load;
        let limit = request_limit as f64;
        if rate <= 0.0 || limit < 1.0 {
            return None;
        }
        let idle = model.idle_time();
        let loads = model.load(load);
        let mut relaxation: f64 = 0.0;
        let mut independent: f64 = 0.0;
        for (station, load) in model.stations.iter().zip(&loads) {
            let (own, queues) = relaxation_of(station, load);
            relaxation = relaxation.max(own);
            independent = independent.max(own / queues);
        }
        let mut warm_up =
            (WARM_UP_RELAXATIONS * relaxation).max(WARM_UP_REQUESTS * idle).max(100.0 / rate);
        let requests = REQUESTS_LEAST.max(EXCEEDANCES_LEAST / strictest);
        let whole = (requests / rate).max(OBSERVED_RELAXATIONS * independent);
        let mut trials = f64::from(TRIALS);
        let mut observed = (whole / trials).max(warm_up);
        if trials * (warm_up + observed) * rate > limit {
            trials = f64::from(TRIALS_LEAST);
            observed = (whole / trials).max(warm_up);
        }
        let room = limit / (trials * rate);
        if warm_up + observed > room {
            // Nothing shorter than a few requests one after the other says anything.
            if room < 4.0 * idle {
                return None;
            }
            warm_up = warm_up.min(room / 2.0);
            observed = room - warm_up;
        }
        let most = limit / ((warm_up + observed) * rate);
        Some(Self {
            warm_up: from_seconds(warm_up),
            observed: from_seconds(observed),
            first: whole_number(trials),
            most: whole_number(most.max(trials)),
        })
    }

    /// For a model with a station that has more work than it can do, at that utilisation: until
    /// its queues are as full as the patience of its callers lets them be.
    pub(crate) fn of_overload(
        model: &Model,
        load: f64,
        utilisation: f64,
        request_limit: u64,
    ) -> Option<Self> {
        Self::of(model, load, 0.05, request_limit)?;
        let rate: f64 = model.sources.iter().map(|source| source.arrivals.rate.peak()).sum();
        let patience = model.patience().unwrap_or(OVERLOAD_PATIENCE);
        let filling = patience / (utilisation - 1.0).clamp(1e-3, 1.0);
        let room = OVERLOAD_REQUESTS.min(request_limit as f64) / f64::from(OVERLOAD_TRIALS);
        let warm_up = filling.min(room / (rate * load) * 0.7);
        let observed = patience.min(room / (rate * load) * 0.3);
        Some(Self {
            warm_up: from_seconds(warm_up),
            observed: from_seconds(observed),
            first: OVERLOAD_TRIALS,
            most: OVERLOAD_TRIALS,
        })
    }

    /// The end of the observed time.
    pub(crate) const fn end(&self) -> u64 {
        self.warm_up + self.observed
    }
}

/// A station's relaxation time, and how many queues of it do not depend on one another.
fn relaxation_of(station: &Station, load: &Load) -> (f64, f64) {
    let serving = || station.instances.iter().filter(|instance| instance.serving);
    let servers: f64 = serving().map(|instance| f64::from(instance.servers)).sum();
    let instances = (serving().count() as f64).max(1.0);
    let queues = match station.balancing {
        balancing if !balancing.counts() => instances,
        _ => f64::from(station.shards),
    };
    let servers = (servers / queues).max(1.0);
    let idle = 1.0 - load.utilisation().min(UTILISATION_MOST);
    let variation = f64::midpoint(1.0, load.squared_variation);
    (variation * load.service / (servers * idle * idle), queues)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of trials, cut to what fits"
)]
fn whole_number(number: f64) -> u32 {
    number.clamp(0.0, 1e6) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Arrivals, Instance, Network, Resilience, Service, Source};

    fn queue(rate: f64) -> Model {
        let service = Service::Exponential { mean: 1.0 };
        Model {
            classes: 1,
            sources: vec![Source {
                arrivals: Arrivals::poisson(rate),
                users: None,
                mix: vec![1.0],
                enters: vec![0],
                resilience: Resilience::NONE,
                zones: Vec::new(),
                deadline: None,
            }],
            stations: vec![Station::queue("queue", vec![Instance::with_servers(1)], service)],
            network: Network::default(),
            incidents: Vec::new(),
            controllers: Vec::new(),
        }
    }

    #[test]
    fn a_busier_queue_is_watched_for_longer() {
        let calm = Pace::of(&queue(0.5), 1.0, 0.05, 10_000_000).unwrap();
        let busy = Pace::of(&queue(0.95), 1.0, 0.05, 10_000_000).unwrap();
        assert!(busy.warm_up > 10 * calm.warm_up);
        assert!(busy.observed > 3 * calm.observed);
    }

    #[test]
    fn the_request_limit_is_kept() {
        for limit in [10_000, 100_000, 1_000_000] {
            for rate in [0.1, 0.9, 0.99] {
                let Some(pace) = Pace::of(&queue(rate), 1.0, 0.001, limit) else {
                    continue;
                };
                let requests = crate::time::seconds(pace.end()) * rate * f64::from(pace.first);
                assert!(requests < limit as f64 * 1.01, "{limit}, {rate}: {requests}");
            }
        }
        assert_eq!(Pace::of(&queue(0.9), 1.0, 0.05, 10), None);
        assert_eq!(Pace::of(&queue(0.0), 1.0, 0.05, 10), None);
    }
}
