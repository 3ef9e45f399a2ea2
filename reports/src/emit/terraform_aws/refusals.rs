//! What a spec may hold that is not generated yet: named, and refused as a whole.

use std::collections::BTreeSet;

use domain::intent::ServiceKind;
use domain::offer::{Provider, PurchaseTerm};
use domain::spec::{HealthCheckPart, Platform, RedundancyPart, ServicePart, Spec};

use crate::emit::Unsupported;

use super::{balancer, network, variables, words};

/// The first thing of a spec that the module would lack or have otherwise.
pub(super) fn first(spec: &Spec) -> Result<(), Unsupported> {
    if spec.placement.provider != Provider::Aws {
        let provider = spec.placement.provider.as_str();
        return Err(Unsupported::Provider { format: "terraform-aws", provider });
    }
    let found = of_network(spec)
        .or_else(|| of_variables(spec))
        .or_else(|| spec.services.iter().find_map(|service| of_service(spec, service)));
    match found {
        Some((place, what)) => Err(Unsupported::Resource { format: "terraform-aws", place, what }),
        None => Ok(()),
    }
}

/// Where something stands in the spec, and what it is.
type Found = Option<(String, String)>;

fn of_network(spec: &Spec) -> Found {
    let at = |place: &str, what: &str| Some((format!("network.{place}"), what.to_owned()));
    if spec.network.vpc.nat_gateways > 0 {
        return at("vpc.nat_gateways", "NAT gateways");
    }
    if spec.network.cdn.is_some() {
        return at("cdn", "a content delivery network");
    }
    if spec.placement.zones.len() < 2 {
        let what = "one zone, where balancers and databases of AWS want two";
        return Some(("placement.zones".to_owned(), what.to_owned()));
    }
    let zones: BTreeSet<_> = spec.placement.zones.iter().map(|zone| &zone.id).collect();
    for (group, subnets) in network::groups(spec) {
        let own: BTreeSet<_> = subnets.iter().map(|subnet| &subnet.zone).collect();
        let tiers: BTreeSet<_> = subnets.iter().map(|subnet| subnet.tier as u8).collect();
        if own != zones || subnets.len() != zones.len() || tiers.len() != 1 {
            return at("subnets", &format!("a group ({group}) without one subnet in each zone"));
        }
    }
    None
}

fn of_variables(spec: &Spec) -> Found {
    let asked = variables::inputs(spec);
    let asked = asked.iter().map(|(name, _)| name.clone());
    let stock = variables::stock_images(spec).map(|(name, _)| name);
    let mut names = BTreeSet::new();
    let twice = asked.chain(stock).find(|name| !names.insert(name.clone()))?;
    Some(("inputs_required".to_owned(), format!("two variables of one name, {twice}")))
}

fn of_service(spec: &Spec, service: &ServicePart) -> Found {
    let at = |what: String| Some((format!("services.{}", service.name), what));
    if service.kind == ServiceKind::External {
        return at(
            "its place in the internet, which machines without a way out cannot reach".into()
        );
    }
    if service
        .schedule
        .as_ref()
        .is_some_and(|own| own.out_of_hours != domain::spec::OutOfHours::RunsOn)
    {
        return at("a schedule that takes it away out of hours".to_owned());
    }
    let groups = network::groups(spec);
    if !groups.iter().any(|(group, _)| **group == service.subnet) {
        return at(format!("a place in subnets that are not there, {}", service.subnet));
    }
    if service.offers.iter().any(|offer| offer.purchase == PurchaseTerm::Spot) {
        return at("spot instances".to_owned());
    }
    let product = service.product.as_deref();
    let what = match (service.kind, service.platform, product) {
        (ServiceKind::Balancer, Platform::Managed, Some("aws.alb")) => of_balancer(spec, service),
        (ServiceKind::Service, Platform::Vm, None) => of_fleet(spec, service),
        (ServiceKind::Sql, Platform::Managed, Some("aws.rds")) => of_database(service),
        (ServiceKind::Cache, Platform::Managed, Some("aws.elasticache")) => of_cache(service),
        (ServiceKind::Queue, Platform::Managed, Some("aws.sqs")) => None,
        (kind, Platform::Vm, _) => Some(format!("a {} on machines of our own", kind.as_str())),
        (_, _, product) => Some(format!("the product {}", product.unwrap_or("without a name"))),
    };
    what.and_then(at)
}

fn of_balancer(spec: &Spec, service: &ServicePart) -> Option<String> {
    let Some(listener) = &service.listener else { return Some("no listener".to_owned()) };
    if listener.protocol != "https" || balancer::tls_policy(&listener.tls_min).is_none() {
        return Some(format!("{} from TLS {}", listener.protocol, listener.tls_min));
    }
    let certificate = domain::spec::InputKind::Reference;
    if variables::input(spec, &service.name, certificate).is_none() {
        return Some("a listener without a certificate".to_owned());
    }
    let [target] = service.targets.as_slice() else {
        return Some(format!("{} targets of one listener", service.targets.len()));
    };
    let target = spec.services.iter().find(|own| own.name == *target)?;
    if target.offers.iter().any(|offer| offer.weight != 1) {
        return Some("weights of instances behind it".to_owned());
    }
    if balancer::algorithm(target.algorithm).is_none() {
        return Some(format!("calls spread by {}", target.algorithm.as_str()));
    }
    within(&target.health_check)
}

/// What an application balancer takes for a health check.
fn within(check: &HealthCheckPart) -> Option<String> {
    let (every, wait) = (check.interval_us, check.timeout_us);
    let whole = every % 1_000_000 == 0 && wait % 1_000_000 == 0;
    let (every, wait) = (words::seconds(every), words::seconds(wait));
    let counts = [check.unhealthy_threshold, check.healthy_threshold];
    let fits = (5..=300).contains(&every)
        && (2..=120).contains(&wait)
        && wait < every
        && counts.iter().all(|count| (2..=10).contains(count));
    (!whole || !fits).then(|| "a health check that an application balancer cannot make".to_owned())
}

fn of_fleet(spec: &Spec, service: &ServicePart) -> Option<String> {
    if let Some(image) =
        words::demand(spec, &service.name).and_then(|own| own.interface.image.as_ref())
    {
        return Some(format!(
            "the image {image}, which machines without a way to the internet cannot fetch"
        ));
    }
    if service.volume.is_some() || service.shards > 1 {
        return Some("machines with data of their own".to_owned());
    }
    if service.offers.is_empty() || service.offers.len() > 26 {
        return Some(format!("{} kinds of machines", service.offers.len()));
    }
    service.offers.iter().find_map(|offer| {
        let follows = offer.autoscaling.as_ref();
        if let Some(scaler) = follows.filter(|scaler| scaler.metric != "cpu_utilisation") {
            return Some(format!("an autoscaler by {}", scaler.metric));
        }
        let counts = offer.per_zone.values().copied().filter(|count| *count > 0);
        let (least, most) = (counts.clone().min()?, counts.max()?);
        (most - least > 1).then(|| "machines that are spread unevenly over zones".to_owned())
    })
}

fn of_database(service: &ServicePart) -> Option<String> {
    let engine = service.engine.as_deref().unwrap_or_default();
    if !["postgres", "mysql", "mariadb"].contains(&engine) {
        return Some(format!("the engine {engine}"));
    }
    if service.backup.as_ref().is_some_and(|backup| backup.copy_region.is_some()) {
        return Some("backups that are copied to another region".to_owned());
    }
    if service.volume.is_none() {
        return Some("a database without a volume".to_owned());
    }
    version(service).or_else(|| copies(service))
}

fn of_cache(service: &ServicePart) -> Option<String> {
    let engine = service.engine.as_deref().unwrap_or_default();
    if !["valkey", "redis"].contains(&engine) {
        return Some(format!("the engine {engine}"));
    }
    version(service).or_else(|| copies(service))
}

fn version(service: &ServicePart) -> Option<String> {
    let version = service.engine_version.as_deref().unwrap_or_default();
    let parts = version.split('.');
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let plain = version.len() <= 16 && parts.clone().all(digits);
    (!plain).then(|| format!("the engine's version {version:?}"))
}

/// One node for each slice, and another one where a copy takes over.
fn copies(service: &ServicePart) -> Option<String> {
    let each = match service.redundancy {
        RedundancyPart::Standby { .. } => 2,
        RedundancyPart::Single {} => 1,
        RedundancyPart::Active {} => return Some("copies that all serve".to_owned()),
    };
    let nodes = service.replicas.as_ref().map_or(0, |own| own.peak);
    let kinds = service.offers.len();
    let right = kinds == 1 && u64::from(nodes) == u64::from(service.shards) * each;
    (!right).then(|| format!("{nodes} nodes of {kinds} kinds for {} slices", service.shards))
}
