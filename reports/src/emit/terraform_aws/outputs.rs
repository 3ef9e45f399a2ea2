//! Where things are found on AWS.

use domain::intent::ServiceKind;
use domain::spec::{InputKind, Platform, ServicePart, Spec};
use hcl::Expression;
use hcl::expr::Conditional;

use crate::emit::hcl_text::{Body, code, map};
use crate::emit::terraform::{outputs, variables};

use super::balancer;
use super::cluster::{self, CLUSTER};
use super::names::ident;

pub(super) fn file(spec: &Spec) -> Body {
    outputs::file(spec, |service| address(spec, service), balancer::algorithm)
        .then(cluster::outputs(spec))
}

/// Something that is nothing where a cluster takes its place.
fn unless_there(own: Expression) -> Expression {
    Conditional::new(code(&format!("var.{CLUSTER}")), Expression::Null, own).into()
}

pub(super) fn address(spec: &Spec, service: &ServicePart) -> Option<(String, Expression)> {
    let label = ident(&service.name);
    let of = &service.name;
    let own = match (service.kind, service.platform) {
        (ServiceKind::Balancer, _) => {
            let domain = variables::input(spec, of, InputKind::Hostname);
            let target = code(&format!("one(aws_lb.{label}[*].dns_name)"));
            let record = domain.map(|name| ("name", code(&format!("var.{name}"))));
            let about = format!("The record in DNS by which {of} is reached");
            let kind = [("type", Expression::from("CNAME")), ("value", target)];
            (about, unless_there(map(record.into_iter().chain(kind))))
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
