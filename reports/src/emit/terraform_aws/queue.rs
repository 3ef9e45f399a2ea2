//! Managed queues, and who may send to them and take from them.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{ServicePart, Spec};
use hcl::Expression;

use crate::emit::decimal::decimal;
use crate::emit::hcl_text::{Body, code, map};
use crate::emit::terraform::each;
use crate::emit::terraform::fleet::is_managed;

use super::identity::allow;
use super::names::{cloud, ident, system_of};

pub(super) fn file(spec: &Spec) -> Body {
    let queues = spec.services.iter().filter(|own| is_managed(own, ServiceKind::Queue));
    let about = "Managed queues. They stand outside the network, and are reached by an endpoint in \
                 it (endpoints.tf).";
    let about = if queues.clone().count() == 0 { "Managed queues." } else { about };
    each(Body::file(about), "This plan has none.", queues, |own| queue(spec, own))
}

/// What a queue is called in its account and region.
pub(in crate::emit) fn name(spec: &Spec, service: &ServicePart) -> String {
    cloud(&[&system_of(spec), service.name.as_str()], 80)
}

fn queue(spec: &Spec, service: &ServicePart) -> Body {
    let queue = Body::default()
        .set("name", name(spec, service))
        .set("sqs_managed_sse_enabled", true)
        .set("tags", map([("service", service.name.as_str())]));
    let messages = decimal(service.sizing.arrival_micro_rps / 100_000, 1);
    let about = format!("{}: {messages} messages/s at the peak.", service.name);
    Body::default().part(&about, "resource", &["aws_sqs_queue", &ident(&service.name)], queue)
}

/// What a service does with a managed queue.
struct Use<'a> {
    queue: &'a Name,
    actions: &'static [&'static str],
}

fn uses<'a>(spec: &'a Spec, service: &ServicePart) -> Vec<Use<'a>> {
    let queues = spec.services.iter().filter(|own| is_managed(own, ServiceKind::Queue));
    let uses = queues.flat_map(|queue| {
        let sends = service.targets.contains(&queue.name);
        let takes = queue.targets.contains(&service.name);
        let take: &[&str] = &[
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueAttributes",
        ];
        let send: &[&str] = &["sqs:SendMessage"];
        let of = |actions| Use { queue: &queue.name, actions };
        [sends.then(|| of(send)), takes.then(|| of(take))]
    });
    uses.flatten().collect()
}

/// What the machines of a service may do with queues.
pub(super) fn allowed(spec: &Spec, service: &ServicePart) -> Vec<Expression> {
    let arn = |queue| code(&format!("aws_sqs_queue.{}.arn", ident(queue)));
    let uses = uses(spec, service).into_iter();
    uses.map(|own| allow(own.actions, arn(own.queue))).collect()
}
