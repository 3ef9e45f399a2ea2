//! What whoever runs the programs has to know: addresses, and the settings that the plan counts on.

use domain::intent::ServiceKind;
use domain::spec::{InputKind, Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, map};
use crate::emit::terraform::names::ident;
use crate::emit::terraform::outputs;
use crate::emit::terraform::variables::input;

use super::{cache, database, nodes};

pub(super) fn file(spec: &Spec) -> Body {
    let tags = Body::default()
        .set("description", "The labels as they were given, and what the system is built from")
        .set("value", code("local.tags"));
    outputs::file(spec, |service| address(spec, service), |own| Some(own.as_str())).part(
        "",
        "output",
        &["tags"],
        tags,
    )
}

fn address(spec: &Spec, service: &ServicePart) -> Option<(String, Expression)> {
    let (label, of) = (ident(&service.name), &service.name);
    let own = match (service.kind, service.platform) {
        (ServiceKind::Balancer, platform) => {
            let domain = input(spec, of, InputKind::Hostname);
            let record = domain.map(|name| ("name", code(&format!("var.{name}"))));
            let kind = match platform {
                Platform::Vm => "google_compute_address",
                Platform::Managed => "google_compute_global_address",
            };
            let target = code(&format!("{kind}.{label}.address"));
            let rest = [("type", Expression::from("A")), ("value", target)];
            let about = format!("The record in DNS by which {of} is reached");
            (about, map(record.into_iter().chain(rest)))
        }
        (ServiceKind::Service | ServiceKind::External, _) => return None,
        (_, Platform::Vm) => (format!("Where the nodes of {of} are"), nodes::addresses(service)),
        (ServiceKind::Cache, Platform::Managed) => {
            (format!("Where {of} is"), cache::address(service))
        }
        (_, Platform::Managed) => (format!("Where {of} is"), database::addresses(service)),
    };
    Some(own)
}
