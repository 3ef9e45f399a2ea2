//! Quotas: all vCPUs of the plan are within what the account may start.

use super::Context;
use crate::program::Program;

/// Σ vCPUs ≤ quota, when one is stated.
pub(super) fn add(context: &Context<'_, '_>, program: &mut Program) {
    let Some(quota) = context.model.demand.rules.vcpu_quota else {
        return;
    };
    let quota = f64::from(quota);
    program.add_row("quota.vcpus", quota, quota.max(1.0), |group, column| {
        context.option(group, column).map_or(0.0, |option| option.vcpus as f64)
    });
}
