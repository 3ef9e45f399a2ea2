//! What machines may read: secrets by their place in a vault, and where backups are kept.

use std::collections::BTreeSet;

use domain::name::Name;
use domain::spec::{Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::told::read_by;

use super::names::{ident, of};
use super::{resource, tags};

/// Whether the machines of a service keep backups.
pub(super) fn keeps_backups(service: &ServicePart) -> bool {
    service.platform == Platform::Vm && service.backup.is_some()
}

/// Whether the machines of a service need to be somebody.
fn is_somebody(spec: &Spec, service: &ServicePart) -> bool {
    reads(spec, service) || keeps_backups(service)
}

/// Whether the machines of a service read anything that is kept in a vault.
fn reads(spec: &Spec, service: &ServicePart) -> bool {
    !read_by(spec, service).is_empty()
}

/// What the machines of a subnet reach within Azure.
pub(super) fn endpoints(spec: &Spec, group: &Name) -> BTreeSet<&'static str> {
    let services = spec.services.iter().filter(|service| service.subnet == *group);
    let ends = services.flat_map(|service| {
        let vault = (reads(spec, service)).then_some("Microsoft.KeyVault");
        vault.into_iter().chain(keeps_backups(service).then_some("Microsoft.Storage"))
    });
    ends.collect()
}

/// What the machines of a service reach within Azure, as rules of the network call it.
pub(super) fn reached(spec: &Spec, service: &ServicePart) -> Vec<(&'static str, &'static str)> {
    let vault = reads(spec, service).then_some(("vault", "AzureKeyVault"));
    vault.into_iter().chain(keeps_backups(service).then_some(("backups", "Storage"))).collect()
}

/// Who the machines of a service are, and what they may read and write.
pub(super) fn identity(spec: &Spec, service: &ServicePart) -> Body {
    if !is_somebody(spec, service) {
        return Body::default();
    }
    let label = ident(&service.name);
    let own = resource(of(spec, service, 128)).set("tags", tags(service));
    let may = |scope: Expression, role: &str| {
        Body::default()
            .set("scope", scope)
            .set("role_definition_name", role)
            .set(
                "principal_id",
                code(&format!("azurerm_user_assigned_identity.{label}.principal_id")),
            )
            .set("principal_type", "ServicePrincipal")
    };
    let body = Body::default().part(
        &format!("Who the machines of {} are: they may do what follows.", service.name),
        "resource",
        &["azurerm_user_assigned_identity", &label],
        own,
    );
    let kind = "azurerm_role_assignment";
    let read = read_by(spec, service);
    let body = if read.is_empty() {
        body
    } else {
        let each = read.iter().map(|(of, name)| (of.name.as_str(), code(&format!("var.{name}"))));
        let own = Body::default().set("for_each", map(each)).gap();
        let own = own.then(may(code("each.value"), "Key Vault Secrets User"));
        body.part("", "resource", &[kind, &format!("{label}_secrets")], own)
    };
    if !keeps_backups(service) {
        return body;
    }
    let account = code(&format!("azurerm_storage_account.{label}.id"));
    let own = may(account, "Storage Blob Data Contributor");
    body.part("", "resource", &[kind, &format!("{label}_backups")], own)
}

/// `identity { … }` of a service's machines, where they are somebody.
pub(super) fn worn(spec: &Spec, service: &ServicePart) -> Body {
    if !is_somebody(spec, service) {
        return Body::default();
    }
    let id = format!("azurerm_user_assigned_identity.{}.id", ident(&service.name));
    let own = Body::default().set("type", "UserAssigned").set("identity_ids", list([code(&id)]));
    Body::default().gap().block("identity", &[], own)
}

/// Where a secret is read: the address of what a variable names by its resource.
pub(super) fn address(variable: &str) -> Expression {
    let taken = |what: &str| format!("regex(\"/{what}/([^/]+)\", var.{variable})[0]");
    code(&format!(
        "\"https://${{{}}}.vault.azure.net/secrets/${{{}}}\"",
        taken("vaults"),
        taken("secrets")
    ))
}
