//! Who each service is for Google, and what it may read.

use std::collections::BTreeSet;

use domain::spec::{Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, map};
use crate::emit::terraform::data::is_without_data;
use crate::emit::terraform::each;
use crate::emit::terraform::names::{ident, system_of};
use crate::emit::terraform::told::read_by;

use super::names::cloud;

/// Whether a service runs on machines of our own, with an account of its own.
pub(super) fn has_machines(service: &ServicePart) -> bool {
    service.platform == Platform::Vm
}

/// The account of a service by its e-mail.
pub(super) fn email(service: &ServicePart) -> Expression {
    code(&format!("google_service_account.{}.email", ident(&service.name)))
}

pub(super) fn file(spec: &Spec) -> Body {
    let own = spec.services.iter().filter(|service| has_machines(service));
    let about = "One account for each service on machines of our own: firewall rules name them, \
                 and each may read the secrets that its work needs and nothing else.";
    let body = each(Body::file(about), "This plan has none.", own, |service| {
        let account = Body::default()
            .set("account_id", cloud(&[&system_of(spec), service.name.as_str(), "run"], 30))
            .set("display_name", format!("{} of {}", service.name, spec.metadata.name));
        let labels = ["google_service_account", &ident(&service.name)];
        let body = Body::default().part("", "resource", &labels, account);
        body.then(secrets(spec, service)).then(callers(spec, service))
    });
    let asks = |own| super::nodes::archives(own) || super::valkey::is_valkey(own);
    if !spec.services.iter().any(asks) && asks_for_instances(spec).next().is_none() {
        return body;
    }
    let project = ["google_project", "this"];
    body.part("The project of the provider.", "data", &project, Body::default())
}

fn secrets(spec: &Spec, service: &ServicePart) -> Body {
    let read: Vec<(&str, Expression)> = read_by(spec, service)
        .into_iter()
        .map(|(of, variable)| (of.name.as_str(), code(&format!("var.{variable}"))))
        .collect();
    if read.is_empty() {
        return Body::default();
    }
    let label = ident(&service.name);
    let member = format!("\"serviceAccount:${{google_service_account.{label}.email}}\"");
    let access = Body::default()
        .set("for_each", map(read))
        .gap()
        .set("secret_id", code("each.value"))
        .set("role", "roles/secretmanager.secretAccessor")
        .set("member", code(&member));
    let labels = ["google_secret_manager_secret_iam_member", &*label];
    Body::default().part("", "resource", &labels, access)
}

/// The services whose programs have to ask which instances a fleet has.
fn asks_for_instances(spec: &Spec) -> impl Iterator<Item = &ServicePart> {
    let fleets = spec.services.iter().filter(|own| is_without_data(own));
    let fleets: BTreeSet<_> = fleets.map(|own| &own.name).collect();
    let own = spec.services.iter().filter(|own| has_machines(own));
    own.filter(move |own| own.targets.iter().any(|target| fleets.contains(target)))
}

fn callers(spec: &Spec, service: &ServicePart) -> Body {
    if !asks_for_instances(spec).any(|own| own.name == service.name) {
        return Body::default();
    }
    let label = ident(&service.name);
    let member = format!("\"serviceAccount:${{google_service_account.{label}.email}}\"");
    let access = Body::default()
        .set("project", code("data.google_project.this.project_id"))
        .set("role", "roles/compute.viewer")
        .set("member", code(&member));
    let about = format!(
        "{} spreads its own calls: it asks which instances the groups of its targets have.",
        service.name
    );
    Body::default().part(&about, "resource", &["google_project_iam_member", &label], access)
}
