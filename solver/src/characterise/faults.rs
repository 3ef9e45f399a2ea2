//! The fault model, from the availability defaults.
//!
//! Every figure is an input with an interval; most are judgement, and the ledger says so.

use domain::fault::{ChangeFailures, Failover, FaultModel, Outage};
use domain::objective::Operations;
use domain::units::{PerYear, Ppm, Probability, Ratio, Seconds};

use super::book::Book;

/// `cdn` says whether there is a content delivery network.
pub(super) fn model(operations: Operations, cdn: bool, book: &mut Book<'_>) -> FaultModel {
    let zone_median: Seconds = book.default("availability.zone.median");
    let zone_sigma: f64 = book.default("availability.zone.sigma");
    let zone_rate: PerYear = book.default("availability.zone.rate");
    let cdn = if cdn { book.default::<f64>("availability.cdn") } else { 0.0 };
    FaultModel {
        instance: outage(book, "availability.instance.rate", "availability.instance.repair"),
        ejection: book.default("availability.ejection"),
        common_cause_in_zone: book.default("availability.common_cause.in_zone"),
        zone: Outage { rate: zone_rate, duration: lognormal_mean(zone_median, zone_sigma) },
        zone_median,
        zone_sigma,
        zone_ejection: book.default("availability.zone.ejection"),
        common_cause_across_zones: book.default("availability.common_cause.across_zones"),
        region: outage(book, "availability.region.rate", "availability.region.duration"),
        sql_single: outage(book, "availability.sql.single.rate", "availability.sql.single.repair"),
        sql_maintenance: outage(
            book,
            "availability.sql.maintenance.rate",
            "availability.sql.maintenance.duration",
        ),
        sql_failover: failover(book, "availability.sql.failover"),
        cache_failover: failover(book, "availability.cache.failover"),
        self_run_factor: book.default("availability.self_run_factor"),
        balancer: Ppm::of(book.default::<f64>("availability.balancer").max(0.0)),
        dns: Ppm::of(book.default::<f64>("availability.dns").max(0.0)),
        cdn: Ppm::of(cdn.max(0.0)),
        change: change(operations, book),
    }
}

/// The mean of a lognormal time: median × exp(σ²/2). The median alone understates it by 40%.
fn lognormal_mean(median: Seconds, sigma: f64) -> Seconds {
    median.times(libm::exp((sigma * sigma / 2.0).min(50.0)))
}

fn outage(book: &mut Book<'_>, rate: &str, duration: &str) -> Outage {
    Outage { rate: book.default(rate), duration: book.default(duration) }
}

fn failover(book: &mut Book<'_>, prefix: &str) -> Failover {
    let failing: Ratio = book.default(&format!("{prefix}.failing"));
    Failover {
        events: book.default(&format!("{prefix}.events")),
        duration: book.default(&format!("{prefix}.duration")),
        unplanned: book.default(&format!("{prefix}.unplanned")),
        failing: Probability::of(failing.value()),
        repair: book.default(&format!("{prefix}.repair")),
    }
}

fn change(operations: Operations, book: &mut Book<'_>) -> ChangeFailures {
    let level = operations.as_str();
    let failing: Ratio = book.default(&format!("availability.change.{level}.failing"));
    ChangeFailures {
        rate: book.default("availability.change.rate"),
        failing: Probability::of(failing.value()),
        duration: book.default(&format!("availability.change.{level}.duration")),
        reach: book.default(&format!("availability.change.{level}.reach")),
    }
}
