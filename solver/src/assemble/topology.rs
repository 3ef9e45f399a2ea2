//! The topology: machines by zone, how they are balanced and scaled, and what they admit.

use domain::demand::{ServiceDemand, ServiceIndex};
use domain::intent::ServiceKind;
use domain::offer::{Provider, PurchaseTerm};
use domain::topology::{
    Autoscaler, Connections, Deployment, HealthCheck, InstanceLimits, Pool, Redundancy, Topology,
};
use domain::units::{Gigabits, Ratio, Seconds, Speed};

use crate::model::Model;
use crate::optimise::Optimum;
use crate::option::{Copies, ServiceOption, takes_weights};
use crate::purchase::{self, Item};
use crate::screen::{Candidate, Platform, managed_sql};

/// What a service of somebody else is, in place of a product.
const EXTERNAL: &str = "external";
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
        cdn: cdn(model, optimum),
        services,
    }
}

fn cdn(model: &Model<'_>, optimum: &Optimum<'_>) -> Option<String> {
    let sold = optimum.layout.region.cdn.as_ref().filter(|_| model.demand.cdn.is_some());
    sold.map(|cdn| cdn.product.clone())
}

fn deployment(
    model: &Model<'_>,
    optimum: &Optimum<'_>,
    index: ServiceIndex,
    option: &ServiceOption<'_>,
) -> Deployment {
    let service = model.demand.service(index);
    let sql = service.kind == ServiceKind::Sql;
    Deployment {
        product: product(optimum, service, option),
        limits: limits(model, index, option),
        pools: pools(model, optimum, index, option),
        balancing: option.balancing,
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
        (ServiceKind::Queue, _) => {
            optimum.layout.region.queue.as_ref().map(|queue| queue.product.clone())
        }
        (ServiceKind::Cache, Provider::Aws) => Some("aws.elasticache".to_owned()),
        (ServiceKind::Cache, provider) => Some(format!("{provider}.managed_cache")),
        (ServiceKind::Sql, provider) => Some(managed_sql(provider)),
        (ServiceKind::External, _) => Some(EXTERNAL.to_owned()),
        (ServiceKind::Service, _) => None,
    }
}

/// Its machines. Those that stand in a mixed fleet come first and have no autoscaler.
fn pools(
    model: &Model<'_>,
    optimum: &Optimum<'_>,
    index: ServiceIndex,
    option: &ServiceOption<'_>,
) -> Vec<Pool> {
    let weighed = option.standing.is_some() && takes_weights(model.demand, &optimum.layout, index);
    let slowest = option.pools().map(|(candidate, _)| candidate.speed).fold(f64::MAX, f64::min);
    let last = option.pools().count().saturating_sub(1);
    let mut standing: Option<Vec<u32>> = None;
    let mut pools = Vec::new();
    for (at, (candidate, count)) in option.pools().enumerate() {
        let per_zone = match &standing {
            Some(standing) => optimum.layout.spread_beside(standing, count),
            None => optimum.layout.spread(count),
        };
        let weight = if weighed { weight(candidate.speed / slowest) } else { 1 };
        let follows = at == last && option.copies == Copies::Active;
        let autoscaler = follows.then(|| autoscaler(model, index, option, &candidate));
        let pool = pool(&candidate, (option.servers, weight), per_zone.clone(), autoscaler);
        pools.push(bought(pool, &option.items, at));
        standing = Some(per_zone);
    }
    pools
}

/// A pool with the terms that its hours are bought on.
fn bought(pool: Pool, items: &[Item], at: usize) -> Pool {
    let mut own = items.iter().filter(|item| item.pool == at);
    let promise = own.find_map(|item| item.promise);
    let commitment = promise.map(|promise| promise.commitment);
    let all = commitment.filter(|own| own.instances >= pool.most());
    let term = all.map_or(PurchaseTerm::OnDemand, |own| own.term);
    Pool { term, commitment, ..pool }
}

/// What an instance is meant to take of the calls, where the slowest takes 100.
fn weight(faster: f64) -> u32 {
    whole((faster * 100.0).round())
}

/// Active instances are spread evenly; every shard has its node in one zone and the copy in the
/// next, so that the primaries are spread over the zones as well.
fn pool(
    candidate: &Candidate<'_>,
    (servers, weight): (u32, u32),
    per_zone: Vec<u32>,
    autoscaler: Option<Autoscaler>,
) -> Pool {
    let offer = candidate.offer;
    Pool {
        sku: offer.sku.clone(),
        family: offer.family.clone(),
        architecture: offer.architecture,
        vcpus: offer.vcpus(),
        memory: offer.memory,
        network: offer.network.unwrap_or(Gigabits::from_megabits(0)),
        servers,
        speed: Speed::of(candidate.speed),
        weight,
        per_zone,
        term: PurchaseTerm::OnDemand,
        commitment: None,
        autoscaler,
    }
}

fn autoscaler(
    model: &Model<'_>,
    index: ServiceIndex,
    option: &ServiceOption<'_>,
    candidate: &Candidate<'_>,
) -> Autoscaler {
    let stands = option.standing.map_or(0, |standing| standing.count);
    let able = |(candidate, count): (Candidate<'_>, u32)| {
        candidate.speed * f64::from(count) * f64::from(option.servers)
    };
    let utilisation = model.reference_load(index) / option.pools().map(able).sum::<f64>();
    // Where redundancy sets the number, the fleet never falls below it and load does not explain
    // it: what a machine does by itself must not be taken for more load than was planned for.
    let idle = option.floor == option.replicas;
    let least = if idle { model.assumption("autoscaler.target_min") } else { 0.0 };
    // Rounded up, so that the stated peak asks for the fleet that was bought and no more.
    let target = ((utilisation.max(least) - NOISE) * 1_000.0).ceil().clamp(1.0, 1_000.0) / 1_000.0;
    Autoscaler {
        min: option.floor - stands,
        max: option.ceiling - stands,
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
    let each = option.pools().map(|(candidate, _)| limits_of(model, index, option, &candidate));
    each.reduce(|one, other| InstanceLimits {
        queue: one.queue.min(other.queue),
        in_flight: one.in_flight.min(other.in_flight),
    })
}

/// What an instance of that offer admits.
fn limits_of(
    model: &Model<'_>,
    index: ServiceIndex,
    option: &ServiceOption<'_>,
    candidate: &Candidate<'_>,
) -> InstanceLimits {
    let service = model.demand.service(index);
    let service_time = model.traffic.all.work[index.0].mean / candidate.speed;
    let work = service.on_failure.queue.value() * f64::from(option.servers);
    let queue = whole(work / service_time.max(1e-9));
    let in_flight = match service.kind {
        ServiceKind::Service | ServiceKind::Balancer => {
            let usable = model.assumption("service.memory_usable");
            purchase::in_flight_limit(service, candidate.offer.memory, usable)
        }
        ServiceKind::Cache | ServiceKind::Sql | ServiceKind::Queue | ServiceKind::External => {
            queue.saturating_add(option.servers)
        }
    };
    InstanceLimits { queue, in_flight }
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
                ServiceKind::Cache
                | ServiceKind::Service
                | ServiceKind::Balancer
                | ServiceKind::Queue
                | ServiceKind::External => faults.cache_failover.duration,
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

fn health_check(model: &Model<'_>) -> HealthCheck {
    HealthCheck {
        interval: model.assumed_time("health_check.interval"),
        timeout: model.assumed_time("health_check.timeout"),
        unhealthy_after: whole(model.assumption("health_check.unhealthy_after")),
        healthy_after: whole(model.assumption("health_check.healthy_after")),
    }
}
