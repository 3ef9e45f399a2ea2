//! Services of somebody else: how long they take, and how often they answer.

use super::services::empty;
use super::{Walker, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::{Service, ServiceKind, StatedExternal, bands};
use crate::ledger::Stated;
use crate::name::Name;
use crate::units::Seconds;

/// The key that they stand under.
pub(super) const EXTERNAL: &str = "external";
const KEYS: &[&str] = &["latency", "uptime"];
const PERCENTILES: &[&str] = &["p50", "p99"];
/// More than one system depends on.
const EXTERNALS: usize = 50;

impl Walker<'_> {
    /// Services of somebody else, which those that are described may call.
    pub(super) fn externals(&mut self, root: &Node, own: &mut Vec<Service>) {
        let Some(node) = root.child(EXTERNAL) else { return };
        if root.child("services").is_none() {
            let message = "external stands without services: nothing calls it";
            let help = "describe the services that call it, or leave it out";
            self.note(IntentFault::MisplacedKey, node.place, message, help);
            return;
        }
        let entries = self.bounded(node, EXTERNAL, EXTERNALS).unwrap_or_default();
        if entries.is_empty() && matches!(node.value, Value::Map(_)) {
            let help = "name one, or leave the key out";
            self.note(IntentFault::Empty, node.place, "external names none", help);
        }
        for entry in entries {
            let service = root.child("services").and_then(|own| own.child(&entry.key));
            if service.is_some() || entry.key == super::services::EDGE {
                let message = format!("external.{} takes the name of a service", shown(&entry.key));
                self.note(
                    IntentFault::Name,
                    entry.place,
                    &message,
                    "name one of the two otherwise",
                );
            } else if let Some(name) = self.name(&entry.key, entry.place, EXTERNAL) {
                own.extend(self.one_external(name, entry));
            }
        }
    }

    fn one_external(&mut self, name: Name, entry: &Entry) -> Option<Service> {
        let path = joined(EXTERNAL, name.as_str());
        let entries = self.mapping(&entry.value, &path)?;
        let (mut latency, mut uptime) = (None, None);
        for entry in entries {
            let full = joined(&path, &entry.key);
            match entry.key.as_str() {
                "latency" => latency = self.two_percentiles(&entry.value, &full),
                "uptime" => {
                    uptime = self.quantity(&entry.value, &full, &bands::EXTERNAL_UPTIME);
                }
                _ => self.strange_key(entry, &path, KEYS, &[]),
            }
        }
        self.due(&entry.value, "latency", &path);
        self.due(&entry.value, "uptime", &path);
        let ((p50, p99), uptime) = (latency?, uptime?);
        let external = Some(StatedExternal { p50, p99, uptime });
        Some(Service { external, ..empty(name, ServiceKind::External) })
    }

    /// The median and the 99th percentile, which a distribution of times follows from.
    fn two_percentiles(
        &mut self,
        node: &Node,
        path: &str,
    ) -> Option<(Stated<Seconds>, Stated<Seconds>)> {
        let (mut p50, mut p99) = (None, None);
        for entry in self.mapping(node, path)? {
            let full = joined(path, &entry.key);
            match entry.key.as_str() {
                "p50" => p50 = self.quantity(&entry.value, &full, &bands::EXTERNAL_LATENCY),
                "p99" => p99 = self.quantity(&entry.value, &full, &bands::EXTERNAL_LATENCY),
                _ => self.strange_key(entry, path, PERCENTILES, &[]),
            }
        }
        if matches!(node.value, Value::Map(_)) {
            for key in PERCENTILES {
                self.due(node, key, path);
            }
        }
        let (p50, p99) = (p50?, p99?);
        if p99.value < p50.value {
            let message = format!("{path}.p99 is below {path}.p50");
            self.note(IntentFault::Contradiction, node.place, &message, "swap them");
            return None;
        }
        Some((p50, p99))
    }
}
