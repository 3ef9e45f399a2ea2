//! Balancers: what the internet reaches.

use domain::intent::ServiceKind;
use domain::spec::{InputKind, Platform, ServicePart, Spec};
use domain::topology::Balancing;

use crate::emit::decimal::decimal;
use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::each;
use crate::emit::terraform::names::ident;
use crate::emit::terraform::network::encrypted;
use crate::emit::terraform::told::drain;
use crate::emit::terraform::variables::input;
use crate::emit::terraform::words::{found, load, seconds};

use super::front::front;
use super::names::{MOST, of_its, of_service};
use super::{fleet, health};

/// Google's balancer of requests as the spec names it: the global external application balancer.
pub(super) const PRODUCT: &str = "google.alb";

pub(super) fn file(spec: &Spec) -> Body {
    let balancers = spec.services.iter().filter(|own| own.kind == ServiceKind::Balancer);
    each(
        Body::file("What the internet reaches."),
        "This plan has no balancer.",
        balancers,
        |service| match service.platform {
            Platform::Vm => front(spec, service),
            Platform::Managed => chain(spec, service),
        },
    )
}

/// Google's word for an oldest version of TLS.
pub(super) fn tls(oldest: &str) -> Option<&'static str> {
    (oldest == "1.2").then_some("TLS_1_2")
}

/// Google's word for how calls are spread. Its fewest requests are those of two machines that are
/// drawn at random.
pub(super) fn algorithm(balancing: Balancing) -> Option<&'static str> {
    match balancing {
        Balancing::PowerOfTwo => Some("LEAST_REQUEST"),
        Balancing::RoundRobin => Some("ROUND_ROBIN"),
        Balancing::Random => Some("RANDOM"),
        Balancing::LeastOutstanding => None,
    }
}

/// A forwarding rule to a proxy that ends TLS, by a map to a backend service.
fn chain(spec: &Spec, service: &ServicePart) -> Body {
    let label = &*ident(&service.name);
    let name = of_service(spec, &service.name, MOST);
    let calls = decimal(service.sizing.arrival_micro_rps / 100_000, 1);
    let about = format!("{calls} requests/s at the peak.{}", found(spec));
    let address = Body::default().set("name", name.as_str()).set("labels", of_its(service));
    let port = service.listener.as_ref().map_or(service.port, |own| own.port);
    let rule = Body::default()
        .set("name", name.as_str())
        .set("load_balancing_scheme", "EXTERNAL_MANAGED")
        .set("ip_address", code(&format!("google_compute_global_address.{label}.id")))
        .set("port_range", port.to_string())
        .set("labels", of_its(service))
        .set("target", code(&format!("google_compute_target_https_proxy.{label}.id")));
    let targets = spec.services.iter().filter(|own| service.targets.contains(&own.name));
    let target = service.targets.first().map(ident).unwrap_or_default();
    let map = Body::default()
        .set("name", name.as_str())
        .set("default_service", code(&format!("google_compute_backend_service.{target}.id")));
    let body = Body::default()
        .part(&about, "resource", &["google_compute_global_address", label], address)
        .part("", "resource", &["google_compute_global_forwarding_rule", label], rule)
        .then(proxy(spec, service, &name))
        .part("", "resource", &["google_compute_url_map", label], map);
    targets.fold(body, |body, target| body.then(backend(spec, service, target)))
}

fn proxy(spec: &Spec, service: &ServicePart, name: &str) -> Body {
    let label = &*ident(&service.name);
    let Some(listener) = &service.listener else { return Body::default() };
    let certificate = input(spec, &service.name, InputKind::Reference);
    let certificates = certificate.map(|own| list([code(&format!("var.{own}"))]));
    let policy = Body::default()
        .set("name", name)
        .set("profile", "MODERN")
        .set_some("min_tls_version", tls(&listener.tls_min));
    let proxy = Body::default()
        .set("name", name)
        .set("url_map", code(&format!("google_compute_url_map.{label}.id")))
        .set_some("ssl_certificates", certificates)
        .set("ssl_policy", code(&format!("google_compute_ssl_policy.{label}.id")))
        .set("http_keep_alive_timeout_sec", seconds(listener.idle_timeout_us));
    let about = format!("TLS {} and later.", listener.tls_min);
    Body::default().part(&about, "resource", &["google_compute_ssl_policy", label], policy).part(
        "",
        "resource",
        &["google_compute_target_https_proxy", label],
        proxy,
    )
}

fn backend(spec: &Spec, service: &ServicePart, target: &ServicePart) -> Body {
    let label = ident(&target.name);
    let protocol = if encrypted(spec, target) { "HTTPS" } else { "HTTP" };
    let check = list([code(&format!("google_compute_health_check.{label}.id"))]);
    let wait = service.resilience.as_ref().map(|own| seconds(own.timeout_us));
    let body = Body::default()
        .set("name", of_service(spec, &target.name, MOST))
        .set("load_balancing_scheme", "EXTERNAL_MANAGED")
        .set("protocol", protocol)
        .set("port_name", "serving")
        .set_some("locality_lb_policy", algorithm(target.algorithm))
        .set("health_checks", check)
        .comment("How long a call may take.")
        .set_some("timeout_sec", wait)
        .comment("The time that a leaving machine has for what it still works on.")
        .set_some("connection_draining_timeout_sec", drain(target))
        .then(fleet::backends(target, "UTILIZATION"));
    let about = format!(
        "{}: {}. A machine that fails is asked no more after {} s.",
        target.name,
        load(target),
        health::away(target)
    );
    Body::default().part(&about, "resource", &["google_compute_backend_service", &label], body)
}
