//! The labels that a cloud takes as no tags, or that a module would write over: refused, because a
//! bill is found by its tags.

use std::collections::{BTreeMap, BTreeSet};

use domain::offer::Provider;
use domain::spec::Spec;

use crate::emit::Format;
use crate::emit::unsupported::{Reason, title};

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
    /// What no key is: in whatever case where it is in small letters, as it stands otherwise.
    pub own: &'static [&'static str],
    /// What it takes, in a sentence.
    pub help: &'static str,
}

impl Tags {
    /// Every reason for which labels are no tags.
    pub(in crate::emit) fn refused(
        &self,
        format: Format,
        spec: &Spec,
        labels: &BTreeMap<String, String>,
    ) -> Vec<Reason> {
        let reason = |place: String, why, act: &str| Reason::Label {
            format: format.as_str(),
            taken_as: format!("tag of {}", title(self.cloud)),
            help: format!("{act} {}: {}", stated(spec, &place), self.help),
            place,
            why,
        };
        let mut folded = BTreeSet::new();
        let wrong = labels.iter().filter_map(|(key, value)| {
            let twice = !folded.insert(key.to_lowercase());
            let twice = twice.then(|| "another one differs from it by its case alone".to_owned());
            let place = format!("metadata.labels.{key}");
            match (self.of_key(key).or_else(|| self.own(key)), self.of_value(value)) {
                (Some(why), _) => Some(reason(place, why, "rename it")),
                (None, Some(why)) => Some(reason(place, why, "change its value")),
                (None, None) => Some(reason(place, twice?, "rename it")),
            }
        });
        let mut reasons: Vec<Reason> = wrong.collect();
        if labels.len() > self.most {
            let why = format!("there are {}, and {} fit on a resource", labels.len(), self.most);
            reasons.push(reason("metadata.labels".to_owned(), why, "leave some out"));
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
        lacking("key", key, (self.letters.0, self.takes.0))
    }

    /// Whether resources have a tag of that name already.
    fn own(&self, key: &str) -> Option<String> {
        let own = self.own.iter().find(|own| **own == key || **own == key.to_lowercase())?;
        Some(match *own {
            "service" => "every resource has that of its service".to_owned(),
            own => format!("resources have a {own} of their own"),
        })
    }

    fn of_value(&self, value: &str) -> Option<String> {
        lacking("value", value, (self.letters.1, self.takes.1))
    }
}

/// Where a label is stated: in the intent, or in a policy that gave it, as the ledger has it.
fn stated(spec: &Spec, place: &str) -> String {
    let given = spec.assumptions.iter().find(|own| own.name == place);
    given.map_or_else(
        || "under metadata.labels of the intent".to_owned(),
        |own| match own.source.split_once(':') {
            Some((rule, _)) => format!("where it comes from, {rule}"),
            None => format!("where it comes from, {}", own.source),
        },
    )
}

/// The labels that a format would write a value of its own over.
pub(in crate::emit) fn overwritten(
    format: Format,
    spec: &Spec,
    (taken_as, own): (&str, &[&str]),
) -> Vec<Reason> {
    let taken = spec.metadata.labels.keys().filter(|key| own.contains(&key.as_str()));
    let reason = |key: &String| {
        let place = format!("metadata.labels.{key}");
        Reason::Label {
            format: format.as_str(),
            taken_as: taken_as.to_owned(),
            help: format!("rename it {}", stated(spec, &place)),
            place,
            why: "what is generated has a value of its own there".to_owned(),
        }
    };
    taken.map(reason).collect()
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
