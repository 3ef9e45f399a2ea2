//! The autoscalers of a topology as controllers of its model.
//!
//! An autoscaler changes the number of a service without standbys, or of the last of its pools:
//! what the pools before it have stands, and counts with what it can do. What it boots
//! takes the time that the plan counts with, boot at p90 and start-up, and then serves at full
//! speed; what it lets go has the time to drain that the plan states.

use domain::topology::{Autoscaler, Pool};

use super::{Condition, System};
use crate::control::{Controller, Policy, Proportional, Standing};
use crate::model::{Model, Rate, Service};

/// A service whose number of instances follows the load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scaled {
    /// What its autoscaler goes by; the bounds are of the last pool alone.
    pub rules: Autoscaler,
    /// The instances of its other pools.
    pub standing: Standing,
    /// What one instance of the last pool can do, in servers of speed 1.
    pub each: f64,
}

impl Scaled {
    /// The fewest instances that serve, those that stand among them.
    pub(crate) fn least(&self) -> u32 {
        self.standing.instances.saturating_add(self.rules.min).max(1)
    }

    /// The most instances that serve, those that stand among them.
    pub(crate) fn most(&self) -> u32 {
        let most = self.rules.max.max(self.rules.min);
        self.standing.instances.saturating_add(most).max(1)
    }
}

impl System<'_> {
    /// What changes the number of a service's instances, if something does.
    pub(crate) fn autoscaler(&self, service: usize) -> Option<Scaled> {
        let (last, before) = self.topology.services[service].pools.split_last()?;
        let rules = last.autoscaler.filter(|_| !self.has_standbys(service))?;
        let each = |pool: &Pool| {
            let instance = self.instance(service, pool, 0, 0);
            (f64::from(instance.servers) * instance.speed).max(1e-9)
        };
        let whole = |pool: &Pool| f64::from(pool.replicas()) * each(pool);
        let standing = Standing {
            instances: before.iter().map(Pool::replicas).sum(),
            capacity: before.iter().map(whole).sum::<f64>() / each(last),
        };
        Some(Scaled { rules, standing, each: each(last) })
    }

    /// The healthy model at a load that changes, with the autoscalers at work; `serving` has the
    /// number of instances that each of their services begins with.
    pub(crate) fn steered(&self, rate: Rate, serving: &[(usize, u32)]) -> Model {
        let scaled =
            |service: usize| self.autoscaler(service).expect("only autoscaled services are listed");
        let fleet = serving.iter().map(|(service, _)| (*service, scaled(*service).most()));
        let condition =
            Condition { rate: Some(rate), fleet: fleet.collect(), ..Condition::healthy() };
        let mut model = self.model(&condition);
        for (service, first) in serving {
            let station = self.station(*service).expect("an autoscaled service is a station");
            let instances = &mut model.stations[station].instances;
            for instance in instances.iter_mut().skip(*first as usize) {
                instance.serving = false;
            }
            model.controllers.push(controller(station, &scaled(*service)));
        }
        model
    }
}

fn controller(station: usize, scaled: &Scaled) -> Controller {
    let rules = &scaled.rules;
    let policy = Policy::Proportional(Proportional {
        target: rules.target.value().max(1e-6),
        period: rules.period.value().max(1.0),
        window: rules.scale_in_window.value(),
        standing: scaled.standing,
    });
    Controller {
        boot: Service::Fixed { time: rules.warm_up.value() },
        drain: rules.drain.value(),
        ..Controller::of(station, scaled.least(), scaled.most(), policy)
    }
}
