//! What a spec may hold that is not generated for Google Cloud yet: named, and refused as a whole.

use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::spec::{Backup, Listener, Platform, RedundancyPart, ServicePart, Spec, Subnet};

use crate::emit::remedies::COPIED;
use crate::emit::tags::taken;
use crate::emit::terraform::data::{is_data, is_without_data};
use crate::emit::terraform::network::groups;
use crate::emit::terraform::refusals::{self, Found, refused};
use crate::emit::terraform::variables::{inputs, stock_images};
use crate::emit::{Format, Unsupported};

use super::valkey::{self, is_valkey};
use super::{balancer, cache, canary, database, health, network};

/// All of a spec that the module would lack or have otherwise.
pub(super) fn all(spec: &Spec) -> Result<(), Unsupported> {
    refusals::of_provider(spec, Format::TerraformGoogle, Provider::Google)?;
    let found = refusals::of_network(spec)
        .into_iter()
        .chain(of_ranges(spec))
        .chain(refusals::of_variables(spec))
        .chain(of_variables(spec))
        .chain(refusals::of_services(spec, |service| of_service(spec, service)));
    refused(Format::TerraformGoogle, found, taken(spec, Format::TerraformGoogle))
}

/// Groups whose subnets have no range for the region that is theirs alone.
fn of_ranges(spec: &Spec) -> Vec<Found> {
    let mut taken = Vec::new();
    let mut found = Vec::new();
    for (group, subnets) in groups(spec) {
        let Some(range) = network::range(&subnets) else {
            let cidrs: Vec<&str> = subnets.iter().map(|own: &&Subnet| &*own.cidr).collect();
            found.push(format!("a group ({group}) without one range: {}", cidrs.join(", ")));
            continue;
        };
        if let Some((other, _)) = taken.iter().find(|(_, own)| range.meets(*own)) {
            found.push(format!(
                "groups ({other} and {group}) whose subnets lie between one another"
            ));
        }
        taken.push((group, range));
    }
    found.into_iter().map(|what| ("network.subnets".to_owned(), what)).collect()
}

/// The image of a new version, where something else is called so.
fn of_variables(spec: &Spec) -> Option<Found> {
    let own = |name: &String| {
        inputs(spec).iter().any(|(other, _)| other == name)
            || stock_images(spec).any(|(other, _)| other == *name)
    };
    let (twice, _) = canary::tried(spec).find(|(name, _)| own(name))?;
    Some(("inputs_required".to_owned(), format!("two variables of one name, {twice}")))
}

fn of_service(spec: &Spec, service: &ServicePart) -> Vec<String> {
    if is_without_data(service) {
        return of_fleet(spec, service);
    }
    if is_data(service) {
        return of_nodes(service);
    }
    let product = service.product.as_deref();
    match (service.kind, service.platform, product) {
        (ServiceKind::Balancer, Platform::Managed, Some(balancer::PRODUCT)) => {
            of_chain(spec, service)
        }
        (ServiceKind::Sql, Platform::Managed, Some("google.managed_sql")) => of_database(service),
        (ServiceKind::Cache, Platform::Managed, Some("google.managed_cache")) => of_cache(service),
        _ => vec![refusals::of_kind(service)],
    }
}

/// Programs, and balancers, on machines without data.
fn of_fleet(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let mut found = Vec::new();
    if service.kind == ServiceKind::Balancer {
        found.extend(refusals::of_listener(spec, service, |_| true));
        let listener = service.listener.as_ref();
        if let Some(own) = listener.filter(|own| own.port != service.port) {
            found.push(format!("a listener at {} of machines at {}", own.port, service.port));
        }
    }
    let none = |offer: &domain::spec::OfferPart| {
        offer.autoscaling.as_ref().is_some_and(|scaler| scaler.min == 0)
    };
    if service.offers.iter().any(none) {
        found.push("an autoscaler that leaves no machine to measure".to_owned());
    }
    found.extend(refusals::of_fleet(spec, service));
    found.extend(health::within(&service.health_check));
    found
}

/// Data on machines of our own.
fn of_nodes(service: &ServicePart) -> Vec<String> {
    let kinds = service.offers.len();
    let follows = service.offers.iter().any(|offer| offer.autoscaling.is_some());
    let engines = ["postgres", "mysql", "mariadb", "valkey", "redis", "memcached"];
    let bare = service.backup.is_some() && service.volume.is_none();
    let found = [
        (kinds != 1).then(|| format!("data on {kinds} kinds of machines")),
        follows.then(|| "data on machines whose number changes".to_owned()),
        service.engine.as_ref().and_then(|_| refusals::of_engine(service, &engines)),
        bare.then(|| "backups of a disk that is not there".to_owned()),
    ];
    let backup = service.backup.as_ref().map(of_backup).unwrap_or_default();
    found.into_iter().flatten().chain(backup).collect()
}

/// Backups that a schedule of snapshots, or Cloud SQL, does not make.
fn of_backup(backup: &Backup) -> Vec<String> {
    let starts = backup.window_utc.split('-').next().unwrap_or_default();
    let hour = starts.strip_suffix(":00").filter(|hour| hour.len() == 2);
    let hour: Option<u32> = hour.and_then(|hour| hour.parse().ok()).filter(|hour| *hour < 24);
    let (window, days) = (&backup.window_utc, backup.retention_days);
    let found = [
        backup.copy_region.is_some().then(|| COPIED.to_owned()),
        hour.is_none().then(|| format!("backups at {window:?}, which is no full hour")),
        (!(1..=365).contains(&days)).then(|| format!("backups that are kept for {days} days")),
    ];
    found.into_iter().flatten().collect()
}

/// Google's application balancer.
fn of_chain(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let listens = |own: &Listener| balancer::tls(&own.tls_min).is_some();
    let calls = |own: &ServicePart| balancer::algorithm(own.algorithm).is_some();
    let mut found = refusals::of_balancer(spec, service, listens, calls);
    let target = spec.services.iter().find(|own| service.targets.contains(&own.name));
    let bare = target.filter(|own| !is_without_data(own));
    found.extend(bare.map(|own| format!("a target without machines, {}", own.name)));
    found
}

fn of_database(service: &ServicePart) -> Vec<String> {
    let disk = match &service.volume {
        None => Some("a database without a volume".to_owned()),
        Some(volume) if database::disk(volume.product.as_deref()).is_none() => {
            let product = volume.product.as_deref().unwrap_or_default();
            Some(format!("a disk of the product {product:?}"))
        }
        Some(_) => None,
    };
    let engine = refusals::of_engine(service, &["postgres", "mysql"]);
    let port = if service.engine.as_deref() == Some("mysql") { 3_306 } else { 5_432 };
    let elsewhere = engine.is_none() && service.port != port;
    let backup = service.backup.as_ref();
    let logged = backup.filter(|own| own.point_in_time);
    let most = database::most_log_days(service);
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let found = [
        engine,
        disk,
        elsewhere.then(|| format!("the port {}, where Cloud SQL listens at {port}", service.port)),
        logged.filter(|own| own.retention_days > most).map(|own| {
            let days = own.retention_days;
            format!("any moment of {days} days to go back to, where Cloud SQL keeps {most}")
        }),
        (standby && logged.is_none()).then(|| {
            "a copy without a log of every change, which Cloud SQL makes it from".to_owned()
        }),
        refusals::of_copies(service),
    ];
    let kept = backup.map(of_backup).unwrap_or_default();
    found.into_iter().flatten().chain(kept).collect()
}

fn of_cache(service: &ServicePart) -> Vec<String> {
    let engine = refusals::of_engine(service, &["redis", "valkey"]);
    let (valkey, port) = (is_valkey(service), service.port);
    let stated = service.engine_version.as_deref().unwrap_or_default();
    let known =
        if valkey { valkey::version(stated).is_some() } else { cache::version(stated).is_some() };
    let unknown = engine.is_none() && !known;
    let node = service.offers.first().map(|own| own.instance_type.as_str()).unwrap_or_default();
    let (other, slices) = (valkey && valkey::node(node).is_none(), service.shards);
    let found = [
        engine,
        unknown.then(|| format!("the engine's version {stated:?}")),
        other.then(|| format!("nodes of the type {node:?}")),
        (!valkey && slices > 1)
            .then(|| format!("{slices} slices, where Memorystore for Redis has one")),
        (port != 6_379).then(|| format!("the port {port}, where Memorystore listens at 6379")),
        refusals::of_copies(service),
    ];
    found.into_iter().flatten().collect()
}
