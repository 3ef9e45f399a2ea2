//! What each service carries: the load, the servers, and how busy they are in each state.

use domain::demand::ServiceIndex;
use domain::intent::ServiceKind;
use domain::plan::{Resource, Sizing};
use domain::units::{Erlangs, MilliUnits, RequestsPerSecond};

use crate::model::Model;
use crate::optimise::Optimum;
use crate::option::{Copies, ServiceOption};

pub(super) fn all(model: &Model<'_>, optimum: &Optimum<'_>) -> Vec<Sizing> {
    model
        .demand
        .service_indices()
        .zip(&optimum.options)
        .map(|(index, option)| sizing(model, optimum, index, option))
        .collect()
}

fn sizing(
    model: &Model<'_>,
    optimum: &Optimum<'_>,
    index: ServiceIndex,
    option: &ServiceOption<'_>,
) -> Sizing {
    let rate = RequestsPerSecond::of(model.traffic.rates[index.0]);
    let Some(candidate) = option.candidate else {
        return Sizing {
            arrival_rate: rate,
            offered_load: Erlangs::ZERO,
            servers: 0,
            at_peak: 0.0,
            with_headroom: 0.0,
            instance_down: None,
            zone_lost: None,
            expected_replicas: MilliUnits::ZERO,
            bottleneck: Resource::Floor,
        };
    };
    let load = model.reference_load(index) / candidate.speed;
    let serving = match option.copies {
        Copies::Active => option.replicas,
        Copies::Standby | Copies::Single => option.shards,
    };
    let busy = |instances: u32, factor: f64| {
        load * factor / (f64::from(option.servers) * f64::from(instances)).max(1e-9)
    };
    let active = option.copies == Copies::Active;
    let left = serving.saturating_sub(1);
    let after_zone = optimum.layout.after_zone_loss(option.replicas);
    Sizing {
        arrival_rate: rate,
        offered_load: Erlangs::of(load),
        servers: option.servers * serving,
        at_peak: busy(serving, 1.0),
        with_headroom: busy(serving, model.headroom),
        instance_down: active.then(|| busy(left, 1.0)).filter(|_| left > 0),
        zone_lost: active.then(|| busy(after_zone, 1.0)).filter(|_| after_zone > 0),
        expected_replicas: MilliUnits::rounded_up(option.expected_replicas),
        bottleneck: bottleneck(model, index, option, busy(serving, 1.0)),
    }
}

/// What keeps the service from running on less: the processor where it is near its cap, otherwise
/// the memory of a cache, otherwise the floor of redundancy.
fn bottleneck(
    model: &Model<'_>,
    index: ServiceIndex,
    option: &ServiceOption<'_>,
    at_peak: f64,
) -> Resource {
    let rules = &model.demand.rules;
    let service = model.demand.service(index);
    let cap = match service.kind {
        ServiceKind::Service | ServiceKind::Balancer => rules.utilisation_stateless,
        ServiceKind::Cache => rules.utilisation_cache,
        ServiceKind::Sql => rules.utilisation_sql,
    };
    let smallest = option.replicas <= rules.replicas_min.max(2);
    if at_peak >= cap.value() / 2.0 || !smallest {
        Resource::Cpu
    } else if service.kind == ServiceKind::Cache {
        Resource::Memory
    } else {
        Resource::Floor
    }
}
