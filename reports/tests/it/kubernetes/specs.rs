//! Specs of several shapes that a cluster carries.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Provider;
use domain::spec::{
    Flow, InputKind, InputRequired, RolloutStrategy, ServicePart, Spec, Subnet, SubnetTier,
};

use crate::terraform::specs as of_terraform;

/// The seed phrase.
pub(super) fn seed() -> Spec {
    of_terraform::seed()
}

/// One of the shapes that Terraform is tried on.
fn shape(name: &str) -> Spec {
    let found = of_terraform::all().into_iter().find(|(own, _)| *own == name);
    found.expect("there is such a shape").1
}

/// Two kinds of machines, each in both zones.
fn mixed() -> Spec {
    let mut spec = shape("mixed");
    for (zone, count) in &mut spec.services[1].offers[0].per_zone {
        *count = u32::from(zone.as_str() == "z1");
    }
    spec
}

/// Everything encrypted, in three zones; new versions come a few instances at a time.
fn guarded() -> Spec {
    let mut spec = shape("guarded");
    let rollout = spec.services[1].rollout.as_mut().expect("it is rolled out");
    rollout.strategy = RolloutStrategy::Rolling;
    for offer in &mut spec.services[1].offers {
        offer.per_zone.insert(Name::of("z3"), 4);
    }
    spec
}

fn flow(from: &str, to: &str, port: u16) -> Flow {
    Flow { from: Name::of(from), to: Name::of(to), port, encrypted: false }
}

/// A program that another one calls, and a service of somebody else that it calls.
fn called(mut spec: Spec) -> Spec {
    let other = ServicePart {
        name: Name::of("search"),
        targets: vec![Name::of("payments")],
        port: 80,
        ..spec.services[1].clone()
    };
    let payments = ServicePart {
        name: Name::of("payments"),
        kind: ServiceKind::External,
        product: Some("external".into()),
        subnet: Name::of("internet"),
        port: 443,
        targets: Vec::new(),
        listener: None,
        ..spec.services[0].clone()
    };
    let mut demand = spec.demand.services[1].clone();
    demand.name = Name::of("search");
    demand.interface.image = Some("registry.example.com/search:3@sha256:00".into());
    spec.demand.services.push(demand);
    spec.services[1].targets.push(Name::of("search"));
    spec.services.extend([other, payments]);
    spec.network.flows.extend([flow("app", "search", 80), flow("search", "payments", 443)]);
    spec.inputs_required.push(InputRequired {
        name: "payments_url".into(),
        kind: InputKind::Hostname,
        service: Name::of("payments"),
        example: Some("api.example.com".into()),
    });
    spec
}

/// Workers behind a queue, with an image of their own.
fn queued(mut spec: Spec) -> Spec {
    let of = shape("queued");
    let more = of.services.iter().filter(|own| ["jobs", "workers"].contains(&own.name.as_str()));
    spec.services.extend(more.cloned());
    spec.services[1].targets.push(Name::of("jobs"));
    spec.network.flows.extend([flow("app", "jobs", 443), flow("jobs", "workers", 8080)]);
    spec.inputs_required.push(InputRequired {
        name: "workers_image".into(),
        kind: InputKind::Image,
        service: Name::of("workers"),
        example: None,
    });
    spec
}

/// All that the seed phrase has not, at once.
pub(super) fn busy() -> Spec {
    queued(called(mixed()))
}

/// A single program on another cloud, which only a queue hands something.
fn on(provider: Provider, region: &str, kind: &str) -> Spec {
    let mut spec = queued(seed());
    spec.placement.provider = provider;
    spec.placement.region = Name::of(region);
    spec.services.retain(|own| ["jobs", "workers"].contains(&own.name.as_str()));
    spec.services[0].product = Some("some.queue".into());
    spec.services[1].offers[0].instance_type = kind.into();
    spec.network.flows.retain(|own| own.to.as_str() == "workers");
    spec.inputs_required.retain(|own| own.service.as_str() == "workers");
    spec
}

/// Names that are no labels of DNS, or that are kept for something else.
fn named() -> Spec {
    let mut spec = seed();
    spec.metadata.name = Name::of("default");
    let renamed = |name: &Name| match name.as_str() {
        "app" => Name::of("inputs"),
        "cache" => Name::of("0-"),
        "db" => Name::of("dns"),
        _ => name.clone(),
    };
    for service in &mut spec.services {
        service.name = renamed(&service.name);
        service.targets = service.targets.iter().map(renamed).collect();
    }
    for service in &mut spec.demand.services {
        service.name = renamed(&service.name);
    }
    for flow in &mut spec.network.flows {
        (flow.from, flow.to) = (renamed(&flow.from), renamed(&flow.to));
    }
    for input in &mut spec.inputs_required {
        input.service = renamed(&input.service);
    }
    spec.network.subnets.push(Subnet {
        name: Name::of("more"),
        group: Name::of("more"),
        tier: SubnetTier::Private,
        zone: Name::of("z1"),
        cidr: "10.0.99.0/24".into(),
    });
    spec
}

/// Every shape by what it is called here.
pub(super) fn all() -> Vec<(&'static str, Spec)> {
    vec![
        ("seed", seed()),
        ("mixed", mixed()),
        ("guarded", guarded()),
        ("sliced", shape("sliced")),
        ("called", called(seed())),
        ("queued", queued(seed())),
        ("busy", busy()),
        ("azure", on(Provider::Azure, "eastus", "Standard_D4s_v5")),
        ("google", on(Provider::Google, "us-central1", "n2-standard-4")),
        ("named", named()),
    ]
}
