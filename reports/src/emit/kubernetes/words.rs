//! What is what in a spec, and its numbers in words.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Provider;
use domain::spec::{OfferPart, Platform, ServicePart, Spec};

use crate::emit::terraform::words;
use crate::emit::{Unsupported, terraform_aws, terraform_azure, terraform_google};

pub(super) use crate::emit::told::{used, users};
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

/// Whether calls to a service come encrypted.
pub(super) fn encrypted(spec: &Spec, to: &Name) -> bool {
    spec.network.flows.iter().any(|flow| flow.to == *to && flow.encrypted)
}

/// Why the Terraform of the cloud does not build what stands beside the cluster, if it does not.
pub(super) fn unbuilt(spec: &Spec) -> Option<Unsupported> {
    match spec.placement.provider {
        Provider::Aws => terraform_aws::texts(spec).err(),
        Provider::Azure => terraform_azure::texts(spec).err(),
        Provider::Google => terraform_google::texts(spec).err(),
    }
}

/// Instances of an offer at the peak.
pub(super) fn peak(offer: &OfferPart) -> u32 {
    offer.per_zone.values().sum()
}

/// "8 at the peak, 4 in z1 and 4 in z2".
pub(super) fn counted(offer: &OfferPart) -> String {
    words::counted(offer, peak(offer))
}
