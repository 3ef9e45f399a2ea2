//! What a service answers with when something that it calls is down.

use super::{Walker, joined, shown};
use crate::degradation::Substitute;
use crate::intent::ServiceKind;
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Node, Value};
use crate::name::Name;

const KEYS: &[&str] = &["without", "serve"];
/// More than one service can do without.
const DEGRADATIONS: usize = 20;

impl Walker<'_> {
    /// One thing that a service can do without, or several of them.
    pub(super) fn degrades(&mut self, node: &Node, path: &str) -> Vec<(Name, Substitute)> {
        let items = match &node.value {
            Value::Map(_) => std::slice::from_ref(node),
            _ => self.list(node, path, DEGRADATIONS).unwrap_or_default(),
        };
        let mut all: Vec<(Name, Substitute)> = Vec::new();
        for item in items {
            let Some((without, serve)) = self.degradation(item, path) else { continue };
            if all.iter().any(|(other, _)| *other == without) {
                let message = format!("{path} is without `{without}` twice");
                self.note(IntentFault::Contradiction, item.place, &message, "keep one of them");
            } else {
                all.push((without, serve));
            }
        }
        all
    }

    fn degradation(&mut self, node: &Node, path: &str) -> Option<(Name, Substitute)> {
        let (mut without, mut serve) = (None, None);
        for entry in self.mapping(node, path)? {
            let full = joined(path, &entry.key);
            match entry.key.as_str() {
                "without" => without = self.missing_service(&entry.value, &full),
                "serve" => serve = self.choice(&entry.value, &full, &Substitute::WORDS),
                _ => self.strange_key(entry, path, KEYS, &[]),
            }
        }
        for key in KEYS {
            self.due(node, key, path);
        }
        Some((without?, serve?))
    }

    fn missing_service(&mut self, node: &Node, path: &str) -> Option<Name> {
        let text = self.text(node, path)?;
        if !self.known_service(text, node, &format!("{path} is `{}`", shown(text))) {
            return None;
        }
        if self.kind_of(text) == Some(ServiceKind::Queue) {
            let message = format!("{path} is `{text}`, a queue");
            let help = "nobody waits for what is done with a message; leave it out";
            self.note(IntentFault::Contradiction, node.place, &message, help);
            return None;
        }
        self.name(text, node.place, path)
    }
}
