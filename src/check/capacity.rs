//! Capacity again: whole counts, processors, memory and connections against the rules.

use domain::demand::{Demand, ServiceDemand};
use domain::intent::ServiceKind;
use domain::topology::{Deployment, Pool, Redundancy, Topology};

use super::load::{Arrivals, arrivals};

/// Sums of floating numbers may err by this share.
const ROUNDING: f64 = 1e-9;

pub(super) fn check(demand: &Demand, topology: &Topology, faults: &mut Vec<String>) {
    let zones = topology.zones;
    if zones < demand.rules.zones_min {
        faults.push(format!("{zones} zones are fewer than the rules ask for"));
    }
    let arrivals = arrivals(demand);
    let deployed = demand.services.iter().zip(&topology.services).zip(&arrivals);
    for ((service, deployed), arrivals) in deployed {
        for pool in &deployed.pools {
            let unit = Unit { demand, service, deployed, pool, arrivals: *arrivals, zones };
            unit.check(faults);
        }
    }
    connections(demand, topology, faults);
    quota(demand, topology, faults);
}

/// One pool with what arrives at its service.
struct Unit<'c> {
    demand: &'c Demand,
    service: &'c ServiceDemand,
    deployed: &'c Deployment,
    pool: &'c Pool,
    arrivals: Arrivals,
    zones: u8,
}

impl Unit<'_> {
    fn check(&self, faults: &mut Vec<String>) {
        let name = &self.service.name;
        if self.pool.per_zone.len() != usize::from(self.zones) {
            faults.push(format!("{name}: the zones of its instances are not those of the plan"));
        }
        self.check_redundancy(faults);
        let rules = &self.demand.rules;
        let cap = match self.service.kind {
            ServiceKind::Service | ServiceKind::Balancer => rules.utilisation_stateless,
            ServiceKind::Cache => rules.utilisation_cache,
            ServiceKind::Sql => rules.utilisation_sql,
        };
        let more = 1.0 + self.demand.objectives.headroom.load.value();
        let states = [
            ("at the peak", self.serving(), 1.0, cap.value()),
            ("after what may be lost", self.left(), 1.0, cap.value()),
            ("with headroom", self.serving(), more, rules.utilisation_headroom.value()),
        ];
        for (state, instances, load, limit) in states {
            let busy = self.busy(instances, load);
            if busy > limit * (1.0 + ROUNDING) {
                faults.push(format!("{name}: {:.1}% busy {state}", busy * 100.0));
            }
        }
        self.check_size(faults);
    }

    /// Instances that work at the same time.
    fn serving(&self) -> u32 {
        match self.deployed.redundancy {
            Redundancy::Active => self.pool.replicas(),
            Redundancy::Standby { .. } | Redundancy::Single => self.deployed.shards,
        }
    }

    /// What is left after the losses that must be survived.
    fn left(&self) -> u32 {
        if self.deployed.redundancy != Redundancy::Active {
            return self.serving();
        }
        let down = self.demand.objectives.headroom.instances_down;
        let one_down = self.pool.replicas().saturating_sub(down);
        if !self.demand.rules.survives_zone_loss {
            return one_down;
        }
        let fullest = self.pool.per_zone.iter().copied().max().unwrap_or(0);
        one_down.min(self.pool.replicas() - fullest)
    }

    fn busy(&self, instances: u32, load: f64) -> f64 {
        let servers = f64::from(self.pool.servers) * f64::from(instances);
        self.arrivals.work * load / (self.pool.speed.value() * servers)
    }

    fn check_redundancy(&self, faults: &mut Vec<String>) {
        let name = &self.service.name;
        let rules = &self.demand.rules;
        let data = matches!(self.service.kind, ServiceKind::Cache | ServiceKind::Sql);
        if data && rules.redundant_data && self.deployed.redundancy == Redundancy::Single {
            faults.push(format!("{name}: its data is not redundant"));
        }
        if !data && self.pool.replicas() < rules.replicas_min {
            faults.push(format!("{name}: fewer instances than the rules ask for"));
        }
        if let Some(autoscaler) = self.pool.autoscaler {
            let (least, most) = (autoscaler.min, autoscaler.max);
            if least > self.pool.replicas() || self.pool.replicas() > most || least == 0 {
                faults.push(format!("{name}: the autoscaler's bounds do not hold the fleet"));
            }
        }
    }

    fn check_size(&self, faults: &mut Vec<String>) {
        let name = &self.service.name;
        let pinned = self.demand.pins.iter().any(|pin| {
            self.demand.service(pin.service).name == *name && pin.instance_type.is_some()
        });
        let rules = &self.demand.rules;
        let outside = self.pool.vcpus < rules.vcpus_min || self.pool.vcpus > rules.vcpus_max;
        if outside && !pinned {
            faults.push(format!("{name}: the size of its instances is outside the rules"));
        }
        let data = self.service.data.as_ref().filter(|_| self.service.kind == ServiceKind::Cache);
        if let Some(data) = data {
            let needed = data.size.value() as f64 / f64::from(self.deployed.shards);
            if needed > self.pool.memory.value() as f64 {
                faults.push(format!("{name}: its data does not fit into its memory"));
            }
        }
    }
}

/// What the callers of a database may hold is within what it accepts.
fn connections(demand: &Demand, topology: &Topology, faults: &mut Vec<String>) {
    for (at, deployed) in topology.services.iter().enumerate() {
        let Some(connections) = deployed.connections else { continue };
        let calls = |service: &ServiceDemand| {
            service.calls.iter().any(|call| {
                let data = demand.service(call.to).data.as_ref();
                let fallback = data.and_then(|data| data.fallback);
                call.to.0 == at || fallback.is_some_and(|fallback| fallback.0 == at)
            })
        };
        let callers = demand.services.iter().zip(&topology.services);
        let held: u64 = callers
            .filter(|(service, _)| calls(service))
            .flat_map(|(_, caller)| &caller.pools)
            .map(|pool| {
                let most = pool.autoscaler.map_or(pool.replicas(), |autoscaler| autoscaler.max);
                u64::from(most) * u64::from(connections.pool_per_instance)
            })
            .sum();
        if held > u64::from(connections.max) {
            let name = &demand.services[at].name;
            faults.push(format!("{name}: {held} connections, and it accepts {}", connections.max));
        }
    }
}

fn quota(demand: &Demand, topology: &Topology, faults: &mut Vec<String>) {
    let pools = topology.services.iter().flat_map(|service| &service.pools);
    let vcpus: u64 = pools.map(|pool| u64::from(pool.vcpus) * u64::from(pool.replicas())).sum();
    if demand.rules.vcpu_quota.is_some_and(|quota| vcpus > u64::from(quota)) {
        faults.push(format!("{vcpus} vCPUs are above the quota"));
    }
}
