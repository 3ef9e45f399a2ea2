//! What to know before relying on a plan.

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::ServiceKind;
use domain::offer::PriceBasis;
use domain::outcome::{Risk, Severity};
use domain::plan::Plan;
use domain::verification::{Check, Verdict, Verification};

/// Prices that are older than this beside the newest of the catalog are worth a word: two years.
const OLD_DAYS: i32 = 730;

/// The risks of a plan, the gravest first.
pub(crate) fn risks(
    catalog: &Catalog,
    demand: &Demand,
    plan: &Plan,
    verification: &Verification,
) -> Vec<Risk> {
    let mut risks: Vec<Risk> = verification.checks.iter().filter_map(failed_undemanded).collect();
    risks.extend(old_price(catalog, plan));
    risks.extend(estimated_prices(plan));
    risks.extend(self_run_data(demand, plan));
    risks.extend(thin_measurements(catalog, plan));
    risks.sort_by_key(|risk| risk.severity);
    risks
}

/// A scenario that no outcome demands and that would fail.
fn failed_undemanded(check: &Check) -> Option<Risk> {
    if check.demanded || check.verdict != Verdict::Fail {
        return None;
    }
    Some(Risk {
        id: check.id.clone(),
        severity: Severity::High,
        text: format!(
            "{} does not hold in `{}`, which the uptime asked for does not demand",
            check.objective, check.scenario
        ),
    })
}

fn old_price(catalog: &Catalog, plan: &Plan) -> Option<Risk> {
    let oldest = plan.bill.lines.iter().min_by_key(|line| line.as_of)?;
    let days = (catalog.as_of - oldest.as_of).get_days();
    (days > OLD_DAYS).then(|| Risk {
        id: "stale-price".to_owned(),
        severity: Severity::Medium,
        text: format!(
            "the price of {} is of {}, {:.1} years before the newest of the catalog",
            oldest.sku,
            oldest.as_of,
            f64::from(days) / 365.25
        ),
    })
}

fn estimated_prices(plan: &Plan) -> Option<Risk> {
    let estimated = plan.bill.lines.iter().filter(|line| line.basis == PriceBasis::Estimated);
    let names: Vec<&str> = estimated.map(|line| line.sku.as_str()).collect();
    (!names.is_empty()).then(|| Risk {
        id: "estimated-price".to_owned(),
        severity: Severity::Medium,
        text: format!("estimated, not published: the price of {}", names.join(", ")),
    })
}

fn self_run_data(demand: &Demand, plan: &Plan) -> Option<Risk> {
    let own = demand.services.iter().zip(&plan.topology.services).filter(|(service, deployed)| {
        matches!(service.kind, ServiceKind::Sql | ServiceKind::Cache) && deployed.product.is_none()
    });
    let names: Vec<&str> = own.map(|(service, _)| service.name.as_str()).collect();
    (!names.is_empty()).then(|| Risk {
        id: "self-run-data".to_owned(),
        severity: Severity::Medium,
        text: format!("{} run on instances: the bill leaves out the work of it", names.join(", ")),
    })
}

/// Speeds that rest on fewer than three measurements.
fn thin_measurements(catalog: &Catalog, plan: &Plan) -> Option<Risk> {
    let offers = catalog.offers_in(plan.topology.provider, &plan.topology.region);
    let bought = plan.topology.services.iter().flat_map(|service| &service.pools);
    let thin: Vec<&str> = bought
        .filter(|pool| {
            offers.iter().filter(|offer| offer.sku == pool.sku).any(|offer| {
                offer.performance.is_some_and(|performance| {
                    performance.capacity.measurements < 3 || performance.speed.measurements < 3
                })
            })
        })
        .map(|pool| pool.sku.as_str())
        .collect();
    (!thin.is_empty()).then(|| Risk {
        id: "thin-measurement".to_owned(),
        severity: Severity::Low,
        text: format!("fewer than three measurements of the speed of {}", thin.join(", ")),
    })
}
