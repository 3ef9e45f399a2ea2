//! Reads a study from its text.

use miette::Diagnostic;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

use super::Study;
use crate::spec::{brief, plain};

/// No study that this program writes is as large.
const MOST_BYTES: usize = 16 << 20;

/// Why a text is not a study.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum StudyFault {
    /// It is larger than any study.
    #[error("the document has {bytes} bytes")]
    #[diagnostic(code(study::too_large), help("a study has at most 16 MiB"))]
    TooLarge {
        /// How large it is.
        bytes: usize,
    },
    /// It is not JSON.
    #[error("line {line}, column {column}: this is not JSON: {message}")]
    #[diagnostic(
        code(study::syntax),
        help("a study is what `plimsoll explain`, `frontier` or `capacity` print with `--json`")
    )]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// It has a version that this program does not know, or none.
    #[error("`apiVersion` is {version}")]
    #[diagnostic(code(study::version), help("this program reads `plimsoll/v1`: ask again with it"))]
    Version {
        /// As it stands there.
        version: String,
    },
    /// It is another document.
    #[error("`kind` is {kind}")]
    #[diagnostic(
        code(study::kind),
        help(
            "give a document of the kind `Explanation`, `Frontier` or `Capacity`: what `plimsoll \
             explain`, `frontier` and `capacity` print with `--json`"
        )
    )]
    Kind {
        /// As it stands there.
        kind: String,
    },
    /// It is a study with a fault.
    #[error("{place}: {message}")]
    #[diagnostic(
        code(study::form),
        help("`plimsoll schema` prints the forms: of `explanation`, `frontier` and `capacity`")
    )]
    Form {
        /// A line and a column, or a path.
        place: String,
        /// What is wrong there.
        message: String,
    },
}

/// Reads the text of a study.
///
/// # Errors
/// When it is too large, is not JSON, is of an unknown version or another kind, or breaks its form;
/// of the latter all that the form alone does not show at once.
pub fn read(text: &str) -> Result<Study, Vec<StudyFault>> {
    if text.len() > MOST_BYTES {
        return Err(vec![StudyFault::TooLarge { bytes: text.len() }]);
    }
    let document: Value = serde_json::from_str(text).map_err(|fault| {
        let (line, column) = (fault.line(), fault.column());
        vec![StudyFault::Syntax { line, column, message: plain(&fault) }]
    })?;
    let said = |field: &str| {
        document
            .get(field)
            .map_or_else(|| "not there".to_owned(), |own| format!("`{}`", brief(own)))
    };
    let kind = document.get("kind").and_then(Value::as_str);
    let (study, places) = match kind {
        Some("Explanation" | "Frontier" | "Capacity")
            if document["apiVersion"] != "plimsoll/v1" =>
        {
            return Err(vec![StudyFault::Version { version: said("apiVersion") }]);
        }
        Some("Explanation") => {
            let own: Box<super::ExplanationDocument> = formed(text)?;
            let places = own.unclear();
            (Study::Explanation(own), places)
        }
        Some("Frontier") => {
            let own: Box<super::FrontierDocument> = formed(text)?;
            let (places, impossible) = (own.unclear(), own.impossible());
            if !impossible.is_empty() {
                return Err(forms(impossible, "there is no such uptime"));
            }
            (Study::Frontier(own), places)
        }
        Some("Capacity") => {
            let own: Box<super::CapacityDocument> = formed(text)?;
            let (places, impossible) = (own.unclear(), own.impossible());
            if !impossible.is_empty() {
                return Err(forms(impossible, "there is no such uptime"));
            }
            (Study::Capacity(own), places)
        }
        _ => return Err(vec![StudyFault::Kind { kind: said("kind") }]),
    };
    if places.is_empty() {
        return Ok(study);
    }
    Err(forms(places, "a design, or why it is unreachable, and not both"))
}

/// The document itself, read from the text, so that a fault has a place.
fn formed<T: DeserializeOwned>(text: &str) -> Result<T, Vec<StudyFault>> {
    serde_json::from_str(text).map_err(|fault| {
        let place = format!("line {}, column {}", fault.line(), fault.column());
        vec![StudyFault::Form { place, message: plain(&fault) }]
    })
}

fn forms(places: Vec<String>, message: &str) -> Vec<StudyFault> {
    let fault = |place| StudyFault::Form { place, message: message.to_owned() };
    places.into_iter().map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        let faults = read(text).expect_err("it is no study");
        let code = faults[0].code().expect("a fault has a code");
        assert!(faults[0].help().is_some(), "{faults:?}");
        code.to_string()
    }

    #[test]
    fn what_is_no_study_is_refused_by_what_it_is() {
        for (text, expected) in [
            ("", "study::syntax"),
            ("{\"kind\": NaN}", "study::syntax"),
            ("{\"kind\": \"Frontier\", \"designs\": 1e999}", "study::syntax"),
            ("[1]", "study::kind"),
            ("{\"apiVersion\": \"plimsoll/v1\", \"kind\": \"Spec\"}", "study::kind"),
            ("{\"kind\": \"Frontier\"}", "study::version"),
            ("{\"apiVersion\": \"plimsoll/v9\", \"kind\": \"Explanation\"}", "study::version"),
            ("{\"apiVersion\": \"plimsoll/v1\", \"kind\": \"Frontier\"}", "study::form"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
        assert_eq!(code(&"[".repeat(100_000)), "study::syntax");
        assert_eq!(code(&" ".repeat(MOST_BYTES + 1)), "study::too_large");
        let hostile = "{\"apiVersion\": \"plimsoll/v1\", \"kind\": \"\\u001b[31m\"}";
        assert_eq!(read(hostile).unwrap_err()[0].to_string(), "`kind` is `?[31m`");
    }
}
