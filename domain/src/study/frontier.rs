//! What outcomes cost against each other, as a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FrontierKind;
use super::design::{AskPart, DesignPart, reaches};
use crate::frontier::Standing;
use crate::spec::{ApiVersion, ProvenancePart};
use crate::units::MicroDollars;

/// What outcomes cost against each other: designs, each solved and simulated, none interpolated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Plimsoll frontier")]
pub struct FrontierDocument {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    pub api_version: ApiVersion,
    /// What the document is.
    pub kind: FrontierKind,
    /// `sha256:` of this document's text with this field empty.
    pub digest: String,
    /// Where it came from.
    pub provenance: ProvenancePart,
    /// How the load was read.
    pub reading: String,
    /// Designs that no other one of their series beats.
    pub designs: u64,
    /// One outcome each; all others stay as they were stated.
    pub series: Vec<SeriesPart>,
    /// How far other latencies can be tightened for nothing.
    pub latency_slack: Vec<SlackPart>,
    /// What the load takes as it grows; absent where that was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub growth: Option<GrowthPart>,
}

impl FrontierDocument {
    /// The designs for what was asked for.
    pub fn asked(&self) -> impl Iterator<Item = &DesignPart> {
        let points = self.series.iter().flat_map(|series| &series.points);
        points.filter(|point| point.asked).filter_map(|point| point.design.as_ref())
    }

    /// Places where two things are said of one question, or none.
    pub(super) fn unclear(&self) -> Vec<String> {
        let mut places = Vec::new();
        for (at, series) in self.series.iter().enumerate() {
            let points = series.points.iter().enumerate();
            let unclear = points.filter(|(_, point)| !point.is_whole());
            places.extend(unclear.map(|(point, _)| format!("series[{at}].points[{point}]")));
        }
        for (at, slack) in self.latency_slack.iter().enumerate() {
            let tighter = slack.tighter.iter().enumerate();
            let unclear = tighter.filter(|(_, limit)| !limit.is_whole());
            let place = |limit: usize| format!("latency_slack[{at}].tighter[{limit}]");
            places.extend(unclear.map(|(limit, _)| place(limit)));
        }
        let months = self.growth.iter().flat_map(|growth| &growth.months).enumerate();
        let unclear = months.filter(|(_, month)| !month.is_whole());
        places.extend(unclear.map(|(at, _)| format!("growth.months[{at}]")));
        places
    }

    /// Places of values that no outcome has.
    pub(super) fn impossible(&self) -> Vec<String> {
        let mut places = Vec::new();
        for (at, series) in self.series.iter().enumerate() {
            let points = series.points.iter().enumerate();
            let none = points.filter(|(_, point)| point.ask.ask().is_none());
            places.extend(none.map(|(point, _)| format!("series[{at}].points[{point}].ask")));
        }
        places
    }
}

/// A load that grows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrowthPart {
    /// By so many millionths of itself each month.
    pub monthly_ppm: u64,
    /// From the load that was asked for, month 0, on.
    pub months: Vec<MonthPart>,
    /// The last of them in which the machines of month 0 carry all that is asked, with the headroom
    /// and the instances that may be down: simulated. Absent where that was not looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carried_to: Option<u32>,
}

/// A load that has grown: a design, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["design"]}, {"required": ["unreachable"]}]))]
pub struct MonthPart {
    /// After so many months.
    pub month: u32,
    /// The load by then.
    pub ask: AskPart,
    /// The cheapest verified design that carries it, compared with that of the month before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignPart>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
}

/// Designs along one outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesPart {
    /// `users`, `requests`, `uptime`, `latency p95`.
    pub outcome: String,
    /// In the order of their values, smallest first.
    pub points: Vec<PointPart>,
}

/// One value of an outcome: a design, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["design"]}, {"required": ["unreachable"]}]))]
pub struct PointPart {
    /// The value.
    pub ask: AskPart,
    /// Whether it is what the intent asks for.
    pub asked: bool,
    /// `frontier`, `dominated` where another point asks for more at no higher price, `unreached`.
    pub standing: Standing,
    /// The cheapest verified design, compared with that of the value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignPart>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
}

/// How far a latency can be tightened for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlackPart {
    /// `latency p95`.
    pub outcome: String,
    /// The limit as it was asked for.
    pub asked_us: u64,
    /// The price of what was asked for.
    pub monthly_micros: MicroDollars,
    /// The tightest limit, in whole milliseconds, at that price; absent where one less costs more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_to_us: Option<u64>,
    /// Limits below that.
    pub tighter: Vec<TighterPart>,
}

/// A tighter limit: a design, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["design"]}, {"required": ["unreachable"]}]))]
pub struct TighterPart {
    /// The limit.
    pub limit_us: u64,
    /// The cheapest verified design.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignPart>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
}

reaches! { PointPart MonthPart TighterPart }
