//! Services as a generator writes them down.

use std::collections::BTreeMap;

use domain::demand::{Demand, ServiceDemand, ServiceIndex};
use domain::intent::{Intent, ServiceKind};
use domain::ledger::{Ledger, Value};
use domain::name::Name;
use domain::objective::Operations;
use domain::plan::{Bill, Plan, Sizing};
use domain::spec::{
    AutoscalingPart, CommittedPart, ConnectionsPart, HealthCheckPart, Listener, OfferPart,
    Platform, Process, RedundancyPart, Replicas, Rollout, RolloutStrategy, ServicePart, SizingPart,
    Utilisation, Volume,
};
use domain::topology::{Autoscaler, Deployment, Pool, Redundancy};

use super::measure::{busy, micro_rps, micros, milli, ppm, ratio};
use super::{demand, guarded, network, recovery, settled};

/// One service of a plan.
pub(super) fn service(
    (intent, demand, plan): (&Intent, &Demand, &Plan),
    index: ServiceIndex,
) -> ServicePart {
    let service = demand.service(index);
    let deployment = &plan.topology.services[index.0];
    let sizing = &plan.sizing[index.0];
    let targets = network::targets(demand, index);
    let platform = platform(deployment);
    let disk = |parts: &[&str]| disk_product(&plan.bill, &service.name, parts);
    ServicePart {
        name: service.name.clone(),
        kind: service.kind,
        platform,
        product: deployment.product.clone(),
        engine: service.data.as_ref().map(|data| data.engine.clone()),
        engine_version: service.data.as_ref().map(|data| data.engine_version.clone()),
        subnet: network::group(service.kind),
        port: service.interface.port,
        listener: (service.kind == ServiceKind::Balancer).then(|| listener(service)),
        targets: targets.iter().map(|to| demand.service(*to).name.clone()).collect(),
        algorithm: deployment.balancing,
        redundancy: redundancy(deployment),
        shards: deployment.shards,
        offers: deployment.pools.iter().map(offer).collect(),
        replicas: replicas(deployment, sizing),
        health_check: health_check(service, deployment),
        rollout: rollout(demand, service, deployment),
        process: process(deployment),
        // A queue is told nothing: it hands a message over until it is done.
        resilience: (!targets.is_empty() && service.kind != ServiceKind::Queue)
            .then(|| demand::failure(&service.on_failure)),
        root_volume: (platform == Platform::Vm)
            .then(|| root_volume(&demand.ledger, disk(&["disk"])))
            .flatten(),
        volume: deployment.storage.map(|size| {
            let product = disk(&["data", "storage"]);
            volume(product, size.value())
        }),
        connections: deployment.connections.map(|connections| ConnectionsPart {
            max: connections.max,
            pool_per_instance: connections.pool_per_instance,
        }),
        backup: guarded::backup(demand, index, &plan.topology),
        holds: guarded::holds(intent, &service.name),
        encryption: guarded::encryption(demand, index),
        recovery: recovery::part(demand, index, deployment),
        schedule: super::hours::schedule(demand, service, deployment),
        sizing: sizing_part(sizing),
    }
}

/// Who runs it: a service that is no managed product runs on machines of our own.
pub(super) fn platform(deployment: &Deployment) -> Platform {
    match deployment.product {
        Some(_) => Platform::Managed,
        None => Platform::Vm,
    }
}

fn listener(service: &ServiceDemand) -> Listener {
    Listener {
        port: service.interface.port,
        protocol: "https".into(),
        tls_min: settled::TLS_MIN.into(),
        idle_timeout_us: settled::IDLE_TIMEOUT_US,
    }
}

pub(super) fn redundancy(deployment: &Deployment) -> RedundancyPart {
    match deployment.redundancy {
        Redundancy::Active => RedundancyPart::Active {},
        Redundancy::Standby { failover } => {
            RedundancyPart::Standby { failover_us: micros(failover) }
        }
        Redundancy::Single => RedundancyPart::Single {},
    }
}

pub(super) fn offer(pool: &Pool) -> OfferPart {
    OfferPart {
        instance_type: pool.sku.clone(),
        family: pool.family.clone(),
        architecture: pool.architecture,
        vcpu: pool.vcpus,
        memory_mib: pool.memory.value(),
        network_mbps: Some(pool.network.megabits()).filter(|megabits| *megabits > 0),
        servers: pool.servers,
        speed_ppm: ppm(pool.speed.value()),
        weight: pool.weight,
        purchase: pool.term,
        committed: pool.commitment.map(|own| CommittedPart {
            term: own.term,
            months: own.months(),
            instances: own.instances,
        }),
        per_zone: by_zone(pool.per_zone.iter().copied()),
        autoscaling: pool.autoscaler.as_ref().map(autoscaling),
    }
}

fn by_zone(counts: impl Iterator<Item = u32>) -> BTreeMap<Name, u32> {
    counts.enumerate().map(|(index, count)| (network::zone_name(index), count)).collect()
}

fn autoscaling(scaler: &Autoscaler) -> AutoscalingPart {
    AutoscalingPart {
        metric: "cpu_utilisation".into(),
        target_ppm: ratio(scaler.target),
        min: scaler.min,
        max: scaler.max,
        period_us: micros(scaler.period),
        warmup_us: micros(scaler.warm_up),
        scale_in_window_us: micros(scaler.scale_in_window),
        drain_us: micros(scaler.drain),
    }
}

fn replicas(deployment: &Deployment, sizing: &Sizing) -> Option<Replicas> {
    if deployment.pools.is_empty() {
        return None;
    }
    let bound = |limit: fn(&Autoscaler) -> u32| {
        let pools = deployment.pools.iter();
        pools.map(|pool| pool.autoscaler.as_ref().map_or(pool.replicas(), limit)).sum()
    };
    let zones = deployment.pools.iter().map(|pool| pool.per_zone.len()).max();
    let in_zone = |zone: usize| {
        let pools = deployment.pools.iter();
        pools.filter_map(|pool| pool.per_zone.get(zone)).sum()
    };
    Some(Replicas {
        peak: deployment.replicas(),
        min: bound(|scaler| scaler.min),
        max: bound(|scaler| scaler.max),
        per_zone: by_zone((0..zones.unwrap_or(0)).map(in_zone)),
        expected_milli: sizing.expected_replicas.thousandths(),
    })
}

fn health_check(service: &ServiceDemand, deployment: &Deployment) -> HealthCheckPart {
    let check = &deployment.health_check;
    let path = service.interface.health_path.clone();
    HealthCheckPart {
        protocol: if path.is_some() { "http" } else { "tcp" }.into(),
        path,
        interval_us: micros(check.interval),
        timeout_us: micros(check.timeout),
        unhealthy_threshold: check.unhealthy_after,
        healthy_threshold: check.healthy_after,
    }
}

/// Only code of the owner is rolled out; the faults of change were counted for these operations.
fn rollout(demand: &Demand, service: &ServiceDemand, deployment: &Deployment) -> Option<Rollout> {
    if service.kind != ServiceKind::Service {
        return None;
    }
    let drains = deployment.pools.iter().filter_map(|pool| pool.autoscaler);
    Some(Rollout {
        strategy: match demand.operations {
            Operations::Basic | Operations::Standard => RolloutStrategy::Rolling,
            Operations::Advanced => RolloutStrategy::Canary,
        },
        max_surge: settled::rollout_surge(deployment.replicas()),
        max_unavailable: 0,
        drain_us: drains.map(|scaler| micros(scaler.drain)).max().unwrap_or(settled::DRAIN_US),
    })
}

pub(super) fn process(deployment: &Deployment) -> Option<Process> {
    let limits = deployment.limits?;
    Some(Process { queue_limit: limits.queue, max_in_flight: limits.in_flight })
}

/// The product of a service's disks: the first word of what its bill names. The last part of the
/// line's identifier says which disks they are.
fn disk_product(bill: &Bill, service: &Name, parts: &[&str]) -> Option<String> {
    let mut lines = bill.lines.iter();
    let line = lines.find(|line| {
        let part = line.id.rsplit('.').next().unwrap_or_default();
        line.service == service.as_str() && parts.contains(&part)
    })?;
    line.sku.split_whitespace().next().map(str::to_owned)
}

/// The size of root disks is an assumption of the bill, so it is taken from the ledger.
fn root_volume(ledger: &Ledger, product: Option<String>) -> Option<Volume> {
    match ledger.find("disk.size")?.value {
        Value::Number(mebibytes) => Some(volume(product, milli(mebibytes) / 1_000)),
        Value::Choice(_) => None,
    }
}

fn volume(product: Option<String>, size_mib: u64) -> Volume {
    Volume { product, size_mib, encrypted: true }
}

fn sizing_part(sizing: &Sizing) -> SizingPart {
    SizingPart {
        arrival_micro_rps: micro_rps(sizing.arrival_rate),
        load_erlang_milli: milli(sizing.offered_load.value()),
        servers: sizing.servers,
        utilisation_permille: Utilisation {
            peak: busy(sizing.at_peak),
            headroom: busy(sizing.with_headroom),
            instance_down: sizing.instance_down.map(busy),
            zone_lost: sizing.zone_lost.map(busy),
        },
        bottleneck: sizing.bottleneck,
    }
}
