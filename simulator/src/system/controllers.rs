//! The autoscalers of a topology as controllers of its model.
//!
//! An autoscaler changes the number of a service that is one pool without standbys. What it boots
//! takes the time that the plan counts with, boot at p90 and start-up, and then serves at full
//! speed; what it lets go has the time to drain that the plan states.

use domain::topology::{Autoscaler, Pool};

use super::{Condition, System};
use crate::control::{Controller, Policy, Proportional};
use crate::model::{Model, Rate, Service};

impl System<'_> {
    /// The pool of a service and the autoscaler that changes its number, if one does.
    pub(crate) fn autoscaler(&self, service: usize) -> Option<(&Pool, Autoscaler)> {
        match self.topology.services[service].pools.as_slice() {
            [pool] if !self.has_standbys(service) => pool.autoscaler.map(|rules| (pool, rules)),
            _ => None,
        }
    }

    /// The healthy model at a load that changes, with the autoscalers at work; `serving` has the
    /// number of instances that each of their services begins with.
    pub(crate) fn steered(&self, rate: Rate, serving: &[(usize, u32)]) -> Model {
        let rules = |service: usize| {
            let (_, rules) = self.autoscaler(service).expect("only autoscaled services are listed");
            rules
        };
        let most = |service: usize| rules(service).max.max(rules(service).min).max(1);
        let fleet = serving.iter().map(|(service, _)| (*service, most(*service)));
        let condition =
            Condition { rate: Some(rate), fleet: fleet.collect(), ..Condition::healthy() };
        let mut model = self.model(&condition);
        for (service, first) in serving {
            let station = self.station(*service).expect("an autoscaled service is a station");
            let instances = &mut model.stations[station].instances;
            for instance in instances.iter_mut().skip(*first as usize) {
                instance.serving = false;
            }
            model.controllers.push(controller(station, &rules(*service), most(*service)));
        }
        model
    }
}

fn controller(station: usize, rules: &Autoscaler, most: u32) -> Controller {
    let policy = Policy::Proportional(Proportional {
        target: rules.target.value().max(1e-6),
        period: rules.period.value().max(1.0),
        window: rules.scale_in_window.value(),
    });
    Controller {
        boot: Service::Fixed { time: rules.warm_up.value() },
        drain: rules.drain.value(),
        ..Controller::of(station, rules.min.max(1), most, policy)
    }
}
