//! Managed caches.

use domain::intent::ServiceKind;
use domain::spec::{RedundancyPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::each;
use crate::emit::terraform::fleet::is_managed;
use crate::emit::terraform::words::{failover, load};

use super::names::{cloud, ident, system_of};
use super::network::all_subnet_ids;
use super::security;

pub(super) fn file(spec: &Spec) -> Body {
    let caches = spec.services.iter().filter(|own| is_managed(own, ServiceKind::Cache));
    each(Body::file("Managed caches."), "This plan has none.", caches, |own| cache(spec, own))
}

fn cache(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let (system, own) = (&*system_of(spec), service.name.as_str());
    let group = Body::default()
        .set("name", cloud(&[system, own], 255))
        .set("subnet_ids", all_subnet_ids(&service.subnet));
    let nodes = service.replicas.as_ref().map_or(1, |replicas| replicas.peak);
    let offer = service.offers.first();
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let engine = service.engine.as_deref().unwrap_or_default();
    let version = version(engine, service.engine_version.as_deref().unwrap_or_default());
    let body = Body::default()
        .set("replication_group_id", cloud(&[system, own], 40))
        .set("description", format!("{} of {}", service.name, spec.metadata.name))
        .set("engine", engine)
        .set("engine_version", version)
        .set_some("node_type", offer.map(|offer| offer.instance_type.as_str()))
        .set("port", u32::from(service.port))
        .then(counted(service, nodes))
        .set("automatic_failover_enabled", standby)
        .set("multi_az_enabled", standby)
        .set("subnet_group_name", code(&format!("aws_elasticache_subnet_group.{label}.name")))
        .set("security_group_ids", security::of(service))
        .comment("The program speaks TLS with it.")
        .set("at_rest_encryption_enabled", true)
        .set("transit_encryption_enabled", true)
        .set("tags", map([("service", service.name.as_str())]));
    let about = format!("{}: {}. {}", service.name, load(service), failover(service));
    Body::default().part("", "resource", &["aws_elasticache_subnet_group", &label], group).part(
        &about,
        "resource",
        &["aws_elasticache_replication_group", &label],
        body,
    )
}

/// How many nodes, and where each stands.
fn counted(service: &ServicePart, nodes: u32) -> Body {
    if service.shards > 1 {
        let copies = (nodes / service.shards).saturating_sub(1);
        return Body::default()
            .set("num_node_groups", service.shards)
            .set("replicas_per_node_group", copies);
    }
    let zones = service.offers.iter().flat_map(|offer| &offer.per_zone);
    let zones = zones.flat_map(|(zone, count)| {
        (0..*count).map(move |_| code(&format!("local.zones[\"{zone}\"]")))
    });
    Body::default()
        .set("num_cache_clusters", nodes)
        .set("preferred_cache_cluster_azs", list(zones.collect::<Vec<Expression>>()))
}

/// AWS wants the minor version as well: the first of the major one that it has.
pub(super) fn version(engine: &str, stated: &str) -> String {
    match (engine, stated) {
        (_, stated) if stated.contains('.') => stated.to_owned(),
        ("valkey", "7") => "7.2".to_owned(),
        _ => format!("{stated}.0"),
    }
}
