//! All that a spec may hold and a cluster cannot carry: named, and refused as a whole.

use domain::intent::ServiceKind;
use domain::offer::PurchaseTerm;
use domain::spec::{
    HealthCheckPart, InputKind, OfferPart, OutOfHours, Platform, RolloutStrategy, ServicePart, Spec,
};

use super::balancer;
use super::names::is_label_value;
use super::nodes::Room;
use super::objects::OWN;
use super::words::{self, demand, seconds};
use crate::emit::remedies::{BY_HAND, CDN, SCHEDULE, SPOT};
use crate::emit::terraform::labels::overwritten;
use crate::emit::terraform::refusals::{Found, refused};
use crate::emit::terraform::variables::BACK;
use crate::emit::unsupported::Reason;
use crate::emit::{Format, Unsupported, terraform_aws};

/// The longest that an autoscaler looks back, in seconds, by `HPAScalingRules` of
/// <https://kubernetes.io/docs/reference/kubernetes-api/>.
const LONGEST_WINDOW: u64 = 3_600;

/// The most slices of a database that each have a name.
const MOST_SLICES: u32 = 100;

/// All of a spec that the manifests would lack or have otherwise.
pub(super) fn all(spec: &Spec) -> Result<(), Unsupported> {
    let services = spec.services.iter().flat_map(|service| of_service(spec, service));
    refused(Format::Kubernetes, of_network(spec).into_iter().chain(services), of_labels(spec))
}

/// Labels that objects have of their own, and tags that a balancer of the cloud has.
fn of_labels(spec: &Spec) -> Vec<Reason> {
    let mut reasons = overwritten(Format::Kubernetes, spec, ("label of a cluster", &OWN));
    let balanced = spec.services.iter().any(|own| own.product.as_deref() == Some("aws.alb"));
    if balanced {
        let own = [&BACK[..], &["service"]].concat();
        reasons.extend(overwritten(Format::Kubernetes, spec, ("tag of its balancer", &own)));
    }
    reasons
}

fn of_network(spec: &Spec) -> Vec<Found> {
    let cdn = spec.network.cdn.as_ref();
    let cdn = cdn.map(|_| ("network.cdn".to_owned(), CDN.to_owned()));
    let nowhere = !is_label_value(spec.placement.region.as_str());
    let nowhere =
        nowhere.then(|| ("placement.region".to_owned(), "a name that no node has".to_owned()));
    let unknown = spec.inputs_required.iter().filter(|input| {
        words::service(spec, &input.service).is_none_or(|service| !is_asked_of(service, input.kind))
    });
    let unknown = unknown.map(|input| {
        let what = format!("{}, which nothing in a cluster takes", input.name);
        ("inputs_required".to_owned(), what)
    });
    cdn.into_iter().chain(nowhere).chain(unknown).collect()
}

/// Whether something in a cluster takes such an input of a service.
fn is_asked_of(service: &ServicePart, kind: InputKind) -> bool {
    match kind {
        InputKind::Image => words::is_fleet(service),
        InputKind::Reference => service.kind == ServiceKind::Balancer,
        InputKind::Hostname => {
            matches!(service.kind, ServiceKind::Balancer | ServiceKind::External)
        }
        InputKind::SecretReference => words::is_elsewhere(service),
    }
}

fn of_service(spec: &Spec, service: &ServicePart) -> Vec<Found> {
    let away = service.schedule.as_ref().map(|own| own.out_of_hours);
    let away = away.is_some_and(|away| away != OutOfHours::RunsOn);
    let spot = service.offers.iter().any(|offer| offer.purchase == PurchaseTerm::Spot);
    let mut subnets = spec.network.subnets.iter();
    let stands = !has_addresses(service) || subnets.any(|subnet| subnet.group == service.subnet);
    let found = [
        away.then(|| SCHEDULE.to_owned()),
        spot.then(|| SPOT.to_owned()),
        (service.shards > MOST_SLICES).then(|| format!("{} slices", service.shards)),
        (!stands).then(|| format!("a place in subnets that are not there, {}", service.subnet)),
    ];
    let more = match (service.kind, service.platform, service.product.as_deref()) {
        (ServiceKind::Balancer, Platform::Managed, Some("aws.alb")) => of_balancer(spec, service),
        (ServiceKind::Service, Platform::Vm, None) => of_fleet(spec, service),
        (ServiceKind::External, ..)
        | (ServiceKind::Sql | ServiceKind::Cache | ServiceKind::Queue, Platform::Managed, _) => {
            Vec::new()
        }
        (kind, Platform::Vm, _) => vec![format!("a {} {BY_HAND}", kind.as_str())],
        (_, _, product) => vec![format!("the product {}", product.unwrap_or("without a name"))],
    };
    let place = format!("services.{}", service.name);
    found.into_iter().flatten().chain(more).map(|what| (place.clone(), what)).collect()
}

/// Whether a service is let in and out by the addresses of its subnets.
fn has_addresses(service: &ServicePart) -> bool {
    matches!(service.kind, ServiceKind::Balancer | ServiceKind::Sql | ServiceKind::Cache)
}

fn of_balancer(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(listener) = &service.listener {
        if listener.protocol != "https" || terraform_aws::tls_policy(&listener.tls_min).is_none() {
            found.push(format!("{} from TLS {}", listener.protocol, listener.tls_min));
        }
    } else {
        found.push("no listener".to_owned());
    }
    let asked = |kind| {
        let mut inputs = spec.inputs_required.iter();
        inputs.any(|input| input.service == service.name && input.kind == kind)
    };
    if !asked(InputKind::Reference) || !asked(InputKind::Hostname) {
        found.push("a listener without a certificate and a name".to_owned());
    }
    let mut flows = spec.network.flows.iter().filter(|flow| flow.to == service.name);
    if flows.any(|flow| words::service(spec, &flow.from).is_some()) {
        found.push("calls from inside".to_owned());
    }
    let [target] = service.targets.as_slice() else {
        found.push(format!("{} targets of one listener", service.targets.len()));
        return found;
    };
    let Some(target) = words::service(spec, target).filter(|own| words::is_fleet(own)) else {
        found.push("a target that is no program of ours".to_owned());
        return found;
    };
    if terraform_aws::algorithm(target.algorithm).is_none() {
        found.push(format!("calls spread by {}", target.algorithm.as_str()));
    }
    if !balancer::takes(&target.health_check) {
        found.push("a health check that an application balancer cannot make".to_owned());
    }
    found
}

fn of_fleet(spec: &Spec, service: &ServicePart) -> Vec<String> {
    let mut flows = spec.network.flows.iter().filter(|flow| flow.to == service.name);
    let open = flows.any(|flow| words::service(spec, &flow.from).is_none());
    let image = demand(spec, &service.name).and_then(|own| own.interface.image.as_deref());
    let stated = image.is_some_and(|image| !image.trim().is_empty());
    let mut inputs = spec.inputs_required.iter();
    let asked = inputs.any(|own| own.service == service.name && own.kind == InputKind::Image);
    let kinds = service.offers.len();
    let canary =
        service.rollout.as_ref().is_some_and(|own| own.strategy == RolloutStrategy::Canary);
    let found = [
        open.then(|| "a way in from the internet without a balancer".to_owned()),
        (service.volume.is_some() || service.shards > 1)
            .then(|| "machines with data of their own".to_owned()),
        (!(1..=26).contains(&kinds)).then(|| format!("{kinds} kinds of machines")),
        (!stated && !asked).then(|| "no image, and asks for none".to_owned()),
        canary.then(|| "a canary rollout, which a Deployment cannot make".to_owned()),
        (!can_be_probed(&service.health_check))
            .then(|| "a health check that a probe cannot make".to_owned()),
    ];
    let offers = service.offers.iter().flat_map(|offer| of_offer(spec, service, offer));
    found.into_iter().flatten().chain(offers).collect()
}

/// Whole seconds, and one at least.
fn can_be_probed(check: &HealthCheckPart) -> bool {
    let whole = |micros: u64| micros > 0 && micros.is_multiple_of(1_000_000);
    let counts = [check.unhealthy_threshold, check.healthy_threshold];
    let within = |number: u64| i32::try_from(number).is_ok();
    whole(check.interval_us)
        && whole(check.timeout_us)
        && within(check.interval_us / 1_000_000)
        && within(check.timeout_us / 1_000_000)
        && counts.iter().all(|count| (1..1_000).contains(count))
        && check.path.as_ref().is_none_or(|path| path.starts_with('/'))
}

fn of_offer(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Vec<String> {
    let kind = &offer.instance_type;
    let zones = spec.placement.zones.iter();
    let counts = zones.map(|zone| offer.per_zone.get(&zone.id).copied().unwrap_or(0));
    let uneven = counts.clone().max().unwrap_or(0) - counts.min().unwrap_or(0) > 1;
    let room = Room::of(spec.placement.provider, offer);
    let needed = demand(spec, &service.name).map_or(0, |own| {
        let in_flight = own.memory_per_request_mib.saturating_mul(offer.servers.into());
        own.memory_base_mib.saturating_add(in_flight)
    });
    let scaler = offer.autoscaling.as_ref();
    let window = scaler.map_or(0, |scaler| seconds(scaler.scale_in_window_us));
    let found = [
        (kind.is_empty() || !is_label_value(kind))
            .then(|| format!("machines of a type that no node can bear, {kind:?}")),
        (offer.weight != 1)
            .then(|| "weights of instances, which a Service does not take".to_owned()),
        uneven.then(|| "machines that are spread unevenly over zones".to_owned()),
        (room.milli == 0 || room.memory_mib <= needed).then(|| {
            format!("machines ({kind}) that leave a pod too little beside the node's own")
        }),
        scaler
            .filter(|scaler| scaler.metric != "cpu_utilisation")
            .map(|scaler| format!("an autoscaler by {}", scaler.metric)),
        scaler
            .filter(|scaler| scaler.min == 0)
            .map(|_| "a kind that falls to no machine, of which no CPU is seen".to_owned()),
        (window > LONGEST_WINDOW).then(|| format!("an autoscaler that looks back {window} s")),
    ];
    found.into_iter().flatten().collect()
}
