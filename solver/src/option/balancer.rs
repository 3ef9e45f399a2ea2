//! A managed balancer: bought with the layout, so its option is the product itself.

use domain::plan::ThreeBills;

use super::{Copies, Found, ServiceOption, Source};
use crate::queueing::Moments;
use crate::screen::Platform;

/// The one way to have the managed balancer. Its hours and units are lines of the layout.
pub(super) fn managed<'a>(source: &Source<'_, 'a>, found: &mut Found<'a, '_>) {
    let nothing = [Some(Moments::default()); 4];
    let option = ServiceOption {
        candidate: None,
        platform: Platform::Managed,
        replicas: 0,
        shards: 1,
        copies: Copies::Active,
        servers: 0,
        floor: 0,
        ceiling: 0,
        expected_replicas: 0.0,
        items: Vec::new(),
        cost: ThreeBills::default(),
        unavailability: source.model.demand.faults.balancer.value(),
        survives_zone_loss: true,
        latency: vec![nothing; source.model.views.len()],
        vcpus: 0,
        connections: 0,
    };
    if found.admits(option.cost.expected) {
        found.take(option);
    }
}
