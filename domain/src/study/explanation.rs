//! Why a plan is as it is, as a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ExplanationKind;
use super::design::{DesignPart, reaches};
use crate::name::Name;
use crate::plan::Certainty;
use crate::spec::{ApiVersion, LedgerValue, ProvenancePart};
use crate::units::MicroDollars;

/// What explains a plan: every price in it is that of another plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Plimsoll explanation")]
pub struct ExplanationDocument {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    pub api_version: ApiVersion,
    /// What the document is.
    pub kind: ExplanationKind,
    /// `sha256:` of this document's text with this field empty.
    pub digest: String,
    /// Where it came from.
    pub provenance: ProvenancePart,
    /// How the load was read.
    pub reading: String,
    /// The cheapest verified plan.
    pub design: DesignPart,
    /// The requirements and rules of policies of which less would be cheaper.
    pub binding: Vec<String>,
    /// What each requirement costs, and each rule of a policy that acts: solved and simulated.
    pub prices: Vec<PricePart>,
    /// The rules of policies on which no choice of a plan depends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub idle_rules: Vec<IdleRulePart>,
    /// The cheapest verified plans of other designs, cheapest first, compared with the plan.
    pub runner_ups: Vec<DesignPart>,
    /// Other regions of the provider in which the plan is the same machines, cheapest first.
    pub elsewhere: Vec<ElsewherePart>,
    /// Cheaper plans that the simulation refuted.
    pub refuted: Vec<RefutedPart>,
    /// Offers that were not bought where the plan stands: each reason with an example.
    pub rejected: Vec<RejectedPart>,
    /// What the owner could change: solved, not simulated.
    pub levers: Vec<LeverPart>,
    /// Why one offer was not bought; absent where that was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferAnswerPart>,
    /// What other values of each assumption cost, largest change first: solved, not simulated;
    /// empty where that was not asked.
    pub assumptions: Vec<SwingPart>,
}

impl ExplanationDocument {
    /// Places where two things are said of one question, or none.
    pub(super) fn unclear(&self) -> Vec<String> {
        let mut places = Vec::new();
        for (at, price) in self.prices.iter().enumerate() {
            let sides = [("less_strict", &price.less_strict), ("stricter", &price.stricter)];
            let unclear = sides.iter().filter(|(_, side)| !whole(side.as_ref()));
            places.extend(unclear.map(|(name, _)| format!("prices[{at}].{name}")));
        }
        let instead = self.offer.iter().flat_map(|offer| &offer.instead).enumerate();
        let unclear = instead.filter(|(_, part)| !part.is_whole());
        places.extend(unclear.map(|(at, _)| format!("offer.instead[{at}]")));
        places
    }
}

fn whole(side: Option<&RepricedPart>) -> bool {
    side.is_none_or(RepricedPart::is_whole)
}

/// A rule of a policy on which no choice of a plan depends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdleRulePart {
    /// Its name.
    pub rule: String,
    /// Where it stands: file, line and column.
    pub place: String,
    /// What it says.
    pub says: String,
    /// Why nothing depends on it.
    pub why: String,
}

/// What a requirement costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PricePart {
    /// `users`, `uptime`, `latency p95`, `headroom`, `region`, `provider`; `policy rule` and the
    /// name of one.
    pub requirement: String,
    /// Where the rule stands: file, line and column; absent for what the intent asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// As it was asked for.
    pub asked: String,
    /// How it was varied.
    pub varied: String,
    /// With less of it; absent where there is no less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub less_strict: Option<RepricedPart>,
    /// With more of it; absent where there is no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stricter: Option<RepricedPart>,
}

/// One requirement at another value: a design, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["design"]}, {"required": ["unreachable"]}]))]
pub struct RepricedPart {
    /// The value.
    pub value: String,
    /// What it costs more than the plan; absent where there is no design.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_micros: Option<i64>,
    /// The cheapest verified design, compared with the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignPart>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
}

/// Where the same machines stand as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ElsewherePart {
    /// The region.
    pub region: Name,
    /// The expected bill there.
    pub monthly_micros: MicroDollars,
}

/// A cheaper plan that does not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefutedPart {
    /// The plan in words.
    pub plan: String,
    /// Its expected bill.
    pub monthly_micros: MicroDollars,
    /// How sure it is that it does not do.
    pub certainty: Certainty,
    /// The check that refuted it.
    pub reason: String,
}

/// Offers that were not bought, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectedPart {
    /// In a word or two.
    pub reason: String,
    /// How many offers it kept out.
    pub offers: u64,
    /// One of them.
    pub example: String,
    /// Why that one was not bought.
    pub why: String,
    /// The offer that dominates it, where that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dominated_by: Option<String>,
}

/// Something that the owner could change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeverPart {
    /// A stable identifier.
    pub id: String,
    /// In words.
    pub text: String,
    /// What the cheapest plan would cost; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_micros: Option<MicroDollars>,
}

/// Why one offer was not bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferAnswerPart {
    /// The offer.
    pub instance_type: String,
    /// What keeps it out by itself, where the plan stands.
    pub reasons: Vec<String>,
    /// The plan with one service on it.
    pub instead: Vec<InsteadPart>,
}

/// The plan with a service on another offer: a design, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["design"]}, {"required": ["unreachable"]}]))]
pub struct InsteadPart {
    /// The service.
    pub service: String,
    /// The cheapest verified design, compared with the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignPart>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
}

/// An assumption at other values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwingPart {
    /// The name in the ledger.
    pub name: String,
    /// Its value.
    pub value: LedgerValue,
    /// The unit of the value.
    pub unit: String,
    /// At half of it.
    pub half: SwungPart,
    /// At twice.
    pub twice: SwungPart,
    /// The range within which the true value is believed to lie; absent where none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// At both ends of that range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_interval: Option<[SwungPart; 2]>,
}

/// What a varied assumption costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SwungPart {
    /// The expected bill of the cheapest plan.
    MonthlyMicros(MicroDollars),
    /// There is no plan.
    NoPlan,
    /// It cannot have that value.
    Impossible,
}

reaches! { RepricedPart InsteadPart }
