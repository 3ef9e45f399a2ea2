//! Managed caches: Memorystore for Redis here, for Valkey in a file of its own.

use domain::intent::ServiceKind;
use domain::spec::{RedundancyPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::each;
use crate::emit::terraform::fleet::{is_managed, zones};
use crate::emit::terraform::names::ident;
use crate::emit::terraform::words::{failover, gib, load};

use super::names::{of_its, of_service};
use super::valkey::{self, is_valkey};

/// The ports of Memorystore, in the clear and with TLS.
const PORTS: (u16, u16) = (6_379, 6_378);

pub(super) fn file(spec: &Spec) -> Body {
    let own = spec.services.iter().filter(|service| is_managed(service, ServiceKind::Cache));
    let body = Body::file("Managed caches.").then(valkey::joined(spec));
    each(body, "This plan has none.", own, |own| {
        if is_valkey(own) { valkey::cache(spec, own) } else { cache(spec, own) }
    })
}

fn sealed(service: &ServicePart) -> bool {
    service.encryption.is_some_and(|own| own.in_transit)
}

/// Where it listens: not everywhere that a spec may say.
pub(super) fn port(service: &ServicePart) -> u16 {
    match (is_valkey(service), sealed(service)) {
        (true, _) => valkey::PORT,
        (false, true) => PORTS.1,
        (false, false) => PORTS.0,
    }
}

/// Where it is.
pub(super) fn address(service: &ServicePart) -> Expression {
    if is_valkey(service) {
        return valkey::address(service);
    }
    code(&format!("google_redis_instance.{}.host", ident(&service.name)))
}

/// Google's name for a version of Redis.
pub(super) fn version(stated: &str) -> Option<String> {
    match stated {
        "4" | "4.0" => Some("REDIS_4_0".to_owned()),
        "5" | "5.0" => Some("REDIS_5_0".to_owned()),
        "6" | "6.x" => Some("REDIS_6_X".to_owned()),
        "7" | "7.2" => Some("REDIS_7_2".to_owned()),
        "7.0" => Some("REDIS_7_0".to_owned()),
        _ => None,
    }
}

fn cache(spec: &Spec, service: &ServicePart) -> Body {
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let mut zones = service.offers.iter().flat_map(zones);
    let zone = |zone| code(&format!("local.zones[\"{zone}\"]"));
    let first = zones.next();
    let second = zones.find(|own| Some(*own) != first).filter(|_| standby);
    let tls = if sealed(service) { "SERVER_AUTHENTICATION" } else { "DISABLED" };
    let memory = service.offers.first().map(|offer| gib(offer.memory_mib));
    let body = Body::default()
        .set("name", of_service(spec, &service.name, 40))
        .set("tier", if standby { "STANDARD_HA" } else { "BASIC" })
        .set_some("memory_size_gb", memory)
        .set_some("redis_version", version(service.engine_version.as_deref().unwrap_or_default()))
        .set_some("location_id", first.map(zone))
        .set_some("alternative_location_id", second.map(zone))
        .set("connect_mode", "PRIVATE_SERVICE_ACCESS")
        .set("authorized_network", code("google_compute_network.this.id"))
        .set("transit_encryption_mode", tls)
        .set("labels", of_its(service))
        .set("depends_on", list([code("google_service_networking_connection.this")]));
    let about = format!("{}: {}. {}", service.name, load(service), failover(service));
    let labels = ["google_redis_instance", &ident(&service.name)];
    Body::default().part(&about, "resource", &labels, body)
}
