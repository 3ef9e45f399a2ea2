//! The instances of a service: where they stand, and which of them serve.

use domain::topology::Pool;

use super::{Condition, System};
use crate::model::Instance;

impl System<'_> {
    /// The instances of a service in a condition.
    pub(crate) fn instances(&self, service: usize, condition: &Condition) -> Vec<Instance> {
        let deployment = &self.topology.services[service];
        let mut instances = if self.has_standbys(service) {
            self.pairs(service)
        } else {
            let fleet = condition.fleet.iter().find(|(of, _)| *of == service);
            match (fleet, deployment.pools.first()) {
                (Some((_, count)), Some(pool)) => self.fleet(service, pool, *count),
                _ => self.all(service),
            }
        };
        for instance in &mut instances {
            let lost = condition.lost_zones.contains(&instance.zone);
            instance.serving &= !lost && !condition.dead.contains(&service);
        }
        if self.has_standbys(service) {
            if let Some(primary) = instances.first_mut() {
                primary.serving &= !condition.failed_over.contains(&service);
            }
            take_over(&mut instances, condition, condition.dead.contains(&service));
        }
        for (_, count) in condition.down.iter().filter(|(of, _)| *of == service) {
            for index in fullest_first(&instances, *count) {
                instances[index].serving = false;
            }
        }
        instances
    }

    /// Every instance of every pool, dealt to the shards in turn.
    fn all(&self, service: usize) -> Vec<Instance> {
        let deployment = &self.topology.services[service];
        let mut instances = Vec::new();
        for (number, pool) in (0..).zip(&deployment.pools) {
            for (zone, count) in (0..).zip(&pool.per_zone) {
                for _ in 0..*count {
                    instances.push(self.instance(service, pool, number, zone));
                }
            }
        }
        deal(&mut instances, deployment.shards.max(1));
        instances
    }

    /// So many instances of a pool as an autoscaler keeps, spread evenly over the zones that the
    /// pool stands in.
    fn fleet(&self, service: usize, pool: &Pool, count: u32) -> Vec<Instance> {
        let zones: Vec<u16> = (0..)
            .zip(&pool.per_zone)
            .filter(|(_, instances)| **instances > 0)
            .map(|(zone, _)| zone)
            .collect();
        let zones = if zones.is_empty() { vec![0] } else { zones };
        let zone = |index: u32| zones[index as usize % zones.len()];
        let mut instances: Vec<Instance> =
            (0..count).map(|index| self.instance(service, pool, 0, zone(index))).collect();
        deal(&mut instances, self.topology.services[service].shards.max(1));
        instances
    }

    /// A primary and its standby for each shard.
    fn pairs(&self, service: usize) -> Vec<Instance> {
        let deployment = &self.topology.services[service];
        let Some(pool) = deployment.pools.first() else {
            return Vec::new();
        };
        let first = primary_zone(pool);
        let next = (first + 1) % u16::from(self.topology.zones.max(1));
        let mut instances = Vec::new();
        for shard in 0..deployment.shards.max(1) {
            let primary = Instance { shard, ..self.instance(service, pool, 0, first) };
            let standby = Instance { zone: next, serving: false, ..primary };
            instances.extend([primary, standby]);
        }
        instances
    }

    fn instance(&self, service: usize, pool: &Pool, number: u16, zone: u16) -> Instance {
        let most = self.demand.services[service].servers_max.unwrap_or(u32::MAX);
        Instance {
            zone,
            pool: number,
            shard: 0,
            servers: pool.servers.min(most),
            speed: pool.speed.value().max(1e-9),
            weight: 1.0,
            serving: true,
        }
    }
}

/// The zone that primaries stand in: the first one that their pool has a machine in.
fn primary_zone(pool: &Pool) -> u16 {
    let mut zones = (0..).zip(&pool.per_zone);
    zones.find(|(_, count)| **count > 0).map_or(0, |(zone, _)| zone)
}

/// Deals instances to shards in turn.
fn deal(instances: &mut [Instance], shards: u32) {
    for (index, instance) in (0..).zip(instances) {
        instance.shard = index % shards;
    }
}

/// Standbys serve for primaries that do not, unless they are lost as well.
fn take_over(instances: &mut [Instance], condition: &Condition, dead: bool) {
    for pair in instances.chunks_exact_mut(2) {
        let lost = condition.lost_zones.contains(&pair[1].zone);
        pair[1].serving = !pair[0].serving && !lost && !dead;
    }
}

/// The places of so many serving instances, each the last one of the zone that has most left; of
/// the first such zone where several are as full.
fn fullest_first(instances: &[Instance], count: u32) -> Vec<usize> {
    let zones = instances.iter().map(|instance| usize::from(instance.zone) + 1).max();
    let mut by_zone = vec![Vec::new(); zones.unwrap_or(0)];
    for (index, instance) in instances.iter().enumerate() {
        if instance.serving {
            by_zone[usize::from(instance.zone)].push(index);
        }
    }
    let mut taken = Vec::new();
    for _ in 0..count {
        let most = by_zone.iter().map(Vec::len).max().unwrap_or(0);
        let fullest = by_zone.iter_mut().find(|zone| zone.len() == most);
        match fullest.and_then(Vec::pop) {
            Some(index) => taken.push(index),
            None => break,
        }
    }
    taken
}
