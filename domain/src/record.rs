//! A line of the audit chain: what was done, by whom, and the hash of the line before.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::AuthorKind;

/// Where the published schema of version 1 is known by.
pub const AUDIT_SCHEMA_V1: &str = "https://plimsoll.dev/schemas/audit-v1.json";

/// A line of the audit chain. It is written as canonical JSON: keys in the order of the letters,
/// and no space between them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// When it was written, in UTC: RFC 3339, to the second.
    pub time: String,
    /// Who did it; absent for a person who was not named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// A person, or a program that acts for somebody.
    pub author_kind: AuthorKind,
    /// The command that was run.
    pub command: String,
    /// `sha256:` of the intent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent_digest: Option<String>,
    /// `sha256:` of the catalog.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog_digest: Option<String>,
    /// `sha256:` of each policy.
    pub policy_digests: Vec<String>,
    /// What came of it: `verified`, `unapproved`, `emitted bom`, `refused emit::unapproved`.
    pub verdicts: Vec<String>,
    /// `sha256:` of the spec; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec_digest: Option<String>,
    /// The hash of the line before; that of nothing, 64 zeros, for the first.
    pub previous: String,
    /// `sha256:` of this line without its own hash.
    pub hash: String,
}
