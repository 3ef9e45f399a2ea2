//! What a budget buys, as a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CapacityKind;
use super::design::{AskPart, DesignPart, reaches};
use crate::capacity::Against;
use crate::objective::Operations;
use crate::spec::{Amounts, ApiVersion, ProvenancePart};
use crate::units::MicroDollars;

/// The most of one outcome that a budget carries, solved and simulated, and one step more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Plimsoll capacity")]
pub struct CapacityDocument {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    pub api_version: ApiVersion,
    /// What the document is.
    pub kind: CapacityKind,
    /// `sha256:` of this document's text with this field empty.
    pub digest: String,
    /// Where it came from; the intent is that without the budget.
    pub provenance: ProvenancePart,
    /// How the load was read, at what is carried.
    pub reading: String,
    /// The outcome of which the most was looked for: `users`, `uptime`, `latency p95`.
    pub outcome: String,
    /// The most that may be spent in a month.
    pub budget_micros: MicroDollars,
    /// The bill that the budget limits.
    pub against: Against,
    /// The most that it carries.
    pub carried: AskPart,
    /// The design that carries it.
    pub design: DesignPart,
    /// The three bills of that design.
    pub monthly_micros: Amounts,
    /// One step more, without the budget; absent where there is no step more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<RefusedAskPart>,
    /// The least load above at which the cheapest machines are others; absent where one step more
    /// needs them already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_machines: Option<AskPart>,
    /// What the same budget carries at other uptimes.
    pub elsewhere: Vec<CarriedPart>,
    /// What the same budget carries with more careful operations than were assumed; absent where
    /// that is no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub careful: Option<CarefulPart>,
    /// The command that plans what is carried.
    pub next: String,
}

impl CapacityDocument {
    /// Places where two things are said of one question, or none.
    pub(super) fn unclear(&self) -> Vec<String> {
        let refused = self.refused.iter().filter(|part| !part.is_whole());
        refused.map(|_| "refused".to_owned()).collect()
    }

    /// Places of an uptime that there is not.
    pub(super) fn impossible(&self) -> Vec<String> {
        let elsewhere = self.elsewhere.iter().enumerate().flat_map(|(at, part)| {
            let sides = [("at", Some(part.at)), ("carried", part.carried)];
            sides.map(|(name, ask)| (format!("elsewhere[{at}].{name}"), ask))
        });
        let single = [
            ("carried", Some(self.carried)),
            ("refused.ask", self.refused.as_ref().map(|part| part.ask)),
            ("next_machines", self.next_machines),
            ("careful.carried", self.careful.map(|part| part.carried)),
        ];
        let single = single.map(|(place, ask)| (place.to_owned(), ask));
        let all = single.into_iter().chain(elsewhere);
        let none = all.filter(|(_, ask)| ask.is_some_and(|ask| ask.ask().is_none()));
        none.map(|(place, _)| place).collect()
    }
}

/// What a budget does not carry: a design without it, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["design"]}, {"required": ["unreachable"]}]))]
pub struct RefusedAskPart {
    /// What is asked for.
    pub ask: AskPart,
    /// What would carry it without the budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignPart>,
    /// Why nothing would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
}

/// What a budget carries at another uptime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CarriedPart {
    /// The uptime.
    pub at: AskPart,
    /// The most that is carried there; absent where it is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carried: Option<AskPart>,
}

/// What a budget carries with more careful operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CarefulPart {
    /// How careful operations are: `operations` of an intent.
    pub operations: Operations,
    /// The most that is carried with them.
    pub carried: AskPart,
}

reaches! { RefusedAskPart }
