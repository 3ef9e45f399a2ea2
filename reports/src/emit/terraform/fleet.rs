//! Machines of our own: which services are fleets, and what their kinds of machines are called.

use std::collections::BTreeSet;

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Architecture;
use domain::spec::{InputKind, OfferPart, Platform, Rollout, RolloutStrategy, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::code;
use crate::spec::settled;

use super::data::is_without_data;
use super::names::ident;
use super::variables;
use super::words::{demand, seconds};

/// Whether a service is a fleet of machines without data of their own.
pub(in crate::emit) fn is_fleet(service: &ServicePart) -> bool {
    service.kind == ServiceKind::Service && service.platform == Platform::Vm
}

/// Whether a service is one that the cloud runs.
pub(in crate::emit) fn is_managed(service: &ServicePart, kind: ServiceKind) -> bool {
    service.kind == kind && service.platform == Platform::Managed
}

/// The label of one kind of machines: that of the service where there is one kind only.
pub(in crate::emit) fn label(service: &ServicePart, offer: &OfferPart) -> String {
    let service_label = ident(&service.name);
    kind(service, offer).map_or(service_label.clone(), |kind| format!("{service_label}_{kind}"))
}

/// `A`, `B` … of several kinds: a capital, which no name holds.
pub(in crate::emit) fn kind(service: &ServicePart, offer: &OfferPart) -> Option<String> {
    let at = service.offers.iter().position(|own| own == offer)?;
    let letter = char::from(b'A' + u8::try_from(at % 26).ok()?);
    (service.offers.len() > 1).then(|| letter.to_string())
}

/// The instruction sets of a service's offers, each once.
pub(in crate::emit) fn architectures(service: &ServicePart) -> BTreeSet<Architecture> {
    service.offers.iter().map(|offer| offer.architecture).collect()
}

/// The variable with the image of a service's machines.
pub(in crate::emit) fn image(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Expression {
    let asked = variables::input(spec, &service.name, InputKind::Image);
    let name = asked.unwrap_or_else(|| format!("{}_image", ident(&service.name)));
    match architectures(service).len() {
        1 => code(&format!("var.{name}")),
        _ => code(&format!("var.{name}[\"{}\"]", offer.architecture.as_str())),
    }
}

/// From a machine that runs to one that serves, in seconds.
pub(in crate::emit) fn warm_up(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> u64 {
    let start_up = demand(spec, &service.name).map_or(0, |own| own.startup_us);
    let from_decision = offer.autoscaling.as_ref().map(|scaler| scaler.warmup_us);
    seconds(from_decision.unwrap_or(start_up))
}

/// How a change reaches machines without data. The spec says it of programs, whose versions the
/// faults of change were counted for; a balancer on machines of our own has the same checks of
/// health, so its machines are replaced in the same way, without a machine that tries first.
pub(in crate::emit) fn rollout(service: &ServicePart) -> Option<Rollout> {
    if service.rollout.is_some() || !is_without_data(service) {
        return service.rollout.clone();
    }
    let peak = service.offers.iter().map(|offer| bounds(offer).2).sum();
    let drains = service.offers.iter().filter_map(|offer| offer.autoscaling.as_ref());
    Some(Rollout {
        strategy: RolloutStrategy::Rolling,
        max_surge: settled::rollout_surge(peak),
        max_unavailable: 0,
        drain_us: drains.map(|scaler| scaler.drain_us).max().unwrap_or(settled::DRAIN_US),
    })
}

/// The zones that a kind stands in: all where its number changes.
pub(in crate::emit) fn zones(offer: &OfferPart) -> impl Iterator<Item = &Name> {
    let follows = offer.autoscaling.is_some();
    offer.per_zone.iter().filter(move |(_, count)| follows || **count > 0).map(|(zone, _)| zone)
}

/// The fewest and the most machines of a kind, and those of the peak.
pub(in crate::emit) fn bounds(offer: &OfferPart) -> (u32, u32, u32) {
    let peak: u32 = offer.per_zone.values().sum();
    let (least, most) =
        offer.autoscaling.as_ref().map_or((peak, peak), |scaler| (scaler.min, scaler.max));
    (least, most.max(peak), peak)
}

/// The balancer that calls a service, if one does.
pub(in crate::emit) fn balancer_of<'a>(
    spec: &'a Spec,
    service: &ServicePart,
) -> Option<&'a ServicePart> {
    let mut balancers = spec.services.iter().filter(|own| own.kind == ServiceKind::Balancer);
    balancers.find(|own| own.targets.contains(&service.name))
}
