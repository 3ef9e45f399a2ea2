//! What is what in a spec, and its numbers in words.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{OfferPart, Platform, ServicePart, Spec};

use crate::emit::terraform::words;

pub(super) use words::{demand, found, load, seconds};

/// A service by its name.
pub(super) fn service<'a>(spec: &'a Spec, name: &Name) -> Option<&'a ServicePart> {
    spec.services.iter().find(|service| service.name == *name)
}

/// Whether a service is the owner's own program, on machines without data of their own.
pub(super) fn is_fleet(service: &ServicePart) -> bool {
    service.kind == ServiceKind::Service && service.platform == Platform::Vm
}

/// The fleets of a spec.
pub(super) fn fleets(spec: &Spec) -> impl Iterator<Item = &ServicePart> {
    spec.services.iter().filter(|service| is_fleet(service))
}

/// Whether a service is run by somebody else, and only called from here.
pub(super) fn is_elsewhere(service: &ServicePart) -> bool {
    !is_fleet(service) && service.kind != ServiceKind::Balancer
}

/// The balancer that passes requests on to a service.
pub(super) fn balancer_of<'a>(spec: &'a Spec, service: &ServicePart) -> Option<&'a ServicePart> {
    let mut balancers = spec.services.iter().filter(|own| own.kind == ServiceKind::Balancer);
    balancers.find(|own| own.targets.contains(&service.name))
}

/// The fleets that open connections to a service: those that call it, and those that take from
/// it where it is a queue.
pub(super) fn users<'a>(
    spec: &'a Spec,
    service: &'a ServicePart,
) -> impl Iterator<Item = &'a ServicePart> {
    fleets(spec).filter(|own| {
        let takes = service.kind == ServiceKind::Queue && service.targets.contains(&own.name);
        own.targets.contains(&service.name) || takes
    })
}

/// Everything that a fleet opens connections to.
pub(super) fn used<'a>(
    spec: &'a Spec,
    fleet: &'a ServicePart,
) -> impl Iterator<Item = &'a ServicePart> {
    spec.services.iter().filter(move |own| {
        let taken = own.kind == ServiceKind::Queue && own.targets.contains(&fleet.name);
        fleet.targets.contains(&own.name) || taken
    })
}

/// Whether calls to a service come encrypted.
pub(super) fn encrypted(spec: &Spec, to: &Name) -> bool {
    spec.network.flows.iter().any(|flow| flow.to == *to && flow.encrypted)
}

/// Instances of an offer at the peak.
pub(super) fn peak(offer: &OfferPart) -> u32 {
    offer.per_zone.values().sum()
}

/// "8 at the peak, 4 in z1 and 4 in z2".
pub(super) fn counted(offer: &OfferPart) -> String {
    words::counted(offer, peak(offer))
}
