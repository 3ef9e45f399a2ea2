//! What a spec may hold that is not generated for Azure yet: named, and refused as a whole.

use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::spec::{InputKind, Listener, Platform, RedundancyPart, ServicePart, Spec};

use crate::emit::tags::taken;
use crate::emit::terraform::network::groups;
use crate::emit::terraform::refusals::{self, Found, refused};
use crate::emit::terraform::variables::input;
use crate::emit::terraform::words::seconds;
use crate::emit::{Format, Unsupported};

use super::cidr::Block;
use super::labels::TAGS;
use super::{machine, managed, network, ports, variables};

/// All of a spec that the module would lack or have otherwise.
pub(super) fn all(spec: &Spec) -> Result<(), Unsupported> {
    refusals::of_provider(spec, Format::TerraformAzure, Provider::Azure)?;
    let found = refusals::of_network(spec)
        .into_iter()
        .chain(of_zones(spec))
        .chain(of_addresses(spec))
        .chain(refusals::of_variables_with(spec, variables::own(spec)))
        .chain(refusals::of_services(spec, |service| of_service(spec, service)));
    let mut labels = TAGS.refused(Format::TerraformAzure, spec, &variables::tags(spec));
    labels.extend(taken(spec, Format::TerraformAzure));
    refused(Format::TerraformAzure, found, labels)
}

/// More zones than Azure numbers, or more rules than a group of Azure has.
fn of_zones(spec: &Spec) -> Vec<Found> {
    let (zones, flows) = (spec.placement.zones.len(), spec.network.flows.len());
    let three = format!("{zones} zones, where Azure has three");
    let found = [
        (!(1..=3).contains(&zones)).then(|| ("placement.zones".to_owned(), three)),
        (flows > 450).then(|| ("network.flows".to_owned(), format!("{flows} flows"))),
    ];
    found.into_iter().flatten().collect()
}

/// Groups of subnets that cannot be one subnet each.
fn of_addresses(spec: &Spec) -> Vec<Found> {
    let whole = Block::read(&spec.network.vpc.cidr);
    let mut taken: Vec<Block> = Vec::new();
    let mut found = Vec::new();
    for (group, subnets) in groups(spec) {
        let own = network::block(&subnets);
        let inside = own.zip(whole).is_some_and(|(own, whole)| whole.holds(own));
        let Some(own) = own.filter(|_| inside) else {
            found.push(format!("addresses of a group ({group}) that are no part of the network"));
            continue;
        };
        if taken.iter().any(|other| other.meets(own)) {
            found.push(format!(
                "addresses of a group ({group}) that lie between another's, where a subnet of \
                 Azure is one block over all zones"
            ));
        }
        taken.push(own);
    }
    found.into_iter().map(|what| ("network.subnets".to_owned(), what)).collect()
}

fn of_service(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let product = service.product.as_deref();
    match (service.kind, service.platform, product) {
        (ServiceKind::Service, Platform::Vm, None) => {
            let fleet = refusals::of_fleet(spec, service);
            fleet.into_iter().chain(of_machines(service)).collect()
        }
        (ServiceKind::Balancer, Platform::Vm, None) => of_balancer(spec, service),
        (ServiceKind::Sql | ServiceKind::Cache, Platform::Vm, None) => of_data(service),
        (ServiceKind::Sql, Platform::Managed, Some("azure.managed_sql")) => {
            of_server(spec, service)
        }
        (ServiceKind::Cache, Platform::Managed, Some("azure.managed_cache")) => of_cache(service),
        _ => vec![refusals::of_kind(service)],
    }
}

/// What a health check of Azure and its disks cannot be.
fn of_machines(service: &ServicePart) -> Vec<String> {
    let check = &service.health_check;
    let every = seconds(check.interval_us);
    let whole = check.interval_us.is_multiple_of(1_000_000);
    let made = whole && (5..=60).contains(&every) && (1..=24).contains(&check.unhealthy_threshold);
    let what = (!made).then(|| "a health check that Azure's extension cannot make".to_owned());
    let many = (ports::last(service) > ports::LAST)
        .then(|| "more machines than an address has ports".to_owned());
    what.into_iter().chain(many).chain(of_disks(service)).collect()
}

fn of_disks(service: &ServicePart) -> Option<String> {
    if service.root_volume.is_none() {
        return Some("machines without a disk of the system".to_owned());
    }
    let disks = service.root_volume.iter().chain(&service.volume);
    let mut unknown = disks.filter(|disk| machine::disk_kind(disk).is_none());
    unknown.next().map(|disk| {
        format!("disks of a kind that is not known, {}", disk.product.as_deref().unwrap_or("none"))
    })
}

fn of_balancer(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let known = |own: &Listener| ["1.2", "1.3"].contains(&own.tls_min.as_str());
    let mut found = refusals::of_listener(spec, service, known);
    let idle = service.listener.as_ref().map_or(0, |own| seconds(own.idle_timeout_us));
    if idle > 30 * 60 {
        found.push("connections that stay idle for more than 30 minutes".to_owned());
    }
    found.extend(refusals::of_fleet(spec, service));
    found.extend(of_machines(service));
    found
}

fn of_data(service: &ServicePart) -> Vec<String> {
    let lacks = service.kind == ServiceKind::Sql && service.volume.is_none();
    let found = [
        refusals::of_copied_backups(service),
        lacks.then(|| "a database without a volume".to_owned()),
        refusals::of_copies(service),
        of_disks(service),
    ];
    found.into_iter().flatten().collect()
}

fn of_server(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let slices = service.shards;
    let password = input(spec, &service.name, InputKind::SecretReference).is_some();
    let long = service.backup.as_ref().is_some_and(|backup| backup.retention_days > 35);
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let zones = service.offers.iter().flat_map(|own| own.per_zone.values());
    let together = standby && zones.filter(|count| **count > 0).count() < 2;
    let sold = service.volume.as_ref().is_some_and(|own| managed::sold(own.size_mib).is_some());
    let found = [
        refusals::of_engine(service, &["postgres", "mysql"]),
        refusals::of_copied_backups(service),
        refusals::of_copies(service),
        (slices > 1).then(|| format!("{slices} slices of a managed database")),
        (!password).then(|| "a managed database without a password's place".to_owned()),
        long.then(|| "backups that are kept for more than 35 days".to_owned()),
        together.then(|| "a copy in the same zone".to_owned()),
        (!sold).then(|| "storage of a size that Azure does not sell".to_owned()),
    ];
    found.into_iter().flatten().collect()
}

fn of_cache(service: &ServicePart) -> Vec<String> {
    let engine = refusals::of_engine(service, &["redis"]);
    let version = service.engine_version.as_deref().unwrap_or_default();
    // What another engine's version is called says nothing.
    let other = engine.is_none() && version != "6";
    let copied = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let offer = service.offers.first().map(|own| own.instance_type.as_str()).unwrap_or_default();
    let found = [
        engine,
        refusals::of_copies(service),
        other.then(|| format!("version {version} of redis, where Azure has 6")),
        (!copied).then(|| "a managed cache without a copy".to_owned()),
        managed::size(offer).is_none().then(|| format!("the offer {offer} of a managed cache")),
    ];
    found.into_iter().flatten().collect()
}
