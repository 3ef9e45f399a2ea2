//! Environments of one intent: each is a patch that is put into the tree of the document before it
//! is read, so that every fault keeps its place.
//!
//! A patch states a share of the load, outcomes, hours, terms and places of its own; what it leaves
//! out is that of the whole. Latencies and loads are taken over as one, because percentiles belong
//! together.

use super::fault::IntentFault;
use super::faults::Noted;
use super::nearest::did_you_mean;
use super::shorthand;
use super::text::{Place, Texts};
use super::tree::{Entry, Node, Value};
use super::words::shown;
use crate::policy::ENVIRONMENT;

/// The key under which environments stand.
pub(super) const ENVIRONMENTS: &str = "environments";

/// The path of the setting that takes one of them.
pub(super) const TAKEN: &str = "environment";

/// The key of the share of the load, which no document can write there.
pub(super) const SHARE: &str = "share";

/// The keys of a patch.
pub(super) const KEYS: &[&str] = &[
    "load",
    "objectives",
    "requests",
    "hours",
    "zones",
    "purchase",
    "operations",
    "run_on",
    "pins",
    "assume",
];

/// Parts that are taken over as one.
const WHOLE: &[&str] = &["latency", "load", "hours", "purchase", "providers", "regions"];

/// Writes the shorthands of every patch out.
pub(super) fn expand(root: &mut Node, texts: &Texts, noted: &mut Noted) {
    if let Some(Value::Map(patches)) = root.child_mut(ENVIRONMENTS).map(|node| &mut node.value) {
        for patch in patches {
            shorthand::expand(&mut patch.value, texts, noted);
        }
    }
}

/// Puts the patch of an environment into the tree, and the label that says which one it is.
pub(super) fn take(
    (name, place): (&str, Place),
    root: &mut Node,
    texts: &Texts,
    noted: &mut Noted,
) -> bool {
    shorthand::expand(root, texts, noted);
    expand(root, texts, noted);
    let patches = root.child(ENVIRONMENTS).map_or(&[][..], Node::entries);
    let Some(own) = patches.iter().find(|entry| entry.key == name).cloned() else {
        let known: Vec<&str> = patches.iter().map(|entry| entry.key.as_str()).collect();
        let help = match did_you_mean(name, &known) {
            _ if known.is_empty() => "leave it out: the intent has no environments".to_owned(),
            question if question.ends_with('?') => question,
            _ => format!("the environments are {}", known.join(", ")),
        };
        let message = format!("`{}` is not an environment of the intent", shown(name));
        noted.add(IntentFault::Environment, place, message, help);
        return false;
    };
    label(&own, root);
    for entry in own.value.entries() {
        let part = entry.clone();
        match entry.key.as_str() {
            "load" => share(&own.value, part, root, noted),
            "zones" => zones(part, root),
            "objectives" | "requests" | "run_on" | "pins" | "assume" => merge(root, part),
            "hours" | "purchase" | "operations" => replace(root, part),
            // What else stands there is noted where all environments are looked at.
            _ => {}
        }
    }
    true
}

/// The label must say which environment was taken, whoever wrote it.
pub(super) fn check_label(name: &str, root: &Node, noted: &mut Noted) {
    let stated = root.find(&["metadata", "labels", ENVIRONMENT]);
    if let Some(stated) = stated
        && !matches!(&stated.value, Value::Text(text) if text == name)
    {
        let message =
            format!("metadata.labels.{ENVIRONMENT} says another environment than `{name}`");
        let help = "leave the label out: it is set to the name of the environment";
        noted.add(IntentFault::Contradiction, stated.place, message, help);
    }
}

/// The label that policies read, unless it is there already.
fn label(own: &Entry, root: &mut Node) {
    if root.find(&["metadata", "labels", ENVIRONMENT]).is_some() {
        return;
    }
    let (place, value) = (own.place, Node::text(own.key.as_str(), own.place));
    let labels = Node::with(ENVIRONMENT, true, value);
    let metadata = Node::with("labels", true, labels);
    merge(root, Entry { key: "metadata".to_owned(), place, stated: true, value: metadata });
}

/// The share stands beside the load that it is of, until the load is read.
fn share(patch: &Node, part: Entry, root: &mut Node, noted: &mut Noted) {
    if patch.find(&["objectives", "load"]).is_some() {
        let message = "the environment states its load and a share of another one";
        noted.add(IntentFault::Contradiction, part.place, message, "keep one of them");
        return;
    }
    if root.find(&["objectives", "load"]).is_none() {
        let message = "the environment takes a share of a load that is not stated";
        let help = "state objectives.load, for example: 10k users";
        noted.add(IntentFault::MissingKey, part.place, message, help);
        return;
    }
    if let Some(load) = root.find_mut(&["objectives", "load"])
        && matches!(load.value, Value::Map(_))
    {
        load.remove(SHARE);
        load.insert(Entry { key: SHARE.to_owned(), stated: false, ..part });
    }
}

/// `zones: 2` is short for `run_on: {zones: {at_least: 2}}`.
fn zones(part: Entry, root: &mut Node) {
    let value = match part.value.value {
        Value::Text(_) => Node::with("at_least", true, part.value),
        _ => part.value,
    };
    let zones = Node::with("zones", true, value);
    merge(root, Entry { key: "run_on".to_owned(), value: zones, ..part });
}

/// Adds an entry to a mapping; where both hold mappings, their entries are added one by one.
fn merge(root: &mut Node, part: Entry) {
    let whole = WHOLE.contains(&part.key.as_str());
    let both = matches!(part.value.value, Value::Map(_))
        && matches!(root.child(&part.key).map(|node| &node.value), Some(Value::Map(_)));
    if whole || !both {
        replace(root, part);
        return;
    }
    let Some(own) = root.child_mut(&part.key) else { return };
    if let Value::Map(entries) = part.value.value {
        for entry in entries {
            merge(own, entry);
        }
    }
}

fn replace(root: &mut Node, part: Entry) {
    root.remove(&part.key);
    root.insert(part);
}
