//! Managed caches: Memorystore for Valkey, which is joined to a subnetwork of ours.

use std::collections::BTreeSet;

use domain::intent::ServiceKind;
use domain::spec::{RedundancyPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::fleet::{is_managed, zones};
use crate::emit::terraform::names::ident;
use crate::emit::terraform::words::{failover, load};

use super::names::{of_its, of_service, of_system};
use super::network::subnetwork_id;

/// The port of every node.
pub(super) const PORT: u16 = 6_379;

/// The types of nodes, by the provider's own words.
const NODES: [&str; 4] = ["SHARED_CORE_NANO", "STANDARD_SMALL", "HIGHMEM_MEDIUM", "HIGHMEM_XLARGE"];

/// Whether a service is a managed cache of Valkey.
pub(super) fn is_valkey(service: &ServicePart) -> bool {
    is_managed(service, ServiceKind::Cache) && service.engine.as_deref() == Some("valkey")
}

/// Google's name for a type of nodes.
pub(super) fn node(stated: &str) -> Option<&'static str> {
    let wanted = stated.to_ascii_uppercase().replace('-', "_");
    NODES.into_iter().find(|own| *own == wanted)
}

/// Google's name for a version of Valkey.
pub(super) fn version(stated: &str) -> Option<&'static str> {
    match stated {
        "7" | "7.2" => Some("VALKEY_7_2"),
        "8" | "8.0" => Some("VALKEY_8_0"),
        _ => None,
    }
}

/// Where it is.
pub(super) fn address(service: &ServicePart) -> Expression {
    let label = ident(&service.name);
    code(&format!(
        "google_memorystore_instance.{label}.endpoints[0].connections[0].psc_auto_connection[0]\
         .ip_address"
    ))
}

/// The leave to join caches to subnetworks of ours, where there is one.
pub(super) fn joined(spec: &Spec) -> Body {
    let groups: BTreeSet<_> =
        spec.services.iter().filter(|own| is_valkey(own)).map(|own| &own.subnet).collect();
    if groups.is_empty() {
        return Body::default();
    }
    let subnetworks = list(groups.into_iter().map(subnetwork_id));
    let policy = Body::default()
        .set("name", of_system(spec, "caches"))
        .set("location", spec.placement.region.as_str())
        .set("service_class", "gcp-memorystore")
        .set("network", code("google_compute_network.this.id"))
        .gap()
        .block("psc_config", &[], Body::default().set("subnetworks", subnetworks));
    Body::default().part(
        "Caches have addresses of these subnetworks.",
        "resource",
        &["google_network_connectivity_service_connection_policy", "caches"],
        policy,
    )
}

pub(super) fn cache(spec: &Spec, service: &ServicePart) -> Body {
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let sealed = service.encryption.is_some_and(|own| own.in_transit);
    let tls = if sealed { "SERVER_AUTHENTICATION" } else { "TRANSIT_ENCRYPTION_DISABLED" };
    let offer = service.offers.first();
    let endpoint = Body::default()
        .set("network", code("google_compute_network.this.id"))
        .set("project_id", code("data.google_project.this.project_id"));
    let joined = "google_network_connectivity_service_connection_policy.caches";
    let body = Body::default()
        .set("instance_id", of_service(spec, &service.name, 63))
        .set("location", spec.placement.region.as_str())
        .set_some("engine_version", version(service.engine_version.as_deref().unwrap_or_default()))
        .set_some("node_type", offer.and_then(|own| node(&own.instance_type)))
        .set("mode", if service.shards > 1 { "CLUSTER" } else { "CLUSTER_DISABLED" })
        .set("shard_count", service.shards)
        .set("replica_count", u32::from(standby))
        .set("transit_encryption_mode", tls)
        .set("deletion_protection_enabled", false)
        .set("labels", of_its(service))
        .set("depends_on", list([code(joined)]))
        .gap()
        .block("desired_auto_created_endpoints", &[], endpoint)
        .then(stands(service, standby));
    let about = format!("{}: {}. {}", service.name, load(service), failover(service));
    let labels = ["google_memorystore_instance", &ident(&service.name)];
    Body::default().part(&about, "resource", &labels, body)
}

/// Nodes that follow one another stand in several zones, one without a copy in its own.
fn stands(service: &ServicePart, standby: bool) -> Body {
    let mut zones = service.offers.iter().flat_map(zones);
    let body = match zones.next().filter(|_| !standby && service.shards == 1) {
        Some(zone) => Body::default()
            .set("mode", "SINGLE_ZONE")
            .set("zone", code(&format!("local.zones[\"{zone}\"]"))),
        None => Body::default().set("mode", "MULTI_ZONE"),
    };
    Body::default().gap().block("zone_distribution_config", &[], body)
}
