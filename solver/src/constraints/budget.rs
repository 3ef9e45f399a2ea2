//! Budgets: the expected bill and the ceiling stay within their limits.

use domain::units::MicroDollars;

use super::Context;
use crate::program::Program;

/// A row that is scaled by so many dollars at most tells a millionth of a dollar from nothing: what
/// it may be exceeded by is a tenth of that.
const FINEST: f64 = 100.0;

/// Σ cost ≤ budget − what the placement itself costs, once for each bill that has a limit.
pub(super) fn add(context: &Context<'_, '_>, program: &mut Program) {
    let budget = context.model.demand.objectives.budget;
    let (fixed_expected, fixed_ceiling) = context.fixed_cost;
    if let Some(limit) = budget.expected {
        let room = (limit - fixed_expected).micros() as f64 / 1e6;
        program.add_row("budget.expected", room, scale(limit), |group, column| {
            context.option(group, column).map_or(0.0, |option| option.cost.expected.dollars())
        });
    }
    if let Some(limit) = budget.ceiling {
        let room = (limit - fixed_ceiling).micros() as f64 / 1e6;
        program.add_row("budget.ceiling", room, scale(limit), |group, column| {
            context.option(group, column).map_or(0.0, |option| option.cost.ceiling.dollars())
        });
    }
}

fn scale(limit: MicroDollars) -> f64 {
    limit.dollars().clamp(1.0, FINEST)
}
