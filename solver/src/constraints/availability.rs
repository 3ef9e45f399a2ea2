//! Unavailability: the sum over everything in the path stays within the error budget.

use super::Context;
use crate::availability::{change, outage, zone_term};
use crate::layout::Layout;
use crate::model::Model;
use crate::program::Program;

/// Σ Uᵢxᵢ ≤ budget − (region, change, name service, what stands before the edge, lost zones), in
/// ppm.
pub(super) fn add(context: &Context<'_, '_>, program: &mut Program) {
    let Some((room, budget)) = room(context.model, context.layout) else { return };
    program.add_row("uptime", room, budget.max(1.0), |group, column| {
        context.option(group, column).map_or(0.0, |option| option.unavailability)
    });
}

/// Whether services that are as unavailable as their best options leave the budget whole.
pub fn affordable(model: &Model<'_>, layout: &Layout<'_>, least: f64) -> bool {
    room(model, layout).is_none_or(|(room, _)| least <= room * (1.0 + 1e-9) + 1e-9)
}

/// What the services may take of the error budget, and the budget; `None` without an objective.
fn room(model: &Model<'_>, layout: &Layout<'_>) -> Option<(f64, f64)> {
    let demand = model.demand;
    let budget = demand.objectives.uptime?.error_budget().value();
    let around = outage(&demand.faults.region)
        + change(demand)
        + demand.faults.dns.value()
        + demand.faults.cdn.value()
        + zone_term(demand, layout.zones, layout.survives_zone_loss);
    Some((budget - around, budget))
}
