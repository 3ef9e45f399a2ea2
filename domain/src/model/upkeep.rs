//! How the instances of a station fare, and what they hold.

use super::{Distribution, StationIndex};
use crate::units::Seconds;

/// How instances die and come back, and how their balancer finds out.
#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    /// The times to failure and to repair; where there are none, an instance dies of incidents
    /// only.
    pub failures: Option<(Distribution, Distribution)>,
    /// How the balancer finds out; never where there are no checks.
    pub check: Option<HealthCheck>,
    /// How long an instance is slow after it came up again, and its speed then, as a share.
    pub slow_start: Option<(Seconds, f64)>,
}

/// Health checks at a fixed interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthCheck {
    /// From check to check.
    pub interval: Seconds,
    /// Failed checks in a row until nothing is sent to an instance.
    pub unhealthy_after: u32,
    /// Passed checks in a row until something is sent to it again.
    pub healthy_after: u32,
}

/// What a cache holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contents {
    /// Different keys that are asked for, of each shard.
    pub keys: u32,
    /// Keys that an instance can hold.
    pub capacity: u32,
    /// Which key goes when there is no room.
    pub policy: Eviction,
    /// The exponent of Zipf's law; all keys are alike where it is 0.
    pub zipf: f64,
}

/// Which key goes when there is no room for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eviction {
    /// The one that was not asked for the longest.
    LeastRecent,
    /// The one that came first.
    FirstIn,
    /// Any.
    Random,
}

/// Instances that are copies of one another, one of which is written to.
#[derive(Debug, Clone, PartialEq)]
pub struct Copies {
    /// How long a write takes to each other instance.
    pub lag: Distribution,
    /// From the death of a primary until another instance takes its place.
    pub failover: Seconds,
    /// Keys that are written and read, each as likely.
    pub keys: u32,
}

/// Connections that each instance keeps to a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// The station called.
    pub to: StationIndex,
    /// How many.
    pub most: u32,
    /// Calls that may wait for one; any number where there is none.
    pub waiting: Option<u32>,
    /// How long a call waits for one; for ever where there is none.
    pub patience: Option<Seconds>,
}

impl Contents {
    /// What is simulated, in one line.
    pub fn definition(&self) -> String {
        let policy = match self.policy {
            Eviction::LeastRecent => "least recently used",
            Eviction::FirstIn => "first in, first out",
            Eviction::Random => "random eviction",
        };
        format!(
            "{} of {} keys with Zipf exponent {}, {policy}",
            self.capacity, self.keys, self.zipf
        )
    }
}
