//! What policies said about a plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::Day;
use crate::name::Name;
use crate::policy::{AuthorKind, Stage};
use crate::units::MicroDollars;

/// What policies said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyPart {
    /// The policies, in the order in which they were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<PolicyDocument>,
    /// What became of each rule.
    pub results: Vec<PolicyResult>,
    /// The day on which exceptions were judged, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// Rules that were lifted for a time.
    pub exceptions: Vec<PolicyException>,
    /// The strictest stage that they state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// What became of each review.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<ReviewPart>,
}

/// What became of a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewPart {
    /// The review; `stage: walk` for what that stage demands by itself.
    pub review: String,
    /// Whether the plan needs it.
    pub applies: bool,
    /// Why, or why not.
    pub why: String,
    /// So many people have to approve where it applies.
    pub approvals: u32,
    /// Of any of these roles; empty for every signer.
    pub from: Vec<Name>,
}

/// Who asked for a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorPart {
    /// A person, or a program that acts for somebody.
    pub kind: AuthorKind,
    /// The name, where it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The plan whose place another one takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupersededPart {
    /// `sha256:` of its spec.
    pub digest: String,
    /// Its expected bill of a month.
    pub expected_micros: MicroDollars,
}

/// A policy that the plan was made under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyDocument {
    /// What it is called.
    pub name: Name,
    /// Its version, where it states one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The file that it was read from.
    pub file: String,
    /// What stands in it.
    pub text: String,
}

/// What became of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyResult {
    /// The rule.
    pub rule: String,
    /// Whether the plan keeps it; a rule that does not apply is kept.
    pub kept: bool,
    /// In one sentence.
    pub text: String,
    /// What it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// The clauses of laws and standards that it serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<String>,
    /// The expected bill of the cheapest plan without the rule, where that is another one: solved,
    /// not simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_micros: Option<MicroDollars>,
}

/// A rule that was lifted for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyException {
    /// The rule.
    pub rule: String,
    /// The only service that it is lifted for; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Name>,
    /// Whether it lifts the rule on the day of the spec; past its last day it does not.
    #[serde(default = "in_force")]
    pub in_force: bool,
    /// Its last day.
    pub until: Day,
    /// Who lifted it.
    pub by: String,
    /// Why.
    pub because: String,
}

const fn in_force() -> bool {
    true
}
