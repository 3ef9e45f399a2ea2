//! What runs, from the spec.

use domain::commitment::Commitment;
use domain::spec::{AutoscalingPart, CommittedPart, OfferPart, RedundancyPart, ServicePart};
use domain::topology::{
    Autoscaler, Connections, Deployment, HealthCheck, InstanceLimits, Pool, Redundancy, Topology,
};
use domain::units::{Gigabits, Mebibytes, Speed};

use super::{INSTANCES_MAX, Reader, RestoreFault, millionths, time};

impl Reader<'_> {
    pub(super) fn topology(&mut self) -> Topology {
        let spec = self.spec;
        let demanded = ("demand.services", spec.demand.services.len());
        self.same_length("services", spec.services.len(), demanded);
        for (own, demanded) in spec.services.iter().zip(&spec.demand.services) {
            if own.name != demanded.name {
                self.faults.push(RestoreFault::Dangling {
                    place: "services, in the order of `demand.services`,".to_owned(),
                    what: "the service",
                    name: own.name.to_string(),
                });
            }
        }
        Topology {
            provider: spec.placement.provider,
            region: spec.placement.region.clone(),
            zones: self.small(
                "placement.zones",
                "number of zones",
                spec.placement.zones.len() as u64,
            ),
            cdn: spec.network.cdn.as_ref().map(|cdn| cdn.product.clone()),
            services: spec.services.iter().map(|service| self.deployment(service)).collect(),
        }
    }

    fn deployment(&mut self, part: &ServicePart) -> Deployment {
        let place = format!("services.{}", part.name);
        self.compare_replicas(&place, part);
        let offers = part.offers.iter();
        Deployment {
            product: part.product.clone(),
            pools: offers.map(|offer| self.pool(&place, offer)).collect(),
            balancing: part.algorithm,
            redundancy: match part.redundancy {
                RedundancyPart::Active {} => Redundancy::Active,
                RedundancyPart::Standby { failover_us } => {
                    Redundancy::Standby { failover: time(failover_us) }
                }
                RedundancyPart::Single {} => Redundancy::Single,
            },
            shards: part.shards,
            limits: part.process.map(|process| InstanceLimits {
                queue: process.queue_limit,
                in_flight: process.max_in_flight,
            }),
            storage: part.volume.as_ref().map(|volume| Mebibytes::new(volume.size_mib)),
            connections: part.connections.map(|connections| Connections {
                max: connections.max,
                pool_per_instance: connections.pool_per_instance,
            }),
            health_check: HealthCheck {
                interval: time(part.health_check.interval_us),
                timeout: time(part.health_check.timeout_us),
                unhealthy_after: part.health_check.unhealthy_threshold,
                healthy_after: part.health_check.healthy_threshold,
            },
        }
    }

    /// The sums that stand beside the offers must be theirs, or whoever changed the one forgot the
    /// other.
    fn compare_replicas(&mut self, service: &str, part: &ServicePart) {
        let Some(replicas) = &part.replicas else { return };
        let place = format!("{service}.replicas");
        let sum = |count: fn(&OfferPart) -> u64| part.offers.iter().map(count).sum::<u64>();
        self.compare(format!("{place}.peak"), replicas.peak.into(), sum(peak));
        for (zone, count) in &replicas.per_zone {
            let here = part.offers.iter().filter_map(|offer| offer.per_zone.get(zone));
            let here = here.map(|count| u64::from(*count)).sum();
            self.compare(format!("{place}.per_zone.{zone}"), (*count).into(), here);
        }
        if part.offers.iter().any(|offer| offer.autoscaling.is_some()) {
            let least = |offer: &OfferPart| {
                offer.autoscaling.as_ref().map_or_else(|| peak(offer), |own| own.min.into())
            };
            let most = |offer: &OfferPart| {
                offer.autoscaling.as_ref().map_or_else(|| peak(offer), |own| own.max.into())
            };
            self.compare(format!("{place}.min"), replicas.min.into(), sum(least));
            self.compare(format!("{place}.max"), replicas.max.into(), sum(most));
        }
    }

    fn compare(&mut self, place: String, found: u64, expected: u64) {
        if found != expected {
            self.faults.push(RestoreFault::Contradiction { place, found, expected });
        }
    }

    fn pool(&mut self, service: &str, part: &OfferPart) -> Pool {
        let place = format!("{service}.offers.{}", part.instance_type);
        self.within_bounds(&place, part);
        Pool {
            sku: part.instance_type.clone(),
            family: part.family.clone(),
            architecture: part.architecture,
            vcpus: part.vcpu,
            memory: Mebibytes::new(part.memory_mib),
            network: Gigabits::from_megabits(part.network_mbps.unwrap_or(0)),
            servers: part.servers,
            speed: Speed::of(millionths(part.speed_ppm)),
            weight: part.weight,
            per_zone: self.per_zone(&place, part),
            term: part.purchase,
            commitment: part.committed.map(|own| self.commitment(&place, own)),
            autoscaler: part.autoscaling.as_ref().map(|part| self.autoscaler(&place, part)),
        }
    }

    /// The instances at the peak are some that their autoscaler can keep.
    fn within_bounds(&mut self, place: &str, part: &OfferPart) {
        let Some(bounds) = &part.autoscaling else { return };
        let peak = peak(part);
        let what = if peak < bounds.min.into() {
            "number at the peak: `autoscaling.min` is above it"
        } else if peak > bounds.max.into() {
            "number at the peak: `autoscaling.max` is below it"
        } else {
            return;
        };
        self.out_of_range(format!("{place}.per_zone"), what, peak);
    }

    fn commitment(&mut self, place: &str, part: CommittedPart) -> Commitment {
        let place = format!("{place}.committed");
        let (term, instances) = (part.term, part.instances);
        if instances == 0 || instances > INSTANCES_MAX {
            let place = format!("{place}.instances");
            self.out_of_range(place, "number of instances", instances.into());
        }
        let commitment = Commitment { term, instances };
        self.compare(format!("{place}.months"), part.months.into(), commitment.months().into());
        if term.months().is_none() {
            self.out_of_range(format!("{place}.term"), "term: it promises nothing", 0);
        }
        commitment
    }

    fn per_zone(&mut self, place: &str, part: &OfferPart) -> Vec<u32> {
        let zones = &self.spec.placement.zones;
        let mut counts = vec![0; zones.len()];
        for (zone, count) in &part.per_zone {
            let place = format!("{place}.per_zone.{zone}");
            if *count > INSTANCES_MAX {
                self.out_of_range(&place, "number of instances", (*count).into());
            }
            let names = zones.iter().map(|zone| zone.id.clone());
            let index = self.place_of(&place, "the zone", zone, names);
            if let Some(slot) = counts.get_mut(index) {
                *slot = *count;
            }
        }
        counts
    }

    fn autoscaler(&mut self, place: &str, part: &AutoscalingPart) -> Autoscaler {
        if part.min > part.max {
            let place = format!("{place}.autoscaling.min");
            self.out_of_range(place, "least number: the most is below it", part.min.into());
        }
        if part.max > INSTANCES_MAX {
            let place = format!("{place}.autoscaling.max");
            self.out_of_range(place, "number of instances", part.max.into());
        }
        Autoscaler {
            min: part.min,
            max: part.max,
            target: self.ratio(format!("{place}.autoscaling.target_ppm"), part.target_ppm),
            period: time(part.period_us),
            warm_up: time(part.warmup_us),
            scale_in_window: time(part.scale_in_window_us),
            drain: time(part.drain_us),
        }
    }
}

/// All instances of an offer at the peak.
fn peak(offer: &OfferPart) -> u64 {
    offer.per_zone.values().map(|count| u64::from(*count)).sum()
}
