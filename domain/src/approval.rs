//! Somebody's leave to build a plan: a small document beside its spec, signed as it stands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::spec::{ApiVersion, Day};

/// Where the published schema of version 1 is known by.
pub const APPROVAL_SCHEMA_V1: &str = "https://plimsoll.dev/schemas/approval-v1.json";

/// What signatures of approvals are for, so that none for anything else can stand in for one.
pub const NAMESPACE: &str = "approval@plimsoll.dev";

/// Somebody's leave to build a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Where the schema is known by.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// The version of this form.
    #[serde(rename = "apiVersion")]
    pub api_version: ApiVersion,
    /// What the document is.
    pub kind: ApprovalKind,
    /// What may be built.
    pub spec: ApprovedSpec,
    /// The reviews that it is for; left out: all that its signer may speak for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<String>,
    /// Who gives it: the name of a signer in a policy.
    pub by: String,
    /// In which role; left out: in every one that the signer has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Name>,
    /// The day on which it was given.
    pub on: Day,
    /// The last day on which it counts.
    pub until: Day,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum ApprovalKind {
    /// Somebody's leave.
    Approval,
}

/// A spec by its digest; the rest is for whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovedSpec {
    /// What the system is called.
    pub name: Name,
    /// The environment that it is for, where the spec says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// `sha256:` of the spec.
    pub digest: String,
}
