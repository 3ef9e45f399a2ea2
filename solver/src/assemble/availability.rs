//! How the unavailability of a plan adds up, and what the published agreements compose to.

use domain::catalog::Sla;
use domain::external::External;
use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::plan::{AvailabilityTerm, AvailabilityWorking};
use domain::units::Ppm;

use crate::availability::{change, outage, zone_term};
use crate::model::Model;
use crate::optimise::Optimum;
use crate::option::{Copies, ServiceOption};
use crate::screen::Platform;

pub(super) fn working(model: &Model<'_>, optimum: &Optimum<'_>) -> AvailabilityWorking {
    let demand = model.demand;
    let layout = &optimum.layout;
    // A placement that need not survive a lost zone may still do so; then it is counted so.
    let survives = optimum.options.iter().all(|option| option.survives_zone_loss);
    let mut terms = vec![
        term("region", outage(&demand.faults.region)),
        term("change", change(demand)),
        term("dns", demand.faults.dns.value()),
        term("zones", zone_term(demand, layout.zones, survives)),
    ];
    if demand.cdn.is_some() {
        terms.push(term("cdn", demand.faults.cdn.value()));
    }
    for (service, option) in demand.services.iter().zip(&optimum.options) {
        terms.push(term(service.name.as_str(), option.unavailability));
    }
    terms.sort_by(|a, b| b.ppm.cmp(&a.ppm).then_with(|| a.name.cmp(&b.name)));
    let (sla_composition, sla_unknown) = agreements(model, optimum);
    AvailabilityWorking {
        total: terms.iter().map(|term| term.ppm).sum(),
        terms,
        sla_composition,
        sla_unknown,
        survives_zone_loss: survives,
    }
}

fn term(name: &str, ppm: f64) -> AvailabilityTerm {
    AvailabilityTerm { name: name.to_owned(), ppm: Ppm::of(ppm) }
}

/// The sum of the published agreements of everything in the path; `None` where one is unknown.
/// An agreement is a refund threshold and no forecast: it is reported, never planned with.
fn agreements(model: &Model<'_>, optimum: &Optimum<'_>) -> (Option<Ppm>, Vec<String>) {
    let external = model.demand.services.iter().filter_map(|service| service.external.as_ref());
    let mut sum: f64 = external.map(External::unavailability_ppm).sum();
    let mut unknown = Vec::new();
    let provider = optimum.layout.region.provider;
    let mut add = |name: &str, key: &str, scope: &str| {
        let known = model.catalog.slas.iter().find(|sla: &&Sla| {
            sla.provider == provider && sla.service == key && sla.scope == scope
        });
        match known {
            Some(sla) => sum += (1.0 - sla.share.value()) * 1e6,
            None => unknown.push(format!("{name} ({key}, {scope})")),
        }
    };
    for (service, option) in model.demand.services.iter().zip(&optimum.options) {
        if service.external.is_some() {
            continue;
        }
        let scope = if spans_zones(optimum, option) { "multi-zone" } else { "single" };
        add(service.name.as_str(), agreement_key(provider, service.kind, option), scope);
    }
    if model.demand.cdn.is_some() {
        let key = match provider {
            Provider::Aws => "cloudfront",
            Provider::Azure => "front-door",
            Provider::Google => "cloud-cdn",
        };
        add("cdn", key, "global");
    }
    (unknown.is_empty().then(|| Ppm::of(sum)), unknown)
}

/// What the catalog calls the agreement of a service.
fn agreement_key(
    provider: Provider,
    kind: ServiceKind,
    option: &ServiceOption<'_>,
) -> &'static str {
    let managed = option.platform == Platform::Managed;
    match (provider, kind) {
        (Provider::Aws, ServiceKind::Balancer) if managed => "elb",
        (Provider::Aws, ServiceKind::Sql) if managed => "rds",
        (Provider::Aws, ServiceKind::Cache) if managed => "elasticache",
        (_, ServiceKind::Queue) => "queue",
        (Provider::Azure, ServiceKind::Balancer) if managed => "load-balancer",
        (Provider::Google, ServiceKind::Balancer) if managed => "load-balancing",
        (Provider::Aws, _) => "ec2",
        (Provider::Azure, _) => "virtual-machines",
        (Provider::Google, _) => "compute-engine",
    }
}

fn spans_zones(optimum: &Optimum<'_>, option: &ServiceOption<'_>) -> bool {
    let managed_edge = option.candidate.is_none();
    optimum.layout.zones >= 2 && (managed_edge || option.copies != Copies::Single)
}
