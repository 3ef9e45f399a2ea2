//! Where the machines of a database keep its backups.

use domain::spec::{Backup, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};

use super::identity::keeps_backups;
use super::names::ident;
use super::network::subnet_id;
use super::{resource, tags};

/// What the machines of a service are told of backups.
pub(super) fn told(service: &ServicePart) -> Vec<(&'static str, Expression)> {
    let Some(backup) = service.backup.as_ref().filter(|_| keeps_backups(service)) else {
        return Vec::new();
    };
    let label = ident(&service.name);
    let account = format!("azurerm_storage_account.{label}.primary_blob_endpoint");
    let container = format!("azurerm_storage_container.{label}.name");
    let own: [(&str, Expression); 4] = [
        ("to", code(&format!("\"${{{account}}}${{{container}}}\""))),
        ("window_utc", backup.window_utc.as_str().into()),
        ("retention_days", backup.retention_days.into()),
        ("point_in_time", backup.point_in_time.into()),
    ];
    vec![("backups", map(own))]
}

/// The account, its container and what is deleted from it when.
pub(super) fn account(spec: &Spec, service: &ServicePart) -> Body {
    let Some(backup) = service.backup.as_ref().filter(|_| keeps_backups(service)) else {
        return Body::default();
    };
    let label = ident(&service.name);
    let name = format!(
        "\"st${{substr(sha256(\"${{azurerm_resource_group.this.id}}/{label}\"), 0, 22)}}\""
    );
    // Of several zones, where the plan has several.
    let copies = if spec.placement.zones.len() > 1 { "ZRS" } else { "LRS" };
    let rules = Body::default()
        .set("default_action", "Deny")
        .set("bypass", list(["None"]))
        .set("virtual_network_subnet_ids", list([subnet_id(&service.subnet)]));
    let account = resource(code(&name))
        .set("account_tier", "Standard")
        .set("account_replication_type", copies)
        .set("min_tls_version", "TLS1_2")
        .set("https_traffic_only_enabled", true)
        .set("shared_access_key_enabled", false)
        .set("local_user_enabled", false)
        .set("allow_nested_items_to_be_public", false)
        .set("infrastructure_encryption_enabled", true)
        .set("tags", tags(service))
        .gap()
        .comment("Only the machines of the database's subnet reach it.")
        .block("network_rules", &[], rules)
        .gap()
        .comment("What is deleted, by whomever, can be brought back for so many days.")
        .block("blob_properties", &[], brought_back());
    let id = code(&format!("azurerm_storage_account.{label}.id"));
    let container = Body::default()
        .set("name", "backups")
        .set("storage_account_id", id.clone())
        .set("container_access_type", "private");
    let about = format!(
        "Where {} keeps backups, made from {} UTC{}. The bill has no line for what they take.",
        service.name,
        backup.window_utc,
        if backup.point_in_time { ": any moment of them can be gone back to" } else { "" }
    );
    let body = Body::default()
        .part(&about, "resource", &["azurerm_storage_account", &label], account)
        .part("", "resource", &["azurerm_storage_container", &label], container)
        .then(deleted(service, backup, id.clone()));
    if !backup.deletion_protection {
        return body;
    }
    let lock =
        Body::default().set("name", "backups").set("scope", id).set("lock_level", "CanNotDelete");
    body.part("", "resource", &["azurerm_management_lock", &format!("{label}_backups")], lock)
}

/// For how many days what was deleted is kept.
const BROUGHT_BACK: u32 = 7;

fn brought_back() -> Body {
    let days = || Body::default().set("days", BROUGHT_BACK);
    Body::default().block("delete_retention_policy", &[], days()).gap().block(
        "container_delete_retention_policy",
        &[],
        days(),
    )
}

fn deleted(service: &ServicePart, backup: &Backup, account: Expression) -> Body {
    // A moment is gone back to from the last whole backup before it.
    let days = backup.retention_days.saturating_add(1);
    let blobs = Body::default().set("delete_after_days_since_modification_greater_than", days);
    let actions = Body::default().block("base_blob", &[], blobs);
    let rule = Body::default()
        .set("name", "retention")
        .set("enabled", true)
        .gap()
        .block("filters", &[], Body::default().set("blob_types", list(["blockBlob"])))
        .gap()
        .block("actions", &[], actions);
    let policy = Body::default().set("storage_account_id", account).gap().block("rule", &[], rule);
    let about = format!(
        "Kept for {} days, and the backup before them that the first of them is restored from.",
        backup.retention_days
    );
    let labels = ["azurerm_storage_management_policy", &ident(&service.name)];
    Body::default().part(&about, "resource", &labels, policy)
}
