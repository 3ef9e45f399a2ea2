//! How each machine of a fleet is found for good: by a port of one private address.
//!
//! Callers spread their calls themselves, as the simulation has it, so they have to reach each
//! machine by itself. Names of machines run on, and what would list them is reached over the
//! internet alone, to which no machine has a way. So a private address stands before the fleet with
//! a port for each machine that may be; Azure passes a port on to one machine, and gives it to
//! another once that one is gone. Nothing is balanced there.

use domain::spec::{OfferPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::data::is_without_data;
use crate::emit::terraform::fleet::{bounds, label};

use super::names::{ident, of};
use super::network::{redundant, subnet_id};
use super::{fleet, resource, tags};

/// The first port of an address: above those that services listen on.
const FIRST: u32 = 10_001;
/// The last port that Azure passes on.
pub(super) const LAST: u32 = 65_534;

/// Whether others call the machines of a service, each by itself.
pub(super) fn are_called(spec: &Spec, service: &ServicePart) -> bool {
    let name = &service.name;
    is_without_data(service) && spec.services.iter().any(|own| own.targets.contains(name))
}

/// The first and the last port of each kind of machines: as many as there may be at once, with
/// those that are there besides while others are replaced.
pub(super) fn ranges(service: &ServicePart) -> Vec<(&OfferPart, u32, u32)> {
    let mut first = FIRST;
    let each = service.offers.iter().map(|offer| {
        let (_, most, _) = bounds(offer);
        let ports = most.saturating_add(fleet::surge(service, offer)).max(1);
        let own = (offer, first, first.saturating_add(ports - 1));
        first = own.2.saturating_add(1);
        own
    });
    each.collect()
}

/// The last port of a service's address.
pub(super) fn last(service: &ServicePart) -> u32 {
    ranges(service).last().map_or(FIRST, |(_, _, last)| *last)
}

/// All ports of a service's address, as rules of the network write them.
pub(super) fn all(service: &ServicePart) -> String {
    format!("{FIRST}-{}", last(service))
}

/// With a capital, which no name holds: an edge has a balancer of its own by its name.
fn front(service: &ServicePart) -> String {
    format!("Each_{}", ident(&service.name))
}

/// The private address before a fleet.
pub(super) fn address(service: &ServicePart) -> Expression {
    code(&format!("azurerm_lb.{}.private_ip_address", front(service)))
}

/// What a kind of machines joins, so that each of it has a port.
pub(super) fn pool(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Option<Expression> {
    let pool = format!("azurerm_lb_backend_address_pool.Each_{}.id", label(service, offer));
    are_called(spec, service).then(|| code(&pool))
}

/// Where callers find the machines of a fleet.
pub(super) fn told(service: &ServicePart) -> Expression {
    let each = ranges(service).into_iter().map(|(offer, first, last)| {
        let weight = (offer.weight != 1).then(|| ("weight", offer.weight.into()));
        let ports = [("host", address(service)), ("first_port", first.into())];
        map(ports.into_iter().chain([("last_port", last.into())]).chain(weight))
    });
    list(each)
}

/// The address before a fleet, and its ports.
pub(super) fn ports(spec: &Spec, service: &ServicePart) -> Body {
    if !are_called(spec, service) {
        return Body::default();
    }
    let front_label = front(service);
    let front = Body::default()
        .set("name", "machines")
        .set("subnet_id", subnet_id(&service.subnet))
        .set("private_ip_address_allocation", "Dynamic")
        .set("zones", redundant(spec));
    let name = of(spec, service, 74);
    let balancer = resource(format!("{name}-each"))
        .set("sku", "Standard")
        .set("tags", tags(service))
        .gap()
        .block("frontend_ip_configuration", &[], front);
    let about = format!(
        "Where callers find each machine of {}: a port leads to one machine, and to another once \
         that one is gone; nothing is balanced here, as the plan has callers spread their calls \
         ({}). The bill has no line for it: Azure bills what goes through it by the gibibyte.",
        service.name,
        service.algorithm.as_str()
    );
    let body = Body::default().part(&about, "resource", &["azurerm_lb", &front_label], balancer);
    let id = code(&format!("azurerm_lb.{front_label}.id"));
    ranges(service).into_iter().fold(body, |body, (offer, first, last)| {
        let own = label(service, offer);
        let label = format!("Each_{own}");
        let pool = Body::default().set("name", own.as_str()).set("loadbalancer_id", id.clone());
        let (_, most, _) = bounds(offer);
        let rule = Body::default()
            .set("name", own.as_str())
            .set("resource_group_name", code("azurerm_resource_group.this.name"))
            .set("loadbalancer_id", id.clone())
            .set("frontend_ip_configuration_name", "machines")
            .set("protocol", "Tcp")
            .comment(&format!(
                "{most} machines at most, and {} while others are replaced.",
                fleet::surge(service, offer)
            ))
            .set("frontend_port_start", first)
            .set("frontend_port_end", last)
            .set("backend_port", u32::from(service.port))
            .set(
                "backend_address_pool_id",
                code(&format!("azurerm_lb_backend_address_pool.{label}.id")),
            )
            .comment("A caller whose connection is given up is told so.")
            .set("tcp_reset_enabled", true);
        body.part("", "resource", &["azurerm_lb_backend_address_pool", &label], pool).part(
            "",
            "resource",
            &["azurerm_lb_nat_rule", &label],
            rule,
        )
    })
}
