//! What could not be read, as a document for machines.

use schemars::JsonSchema;
use serde::Serialize;

/// Everything that is wrong, where `--json` has no answer to print.
///
/// It is told from answers by having no `kind`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Plimsoll errors")]
pub(super) struct ErrorsDocument {
    /// Each fault, in the order of the places; at least one.
    #[schemars(length(min = 1))]
    pub errors: Vec<ErrorPart>,
    /// What was understood nevertheless, and how many faults more there are than are listed.
    pub notes: Vec<String>,
}

/// One fault.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorPart {
    /// Its code, of which `plimsoll help CODE` tells more.
    pub code: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where it is; null for what has no text, such as a file that is not there.
    pub place: Option<PlacePart>,
}

/// A stretch of one line of a text.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlacePart {
    /// The file; null for a phrase.
    pub name: Option<String>,
    /// The line, from 1.
    #[schemars(range(min = 1))]
    pub line: usize,
    /// The column, from 1, in characters.
    #[schemars(range(min = 1))]
    pub column: usize,
    /// Bytes of the text before it.
    pub offset: usize,
    /// Its bytes.
    pub length: usize,
}
