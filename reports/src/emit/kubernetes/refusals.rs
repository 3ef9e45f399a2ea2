//! What a spec may hold that a cluster cannot carry: named, and refused as a whole.

use domain::intent::ServiceKind;
use domain::offer::PurchaseTerm;
use domain::spec::{
    HealthCheckPart, InputKind, OfferPart, OutOfHours, Platform, RolloutStrategy, ServicePart, Spec,
};

use super::balancer;
use super::names::is_label_value;
use super::nodes::Room;
use super::words::{self, demand, seconds};
use crate::emit::{Unsupported, terraform_aws};

/// What the format is called.
const FORMAT: &str = "kubernetes";

/// The longest that an autoscaler looks back, in seconds, by `HPAScalingRules` of
/// <https://kubernetes.io/docs/reference/kubernetes-api/>.
const LONGEST_WINDOW: u64 = 3_600;

/// The most slices of a database that each have a name.
const MOST_SLICES: u32 = 100;

/// The first thing of a spec that the manifests would lack or have otherwise.
pub(super) fn first(spec: &Spec) -> Result<(), Unsupported> {
    let found = of_network(spec)
        .or_else(|| spec.services.iter().find_map(|service| of_service(spec, service)));
    match found {
        Some((place, what)) => Err(Unsupported::Resource { format: FORMAT, place, what }),
        None => Ok(()),
    }
}

/// Where something stands in the spec, and what it is.
type Found = Option<(String, String)>;

fn of_network(spec: &Spec) -> Found {
    if spec.network.cdn.is_some() {
        return Some(("network.cdn".to_owned(), "a content delivery network".to_owned()));
    }
    if !is_label_value(spec.placement.region.as_str()) {
        return Some(("placement.region".to_owned(), "a name that no node has".to_owned()));
    }
    let unknown = spec.inputs_required.iter().find(|input| {
        words::service(spec, &input.service).is_none_or(|service| !is_asked_of(service, input.kind))
    });
    unknown.map(|input| {
        let what = format!("{}, which nothing in a cluster takes", input.name);
        ("inputs_required".to_owned(), what)
    })
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

fn of_service(spec: &Spec, service: &ServicePart) -> Found {
    let at = |what: String| Some((format!("services.{}", service.name), what));
    let away = service.schedule.as_ref().map(|own| own.out_of_hours);
    if away.is_some_and(|away| away != OutOfHours::RunsOn) {
        return at("a schedule that takes it away out of hours".to_owned());
    }
    if service.offers.iter().any(|offer| offer.purchase == PurchaseTerm::Spot) {
        return at("spot instances".to_owned());
    }
    if service.shards > MOST_SLICES {
        return at(format!("{} slices", service.shards));
    }
    if has_addresses(service) {
        let mut subnets = spec.network.subnets.iter();
        if !subnets.any(|subnet| subnet.group == service.subnet) {
            return at(format!("a place in subnets that are not there, {}", service.subnet));
        }
    }
    let what = match (service.kind, service.platform, service.product.as_deref()) {
        (ServiceKind::Balancer, Platform::Managed, Some("aws.alb")) => of_balancer(spec, service),
        (ServiceKind::Service, Platform::Vm, None) => of_fleet(spec, service),
        (ServiceKind::External, ..)
        | (ServiceKind::Sql | ServiceKind::Cache | ServiceKind::Queue, Platform::Managed, _) => {
            None
        }
        (kind, Platform::Vm, _) => Some(format!("a {} on machines of our own", kind.as_str())),
        (_, _, product) => Some(format!("the product {}", product.unwrap_or("without a name"))),
    };
    what.and_then(at)
}

/// Whether a service is let in and out by the addresses of its subnets.
fn has_addresses(service: &ServicePart) -> bool {
    matches!(service.kind, ServiceKind::Balancer | ServiceKind::Sql | ServiceKind::Cache)
}

fn of_balancer(spec: &Spec, service: &ServicePart) -> Option<String> {
    let Some(listener) = &service.listener else { return Some("no listener".to_owned()) };
    if listener.protocol != "https" || terraform_aws::tls_policy(&listener.tls_min).is_none() {
        return Some(format!("{} from TLS {}", listener.protocol, listener.tls_min));
    }
    let asked = |kind| {
        let mut inputs = spec.inputs_required.iter();
        inputs.any(|input| input.service == service.name && input.kind == kind)
    };
    if !asked(InputKind::Reference) || !asked(InputKind::Hostname) {
        return Some("a listener without a certificate and a name".to_owned());
    }
    let mut flows = spec.network.flows.iter().filter(|flow| flow.to == service.name);
    if flows.any(|flow| words::service(spec, &flow.from).is_some()) {
        return Some("calls from inside".to_owned());
    }
    let [target] = service.targets.as_slice() else {
        return Some(format!("{} targets of one listener", service.targets.len()));
    };
    let Some(target) = words::service(spec, target).filter(|own| words::is_fleet(own)) else {
        return Some("a target that is no program of ours".to_owned());
    };
    if terraform_aws::algorithm(target.algorithm).is_none() {
        return Some(format!("calls spread by {}", target.algorithm.as_str()));
    }
    (!balancer::takes(&target.health_check))
        .then(|| "a health check that an application balancer cannot make".to_owned())
}

fn of_fleet(spec: &Spec, service: &ServicePart) -> Option<String> {
    let mut flows = spec.network.flows.iter().filter(|flow| flow.to == service.name);
    if flows.any(|flow| words::service(spec, &flow.from).is_none()) {
        return Some("a way in from the internet without a balancer".to_owned());
    }
    if service.volume.is_some() || service.shards > 1 {
        return Some("machines with data of their own".to_owned());
    }
    if service.offers.is_empty() || service.offers.len() > 26 {
        return Some(format!("{} kinds of machines", service.offers.len()));
    }
    let image = demand(spec, &service.name).and_then(|own| own.interface.image.as_deref());
    let stated = image.is_some_and(|image| !image.trim().is_empty());
    let mut inputs = spec.inputs_required.iter();
    let asked = inputs.any(|own| own.service == service.name && own.kind == InputKind::Image);
    if !stated && !asked {
        return Some("no image, and asks for none".to_owned());
    }
    if service.rollout.as_ref().is_some_and(|own| own.strategy == RolloutStrategy::Canary) {
        return Some("a canary rollout, which a Deployment cannot make".to_owned());
    }
    if !can_be_probed(&service.health_check) {
        return Some("a health check that a probe cannot make".to_owned());
    }
    service.offers.iter().find_map(|offer| of_offer(spec, service, offer))
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

fn of_offer(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Option<String> {
    let kind = &offer.instance_type;
    if kind.is_empty() || !is_label_value(kind) {
        return Some(format!("machines of a type that no node can bear, {kind:?}"));
    }
    if offer.weight != 1 {
        return Some("weights of instances, which a Service does not take".to_owned());
    }
    let zones = spec.placement.zones.iter();
    let counts = zones.map(|zone| offer.per_zone.get(&zone.id).copied().unwrap_or(0));
    if counts.clone().max().unwrap_or(0) - counts.min().unwrap_or(0) > 1 {
        return Some("machines that are spread unevenly over zones".to_owned());
    }
    let room = Room::of(spec.placement.provider, offer);
    let needed = demand(spec, &service.name).map_or(0, |own| {
        let in_flight = own.memory_per_request_mib.saturating_mul(offer.servers.into());
        own.memory_base_mib.saturating_add(in_flight)
    });
    if room.milli == 0 || room.memory_mib <= needed {
        return Some(format!(
            "machines ({kind}) that leave a pod too little beside the node's own"
        ));
    }
    let scaler = offer.autoscaling.as_ref()?;
    if scaler.metric != "cpu_utilisation" {
        return Some(format!("an autoscaler by {}", scaler.metric));
    }
    if scaler.min == 0 {
        return Some("a kind that falls to no machine, of which no CPU is seen".to_owned());
    }
    let window = seconds(scaler.scale_in_window_us);
    (window > LONGEST_WINDOW).then(|| format!("an autoscaler that looks back {window} s"))
}
