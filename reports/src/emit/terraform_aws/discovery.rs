//! Names by which fleets are called: a record for each machine that serves, in a private zone.
//!
//! The plan has callers spread their calls themselves, and its bill has no balancer between them.
//! Machines reach no interface of AWS by which they could register, so the account does it: what a
//! group says of its machines starts a few steps that add or remove a record.

use domain::spec::{ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::fleet::{is_fleet, warm_up};
use crate::emit::terraform::names::named;
use crate::emit::terraform::words::seconds;
use crate::emit::told::users;

use super::identity::{allow, assumed_by, encoded, policy};
use super::names::{cloud, ident, of_system, system_of};
use super::{cluster, fleet};

/// What things of no service are labelled: with a capital, which no name holds.
const STEPS: &str = "Discovery";
const EVENTS: &str = "Events";

/// What a group says when a machine serves.
const STARTED: &str = "EC2 Instance Launch Successful";
/// What it says before a machine goes, and after.
const LEAVES: [&str; 2] =
    ["EC2 Instance-terminate Lifecycle Action", "EC2 Instance Terminate Successful"];

/// How long a caller may remember an address.
const TTL_S: u32 = 10;

/// Whether other fleets call a service.
pub(super) fn is_called(spec: &Spec, service: &ServicePart) -> bool {
    is_fleet(service) && users(spec, service).next().is_some()
}

/// The private zone.
fn zone(spec: &Spec) -> String {
    format!("{}.internal", label_of(&system_of(spec)))
}

/// A label of DNS.
fn label_of(name: &str) -> String {
    named(&[name], 63, &[])
}

/// The name by which a fleet is called.
pub(super) fn host(spec: &Spec, service: &ServicePart) -> String {
    format!("{}.{}", label_of(service.name.as_str()), zone(spec))
}

pub(super) fn file(spec: &Spec) -> Body {
    let body = Body::file("Names by which fleets are called.");
    let called: Vec<&ServicePart> =
        spec.services.iter().filter(|own| is_called(spec, own)).collect();
    if called.is_empty() {
        return body.comment("This plan has none that another one calls.");
    }
    let space = cluster::unless_there()
        .set("name", zone(spec))
        .set("description", format!("Machines of {}", spec.metadata.name))
        .set("vpc", code("aws_vpc.this.id"));
    let about = "Callers spread their calls themselves, as the simulation has it: the bill has no \
                 balancer between fleets. AWS bills the zone and every machine in it by the month, \
                 look-ups and the steps below by the number: cents, not in the spec.";
    let kind = "aws_service_discovery_private_dns_namespace";
    let body = body.part(about, "resource", &[kind, "this"], space);
    let body = called.iter().fold(body, |body, own| body.then(name(own)));
    let body = body.then(steps(spec, &called));
    called.iter().fold(body, |body, own| body.then(events(spec, own)))
}

fn name(service: &ServicePart) -> Body {
    let records = Body::default().set("type", "A").set("ttl", TTL_S);
    let dns = Body::default()
        .set("namespace_id", code("aws_service_discovery_private_dns_namespace.this[0].id"))
        .set("routing_policy", "MULTIVALUE")
        .gap()
        .block("dns_records", &[], records);
    let own = cluster::unless_there()
        .set("name", label_of(service.name.as_str()))
        .set("force_destroy", true)
        .gap()
        .block("dns_config", &[], dns);
    let about = format!(
        "{}: each look-up tells up to eight machines, drawn anew; the plan spreads calls by {}.",
        service.name,
        service.algorithm.as_str()
    );
    let labels = ["aws_service_discovery_service", &ident(&service.name)];
    Body::default().part(&about, "resource", &labels, own)
}

/// What is done for a machine that comes or goes.
fn steps(spec: &Spec, called: &[&ServicePart]) -> Body {
    let name = of_system(spec, "discovery");
    let services = called
        .iter()
        .map(|own| code(&format!("aws_service_discovery_service.{}[0].arn", ident(&own.name))));
    let zone = "\"arn:aws:route53:::hostedzone/\
                ${aws_service_discovery_private_dns_namespace.this[0].hosted_zone}\"";
    let allowed = vec![
        allow(&["ec2:DescribeInstances", "route53:ListHostedZonesByName"], "*".into()),
        allow(
            &["servicediscovery:RegisterInstance", "servicediscovery:DeregisterInstance"],
            list(services),
        ),
        allow(&["route53:ChangeResourceRecordSets", "route53:GetHostedZone"], code(zone)),
    ];
    let machine = cluster::unless_there()
        .set("name", name.as_str())
        .set("role_arn", code(&format!("aws_iam_role.{STEPS}[0].arn")))
        .set("definition", encoded(definition()));
    let start =
        allow(&["states:StartExecution"], code(&format!("aws_sfn_state_machine.{STEPS}[0].arn")));
    Body::default()
        .then(role(STEPS, &name, "states.amazonaws.com", allowed))
        .part(
            "A machine is told of once it had the time to start, and no more before it goes.",
            "resource",
            &["aws_sfn_state_machine", STEPS],
            machine,
        )
        .then(role(EVENTS, &of_system(spec, "events"), "events.amazonaws.com", vec![start]))
}

fn role(label: &str, name: &str, by: &str, allowed: Vec<Expression>) -> Body {
    let role = cluster::unless_there().set("name", name).set("assume_role_policy", assumed_by(by));
    let may = cluster::unless_there()
        .set("name", "own")
        .set("role", code(&format!("aws_iam_role.{label}[0].name")))
        .set("policy", policy(allowed));
    Body::default().part("", "resource", &["aws_iam_role", label], role).part(
        "",
        "resource",
        &["aws_iam_role_policy", label],
        may,
    )
}

/// The steps, in the language of Step Functions.
fn definition() -> Expression {
    let text = |text: &str| Expression::from(text);
    let own = [("ServiceId.$", text("$.service")), ("InstanceId.$", text("$.instance"))];
    let address = "$.found.Reservations[0].Instances[0].PrivateIpAddress";
    let running = |name: &str, value: Expression| map([("Name", text(name)), ("Values", value)]);
    let filters = list([
        map([("Name", text("instance-id")), ("Values.$", text("States.Array($.instance)"))]),
        running("instance-state-name", list(["running"])),
    ]);
    let again = map([
        ("ErrorEquals", list(["States.TaskFailed"])),
        ("IntervalSeconds", 5_u32.into()),
        ("MaxAttempts", 6_u32.into()),
        ("BackoffRate", 2_u32.into()),
    ]);
    let unknown = |more: (&'static str, Expression)| {
        let faults = list(["ServiceDiscovery.InstanceNotFoundException"]);
        map([("ErrorEquals", faults), more])
    };
    let task = |resource: &str, parameters: Expression| {
        [
            ("Type", text("Task")),
            ("Resource", text(&format!("arn:aws:states:::aws-sdk:{resource}"))),
            ("Parameters", parameters),
        ]
    };
    let comes = map([
        ("Variable", text("$.event")),
        ("StringEquals", text(STARTED)),
        ("Next", text("Starts")),
    ]);
    let serves =
        map([("Variable", text(address)), ("IsPresent", true.into()), ("Next", text("Register"))]);
    let choice = |rule: Expression, other: &str| {
        map([("Type", text("Choice")), ("Choices", list([rule])), ("Default", text(other))])
    };
    let look = task("ec2:describeInstances", map([("Filters", filters)])).into_iter();
    let look = look.chain([("ResultPath", text("$.found")), ("Retry", list([again.clone()]))]);
    let register = own.clone().into_iter().chain([
        // A name of an execution may be longer than the 64 characters that are taken.
        ("CreatorRequestId.$", text("States.Hash($$.Execution.Name, 'SHA-1')")),
        ("Attributes", map([("AWS_INSTANCE_IPV4.$", text(address))])),
    ]);
    let register = task("servicediscovery:registerInstance", map(register)).into_iter();
    let register = register.chain([("Retry", list([again.clone()])), ("End", true.into())]);
    let remove = task("servicediscovery:deregisterInstance", map(own)).into_iter();
    let remove = remove.chain([
        // Whoever was never told of is not asked for again.
        ("Retry", list([unknown(("MaxAttempts", 0_u32.into())), again])),
        ("Catch", list([unknown(("Next", text("Gone")))])),
        ("End", true.into()),
    ]);
    let states = [
        ("Which", choice(comes, "Deregister")),
        (
            "Starts",
            map([
                ("Type", text("Wait")),
                ("SecondsPath", text("$.start_s")),
                ("Next", text("Look")),
            ]),
        ),
        ("Look", map(look.chain([("Next", text("Serves"))]))),
        ("Serves", choice(serves, "Gone")),
        ("Register", map(register)),
        ("Deregister", map(remove)),
        ("Gone", map([("Type", text("Succeed"))])),
    ];
    map([("StartAt", text("Which")), ("States", map(states))])
}

/// What the groups of a fleet say, and what is done then.
fn events(spec: &Spec, service: &ServicePart) -> Body {
    let label_of = ident(&service.name);
    let groups = service.offers.iter().map(|offer| fleet::name(spec, service, offer, 255));
    let said = [STARTED].into_iter().chain(LEAVES);
    let pattern = map([
        ("source", list(["aws.autoscaling"])),
        ("detail-type", list(said)),
        ("detail", map([("AutoScalingGroupName", list(groups))])),
    ]);
    let rule = cluster::unless_there()
        .set("name", cloud(&[&system_of(spec), service.name.as_str()], 64))
        .set("description", format!("Machines of {} that come and go", service.name))
        .set("event_pattern", encoded(pattern));
    let slowest = service.offers.iter().map(|offer| warm_up(spec, service, offer)).max();
    // As JSON, in which EventBridge puts texts where it finds names.
    let template = format!(
        "format(\"{{\\\"event\\\": <event>, \\\"instance\\\": <instance>, \\\"start_s\\\": {}, \
         \\\"service\\\": \\\"%s\\\"}}\", aws_service_discovery_service.{label_of}[0].id)",
        slowest.unwrap_or(0)
    );
    let paths = map([("event", "$.detail-type"), ("instance", "$.detail.EC2InstanceId")]);
    let input = Body::default().set("input_paths", paths).set("input_template", code(&template));
    let target = cluster::unless_there()
        .set("rule", code(&format!("aws_cloudwatch_event_rule.{label_of}[0].name")))
        .set("arn", code(&format!("aws_sfn_state_machine.{STEPS}[0].arn")))
        .set("role_arn", code(&format!("aws_iam_role.{EVENTS}[0].arn")))
        .gap()
        .block("input_transformer", &[], input);
    Body::default().part("", "resource", &["aws_cloudwatch_event_rule", &label_of], rule).part(
        "",
        "resource",
        &["aws_cloudwatch_event_target", &label_of],
        target,
    )
}

/// What a group has, where its machines are told of: the time between leaving and going, and that
/// it starts none before somebody listens.
pub(super) fn heeded(spec: &Spec, service: &ServicePart) -> Body {
    if !is_called(spec, service) {
        return Body::default();
    }
    let drain = service.rollout.as_ref().map_or(0, |rollout| seconds(rollout.drain_us));
    // AWS takes half a minute at least; callers forget an address that is gone.
    let wait = (drain + u64::from(TTL_S)).clamp(30, 7_200);
    let hook = Body::default()
        .set("name", "drain")
        .set("lifecycle_transition", "autoscaling:EC2_INSTANCE_TERMINATING")
        .set("heartbeat_timeout", wait)
        .set("default_result", "CONTINUE");
    let target = format!("aws_cloudwatch_event_target.{}", ident(&service.name));
    Body::default()
        .gap()
        .set("depends_on", list([code(&target)]))
        .gap()
        .comment("The time that a leaving instance has, once callers are told no more of it.")
        .block("initial_lifecycle_hook", &[], hook)
}
