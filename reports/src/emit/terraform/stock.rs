//! Images that nobody named: what has to be in them, and a warning while it is not.

use domain::intent::ServiceKind;
use domain::spec::{ServicePart, Spec};

use crate::emit::hcl_text::{Body, code};

use super::variables::{inputs, stock_images};

/// What has to be in an image.
pub(in crate::emit) fn software(service: &ServicePart) -> String {
    match (service.kind, &service.engine, &service.engine_version) {
        (ServiceKind::Balancer, _, _) => "a balancer".to_owned(),
        (_, Some(engine), Some(version)) => format!("{engine} {version}"),
        (_, Some(engine), None) => engine.clone(),
        (_, None, _) => "its program".to_owned(),
    }
}

/// A warning for each image that is left as it is: a machine without its software does nothing.
/// The cloud's own images have a piece in common, and are called plain something.
pub(in crate::emit) fn warned(spec: &Spec, piece: &str, plain: &str) -> Body {
    let asked: Vec<String> = inputs(spec).into_iter().map(|(name, _)| name).collect();
    let left = stock_images(spec).filter(|(name, _)| !asked.contains(name));
    left.fold(Body::default(), |body, (name, service)| {
        let named = format!("!strcontains(jsonencode(var.{name}), \"{piece}\")");
        let assert = Body::default().set("condition", code(&named)).set(
            "error_message",
            format!("{} starts from plain {plain}, without {}.", service.name, software(service)),
        );
        let check = Body::default().block("assert", &[], assert);
        body.part("", "check", &[&name], check)
    })
}
