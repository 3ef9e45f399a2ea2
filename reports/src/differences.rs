//! What differs between designs, in a few words each.

use domain::demand::Demand;
use domain::design::Design;
use domain::plan::{Bill, Plan};
use domain::topology::{Deployment, Redundancy, Topology};
use domain::units::MicroDollars;

use crate::composition::{copies, machines, product};

/// What a design has that another one has not: `3 zones`, `app 8 × c8g.xlarge`.
pub(crate) fn changes(demand: &Demand, from: &Design, to: &Design) -> Vec<String> {
    let mut changes = placement(&from.plan.topology, &to.plan.topology);
    let pairs = from.plan.topology.services.iter().zip(&to.plan.topology.services);
    for (service, (from, to)) in demand.services.iter().zip(pairs) {
        if runs(from) != runs(to) {
            let said = if kinds(from) == kinds(to) {
                format!("{}{}", to.replicas(), copies(to))
            } else {
                runs(to)
            };
            changes.push(format!("{} {said}", service.name));
        }
    }
    if from.operations != to.operations
        && let Some(operations) = to.operations
    {
        changes.push(format!("operations: {}", operations.as_str()));
    }
    changes
}

/// All that a design is: its machines and where they stand.
pub(crate) fn whole(demand: &Demand, topology: &Topology) -> Vec<String> {
    let services = demand.services.iter().zip(&topology.services);
    let bought = services.filter(|(_, deployment)| !deployment.pools.is_empty());
    bought.map(|(service, deployment)| format!("{} {}", service.name, runs(deployment))).collect()
}

fn placement(from: &Topology, to: &Topology) -> Vec<String> {
    let moved = (from.provider, &from.region) != (to.provider, &to.region);
    let place = moved.then(|| format!("{} {}", to.provider, to.region));
    let zones = (from.zones != to.zones).then(|| match to.zones {
        1 => "1 zone".to_owned(),
        zones => format!("{zones} zones"),
    });
    place.into_iter().chain(zones).collect()
}

/// What it is bought as, however often.
fn kinds(deployment: &Deployment) -> Vec<&str> {
    deployment.pools.iter().map(|pool| pool.sku.as_str()).collect()
}

/// What it is bought as and how often.
fn runs(deployment: &Deployment) -> String {
    match deployment.pools.as_slice() {
        [] => product(deployment),
        pools => {
            let machines: Vec<String> = pools.iter().map(machines).collect();
            let alone =
                deployment.redundancy == Redundancy::Single && deployment.connections.is_some();
            let alone = if alone { " alone" } else { "" };
            format!("{}{}{alone}", machines.join(" + "), copies(deployment))
        }
    }
}

/// The part of the bill that grew most: the service or `traffic`.
pub(crate) fn dearest<'p>(from: &Plan, to: &'p Plan) -> Option<&'p str> {
    let names: Vec<&str> = to.bill.lines.iter().map(|line| line.service.as_str()).collect();
    let grown = names
        .into_iter()
        .map(|name| (cost_of(&to.bill, name) - cost_of(&from.bill, name), name))
        .filter(|(margin, _)| margin.micros() > 0)
        // The first of equals.
        .reduce(|most, next| if next.0 > most.0 { next } else { most });
    grown.map(|(_, name)| name)
}

fn cost_of(bill: &Bill, service: &str) -> MicroDollars {
    let lines = bill.lines.iter().filter(|line| line.service == service);
    lines.map(|line| line.amount.expected).sum()
}
