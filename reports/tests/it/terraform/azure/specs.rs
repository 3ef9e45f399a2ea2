//! Specs of several shapes as they are planned on Azure: with everything on machines of our own,
//! as the catalog has no price of a managed product there; and one with managed data.

use std::collections::BTreeMap;

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::{Architecture, Provider};
use domain::spec::{
    AutoscalingPart, EncryptionPart, OfferPart, Platform, RedundancyPart, RolloutStrategy,
    ServicePart, Spec, Volume, Zone,
};

use crate::terraform::aws::specs as aws;

fn disk(size_mib: u64) -> Volume {
    Volume { product: Some("premium_ssd".into()), size_mib, encrypted: true }
}

/// So many machines in each of the zones z1, z2 …
fn per_zone(counts: &[u32]) -> BTreeMap<Name, u32> {
    let zones = counts.iter().enumerate();
    zones.map(|(at, count)| (Name::of(&format!("z{}", at + 1)), *count)).collect()
}

/// Puts machines of a kind in zones.
fn stand(service: &mut ServicePart, counts: &[u32]) {
    let counts = per_zone(counts);
    service.offers[0].per_zone.clone_from(&counts);
    let replicas = service.replicas.as_mut().expect("it has machines");
    replicas.peak = counts.values().sum();
    replicas.per_zone = counts;
}

/// The seed phrase as it is planned on Azure.
pub(in crate::terraform) fn seed() -> Spec {
    let mut spec = aws::seed();
    spec.placement.provider = Provider::Azure;
    spec.placement.region = Name::of("eastus");
    let app = spec.services[1].clone();
    let machine = OfferPart {
        instance_type: "Standard_D2pls_v6".into(),
        architecture: Architecture::Arm64,
        vcpu: 2,
        memory_mib: 4_096,
        autoscaling: None,
        ..app.offers[0].clone()
    };
    for service in &mut spec.services {
        service.platform = Platform::Vm;
        service.product = None;
        service.root_volume = Some(disk(20_480));
        service.volume = service.volume.take().map(|own| disk(own.size_mib));
        let old = std::mem::replace(&mut service.offers, vec![machine.clone()]);
        if let Some(old) = old.first() {
            service.offers[0].per_zone.clone_from(&old.per_zone);
            service.offers[0].autoscaling.clone_from(&old.autoscaling);
        }
    }
    spec.services[1].offers[0].instance_type = "Standard_D2als_v7".into();
    spec.services[1].offers[0].architecture = Architecture::X86_64;
    spec.services[0].replicas.clone_from(&app.replicas);
    stand(&mut spec.services[0], &[2, 2]);
    spec.services[0].offers[0].autoscaling = Some(AutoscalingPart {
        metric: "cpu_utilisation".into(),
        target_ppm: 57_000,
        min: 2,
        max: 6,
        period_us: 60_000_000,
        warmup_us: 210_000_000,
        scale_in_window_us: 300_000_000,
        drain_us: 30_000_000,
    });
    spec
}

/// Two kinds of machines, of two instruction sets: one stands, the other follows the load.
fn mixed() -> Spec {
    let mut spec = seed();
    let app = &mut spec.services[1];
    let mut standing = app.offers[0].clone();
    standing.instance_type = "Standard_D4pls_v6".into();
    standing.architecture = Architecture::Arm64;
    standing.per_zone = per_zone(&[2, 0]);
    standing.autoscaling = None;
    app.offers.insert(0, standing);
    spec
}

/// A database in three slices without copies, and a cache in five with them.
fn sliced() -> Spec {
    let mut spec = seed();
    spec.services[2].shards = 5;
    stand(&mut spec.services[2], &[5, 5]);
    spec.services[3].shards = 3;
    stand(&mut spec.services[3], &[2, 1]);
    spec.services[3].redundancy = RedundancyPart::Single {};
    spec.services[3].backup = None;
    spec
}

/// Another engine, encrypted flows and a canary, in three zones.
fn guarded() -> Spec {
    let mut spec = seed();
    let third = Name::of("z3");
    spec.placement.zones.push(Zone { id: third.clone() });
    let more = spec.network.subnets.iter().filter(|own| own.zone.as_str() == "z2");
    let more: Vec<_> = more
        .map(|own| domain::spec::Subnet {
            name: Name::of(&own.name.as_str().replace("z2", "z3")),
            zone: third.clone(),
            cidr: own.cidr.replace("10.0.1.", "10.0.2.").replace(".68.", ".72."),
            ..own.clone()
        })
        .map(|own| domain::spec::Subnet { cidr: own.cidr.replace(".17.", ".18."), ..own })
        .collect();
    spec.network.subnets.extend(more);
    for flow in &mut spec.network.flows {
        flow.encrypted = true;
    }
    for service in &mut spec.services {
        service.encryption = Some(EncryptionPart { at_rest: true, in_transit: true });
    }
    spec.services[1].health_check.path = None;
    if let Some(rollout) = &mut spec.services[1].rollout {
        rollout.strategy = RolloutStrategy::Canary;
    }
    spec.services[3].engine = Some("mysql".into());
    spec.services[3].engine_version = Some("8.4".into());
    spec
}

/// Everything once, in one zone.
fn single() -> Spec {
    let mut spec = seed();
    spec.placement.zones.truncate(1);
    spec.network.subnets.retain(|subnet| subnet.zone.as_str() == "z1");
    for service in &mut spec.services {
        stand(service, &[1]);
        if [ServiceKind::Sql, ServiceKind::Cache].contains(&service.kind) {
            service.redundancy = RedundancyPart::Single {};
        }
        for scaler in service.offers.iter_mut().filter_map(|own| own.autoscaling.as_mut()) {
            (scaler.min, scaler.max) = (1, 2);
        }
    }
    spec
}

/// A database and a cache that Azure runs.
pub(super) fn managed() -> Spec {
    let mut spec = seed();
    for (at, product, offer) in
        [(2, "azure.managed_cache", "Premium_P2"), (3, "azure.managed_sql", "GP_Standard_D4ds_v5")]
    {
        let service = &mut spec.services[at];
        service.platform = Platform::Managed;
        service.product = Some(product.into());
        service.offers[0].instance_type = offer.into();
        service.root_volume = None;
    }
    spec.services[2].engine = Some("redis".into());
    spec.services[2].engine_version = Some("6".into());
    spec
}

/// Every shape by what it is called here.
pub(in crate::terraform) fn all() -> Vec<(&'static str, Spec)> {
    vec![
        ("seed", seed()),
        ("mixed", mixed()),
        ("sliced", sliced()),
        ("guarded", guarded()),
        ("single", single()),
        ("managed", managed()),
    ]
}
