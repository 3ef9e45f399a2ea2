//! The objectives as OpenSLO documents (<https://github.com/OpenSLO/OpenSLO>, version 1): a service
//! and one objective for each latency and for the uptime.

use domain::name::Name;
use domain::spec::Spec;
use serde_json::{Value, json};

use super::decimal::{decimal, percent};
use super::objectives::{latencies, uptime};
use super::terraform::names::{named, system_of};
use super::terraform::variables::{BACK, tags};
use super::{queries, yaml};

/// The part of a query that tells how far back it looks.
const WINDOW: &str = "5m";

/// All documents.
pub(super) fn documents(spec: &Spec) -> String {
    let service = json!({
        "apiVersion": "openslo/v1",
        "kind": "Service",
        "metadata": metadata(spec, &label(&[&system_of(spec)]), "", true),
        "spec": {
            "description": format!(
                "Planned by Plimsoll for {}, from {}.",
                spec.demand.reading, spec.metadata.digest
            ),
        },
    });
    let mut all = vec![service];
    let counted = uptime(spec).map_or("P1Y", |promise| promise.window);
    for promise in latencies(spec) {
        let limit = decimal(promise.limit_us, 3);
        let of = promise.class.map_or_else(|| "all requests".to_owned(), Name::to_string);
        let share = decimal(u64::from(promise.permille), 3);
        all.push(objective(
            spec,
            &Promise {
                id: promise.id,
                said: format!("{}% of {of} within {limit} ms", percent(promise.permille)),
                describes: format!(
                    "A status of 500 and above counts as not within it. \
                     Of http_server_request_duration_seconds, a bucket must end at {} s.",
                    decimal(promise.limit_us, 6)
                ),
                good: queries::within(spec, promise.class, promise.limit_us, WINDOW),
                total: queries::requests(spec, promise.class, WINDOW),
                target: share,
                window: counted,
            },
        ));
    }
    if let Some(promise) = uptime(spec) {
        all.push(objective(
            spec,
            &Promise {
                id: promise.id,
                said: format!("{}% answered well", decimal(u64::from(promise.ppm), 4)),
                describes: "A status of 500 and above counts as not answered well.".to_owned(),
                good: queries::answered(spec, None, WINDOW),
                total: queries::requests(spec, None, WINDOW),
                target: decimal(u64::from(promise.ppm), 6),
                window: promise.window,
            },
        ));
    }
    yaml::documents(&all)
}

/// One objective.
struct Promise<'p> {
    id: &'p str,
    said: String,
    describes: String,
    good: String,
    total: String,
    /// A share, as a decimal.
    target: String,
    /// In ISO 8601.
    window: &'p str,
}

fn objective(spec: &Spec, promise: &Promise<'_>) -> Value {
    let metric =
        |query: &str| json!({"metricSource": {"type": "Prometheus", "spec": {"query": query}}});
    let name = &*label(&[&system_of(spec), promise.id]);
    let target: serde_json::Number =
        promise.target.parse().expect("a decimal of digits is a number");
    json!({
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": metadata(spec, name, &promise.said, false),
        "spec": {
            "description": format!("{}. {}", promise.said, promise.describes),
            "service": label(&[&system_of(spec)]),
            "indicator": {
                "metadata": {"name": name},
                "spec": {
                    "ratioMetric": {
                        "counter": false,
                        "good": metric(&promise.good),
                        "total": metric(&promise.total),
                    },
                },
            },
            "timeWindow": [{"duration": duration(promise.window), "isRolling": true}],
            "budgetingMethod": "Occurrences",
            "objectives": [{"displayName": promise.said, "target": target}],
        },
    })
}

/// Parts as a name, which is a label of DNS: no other system or environment has it.
fn label(parts: &[&str]) -> String {
    named(parts, 63, &[])
}

/// The name with the labels of the spec, and what it is called where people read it.
fn metadata(spec: &Spec, name: &str, said: &str, all: bool) -> Value {
    let said = if said.is_empty() { name } else { said };
    let mut metadata = json!({"name": name, "displayName": said});
    if all {
        let mut tags = tags(spec);
        // An annotation has 63 letters, and a digest more: the description has it.
        tags.remove(BACK[0]);
        metadata["annotations"] = json!(tags);
    }
    metadata
}

/// A span of ISO 8601 as OpenSLO writes it: `P30D` is `30d`, `P1Y` is `1Y`.
fn duration(span: &str) -> String {
    let span = span.trim_start_matches('P');
    let (count, unit) = span.split_at(span.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(0));
    match unit {
        "D" => format!("{count}d"),
        "W" => format!("{count}w"),
        "M" => format!("{count}M"),
        "Y" => format!("{count}Y"),
        _ => span.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn spans_are_written_as_openslo_does() {
        assert_eq!(["P1Y", "P30D", "P4W", "P3M"].map(duration), ["1Y", "30d", "4w", "3M"]);
    }
}
