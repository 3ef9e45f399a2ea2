//! Instances that die and come back by themselves, and how their balancer finds out.

use super::{ModelFault, Service, number};

/// How the instances of a station fare, each on its own.
///
/// An instance that dies loses what is inside. Calls to it are lost until its balancer has noticed,
/// by health checks, whatever it died of; without checks it never does.
#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    /// Time from when an instance is up until it dies; for ever where there is none, so that it
    /// dies of incidents only.
    pub lasts: Option<Service>,
    /// Time until it is up again after that.
    pub repair: Service,
    /// How the balancer finds out.
    pub check: Option<HealthCheck>,
    /// How slow an instance is when it has come up again.
    pub warm_up: Option<WarmUp>,
}

/// Checks of an instance at a fixed interval, which begin at a random moment of the first one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HealthCheck {
    /// Seconds between two checks.
    pub interval: f64,
    /// Checks in a row that a dead instance fails until the balancer sends nothing to it.
    pub unhealthy_after: u32,
    /// Checks in a row that it passes until the balancer sends to it again.
    pub healthy_after: u32,
}

/// A time after it came up in which an instance is slower.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarmUp {
    /// Seconds.
    pub time: f64,
    /// What the services of calls sent to it in that time are multiplied by.
    pub slowness: f64,
}

impl Life {
    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        if let Some(lasts) = &self.lasts {
            lasts.validate(place)?;
            number(place, "mean time to failure", lasts.mean(), 1e-9)?;
        }
        self.repair.validate(place)?;
        number(place, "mean time of a repair", self.repair.mean(), 1e-9)?;
        if let Some(check) = &self.check {
            number(place, "interval of the health checks", check.interval, 1e-9)?;
            number(place, "number of failed checks", check.unhealthy_after.into(), 1.0)?;
            number(place, "number of passed checks", check.healthy_after.into(), 1.0)?;
        }
        if let Some(warm_up) = &self.warm_up {
            number(place, "time of the warm-up", warm_up.time, 0.0)?;
            number(place, "slowness while it warms up", warm_up.slowness, 1e-9)?;
        }
        Ok(())
    }
}
