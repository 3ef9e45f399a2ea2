//! Balancers: what the internet reaches.

use domain::intent::ServiceKind;
use domain::spec::{InputKind, Listener, ServicePart, Spec};
use domain::topology::Balancing;

use crate::emit::decimal::decimal;
use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::fleet::balancer_of;
use crate::emit::terraform::network::encrypted;
use crate::emit::terraform::words::{found, load, seconds};
use crate::emit::terraform::{each, variables};

use super::names::{cloud, ident, system_of};
use super::network::all_subnet_ids;
use super::{cluster, security};

pub(super) fn file(spec: &Spec) -> Body {
    let balancers = spec.services.iter().filter(|own| own.kind == ServiceKind::Balancer);
    each(
        Body::file("What the internet reaches."),
        "This plan has no balancer.",
        balancers,
        |service| balancer(spec, service),
    )
}

fn balancer(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let system = &*system_of(spec);
    let idle = service.listener.as_ref().map_or(0, |own| seconds(own.idle_timeout_us));
    let balancer = cluster::unless_there()
        .set("name", cloud(&[system, service.name.as_str()], 32))
        .set("load_balancer_type", "application")
        .set("internal", false)
        .set("subnets", all_subnet_ids(&service.subnet))
        .set("security_groups", security::of(service))
        .set("idle_timeout", idle)
        .set("drop_invalid_header_fields", true)
        .set("enable_deletion_protection", true)
        .set("tags", map([("service", service.name.as_str())]));
    let calls = decimal(service.sizing.arrival_micro_rps / 100_000, 1);
    let about = format!("{calls} requests/s at the peak.{}", found(spec));
    let body = Body::default().part(&about, "resource", &["aws_lb", &label], balancer);
    let targets = spec.services.iter().filter(|own| service.targets.contains(&own.name));
    let body = targets.fold(body, |body, target| body.then(target_group(spec, target)));
    match &service.listener {
        Some(own) => body.then(listener(spec, service, own)),
        None => body,
    }
}

fn listener(spec: &Spec, service: &ServicePart, own: &Listener) -> Body {
    let label = ident(&service.name);
    let certificate = variables::input(spec, &service.name, InputKind::Reference);
    let target = service.targets.first().map(ident).unwrap_or_default();
    let action = Body::default()
        .set("type", "forward")
        .set("target_group_arn", code(&format!("aws_lb_target_group.{target}[0].arn")));
    let listener = cluster::unless_there()
        .set("load_balancer_arn", code(&format!("aws_lb.{label}[0].arn")))
        .set("port", u32::from(own.port))
        .set("protocol", "HTTPS")
        .set_some("ssl_policy", tls_policy(&own.tls_min))
        .set_some("certificate_arn", certificate.map(|name| code(&format!("var.{name}"))))
        .gap()
        .block("default_action", &[], action);
    let about = format!("TLS {} and later.", own.tls_min);
    Body::default().part(&about, "resource", &["aws_lb_listener", &label], listener)
}

/// AWS's list of ciphers for an oldest version of TLS.
pub(in crate::emit) fn tls_policy(oldest: &str) -> Option<&'static str> {
    match oldest {
        "1.2" => Some("ELBSecurityPolicy-TLS13-1-2-2021-06"),
        "1.3" => Some("ELBSecurityPolicy-TLS13-1-3-2021-06"),
        _ => None,
    }
}

/// AWS's word for how calls are spread.
pub(in crate::emit) fn algorithm(balancing: Balancing) -> Option<&'static str> {
    match balancing {
        Balancing::LeastOutstanding => Some("least_outstanding_requests"),
        Balancing::RoundRobin => Some("round_robin"),
        Balancing::Random => Some("weighted_random"),
        Balancing::PowerOfTwo => None,
    }
}

fn target_group(spec: &Spec, target: &ServicePart) -> Body {
    let label = ident(&target.name);
    let protocol = if encrypted(spec, target) { "HTTPS" } else { "HTTP" };
    let drain = target.rollout.as_ref().map(|rollout| seconds(rollout.drain_us));
    let group = cluster::unless_there()
        .set("name", cloud(&[&system_of(spec), target.name.as_str()], 32))
        .set("vpc_id", code("aws_vpc.this.id"))
        .set("port", u32::from(target.port))
        .set("protocol", protocol)
        .set_some("load_balancing_algorithm_type", algorithm(target.algorithm))
        .comment("The time that a leaving instance has for what it still works on.")
        .set_some("deregistration_delay", drain)
        .gap()
        .then(health_check(target, protocol));
    let about = format!("{}: {}.", target.name, load(target));
    Body::default().part(&about, "resource", &["aws_lb_target_group", &label], group)
}

fn health_check(target: &ServicePart, protocol: &str) -> Body {
    let check = &target.health_check;
    let away = seconds(check.interval_us) * u64::from(check.unhealthy_threshold);
    let about = format!(
        "A failed instance gets no more requests after {away} s, as the simulation has it."
    );
    let own = Body::default()
        .set("protocol", protocol)
        .set("path", check.path.as_deref().unwrap_or("/"))
        .set("interval", seconds(check.interval_us))
        .set("timeout", seconds(check.timeout_us))
        .set("unhealthy_threshold", check.unhealthy_threshold)
        .set("healthy_threshold", check.healthy_threshold);
    let own = match check.path {
        Some(_) => own,
        // An application balancer opens no connection without asking for something.
        None => own
            .comment("Any answer will do: the plan asks for a connection alone.")
            .set("matcher", "200-499"),
    };
    Body::default().comment(&about).block("health_check", &[], own)
}

/// The target group that a service is reached through, if it is.
pub(super) fn group_of(spec: &Spec, service: &ServicePart) -> Option<hcl::Expression> {
    let group = format!("aws_lb_target_group.{}[0].arn", ident(&service.name));
    balancer_of(spec, service).map(|_| list([code(&group)]))
}
