//! The instances of a service: where they stand, and which of them serve.

use domain::intent::ServiceKind;
use domain::topology::Pool;

use super::{Condition, System};
use crate::model::Instance;

/// As much as a managed queue does at once in a zone: it takes no time, so more is never asked.
const MANAGED: u32 = 1_000;
/// More than can be asked of a service of somebody else at once, which does what it is asked.
const ENDLESS: u32 = 1_000_000;

impl System<'_> {
    /// The instances of a service in a condition.
    pub(crate) fn instances(&self, service: usize, condition: &Condition) -> Vec<Instance> {
        if self.is_queue(service) {
            return self.everywhere(MANAGED);
        }
        if self.is_endless(service) {
            let mut instances = self.everywhere(ENDLESS);
            for instance in &mut instances {
                instance.serving &= !condition.dead.contains(&service);
            }
            return instances;
        }
        let deployment = &self.topology.services[service];
        let mut instances = if self.has_standbys(service) {
            self.pairs(service)
        } else {
            let fleet = condition.fleet.iter().find(|(of, _)| *of == service);
            match (fleet, deployment.pools.as_slice()) {
                (Some((_, count)), [pool]) => self.fleet(service, pool, *count),
                (Some((_, count)), [_, ..]) => self.mixed_fleet(service, *count),
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
            for index in strongest_first(&instances, *count) {
                instances[index].serving = false;
            }
        }
        instances
    }

    /// Whether a service is a managed queue.
    pub(crate) fn is_queue(&self, service: usize) -> bool {
        self.demand.services[service].kind == ServiceKind::Queue
    }

    /// Whether a service is one that nobody waits for a server of: a managed queue, or what is not
    /// ours.
    pub(crate) fn is_endless(&self, service: usize) -> bool {
        matches!(self.demand.services[service].kind, ServiceKind::Queue | ServiceKind::External)
    }

    /// What is reached from every zone, and not lost with one.
    fn everywhere(&self, servers: u32) -> Vec<Instance> {
        let zones = 0..u16::from(self.topology.zones.max(1));
        zones.map(|zone| Instance { zone, ..Instance::with_servers(servers) }).collect()
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

    /// So many instances of several pools: what stands in full, and then of the last pool what an
    /// autoscaler adds to that, each in the zone that has fewest instances by then.
    fn mixed_fleet(&self, service: usize, count: u32) -> Vec<Instance> {
        let pools = &self.topology.services[service].pools;
        let mut instances = self.all(service);
        let last = pools.len() - 1;
        let following = u16::try_from(last).unwrap_or(u16::MAX);
        instances.retain(|instance| instance.pool < following);
        let in_use = |zone: &u16| pools.iter().any(|pool| pool.per_zone[usize::from(*zone)] > 0);
        let zones = (0..u16::from(self.topology.zones)).filter(in_use).collect();
        let missing = (count as usize).saturating_sub(instances.len());
        for zone in emptiest_first(zones, &instances, missing) {
            instances.push(self.instance(service, &pools[last], following, zone));
        }
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

    /// An instance of a pool in a zone.
    pub(super) fn instance(&self, service: usize, pool: &Pool, number: u16, zone: u16) -> Instance {
        let most = self.demand.services[service].servers_max.unwrap_or(u32::MAX);
        Instance {
            zone,
            pool: number,
            shard: 0,
            servers: pool.servers.min(most),
            speed: pool.speed.value().max(1e-9),
            weight: pool.weight.into(),
            serving: true,
        }
    }
}

/// The zone that primaries stand in: the first one that their pool has a machine in.
fn primary_zone(pool: &Pool) -> u16 {
    let mut zones = (0..).zip(&pool.per_zone);
    zones.find(|(_, count)| **count > 0).map_or(0, |(zone, _)| zone)
}

/// The zones of so many further instances: each the one with the fewest instances by then, the
/// first of those where several have as few.
fn emptiest_first(zones: Vec<u16>, standing: &[Instance], count: usize) -> Vec<u16> {
    let here = |zone: u16| standing.iter().filter(|instance| instance.zone == zone).count();
    let mut zones: Vec<(usize, u16)> = zones.into_iter().map(|zone| (here(zone), zone)).collect();
    let next = |_| match zones.iter_mut().min() {
        Some((here, zone)) => {
            *here += 1;
            *zone
        }
        None => 0,
    };
    (0..count).map(next).collect()
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

/// The places of so many serving instances, those that can do most before all others: what is left
/// is the least that so many leave. Of instances that can do as much, see [`fullest_first`].
fn strongest_first(instances: &[Instance], count: u32) -> Vec<usize> {
    let capacity = |place: &usize| f64::from(instances[*place].servers) * instances[*place].speed;
    let serving = (0..instances.len()).filter(|place| instances[*place].serving);
    let mut serving: Vec<usize> = serving.collect();
    // A stable sort: equals stay in their order.
    serving.sort_by(|one, other| capacity(other).total_cmp(&capacity(one)));
    let mut taken = Vec::new();
    for equals in serving.chunk_by(|one, other| capacity(one).total_cmp(&capacity(other)).is_eq()) {
        let missing = (count as usize).saturating_sub(taken.len());
        taken.extend(fullest_first(instances, equals, missing));
    }
    taken
}

/// So many of these places, each the last one of the zone that has most of them left; of the first
/// such zone where several are as full.
fn fullest_first(instances: &[Instance], places: &[usize], count: usize) -> Vec<usize> {
    let zones = instances.iter().map(|instance| usize::from(instance.zone) + 1).max();
    let mut by_zone = vec![Vec::new(); zones.unwrap_or(0)];
    for index in places {
        by_zone[usize::from(instances[*index].zone)].push(*index);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An instance in a zone, of one server that fast.
    fn one(zone: u16, speed: f64) -> Instance {
        Instance { zone, speed, ..Instance::with_servers(1) }
    }

    #[test]
    fn what_can_do_most_goes_first_and_of_equals_what_the_fullest_zone_has_last() {
        let zones = [0, 0, 1, 1, 2, 1];
        let equal: Vec<Instance> = zones.iter().map(|zone| one(*zone, 1.0)).collect();
        assert_eq!(strongest_first(&equal, 4), [5, 1, 3, 0]);
        let mut mixed = equal;
        // The last one of the second zone and the only one of the third can do more.
        mixed[3].speed = 2.0;
        mixed[4].servers = 2;
        assert_eq!(strongest_first(&mixed, 1), [3]);
        assert_eq!(strongest_first(&mixed, 4), [3, 4, 1, 5]);
        mixed[3].serving = false;
        assert_eq!(strongest_first(&mixed, 9), [4, 1, 5, 0, 2]);
    }

    #[test]
    fn further_instances_make_a_fleet_as_even_as_it_can_be() {
        let standing = [one(0, 1.0), one(0, 1.0), one(1, 1.0)];
        assert_eq!(emptiest_first(vec![0, 1, 2], &standing, 6), [2, 1, 2, 0, 1, 2]);
        assert_eq!(emptiest_first(vec![1], &standing, 2), [1, 1]);
        assert_eq!(emptiest_first(Vec::new(), &[], 2), [0, 0]);
    }
}
