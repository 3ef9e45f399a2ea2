//! Managed queues, and who may send to them and take from them.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{ServicePart, Spec};
use hcl::Expression;

use crate::emit::decimal::decimal;
use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::each;
use crate::emit::terraform::fleet::is_managed;

use super::names::{cloud, ident, system_of};

pub(super) fn file(spec: &Spec) -> Body {
    let queues = spec.services.iter().filter(|own| is_managed(own, ServiceKind::Queue));
    let about = "Managed queues. They stand outside the network, and private subnets reach \
                 nothing outside it: the bill has no endpoint, so the account has to provide one \
                 for SQS in the network before machines can use them.";
    let about = if queues.clone().count() == 0 { "Managed queues." } else { about };
    each(Body::file(about), "This plan has none.", queues, |own| queue(spec, own))
}

fn queue(spec: &Spec, service: &ServicePart) -> Body {
    let queue = Body::default()
        .set("name", cloud(&[&system_of(spec), service.name.as_str()], 80))
        .set("sqs_managed_sse_enabled", true);
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

/// The profile of a service's machines, where they use a queue.
pub(super) fn profile(spec: &Spec, service: &ServicePart) -> Option<Expression> {
    let profile = format!("aws_iam_instance_profile.{}.arn", ident(&service.name));
    (!uses(spec, service).is_empty()).then(|| code(&profile))
}

/// What the machines of a service may do with queues, where they use one.
pub(super) fn role(spec: &Spec, service: &ServicePart) -> Body {
    let uses = uses(spec, service);
    if uses.is_empty() {
        return Body::default();
    }
    let label = ident(&service.name);
    let name = cloud(&[&system_of(spec), service.name.as_str()], 64);
    let assumed = map([
        ("Version", Expression::from("2012-10-17")),
        (
            "Statement",
            list([map([
                ("Effect", Expression::from("Allow")),
                ("Action", Expression::from("sts:AssumeRole")),
                ("Principal", map([("Service", "ec2.amazonaws.com")])),
            ])]),
        ),
    ]);
    let statements = uses.iter().map(|own| {
        map([
            ("Effect", Expression::from("Allow")),
            ("Action", list(own.actions.iter().copied())),
            ("Resource", code(&format!("aws_sqs_queue.{}.arn", ident(own.queue)))),
        ])
    });
    let allowed =
        map([("Version", Expression::from("2012-10-17")), ("Statement", list(statements))]);
    let json = |value| hcl::expr::FuncCall::builder("jsonencode").arg(value).build();
    let role_id = code(&format!("aws_iam_role.{label}.name"));
    let role = Body::default()
        .set("name", name.as_str())
        .set("assume_role_policy", Expression::from(json(assumed)));
    let policy = Body::default()
        .set("name", "queues")
        .set("role", role_id.clone())
        .set("policy", Expression::from(json(allowed)));
    let profile = Body::default().set("name", name.as_str()).set("role", role_id);
    let about = format!("{} may use the queues that it sends to or takes from.", service.name);
    Body::default()
        .part(&about, "resource", &["aws_iam_role", &label], role)
        .part("", "resource", &["aws_iam_role_policy", &label], policy)
        .part("", "resource", &["aws_iam_instance_profile", &label], profile)
}
