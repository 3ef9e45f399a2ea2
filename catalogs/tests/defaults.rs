//! Defaults and archetypes: every value is in its unit and within its range.

use std::collections::BTreeSet;

use catalogs::embedded;
use domain::catalog::{Archetype, DefaultValue};
use domain::units::{Bytes, Mebibytes, PerYear, Ratio, Reading, Seconds};

/// The unit that a default is read with, by the last part of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Choice,
    Time,
    Number,
    Count,
    Share,
    Memory,
    Size,
    Rate,
}

const UNITS: [(&[&str], Unit); 8] = [
    (
        &[
            "operations",
            "policy",
            "self_run_data",
            "engine",
            "engine_version",
            "health_path",
            "type",
            "enters",
            "to",
            "fallback",
            "async",
        ],
        Unit::Choice,
    ),
    (
        &[
            "think_time",
            "slow_think_time",
            "horizon",
            "open_connection_time",
            "cpu_time",
            "startup",
            "timeout",
            "queue",
            "same_zone",
            "cross_zone",
            "repair",
            "ejection",
            "median",
            "duration",
            "period",
            "scale_in_window",
            "drain",
            "interval",
            "log_interval",
            "per_gib",
            "start",
            "drain_within",
            "standstill",
        ],
        Unit::Time,
    ),
    (
        &[
            "requests_per_action",
            "peak_to_mean",
            "sessions",
            "actions_per_session",
            "requests_per_connection",
            "spread",
            "sigma",
            "self_run_factor",
            "balancer",
            "dns",
            "cdn",
            "ceiling",
            "per_page",
            "cv",
            "count",
            "lookups",
            "requests_per_message",
        ],
        Unit::Number,
    ),
    (
        &[
            "instances_down",
            "retries",
            "port",
            "threads",
            "connections_reserved",
            "connections_per_gib",
            "connections_max",
            "connections_per_instance",
            "vcpus_min",
            "vcpus_max",
            "replicas_max",
            "offers_per_service",
            "unhealthy_after",
            "healthy_after",
        ],
        Unit::Count,
    ),
    (
        &[
            "active_share",
            "load",
            "retry_budget",
            "hit_ratio",
            "memory_overhead",
            "memory_usable",
            "writes",
            "stateless",
            "cache",
            "sql",
            "headroom",
            "in_zone",
            "across_zones",
            "failing",
            "reach",
            "share",
            "cacheable",
            "daily_change",
            "target_min",
        ],
        Unit::Share,
    ),
    (
        &[
            "memory_base",
            "memory_per_request",
            "working_set",
            "storage",
            "memory_min",
            "size",
            "base",
            "per_request",
        ],
        Unit::Memory,
    ),
    (&["response", "bytes_per_call", "bytes_per_lookup", "bytes_per_query"], Unit::Size),
    (&["rate", "events", "unplanned"], Unit::Rate),
];

fn unit(name: &str) -> Unit {
    let last = name.rsplit('.').next().unwrap_or(name);
    let found = UNITS.iter().find(|(names, _)| names.contains(&last));
    found.unwrap_or_else(|| panic!("nobody knows the unit of {name}")).1
}

fn ordered<T: Reading + PartialOrd>(name: &str, value: &DefaultValue) {
    let read = |text: &str| T::read(text).unwrap_or_else(|fault| panic!("{name} {text:?} {fault}"));
    let middle = read(&value.value);
    if let Some(low) = &value.low {
        assert!(read(low) <= middle, "{name}: {low} is above {}", value.value);
    }
    if let Some(high) = &value.high {
        assert!(middle <= read(high), "{name}: {high} is below {}", value.value);
    }
    assert_eq!(value.low.is_some(), value.high.is_some(), "{name} has half a range");
}

fn check(name: &str, value: &DefaultValue) {
    match unit(name) {
        Unit::Choice => assert!(value.low.is_none() && value.high.is_none(), "{name}"),
        Unit::Time => ordered::<Seconds>(name, value),
        Unit::Number => ordered::<f64>(name, value),
        Unit::Count => ordered::<u64>(name, value),
        Unit::Share => ordered::<Ratio>(name, value),
        Unit::Memory => ordered::<Mebibytes>(name, value),
        Unit::Size => ordered::<Bytes>(name, value),
        Unit::Rate => ordered::<PerYear>(name, value),
    }
    assert!(!value.source.trim().is_empty(), "{name} has no source");
}

#[test]
fn every_default_is_in_its_unit_and_within_its_range() {
    let defaults = embedded().defaults.values;
    assert_eq!(defaults.len(), 126);
    for (name, value) in &defaults {
        check(name, value);
    }
}

#[test]
fn the_faults_of_a_replicated_cache_add_up_to_two_ppm() {
    let defaults = embedded().defaults.values;
    let value = |name: &str| defaults[name].value.clone();
    let events = PerYear::read(&value("availability.cache.failover.events")).unwrap();
    let duration = Seconds::read(&value("availability.cache.failover.duration")).unwrap();
    let ppm = events.value() * duration.value() / Seconds::YEAR.value() * 1e6;
    assert!((ppm - 2.0).abs() < 0.01, "{ppm}");
}

/// Paths and scalars of a document, as the rows about an archetype write them.
fn leaves(value: &serde_json::Value, path: &str, found: &mut Vec<(String, String)>) {
    let below = |key: &str| {
        if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
    };
    match value {
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                leaves(value, &below(key), found);
            }
        }
        serde_json::Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                leaves(value, &below(&at.to_string()), found);
            }
        }
        serde_json::Value::String(text) => found.push((path.to_owned(), text.clone())),
        scalar => found.push((path.to_owned(), scalar.to_string())),
    }
}

#[test]
fn every_value_of_an_archetype_has_a_source() {
    let catalog = embedded();
    let names: Vec<&str> = catalog.archetypes.iter().map(|known| known.name.as_str()).collect();
    assert_eq!(names, ["api", "static", "web", "worker"]);
    catalog.archetypes.iter().for_each(sourced);
}

fn sourced(archetype: &Archetype) {
    let document: serde_json::Value =
        serde_saphyr::from_str(&archetype.document).expect("the archetype can be read");
    let mut found = Vec::new();
    leaves(&document, "", &mut found);
    // What kind of document it is needs no source.
    found.retain(|(path, _)| path != "apiVersion" && path != "kind");
    let written: BTreeSet<(String, String)> = found.into_iter().collect();
    let sourced: BTreeSet<(String, String)> =
        archetype.sources.iter().map(|(path, of)| (path.clone(), of.value.clone())).collect();
    assert_eq!(written, sourced, "{}", archetype.name);
    for (path, source) in &archetype.sources {
        check(path, source);
    }
}

#[test]
fn the_cache_of_the_web_archetype_leaves_the_published_queries() {
    let catalog = embedded();
    let web = catalog.archetypes.iter().find(|known| known.name.as_str() == "web").unwrap();
    let sources = &web.sources;
    let number = |path: &str| f64::read(&sources[path].value).unwrap();
    let lookups = number("services.app.calls.0.count") * number("services.app.calls.0.lookups");
    let hits = Ratio::read(&sources["services.cache.hit_ratio"].value).unwrap();
    assert!((lookups * hits.complement().value() - 2.4).abs() < 1e-9);
}
