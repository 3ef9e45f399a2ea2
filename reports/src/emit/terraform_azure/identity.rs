//! What machines may read: secrets by their place in a vault, and where backups are kept.

use std::collections::BTreeSet;

use domain::name::Name;
use domain::spec::{InputKind, Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::variables::input;

use super::names::{ident, of};
use super::{resource, tags};

/// The inputs of a service's machines that are kept in a vault: what each is, and its variable.
pub(super) fn secrets(spec: &Spec, service: &ServicePart) -> Vec<(&'static str, String)> {
    if service.platform != Platform::Vm {
        return Vec::new();
    }
    let kinds = [("certificate", InputKind::Reference), ("password", InputKind::SecretReference)];
    let found = kinds.into_iter().filter_map(|(what, kind)| {
        let name = input(spec, &service.name, kind)?;
        Some((what, name))
    });
    found.collect()
}

/// Whether the machines of a service keep backups.
pub(super) fn keeps_backups(service: &ServicePart) -> bool {
    service.platform == Platform::Vm && service.backup.is_some()
}

/// Whether the machines of a service need to be somebody.
fn is_somebody(spec: &Spec, service: &ServicePart) -> bool {
    !secrets(spec, service).is_empty() || keeps_backups(service)
}

/// What the machines of a subnet reach within Azure.
pub(super) fn endpoints(spec: &Spec, group: &Name) -> BTreeSet<&'static str> {
    let services = spec.services.iter().filter(|service| service.subnet == *group);
    let ends = services.flat_map(|service| {
        let vault = (!secrets(spec, service).is_empty()).then_some("Microsoft.KeyVault");
        vault.into_iter().chain(keeps_backups(service).then_some("Microsoft.Storage"))
    });
    ends.collect()
}

/// What the machines of a service reach within Azure, as rules of the network call it.
pub(super) fn reached(spec: &Spec, service: &ServicePart) -> Vec<(&'static str, &'static str)> {
    let vault = !secrets(spec, service).is_empty();
    let vault = vault.then_some(("vault", "AzureKeyVault"));
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
    let secrets = secrets(spec, service);
    let body = secrets.iter().fold(body, |body, (what, name)| {
        let own = may(code(&format!("var.{name}")), "Key Vault Secrets User");
        body.part("", "resource", &[kind, &format!("{label}_{what}")], own)
    });
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
