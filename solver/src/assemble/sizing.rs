//! What each service carries: the load, the servers, and how busy they are in each state.

use domain::demand::ServiceIndex;
use domain::intent::ServiceKind;
use domain::plan::{Resource, Sizing};
use domain::units::{Erlangs, MilliUnits, RequestsPerSecond};

use crate::layout::Layout;
use crate::model::Model;
use crate::optimise::Optimum;
use crate::option::{Copies, ServiceOption, Standing};
use crate::screen::Candidate;

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
    if let Some(standing) = option.standing {
        let fleet = Mixed::new(&optimum.layout, option, (&standing, &candidate));
        return mixed(model, index, option, &fleet);
    }
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

/// A fleet of two offers, in servers of the following one.
struct Mixed {
    /// How much faster a standing server is.
    faster: f64,
    /// Standing and following instances.
    counts: (u32, u32),
    /// The same, of the zone that can do most.
    zone: (u32, u32),
}

impl Mixed {
    fn new(
        layout: &Layout<'_>,
        option: &ServiceOption<'_>,
        (standing, following): (&Standing<'_>, &Candidate<'_>),
    ) -> Self {
        let faster = standing.candidate.speed / following.speed;
        let counts = (standing.count, option.replicas - standing.count);
        let stands = layout.spread(counts.0);
        let follows = layout.spread_beside(&stands, counts.1);
        let zones = stands.into_iter().zip(follows);
        let zone = zones.reduce(|a, b| {
            let able = |(stands, follows)| f64::from(stands) * faster + f64::from(follows);
            if able(b) > able(a) { b } else { a }
        });
        Self { faster, counts, zone: zone.unwrap_or_default() }
    }

    /// So many standing and following instances, in following ones.
    fn able(&self, (stands, follows): (u32, u32)) -> f64 {
        f64::from(stands) * self.faster + f64::from(follows)
    }
}

fn mixed(
    model: &Model<'_>,
    index: ServiceIndex,
    option: &ServiceOption<'_>,
    fleet: &Mixed,
) -> Sizing {
    let speed = option.candidate.map_or(1.0, |candidate| candidate.speed);
    let load = model.reference_load(index) / speed;
    let busy = |able: f64, factor: f64| load * factor / (f64::from(option.servers) * able);
    let whole = fleet.able(fleet.counts);
    let one_down = whole - fleet.faster.max(1.0);
    let zone_lost = whole - fleet.able(fleet.zone);
    let some = |able: f64| (able > 1e-9).then(|| busy(able, 1.0));
    Sizing {
        arrival_rate: RequestsPerSecond::of(model.traffic.rates[index.0]),
        // On servers as fast as all of them on average.
        offered_load: Erlangs::of(load * f64::from(option.replicas) / whole),
        servers: option.servers * option.replicas,
        at_peak: busy(whole, 1.0),
        with_headroom: busy(whole, model.headroom),
        instance_down: some(one_down),
        zone_lost: some(zone_lost),
        expected_replicas: MilliUnits::rounded_up(option.expected_replicas),
        bottleneck: bottleneck(model, index, option, busy(whole, 1.0)),
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
        ServiceKind::Service
        | ServiceKind::Balancer
        | ServiceKind::Queue
        | ServiceKind::External => model.busiest(index),
        ServiceKind::Cache => rules.utilisation_cache.value(),
        ServiceKind::Sql => rules.utilisation_sql.value(),
    };
    let smallest = option.replicas <= rules.replicas_min.max(2);
    if at_peak >= cap / 2.0 || !smallest {
        Resource::Cpu
    } else if service.kind == ServiceKind::Cache {
        Resource::Memory
    } else {
        Resource::Floor
    }
}
