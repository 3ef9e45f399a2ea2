//! What no design can go below: the work itself, without any waiting.
//!
//! A request takes at least as long as its slowest sure visit plus the round trips that happen in
//! any case. Where the percentile of that alone misses an objective, no number of instances helps:
//! this is certain, unlike the estimate of the whole sojourn.

use domain::demand::ServiceIndex;
use domain::intent::ServiceKind;
use domain::objective::LatencyObjective;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::model::{Model, view_of};
use crate::queueing::Moments;

/// The percentile of a lognormal time.
pub fn lognormal_percentile(time: Moments, probability: f64) -> f64 {
    lognormal_at(time, Normal::standard().inverse_cdf(probability))
}

/// What a lognormal time exceeds with that probability, however small.
pub fn lognormal_tail(time: Moments, probability: f64) -> f64 {
    lognormal_at(time, -Normal::standard().inverse_cdf(probability))
}

/// A lognormal time that many standard deviations of its logarithm from the middle.
fn lognormal_at(time: Moments, normal: f64) -> f64 {
    if time.mean <= 0.0 {
        return 0.0;
    }
    let scv = time.variance / (time.mean * time.mean);
    let sigma = libm::log(1.0 + scv).sqrt();
    time.mean * libm::exp(sigma * normal - sigma * sigma / 2.0)
}

/// The least that a percentile of a request can be, with that service on that many reference
/// vCPUs a server.
pub fn work_floor(
    model: &Model<'_>,
    objective: &LatencyObjective,
    service: ServiceIndex,
    speed: f64,
) -> f64 {
    let view = model.traffic.view(view_of(model.demand, objective));
    let ServiceIndex(at) = service;
    let network = network_floor(model, objective);
    if view.sure[at] < 1.0 {
        return network;
    }
    // In the mix of several classes, the class of a visit is random; its moments hold, its shape
    // is not lognormal. So the mix counts only where all classes do the same work.
    let same = model.traffic.classes.windows(2).all(|pair| pair[0].work[at] == pair[1].work[at]);
    if view.class.is_none() && !same {
        return network;
    }
    let work = view.work[at];
    let time = Moments { mean: work.mean / speed, variance: work.variance / (speed * speed) };
    let probability = f64::from(objective.percentile.permille()) / 1_000.0;
    network + lognormal_percentile(time, probability)
}

/// Round trips that happen in any case, all within one zone.
pub fn network_floor(model: &Model<'_>, objective: &LatencyObjective) -> f64 {
    let view = model.traffic.view(view_of(model.demand, objective));
    let hops: f64 = model
        .demand
        .service_indices()
        .filter(|index| model.demand.service(*index).kind != ServiceKind::Balancer)
        .map(|ServiceIndex(at)| view.sure[at])
        .sum();
    hops * model.demand.network.same_zone.value()
}

/// Whether a server of that speed is too slow for some objective, for certain.
pub fn too_slow(model: &Model<'_>, service: ServiceIndex, speed: f64) -> bool {
    model
        .demand
        .objectives
        .latency
        .iter()
        .any(|objective| work_floor(model, objective, service, speed) > objective.limit.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lognormal_time_has_its_known_median() {
        let time = Moments { mean: 1.0, variance: 1.0 };
        let median = lognormal_percentile(time, 0.5);
        assert!((median - 0.5_f64.sqrt()).abs() < 1e-12, "{median}");
    }
}
