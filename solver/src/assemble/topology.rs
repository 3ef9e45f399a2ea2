//! The topology: machines by zone, how they are balanced and scaled, and what they admit.

use domain::demand::{ServiceDemand, ServiceIndex};
use domain::intent::ServiceKind;
use domain::ledger::Value;
use domain::offer::{Provider, PurchaseTerm};
use domain::topology::{
    Autoscaler, Balancing, Connections, Deployment, HealthCheck, InstanceLimits, Pool, Redundancy,
    Topology,
};
use domain::units::{Gigabits, Ratio, Seconds, Speed};

use crate::model::Model;
use crate::optimise::Optimum;
use crate::option::{Copies, ServiceOption};
use crate::purchase;
use crate::screen::{Candidate, Platform};

/// What floating numbers may err by: a count that is whole but for this is whole.
const NOISE: f64 = 1e-9;

pub(super) fn topology(model: &Model<'_>, optimum: &Optimum<'_>) -> Topology {
    let services = model
        .demand
        .service_indices()
        .zip(&optimum.options)
        .map(|(index, option)| deployment(model, optimum, index, option))
        .collect();
    Topology {
        provider: optimum.layout.region.provider,
        region: optimum.layout.region.name.clone(),
        zones: optimum.layout.zones,
        services,
    }
}

fn deployment(
    model: &Model<'_>,
    optimum: &Optimum<'_>,
    index: ServiceIndex,
    option: &ServiceOption<'_>,
) -> Deployment {
    let service = model.demand.service(index);
    let pool = option.candidate.map(|found| pool(model, optimum, index, (option, &found)));
    let sql = service.kind == ServiceKind::Sql;
    Deployment {
        product: product(optimum, service, option),
        limits: limits(model, index, option),
        pools: pool.into_iter().collect(),
        balancing: balancing(model),
        redundancy: redundancy(model, service, option),
        shards: option.shards,
        storage: service.data.as_ref().filter(|_| sql).map(|data| data.size),
        connections: sql.then(|| connections(model, index, option)),
        health_check: health_check(model),
    }
}

fn product(
    optimum: &Optimum<'_>,
    service: &ServiceDemand,
    option: &ServiceOption<'_>,
) -> Option<String> {
    if option.platform == Platform::SelfRun {
        return None;
    }
    let provider = optimum.layout.region.provider;
    match (service.kind, provider) {
        (ServiceKind::Balancer, _) => {
            optimum.layout.region.balancer.as_ref().map(|balancer| balancer.product.clone())
        }
        (ServiceKind::Cache, Provider::Aws) => Some("aws.elasticache".to_owned()),
        (ServiceKind::Sql, Provider::Aws) => Some("aws.rds".to_owned()),
        (ServiceKind::Cache, provider) => Some(format!("{provider}.managed_cache")),
        (ServiceKind::Sql, provider) => Some(format!("{provider}.managed_sql")),
        (ServiceKind::Service, _) => None,
    }
}

fn pool(
    model: &Model<'_>,
    optimum: &Optimum<'_>,
    index: ServiceIndex,
    (option, candidate): (&ServiceOption<'_>, &Candidate<'_>),
) -> Pool {
    let offer = candidate.offer;
    Pool {
        sku: offer.sku.clone(),
        family: offer.family.clone(),
        architecture: offer.architecture,
        vcpus: offer.vcpus(),
        memory: offer.memory,
        network: offer.network.unwrap_or(Gigabits::from_megabits(0)),
        servers: option.servers,
        speed: Speed::of(candidate.speed),
        weight: 1,
        per_zone: per_zone(optimum, option),
        term: PurchaseTerm::OnDemand,
        autoscaler: (option.copies == Copies::Active)
            .then(|| autoscaler(model, index, option, candidate)),
    }
}

/// Active instances are spread evenly; every shard has its node in one zone and the copy in the
/// next, so that the primaries are spread over the zones as well.
fn per_zone(optimum: &Optimum<'_>, option: &ServiceOption<'_>) -> Vec<u32> {
    optimum.layout.spread(option.replicas)
}

fn autoscaler(
    model: &Model<'_>,
    index: ServiceIndex,
    option: &ServiceOption<'_>,
    candidate: &Candidate<'_>,
) -> Autoscaler {
    let servers = f64::from(option.servers) * f64::from(option.replicas);
    let utilisation = model.reference_load(index) / candidate.speed / servers;
    // Rounded up, so that the stated peak asks for the fleet that was bought and no more.
    let target = ((utilisation - NOISE) * 1_000.0).ceil().clamp(1.0, 1_000.0) / 1_000.0;
    Autoscaler {
        min: option.floor,
        max: option.ceiling,
        target: Ratio::of(target),
        period: model.assumed_time("autoscaler.period"),
        warm_up: boot_time(model, candidate) + model.demand.service(index).startup,
        scale_in_window: model.assumed_time("autoscaler.scale_in_window"),
        drain: model.assumed_time("autoscaler.drain"),
    }
}

/// From the decision to a booted machine, as nine of ten take.
fn boot_time(model: &Model<'_>, candidate: &Candidate<'_>) -> Seconds {
    let provider = candidate.offer.provider;
    model.catalog.boot_times.get(&provider).map_or(Seconds::ZERO, |boot| boot.p90)
}

fn limits(
    model: &Model<'_>,
    index: ServiceIndex,
    option: &ServiceOption<'_>,
) -> Option<InstanceLimits> {
    let candidate = option.candidate?;
    let service = model.demand.service(index);
    let service_time = model.traffic.all.work[index.0].mean / candidate.speed;
    let work = service.on_failure.queue.value() * f64::from(option.servers);
    let queue = whole(work / service_time.max(1e-9));
    let in_flight = match service.kind {
        ServiceKind::Service | ServiceKind::Balancer => {
            let usable = model.assumption("service.memory_usable");
            purchase::in_flight_limit(service, candidate.offer.memory, usable)
        }
        ServiceKind::Cache | ServiceKind::Sql => queue.saturating_add(option.servers),
    };
    Some(InstanceLimits { queue, in_flight })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range just before"
)]
fn whole(count: f64) -> u32 {
    (count - NOISE).ceil().clamp(1.0, 1e9) as u32
}

fn redundancy(
    model: &Model<'_>,
    service: &ServiceDemand,
    option: &ServiceOption<'_>,
) -> Redundancy {
    let faults = &model.demand.faults;
    match option.copies {
        Copies::Active => Redundancy::Active,
        Copies::Single => Redundancy::Single,
        Copies::Standby => Redundancy::Standby {
            failover: match service.kind {
                ServiceKind::Sql => faults.sql_failover.duration,
                ServiceKind::Cache | ServiceKind::Service | ServiceKind::Balancer => {
                    faults.cache_failover.duration
                }
            },
        },
    }
}

fn connections(model: &Model<'_>, index: ServiceIndex, option: &ServiceOption<'_>) -> Connections {
    let data = model.demand.service(index).data.as_ref();
    let reserved = data.map_or(0, |data| data.reserved_connections);
    let offered = u32::try_from(-option.connections).unwrap_or(0);
    Connections {
        max: offered.saturating_add(reserved),
        pool_per_instance: whole(model.assumption("sql.connections_per_instance")),
    }
}

fn balancing(model: &Model<'_>) -> Balancing {
    let policies = [
        Balancing::Random,
        Balancing::RoundRobin,
        Balancing::LeastOutstanding,
        Balancing::PowerOfTwo,
    ];
    let stated = match model.demand.ledger.find("balancing.policy").map(|entry| &entry.value) {
        Some(Value::Choice(stated)) => stated.as_str(),
        _ => "",
    };
    policies
        .into_iter()
        .find(|policy| policy.as_str() == stated)
        .unwrap_or(Balancing::LeastOutstanding)
}

fn health_check(model: &Model<'_>) -> HealthCheck {
    HealthCheck {
        interval: model.assumed_time("health_check.interval"),
        timeout: model.assumed_time("health_check.timeout"),
        unhealthy_after: whole(model.assumption("health_check.unhealthy_after")),
        healthy_after: whole(model.assumption("health_check.healthy_after")),
    }
}
