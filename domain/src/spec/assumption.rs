//! What a plan rests on: the ledger and the risks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ledger::Origin;
use crate::outcome::Severity;

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssumptionPart {
    /// Its path, as `--set` and `assume:` take it.
    pub name: String,
    /// The value that the answer rests on.
    pub value: LedgerValue,
    /// The unit of the value.
    pub unit: String,
    /// Where it came from.
    pub origin: Origin,
    /// In words.
    pub source: String,
    /// The range within which the true value is believed to lie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<[LedgerValue; 2]>,
}

/// A value of the ledger: a number in the unit of its entry, or a word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum LedgerValue {
    /// A finite number.
    Number(f64),
    /// One of several words.
    Choice(String),
}

/// Something to know before relying on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskPart {
    /// A stable identifier.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// In one sentence.
    pub text: String,
}
