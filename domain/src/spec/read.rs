//! Reads a spec of any version that was ever written.
//!
//! A golden file of every version stays among the tests.

use miette::Diagnostic;
use serde_json::Value;
use thiserror::Error;

use super::Spec;
use super::migration::{brought_on, is_newest, versions};

/// No spec that this program writes is as large.
const MOST_BYTES: usize = 64 << 20;

/// Why a text is not a spec.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum SpecFault {
    /// It is larger than any spec.
    #[error("the document has {bytes} bytes")]
    #[diagnostic(code(spec::too_large), help("a spec has at most 64 MiB"))]
    TooLarge {
        /// How large it is.
        bytes: usize,
    },
    /// It is not JSON.
    #[error("line {line}, column {column}: this is not JSON: {message}")]
    #[diagnostic(code(spec::syntax), help("a spec is written by `plimsoll plan … --out`"))]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// It does not say which version it has.
    #[error("the document has no `apiVersion`")]
    #[diagnostic(code(spec::version), help("a spec starts with `apiVersion: plimsoll/v1`"))]
    NoVersion,
    /// It has a version that this program does not know.
    #[error("the document has the version `{version}`")]
    #[diagnostic(
        code(spec::version),
        help("this program reads {}; a newer one may read more", known())
    )]
    UnknownVersion {
        /// As it stands there.
        version: String,
    },
    /// It is another document of this program.
    #[error("the document is of the kind `{kind}`")]
    #[diagnostic(code(spec::kind), help("give a document of the kind `Spec`"))]
    WrongKind {
        /// As it stands there.
        kind: String,
    },
    /// It is a spec with a fault.
    #[error("{place}{message}")]
    #[diagnostic(code(spec::form), help("`plimsoll schema spec` prints the form that a spec has"))]
    Form {
        /// `line 3, column 7: `, or nothing when the document was not read from a text.
        place: String,
        /// What is wrong there.
        message: String,
    },
}

/// Reads the text of a spec of any known version.
///
/// # Errors
/// When it is too large, is not JSON, has no known version, is of another kind, or breaks the form
/// of its version; the fault says where.
pub fn read(text: &str) -> Result<Spec, SpecFault> {
    if text.len() > MOST_BYTES {
        return Err(SpecFault::TooLarge { bytes: text.len() });
    }
    let document: Value = serde_json::from_str(text).map_err(|fault| SpecFault::Syntax {
        line: fault.line(),
        column: fault.column(),
        message: plain(&fault),
    })?;
    if !is_newest(recognise(&document)?) {
        return migrate(document);
    }
    // The newest version needs no step, so it is read from the text itself: its faults have a
    // place.
    serde_json::from_str(text).map_err(|fault| SpecFault::Form {
        place: format!("line {}, column {}: ", fault.line(), fault.column()),
        message: plain(&fault),
    })
}

/// Reads a spec of any known version from its JSON.
///
/// # Errors
/// When it has no known version, is of another kind, or breaks the form of its version.
pub fn migrate(document: Value) -> Result<Spec, SpecFault> {
    recognise(&document)?;
    serde_json::from_value(brought_on(document))
        .map_err(|fault| SpecFault::Form { place: String::new(), message: plain(&fault) })
}

/// The version of a document, once there is a reader for it: before its form is looked at.
fn recognise(document: &Value) -> Result<&str, SpecFault> {
    let version = document.get("apiVersion").ok_or(SpecFault::NoVersion)?;
    let own = version.as_str().filter(|own| versions().any(|known| known == *own));
    let own = own.ok_or_else(|| SpecFault::UnknownVersion { version: brief(version) })?;
    match document.get("kind") {
        Some(Value::String(kind)) if kind == "Spec" => Ok(own),
        kind => Err(SpecFault::WrongKind { kind: kind.map(brief).unwrap_or_default() }),
    }
}

/// The versions that can be read, as a list in words.
fn known() -> String {
    versions().map(|version| format!("`{version}`")).collect::<Vec<_>>().join(", ")
}

/// A value as it is named in a message.
pub(crate) fn brief(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text, 40),
        other => printable(&other.to_string(), 40),
    }
}

/// The message of the reader without the place that it appends; it may quote the document.
pub(crate) fn plain(fault: &serde_json::Error) -> String {
    let text = fault.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    printable(&text[..end], 200)
}

/// A text that is short, and safe on a terminal.
fn printable(text: &str, most: usize) -> String {
    text.chars()
        .take(most)
        .map(|letter| match letter {
            ' '..='~' => letter,
            _ => '?',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_version_that_is_not_known_is_refused_by_its_name() {
        let document = json!({"apiVersion": "plimsoll/v7", "kind": "Spec"});
        let fault = migrate(document).unwrap_err();
        assert_eq!(fault.to_string(), "the document has the version `plimsoll/v7`");
        assert_eq!(migrate(json!({})), Err(SpecFault::NoVersion));
        assert_eq!(migrate(json!([1, 2])), Err(SpecFault::NoVersion));
    }

    #[test]
    fn another_document_is_refused_by_its_kind() {
        let document = json!({"apiVersion": "plimsoll/v1", "kind": "Intent\u{1b}[31m"});
        let fault = migrate(document).unwrap_err();
        assert_eq!(fault.to_string(), "the document is of the kind `Intent?[31m`");
    }

    #[test]
    fn a_fault_of_a_text_has_a_place() {
        let fault = read("{\"apiVersion\": \"plimsoll/v1\",\n \"kind\": }").unwrap_err();
        assert!(matches!(fault, SpecFault::Syntax { line: 2, .. }), "{fault}");
        let fault = read("{\"apiVersion\": \"plimsoll/v1\",\n \"kind\": \"Spec\", \"x\": 1}");
        let fault = fault.unwrap_err();
        assert!(matches!(&fault, SpecFault::Form { .. }), "{fault}");
        assert!(fault.to_string().starts_with("line 2, column "), "{fault}");
    }

    #[test]
    fn a_hostile_text_is_a_fault_and_not_a_panic() {
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read("").is_err());
        assert!(read("\u{0}").is_err());
        assert!(read("{\"apiVersion\": 1e999}").is_err());
    }
}
