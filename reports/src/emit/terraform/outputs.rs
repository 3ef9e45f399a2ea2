//! What whoever runs the programs has to know: addresses, and the settings that the plan counts on.

use domain::spec::{ServicePart, Spec};
use domain::topology::Balancing;
use hcl::Expression;

use crate::emit::hcl_text::{Body, map};
use crate::emit::told::{self, Amount};

use super::fleet::is_fleet;
use super::names::ident;

/// Where each service is, as the cloud says it, and what its programs are set to.
pub(in crate::emit) fn file(
    spec: &Spec,
    address: impl Fn(&ServicePart) -> Option<(String, Expression)>,
    algorithm: impl Fn(Balancing) -> Option<&'static str>,
) -> Body {
    let body = Body::file(
        "Where things are found, and the settings of programs that the simulation counts on.",
    );
    spec.services.iter().fold(body, |body, service| {
        let body = match address(service) {
            Some((about, value)) => body.then(output(service, "address", &about, value)),
            None => body,
        };
        let settings = settings(service, algorithm(service.algorithm));
        if settings.is_empty() || !is_fleet(service) {
            return body;
        }
        let about = format!(
            "What each instance of {} is set to: max_in_flight counts every request in it, \
             queue_limit those of them that wait for a server, and either refuses more",
            service.name
        );
        body.then(output(service, "settings", &about, map(settings)))
    })
}

fn output(service: &ServicePart, what: &str, about: &str, value: Expression) -> Body {
    let name = format!("{}_{what}", ident(&service.name));
    let output = Body::default().set("description", about).set("value", value);
    Body::default().part("", "output", &[&name], output)
}

/// What an instance takes at once, and how it calls others.
pub(in crate::emit) fn limits(service: &ServicePart) -> Vec<(&'static str, Expression)> {
    let mut settings: Vec<(&str, Expression)> = Vec::new();
    if let Some(own) = told::admitted(service) {
        settings.push(("queue_limit", own.queue.into()));
        settings.push(("max_in_flight", own.in_flight.into()));
    }
    settings.extend(told::calls(service).into_iter().map(|own| {
        let value = match own.value {
            Amount::Whole(count) => count.into(),
            Amount::PartsPerMillion(parts) => Expression::from(parts as f64 / 10_000.0),
        };
        (own.name, value)
    }));
    settings
}

/// What the simulation was told of each instance.
fn settings(
    service: &ServicePart,
    called_by: Option<&'static str>,
) -> Vec<(&'static str, Expression)> {
    let mut settings = limits(service);
    if let Some(algorithm) = called_by {
        settings.push(("called_by", algorithm.into()));
    }
    settings
}
