//! What excluded cheaper plans, and why the offers of a region were not bought.

use domain::candidate::Rejections;
use domain::plan::{Certainty, Exclusion, LatencyEstimate, LatencyForm};
use domain::topology::Topology;

use crate::assemble::{summary, worst_estimates};
use crate::layout::Layout;
use crate::model::{Model, Settings};
use crate::optimise::{Optimum, rejections as rejections_in};

/// The cheapest plan that nothing certain excludes, and the estimate that did.
pub fn by_estimate(model: &Model<'_>, optimum: &Optimum<'_>, form: LatencyForm) -> Exclusion {
    let guard = Settings::GUARDED.guard.unwrap_or(1.0);
    let estimates = worst_estimates(model, optimum);
    if form == LatencyForm::Proof {
        return Exclusion {
            plan: summary(model, optimum),
            cost: optimum.cost,
            certainty: Certainty::Estimated,
            reason: unproven(&estimates),
        };
    }
    let missed = estimates
        .into_iter()
        .find(|estimate| estimate.percentile.value() * guard > estimate.limit.value());
    let reason = missed.map_or_else(
        || "a latency estimate in combination".to_owned(),
        |estimate| {
            format!(
                "{} in {}: {:.1} ms estimated, {:.1} ms with its guard",
                estimate.objective,
                estimate.state,
                estimate.percentile.value() * 1e3,
                estimate.percentile.value() * guard * 1e3
            )
        },
    );
    Exclusion {
        plan: summary(model, optimum),
        cost: optimum.cost,
        certainty: Certainty::Estimated,
        reason,
    }
}

/// What the moment form expects of the latency that is nearest its limit, which is not proven.
fn unproven(estimates: &[LatencyEstimate]) -> String {
    let part = |own: &LatencyEstimate| own.percentile.value() / own.limit.value();
    let nearest = estimates.iter().max_by(|a, b| part(a).total_cmp(&part(b)));
    nearest.map_or_else(
        || "the proof form does not allow it".to_owned(),
        |own| {
            let milliseconds = own.percentile.value() * 1e3;
            format!(
                "{} in {}: {milliseconds:.1} ms by the moment form, not proven",
                own.objective, own.state
            )
        },
    )
}

/// The reasons of the offers that were not bought where a topology stands; none when its region
/// is not in the catalog.
pub fn rejections(model: &Model<'_>, topology: &Topology) -> Rejections {
    layout_of(model, topology)
        .map_or_else(Rejections::default, |layout| rejections_in(model, &layout))
}

/// The placement of a topology; `None` when its region is not in the catalog.
pub(crate) fn layout_of<'a>(model: &Model<'a>, topology: &Topology) -> Option<Layout<'a>> {
    let mut regions = model.catalog.regions.iter();
    let region = regions
        .find(|region| region.provider == topology.provider && region.name == topology.region)?;
    let survives_zone_loss = model.demand.rules.survives_zone_loss;
    Some(Layout { region, zones: topology.zones, survives_zone_loss })
}
