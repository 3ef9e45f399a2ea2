//! Managed databases: Cloud SQL.

use domain::intent::ServiceKind;
use domain::spec::{Backup, InputKind, RedundancyPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::each;
use crate::emit::terraform::fleet::{is_managed, zones};
use crate::emit::terraform::names::ident;
use crate::emit::terraform::variables::input;
use crate::emit::terraform::words::{copy, gib, load};
use crate::emit::told::{DATABASE, USER};

use super::names::{all_of, of_service};

pub(super) fn file(spec: &Spec) -> Body {
    let own = spec.services.iter().filter(|service| is_managed(service, ServiceKind::Sql));
    each(Body::file("Managed databases."), "This plan has none.", own, |service| {
        database(spec, service)
    })
}

/// Google's name for an engine and its version.
pub(super) fn version(service: &ServicePart) -> Option<String> {
    let stated = service.engine_version.as_deref()?;
    match service.engine.as_deref()? {
        "postgres" => Some(format!("POSTGRES_{}", stated.split('.').next()?)),
        "mysql" if stated.contains('.') => Some(format!("MYSQL_{}", stated.replace('.', "_"))),
        "mysql" => Some(format!("MYSQL_{stated}_0")),
        _ => None,
    }
}

/// Google's name for the disk of a database.
pub(super) fn disk(product: Option<&str>) -> Option<&'static str> {
    match product {
        None | Some("pd-ssd") => Some("PD_SSD"),
        Some("pd-standard") => Some("PD_HDD"),
        Some("hyperdisk-balanced") => Some("HYPERDISK_BALANCED"),
        Some(_) => None,
    }
}

/// Whether an edition keeps the log of a database for longer than a week.
fn is_plus(service: &ServicePart) -> bool {
    service.offers.first().is_some_and(|own| own.instance_type.starts_with("db-perf-optimized-"))
}

/// For how many days at most any moment can be gone back to.
pub(super) fn most_log_days(service: &ServicePart) -> u32 {
    if is_plus(service) { 35 } else { 7 }
}

/// Where a database is.
pub(super) fn addresses(service: &ServicePart) -> Expression {
    let label = ident(&service.name);
    let instance = format!("google_sql_database_instance.{label}");
    match service.shards {
        1 => list([code(&format!("{instance}.private_ip_address"))]),
        _ => code(&format!("{instance}[*].private_ip_address")),
    }
}

fn database(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let about = format!("{}: {}. {}", service.name, load(service), copy(service));
    let body = instance(spec, service);
    Body::default()
        .part(&about, "resource", &["google_sql_database_instance", &label], body)
        .then(made(service))
        .then(user(spec, service))
}

/// The database that programs are told of, in each slice.
fn made(service: &ServicePart) -> Body {
    let label = &*ident(&service.name);
    let body = of_each(service).set("name", DATABASE).set("instance", instance_name(service));
    Body::default().part(
        "What programs keep their data in.",
        "resource",
        &["google_sql_database", label],
        body,
    )
}

/// The beginning of what there is one of in each slice.
fn of_each(service: &ServicePart) -> Body {
    let body = Body::default();
    if service.shards > 1 { body.set("count", service.shards).gap() } else { body }
}

/// The name of the instance, of one slice where there are several.
fn instance_name(service: &ServicePart) -> Expression {
    let index = if service.shards > 1 { "[count.index]" } else { "" };
    code(&format!("google_sql_database_instance.{}{index}.name", ident(&service.name)))
}

fn instance(spec: &Spec, service: &ServicePart) -> Body {
    let several = service.shards > 1;
    let name = of_service(spec, &service.name, 80);
    let name =
        if several { code(&format!("\"{name}-${{count.index + 1}}\"")) } else { name.into() };
    let head = if several {
        let about = "One for each slice of the data.";
        Body::default().comment(about).set("count", service.shards).gap()
    } else {
        Body::default()
    };
    let keeps = service.backup.as_ref().is_some_and(|backup| backup.deletion_protection);
    head.set("name", name)
        .set_some("database_version", version(service))
        .set("deletion_protection", keeps)
        .set("depends_on", list([code("google_service_networking_connection.this")]))
        .gap()
        .block("settings", &[], settings(service, keeps))
}

fn settings(service: &ServicePart, keeps: bool) -> Body {
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let edition = if is_plus(service) { "ENTERPRISE_PLUS" } else { "ENTERPRISE" };
    let volume = service.volume.as_ref();
    let tier = service.offers.first().map(|offer| offer.instance_type.as_str());
    let body = Body::default()
        .set_some("tier", tier)
        .set("edition", edition)
        .set("availability_type", if standby { "REGIONAL" } else { "ZONAL" })
        .set_some("disk_type", disk(volume.and_then(|own| own.product.as_deref())))
        .set_some("disk_size", volume.map(|own| gib(own.size_mib)))
        .set("disk_autoresize", false)
        .set("deletion_protection_enabled", keeps)
        .set("user_labels", all_of(service))
        .gap()
        .then(kept(service))
        .gap()
        .block("ip_configuration", &[], reached(service))
        .then(stands(service));
    match service.connections {
        Some(own) => {
            let about = format!(
                "Each instance of a caller holds {} connections at most.",
                own.pool_per_instance
            );
            let flag =
                Body::default().set("name", "max_connections").set("value", own.max.to_string());
            body.gap().comment(&about).block("database_flags", &[], flag)
        }
        None => body,
    }
}

/// Where it stands, and where its copy does.
fn stands(service: &ServicePart) -> Body {
    let mut zones = service.offers.iter().flat_map(zones);
    let zone = |zone| code(&format!("local.zones[\"{zone}\"]"));
    let Some(first) = zones.next() else { return Body::default() };
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let second = zones.find(|own| *own != first).filter(|_| standby);
    let body =
        Body::default().set("zone", zone(first)).set_some("secondary_zone", second.map(zone));
    Body::default().gap().block("location_preference", &[], body)
}

/// An address in the network alone, and TLS where a rule demands it.
fn reached(service: &ServicePart) -> Body {
    let sealed = service.encryption.is_some_and(|own| own.in_transit);
    let mode = if sealed { "ENCRYPTED_ONLY" } else { "ALLOW_UNENCRYPTED_AND_ENCRYPTED" };
    Body::default()
        .set("ipv4_enabled", false)
        .set("private_network", code("google_compute_network.this.id"))
        .set("ssl_mode", mode)
}

/// How it is backed up.
fn kept(service: &ServicePart) -> Body {
    let Some(backup) = &service.backup else {
        let none = Body::default().set("enabled", false);
        return Body::default().block("backup_configuration", &[], none);
    };
    let any = if backup.point_in_time { ": any moment of them can be gone back to" } else { "" };
    let about = format!("Kept for {} days{any}.", backup.retention_days);
    let body = log(service, backup);
    Body::default().comment(&about).block("backup_configuration", &[], body)
}

fn log(service: &ServicePart, backup: &Backup) -> Body {
    let starts = backup.window_utc.split('-').next().unwrap_or_default();
    let name = match service.engine.as_deref() {
        Some("mysql") => "binary_log_enabled",
        _ => "point_in_time_recovery_enabled",
    };
    let days = backup.point_in_time.then_some(backup.retention_days);
    let retained = Body::default()
        .set("retained_backups", backup.retention_days)
        .set("retention_unit", "COUNT");
    Body::default()
        .set("enabled", true)
        .set("start_time", starts)
        .set(name, backup.point_in_time)
        .set_some("transaction_log_retention_days", days)
        .gap()
        .block("backup_retention_settings", &[], retained)
}

/// Who the programs are for the database.
fn user(spec: &Spec, service: &ServicePart) -> Body {
    let Some(place) = input(spec, &service.name, InputKind::SecretReference) else {
        return Body::default();
    };
    let label = &*ident(&service.name);
    let secret = format!("data.google_secret_manager_secret_version.{label}.secret_data");
    let version = format!("data.google_secret_manager_secret_version.{label}.version");
    let read = Body::default().set("secret", code(&format!("var.{place}")));
    let body = of_each(service)
        .set("name", USER)
        .set("instance", instance_name(service))
        .set("password_wo", code(&secret))
        .comment("The number of the secret's newest version: with another one it is set anew.")
        .set("password_wo_version", code(&format!("tonumber({version})")));
    Body::default()
        .part(
            "Version 6.50 of the provider reads a secret into the state and nowhere else: keep \
             the state as the secret is kept.",
            "data",
            &["google_secret_manager_secret_version", label],
            read,
        )
        .part("", "resource", &["google_sql_user", label], body)
}
