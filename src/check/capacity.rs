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
        if !deployed.pools.is_empty() {
            Unit { demand, service, deployed, arrivals: *arrivals, zones }.check(faults);
        }
    }
    connections(demand, topology, faults);
    quota(demand, topology, faults);
}

/// The machines of a service with what arrives at it.
struct Unit<'c> {
    demand: &'c Demand,
    service: &'c ServiceDemand,
    deployed: &'c Deployment,
    arrivals: Arrivals,
    zones: u8,
}

impl Unit<'_> {
    fn check(&self, faults: &mut Vec<String>) {
        let name = &self.service.name;
        let zones = usize::from(self.zones);
        if self.deployed.pools.iter().any(|pool| pool.per_zone.len() != zones) {
            faults.push(format!("{name}: the zones of its instances are not those of the plan"));
        }
        self.check_redundancy(faults);
        self.check_autoscaling(faults);
        let rules = &self.demand.rules;
        let cap = match self.service.kind {
            ServiceKind::Service
            | ServiceKind::Balancer
            | ServiceKind::Queue
            | ServiceKind::External => rules.utilisation_stateless,
            ServiceKind::Cache => rules.utilisation_cache,
            ServiceKind::Sql => rules.utilisation_sql,
        };
        let more = 1.0 + self.demand.objectives.headroom.load.value();
        let states = [
            ("at the peak", self.serving(), 1.0, cap.value()),
            ("after what may be lost", self.left(), 1.0, cap.value()),
            ("with headroom", self.serving(), more, rules.utilisation_headroom.value()),
        ];
        for (state, capacity, load, limit) in states {
            let busy = self.arrivals.work * load / capacity;
            if busy > limit * (1.0 + ROUNDING) {
                faults.push(format!("{name}: {:.1}% busy {state}", busy * 100.0));
            }
        }
        self.check_backlog(faults);
        for pool in &self.deployed.pools {
            self.check_size(pool, faults);
        }
    }

    /// What a standstill leaves, in seconds of work for all that is left, against what is over
    /// while as much goes on coming.
    fn check_backlog(&self, faults: &mut Vec<String>) {
        let Some(backlog) = self.service.backlog else { return };
        let (capacity, work) = (self.left(), self.arrivals.work);
        let waits = work * backlog.standstill.value();
        let drained = (capacity - work) * backlog.drain_within.value();
        if waits > drained * (1.0 + ROUNDING) {
            let name = &self.service.name;
            faults.push(format!("{name}: a backlog is not worked off in time"));
        }
    }

    /// What works at the same time can do, in reference vCPUs: the instances of all offers.
    fn serving(&self) -> f64 {
        let pools = &self.deployed.pools;
        match self.deployed.redundancy {
            Redundancy::Active => {
                pools.iter().map(|pool| f64::from(pool.replicas()) * strength(pool)).sum()
            }
            Redundancy::Standby { .. } | Redundancy::Single => {
                f64::from(self.deployed.shards) * pools.first().map_or(0.0, strength)
            }
        }
    }

    /// What is left of that after the losses that must be survived: the strongest instances, or
    /// the strongest zone.
    fn left(&self) -> f64 {
        let (pools, all) = (&self.deployed.pools, self.serving());
        if self.deployed.redundancy != Redundancy::Active {
            return all;
        }
        let mut strongest: Vec<&Pool> = pools.iter().collect();
        strongest.sort_by(|one, other| strength(other).total_cmp(&strength(one)));
        let (mut down, mut lost) = (self.demand.objectives.headroom.instances_down, 0.0);
        for pool in strongest {
            let here = pool.replicas().min(down);
            lost += f64::from(here) * strength(pool);
            down -= here;
        }
        if self.demand.rules.survives_zone_loss {
            for zone in 0..usize::from(self.zones) {
                let here = |pool: &Pool| f64::from(pool.per_zone.get(zone).copied().unwrap_or(0));
                lost = f64::max(lost, pools.iter().map(|pool| here(pool) * strength(pool)).sum());
            }
        }
        all - lost
    }

    fn check_redundancy(&self, faults: &mut Vec<String>) {
        let name = &self.service.name;
        let rules = &self.demand.rules;
        let data = matches!(self.service.kind, ServiceKind::Cache | ServiceKind::Sql);
        if data && rules.redundant_data && self.deployed.redundancy == Redundancy::Single {
            faults.push(format!("{name}: its data is not redundant"));
        }
        if !data && self.deployed.replicas() < rules.replicas_min {
            faults.push(format!("{name}: fewer instances than the rules ask for"));
        }
        let (pools, active) =
            (&self.deployed.pools, self.deployed.redundancy == Redundancy::Active);
        if pools.len() > 1 && (data || !active || pools.iter().any(|pool| pool.replicas() == 0)) {
            faults.push(format!("{name}: its machines do not serve side by side"));
        }
    }

    /// Of several offers only the last one follows the load, down to nothing where it may.
    fn check_autoscaling(&self, faults: &mut Vec<String>) {
        let name = &self.service.name;
        let pools = &self.deployed.pools;
        for (at, pool) in pools.iter().enumerate() {
            let Some(autoscaler) = pool.autoscaler else { continue };
            let (least, most) = (autoscaler.min, autoscaler.max);
            let none_left = least == 0 && pools.len() == 1;
            if least > pool.replicas() || pool.replicas() > most || none_left {
                faults.push(format!("{name}: the autoscaler's bounds do not hold the fleet"));
            }
            if at + 1 < pools.len() {
                faults.push(format!("{name}: a fleet that stands follows the load"));
            }
        }
    }

    fn check_size(&self, pool: &Pool, faults: &mut Vec<String>) {
        let name = &self.service.name;
        let pinned = self.demand.pins.iter().any(|pin| {
            self.demand.service(pin.service).name == *name && pin.instance_type.is_some()
        });
        let rules = &self.demand.rules;
        let outside = pool.vcpus < rules.vcpus_min || pool.vcpus > rules.vcpus_max;
        if outside && !pinned {
            faults.push(format!("{name}: the size of its instances is outside the rules"));
        }
        let data = self.service.data.as_ref().filter(|_| self.service.kind == ServiceKind::Cache);
        if let Some(data) = data {
            let needed = data.size.value() as f64 / f64::from(self.deployed.shards);
            if needed > pool.memory.value() as f64 {
                faults.push(format!("{name}: its data does not fit into its memory"));
            }
        }
    }
}

/// What one instance can do, in reference vCPUs.
fn strength(pool: &Pool) -> f64 {
    pool.speed.value() * f64::from(pool.servers)
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
