//! Specs for Google Cloud of several shapes, made of the seed phrase's.

use std::collections::BTreeMap;

use domain::name::Name;
use domain::offer::{Architecture, Provider};
use domain::spec::{
    EncryptionPart, Flow, OfferPart, Platform, RedundancyPart, RolloutStrategy, ServicePart, Spec,
};
use domain::topology::Balancing;

use crate::terraform::aws::specs as aws;

/// Another kind of machine.
fn machine(offer: &mut OfferPart, kind: &str, architecture: Architecture) {
    offer.instance_type = kind.into();
    offer.family = kind.split('-').next().unwrap_or_default().into();
    offer.architecture = architecture;
}

/// The seed phrase where everything runs on machines of one's own, as the embedded catalog has it.
pub(crate) fn seed() -> Spec {
    let mut spec = aws::seed();
    spec.placement.provider = Provider::Google;
    spec.placement.region = Name::of("us-central1");
    let mut root = spec.services[1].root_volume.clone();
    if let Some(root) = &mut root {
        root.product = Some("pd-balanced".to_owned());
    }
    let fleet = spec.services[1].clone();
    for service in &mut spec.services {
        service.platform = Platform::Vm;
        service.product = None;
        service.root_volume.clone_from(&root);
        if let Some(volume) = &mut service.volume {
            volume.product = Some("pd-balanced".to_owned());
        }
    }
    let edge = &mut spec.services[0];
    edge.offers.clone_from(&fleet.offers);
    edge.replicas = fleet.replicas;
    edge.health_check.protocol = "tcp".into();
    edge.health_check.path = None;
    if let Some(scaler) = &mut edge.offers[0].autoscaling {
        (scaler.target_ppm, scaler.min, scaler.max) = (55_000, 8, 11);
    }
    let kinds = ["n4a-highcpu-2", "n4d-highcpu-2", "n4a-highmem-2", "n2d-highcpu-16"];
    for (service, kind) in spec.services.iter_mut().zip(kinds) {
        let arm = kind.starts_with("n4a");
        let set = if arm { Architecture::Arm64 } else { Architecture::X86_64 };
        service.offers.iter_mut().for_each(|offer| machine(offer, kind, set));
        let disk = if kind.starts_with("n4") { "hyperdisk-balanced" } else { "pd-balanced" };
        for own in service.root_volume.iter_mut().chain(&mut service.volume) {
            own.product = Some(disk.to_owned());
        }
    }
    spec
}

/// The seed phrase with what Google runs.
pub(crate) fn managed() -> Spec {
    let mut spec = seed();
    let [edge, app, cache, db] = spec.services.as_mut_slice() else { panic!("it has four") };
    for (service, product) in [
        (&mut *edge, "google.alb"),
        (&mut *cache, "google.managed_cache"),
        (&mut *db, "google.managed_sql"),
    ] {
        service.platform = Platform::Managed;
        service.product = Some(product.to_owned());
        service.root_volume = None;
    }
    (edge.offers, edge.replicas) = (Vec::new(), None);
    app.algorithm = Balancing::PowerOfTwo;
    (cache.engine, cache.engine_version) = (Some("redis".into()), Some("7".into()));
    cache.offers[0].instance_type = "M2".into();
    db.offers[0].instance_type = "db-custom-8-32768".into();
    db.volume.as_mut().expect("it has a volume").product = Some("pd-ssd".to_owned());
    spec
}

/// The same with a cache of Valkey.
pub(crate) fn valkey() -> Spec {
    let mut spec = managed();
    let cache = &mut spec.services[2];
    (cache.engine, cache.engine_version) = (Some("valkey".into()), Some("8".into()));
    cache.offers[0].instance_type = "highmem-medium".into();
    spec
}

/// Two kinds of machines, of two instruction sets: one stands, the other follows the load.
fn mixed() -> Spec {
    let mut spec = seed();
    let app = &mut spec.services[1];
    let mut standing = app.offers[0].clone();
    machine(&mut standing, "c3-standard-4", Architecture::X86_64);
    standing.per_zone = BTreeMap::from([(Name::of("z1"), 2), (Name::of("z2"), 0)]);
    standing.autoscaling = None;
    machine(&mut app.offers[0], "n4a-highcpu-2", Architecture::Arm64);
    app.offers.insert(0, standing);
    // Of several kinds the spec names the disk of the first.
    let disk = app.root_volume.as_mut().expect("it has a disk");
    disk.product = Some("pd-balanced".to_owned());
    spec
}

fn nodes(service: &mut ServicePart, shards: u32, per_zone: [u32; 2]) {
    service.shards = shards;
    let counts: BTreeMap<Name, u32> =
        ["z1", "z2"].map(Name::of).into_iter().zip(per_zone).collect();
    let replicas = service.replicas.as_mut().expect("it has machines");
    replicas.peak = per_zone.iter().sum();
    replicas.per_zone.clone_from(&counts);
    service.offers[0].per_zone = counts;
}

/// A database in three slices without copies, and a cache in two with them, on own machines or not.
fn sliced(mut spec: Spec) -> Spec {
    if spec.services[2].engine.as_deref() == Some("valkey") {
        nodes(&mut spec.services[2], 2, [2, 2]);
    }
    nodes(&mut spec.services[3], 3, [2, 1]);
    spec.services[3].redundancy = RedundancyPart::Single {};
    spec.services[3].backup = None;
    spec
}

/// Another engine, encrypted flows and canaries, in three zones, for an environment.
pub(crate) fn guarded(mut spec: Spec) -> Spec {
    spec.metadata.environment = Some(Name::of("prod"));
    let third = Name::of("z3");
    spec.placement.zones.push(domain::spec::Zone { id: third.clone() });
    let more = spec.network.subnets.iter().filter(|own| own.zone.as_str() == "z2");
    let more: Vec<_> = more
        .map(|own| domain::spec::Subnet {
            name: Name::of(&own.name.as_str().replace("z2", "z3")),
            zone: third.clone(),
            cidr: own
                .cidr
                .replace(".1.0/24", ".2.0/24")
                .replace(".17.", ".18.")
                .replace(".68.", ".72."),
            ..own.clone()
        })
        .collect();
    spec.network.subnets.extend(more);
    for flow in &mut spec.network.flows {
        flow.encrypted = true;
    }
    for service in &mut spec.services {
        service.encryption = Some(EncryptionPart { at_rest: true, in_transit: true });
    }
    if let Some(rollout) = &mut spec.services[1].rollout {
        rollout.strategy = RolloutStrategy::Canary;
    }
    let database = &mut spec.services[3];
    (database.engine, database.engine_version) = (Some("mysql".into()), Some("8.4".into()));
    database.port = 3_306;
    for flow in spec.network.flows.iter_mut().filter(|flow| flow.to.as_str() == "db") {
        flow.port = 3_306;
    }
    spec
}

/// One zone, nothing twice.
fn single() -> Spec {
    let mut spec = seed();
    spec.placement.zones.truncate(1);
    spec.network.subnets.retain(|own| own.zone.as_str() == "z1");
    for service in &mut spec.services {
        for offer in &mut service.offers {
            offer.per_zone.retain(|zone, _| zone.as_str() == "z1");
        }
    }
    for service in &mut spec.services[2..] {
        service.redundancy = RedundancyPart::Single {};
        service.replicas.as_mut().expect("it has machines").peak = 1;
    }
    spec
}

/// A second program behind the first, as a shop has them: called without a balancer.
fn shop() -> Spec {
    let mut spec = seed();
    spec.metadata.labels.insert("cost-center".to_owned(), "4711".to_owned());
    spec.metadata.labels.insert("Team".to_owned(), "Store Front".to_owned());
    let cart = ServicePart { name: Name::of("cart"), ..spec.services[1].clone() };
    spec.services[1].targets = vec![Name::of("cart"), Name::of("cache")];
    let input = domain::spec::InputRequired {
        name: "cart_image".to_owned(),
        service: Name::of("cart"),
        ..spec.inputs_required[2].clone()
    };
    spec.inputs_required.insert(3, input);
    let flow = |from: &str, to: &str, port| Flow {
        from: Name::of(from),
        to: Name::of(to),
        port,
        encrypted: false,
    };
    spec.network.flows.retain(|own| own.to.as_str() != "db");
    spec.network.flows.extend([
        flow("app", "cart", 8_080),
        flow("cart", "cache", 6_379),
        flow("cart", "db", 5_432),
    ]);
    spec.services.insert(2, cart);
    spec
}

/// Every shape by what it is called here.
pub(crate) fn all() -> Vec<(&'static str, Spec)> {
    vec![
        ("seed", seed()),
        ("managed", managed()),
        ("valkey", valkey()),
        ("mixed", mixed()),
        ("sliced", sliced(seed())),
        ("sliced managed", sliced(managed())),
        ("sliced valkey", sliced(valkey())),
        ("guarded", guarded(seed())),
        ("guarded managed", guarded(managed())),
        ("single", single()),
        ("shop", shop()),
    ]
}
