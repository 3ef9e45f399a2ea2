//! What a model asks of its stations, worked out from the flow of calls alone: no queueing.

use super::{Awaits, Call, Model, Resilience, Source};

/// Passes over routes that lead back; beyond them the flow is taken to be endless.
const PASSES: u32 = 10_000;

/// The load on one station when nothing fails.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Visits a second.
    pub visits: f64,
    /// Servers of speed 1 that they keep busy.
    pub work: f64,
    /// Servers of speed 1 that the serving instances amount to.
    pub capacity: f64,
    /// Mean service time of a visit, on an instance of mean speed.
    pub service: f64,
    /// Squared coefficient of variation of that time, over all classes.
    pub squared_variation: f64,
}

impl Load {
    /// Work as a share of the capacity; infinite where there is work and nothing to do it.
    pub fn utilisation(&self) -> f64 {
        if self.work == 0.0 { 0.0 } else { self.work / self.capacity }
    }
}

impl Source {
    /// How much it counts among other sources: its rate, or the number of its users.
    fn weight(&self) -> f64 {
        self.users.as_ref().map_or(self.arrivals.rate.peak(), |users| users.count.into())
    }
}

/// Whether whoever makes a call waits for any of it.
fn is_waited_for(call: &Call) -> bool {
    call.awaits != Awaits::Nothing
}

impl Model {
    /// The load on each station with every source at its peak times a factor.
    pub fn load(&self, factor: f64) -> Vec<Load> {
        let visits = self.visits(|source| source.arrivals.rate.peak() * factor);
        (0..self.stations.len()).map(|index| self.load_of(index, &visits[index])).collect()
    }

    /// Visits a second to each station, by class, at these rates of the sources.
    fn visits(&self, rate: impl Fn(&Source) -> f64) -> Vec<Vec<f64>> {
        let mut entering = vec![vec![0.0; self.classes]; self.stations.len()];
        for source in &self.sources {
            let whole: f64 = source.mix.iter().sum();
            for class in 0..self.classes {
                entering[source.enters[class]][class] += rate(source) * source.mix[class] / whole;
            }
        }
        // Callers stand before what they call, so one pass is enough where no route leads back;
        // where some do, what goes round shrinks from pass to pass.
        let mut visits = entering.clone();
        let loops = self.stations.iter().any(|station| !station.routes.is_empty());
        for _ in 0..if loops { PASSES } else { 1 } {
            let next = self.pass(&entering, &visits, loops);
            let near = |(new, old): (&f64, &f64)| (new - old).abs() <= 1e-12 * new.abs();
            let done = next.iter().flatten().zip(visits.iter().flatten()).all(near);
            visits = next;
            if done {
                break;
            }
        }
        visits
    }

    /// What visits entering and visits under way make of one another.
    fn pass(&self, entering: &[Vec<f64>], before: &[Vec<f64>], loops: bool) -> Vec<Vec<f64>> {
        let mut visits = entering.to_vec();
        for caller in 0..self.stations.len() {
            let station = &self.stations[caller];
            if loops {
                for (class, routes) in station.routes.iter().enumerate() {
                    for route in routes {
                        visits[route.to][class] += before[caller][class] * route.chance;
                    }
                }
            }
            for (class, calls) in station.calls.iter().enumerate() {
                let from = if loops { before[caller][class] } else { visits[caller][class] };
                for call in calls {
                    visits[call.to][class] += from * call.count;
                    if let Some(fallback) = call.lookup.and_then(|lookup| lookup.fallback) {
                        visits[fallback][class] += from * call.count * call.misses();
                    }
                }
            }
        }
        visits
    }

    fn load_of(&self, index: usize, by_class: &[f64]) -> Load {
        let station = &self.stations[index];
        let serving = || station.instances.iter().filter(|instance| instance.serving);
        let servers: f64 = serving().map(|instance| f64::from(instance.servers)).sum();
        let capacity: f64 =
            serving().map(|instance| f64::from(instance.servers) * instance.speed).sum();
        let visits: f64 = by_class.iter().sum();
        let mut work = 0.0;
        let mut second_moment = 0.0;
        for (service, rate) in station.service.iter().zip(by_class) {
            let mean = service.mean();
            work += rate * mean;
            second_moment += rate * mean * mean * (1.0 + service.squared_variation());
        }
        let speed = if servers > 0.0 { capacity / servers } else { 1.0 };
        let mean = if visits > 0.0 { work / visits } else { 0.0 };
        let squared_variation =
            if mean > 0.0 { second_moment / visits / (mean * mean) - 1.0 } else { 0.0 };
        Load { visits, work, capacity, service: mean / speed.max(1e-12), squared_variation }
    }

    /// Calls for one request, on average, over all stations; how much work a request is to
    /// simulate.
    pub fn calls_per_request(&self) -> f64 {
        let rate: f64 = self.sources.iter().map(Source::weight).sum();
        if rate == 0.0 {
            return 0.0;
        }
        let visits = self.visits(Source::weight);
        visits.iter().flatten().sum::<f64>() / rate
    }

    /// Seconds of service and network of one request, on average, without any waiting and as if
    /// all calls followed one another: an upper bound of the time of an idle system.
    pub fn idle_time(&self) -> f64 {
        let rate: f64 = self.sources.iter().map(|source| source.arrivals.rate.peak()).sum();
        if rate == 0.0 {
            return 0.0;
        }
        let farthest = self.network.same_zone.max(self.network.cross_zone);
        let time = |load: &Load| load.visits * (load.service + farthest);
        self.load(1.0).iter().map(time).sum::<f64>() / rate
    }

    /// The longest patience of a client or a station that waits for calls; `None` where one waits
    /// for ever.
    pub fn patience(&self) -> Option<f64> {
        let callers = self
            .stations
            .iter()
            .filter(|station| station.calls.iter().flatten().any(is_waited_for));
        self.sources
            .iter()
            .map(|source| &source.resilience)
            .chain(callers.map(|station| &station.resilience))
            .map(Resilience::patience)
            .try_fold(0.0_f64, |longest, patience| Some(longest.max(patience?)))
    }
}
