//! From a tree to an intent, with all faults at once: a part that cannot be read is noted and
//! passed over, so that one walk finds everything.

mod archetype;
mod calls;
mod degrade;
mod environments;
mod external;
mod metadata;
mod objectives;
mod placement;
mod queues;
mod requests;
mod services;
mod traffic;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use super::fault::IntentFault;
use super::faults::Noted;
use super::graph::Edge;
use super::nearest::did_you_mean;
use super::text::{Form, Place, Texts};
use super::tree::{Entry, Node, Value};
use super::words::{joined, shown};
use super::{Intent, ServiceKind};
use crate::catalog::DefaultValue;

/// The keys of a document.
pub(super) const ROOT: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "archetype",
    "objectives",
    "traffic",
    "requests",
    "services",
    "external",
    "run_on",
    "pins",
    "operations",
    "hours",
    "purchase",
    "environments",
    "assume",
];

/// Reads a tree. What it meets on the way is kept for the checks of the whole.
pub(super) struct Walker<'a> {
    pub(super) texts: &'a Texts,
    pub(super) noted: &'a mut Noted,
    /// Where the values of an archetype come from, by their path.
    pub(super) sources: BTreeMap<String, &'a DefaultValue>,
    /// The names that may be referred to, once services are described.
    known: Option<Known>,
    /// Who calls whom.
    pub(super) edges: Vec<Edge>,
}

/// Names that a document describes.
struct Known {
    /// Services with the text of their type.
    services: BTreeMap<String, String>,
    classes: BTreeSet<String>,
}

impl<'a> Walker<'a> {
    /// A walker over texts; `sources` for an archetype.
    pub(super) const fn new(
        texts: &'a Texts,
        noted: &'a mut Noted,
        sources: BTreeMap<String, &'a DefaultValue>,
    ) -> Self {
        Self { texts, noted, sources, known: None, edges: Vec::new() }
    }

    /// Reads all of a document; a phrase and settings need no head.
    pub(super) fn intent(&mut self, root: &Node, form: Form) -> Intent {
        let mut intent = Intent::default();
        if matches!(root.value, Value::Null) && form == Form::Document {
            let help = "start with `apiVersion: plimsoll/v1`, `kind: Intent` and `objectives:`";
            self.note(IntentFault::Empty, root.place, "the document is empty", help);
            return intent;
        }
        let Some(entries) = self.mapping(root, "the document") else {
            return intent;
        };
        if form == Form::Document {
            self.head(root);
        }
        self.known = known(root);
        for entry in entries {
            self.part(entry, &mut intent);
        }
        self.archetype_or_services(&intent.services, root);
        self.externals(root, &mut intent.services);
        self.pins_of_providers(&intent.pins, &intent.run_on.providers, root);
        intent
    }

    fn part(&mut self, entry: &Entry, intent: &mut Intent) {
        let node = &entry.value;
        match entry.key.as_str() {
            "apiVersion" => self.version(node, "apiVersion", "plimsoll/v1"),
            "kind" => self.version(node, "kind", "Intent"),
            "metadata" => intent.metadata = self.metadata(node),
            "archetype" => intent.chosen = self.archetype(node),
            "objectives" => intent.objectives = self.objectives(node),
            "traffic" => intent.traffic = self.traffic(node),
            "requests" => intent.requests = self.requests(node),
            "services" => intent.services = self.services(node),
            "run_on" => intent.run_on = self.run_on(node),
            "pins" => intent.pins = self.pins(node),
            "operations" => intent.operations = self.operations(node),
            "hours" => intent.hours = self.hours(node),
            "purchase" => intent.purchase = self.purchase(node),
            "environments" => intent.environments = self.environments(node),
            "assume" => intent.assume = self.assume(node),
            // It is read once all services are known.
            external::EXTERNAL => {}
            _ => self.strange_key(entry, "", ROOT, &[]),
        }
    }

    /// A document says what it is.
    fn head(&mut self, root: &Node) {
        for (key, value) in [("apiVersion", "plimsoll/v1"), ("kind", "Intent")] {
            if root.child(key).is_none() {
                let start = Place { end: root.place.start, ..root.place };
                let message = format!("the document has no {key}");
                let help = format!("add the line `{key}: {value}` at the top");
                self.note(IntentFault::MissingKey, start, &message, help);
            }
        }
    }

    fn version(&mut self, node: &Node, key: &str, due: &str) {
        let Some(text) = self.text(node, key) else {
            return;
        };
        if text != due {
            let message = format!("{key} is `{}`", shown(text));
            self.note(IntentFault::Version, node.place, &message, format!("write {due}"));
        }
    }

    /// Notes a fault.
    pub(super) fn note(
        &mut self,
        kind: fn(super::fault::Words) -> IntentFault,
        place: Place,
        message: &str,
        help: impl Into<String>,
    ) {
        self.noted.add(kind, place, message, help);
    }

    /// Notes a key that may not stand there.
    pub(super) fn strange_key(
        &mut self,
        entry: &Entry,
        path: &str,
        known: &[&str],
        later: &[&str],
    ) {
        if self.noted.is_full() {
            // Looking for the nearest key of thousands of strange ones would take its time.
            self.noted.count_only();
            return;
        }
        let full = joined(path, &entry.key);
        if later.contains(&entry.key.as_str()) {
            self.unsupported(entry.place, &full);
            return;
        }
        let message = format!("{} is not a key", shown(&full));
        let help = did_you_mean(&entry.key, known);
        self.note(IntentFault::UnknownKey, entry.place, &message, help);
    }

    /// Notes a part that a later version plans for.
    pub(super) fn unsupported(&mut self, place: Place, what: &str) {
        let message = format!("{} is not supported yet", shown(what));
        let help = "leave it out; nothing is ignored in silence";
        self.note(IntentFault::Unsupported, place, &message, help);
    }
}

/// The names that a document describes, if it describes services.
fn known(root: &Node) -> Option<Known> {
    let services = root.child("services")?;
    let kind = |node: &Node| match node.child("type").map(|kind| &kind.value) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let external = root.child(external::EXTERNAL).map_or(&[][..], Node::entries).iter();
    let external = external.map(|entry| (entry.key.clone(), external::EXTERNAL.to_owned()));
    let services = services.entries().iter();
    let classes = root.child("requests").map_or(&[][..], Node::entries);
    Some(Known {
        services: external
            .chain(services.map(|entry| (entry.key.clone(), kind(&entry.value))))
            .collect(),
        classes: classes.iter().map(|entry| entry.key.clone()).collect(),
    })
}

/// What people call a kind of service.
pub(super) const fn said(kind: ServiceKind) -> &'static str {
    match kind {
        ServiceKind::Balancer => "balancer",
        ServiceKind::Service => "service",
        ServiceKind::Cache => "cache",
        ServiceKind::Sql => "database",
        ServiceKind::Queue => "queue",
        ServiceKind::External => "service of somebody else",
    }
}
