//! What a spec may hold that is not generated for AWS yet: named, and refused as a whole.

use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::spec::{HealthCheckPart, Listener, Platform, ServicePart, Spec};

use crate::emit::remedies::ONE_ZONE;
use crate::emit::tags::taken;
use crate::emit::terraform::refusals::{self, Found, refused};
use crate::emit::terraform::variables::tags;
use crate::emit::terraform::words::seconds;
use crate::emit::{Format, Unsupported};

use super::labels::TAGS;
use super::{balancer, variables};

/// All of a spec that the module would lack or have otherwise.
pub(super) fn all(spec: &Spec) -> Result<(), Unsupported> {
    refusals::of_provider(spec, Format::TerraformAws, Provider::Aws)?;
    let found = of_zones(spec)
        .into_iter()
        .chain(refusals::of_network(spec))
        .chain(refusals::of_variables_with(spec, variables::own(spec)))
        .chain(refusals::of_services(spec, |service| of_service(spec, service)));
    let mut labels = TAGS.refused(Format::TerraformAws, spec, &tags(spec));
    labels.extend(taken(spec, Format::TerraformAws));
    refused(Format::TerraformAws, found, labels)
}

fn of_zones(spec: &Spec) -> Option<Found> {
    let lacking = spec.placement.zones.len() < 2;
    lacking.then(|| ("placement.zones".to_owned(), ONE_ZONE.to_owned()))
}

fn of_service(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let product = service.product.as_deref();
    match (service.kind, service.platform, product) {
        (ServiceKind::Balancer, Platform::Managed, Some("aws.alb")) => of_balancer(spec, service),
        (ServiceKind::Service, Platform::Vm, None) => refusals::of_fleet(spec, service),
        (ServiceKind::Sql, Platform::Managed, Some("aws.rds")) => of_database(service),
        (ServiceKind::Cache, Platform::Managed, Some("aws.elasticache")) => {
            let engine = refusals::of_engine(service, &["valkey", "redis"]);
            engine.into_iter().chain(refusals::of_copies(service)).collect()
        }
        (ServiceKind::Queue, Platform::Managed, Some("aws.sqs")) => Vec::new(),
        _ => vec![refusals::of_kind(service)],
    }
}

fn of_balancer(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let listens = |own: &Listener| balancer::tls_policy(&own.tls_min).is_some();
    let calls = |own: &ServicePart| balancer::algorithm(own.algorithm).is_some();
    let mut found = refusals::of_balancer(spec, service, listens, calls);
    let target = spec.services.iter().find(|own| service.targets.contains(&own.name));
    found.extend(target.and_then(|target| within(&target.health_check)));
    found
}

/// What an application balancer takes for a health check.
fn within(check: &HealthCheckPart) -> Option<String> {
    let (every, wait) = (check.interval_us, check.timeout_us);
    let whole = every % 1_000_000 == 0 && wait % 1_000_000 == 0;
    let (every, wait) = (seconds(every), seconds(wait));
    let counts = [check.unhealthy_threshold, check.healthy_threshold];
    let fits = (5..=300).contains(&every)
        && (2..=120).contains(&wait)
        && wait < every
        && counts.iter().all(|count| (2..=10).contains(count));
    (!whole || !fits).then(|| "a health check that an application balancer cannot make".to_owned())
}

fn of_database(service: &ServicePart) -> Vec<String> {
    let found = [
        refusals::of_engine(service, &["postgres", "mysql", "mariadb"]),
        refusals::of_copied_backups(service),
        service.volume.is_none().then(|| "a database without a volume".to_owned()),
        refusals::of_copies(service),
    ];
    found.into_iter().flatten().collect()
}
