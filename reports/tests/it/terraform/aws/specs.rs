//! Specs of several shapes, made of the seed phrase's.

use std::collections::BTreeMap;

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Architecture;
use domain::spec::{Flow, InputRequired, RedundancyPart, ServicePart, Spec};
use reports::spec::render;

use crate::common;

/// The seed phrase.
pub(crate) fn seed() -> Spec {
    render(&common::answer())
}

/// Two kinds of machines, of two instruction sets: one stands, the other follows the load.
fn mixed() -> Spec {
    let mut spec = seed();
    let app = &mut spec.services[1];
    let mut standing = app.offers[0].clone();
    standing.instance_type = "c7i.xlarge".into();
    standing.architecture = Architecture::X86_64;
    standing.per_zone = BTreeMap::from([(Name::of("z1"), 2), (Name::of("z2"), 0)]);
    standing.autoscaling = None;
    app.offers.insert(0, standing);
    spec
}

/// A queue between the program and its workers.
fn queued() -> Spec {
    let mut spec = seed();
    let queue = ServicePart {
        name: Name::of("jobs"),
        kind: ServiceKind::Queue,
        product: Some("aws.sqs".into()),
        port: 443,
        targets: vec![Name::of("workers")],
        listener: None,
        subnet: Name::of("data"),
        ..spec.services[0].clone()
    };
    let workers =
        ServicePart { name: Name::of("workers"), targets: Vec::new(), ..spec.services[1].clone() };
    spec.services[1].targets.push(Name::of("jobs"));
    spec.services.extend([queue, workers]);
    let flow = |from: &str, to: &str, port| Flow {
        from: Name::of(from),
        to: Name::of(to),
        port,
        encrypted: false,
    };
    spec.network.flows.extend([flow("app", "jobs", 443), flow("jobs", "workers", 8080)]);
    spec
}

/// A database in three slices without copies, and a cache in two with them.
fn sliced() -> Spec {
    let mut spec = seed();
    let nodes = |service: &mut ServicePart, shards: u32, per_zone: [u32; 2]| {
        service.shards = shards;
        let names = ["z1", "z2"].map(Name::of);
        let counts: BTreeMap<Name, u32> = names.into_iter().zip(per_zone).collect();
        let replicas = service.replicas.as_mut().expect("it has machines");
        replicas.peak = per_zone.iter().sum();
        replicas.per_zone.clone_from(&counts);
        service.offers[0].per_zone = counts;
    };
    nodes(&mut spec.services[2], 2, [2, 2]);
    nodes(&mut spec.services[3], 3, [2, 1]);
    spec.services[3].redundancy = RedundancyPart::Single {};
    spec.services[3].backup = None;
    spec
}

/// Another engine, encrypted flows and a canary, in three zones.
fn guarded() -> Spec {
    let mut spec = seed();
    let third = Name::of("z3");
    spec.placement.zones.push(domain::spec::Zone { id: third.clone() });
    let more = spec.network.subnets.iter().filter(|own| own.zone.as_str() == "z2");
    let more: Vec<_> = more
        .map(|own| domain::spec::Subnet {
            name: Name::of(&own.name.as_str().replace("z2", "z3")),
            zone: third.clone(),
            cidr: own.cidr.replace("10.0.", "10.0.1"),
            ..own.clone()
        })
        .collect();
    spec.network.subnets.extend(more);
    for flow in &mut spec.network.flows {
        flow.encrypted = true;
    }
    for service in &mut spec.services {
        service.encryption = Some(domain::spec::EncryptionPart { at_rest: true, in_transit: true });
    }
    spec.services[1].health_check.path = None;
    if let Some(rollout) = &mut spec.services[1].rollout {
        rollout.strategy = domain::spec::RolloutStrategy::Canary;
    }
    spec.services[3].engine = Some("mysql".into());
    spec.services[3].engine_version = Some("8.4".into());
    spec
}

/// A program that another one calls, and that no balancer asks whether it is well.
fn called() -> Spec {
    let mut spec = seed();
    let search = ServicePart {
        name: Name::of("search"),
        targets: vec![Name::of("db")],
        port: 9_200,
        ..spec.services[1].clone()
    };
    spec.services[1].targets.push(Name::of("search"));
    spec.services.push(search);
    let flow = |from: &str, to: &str, port| Flow {
        from: Name::of(from),
        to: Name::of(to),
        port,
        encrypted: false,
    };
    spec.network.flows.extend([flow("app", "search", 9_200), flow("search", "db", 5_432)]);
    let asked = spec.inputs_required.iter().find(|own| own.service.as_str() == "app");
    let image = InputRequired {
        name: "search_image".into(),
        service: Name::of("search"),
        ..asked.expect("its image is asked for").clone()
    };
    spec.inputs_required.push(image);
    spec
}

/// Every shape by what it is called here.
pub(crate) fn all() -> Vec<(&'static str, Spec)> {
    vec![
        ("seed", seed()),
        ("mixed", mixed()),
        ("queued", queued()),
        ("sliced", sliced()),
        ("guarded", guarded()),
        ("called", called()),
    ]
}
