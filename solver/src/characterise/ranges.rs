//! What an entry of the ledger may hold. The ranges are wide: they catch slips of a unit and keep
//! every number within what the model can work with; they do not judge.
//!
//! What a document states is held to its own bands where it is read. These are for `assume:`,
//! `--set`, and the defaults of a catalog.

/// A range in the unit of the ledger, and in words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    low: f64,
    high: f64,
    /// Both ends, as a person would write them.
    pub(super) words: &'static str,
}

impl Range {
    /// Whether a number in the unit of the ledger lies within.
    pub(super) fn holds(&self, number: f64) -> bool {
        // Units are scaled in decimals and numbers are binary: the ends themselves are allowed.
        let slack = 1e-9;
        number >= self.low * (1.0 - slack) && number <= self.high * (1.0 + slack)
    }
}

const fn range(low: f64, high: f64, words: &'static str) -> Range {
    Range { low, high, words }
}

const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;
/// Mebibytes of a tebibyte.
const TIB: f64 = 1_048_576.0;
/// Bytes of a gibibyte.
const GIB: f64 = 1_073_741_824.0;

const SHARE: Range = range(0.0, 1.0, "0% to 100%");
const SOME_SHARE: Range = range(1e-6, 1.0, "0.0001% to 100%");
const CAP: Range = range(0.01, 1.0, "1% to 100%");
const FLAG: Range = range(0.0, 1.0, "0 or 1");
const PPM: Range = range(0.0, 1e5, "0 to 100,000 (ppm)");
const EVENTS: Range = range(0.0, 1e4, "0 to 10,000/year");
const OUTAGE: Range = range(0.0, 30.0 * DAY, "0 to 30 days");
const DETECTION: Range = range(0.0, HOUR, "0 to 1 h");
const WAIT: Range = range(1e-3, HOUR, "1 ms to 1 h");
const INTERVAL: Range = range(1.0, HOUR, "1 s to 1 h");
const BYTES: Range = range(1.0, GIB, "1 B to 1 GiB");
const MEMORY: Range = range(0.0, 24.0 * TIB, "0 to 24 TiB");
const PAGES: Range = range(0.01, 1e4, "0.01 to 10,000");
const CHECKS: Range = range(1.0, 100.0, "1 to 100");
const CPUS: Range = range(1.0, 1_024.0, "1 to 1,024");
const CONNECTIONS: Range = range(0.0, 1e5, "0 to 100,000");
const COPIES: Range = range(1.0, 1_000.0, "1 to 1,000");

/// Entries by their whole name.
const NAMED: &[(&str, Range)] = &[
    ("autoscaler.ceiling", range(1.0, 10.0, "1 to 10")),
    ("autoscaler.drain", DETECTION),
    ("autoscaler.period", INTERVAL),
    ("autoscaler.scale_in_window", range(0.0, DAY, "0 to 1 day")),
    ("autoscaler.target_min", range(0.001, 0.45, "0.1% to 45%")),
    ("availability.balancer", PPM),
    ("availability.cdn", PPM),
    ("availability.dns", PPM),
    ("availability.self_run_factor", range(0.1, 1_000.0, "0.1 to 1,000")),
    ("availability.zone.median", range(1.0, 30.0 * DAY, "1 s to 30 days")),
    ("availability.zone.sigma", range(0.0, 3.0, "0 to 3")),
    ("backup.daily_change", SHARE),
    ("cache.threads", range(1.0, 256.0, "1 to 256")),
    ("demand.daily.actions_per_session", PAGES),
    ("demand.daily.sessions", PAGES),
    ("demand.growth", SHARE),
    ("demand.horizon", range(DAY, 3_650.0 * DAY, "1 day to 10 years")),
    ("demand.open_connection_time", WAIT),
    ("demand.peak_to_mean", range(1.0, 100.0, "1 to 100")),
    ("demand.registered.active_share", SOME_SHARE),
    ("demand.requests_per_action", PAGES),
    ("demand.requests_per_connection", range(0.1, 1e6, "0.1 to 1,000,000")),
    ("demand.slow_think_time", range(0.1, DAY, "100 ms to 1 day")),
    ("demand.think_time", range(0.1, DAY, "100 ms to 1 day")),
    ("disk.size", range(1_024.0, 16.0 * TIB, "1 GiB to 16 TiB")),
    // It speaks HTTPS, and the lower ones are those of other protocols.
    ("edge.port", range(81.0, 65_535.0, "81 to 65535")),
    ("headroom.instances_down", range(0.0, 100.0, "0 to 100")),
    ("headroom.load", SHARE),
    ("health_check.healthy_after", CHECKS),
    ("health_check.interval", INTERVAL),
    ("health_check.timeout", WAIT),
    ("health_check.unhealthy_after", CHECKS),
    ("network.cross_zone", range(0.0, 1.0, "0 to 1 s")),
    ("network.same_zone", range(0.0, 1.0, "0 to 1 s")),
    ("recovery.log_interval", range(1.0, DAY, "1 s to 1 day")),
    ("recovery.restore.per_gib", range(0.01, HOUR, "10 ms to 1 h")),
    ("recovery.restore.start", OUTAGE),
    ("rules.memory_min", MEMORY),
    ("rules.offers_per_service", range(1.0, 2.0, "1 or 2")),
    ("rules.redundant_data", FLAG),
    ("rules.replicas_max", COPIES),
    ("rules.replicas_min", COPIES),
    ("rules.survives_zone_loss", FLAG),
    ("rules.vcpu_quota", range(0.0, 1e6, "0 to 1,000,000")),
    ("rules.vcpus_max", CPUS),
    ("rules.vcpus_min", CPUS),
    ("rules.zones_min", range(1.0, 6.0, "1 to 6")),
    ("service.memory_usable", range(0.1, 1.0, "10% to 100%")),
    ("sql.connections_max", range(1.0, 1e6, "1 to 1,000,000")),
    ("sql.connections_per_gib", range(0.1, 1e5, "0.1 to 100,000")),
    ("sql.connections_per_instance", range(0.0, 1e4, "0 to 10,000")),
    ("sql.connections_reserved", CONNECTIONS),
];

/// Entries by how their names begin and end: those of availability, and those that a service, a
/// call or a class has.
const ENDING: &[(&str, &str, Range)] = &[
    ("availability.", "duration", OUTAGE),
    ("availability.", "ejection", DETECTION),
    ("availability.", "events", EVENTS),
    ("availability.", "rate", EVENTS),
    ("availability.", "repair", OUTAGE),
    ("availability.", "unplanned", EVENTS),
    ("rules.utilisation.", "", CAP),
    ("requests.", "cacheable", range(1e-6, 0.9999, "0.0001% to 99.99%")),
    ("requests.", "share", SOME_SHARE),
    ("", "bytes_per_call", BYTES),
    ("", "bytes_per_lookup", BYTES),
    ("", "bytes_per_query", BYTES),
    ("", "connections", CONNECTIONS),
    ("", "count", range(1e-6, 1e4, "0.000001 to 10,000")),
    ("", "cpu_time", range(1e-6, 60.0, "1 us to 60 s")),
    ("", "cv", range(0.0, 20.0, "0 to 20")),
    ("", "lookups", range(1.0, 1e4, "1 to 10,000")),
    ("", "port", range(1.0, 65_535.0, "1 to 65535")),
    ("", "queue", WAIT),
    ("", "response", BYTES),
    ("", "retries", range(0.0, 10.0, "0 to 10")),
    ("", "spread", range(0.0, 20.0, "0 to 20")),
    ("", "startup", DETECTION),
    ("", "storage", range(1.0, 64.0 * TIB, "1 MiB to 64 TiB")),
    ("", "timeout", WAIT),
    ("", "working_set", range(1.0, 24.0 * TIB, "1 MiB to 24 TiB")),
];

/// Entries that no row speaks of, by the unit of the ledger.
fn of_unit(unit: &str) -> Range {
    match unit {
        "s" => OUTAGE,
        "ratio" => SHARE,
        "/year" => EVENTS,
        "/s" => range(1e-6, 1e8, "0.000001 to 100,000,000 requests/s"),
        "B" => BYTES,
        "MiB" => MEMORY,
        _ => range(0.0, 1e9, "0 to 1,000,000,000"),
    }
}

/// What the entry of that name may hold.
pub(super) fn of(name: &str, unit: &str) -> Range {
    if let Some((_, range)) = NAMED.iter().find(|(known, _)| *known == name) {
        return *range;
    }
    // A class may be called `response`: `services.app.cpu_time.response` is a CPU time.
    let field = match name.split('.').nth(2) {
        Some("cpu_time") => "cpu_time",
        _ => name.rsplit('.').next().unwrap_or_default(),
    };
    let ends = |end: &str| end.is_empty() || end == field;
    let found = ENDING.iter().find(|(start, end, _)| name.starts_with(start) && ends(end));
    found.map_or_else(|| of_unit(unit), |(_, _, range)| *range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_is_allowed_and_nothing_beyond_it() {
        let ceiling = of("autoscaler.ceiling", "count");
        assert!(ceiling.holds(1.0) && ceiling.holds(10.0));
        assert!(!ceiling.holds(0.99) && !ceiling.holds(10.1) && !ceiling.holds(f64::NAN));
        assert!(of("services.app.cpu_time.response", "s").holds(60.0));
        assert!(!of("services.app.cpu_time.checkout", "s").holds(61.0));
        assert!(!of("availability.zone.ejection", "s").holds(DAY));
        assert!(!of("rules.utilisation.cache", "ratio").holds(0.0));
    }
}
