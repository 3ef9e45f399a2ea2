//! How the instances of a document fare and what they hold, and what that means for the lengths of
//! trials.

use domain::model::{
    Connections as WrittenConnections, Contents as WrittenContents, Copies as WrittenCopies,
    Eviction as WrittenEviction, Life as WrittenLife, Station as WrittenStation,
};

use super::convert::Converter;
use crate::model::{
    Connections, Contents, Copies, Eviction, HealthCheck, Life, Load, Model, Service, Station,
    WarmUp,
};

/// The least share of misses that the filling of a cache is reckoned with.
const MISSES_LEAST: f64 = 0.01;

impl Converter {
    /// How instances die and come back.
    pub(super) fn life(self, written: &WrittenLife) -> Life {
        let (lasts, repair) = match &written.failures {
            Some((lasts, repair)) => (Some(self.service(lasts)), self.service(repair)),
            // Whoever dies of incidents comes back by them.
            None => (None, Service::Fixed { time: self.scale }),
        };
        Life {
            lasts,
            repair,
            check: written.check.map(|check| HealthCheck {
                interval: self.time(check.interval),
                unhealthy_after: check.unhealthy_after,
                healthy_after: check.healthy_after,
            }),
            warm_up: written
                .slow_start
                .map(|(time, speed)| WarmUp { time: self.time(time), slowness: 1.0 / speed }),
        }
    }

    /// How copies are kept alike.
    pub(super) fn copies(self, written: &WrittenCopies) -> Copies {
        Copies {
            lag: self.service(&written.lag),
            failover: self.time(written.failover),
            items: written.keys,
        }
    }

    /// A pool of connections.
    pub(super) fn connections(self, written: &WrittenConnections) -> Connections {
        Connections {
            to: written.to.0,
            most: written.most,
            waiting: written.waiting,
            patience: written.patience.map(|patience| self.time(patience)),
        }
    }
}

/// What a cache holds.
pub(super) const fn contents(written: &WrittenContents) -> Contents {
    Contents {
        items: written.keys,
        exponent: written.zipf,
        capacity: written.capacity,
        eviction: match written.policy {
            WrittenEviction::LeastRecent => Eviction::LeastRecent,
            WrittenEviction::FirstIn => Eviction::FirstIn,
            WrittenEviction::Random => Eviction::Random,
        },
    }
}

/// Takes it that caches hold what is asked for most, for the lengths of trials: what they do hold
/// is simulated.
pub(super) fn suppose_hits(model: &mut Model) {
    let supposed: Vec<Option<f64>> = model.stations.iter().map(best_hits).collect();
    for call in model.stations.iter_mut().flat_map(|station| station.calls.iter_mut().flatten()) {
        if let (Some(lookup), Some(hits)) = (&mut call.lookup, supposed[call.to]) {
            lookup.hit_ratio = hits;
        }
    }
}

/// The share of requests for what fits into an instance, the most popular first.
fn best_hits(station: &Station) -> Option<f64> {
    let contents = station.contents.as_ref()?;
    let capacity = usize::try_from(contents.capacity).unwrap_or(usize::MAX);
    let hits: f64 = contents.popularity().iter().take(capacity).sum();
    Some(hits.clamp(0.0, 1.0))
}

/// How long the slowest cache takes to fill, in seconds.
pub(super) fn filling(model: &Model, loads: &[Load]) -> f64 {
    let mut longest = 0.0_f64;
    for call in model.stations.iter().flat_map(|station| station.calls.iter().flatten()) {
        let station = &model.stations[call.to];
        let (Some(lookup), Some(contents)) = (&call.lookup, &station.contents) else {
            continue;
        };
        let instances = (station.instances.len() as f64).max(1.0);
        let misses = (1.0 - lookup.hit_ratio).max(MISSES_LEAST);
        let taken_in = loads[call.to].visits * f64::from(lookup.keys) * misses / instances;
        if taken_in > 0.0 {
            longest = longest.max(f64::from(contents.capacity.min(contents.items)) / taken_in);
        }
    }
    longest
}

/// The share of the time that an instance lives.
pub(super) fn living(station: &Station) -> f64 {
    match &station.life {
        Some(Life { lasts: Some(lasts), repair, .. }) => {
            lasts.mean() / (lasts.mean() + repair.mean())
        }
        _ => 1.0,
    }
}

/// The mean time from death to death, in seconds.
pub(super) fn lives(station: &Station) -> f64 {
    match &station.life {
        Some(Life { lasts: Some(lasts), repair, .. }) => lasts.mean() + repair.mean(),
        _ => 0.0,
    }
}

/// What happens to all instances a second: each dies, is found out, comes back, is found out, and
/// has warmed up.
pub(super) fn deaths(model: &Model) -> f64 {
    model.stations.iter().map(|station| 5.0 * died(station)).sum()
}

/// Instances that are gone through for those, a second: balancers put theirs in order twice, and
/// copies are looked for among theirs.
pub(super) fn gone_through(model: &Model) -> f64 {
    let of = |station: &Station| {
        let checked = station.life.as_ref().is_some_and(|life| life.check.is_some());
        let times =
            if checked { 2.0 } else { 0.0 } + if station.copies.is_some() { 2.0 } else { 0.0 };
        died(station) * times * station.instances.len() as f64
    };
    model.stations.iter().map(of).sum()
}

/// Instances of a station that die, a second.
fn died(station: &Station) -> f64 {
    match lives(station) {
        time if time > 0.0 => station.instances.len() as f64 / time,
        _ => 0.0,
    }
}

/// Whether what it is meant to serve may be lost otherwise than by what any station can have.
pub(super) fn loses(station: &WrittenStation) -> bool {
    let lost = |pool: &WrittenConnections| pool.waiting.is_some() || pool.patience.is_some();
    station.life.is_some()
        || station.contents.is_some()
        || station.copies.is_some()
        || station.connections.iter().any(lost)
}

/// Whether its load cannot be told from flows alone.
pub(super) fn hides(station: &WrittenStation) -> bool {
    station.contents.is_some() || !station.connections.is_empty()
}
