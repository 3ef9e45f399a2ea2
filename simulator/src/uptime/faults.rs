//! Rates of faults, as shares of the time and events a second.

use domain::fault::{FaultModel, Outage};
use domain::units::{PerYear, Seconds};

/// A rate in events a second.
fn per_second(rate: PerYear, factor: f64) -> f64 {
    rate.value() * factor / Seconds::YEAR.value()
}

/// Something that breaks at a rate and is repaired.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Repairable {
    /// Events a second while it is up.
    pub rate: f64,
    /// Seconds until it is up again, on average.
    pub duration: f64,
}

impl Repairable {
    fn of(outage: Outage, factor: f64) -> Self {
        Self { rate: per_second(outage.rate, factor), duration: outage.duration.value() }
    }

    /// The share of the time that it is down: d/(1/r + d).
    pub(super) fn unavailability(self) -> f64 {
        let down = self.rate * self.duration;
        down / (1.0 + down)
    }

    /// The same thing, breaking so many times as often.
    pub(super) fn times(self, factor: f64) -> Self {
        Self { rate: self.rate * factor, ..self }
    }
}

/// A copy that takes over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FailoverRates {
    /// Take-overs a second.
    pub events: f64,
    /// Those that do not succeed, and how long that lasts.
    pub failing: Repairable,
}

/// All rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rates {
    /// How many times as high as those of the fault model they are.
    pub factor: f64,
    pub instance: Repairable,
    /// Share of the instance faults that take a service's instances of a zone together.
    pub together: f64,
    pub ejection: f64,
    pub zone: Repairable,
    pub zone_median: f64,
    pub zone_sigma: f64,
    /// Share of one zone's outages that take all zones.
    pub all_zones: f64,
    pub region: Repairable,
    pub sql_single: Repairable,
    pub sql_maintenance: Repairable,
    pub sql_failover: FailoverRates,
    pub cache_failover: FailoverRates,
    pub self_run: f64,
    /// Shares of the time.
    pub balancer: f64,
    pub dns: f64,
    pub cdn: f64,
    pub change: Repairable,
    pub change_reach: f64,
}

impl Rates {
    /// The rates of a fault model, so many times as high.
    pub(super) fn of(faults: &FaultModel, factor: f64) -> Self {
        let failover = |failover: domain::fault::Failover| FailoverRates {
            events: per_second(failover.events, factor),
            failing: Repairable {
                rate: per_second(failover.unplanned, factor) * failover.failing.value(),
                duration: failover.repair.value(),
            },
        };
        Self {
            factor,
            instance: Repairable::of(faults.instance, factor),
            together: faults.common_cause_in_zone.value(),
            ejection: faults.ejection.value(),
            zone: Repairable::of(faults.zone, factor),
            zone_median: faults.zone_median.value(),
            zone_sigma: faults.zone_sigma,
            all_zones: faults.common_cause_across_zones.value(),
            region: Repairable::of(faults.region, factor),
            sql_single: Repairable::of(faults.sql_single, factor),
            sql_maintenance: Repairable::of(faults.sql_maintenance, factor),
            sql_failover: failover(faults.sql_failover),
            cache_failover: failover(faults.cache_failover),
            self_run: faults.self_run_factor,
            balancer: faults.balancer.value() / 1e6 * factor,
            dns: faults.dns.value() / 1e6 * factor,
            cdn: faults.cdn.value() / 1e6 * factor,
            change: Repairable {
                rate: per_second(faults.change.rate, factor) * faults.change.failing.value(),
                duration: faults.change.duration.value(),
            },
            change_reach: faults.change.reach.value(),
        }
    }
}
