//! When a system is open, and what becomes of each service while it is shut.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The hours of a week in which a system is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursPart {
    /// The time zone, by its name in the IANA database.
    pub zone: String,
    /// When it is open, each day once.
    pub windows: Vec<WindowPart>,
    /// Open minutes of a week, which has 10,080: their share is that of every month.
    pub open_minutes_a_week: u32,
}

/// A span of some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowPart {
    /// `mon` to `sun`.
    pub days: Vec<String>,
    /// When it opens: `08:00`.
    pub opens: String,
    /// When it closes, on the same day; `24:00` at its end.
    pub closes: String,
}

/// What a schedule does with a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchedulePart {
    /// What becomes of it outside the hours.
    pub out_of_hours: OutOfHours,
    /// The hours.
    pub hours: HoursPart,
    /// Instances that it opens with, over all its offers; absent where none are taken away. The
    /// autoscaler changes their number from then on, and is suspended while it is shut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_with: Option<u32>,
    /// The same in words.
    pub text: String,
}

/// What becomes of a service while the system is shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum OutOfHours {
    /// Its instances are taken away, with the disks that they start from.
    Off,
    /// It is stopped and not deleted: its data stays.
    Stopped,
    /// It runs on.
    RunsOn,
}
