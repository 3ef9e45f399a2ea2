//! What policies said about a plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::Day;

/// What policies said. There is no policy yet that says anything, so both lists are empty; their
/// items are part of the form so that a version need not change when there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyPart {
    /// What became of each rule.
    pub results: Vec<PolicyResult>,
    /// Rules that were lifted for a time.
    pub exceptions: Vec<PolicyException>,
}

/// What became of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyResult {
    /// The rule.
    pub rule: String,
    /// Whether the plan keeps it.
    pub kept: bool,
    /// In one sentence.
    pub text: String,
}

/// A rule that was lifted for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyException {
    /// The rule.
    pub rule: String,
    /// Its last day.
    pub until: Day,
    /// Who lifted it.
    pub by: String,
    /// Why.
    pub because: String,
}
