//! An intent as a YAML document, of which JSON is a form.
//!
//! Documents come from strangers as well, so their size, depth and number of values are bounded
//! before anything is made of them, and aliases, tags and unknown keys are refused.

use super::Intent;
use super::faults::Faults;
use super::read::{Source, read_intent};

/// Reads a document; `name` is its file name, for messages.
///
/// # Errors
/// All faults at once, each with line and column, a code and what to do.
pub fn read_document(text: &str, name: &str) -> Result<Intent, Faults> {
    let (name, text) = (name.to_owned(), text.to_owned());
    read_intent(&Source::Document { name, text }, &[])
}
