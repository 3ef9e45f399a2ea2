//! Unavailability of options and of what is around them, in parts per million of a year.
//!
//! A zone outage is one event and is counted once for the whole system, in [`zone_term`]; options
//! carry only the rest. Sums over-state a product of small numbers by a second-order term, which
//! is on the safe side (theory: 1 − Π(1 − U) ≤ ΣU).

use domain::demand::Demand;
use domain::fault::{Failover, Outage};
use domain::units::Seconds;

/// Parts of a year, in millions.
fn ppm(rate_per_year: f64, seconds: f64) -> f64 {
    rate_per_year * seconds / Seconds::YEAR.value() * 1e6
}

/// An outage that hits everything.
pub fn outage(outage: &Outage) -> f64 {
    ppm(outage.rate.value(), outage.duration.value())
}

/// Stateless instances of which `needed` carry the peak.
pub fn instances(demand: &Demand, replicas: u32, needed: u32) -> f64 {
    let faults = &demand.faults;
    let each = outage(&faults.instance) / 1e6;
    let independent = each * (1.0 - faults.common_cause_in_zone.value());
    let tolerated = i64::from(replicas) - i64::from(needed);
    let too_few =
        if tolerated < 0 { 1.0 } else { more_down_than(replicas, tolerated, independent) };
    if replicas <= 1 {
        // Alone, its own outage is all there is: no other common cause, nobody to eject it to.
        return (too_few + each * faults.common_cause_in_zone.value()) * 1e6;
    }
    let shared = each * faults.common_cause_in_zone.value();
    let ejection = ppm(faults.instance.rate.value(), faults.ejection.value());
    (too_few + shared) * 1e6 + ejection
}

/// Probability that more than `tolerated` of `replicas` are down at once.
fn more_down_than(replicas: u32, tolerated: i64, down: f64) -> f64 {
    // 1 − (a sum near 1) would lose the tail in rounding, so it is summed from its first term.
    let first = u32::try_from(tolerated + 1).unwrap_or(0);
    if first > replicas {
        return 0.0;
    }
    // So seldom that the bound of the union over all choices of so many is as good.
    let seldom = (f64::from(replicas) * down).powi(first.cast_signed());
    if seldom < 1e-24 {
        return seldom;
    }
    let mut part = binomial(replicas, first)
        * down.powi(first.cast_signed())
        * (1.0 - down).powi((replicas - first).cast_signed());
    let mut tail = 0.0;
    for failed in first..=replicas {
        tail += part;
        // What follows is smaller still, and no longer changes the sum.
        if part <= tail * 1e-18 {
            break;
        }
        part *= f64::from(replicas - failed) / f64::from(failed + 1) * down / (1.0 - down);
    }
    tail.min(1.0)
}

fn binomial(n: u32, k: u32) -> f64 {
    (0..k).fold(1.0, |product, at| product * f64::from(n - at) / f64::from(at + 1))
}

/// One active unit with a copy that takes over.
pub fn failover(failover: &Failover) -> f64 {
    ppm(failover.events.value(), failover.duration.value())
        + ppm(failover.unplanned.value() * failover.failing.value(), failover.repair.value())
}

/// A database without a copy.
pub fn single_sql(demand: &Demand) -> f64 {
    outage(&demand.faults.sql_single) + outage(&demand.faults.sql_maintenance)
}

/// Releases that fail.
pub fn change(demand: &Demand) -> f64 {
    let change = &demand.faults.change;
    let rate = change.rate.value() * change.failing.value() * change.reach.value();
    ppm(rate, change.duration.value())
}

/// Lost zones, counted once: all of them when what is left does not carry the peak, and the cause
/// that takes all zones down in any case.
pub fn zone_term(demand: &Demand, zones: u8, survives: bool) -> f64 {
    let zone = outage(&demand.faults.zone);
    let lost = if survives { 0.0 } else { f64::from(zones) * zone };
    let ejection = if survives {
        ppm(demand.faults.zone.rate.value(), demand.faults.zone_ejection.value()) * f64::from(zones)
    } else {
        0.0
    };
    lost + ejection + zone * demand.faults.common_cause_across_zones.value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_far_below_one_is_not_lost_in_rounding() {
        let down = 9.5e-6;
        let tail = more_down_than(3, 1, down);
        let exact = 3.0 * down * down * (1.0 - down) + down * down * down;
        assert!((tail / exact - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_tolerated_means_that_any_failure_counts() {
        let tail = more_down_than(4, 0, 0.1);
        assert!((tail - (1.0 - 0.9_f64.powi(4))).abs() < 1e-12);
        assert!(more_down_than(4, 4, 0.1) <= 0.0);
    }
}
