//! The independent re-check of a plan: what it costs and whether it keeps every limit, worked out
//! again from the demand, the catalog and the topology alone.
//!
//! It shares no formula and no code with the solver (a test forbids the import) and does not trust
//! what the plan says of itself. What it cannot judge is the simulation's.

mod capacity;
mod cdn;
mod cost;
mod external;
mod guarded;
mod iops;
mod load;
mod outage;
pub mod policy;
pub mod recovery;
mod spoken;
mod terms;

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::plan::Plan;
use domain::topology::Topology;

/// Everything about a plan that does not hold, in plain words; nothing when it is sound.
pub fn faults(demand: &Demand, plan: &Plan, catalog: &Catalog) -> Vec<String> {
    let mut faults = Vec::new();
    if plan.topology.services.len() != demand.services.len() {
        return vec!["the topology has another number of services than the demand".to_owned()];
    }
    cost::check(demand, plan, catalog, &mut faults);
    capacity::check(demand, &plan.topology, &mut faults);
    external::check(demand, &plan.topology, &mut faults);
    iops::check(demand, &plan.topology, catalog, &mut faults);
    cdn::check(demand, plan, &mut faults);
    outage::check(demand, plan, &mut faults);
    external::outages(demand, plan, &mut faults);
    recovery::check(demand, &plan.topology, &mut faults);
    faults
}

/// The limits that a topology does not keep by the prices of a catalog, in plain words.
pub fn limits_sold(demand: &Demand, topology: &Topology, catalog: &Catalog) -> Vec<String> {
    let mut faults = Vec::new();
    if topology.services.len() == demand.services.len() {
        iops::check(demand, topology, catalog, &mut faults);
    }
    faults
}

/// The limits alone that a topology does not keep, in plain words.
pub fn limits(demand: &Demand, topology: &Topology) -> Vec<String> {
    let mut faults = Vec::new();
    if topology.services.len() == demand.services.len() {
        capacity::check(demand, topology, &mut faults);
        external::check(demand, topology, &mut faults);
    }
    faults
}
