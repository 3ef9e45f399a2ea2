//! What was asked for: the phrase and the objectives, in the terms of `OpenSLO` where it has them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::optimality::AlternativePart;
use crate::name::Name;
use crate::objective::{MeasuredAt, UserKind};
use crate::units::MicroDollars;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntentPart {
    /// The phrase that the intent was read from, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phrase: Option<String>,
    /// The document that it was read from, as it stood, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Settings that came beside it, each `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<String>,
    /// The archetype whose services were taken, if none were described.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archetype: Option<Name>,
    /// What must come true.
    pub objectives: Vec<ObjectivePart>,
    /// What the load would cost at its other readings: solved, not simulated.
    pub other_readings: Vec<AlternativePart>,
}

/// One thing that must come true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ObjectivePart {
    /// So many people at the peak, and the room kept beyond them.
    Users {
        /// `load`.
        id: String,
        /// How the number was read.
        reading: UserKind,
        /// Whether the kind was stated; otherwise concurrent was read.
        reading_stated: bool,
        /// How many.
        target: u64,
        /// So much more load must be carried.
        headroom_ppm: u64,
        /// So many stateless or cache instances may be down at the stated load.
        instances_down: u32,
    },
    /// So many requests a second at the peak, and the room kept beyond them.
    Rate {
        /// `load`.
        id: String,
        /// Millionths of a request a second.
        target_micro_rps: u64,
        /// So much more load must be carried.
        headroom_ppm: u64,
        /// So many stateless or cache instances may be down at the stated load.
        instances_down: u32,
    },
    /// The share of requests that must be answered well over a year.
    Availability {
        /// `uptime`.
        id: String,
        /// The share.
        target_ppm: u32,
        /// The span over which it is counted, in ISO 8601.
        window: String,
        /// `occurrences`: by request.
        budgeting_method: String,
        /// The hours within which it is counted; absent where it is always.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counted_within: Option<String>,
    },
    /// A percentile of the latency of requests.
    Latency {
        /// Such as `latency-p95`.
        id: String,
        /// The class that it speaks of; absent for every request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<Name>,
        /// Which part of the requests.
        percentile_permille: u16,
        /// Whether the percentile was stated; otherwise p95 was read.
        percentile_stated: bool,
        /// The limit.
        threshold_us: u64,
        /// Where it is measured.
        measured_at: MeasuredAt,
    },
    /// What may be lost of every database, and for how long it may be away.
    Recovery {
        /// `recovery`.
        id: String,
        /// What was written within this time may be lost.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rpo_us: Option<u64>,
        /// It is back within this time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rto_us: Option<u64>,
    },
    /// The most that may be spent in a month.
    Budget {
        /// `budget`.
        id: String,
        /// Limit of the expected bill.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_micros: Option<MicroDollars>,
        /// Limit of the bill with every autoscaler at its maximum.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ceiling_micros: Option<MicroDollars>,
    },
}
