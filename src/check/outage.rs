//! Availability again: the terms around the services from the fault model, and the budget.

use domain::demand::Demand;
use domain::plan::Plan;
use domain::units::{Availability, Seconds};

pub(super) fn check(demand: &Demand, plan: &Plan, faults: &mut Vec<String>) {
    let working = &plan.availability;
    let sum: f64 = working.terms.iter().map(|term| term.ppm.value()).sum();
    if (sum - working.total.value()).abs() > 1e-6 * sum.max(1.0) {
        faults.push("the terms of the unavailability do not add up to its total".to_owned());
    }
    let year = Seconds::YEAR.value();
    let region = &demand.faults.region;
    let change = &demand.faults.change;
    let zone = &demand.faults.zone;
    let per_zone = zone.rate.value() * zone.duration.value() / year * 1e6;
    let failed = change.rate.value() * change.failing.value() * change.reach.value();
    let mut expected = vec![
        ("region", region.rate.value() * region.duration.value() / year * 1e6),
        ("change", failed * change.duration.value() / year * 1e6),
        ("dns", demand.faults.dns.value()),
    ];
    if demand.cdn.is_some() {
        expected.push(("cdn", demand.faults.cdn.value()));
    }
    for (name, ppm) in expected {
        let stated = working.terms.iter().find(|term| term.name == name);
        if stated.is_none_or(|term| (term.ppm.value() - ppm).abs() > 1e-6 * ppm.max(1.0)) {
            faults.push(format!("unavailability: the term `{name}` is not {ppm:.3} ppm"));
        }
    }
    // A lost zone counts once, for every zone that must not be lost.
    let zones = working.terms.iter().find(|term| term.name == "zones");
    let least =
        if working.survives_zone_loss { 0.0 } else { per_zone * f64::from(plan.topology.zones) };
    if zones.is_none_or(|term| term.ppm.value() < least * (1.0 - 1e-9)) {
        faults.push("unavailability: lost zones are not counted".to_owned());
    }
    if let Some(budget) = demand.objectives.uptime.map(Availability::error_budget)
        && sum > budget.value() * (1.0 + 1e-9)
    {
        faults.push(format!("{sum:.1} ppm of unavailability are above the budget"));
    }
}
