//! What stands before balancers on machines of our own: one address for all of them.
//!
//! Their number changes, so the name in DNS cannot be that of a machine. A passthrough network
//! balancer hands connections on as they are, and machines answer clients themselves.

use domain::spec::{ServicePart, Spec};

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::names::ident;
use crate::emit::terraform::told::drain;
use crate::emit::terraform::words::found;

use super::names::{MOST, of_its, of_service};
use super::{fleet, health};

/// What the internet reaches of a balancer on machines of our own.
pub(super) fn front(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let name = of_service(spec, &service.name, MOST);
    let address = Body::default()
        .set("name", name.as_str())
        .set("address_type", "EXTERNAL")
        .set("labels", of_its(service));
    let check = health::check(name.clone(), service, false);
    let checks = list([code(&format!("google_compute_region_health_check.{label}.id"))]);
    let backend = Body::default()
        .set("name", name.as_str())
        .set("load_balancing_scheme", "EXTERNAL")
        .set("protocol", "TCP")
        .set("health_checks", checks)
        .comment("The time that a leaving machine has for what it still works on.")
        .set_some("connection_draining_timeout_sec", drain(service))
        .then(fleet::backends(service, "CONNECTION"));
    let port = service.listener.as_ref().map_or(service.port, |own| own.port);
    let rule = Body::default()
        .set("name", name.as_str())
        .set("load_balancing_scheme", "EXTERNAL")
        .set("ip_protocol", "TCP")
        .set("ports", list([port.to_string()]))
        .set("labels", of_its(service))
        .set("ip_address", code(&format!("google_compute_address.{label}.id")))
        .set("backend_service", code(&format!("google_compute_region_backend_service.{label}.id")));
    let about = format!(
        "The address of {} in the internet. Google bills an address and a forwarding rule by the \
         hour and what comes in by the gibibyte: the spec has no line for that.{}",
        service.name,
        found(spec)
    );
    Body::default()
        .part(&about, "resource", &["google_compute_address", &label], address)
        .part("", "resource", &["google_compute_region_health_check", &label], check)
        .part(
            "Connections are handed on as they are: the machines speak TLS themselves, with the \
             certificate that they are told of.",
            "resource",
            &["google_compute_region_backend_service", &label],
            backend,
        )
        .part("", "resource", &["google_compute_forwarding_rule", &label], rule)
}
