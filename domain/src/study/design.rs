//! A design that answers one of several questions: what it is and what it costs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::Ask;
use crate::name::Name;
use crate::objective::Operations;
use crate::offer::Provider;
use crate::units::{Availability, MicroDollars, RequestsPerSecond, Seconds};
use crate::verification::Status;

/// A value of one outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskPart {
    /// So many users.
    Users(u64),
    /// Millionths of a request a second.
    RateMicroRps(u64),
    /// The share of requests that must be answered well.
    UptimePpm(u32),
    /// The limit of a latency percentile.
    LatencyUs(u64),
}

impl AskPart {
    /// The value that is meant; `None` where there is no such uptime.
    pub fn ask(self) -> Option<Ask> {
        let millionths = |whole: u64| whole as f64 / 1e6;
        Some(match self {
            Self::Users(count) => Ask::Users(count),
            Self::RateMicroRps(rate) => Ask::Rate(RequestsPerSecond::of(millionths(rate))),
            Self::UptimePpm(ppm) => Ask::Uptime(Availability::from_ppm(ppm).ok()?),
            Self::LatencyUs(limit) => Ask::Latency(Seconds::of(millionths(limit))),
        })
    }
}

/// A design that was solved and simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DesignPart {
    /// The expected bill of a month.
    pub monthly_micros: MicroDollars,
    /// No plan that carries this costs less.
    pub bound_micros: MicroDollars,
    /// The verdict of the simulation.
    pub status: Status,
    /// Requests that the verdict rests on; it may be the verdict on a stricter outcome.
    pub requests_simulated: u64,
    /// The plan in words.
    pub plan: String,
    /// `sha256:` of what is built and what it costs, as in the spec of that plan.
    pub plan_digest: String,
    /// The cloud.
    pub provider: Provider,
    /// Its region.
    pub region: Name,
    /// How many of its zones are used.
    pub zones: u8,
    /// What runs, in the order of the demand.
    pub services: Vec<RunsPart>,
    /// More careful operations than were asked for, where only they make it possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operations: Option<Operations>,
    /// What it has that the design which it is compared with has not; all of its machines where it
    /// is the first of several, and absent where it is compared with none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// The service, or `traffic`, of which the bill is most above that of the design which it is
    /// compared with; absent where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dearest: Option<String>,
}

/// What one service runs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunsPart {
    /// The managed product, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The offers, with the instances of each at the peak.
    pub offers: Vec<RunningPart>,
}

/// Equal machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunningPart {
    /// The provider's name of the offer.
    pub instance_type: String,
    /// Instances at the peak.
    pub replicas: u32,
}

/// What came of one question: exactly one of the two stands in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached<'a> {
    /// The cheapest verified design.
    Design(&'a DesignPart),
    /// Why there is none.
    Nothing(&'a str),
}

impl<'a> Reached<'a> {
    /// The one that stands there.
    pub(super) fn of(design: Option<&'a DesignPart>, unreachable: Option<&'a str>) -> Self {
        design.map_or_else(|| Self::Nothing(unreachable.unwrap_or_default()), Self::Design)
    }

    /// The design, if there is one.
    pub const fn design(self) -> Option<&'a DesignPart> {
        match self {
            Self::Design(design) => Some(design),
            Self::Nothing(_) => None,
        }
    }

    /// Its expected bill.
    pub fn cost(self) -> Option<MicroDollars> {
        self.design().map(|design| design.monthly_micros)
    }
}

/// Lets a part say what came of its question.
macro_rules! reaches {
    ($($part:ty)+) => {$(
        impl $part {
            /// What came of it.
            pub fn found(&self) -> $crate::study::Reached<'_> {
                let reason = self.unreachable.as_deref();
                $crate::study::Reached::of(self.design.as_ref(), reason)
            }

            /// Whether it says exactly one thing.
            pub(super) const fn is_whole(&self) -> bool {
                self.design.is_some() != self.unreachable.is_some()
            }
        }
    )+};
}

pub(super) use reaches;
