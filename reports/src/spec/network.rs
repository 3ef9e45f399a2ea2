//! Placement, subnets and the connections that follow from the call graph.

use std::collections::BTreeSet;

use domain::demand::{Demand, ServiceIndex};
use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{Flow, Network, Placement, Subnet, SubnetTier, Vpc, Zone, ZoneBinding};
use domain::topology::Topology;

use super::settled;

/// What is in no subnet of ours.
pub(crate) const INTERNET: &str = "internet";

/// The name of a zone by its place.
pub(super) fn zone_name(index: usize) -> Name {
    Name::of(&format!("z{}", index + 1))
}

pub(super) fn placement(topology: &Topology) -> Placement {
    Placement {
        provider: topology.provider,
        region: topology.region.clone(),
        zones: (0..usize::from(topology.zones))
            .map(|index| Zone { id: zone_name(index) })
            .collect(),
        zone_binding: ZoneBinding::AnyDistinct,
    }
}

/// The group of subnets that a service is in.
pub(super) fn group(kind: ServiceKind) -> Name {
    Name::of(match kind {
        ServiceKind::Balancer => "public",
        ServiceKind::Service => "app",
        ServiceKind::Cache | ServiceKind::Sql | ServiceKind::Queue => "data",
        ServiceKind::External => INTERNET,
    })
}

pub(super) fn network(demand: &Demand, topology: &Topology) -> Network {
    Network {
        vpc: Vpc { cidr: settled::VPC_CIDR.into(), nat_gateways: 0 },
        subnets: subnets(topology.zones),
        cdn: super::cdn::part(demand, topology),
        flows: flows(demand),
    }
}

/// Three subnets a zone. Balancers and data need few addresses; instances come and go, so their
/// subnets have room for a thousand each.
fn subnets(zones: u8) -> Vec<Subnet> {
    assert!(zones <= settled::MOST_ZONES, "a topology uses at most {} zones", settled::MOST_ZONES);
    let subnet = |group: &str, tier, zone: u8, (third, prefix): (u8, u8)| {
        let zone = zone_name(zone.into());
        Subnet {
            name: Name::of(&format!("{group}-{zone}")),
            group: Name::of(group),
            tier,
            zone,
            cidr: format!("10.0.{third}.0/{prefix}"),
        }
    };
    let public = (0..zones).map(|zone| subnet("public", SubnetTier::Public, zone, (zone, 24)));
    let app = (0..zones).map(|zone| subnet("app", SubnetTier::Private, zone, (64 + 4 * zone, 22)));
    let data = (0..zones).map(|zone| subnet("data", SubnetTier::Isolated, zone, (16 + zone, 24)));
    public.chain(app).chain(data).collect()
}

/// Everything that a service sends calls to, in the order of the demand. A cache's misses are
/// asked for by whoever asked the cache, and the edge passes each class on to where it enters.
pub(super) fn targets(demand: &Demand, index: ServiceIndex) -> Vec<ServiceIndex> {
    let service = demand.service(index);
    let called = service.calls.iter().map(|call| call.to);
    let missed = called.clone().filter_map(|to| {
        let data = demand.service(to).data.as_ref()?;
        data.fallback
    });
    let entered = demand.classes.iter().filter(|_| index.0 == 0).map(|class| class.enters);
    let all: BTreeSet<ServiceIndex> = called.chain(missed).chain(entered).collect();
    all.into_iter().filter(|to| *to != index).collect()
}

fn flows(demand: &Demand) -> Vec<Flow> {
    let sealed = |index: ServiceIndex| {
        demand.policy.safeguards.get(index.0).is_some_and(|own| own.in_transit)
    };
    let flow = |from: Name, opener: Option<ServiceIndex>, to: ServiceIndex| {
        let service = demand.service(to);
        let encrypted = opener.is_some_and(sealed) || sealed(to);
        Flow { from, to: service.name.clone(), port: service.interface.port, encrypted }
    };
    let outside = demand.service_indices().take(1).map(|edge| flow(Name::of(INTERNET), None, edge));
    let inside = demand.service_indices().flat_map(|from| {
        let name = demand.service(from).name.clone();
        let targets = targets(demand, from);
        targets.into_iter().map(move |to| (name.clone(), from, to))
    });
    outside.chain(inside.map(|(name, from, to)| flow(name, Some(from), to))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_subnets_overlap_even_in_the_most_zones() {
        let subnets = subnets(settled::MOST_ZONES);
        let mut ranges: Vec<(u32, u32)> = subnets
            .iter()
            .map(|subnet| {
                let (address, prefix) = subnet.cidr.split_once('/').unwrap();
                let third: u32 = address.split('.').nth(2).unwrap().parse().unwrap();
                let size = 1_u32 << (24 - prefix.parse::<u32>().unwrap());
                assert!(third.is_multiple_of(size), "{} is aligned", subnet.cidr);
                (third, third + size)
            })
            .collect();
        ranges.sort_unstable();
        assert!(ranges.iter().all(|range| range.1 <= 256));
        assert!(ranges.windows(2).all(|pair| pair[0].1 <= pair[1].0));
    }
}
