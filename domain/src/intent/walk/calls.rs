//! The calls that a service makes for each request that it serves.

use super::{Walker, joined, said, shown};
use crate::intent::bands;
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Entry, Node};
use crate::intent::{Call, ServiceKind};
use crate::ledger::Stated;
use crate::name::Name;

const CALL: &[&str] = &["to", "for", "count", "lookups", "parallel", "reads", "async"];
/// More calls than one request makes.
const CALLS: usize = 100;

impl Walker<'_> {
    pub(super) fn calls(&mut self, node: &Node, caller: &Name) -> Vec<Call> {
        let path = format!("services.{caller}.calls");
        let mut calls = Vec::new();
        for item in self.list(node, &path, CALLS).unwrap_or_default() {
            calls.extend(self.call(item, caller, &path));
        }
        calls
    }

    fn call(&mut self, node: &Node, caller: &Name, path: &str) -> Option<Call> {
        let entries = self.mapping(node, path)?;
        self.due(node, "to", path);
        let to = self.callee(node.child("to")?, caller, path)?;
        let path = joined(path, to.as_str());
        let kind = self.kind_of(to.as_str());
        let mut call =
            Call { to, class: None, count: None, lookups: None, parallel: false, reads: None };
        for entry in entries {
            let (value, full) = (&entry.value, joined(&path, &entry.key));
            match entry.key.as_str() {
                "to" => {}
                "for" => call.class = self.class_of_call(entry, caller, &full),
                "count" => call.count = self.quantity(value, &full, &bands::CALLS),
                "lookups" => {
                    self.only_of(kind, ServiceKind::Cache, entry, &full);
                    let lookups = self.quantity(value, &full, &bands::LOOKUPS);
                    call.lookups = lookups.map(as_number);
                }
                "parallel" => call.parallel = self.truth(value, &full).unwrap_or_default(),
                "reads" => {
                    self.only_of(kind, ServiceKind::Sql, entry, &full);
                    call.reads = self.quantity(value, &full, &bands::SHARE);
                }
                "async" => self.waits_for_nobody(entry, &full, kind),
                _ => self.strange_key(entry, &path, CALL, &[]),
            }
        }
        Some(call)
    }

    /// Whoever hands a message over does not wait for what becomes of it, and waits for all else.
    fn waits_for_nobody(&mut self, entry: &Entry, path: &str, kind: Option<ServiceKind>) {
        let Some(stated) = self.truth(&entry.value, path) else { return };
        let queue = kind.is_none_or(|kind| kind == ServiceKind::Queue);
        if stated && !queue {
            self.unsupported(entry.place, "a call to a service that nobody waits for");
        } else if !stated && queue && kind.is_some() {
            let message = format!("{} is false, and this calls a queue", shown(path));
            let help = "nobody waits for a message to be done; leave it out";
            self.note(IntentFault::Contradiction, entry.place, &message, help);
        }
    }

    fn callee(&mut self, node: &Node, caller: &Name, path: &str) -> Option<Name> {
        let text = self.text(node, &joined(path, "to"))?;
        let said = format!("services.{caller} calls `{}`", shown(text));
        if !self.known_service(text, node, &said) {
            return None;
        }
        let name = self.name(text, node.place, path)?;
        self.edge(caller, &name, node.place);
        Some(name)
    }

    /// The class for which a call is made.
    fn class_of_call(&mut self, entry: &Entry, caller: &Name, path: &str) -> Option<Name> {
        let text = self.text(&entry.value, path)?;
        let said = format!("services.{caller} has a call for `{}`", shown(text));
        let place = entry.value.place;
        let at = Entry { place, ..entry.clone() };
        if !self.known_class(text, &at, &said) {
            return None;
        }
        self.name(text, place, path)
    }

    /// Refuses a key that says nothing about what is called.
    fn only_of(&mut self, kind: Option<ServiceKind>, due: ServiceKind, entry: &Entry, path: &str) {
        let Some(kind) = kind.filter(|kind| *kind != due) else {
            return;
        };
        let message = format!("{} belongs to calls of a {}", shown(path), said(due));
        let help = format!("this calls a {}; leave it out", said(kind));
        self.note(IntentFault::MisplacedKey, entry.place, &message, help);
    }
}

fn as_number(count: Stated<u64>) -> Stated<f64> {
    Stated {
        value: count.value as f64,
        origin: count.origin,
        source: count.source,
        interval: count.interval.map(|(low, high)| (low as f64, high as f64)),
    }
}
