//! What a spec may hold that is not generated for Azure yet: named, and refused as a whole.

use std::collections::BTreeSet;

use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::spec::{InputKind, Platform, RedundancyPart, ServicePart, Spec};

use crate::emit::terraform::network::groups;
use crate::emit::terraform::refusals::{self, Found, refused};
use crate::emit::terraform::variables::{input, inputs, stock_images};
use crate::emit::terraform::words::seconds;
use crate::emit::{Format, Unsupported};

use super::cidr::Block;
use super::{machine, managed, network, variables};

/// The first thing of a spec that the module would lack or have otherwise.
pub(super) fn first(spec: &Spec) -> Result<(), Unsupported> {
    refusals::of_provider(spec, Format::TerraformAzure, Provider::Azure)?;
    let found = refusals::of_network(spec)
        .or_else(|| of_zones(spec))
        .or_else(|| of_addresses(spec))
        .or_else(|| refusals::of_variables(spec))
        .or_else(|| of_key(spec))
        .or_else(|| of_tags(spec))
        .or_else(|| refusals::of_services(spec, |service| of_service(spec, service)));
    refused(Format::TerraformAzure, found)
}

/// More zones than Azure numbers, or more rules than a group of Azure has.
fn of_zones(spec: &Spec) -> Found {
    let zones = spec.placement.zones.len();
    if zones == 0 || zones > 3 {
        return Some((
            "placement.zones".to_owned(),
            format!("{zones} zones, where Azure has three"),
        ));
    }
    let flows = spec.network.flows.len();
    (flows > 900).then(|| ("network.flows".to_owned(), format!("{flows} flows")))
}

/// Groups of subnets that cannot be one subnet each.
fn of_addresses(spec: &Spec) -> Found {
    let at = |what: String| Some(("network.subnets".to_owned(), what));
    let whole = Block::read(&spec.network.vpc.cidr);
    let mut taken: Vec<Block> = Vec::new();
    for (group, subnets) in groups(spec) {
        let own = network::block(&subnets);
        let inside = own.zip(whole).is_some_and(|(own, whole)| whole.holds(own));
        let Some(own) = own.filter(|_| inside) else {
            return at(format!("addresses of a group ({group}) that are no part of the network"));
        };
        if taken.iter().any(|other| other.meets(own)) {
            return at(format!(
                "addresses of a group ({group}) that lie between another's, where a subnet of \
                 Azure is one block over all zones"
            ));
        }
        taken.push(own);
    }
    None
}

/// A variable of the spec that is called as one of the module's own.
fn of_key(spec: &Spec) -> Found {
    let asked = inputs(spec).into_iter().map(|(name, _)| name);
    let mut names = asked.chain(stock_images(spec).map(|(name, _)| name));
    let twice = names.find(|name| name == machine::KEY)?;
    Some(("inputs_required".to_owned(), format!("two variables of one name, {twice}")))
}

/// Labels that Azure takes as no tags.
fn of_tags(spec: &Spec) -> Found {
    let mut taken = BTreeSet::new();
    let tags = variables::tags(spec);
    let what = if tags.len() > 49 {
        Some(format!("{} labels, where Azure takes 50 tags", tags.len()))
    } else {
        tags.iter().find_map(|(key, value)| {
            let alike = key.to_lowercase();
            let kept = ["microsoft", "azure", "windows"];
            let wrong = key.is_empty()
                || alike == "service"
                || key.contains(['<', '>', '%', '&', '\\', '?', '/'])
                || key.chars().any(char::is_control)
                || kept.iter().any(|start| alike.starts_with(start))
                || key.chars().count() > 512
                || value.chars().count() > 256;
            let wrong = wrong || !taken.insert(alike);
            wrong.then(|| format!("a label that Azure takes as no tag, {key:?}"))
        })
    };
    what.map(|what| ("metadata.labels".to_owned(), what))
}

fn of_service(spec: &Spec, service: &ServicePart) -> Option<String> {
    let product = service.product.as_deref();
    match (service.kind, service.platform, product) {
        (ServiceKind::Service, Platform::Vm, None) => {
            refusals::of_fleet(spec, service).or_else(|| of_machines(service))
        }
        (ServiceKind::Balancer, Platform::Vm, None) => of_balancer(spec, service),
        (ServiceKind::Sql | ServiceKind::Cache, Platform::Vm, None) => of_data(service),
        (ServiceKind::Sql, Platform::Managed, Some("azure.managed_sql")) => {
            of_server(spec, service)
        }
        (ServiceKind::Cache, Platform::Managed, Some("azure.managed_cache")) => of_cache(service),
        _ => Some(refusals::of_kind(service)),
    }
}

/// What a health check of Azure and its disks cannot be.
fn of_machines(service: &ServicePart) -> Option<String> {
    let check = &service.health_check;
    let every = seconds(check.interval_us);
    let whole = check.interval_us.is_multiple_of(1_000_000);
    if !whole || !(5..=60).contains(&every) || !(1..=24).contains(&check.unhealthy_threshold) {
        return Some("a health check that Azure's extension cannot make".to_owned());
    }
    of_disks(service)
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

fn of_balancer(spec: &Spec, service: &ServicePart) -> Option<String> {
    let Some(listener) = &service.listener else { return Some("no listener".to_owned()) };
    if listener.protocol != "https" || !["1.2", "1.3"].contains(&listener.tls_min.as_str()) {
        return Some(format!("{} from TLS {}", listener.protocol, listener.tls_min));
    }
    if input(spec, &service.name, InputKind::Reference).is_none() {
        return Some("a listener without a certificate".to_owned());
    }
    if seconds(listener.idle_timeout_us) > 30 * 60 {
        return Some("connections that stay idle for more than 30 minutes".to_owned());
    }
    refusals::of_fleet(spec, service).or_else(|| of_machines(service))
}

fn of_data(service: &ServicePart) -> Option<String> {
    if let Some(what) = of_kept(service) {
        return Some(what);
    }
    if service.kind == ServiceKind::Sql && service.volume.is_none() {
        return Some("a database without a volume".to_owned());
    }
    refusals::of_copies(service).or_else(|| of_disks(service))
}

fn of_kept(service: &ServicePart) -> Option<String> {
    let copied = service.backup.as_ref().is_some_and(|backup| backup.copy_region.is_some());
    copied.then(|| "backups that are copied to another region".to_owned())
}

fn of_server(spec: &Spec, service: &ServicePart) -> Option<String> {
    let what = refusals::of_engine(service, &["postgres", "mysql"])
        .or_else(|| of_kept(service))
        .or_else(|| refusals::of_copies(service));
    if what.is_some() {
        return what;
    }
    if service.shards > 1 {
        return Some(format!("{} slices of a managed database", service.shards));
    }
    if input(spec, &service.name, InputKind::SecretReference).is_none() {
        return Some("a managed database without a password's place".to_owned());
    }
    if service.backup.as_ref().is_some_and(|backup| backup.retention_days > 35) {
        return Some("backups that are kept for more than 35 days".to_owned());
    }
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let zones = service.offers.iter().flat_map(|own| own.per_zone.values());
    if standby && zones.filter(|count| **count > 0).count() < 2 {
        return Some("a copy in the same zone".to_owned());
    }
    let sold = service.volume.as_ref().is_some_and(|own| managed::sold(own.size_mib).is_some());
    (!sold).then(|| "storage of a size that Azure does not sell".to_owned())
}

fn of_cache(service: &ServicePart) -> Option<String> {
    let what = refusals::of_engine(service, &["redis"]).or_else(|| refusals::of_copies(service));
    if what.is_some() {
        return what;
    }
    let version = service.engine_version.as_deref().unwrap_or_default();
    if version != "6" {
        return Some(format!("version {version} of redis, where Azure has 6"));
    }
    if !matches!(service.redundancy, RedundancyPart::Standby { .. }) {
        return Some("a managed cache without a copy".to_owned());
    }
    let offer = service.offers.first().map(|own| own.instance_type.as_str()).unwrap_or_default();
    managed::size(offer).is_none().then(|| format!("the offer {offer} of a managed cache"))
}
