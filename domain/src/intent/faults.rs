//! All faults of an intent together, each with its place.

use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, SourceCode};

use super::fault::{IntentFault, Words};
use super::text::{Form, Place, Text, Texts};
use crate::model::model_code;
use crate::policy::policy_code;

/// More faults than this are counted, not listed.
const LISTED: usize = 100;

/// A fault and where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct PlacedFault {
    /// What is wrong.
    pub fault: IntentFault,
    /// The text in which it stands.
    pub text: Arc<Text>,
    /// Its first byte there.
    pub offset: usize,
    /// Its length in bytes; the stretch begins and ends on character boundaries.
    pub length: usize,
}

impl PlacedFault {
    fn at(fault: IntentFault, place: Place, texts: &Texts) -> Self {
        let text = Arc::clone(texts.text(place));
        let start = text.content.floor_char_boundary(place.start);
        let end = text.content.ceil_char_boundary(place.end).max(start);
        Self { fault, text, offset: start, length: end - start }
    }

    /// The stable code: that of its kind, named after the document that it stands in.
    pub fn code(&self) -> &'static str {
        match self.text.form {
            Form::Model => model_code(self.fault.code()),
            Form::Policy => policy_code(self.fault.code()),
            _ => self.fault.code(),
        }
    }
}

impl Diagnostic for PlacedFault {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.fault.words().help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.text.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = Some(self.fault.words().help.clone());
        let span = LabeledSpan::new(label, self.offset, self.length);
        Some(Box::new(std::iter::once(span)))
    }
}

/// Why a text is not an intent: every fault that was found in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults {
    /// The faults in the order of their places, at least one.
    pub faults: Vec<PlacedFault>,
    /// Further faults that were found and are not listed.
    pub more: usize,
    /// What was understood nevertheless, for a phrase: "users 10k", "provider aws".
    pub understood: Vec<String>,
}

impl fmt::Display for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.faults.len() + self.more;
        let plural = if count == 1 { "" } else { "s" };
        let document = match self.faults.first().map(|fault| fault.text.form) {
            Some(Form::Model) => "model",
            Some(Form::Policy) => "policy",
            _ => "intent",
        };
        write!(formatter, "the {document} has {count} fault{plural}")
    }
}

impl std::error::Error for Faults {}

impl Diagnostic for Faults {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let mut parts = Vec::new();
        if self.more > 0 {
            parts.push(format!("{} more faults are not listed", self.more));
        }
        if !self.understood.is_empty() {
            parts.push(format!("understood: {}", self.understood.join(" \u{b7} ")));
        }
        (!parts.is_empty()).then(|| Box::new(parts.join("\n")) as Box<dyn fmt::Display>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let each = self.faults.iter().map(|fault| fault as &dyn Diagnostic);
        Some(Box::new(each))
    }
}

/// Faults on their way: noted wherever they are found, ordered at the end.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    all: Vec<(Place, IntentFault)>,
    more: usize,
}

impl Noted {
    /// Notes a fault.
    pub(crate) fn add(
        &mut self,
        kind: fn(Words) -> IntentFault,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        if self.is_full() {
            self.count_only();
            return;
        }
        let (message, help) = (message.into(), help.into());
        self.all.push((place, kind(Words { message, help })));
    }

    /// Whether further faults are counted only.
    pub(crate) const fn is_full(&self) -> bool {
        self.all.len() >= LISTED
    }

    /// How many faults there are.
    pub(crate) const fn count(&self) -> usize {
        self.all.len() + self.more
    }

    /// Counts a fault that is not listed.
    pub(crate) const fn count_only(&mut self) {
        self.more += 1;
    }

    /// Whether nothing is wrong.
    pub(crate) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a fault was noted within that place.
    pub(crate) fn touches(&self, place: Place) -> bool {
        self.all
            .iter()
            .any(|(at, _)| at.text == place.text && at.start < place.end && place.start < at.end)
    }

    /// All of them, in the order of their places.
    pub(crate) fn into_faults(mut self, texts: &Texts) -> Faults {
        self.all.sort_by_key(|(place, _)| (place.text, place.start, place.end));
        self.all.dedup();
        let placed = |(place, fault)| PlacedFault::at(fault, place, texts);
        Faults {
            faults: self.all.into_iter().map(placed).collect(),
            more: self.more,
            understood: Vec::new(),
        }
    }
}
