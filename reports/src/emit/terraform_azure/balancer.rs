//! What the internet reaches: one address that passes connections on to the machines of a balancer.

use domain::spec::{InputKind, ServicePart, Spec};
use hcl::Expression;

use crate::emit::decimal::decimal;
use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::each;
use crate::emit::terraform::variables::input;
use crate::emit::terraform::words::{found, seconds};

use super::names::{ident, of};
use super::network::redundant;
use super::settings::is_edge;
use super::{resource, tags};

pub(super) fn file(spec: &Spec) -> Body {
    let edges = spec.services.iter().filter(|service| is_edge(service));
    let about = "What the internet reaches. The plan's balancers are machines (fleet.tf); their \
                 number changes, so an address that does not change passes connections on to \
                 them. The bill has no line for it: Azure bills it by the hour and by what goes \
                 through it.";
    let about = if edges.clone().count() == 0 { "What the internet reaches." } else { about };
    each(Body::file(about), "This plan has no balancer.", edges, |own| edge(spec, own))
}

/// What connections are passed on to the machines of a balancer with.
pub(super) fn pool(service: &ServicePart) -> Option<Expression> {
    is_edge(service).then(|| pool_of(service))
}

fn pool_of(service: &ServicePart) -> Expression {
    code(&format!("azurerm_lb_backend_address_pool.{}.id", ident(&service.name)))
}

fn edge(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let name = of(spec, service, 80);
    let address = resource(name.as_str())
        .set("sku", "Standard")
        .set("allocation_method", "Static")
        .set("zones", redundant(spec))
        .set("tags", tags(service));
    let front = Body::default()
        .set("name", "internet")
        .set("public_ip_address_id", code(&format!("azurerm_public_ip.{label}.id")));
    let balancer = resource(name).set("sku", "Standard").set("tags", tags(service)).gap().block(
        "frontend_ip_configuration",
        &[],
        front,
    );
    let id = code(&format!("azurerm_lb.{label}.id"));
    let pool = Body::default().set("name", "machines").set("loadbalancer_id", id);
    let calls = decimal(service.sizing.arrival_micro_rps / 100_000, 1);
    let about = format!("{calls} requests/s at the peak.{}", found(spec));
    Body::default()
        .part("", "resource", &["azurerm_public_ip", &label], address)
        .part(&about, "resource", &["azurerm_lb", &label], balancer)
        .part("", "resource", &["azurerm_lb_backend_address_pool", &label], pool)
        .then(probe(service))
        .then(rule(service))
}

fn probe(service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let check = &service.health_check;
    let away = seconds(check.interval_us) * u64::from(check.unhealthy_threshold);
    let probe = Body::default()
        .set("name", "health")
        .set("loadbalancer_id", code(&format!("azurerm_lb.{label}.id")))
        .set("protocol", "Tcp")
        .set("port", u32::from(service.port))
        .set("interval_in_seconds", seconds(check.interval_us))
        .set("number_of_probes", check.unhealthy_threshold)
        .set("probe_threshold", check.unhealthy_threshold);
    let about = format!(
        "A failed machine gets no more connections after {away} s, as the simulation has it."
    );
    Body::default().part(&about, "resource", &["azurerm_lb_probe", &label], probe)
}

fn rule(service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let Some(listener) = &service.listener else { return Body::default() };
    let idle = seconds(listener.idle_timeout_us);
    let rule = Body::default()
        .set("name", "listener")
        .set("loadbalancer_id", code(&format!("azurerm_lb.{label}.id")))
        .set("protocol", "Tcp")
        .set("frontend_ip_configuration_name", "internet")
        .set("frontend_port", u32::from(listener.port))
        .set("backend_port", u32::from(service.port))
        .set("backend_address_pool_ids", list([pool_of(service)]))
        .set("probe_id", code(&format!("azurerm_lb_probe.{label}.id")))
        .comment(&format!(
            "The machines close what is idle for {idle} s; Azure waits four minutes at least."
        ))
        .set("idle_timeout_in_minutes", idle.div_ceil(60).max(4))
        .set("tcp_reset_enabled", true)
        .comment("Machines open no connections to the internet.")
        .set("disable_outbound_snat", true);
    let about = format!("TLS {} and later, which the machines speak.", listener.tls_min);
    Body::default().part(&about, "resource", &["azurerm_lb_rule", &label], rule)
}

/// The record in DNS by which a balancer is reached.
pub(super) fn record(spec: &Spec, service: &ServicePart) -> Vec<(&'static str, Expression)> {
    let domain = input(spec, &service.name, InputKind::Hostname);
    let record = domain.map(|name| ("name", code(&format!("var.{name}"))));
    let address = code(&format!("azurerm_public_ip.{}.ip_address", ident(&service.name)));
    record.into_iter().chain([("type", Expression::from("A")), ("value", address)]).collect()
}
