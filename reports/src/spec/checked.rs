//! What a re-computation of a spec found, as one JSON document.

use schemars::JsonSchema;
use serde::Serialize;

use super::design::{self, VERSION};
use crate::checked::Checked;

/// A spec re-computed from itself and the catalog: what does not hold, and what was not looked at.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll check")]
struct Document<'a> {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "plimsoll/v1"))]
    api_version: &'static str,
    /// What the document is.
    #[schemars(extend("const" = "Check"))]
    kind: &'static str,
    /// What the system is called.
    name: &'a str,
    /// The digest that the spec states of itself.
    spec_digest: &'a str,
    /// Whether all that could be checked holds.
    holds: bool,
    /// How many comparisons were made.
    compared: u64,
    /// What does not hold.
    faults: Vec<FaultPart<'a>>,
    /// What could not be checked.
    unchecked: Vec<UncheckedPart<'a>>,
}

/// Something that does not hold.
#[derive(Serialize, JsonSchema)]
struct FaultPart<'a> {
    /// A JSON pointer into the spec.
    place: &'a str,
    /// What is wrong, in words.
    text: &'a str,
    /// What stands there, where it is a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    stated: Option<&'a str>,
    /// What it should be: a value, or the range that rounding leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    recomputed: Option<&'a str>,
}

/// Something that could not be checked.
#[derive(Serialize, JsonSchema)]
struct UncheckedPart<'a> {
    /// JSON pointers into the spec.
    places: &'a [String],
    /// Why, and who could.
    reason: &'a str,
}

/// The result of a check as one JSON document.
pub fn checked(checked: &Checked) -> String {
    design::text(&Document {
        api_version: VERSION,
        kind: "Check",
        name: &checked.name,
        spec_digest: &checked.spec_digest,
        holds: checked.faults.is_empty(),
        compared: checked.compared,
        faults: checked
            .faults
            .iter()
            .map(|fault| FaultPart {
                place: &fault.place,
                text: &fault.text,
                stated: fault.stated.as_deref(),
                recomputed: fault.recomputed.as_deref(),
            })
            .collect(),
        unchecked: checked
            .unchecked
            .iter()
            .map(|open| UncheckedPart { places: &open.places, reason: &open.reason })
            .collect(),
    })
}

/// The JSON Schema of that document, draft 2020-12, as text.
pub fn check_schema() -> String {
    design::schema::<Document<'static>>("check")
}
