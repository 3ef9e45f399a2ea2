//! How things fail: rates, durations and delays of detection, as the demand carries them.

use crate::units::{PerYear, Ppm, Probability, Ratio, Seconds};

/// An event that happens at random and lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// How often.
    pub rate: PerYear,
    /// How long, on average.
    pub duration: Seconds,
}

/// Changes, some of which hurt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeFailures {
    /// Releases.
    pub rate: PerYear,
    /// How many of them fail.
    pub failing: Probability,
    /// Until one that failed is taken back.
    pub duration: Seconds,
    /// The share of requests that it hits meanwhile.
    pub reach: Ratio,
}

/// A database or cache and its copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failover {
    /// Faults and maintenances that make the copy take over.
    pub events: PerYear,
    /// How long that takes.
    pub duration: Seconds,
    /// Unplanned ones among the events.
    pub unplanned: PerYear,
    /// How many unplanned ones do not succeed.
    pub failing: Probability,
    /// How long it takes when it does not succeed.
    pub repair: Seconds,
}

/// Every fault that the availability of a plan is worked out from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaultModel {
    /// One instance fails and is replaced.
    pub instance: Outage,
    /// Until the balancer no longer sends requests to a failed instance.
    pub ejection: Seconds,
    /// Share of the instance faults that hit all instances of a service in a zone at once.
    pub common_cause_in_zone: Ratio,
    /// One zone fails.
    pub zone: Outage,
    /// Median and log standard deviation of how long a zone is out.
    pub zone_median: Seconds,
    /// Standard deviation of the logarithm of that time.
    pub zone_sigma: f64,
    /// Until traffic no longer goes to a failed zone.
    pub zone_ejection: Seconds,
    /// A cause that takes all zones down, as a share of one zone's outages.
    pub common_cause_across_zones: Ratio,
    /// The whole region.
    pub region: Outage,
    /// A database without a standby: faults.
    pub sql_single: Outage,
    /// A database without a standby: maintenance.
    pub sql_maintenance: Outage,
    /// A database with a standby.
    pub sql_failover: Failover,
    /// A cache node with a copy: one event, per shard.
    pub cache_failover: Failover,
    /// A self-run database or cache is so many times as unavailable as a managed one.
    pub self_run_factor: f64,
    /// The balancer, in several zones.
    pub balancer: Ppm,
    /// The name service.
    pub dns: Ppm,
    /// The content delivery network; nothing where there is none.
    pub cdn: Ppm,
    /// Releases.
    pub change: ChangeFailures,
}
