//! Connections: what the callers of a database may hold at their ceiling is within what it offers.

use domain::demand::ServiceIndex;
use domain::intent::ServiceKind;

use super::Context;
use crate::program::Program;

/// For each database: Σ connections of its callers − connections offered ≤ 0.
pub(super) fn add(context: &Context<'_, '_>, program: &mut Program) {
    let demand = context.model.demand;
    for database in demand.service_indices() {
        let service = demand.service(database);
        if service.kind != ServiceKind::Sql {
            continue;
        }
        let callers = callers(context, database);
        let name = format!("connections.{}", service.name);
        program.add_row(&name, 0.0, 1_000.0, |group, column| {
            let takes_part = group == database.0 || callers.contains(&group);
            let option = context.option(group, column).filter(|_| takes_part);
            option.map_or(0.0, |option| option.connections as f64)
        });
    }
}

/// The services that call a database, directly or where a cache sends its misses.
fn callers(context: &Context<'_, '_>, database: ServiceIndex) -> Vec<usize> {
    let demand = context.model.demand;
    let reaches = |to: ServiceIndex| {
        let fallback = demand.service(to).data.as_ref().and_then(|data| data.fallback);
        to == database || fallback == Some(database)
    };
    demand
        .service_indices()
        .filter(|index| demand.service(*index).calls.iter().any(|call| reaches(call.to)))
        .map(|ServiceIndex(at)| at)
        .collect()
}
