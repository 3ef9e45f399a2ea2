//! The network: zones, subnetworks, and the way to what Google runs.
//!
//! A subnetwork of Google spans its region, and the spec has a subnet in each zone: one subnetwork
//! for each group takes the smallest range that holds all of the group's.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{Platform, Spec, Subnet};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::names::ident;
use crate::emit::terraform::network::{about, groups, zone_locals};

use super::names::{cloud, of_system};
use super::valkey::is_valkey;

pub(super) fn file(spec: &Spec) -> Body {
    let network = Body::default()
        .set("name", of_system(spec, "network"))
        .set("auto_create_subnetworks", false)
        .set("routing_mode", "REGIONAL");
    let told = format!(
        "The network of the system alone, for the addresses of {}. There is no NAT gateway: the \
         bill has none, so machines reach the network and Google's own interfaces only.",
        spec.network.vpc.cidr
    );
    let labels = ["google_compute_network", "this"];
    let body = zones(spec).part(&told, "resource", &labels, network);
    let body = groups(spec).into_iter().fold(body, |body, (group, subnets)| {
        let labels = ["google_compute_subnetwork", &ident(group)];
        let about = format!("{} One range for the region.", about(subnets[0].tier));
        body.part(&about, "resource", &labels, subnetwork(spec, group, &subnets))
    });
    if is_peered(spec) { body.then(services(spec)) } else { body }
}

fn subnetwork(spec: &Spec, group: &Name, subnets: &[&Subnet]) -> Body {
    let range = range(subnets).expect("refused where there is none");
    Body::default()
        .set("name", of_system(spec, group.as_str()))
        .set("network", code("google_compute_network.this.id"))
        .set("ip_cidr_range", range.text())
        .set("private_ip_google_access", true)
}

/// The names of zones: those that are given, or the first of the region.
fn zones(spec: &Spec) -> Body {
    let count = spec.placement.zones.len();
    let available =
        Body::default().set("count", code("length(var.zones) == 0 ? 1 : 0")).set("status", "UP");
    let names = format!(
        "length(var.zones) == 0 ? slice(data.google_compute_zones.available[0].names, 0, {count}) \
         : var.zones"
    );
    Body::file("The network: zones, subnetworks and what leads out of them.")
        .part(
            "Asked for only where the zones are left open. Not every zone has every machine: \
             `zones` names others.",
            "data",
            &["google_compute_zones", "available"],
            available,
        )
        .part(
            "Which zone of the region stands behind each name of the plan: any, each a different \
             one.",
            "locals",
            &[],
            zone_locals(spec, &names),
        )
}

/// The subnetwork of a group.
pub(super) fn subnetwork_id(group: &Name) -> Expression {
    code(&format!("google_compute_subnetwork.{}.id", ident(group)))
}

/// The addresses of a group.
pub(super) fn subnetwork_range(group: &Name) -> Expression {
    code(&format!("google_compute_subnetwork.{}.ip_cidr_range", ident(group)))
}

/// Whether anything is run by Google in a network of its own.
pub(super) fn is_peered(spec: &Spec) -> bool {
    let data = [ServiceKind::Sql, ServiceKind::Cache];
    let mut services = spec.services.iter();
    services
        .any(|own| own.platform == Platform::Managed && data.contains(&own.kind) && !is_valkey(own))
}

/// The addresses of what Google runs, and the connection of its network with ours.
fn services(spec: &Spec) -> Body {
    let range = Body::default()
        .set("name", of_system(spec, "services"))
        .set("purpose", "VPC_PEERING")
        .set("address_type", "INTERNAL")
        .set("prefix_length", 20)
        .set("network", code("google_compute_network.this.id"));
    let ranges = list([code("google_compute_global_address.services.name")]);
    let connection = Body::default()
        .set("network", code("google_compute_network.this.id"))
        .set("service", "servicenetworking.googleapis.com")
        .set("reserved_peering_ranges", ranges);
    Body::default()
        .part(
            "Databases and caches that Google runs stand in a network of Google's, which is \
             joined with ours: they have addresses of this range and none in the internet.",
            "resource",
            &["google_compute_global_address", "services"],
            range,
        )
        .part("", "resource", &["google_service_networking_connection", "this"], connection)
}

/// The addresses of what Google runs.
pub(super) fn services_range() -> Expression {
    let address = "google_compute_global_address.services";
    code(&format!("\"${{{address}.address}}/${{{address}.prefix_length}}\""))
}

/// Addresses that begin alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    first: u32,
    prefix: u32,
}

impl Range {
    fn text(self) -> String {
        format!("{}/{}", std::net::Ipv4Addr::from(self.first), self.prefix)
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let first: std::net::Ipv4Addr = address.parse().ok()?;
        let prefix: u32 = prefix.parse().ok().filter(|prefix| (8..=29).contains(prefix))?;
        let range = Self { first: first.into(), prefix };
        (range.first == range.cut(prefix).first).then_some(range)
    }

    /// The range of so many leading bits that this one is in.
    const fn cut(self, prefix: u32) -> Self {
        Self { first: self.first & (u32::MAX << (32 - prefix)), prefix }
    }

    const fn last(self) -> u32 {
        self.first | (u32::MAX >> self.prefix)
    }

    /// Whether two ranges have an address in common.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.first <= other.last() && other.first <= self.last()
    }

    /// The smallest range that holds both.
    fn joined(self, other: Self) -> Option<Self> {
        let least = self.prefix.min(other.prefix);
        let mut prefixes = (8..=least).rev();
        prefixes.find(|prefix| self.cut(*prefix) == other.cut(*prefix)).map(|own| self.cut(own))
    }
}

/// The smallest range that holds all subnets of a group; `None` where one is no range.
pub(super) fn range(subnets: &[&Subnet]) -> Option<Range> {
    let mut ranges = subnets.iter().map(|own| Range::parse(&own.cidr));
    let first = ranges.next()??;
    ranges.try_fold(first, |all, own| all.joined(own?))
}

/// The name of something between two ends, kept apart from all others by its identifier.
pub(super) fn between(spec: &Spec, label: &str, end: &str) -> String {
    let label = label.replace('_', "-");
    let system = crate::emit::terraform::names::system_of(spec);
    cloud(&[&system, &label, end], super::names::MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_joined_by_what_they_begin_with() {
        let range = |text| Range::parse(text).expect("it is a range");
        for (one, other, joined) in [
            ("10.0.0.0/24", "10.0.1.0/24", "10.0.0.0/23"),
            ("10.0.64.0/22", "10.0.68.0/22", "10.0.64.0/21"),
            ("10.0.16.0/24", "10.0.18.0/24", "10.0.16.0/22"),
            ("10.0.0.0/24", "10.0.0.0/24", "10.0.0.0/24"),
            ("10.0.1.0/24", "10.0.0.0/16", "10.0.0.0/16"),
        ] {
            let both = range(one).joined(range(other)).expect("they have one");
            assert_eq!(both.text(), joined);
            assert!(both.meets(range(one)) && both.meets(range(other)));
        }
        assert!(range("10.0.0.0/8").joined(range("11.0.0.0/9")).is_none());
        assert!(!range("10.0.0.0/23").meets(range("10.0.2.0/24")));
        for wrong in ["", "10.0.0.0", "10.0.0.1/24", "10.0.0.0/33", "10.0.0.0/0", "x/24"] {
            assert!(Range::parse(wrong).is_none(), "{wrong}");
        }
    }
}
