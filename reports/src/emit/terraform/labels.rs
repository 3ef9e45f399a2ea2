//! The labels that a cloud takes as no tags: refused, because a bill is found by its tags.

use std::collections::{BTreeMap, BTreeSet};

use domain::offer::Provider;

use crate::emit::Format;
use crate::emit::unsupported::Reason;

/// Whether a letter may be there.
type Takes = fn(char) -> bool;

/// What a cloud takes as the tags of a resource.
pub(in crate::emit) struct Tags {
    /// Whose they are.
    pub cloud: Provider,
    /// How many the labels may be: the module adds some of its own to a resource.
    pub most: usize,
    /// Letters of a key, and of a value.
    pub letters: (usize, usize),
    /// Whether a key may have that letter, and a value.
    pub takes: (Takes, Takes),
    /// What no key begins with, in whatever case.
    pub kept: &'static [&'static str],
    /// What no key is, in whatever case.
    pub own: &'static [&'static str],
    /// What to do about a label.
    pub help: &'static str,
}

impl Tags {
    /// Every reason for which labels are no tags.
    pub(in crate::emit) fn refused(
        &self,
        format: Format,
        labels: &BTreeMap<String, String>,
    ) -> Vec<Reason> {
        let (cloud, help, format) = (self.cloud, self.help, format.as_str());
        let reason = |place: String, why| Reason::Label { format, cloud, place, why, help };
        let mut folded = BTreeSet::new();
        let wrong = labels.iter().filter_map(|(key, value)| {
            let twice = !folded.insert(key.to_lowercase());
            let twice = twice.then(|| "another one differs from it by its case alone".to_owned());
            let why = self.of_key(key).or_else(|| self.of_value(value)).or(twice)?;
            Some(reason(format!("metadata.labels.{key}"), why))
        });
        let mut reasons: Vec<Reason> = wrong.collect();
        if labels.len() > self.most {
            let why = format!("there are {}, and {} fit on a resource", labels.len(), self.most);
            reasons.push(reason("metadata.labels".to_owned(), why));
        }
        reasons
    }

    /// Whether a tag is one.
    pub(in crate::emit) fn takes_tag(&self, key: &str, value: &str) -> bool {
        self.of_key(key).or_else(|| self.of_value(value)).is_none()
    }

    fn of_key(&self, key: &str) -> Option<String> {
        let lower = key.to_lowercase();
        if key.is_empty() {
            return Some("its key is empty".to_owned());
        }
        if let Some(start) = self.kept.iter().find(|start| lower.starts_with(**start)) {
            return Some(format!("keys with {start} are the cloud's own"));
        }
        if self.own.contains(&&*lower) {
            return Some("every resource has that of its service".to_owned());
        }
        lacking("key", key, (self.letters.0, self.takes.0))
    }

    fn of_value(&self, value: &str) -> Option<String> {
        lacking("value", value, (self.letters.1, self.takes.1))
    }
}

/// What is wrong with a text.
fn lacking(what: &str, text: &str, (most, takes): (usize, Takes)) -> Option<String> {
    let count = text.chars().count();
    if count > most {
        return Some(format!("its {what} has {count} letters, and {most} are taken"));
    }
    let letter = text.chars().find(|letter| !takes(*letter))?;
    Some(format!("its {what} has {letter:?}"))
}
