//! What no cloud's module generates yet: all of it named, and refused as a whole.
//!
//! A cloud asks these first and adds what it cannot do itself.

use std::collections::BTreeSet;

use domain::intent::ServiceKind;
use domain::offer::{Provider, PurchaseTerm};
use domain::spec::{InputKind, Listener, OutOfHours, Platform, RedundancyPart, ServicePart, Spec};

use crate::emit::remedies::{BY_HAND, CDN, COPIED, OUTSIDE, SCHEDULE, SPOT, remedy};
use crate::emit::unsupported::Reason;
use crate::emit::{Format, Unsupported};

use super::{network, variables, words};

/// Where something stands in the spec, and what it is.
pub(in crate::emit) type Found = (String, String);

/// The refusal of what was found, and of labels.
pub(in crate::emit) fn refused(
    format: Format,
    found: impl IntoIterator<Item = Found>,
    labels: Vec<Reason>,
) -> Result<(), Unsupported> {
    let format = format.as_str();
    let reason =
        |(place, what): Found| Reason::Resource { format, place, help: remedy(&what), what };
    let mut reasons: Vec<Reason> = found.into_iter().map(reason).collect();
    reasons.extend(labels);
    if reasons.is_empty() { Ok(()) } else { Err(Unsupported { reasons }) }
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
    Err(Unsupported {
        reasons: vec![Reason::Provider { format: format.as_str(), wanted, provider }],
    })
}

/// What the network, or the whole, has that no module has.
pub(in crate::emit) fn of_network(spec: &Spec) -> Vec<Found> {
    let at = |place: &str, what: &str| (format!("network.{place}"), what.to_owned());
    let gateways = spec.network.vpc.nat_gateways > 0;
    let zones: BTreeSet<_> = spec.placement.zones.iter().map(|zone| &zone.id).collect();
    let groups = network::groups(spec);
    let uneven = groups.iter().filter(|(_, subnets)| {
        let own: BTreeSet<_> = subnets.iter().map(|subnet| &subnet.zone).collect();
        let tiers: BTreeSet<_> = subnets.iter().map(|subnet| subnet.tier as u8).collect();
        own != zones || subnets.len() != zones.len() || tiers.len() != 1
    });
    let uneven = uneven.map(|(group, _)| {
        at("subnets", &format!("a group ({group}) without one subnet in each zone"))
    });
    let whole = [
        gateways.then(|| at("vpc.nat_gateways", "NAT gateways")),
        spec.network.cdn.as_ref().map(|_| at("cdn", CDN)),
    ];
    whole.into_iter().flatten().chain(uneven).collect()
}

/// Two variables that would have one name.
pub(in crate::emit) fn of_variables(spec: &Spec) -> Option<Found> {
    of_variables_with(spec, std::iter::empty())
}

/// The same, with the variables that one cloud has besides.
pub(in crate::emit) fn of_variables_with(
    spec: &Spec,
    own: impl Iterator<Item = String>,
) -> Option<Found> {
    let asked = variables::inputs(spec);
    let asked = asked.iter().map(|(name, _)| name.clone());
    let stock = variables::stock_images(spec).map(|(name, _)| name);
    let mut names = BTreeSet::new();
    let twice = asked.chain(stock).chain(own).find(|name| !names.insert(name.clone()))?;
    Some(("inputs_required".to_owned(), format!("two variables of one name, {twice}")))
}

/// What each service has that no module has, and what a cloud finds beside.
pub(in crate::emit) fn of_services(
    spec: &Spec,
    what: impl Fn(&ServicePart) -> Vec<String>,
) -> Vec<Found> {
    let of_one = |service: &ServicePart| {
        let found = if service.kind == ServiceKind::External {
            vec![OUTSIDE.to_owned()]
        } else {
            let mut found = of_place(spec, service);
            found.extend(what(service));
            found
        };
        let place = format!("services.{}", service.name);
        found.into_iter().map(move |what| (place.clone(), what))
    };
    spec.services.iter().flat_map(of_one).collect()
}

/// What a service of any kind has that no module has.
fn of_place(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let away = service.schedule.as_ref().is_some_and(|own| own.out_of_hours != OutOfHours::RunsOn);
    let stands = network::groups(spec).iter().any(|(group, _)| **group == service.subnet);
    let spot = service.offers.iter().any(|offer| offer.purchase == PurchaseTerm::Spot);
    let found = [
        away.then(|| SCHEDULE.to_owned()),
        (!stands).then(|| format!("a place in subnets that are not there, {}", service.subnet)),
        spot.then(|| SPOT.to_owned()),
    ];
    found.into_iter().flatten().collect()
}

/// A service that the module has no resource for.
pub(in crate::emit) fn of_kind(service: &ServicePart) -> String {
    match service.platform {
        Platform::Vm => format!("a {} {BY_HAND}", service.kind.as_str()),
        Platform::Managed => {
            let product = service.product.as_deref();
            format!("the product {}", product.unwrap_or("without a name"))
        }
    }
}

/// A listener of something else than HTTPS with a certificate.
pub(in crate::emit) fn of_listener(
    spec: &Spec,
    service: &ServicePart,
    listens: impl Fn(&Listener) -> bool,
) -> Vec<String> {
    let Some(listener) = &service.listener else { return vec!["no listener".to_owned()] };
    let speaks = listener.protocol == "https" && listens(listener);
    let certified = variables::input(spec, &service.name, InputKind::Reference).is_some();
    let found = [
        (!speaks).then(|| format!("{} from TLS {}", listener.protocol, listener.tls_min)),
        (!certified).then(|| "a listener without a certificate".to_owned()),
    ];
    found.into_iter().flatten().collect()
}

/// A balancer that serves something else than one kind of machine over HTTPS, with a certificate.
pub(in crate::emit) fn of_balancer(
    spec: &Spec,
    service: &ServicePart,
    listens: impl Fn(&Listener) -> bool,
    calls: impl Fn(&ServicePart) -> bool,
) -> Vec<String> {
    let mut found = of_listener(spec, service, listens);
    let [target] = service.targets.as_slice() else {
        found.push(format!("{} targets of one listener", service.targets.len()));
        return found;
    };
    let Some(target) = spec.services.iter().find(|own| own.name == *target) else { return found };
    if target.offers.iter().any(|offer| offer.weight != 1) {
        found.push("weights of instances behind it".to_owned());
    }
    if !calls(target) {
        found.push(format!("calls spread by {}", target.algorithm.as_str()));
    }
    found
}

/// A fleet of something else than programs on up to 26 kinds of machines, spread evenly over zones.
pub(in crate::emit) fn of_fleet(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let demand = words::demand(spec, &service.name);
    let image = demand.and_then(|own| own.interface.image.as_ref());
    let kinds = service.offers.len();
    let whole = [
        image.map(|image| {
            format!("the image {image}, which machines without a way to the internet cannot fetch")
        }),
        (service.volume.is_some() || service.shards > 1)
            .then(|| "machines with data of their own".to_owned()),
        (!(1..=26).contains(&kinds)).then(|| format!("{kinds} kinds of machines")),
    ];
    let mut found: Vec<String> = whole.into_iter().flatten().collect();
    for offer in &service.offers {
        let follows = offer.autoscaling.as_ref();
        if let Some(scaler) = follows.filter(|scaler| scaler.metric != "cpu_utilisation") {
            found.push(format!("an autoscaler by {}", scaler.metric));
        }
        let counts = offer.per_zone.values().copied().filter(|count| *count > 0);
        let (least, most) = (counts.clone().min(), counts.max());
        if least.zip(most).is_some_and(|(least, most)| most - least > 1) {
            found.push("machines that are spread unevenly over zones".to_owned());
        }
    }
    found
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

/// Backups that have to be somewhere else as well.
pub(in crate::emit) fn of_copied_backups(service: &ServicePart) -> Option<String> {
    let copied = service.backup.as_ref().is_some_and(|backup| backup.copy_region.is_some());
    copied.then(|| COPIED.to_owned())
}
