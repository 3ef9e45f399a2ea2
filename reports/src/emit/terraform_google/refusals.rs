//! What a spec may hold that is not generated for Google Cloud yet: named, and refused as a whole.

use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::spec::{
    Backup, InputKind, Listener, Platform, RedundancyPart, ServicePart, Spec, Subnet,
};

use crate::emit::terraform::network::groups;
use crate::emit::terraform::refusals::{self, Found, refused};
use crate::emit::terraform::variables::{input, inputs, stock_images};
use crate::emit::{Format, Unsupported};

use super::valkey::{self, is_valkey};
use super::{balancer, cache, canary, database, fleet, health, network, nodes};

/// The first thing of a spec that the module would lack or have otherwise.
pub(super) fn first(spec: &Spec) -> Result<(), Unsupported> {
    refusals::of_provider(spec, Format::TerraformGoogle, Provider::Google)?;
    let found = refusals::of_network(spec)
        .or_else(|| of_ranges(spec))
        .or_else(|| refusals::of_variables(spec))
        .or_else(|| of_variables(spec))
        .or_else(|| refusals::of_services(spec, |service| of_service(spec, service)));
    refused(Format::TerraformGoogle, found)
}

/// Groups whose subnets have no range for the region that is theirs alone.
fn of_ranges(spec: &Spec) -> Found {
    let found = |what: String| Some(("network.subnets".to_owned(), what));
    let mut taken = Vec::new();
    for (group, subnets) in groups(spec) {
        let Some(range) = network::range(&subnets) else {
            let cidrs: Vec<&str> = subnets.iter().map(|own: &&Subnet| &*own.cidr).collect();
            return found(format!("a group ({group}) without one range: {}", cidrs.join(", ")));
        };
        if let Some((other, _)) = taken.iter().find(|(_, own)| range.meets(*own)) {
            return found(format!(
                "groups ({other} and {group}) whose subnets lie between one another"
            ));
        }
        taken.push((group, range));
    }
    None
}

/// The image of a new version, where something else is called so.
fn of_variables(spec: &Spec) -> Found {
    let own = |name: &String| {
        inputs(spec).iter().any(|(other, _)| other == name)
            || stock_images(spec).any(|(other, _)| other == *name)
    };
    let (twice, _) = canary::tried(spec).find(|(name, _)| own(name))?;
    Some(("inputs_required".to_owned(), format!("two variables of one name, {twice}")))
}

fn of_service(spec: &Spec, service: &ServicePart) -> Option<String> {
    if fleet::is_fleet(service) {
        return of_fleet(spec, service);
    }
    if nodes::is_nodes(service) {
        return of_nodes(service);
    }
    let product = service.product.as_deref();
    match (service.kind, service.platform, product) {
        (ServiceKind::Balancer, Platform::Managed, Some(balancer::PRODUCT)) => {
            of_chain(spec, service)
        }
        (ServiceKind::Sql, Platform::Managed, Some("google.managed_sql")) => of_database(service),
        (ServiceKind::Cache, Platform::Managed, Some("google.managed_cache")) => of_cache(service),
        _ => Some(refusals::of_kind(service)),
    }
}

/// Programs, and balancers, on machines without data.
fn of_fleet(spec: &Spec, service: &ServicePart) -> Option<String> {
    if service.kind == ServiceKind::Balancer {
        let Some(listener) = &service.listener else { return Some("no listener".to_owned()) };
        if listener.protocol != "https" {
            return Some(format!("{} from TLS {}", listener.protocol, listener.tls_min));
        }
        if listener.port != service.port {
            return Some(format!(
                "a listener at {} of machines at {}",
                listener.port, service.port
            ));
        }
        if input(spec, &service.name, InputKind::Reference).is_none() {
            return Some("a listener without a certificate".to_owned());
        }
    }
    let none = |offer: &domain::spec::OfferPart| {
        offer.autoscaling.as_ref().is_some_and(|scaler| scaler.min == 0)
    };
    if service.offers.iter().any(none) {
        return Some("an autoscaler that leaves no machine to measure".to_owned());
    }
    refusals::of_fleet(spec, service).or_else(|| health::within(&service.health_check))
}

/// Data on machines of our own.
fn of_nodes(service: &ServicePart) -> Option<String> {
    let [offer] = service.offers.as_slice() else {
        return Some(format!("data on {} kinds of machines", service.offers.len()));
    };
    if offer.autoscaling.is_some() {
        return Some("data on machines whose number changes".to_owned());
    }
    let engines = ["postgres", "mysql", "mariadb", "valkey", "redis", "memcached"];
    if service.engine.is_some() {
        let engine = refusals::of_engine(service, &engines);
        if engine.is_some() {
            return engine;
        }
    }
    if service.backup.is_some() && service.volume.is_none() {
        return Some("backups of a disk that is not there".to_owned());
    }
    service.backup.as_ref().and_then(of_backup)
}

/// Backups that a schedule of snapshots, or Cloud SQL, does not make.
fn of_backup(backup: &Backup) -> Option<String> {
    if backup.copy_region.is_some() {
        return Some("backups that are copied to another region".to_owned());
    }
    let starts = backup.window_utc.split('-').next().unwrap_or_default();
    let hour = starts.strip_suffix(":00").filter(|hour| hour.len() == 2);
    let hour: Option<u32> = hour.and_then(|hour| hour.parse().ok()).filter(|hour| *hour < 24);
    match hour {
        None => Some(format!("backups at {:?}, which is no full hour", backup.window_utc)),
        Some(_) if !(1..=365).contains(&backup.retention_days) => {
            Some(format!("backups that are kept for {} days", backup.retention_days))
        }
        Some(_) => None,
    }
}

/// Google's application balancer.
fn of_chain(spec: &Spec, service: &ServicePart) -> Option<String> {
    let listens = |own: &Listener| balancer::tls(&own.tls_min).is_some();
    let calls = |own: &ServicePart| balancer::algorithm(own.algorithm).is_some();
    refusals::of_balancer(spec, service, listens, calls).or_else(|| {
        let target = spec.services.iter().find(|own| service.targets.contains(&own.name))?;
        (!fleet::is_fleet(target)).then(|| format!("a target without machines, {}", target.name))
    })
}

fn of_database(service: &ServicePart) -> Option<String> {
    let engine = refusals::of_engine(service, &["postgres", "mysql"]);
    if engine.is_some() {
        return engine;
    }
    let Some(volume) = &service.volume else {
        return Some("a database without a volume".to_owned());
    };
    if database::disk(volume.product.as_deref()).is_none() {
        let product = volume.product.as_deref().unwrap_or_default();
        return Some(format!("a disk of the product {product:?}"));
    }
    let port = if service.engine.as_deref() == Some("mysql") { 3_306 } else { 5_432 };
    if service.port != port {
        return Some(format!("the port {}, where Cloud SQL listens at {port}", service.port));
    }
    let backup = service.backup.as_ref();
    let most = database::most_log_days(service);
    if let Some(own) = backup.filter(|own| own.point_in_time && own.retention_days > most) {
        return Some(format!(
            "any moment of {} days to go back to, where Cloud SQL keeps {most}",
            own.retention_days
        ));
    }
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    if standby && !backup.is_some_and(|own| own.point_in_time) {
        let what = "a copy without a log of every change, which Cloud SQL makes it from";
        return Some(what.to_owned());
    }
    backup.and_then(of_backup).or_else(|| refusals::of_copies(service))
}

fn of_cache(service: &ServicePart) -> Option<String> {
    let engine = refusals::of_engine(service, &["redis", "valkey"]);
    if engine.is_some() {
        return engine;
    }
    let stated = service.engine_version.as_deref().unwrap_or_default();
    let known = if is_valkey(service) {
        valkey::version(stated).is_some()
    } else {
        cache::version(stated).is_some()
    };
    if !known {
        return Some(format!("the engine's version {stated:?}"));
    }
    let node = service.offers.first().map(|own| own.instance_type.as_str()).unwrap_or_default();
    if is_valkey(service) && valkey::node(node).is_none() {
        return Some(format!("nodes of the type {node:?}"));
    }
    if !is_valkey(service) && service.shards > 1 {
        return Some(format!("{} slices, where Memorystore for Redis has one", service.shards));
    }
    if service.port != 6_379 {
        return Some(format!("the port {}, where Memorystore listens at 6379", service.port));
    }
    refusals::of_copies(service)
}
