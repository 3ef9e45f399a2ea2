//! What no cloud's module generates yet: named, and refused as a whole.
//!
//! A cloud asks these first and adds what it cannot do itself.

use std::collections::BTreeSet;

use domain::intent::ServiceKind;
use domain::offer::{Provider, PurchaseTerm};
use domain::spec::{InputKind, Listener, OutOfHours, Platform, RedundancyPart, ServicePart, Spec};

use crate::emit::{Format, Unsupported};

use super::{network, variables, words};

/// Where something stands in the spec, and what it is.
pub(in crate::emit) type Found = Option<(String, String)>;

/// The refusal of what was found.
pub(in crate::emit) fn refused(format: Format, found: Found) -> Result<(), Unsupported> {
    let format = format.as_str();
    match found {
        Some((place, what)) => Err(Unsupported::Resource { format, place, what }),
        None => Ok(()),
    }
}

/// Whether the spec is for the cloud that a format is for.
pub(in crate::emit) fn of_provider(
    spec: &Spec,
    format: Format,
    wanted: Provider,
) -> Result<(), Unsupported> {
    let provider = spec.placement.provider;
    if provider == wanted {
        return Ok(());
    }
    Err(Unsupported::Provider { format: format.as_str(), wanted, provider })
}

/// What the network, or the whole, has that no module has.
pub(in crate::emit) fn of_network(spec: &Spec) -> Found {
    let at = |place: &str, what: &str| Some((format!("network.{place}"), what.to_owned()));
    if spec.network.vpc.nat_gateways > 0 {
        return at("vpc.nat_gateways", "NAT gateways");
    }
    if spec.network.cdn.is_some() {
        return at("cdn", "a content delivery network");
    }
    let zones: BTreeSet<_> = spec.placement.zones.iter().map(|zone| &zone.id).collect();
    for (group, subnets) in network::groups(spec) {
        let own: BTreeSet<_> = subnets.iter().map(|subnet| &subnet.zone).collect();
        let tiers: BTreeSet<_> = subnets.iter().map(|subnet| subnet.tier as u8).collect();
        if own != zones || subnets.len() != zones.len() || tiers.len() != 1 {
            return at("subnets", &format!("a group ({group}) without one subnet in each zone"));
        }
    }
    None
}

/// Two variables that would have one name.
pub(in crate::emit) fn of_variables(spec: &Spec) -> Found {
    let asked = variables::inputs(spec);
    let asked = asked.iter().map(|(name, _)| name.clone());
    let stock = variables::stock_images(spec).map(|(name, _)| name);
    let mut names = BTreeSet::new();
    let twice = asked.chain(stock).find(|name| !names.insert(name.clone()))?;
    Some(("inputs_required".to_owned(), format!("two variables of one name, {twice}")))
}

/// The first service with something, and what that is.
pub(in crate::emit) fn of_services(
    spec: &Spec,
    what: impl Fn(&ServicePart) -> Option<String>,
) -> Found {
    spec.services.iter().find_map(|service| {
        let what = of_place(spec, service).or_else(|| what(service))?;
        Some((format!("services.{}", service.name), what))
    })
}

/// What a service of any kind has that no module has.
fn of_place(spec: &Spec, service: &ServicePart) -> Option<String> {
    if service.kind == ServiceKind::External {
        let what = "its place in the internet, which machines without a way out cannot reach";
        return Some(what.to_owned());
    }
    if service.schedule.as_ref().is_some_and(|own| own.out_of_hours != OutOfHours::RunsOn) {
        return Some("a schedule that takes it away out of hours".to_owned());
    }
    if !network::groups(spec).iter().any(|(group, _)| **group == service.subnet) {
        return Some(format!("a place in subnets that are not there, {}", service.subnet));
    }
    let spot = service.offers.iter().any(|offer| offer.purchase == PurchaseTerm::Spot);
    spot.then(|| "spot instances".to_owned())
}

/// A service that the module has no resource for.
pub(in crate::emit) fn of_kind(service: &ServicePart) -> String {
    match service.platform {
        Platform::Vm => format!("a {} on machines of our own", service.kind.as_str()),
        Platform::Managed => {
            let product = service.product.as_deref();
            format!("the product {}", product.unwrap_or("without a name"))
        }
    }
}

/// A balancer that serves something else than one kind of machine over HTTPS, with a certificate.
pub(in crate::emit) fn of_balancer(
    spec: &Spec,
    service: &ServicePart,
    listens: impl Fn(&Listener) -> bool,
    calls: impl Fn(&ServicePart) -> bool,
) -> Option<String> {
    let Some(listener) = &service.listener else { return Some("no listener".to_owned()) };
    if listener.protocol != "https" || !listens(listener) {
        return Some(format!("{} from TLS {}", listener.protocol, listener.tls_min));
    }
    if variables::input(spec, &service.name, InputKind::Reference).is_none() {
        return Some("a listener without a certificate".to_owned());
    }
    let [target] = service.targets.as_slice() else {
        return Some(format!("{} targets of one listener", service.targets.len()));
    };
    let target = spec.services.iter().find(|own| own.name == *target)?;
    if target.offers.iter().any(|offer| offer.weight != 1) {
        return Some("weights of instances behind it".to_owned());
    }
    (!calls(target)).then(|| format!("calls spread by {}", target.algorithm.as_str()))
}

/// A fleet of something else than programs on up to 26 kinds of machines, spread evenly over zones.
pub(in crate::emit) fn of_fleet(spec: &Spec, service: &ServicePart) -> Option<String> {
    let demand = words::demand(spec, &service.name);
    if let Some(image) = demand.and_then(|own| own.interface.image.as_ref()) {
        return Some(format!(
            "the image {image}, which machines without a way to the internet cannot fetch"
        ));
    }
    if service.volume.is_some() || service.shards > 1 {
        return Some("machines with data of their own".to_owned());
    }
    if service.offers.is_empty() || service.offers.len() > 26 {
        return Some(format!("{} kinds of machines", service.offers.len()));
    }
    service.offers.iter().find_map(|offer| {
        let follows = offer.autoscaling.as_ref();
        if let Some(scaler) = follows.filter(|scaler| scaler.metric != "cpu_utilisation") {
            return Some(format!("an autoscaler by {}", scaler.metric));
        }
        let counts = offer.per_zone.values().copied().filter(|count| *count > 0);
        let (least, most) = (counts.clone().min()?, counts.max()?);
        (most - least > 1).then(|| "machines that are spread unevenly over zones".to_owned())
    })
}

/// A database or cache of another engine than these, or of a version that is not numbers.
pub(in crate::emit) fn of_engine(service: &ServicePart, engines: &[&str]) -> Option<String> {
    let engine = service.engine.as_deref().unwrap_or_default();
    if !engines.contains(&engine) {
        return Some(format!("the engine {engine}"));
    }
    let version = service.engine_version.as_deref().unwrap_or_default();
    let parts = version.split('.');
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let plain = version.len() <= 16 && parts.clone().all(digits);
    (!plain).then(|| format!("the engine's version {version:?}"))
}

/// Something else than one node for each slice, and another one where a copy takes over.
pub(in crate::emit) fn of_copies(service: &ServicePart) -> Option<String> {
    let each = match service.redundancy {
        RedundancyPart::Standby { .. } => 2,
        RedundancyPart::Single {} => 1,
        RedundancyPart::Active {} => return Some("copies that all serve".to_owned()),
    };
    let nodes = service.replicas.as_ref().map_or(0, |own| own.peak);
    let kinds = service.offers.len();
    let right = kinds == 1 && u64::from(nodes) == u64::from(service.shards) * each;
    (!right).then(|| format!("{nodes} nodes of {kinds} kinds for {} slices", service.shards))
}
