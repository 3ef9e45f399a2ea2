//! What a spec may hold that is not generated for AWS yet: named, and refused as a whole.

use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::spec::{HealthCheckPart, Platform, ServicePart, Spec};

use crate::emit::terraform::refusals::{self, Found, refused};
use crate::emit::terraform::words::seconds;
use crate::emit::{Format, Unsupported};

use super::balancer;

/// The first thing of a spec that the module would lack or have otherwise.
pub(super) fn first(spec: &Spec) -> Result<(), Unsupported> {
    refusals::of_provider(spec, Format::TerraformAws, Provider::Aws)?;
    let found = of_zones(spec)
        .or_else(|| refusals::of_network(spec))
        .or_else(|| refusals::of_variables(spec))
        .or_else(|| refusals::of_services(spec, |service| of_service(spec, service)));
    refused(Format::TerraformAws, found)
}

fn of_zones(spec: &Spec) -> Found {
    let what = "one zone, where balancers and databases of AWS want two";
    let lacking = spec.placement.zones.len() < 2;
    lacking.then(|| ("placement.zones".to_owned(), what.to_owned()))
}

fn of_service(spec: &Spec, service: &ServicePart) -> Option<String> {
    let product = service.product.as_deref();
    match (service.kind, service.platform, product) {
        (ServiceKind::Balancer, Platform::Managed, Some("aws.alb")) => of_balancer(spec, service),
        (ServiceKind::Service, Platform::Vm, None) => refusals::of_fleet(spec, service),
        (ServiceKind::Sql, Platform::Managed, Some("aws.rds")) => of_database(service),
        (ServiceKind::Cache, Platform::Managed, Some("aws.elasticache")) => {
            refusals::of_engine(service, &["valkey", "redis"])
                .or_else(|| refusals::of_copies(service))
        }
        (ServiceKind::Queue, Platform::Managed, Some("aws.sqs")) => None,
        _ => Some(refusals::of_kind(service)),
    }
}

fn of_balancer(spec: &Spec, service: &ServicePart) -> Option<String> {
    let listens = |own: &domain::spec::Listener| balancer::tls_policy(&own.tls_min).is_some();
    let calls = |own: &ServicePart| balancer::algorithm(own.algorithm).is_some();
    refusals::of_balancer(spec, service, listens, calls).or_else(|| {
        let target = spec.services.iter().find(|own| service.targets.contains(&own.name))?;
        within(&target.health_check)
    })
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

fn of_database(service: &ServicePart) -> Option<String> {
    let engine = refusals::of_engine(service, &["postgres", "mysql", "mariadb"]);
    if engine.is_some() {
        return engine;
    }
    if service.backup.as_ref().is_some_and(|backup| backup.copy_region.is_some()) {
        return Some("backups that are copied to another region".to_owned());
    }
    if service.volume.is_none() {
        return Some("a database without a volume".to_owned());
    }
    refusals::of_copies(service)
}
