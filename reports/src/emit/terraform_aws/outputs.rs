//! What whoever runs the programs has to know: addresses, and the settings that the plan counts on.

use domain::intent::ServiceKind;
use domain::spec::{InputKind, Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, map};

use super::names::ident;
use super::{balancer, fleet, variables};

pub(super) fn file(spec: &Spec) -> Body {
    let body = Body::file(
        "Where things are found, and the settings of programs that the simulation counts on.",
    );
    spec.services.iter().fold(body, |body, service| {
        let body = match address(spec, service) {
            Some((about, value)) => body.then(output(service, "address", &about, value)),
            None => body,
        };
        let settings = settings(service);
        if settings.is_empty() || !fleet::is_fleet(service) {
            return body;
        }
        let about = format!("What each instance of {} is set to", service.name);
        body.then(output(service, "settings", &about, map(settings)))
    })
}

fn output(service: &ServicePart, what: &str, about: &str, value: Expression) -> Body {
    let name = format!("{}_{what}", ident(&service.name));
    let output = Body::default().set("description", about).set("value", value);
    Body::default().part("", "output", &[&name], output)
}

fn address(spec: &Spec, service: &ServicePart) -> Option<(String, Expression)> {
    let label = ident(&service.name);
    let of = &service.name;
    let own = match (service.kind, service.platform) {
        (ServiceKind::Balancer, _) => {
            let domain = variables::input(spec, of, InputKind::Hostname);
            let target = code(&format!("aws_lb.{label}.dns_name"));
            let record = domain.map(|name| ("name", code(&format!("var.{name}"))));
            let about = format!("The record in DNS by which {of} is reached");
            let kind = [("type", Expression::from("CNAME")), ("value", target)];
            (about, map(record.into_iter().chain(kind)))
        }
        (ServiceKind::Sql, Platform::Managed) if service.shards > 1 => (
            format!("Where {of} is, slice by slice"),
            code(&format!("aws_db_instance.{label}[*].address")),
        ),
        (ServiceKind::Sql, Platform::Managed) => {
            (format!("Where {of} is"), code(&format!("aws_db_instance.{label}.address")))
        }
        (ServiceKind::Cache, Platform::Managed) => {
            let group = format!("aws_elasticache_replication_group.{label}");
            let end = match service.shards {
                1 => "primary_endpoint_address",
                _ => "configuration_endpoint_address",
            };
            (format!("Where {of} is"), code(&format!("{group}.{end}")))
        }
        (ServiceKind::Queue, Platform::Managed) => {
            (format!("Where {of} is"), code(&format!("aws_sqs_queue.{label}.url")))
        }
        _ => return None,
    };
    Some(own)
}

/// What the simulation was told of each instance.
fn settings(service: &ServicePart) -> Vec<(&'static str, Expression)> {
    let mut settings = Vec::new();
    if let Some(process) = &service.process {
        settings.push(("queue_limit", process.queue_limit.into()));
        settings.push(("max_in_flight", process.max_in_flight.into()));
    }
    if let Some(own) = &service.resilience {
        settings.push(("call_timeout_ms", (own.timeout_us / 1_000).into()));
        settings.push(("call_retries", own.retries.into()));
    }
    if let Some(algorithm) = balancer::algorithm(service.algorithm) {
        settings.push(("called_by", algorithm.into()));
    }
    settings
}
