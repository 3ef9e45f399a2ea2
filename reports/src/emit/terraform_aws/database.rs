//! Managed databases.

use domain::intent::ServiceKind;
use domain::spec::{Backup, InputKind, RedundancyPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, map};
use crate::emit::terraform::fleet::is_managed;
use crate::emit::terraform::words::{failover, gib, load};
use crate::emit::terraform::{each, variables};
use crate::emit::told::{DATABASE, Place, USER};

use super::names::{cloud, ident, system_of};
use super::network::all_subnet_ids;
use super::security;

pub(super) fn file(spec: &Spec) -> Body {
    let own = spec.services.iter().filter(|own| is_managed(own, ServiceKind::Sql));
    each(Body::file("Managed databases."), "This plan has none.", own, |service| {
        database(spec, service)
    })
}

/// AWS's name for the settings of an engine's version.
pub(super) fn family(engine: &str, version: &str) -> String {
    let mut parts = version.split('.');
    let (major, minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or("0"));
    if engine == "postgres" {
        return format!("postgres{major}");
    }
    format!("{engine}{major}.{minor}")
}

fn database(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let name = |most| cloud(&[&system_of(spec), service.name.as_str()], most);
    let subnets =
        Body::default().set("name", name(255)).set("subnet_ids", all_subnet_ids(&service.subnet));
    let body = secret(spec, service)
        .part("", "resource", &["aws_db_subnet_group", &label], subnets)
        .then(settings(service, name(255)));
    let standby = match failover(service) {
        none if none.is_empty() => "There is no copy.".to_owned(),
        standby => standby,
    };
    let about = format!("{}: {}. {standby}", service.name, load(service));
    body.part(&about, "resource", &["aws_db_instance", &label], instance(spec, service, &name(54)))
        .then(secrets_of(spec, service))
}

fn instance(spec: &Spec, service: &ServicePart, name: &str) -> Body {
    let label = ident(&service.name);
    let engine = service.engine.as_deref().unwrap_or_default();
    let volume = service.volume.as_ref();
    let multi = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let several = service.shards > 1;
    let identifier = numbered(name, "", several);
    let count = several.then_some(service.shards);
    let head = match count {
        Some(count) => {
            Body::default().comment("One for each slice of the data.").set("count", count).gap()
        }
        None => Body::default(),
    };
    head.set("identifier", identifier)
        .set("engine", engine)
        .set_some("engine_version", service.engine_version.as_deref())
        .set_some("instance_class", service.offers.first().map(|own| own.instance_type.as_str()))
        .set_some("allocated_storage", volume.map(|own| gib(own.size_mib)))
        .set_some("storage_type", volume.and_then(|own| own.product.as_deref()))
        .set("storage_encrypted", true)
        .set("multi_az", multi)
        .set("port", u32::from(service.port))
        .set("publicly_accessible", false)
        .set("iam_database_authentication_enabled", true)
        .set("db_subnet_group_name", code(&format!("aws_db_subnet_group.{label}.name")))
        .set("parameter_group_name", code(&format!("aws_db_parameter_group.{label}.name")))
        .set("vpc_security_group_ids", security::of(service))
        .set("auto_minor_version_upgrade", true)
        .set("copy_tags_to_snapshot", true)
        .set("tags", map([("service", service.name.as_str())]))
        .gap()
        .then(password(spec, service))
        .gap()
        .then(kept(service.backup.as_ref(), name, several))
}

/// A name, with a number where there are several.
fn numbered(name: &str, end: &str, several: bool) -> Expression {
    if several {
        return code(&format!("\"{name}-${{count.index + 1}}{end}\""));
    }
    Expression::from(format!("{name}{end}"))
}

/// How it is backed up, and what it takes to delete it.
fn kept(backup: Option<&Backup>, name: &str, several: bool) -> Body {
    let Some(backup) = backup else {
        return Body::default().set("backup_retention_period", 0).set("skip_final_snapshot", true);
    };
    let last = numbered(name, "-last", several);
    let any = if backup.point_in_time { ": any moment of them can be gone back to" } else { "" };
    let about = format!("Kept for {} days{any}.", backup.retention_days);
    Body::default()
        .comment(&about)
        .set("backup_retention_period", backup.retention_days)
        .set("backup_window", backup.window_utc.as_str())
        .set("delete_automated_backups", false)
        .set("deletion_protection", backup.deletion_protection)
        .set("skip_final_snapshot", false)
        .set("final_snapshot_identifier", last)
}

/// The variable with the place of the password.
pub(super) fn place_of_secret(spec: &Spec, service: &ServicePart) -> Option<String> {
    variables::input(spec, &service.name, InputKind::SecretReference)
}

/// The ARNs of the secrets with the password of a database: one for each slice, or one for all.
pub(super) fn secrets(service: &ServicePart) -> Expression {
    code(&format!("local.{}_secrets", ident(&service.name)))
}

/// The same as a local value: a secret that RDS makes is known once it is made.
fn secrets_of(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let made = format!("flatten(aws_db_instance.{label}[*].master_user_secret[*].secret_arn)");
    let secrets = match place_of_secret(spec, service) {
        None => made,
        Some(place) => format!("var.{place} == \"managed\" ? {made} : [var.{place}]"),
    };
    let locals = Body::default().set(&format!("{label}_secrets"), code(&secrets));
    let about = format!("Where the password of {} is kept.", service.name);
    Body::default().part(&about, "locals", &[], locals)
}

/// Where a slice of a database is found, and its password.
pub(super) fn found(service: &ServicePart, at: u32) -> Place<Expression> {
    let label = ident(&service.name);
    let slice = if service.shards > 1 { format!("[{at}]") } else { String::new() };
    let secret = format!("element(local.{label}_secrets, {at})");
    Place {
        secret: Some(code(&secret)),
        ..Place::at(code(&format!("aws_db_instance.{label}{slice}.address")))
    }
}

/// The secret, opened when it is needed and written into no state.
fn secret(spec: &Spec, service: &ServicePart) -> Body {
    let Some(place) = place_of_secret(spec, service) else { return Body::default() };
    let secret = Body::default()
        .set("count", code(&format!("var.{place} == \"managed\" ? 0 : 1")))
        .set("secret_id", code(&format!("var.{place}")));
    let labels = ["aws_secretsmanager_secret_version", &ident(&service.name)];
    Body::default().part(
        "The password is read when it is needed, and stands in no state and no plan.",
        "ephemeral",
        &labels,
        secret,
    )
}

fn password(spec: &Spec, service: &ServicePart) -> Body {
    let user = Body::default().set("db_name", DATABASE).set("username", USER);
    let Some(place) = place_of_secret(spec, service) else {
        return user.set("manage_master_user_password", true);
    };
    let label = ident(&service.name);
    let secret = format!("ephemeral.aws_secretsmanager_secret_version.{label}[0].secret_string");
    let managed = format!("var.{place} == \"managed\"");
    let version = variables::password_version(spec, service).unwrap_or_default();
    let about = format!(
        "No password is kept, so another one in the secret is not seen: it is set where \
         {version} is counted up. One that RDS makes it also changes."
    );
    user.comment(&about)
        .set("manage_master_user_password", code(&format!("{managed} ? true : null")))
        .set("password_wo", code(&format!("{managed} ? null : {secret}")))
        .set("password_wo_version", code(&format!("{managed} ? null : var.{version}")))
}

/// What the plan counts on, which is so many connections; and nobody is let in without TLS.
fn settings(service: &ServicePart, name: String) -> Body {
    let label = ident(&service.name);
    let engine = service.engine.as_deref().unwrap_or_default();
    let family = family(engine, service.engine_version.as_deref().unwrap_or_default());
    let parameter = |name: &str, value: String| {
        let own = Body::default()
            .set("name", name)
            .set("value", value)
            .set("apply_method", "pending-reboot");
        Body::default().gap().block("parameter", &[], own)
    };
    let connections =
        service.connections.map(|own| parameter("max_connections", own.max.to_string()));
    let sealed = match engine {
        "postgres" => "rds.force_ssl",
        _ => "require_secure_transport",
    };
    let group = Body::default()
        .set("name", name)
        .set("family", family)
        .then(connections.unwrap_or_default())
        .then(parameter(sealed, "1".to_owned()));
    let about = service.connections.map_or_else(String::new, |own| {
        format!("Each instance of a caller holds {} connections at most.", own.pool_per_instance)
    });
    Body::default().part(&about, "resource", &["aws_db_parameter_group", &label], group)
}
