//! How good a plan is proven to be, and what another question would have cost.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{Certainty, Claim, Pursuit};
use crate::units::MicroDollars;

/// How good a plan is proven to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptimalityPart {
    /// What is claimed.
    pub claim: Claim,
    /// What became of the search for every cheaper plan; absent where there was none, because the
    /// first plan that held was enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pursuit: Option<Pursuit>,
    /// The expected bill.
    pub objective_micros: MicroDollars,
    /// No plan costs less: from the relaxation that certifies.
    pub bound_micros: MicroDollars,
    /// The solver's own bound of the program that gave the plan.
    pub program_bound_micros: MicroDollars,
    /// How much dearer than the bound the plan is, of its cost.
    pub gap_ppm: u64,
    /// Options of all services that were looked at.
    pub designs: u64,
    /// Options left after pruning.
    pub kept: u64,
    /// Options that were not kept, by reason.
    pub pruned: BTreeMap<String, u64>,
    /// Every plan that was judged, the last one included.
    pub rounds: Vec<RoundPart>,
    /// What excluded cheaper plans, dearest last.
    pub excluded: Vec<ExclusionPart>,
}

/// A plan that was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundPart {
    /// The plan in words.
    pub plan: String,
    /// Its expected bill.
    pub monthly_micros: MicroDollars,
    /// The check that refuted it or that stayed undecided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objection: Option<String>,
    /// What was cut off with it: `dominance`, `no-good` or `service`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<String>,
}

/// A cheaper plan, and what excluded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExclusionPart {
    /// The plan in words.
    pub plan: String,
    /// What it would have cost.
    pub monthly_micros: MicroDollars,
    /// How sure.
    pub certainty: Certainty,
    /// By what.
    pub reason: String,
}

/// A question that differs in one respect, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlternativePart {
    /// A stable identifier.
    pub id: String,
    /// In words.
    pub text: String,
    /// The cheapest plan's expected bill; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_micros: Option<MicroDollars>,
}

/// How much an assumption moves the price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitivityPart {
    /// The name in the ledger.
    pub name: String,
    /// What the expected bill changes by at 120% of the value; absent when no plan is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_micros_at_120_percent: Option<i64>,
}
