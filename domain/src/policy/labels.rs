//! Labels that rules demand: by their name alone, or with a value that an intent without one takes.

use std::fmt;

use super::{Clause, Policies, Refusal, Rule};
use crate::intent::Intent;

/// A label that a rule demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelDue {
    /// What it is called.
    pub name: String,
    /// The only value that it may have; `None` for any that says something.
    pub value: Option<String>,
}

impl fmt::Display for LabelDue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(formatter, "{}: {value}", self.name),
            None => formatter.write_str(&self.name),
        }
    }
}

impl LabelDue {
    /// Whether no label can be both.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        let values = self.value.is_some() && other.value.is_some() && self.value != other.value;
        self.name == other.name && values
    }
}

impl Policies {
    /// Gives an intent the labels that it lacks and that a rule has a value for.
    ///
    /// Only rules that hold do so, and where several have the value the first one is named.
    pub fn label(&self, intent: &mut Intent) {
        let mut due: Vec<(String, String, String)> = Vec::new();
        for (_, rule) in self.binding(intent) {
            for clause in &rule.clauses {
                let Clause::Labels(labels) = clause else { continue };
                due.extend(labels.iter().filter_map(|label| {
                    let value = label.value.clone()?;
                    Some((label.name.clone(), value, rule.name.clone()))
                }));
            }
        }
        for (name, value, rule) in due {
            if stated(intent, &name).is_some() {
                continue;
            }
            let metadata = &mut intent.metadata;
            metadata.labels.retain(|(key, _)| *key != name);
            metadata.labels.push((name.clone(), value));
            metadata.labels.sort();
            metadata.filled.insert(name, rule);
        }
    }
}

/// The value of a label, where it says something.
fn stated<'i>(intent: &'i Intent, name: &str) -> Option<&'i str> {
    let found = intent.metadata.labels.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str()).filter(|value| !value.trim().is_empty())
}

/// Refuses labels that an intent lacks, and those of which it states another value.
pub(super) fn refuse(
    rule: &Rule,
    labels: &[LabelDue],
    intent: &Intent,
    refusals: &mut Vec<Refusal>,
) {
    for label in labels {
        let (rule, place) = (rule.name.clone(), rule.place.clone());
        let name = label.name.clone();
        match (stated(intent, &name), &label.value) {
            (None, _) => refusals.push(Refusal::Label { rule, place, label: name }),
            (Some(own), Some(demanded)) if own != demanded => {
                let at = intent.metadata.places.get(&name);
                let at = at.map_or_else(|| "the intent".to_owned(), Clone::clone);
                refusals.push(Refusal::OtherLabel {
                    rule,
                    place,
                    label: name,
                    demanded: demanded.clone(),
                    stated: own.to_owned(),
                    at,
                });
            }
            (Some(_), _) => {}
        }
    }
}
