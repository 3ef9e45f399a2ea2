//! What a spec promises, as generators for measuring and alerting need it.

use domain::name::Name;
use domain::objective::MeasuredAt;
use domain::spec::{ObjectivePart, Spec};

/// A percentile of a latency that is promised.
pub(super) struct LatencyPromise<'s> {
    /// Such as `latency-p95`.
    pub(super) id: &'s str,
    /// The class that it speaks of; `None` for every request.
    pub(super) class: Option<&'s Name>,
    /// Such as 950.
    pub(super) permille: u16,
    /// The limit in µs.
    pub(super) limit_us: u64,
    /// Where it is measured.
    pub(super) measured_at: MeasuredAt,
}

/// The latencies that are promised.
pub(super) fn latencies(spec: &Spec) -> impl Iterator<Item = LatencyPromise<'_>> {
    spec.intent.objectives.iter().filter_map(|objective| match objective {
        ObjectivePart::Latency {
            id,
            class,
            percentile_permille,
            threshold_us,
            measured_at,
            ..
        } => Some(LatencyPromise {
            id,
            class: class.as_ref(),
            permille: *percentile_permille,
            limit_us: *threshold_us,
            measured_at: *measured_at,
        }),
        _ => None,
    })
}

/// A share of requests that is promised to be answered well.
pub(super) struct UptimePromise<'s> {
    /// Such as `uptime`.
    pub(super) id: &'s str,
    /// The share in ppm.
    pub(super) ppm: u32,
    /// The span over which it is counted, in ISO 8601.
    pub(super) window: &'s str,
}

/// The uptime that is promised, if one is.
pub(super) fn uptime(spec: &Spec) -> Option<UptimePromise<'_>> {
    spec.intent.objectives.iter().find_map(|objective| match objective {
        ObjectivePart::Availability { id, target_ppm, window, .. } => {
            Some(UptimePromise { id, ppm: *target_ppm, window })
        }
        _ => None,
    })
}

/// The load beyond the stated peak that must be carried, in ppm of it.
pub(super) fn headroom_ppm(spec: &Spec) -> u64 {
    let stated = spec.intent.objectives.iter().find_map(|objective| match objective {
        ObjectivePart::Users { headroom_ppm, .. } | ObjectivePart::Rate { headroom_ppm, .. } => {
            Some(*headroom_ppm)
        }
        _ => None,
    });
    stated.unwrap_or(0)
}
