//! What the proof form bounds: each latency, and what every service keeps to.

use domain::outcome::Answer;
use domain::plan::{LatencyBasis, LatencyEstimate, TailPart};
use domain::units::Probability;

use crate::figures;

/// A bound of a latency, in words.
pub(crate) struct Bound {
    /// `p95 at most 312 ms in zone-loss`
    pub(crate) sum: String,
    /// For each service `app 180 ms but for 2.5%`: of the requests.
    pub(crate) parts: Vec<String>,
}

/// The bounds of a plan; none where its latencies are estimates.
pub(crate) fn bounds(answer: &Answer) -> Vec<Bound> {
    answer.plan.estimates.iter().filter_map(|estimate| bound(answer, estimate)).collect()
}

fn bound(answer: &Answer, estimate: &LatencyEstimate) -> Option<Bound> {
    let LatencyBasis::Proof(parts) = &estimate.basis else { return None };
    let mut objectives = answer.demand.objectives.latency.iter();
    let objective = objectives.find(|objective| objective.id() == estimate.objective);
    let slower = objective.map_or(Probability::ONE, |objective| objective.percentile.tail());
    let name = estimate.objective.strip_prefix("latency-").unwrap_or(&estimate.objective);
    let (bound, state) = (figures::time(estimate.percentile.value()), &estimate.state);
    Some(Bound {
        sum: format!("{name} at most {bound} in {state}"),
        parts: parts.iter().map(|own| part(own, slower)).collect(),
    })
}

fn part(own: &TailPart, slower: Probability) -> String {
    let but = figures::some(own.share.value() * slower.value());
    format!("{} {} but for {but}", own.service, figures::time(own.quantile.value()))
}
