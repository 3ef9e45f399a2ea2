//! How things fail, as the availability of a plan was worked out from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Every fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultsPart {
    /// One instance fails and is replaced.
    pub instance: OutagePart,
    /// Until the balancer no longer sends requests to a failed instance.
    pub ejection_us: u64,
    /// Share of the instance faults that hit all instances of a service in a zone at once.
    pub common_cause_in_zone_ppm: u64,
    /// One zone fails; the duration is the mean.
    pub zone: OutagePart,
    /// Median of how long a zone is out.
    pub zone_median_us: u64,
    /// Standard deviation of the logarithm of that time, in millionths.
    pub zone_sigma_ppm: u64,
    /// Until traffic no longer goes to a failed zone.
    pub zone_ejection_us: u64,
    /// A cause that takes all zones down, as a share of one zone's outages.
    pub common_cause_across_zones_ppm: u64,
    /// The whole region.
    pub region: OutagePart,
    /// A database without a standby: faults.
    pub sql_single: OutagePart,
    /// A database without a standby: maintenance.
    pub sql_maintenance: OutagePart,
    /// A database with a standby.
    pub sql_failover: FailoverPart,
    /// A cache node with a copy: one event, per shard.
    pub cache_failover: FailoverPart,
    /// A self-run database or cache is so many millionths times as unavailable as a managed one.
    pub self_run_factor_ppm: u64,
    /// Unavailability of the balancer, in several zones.
    pub balancer_ppb: u64,
    /// Unavailability of the name service.
    pub dns_ppb: u64,
    /// Unavailability of the content delivery network; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cdn_ppb: Option<u64>,
    /// Releases.
    pub change: ChangePart,
}

/// An event that happens at random and lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutagePart {
    /// Millionths of an event a year.
    pub micro_per_year: u64,
    /// How long it lasts on average.
    pub duration_us: u64,
}

/// A database or cache and its copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailoverPart {
    /// Faults and maintenances that make the copy take over, in millionths a year.
    pub micro_per_year: u64,
    /// How long that takes.
    pub duration_us: u64,
    /// Unplanned ones among them.
    pub unplanned_micro_per_year: u64,
    /// How many unplanned ones do not succeed.
    pub failing_ppm: u64,
    /// How long it takes when it does not succeed.
    pub repair_us: u64,
}

/// Releases, some of which hurt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePart {
    /// Millionths of a release a year.
    pub micro_per_year: u64,
    /// How many of them fail.
    pub failing_ppm: u64,
    /// Until one that failed is taken back.
    pub duration_us: u64,
    /// The share of requests that it hits meanwhile.
    pub reach_ppm: u64,
}
