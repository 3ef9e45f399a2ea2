//! Databases and caches that Azure runs: flexible servers and Azure Cache for Redis, reached in the
//! network alone.

use domain::intent::ServiceKind;
use domain::spec::{InputKind, Platform, RedundancyPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::network::zones_of;
use crate::emit::terraform::variables::{input, password_version};
use crate::emit::terraform::words::{failover, gib, load};
use crate::emit::told::{DATABASE, USER};

use super::names::{ident, of, worldwide};
use super::network::subnet_id;
use super::{resource, security, tags};

/// What Azure calls a managed service: its resource, its name in a private network, and the part
/// of it that is reached.
struct Kind {
    resource: &'static str,
    zone: &'static str,
    part: &'static str,
}

fn kind(service: &ServicePart) -> Kind {
    match (service.kind, service.engine.as_deref()) {
        (ServiceKind::Cache, _) => Kind {
            resource: "azurerm_redis_cache",
            zone: "privatelink.redis.cache.windows.net",
            part: "redisCache",
        },
        (_, Some("mysql")) => Kind {
            resource: "azurerm_mysql_flexible_server",
            zone: "privatelink.mysql.database.azure.com",
            part: "mysqlServer",
        },
        _ => Kind {
            resource: "azurerm_postgresql_flexible_server",
            zone: "privatelink.postgres.database.azure.com",
            part: "postgresqlServer",
        },
    }
}

/// Where a managed service is.
pub(super) fn address(service: &ServicePart) -> Expression {
    let end = if service.kind == ServiceKind::Cache { "hostname" } else { "fqdn" };
    code(&format!("{}.{}.{end}", kind(service).resource, ident(&service.name)))
}

/// A managed service and the way to it.
pub(super) fn service(spec: &Spec, service: &ServicePart) -> Body {
    let (own, label) = (kind(service), ident(&service.name));
    let body = match service.kind {
        ServiceKind::Cache => cache(spec, service),
        _ => secret(spec, service).then(server(spec, service)),
    };
    body.then(way(spec, service, &own)).then(lock(service, &format!("{}.{label}.id", own.resource)))
}

/// What is said of it before it is said in code.
fn about(service: &ServicePart) -> String {
    format!("{}: {}. {}", service.name, load(service), failover(service))
}

fn zones(service: &ServicePart) -> impl Iterator<Item = &domain::name::Name> {
    let offers = service.offers.iter().flat_map(|offer| &offer.per_zone);
    offers.filter(|(_, count)| **count > 0).map(|(zone, _)| zone)
}

/// The first service of a kind: all of it share one zone of names.
fn first_in<'a>(spec: &'a Spec, own: &Kind) -> Option<&'a ServicePart> {
    let mut managed = spec.services.iter().filter(|service| service.platform == Platform::Managed);
    managed.find(|service| {
        let data = [ServiceKind::Sql, ServiceKind::Cache].contains(&service.kind);
        data && kind(service).zone == own.zone
    })
}

/// The private address of a service, and its name in the network.
fn way(spec: &Spec, service: &ServicePart, own: &Kind) -> Body {
    let label = ident(&service.name);
    let id = code(&format!("{}.{label}.id", own.resource));
    let connection = Body::default()
        .set("name", "private")
        .set("private_connection_resource_id", id)
        .set("subresource_names", list([own.part]))
        .set("is_manual_connection", false);
    let zone = Body::default()
        .set("name", own.zone)
        .set("resource_group_name", code("azurerm_resource_group.this.name"));
    let first = first_in(spec, own).unwrap_or(service);
    let named = format!("azurerm_private_dns_zone.{}", ident(&first.name));
    let link = Body::default()
        .set("name", of(spec, service, 80))
        .set("resource_group_name", code("azurerm_resource_group.this.name"))
        .set("private_dns_zone_name", code(&format!("{named}.name")))
        .set("virtual_network_id", code("azurerm_virtual_network.this.id"));
    let record = Body::default()
        .set("name", "private")
        .set("private_dns_zone_ids", list([code(&format!("{named}.id"))]));
    let end = resource(of(spec, service, 80))
        .set("subnet_id", subnet_id(&service.subnet))
        .set("tags", tags(service))
        .gap()
        .block("private_service_connection", &[], connection)
        .gap()
        .block("private_dns_zone_group", &[], record);
    let member = Body::default()
        .set("private_endpoint_id", code(&format!("azurerm_private_endpoint.{label}.id")))
        .set("application_security_group_id", security::group(&service.name));
    let joined = "azurerm_private_endpoint_application_security_group_association";
    let body = if first.name == service.name {
        let linked = "azurerm_private_dns_zone_virtual_network_link";
        Body::default().part("", "resource", &["azurerm_private_dns_zone", &label], zone).part(
            "",
            "resource",
            &[linked, &label],
            link,
        )
    } else {
        Body::default()
    };
    body.part(
        "The way to it within the network; there is no other.",
        "resource",
        &["azurerm_private_endpoint", &label],
        end,
    )
    .part("", "resource", &[joined, &label], member)
}

fn lock(service: &ServicePart, scope: &str) -> Body {
    if !service.backup.as_ref().is_some_and(|backup| backup.deletion_protection) {
        return Body::default();
    }
    let lock = Body::default()
        .set("name", "data")
        .set("scope", code(scope))
        .set("lock_level", "CanNotDelete");
    let about = "Whoever wants to delete the data has to take this away first.";
    let labels = ["azurerm_management_lock", &format!("{}_data", ident(&service.name))];
    Body::default().part(about, "resource", &labels, lock)
}

/// The secret, opened when it is needed and written into no state.
fn secret(spec: &Spec, service: &ServicePart) -> Body {
    let Some(place) = input(spec, &service.name, InputKind::SecretReference) else {
        return Body::default();
    };
    let secret = Body::default()
        .set("name", code(&format!("regex(\"/secrets/([^/]+)\", var.{place})[0]")))
        .set("key_vault_id", code(&format!("regex(\"^(.+)/secrets/\", var.{place})[0]")));
    Body::default().part(
        "The password is read when it is needed, and stands in no state and no plan.",
        "ephemeral",
        &["azurerm_key_vault_secret", &ident(&service.name)],
        secret,
    )
}

fn server(spec: &Spec, service: &ServicePart) -> Body {
    let (own, label) = (kind(service), ident(&service.name));
    let mysql = own.resource == "azurerm_mysql_flexible_server";
    let mut zones = zones(service).map(|zone| code(&format!("local.zones[\"{zone}\"]")));
    let (first, second) = (zones.next(), zones.next());
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let secret = format!("ephemeral.azurerm_key_vault_secret.{label}.value");
    let changed = password_version(spec, service).map(|name| code(&format!("var.{name}")));
    let name = worldwide(&of(spec, service, 50));
    let body = resource(name)
        .set("version", version(service))
        .set_some("sku_name", service.offers.first().map(|own| own.instance_type.as_str()))
        .set_some("zone", first)
        .then(private(mysql))
        .set("administrator_login", USER)
        .set("administrator_password_wo", code(&secret))
        .comment(
            "No password is kept, so another one in the secret is not seen: it is set where this \
             number is counted up.",
        )
        .set_some("administrator_password_wo_version", changed)
        .then(kept(service))
        .set("tags", tags(service))
        .then(storage(service, mysql));
    let body = match second.filter(|_| standby) {
        Some(second) => {
            let other = Body::default()
                .set("mode", "ZoneRedundant")
                .set("standby_availability_zone", second);
            body.gap().block("high_availability", &[], other)
        }
        None => body,
    };
    let body = Body::default().part(&about(service), "resource", &[own.resource, &label], body);
    body.then(made(&label, mysql)).then(settings(service, mysql))
}

/// The database that programs are told of.
fn made(label: &str, mysql: bool) -> Body {
    let body = Body::default().set("name", DATABASE);
    let (resource, body) = if mysql {
        let server = format!("azurerm_mysql_flexible_server.{label}.name");
        let body = body
            .set("resource_group_name", code("azurerm_resource_group.this.name"))
            .set("server_name", code(&server))
            .set("charset", "utf8mb4")
            .set("collation", "utf8mb4_unicode_ci");
        ("azurerm_mysql_flexible_database", body)
    } else {
        let server = format!("azurerm_postgresql_flexible_server.{label}.id");
        ("azurerm_postgresql_flexible_server_database", body.set("server_id", code(&server)))
    };
    Body::default().part("What programs keep their data in.", "resource", &[resource, label], body)
}

fn private(mysql: bool) -> Body {
    let body = Body::default();
    if mysql {
        return body.set("public_network_access", "Disabled");
    }
    body.set("public_network_access_enabled", false)
}

/// The version as Azure names it.
fn version(service: &ServicePart) -> String {
    let stated = service.engine_version.as_deref().unwrap_or_default();
    match (service.engine.as_deref(), stated) {
        (Some("mysql"), "8.0") => "8.0.21".to_owned(),
        _ => stated.to_owned(),
    }
}

/// How it is backed up: any moment of these days can be gone back to.
fn kept(service: &ServicePart) -> Body {
    let days = service.backup.as_ref().map_or(0, |backup| backup.retention_days).max(7);
    Body::default()
        .comment("Azure chooses the hour of backups, and keeps them for a week at least.")
        .set("backup_retention_days", days)
        .set("geo_redundant_backup_enabled", false)
}

/// The sizes of storage that Azure sells to servers of `PostgreSQL`, in MiB.
const SIZES: [u64; 11] = [
    32_768, 65_536, 131_072, 262_144, 524_288, 1_048_576, 2_097_152, 4_193_280, 8_388_608,
    16_777_216, 33_553_408,
];

/// The least storage that is sold and holds so much.
pub(super) fn sold(size_mib: u64) -> Option<u64> {
    SIZES.into_iter().find(|size| *size >= size_mib)
}

fn storage(service: &ServicePart, mysql: bool) -> Body {
    let Some(volume) = &service.volume else { return Body::default() };
    if mysql {
        let own = Body::default().set("size_gb", gib(volume.size_mib).max(20));
        return Body::default().gap().block("storage", &[], own);
    }
    Body::default()
        .comment(&format!("The plan has {} GiB; Azure sells these.", gib(volume.size_mib)))
        .set_some("storage_mb", sold(volume.size_mib))
}

/// What the plan counts on: so many connections.
fn settings(service: &ServicePart, mysql: bool) -> Body {
    let Some(connections) = service.connections else { return Body::default() };
    let label = ident(&service.name);
    let body = Body::default().set("name", "max_connections");
    let (resource, body) = if mysql {
        let server = format!("azurerm_mysql_flexible_server.{label}.name");
        let body = body
            .set("resource_group_name", code("azurerm_resource_group.this.name"))
            .set("server_name", code(&server));
        ("azurerm_mysql_flexible_server_configuration", body)
    } else {
        let server = format!("azurerm_postgresql_flexible_server.{label}.id");
        ("azurerm_postgresql_flexible_server_configuration", body.set("server_id", code(&server)))
    };
    let about = format!(
        "Each instance of a caller holds {} connections at most. Only encrypted ones are taken: \
         Azure has it so.",
        connections.pool_per_instance
    );
    let body = body.set("value", connections.max.to_string());
    Body::default().part(&about, "resource", &[resource, &label], body)
}

/// The size of an offer of Azure Cache for Redis as `Premium_P2` names it: of the only tier whose
/// copies stand in zones that one may choose.
pub(super) fn size(offer: &str) -> Option<u32> {
    let size: u32 = offer.strip_prefix("Premium_P")?.parse().ok()?;
    (1..=5).contains(&size).then_some(size)
}

fn cache(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let size = service.offers.first().and_then(|offer| size(&offer.instance_type));
    let body = resource(worldwide(&of(spec, service, 50)))
        .set("sku_name", "Premium")
        .set("family", "P")
        .set_some("capacity", size)
        .set("redis_version", service.engine_version.as_deref().unwrap_or_default())
        .set_some("shard_count", (service.shards > 1).then_some(service.shards))
        .set("zones", zones_of(zones(service)))
        .set("public_network_access_enabled", false)
        .comment("Programs speak TLS with it.")
        .set("non_ssl_port_enabled", false)
        .set("minimum_tls_version", "1.2")
        .set("tags", tags(service));
    Body::default().part(&about(service), "resource", &["azurerm_redis_cache", &label], body)
}
