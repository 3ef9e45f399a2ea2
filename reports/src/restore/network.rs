//! How a spec says that its services are connected. No noun holds it; what it names must be there.

use domain::intent::ServiceKind;
use domain::name::Name;

use super::{Reader, RestoreFault};

/// Who opens connections from outside.
const INTERNET: &str = "internet";

impl Reader<'_> {
    /// Looks at every name in the network, and at those of what services send their calls to.
    pub(super) fn network(&mut self) {
        let spec = self.spec;
        for service in &spec.services {
            let place = format!("services.{}", service.name);
            for target in &service.targets {
                self.is_service(&format!("{place}.targets"), target);
            }
            let group = &service.subnet;
            // What is not ours is in no subnet of ours.
            if service.kind == ServiceKind::External && group.as_str() == INTERNET {
                continue;
            }
            if !spec.network.subnets.iter().any(|subnet| subnet.group == *group) {
                self.dangling(format!("{place}.subnet"), "the group of subnets", group);
            }
        }
        for subnet in &spec.network.subnets {
            if !spec.placement.zones.iter().any(|zone| zone.id == subnet.zone) {
                let place = format!("network.subnets.{}.zone", subnet.name);
                self.dangling(place, "the zone", &subnet.zone);
            }
        }
        if let Some(cdn) = &spec.network.cdn {
            self.is_service("network.cdn.origin", &cdn.origin);
        }
        if let (Some(cdn), None) = (&spec.network.cdn, &spec.demand.cdn) {
            let (place, name) = ("network.cdn".to_owned(), cdn.product.clone());
            let what = "in `demand.cdn` nothing for";
            self.faults.push(RestoreFault::Dangling { place, what, name });
        }
        for flow in &spec.network.flows {
            if flow.from.as_str() != INTERNET {
                self.is_service("network.flows.from", &flow.from);
            }
            self.is_service("network.flows.to", &flow.to);
        }
    }

    fn is_service(&mut self, place: &str, name: &Name) {
        if !self.spec.services.iter().any(|service| service.name == *name) {
            self.dangling(place.to_owned(), "the service", name);
        }
    }

    fn dangling(&mut self, place: String, what: &'static str, name: &Name) {
        self.faults.push(RestoreFault::Dangling { place, what, name: name.to_string() });
    }
}
