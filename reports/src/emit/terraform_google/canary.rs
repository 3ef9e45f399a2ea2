//! A new version that one machine tries first: a second version of a group, while there is one.

use domain::spec::{OfferPart, RolloutStrategy, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code};
use crate::emit::terraform::fleet::{image, label};
use crate::emit::terraform::names::ident;

/// The services whose new versions one machine tries first, each with its variable.
pub(super) fn tried(spec: &Spec) -> impl Iterator<Item = (String, &ServicePart)> {
    let own = spec.services.iter().filter(|service| tries(service));
    own.map(|service| (variable(service), service))
}

fn tries(service: &ServicePart) -> bool {
    let strategy = service.rollout.as_ref().map(|rollout| rollout.strategy);
    strategy == Some(RolloutStrategy::Canary)
}

/// Whether one of these machines is the one: those of the first kind.
fn is_tried(service: &ServicePart, offer: &OfferPart) -> bool {
    tries(service) && service.offers.first() == Some(offer)
}

fn variable(service: &ServicePart) -> String {
    format!("{}_canary", ident(&service.name))
}

/// The variables with the images of new versions.
pub(super) fn variables(spec: &Spec) -> Body {
    tried(spec).fold(Body::default(), |body, (name, service)| {
        let set = service.offers.first().map_or("", |offer| offer.architecture.as_str());
        let about = format!(
            "The machine image ({set}) of a new version of {}, which one machine tries first; null \
             while there is none, and the image of all once it did well",
            service.name
        );
        let own = Body::default()
            .set("description", about)
            .set("type", code("string"))
            .set("default", Expression::Null);
        body.part("", "variable", &[&name], own)
    })
}

/// How many templates a kind of machines has, and the image of each.
pub(super) fn images(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> (Body, Expression) {
    let all = image(spec, service, offer);
    if !is_tried(service, offer) {
        return (Body::default(), all);
    }
    let name = variable(service);
    let both =
        format!("merge({{ all = {all} }}, var.{name} == null ? {{}} : {{ first = var.{name} }})");
    let head = Body::default()
        .comment("The version of all machines, and the one that one machine tries first.")
        .set("for_each", code(&both))
        .gap();
    (head, code("each.value"))
}

/// The versions of a group.
pub(super) fn versions(service: &ServicePart, offer: &OfferPart) -> Body {
    let template = format!("google_compute_region_instance_template.{}", label(service, offer));
    let version = |which: &str| {
        Body::default().set("instance_template", code(&format!("{template}{which}.id")))
    };
    if !is_tried(service, offer) {
        return Body::default().block("version", &[], version(""));
    }
    let one = Body::default().set("fixed", 1);
    let first = Body::default().set("name", "first").then(version("[\"first\"]")).gap().block(
        "target_size",
        &[],
        one,
    );
    let name = variable(service);
    let dynamic = Body::default()
        .set("for_each", code(&format!("var.{name} == null ? [] : [var.{name}]")))
        .gap()
        .block("content", &[], first);
    let all = Body::default().set("name", "all").then(version("[\"all\"]"));
    Body::default()
        .block("version", &[], all)
        .gap()
        .comment("One machine has the new version, where there is one.")
        .block("dynamic", &["version"], dynamic)
}
