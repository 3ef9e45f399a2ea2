//! A queue and its workers: one entry of a document, and two services of a plan.

use super::services::{COMMON, OF_SERVICE, empty};
use super::{Walker, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::Entry;
use crate::intent::{Call, Intent, Service, ServiceKind, bands};
use crate::name::Name;

const KEYS: &[&str] = &["type", "consumer"];

impl Walker<'_> {
    /// A queue with the workers that its `consumer` describes, or those that defaults do.
    pub(super) fn queue(&mut self, name: &Name, entry: &Entry) -> Vec<Service> {
        let path = joined("services", name.as_str());
        let Some(entries) = self.mapping(&entry.value, &path) else { return Vec::new() };
        let Some(own) = self.workers_of(name, entry) else { return Vec::new() };
        let mut workers = empty(own.clone(), ServiceKind::Service);
        for entry in entries {
            match entry.key.as_str() {
                "type" => {}
                "consumer" => self.consumer(entry, &joined(&path, "consumer"), &mut workers),
                _ => self.strange_key(entry, &path, KEYS, &[]),
            }
        }
        self.edge(name, &own, entry.place);
        let mut queue = empty(name.clone(), ServiceKind::Queue);
        queue.calls.push(Call {
            to: own,
            class: None,
            count: None,
            lookups: None,
            parallel: false,
            reads: None,
        });
        vec![queue, workers]
    }

    /// What the workers of a queue are called.
    fn workers_of(&mut self, queue: &Name, entry: &Entry) -> Option<Name> {
        let text = Intent::workers_of(queue);
        let taken = self.known.as_ref().is_some_and(|known| known.services.contains_key(&text));
        if taken {
            let message = format!("services.{text} takes the name of the workers of {queue}");
            self.note(IntentFault::Name, entry.place, &message, "name one of the two otherwise");
            return None;
        }
        self.name(&text, entry.place, "services")
    }

    fn consumer(&mut self, entry: &Entry, path: &str, workers: &mut Service) {
        for entry in self.mapping(&entry.value, path).unwrap_or_default() {
            let full = joined(path, &entry.key);
            match entry.key.as_str() {
                "drain_within" => {
                    workers.drain_within = self.quantity(&entry.value, &full, &bands::DRAIN);
                }
                "type" => {
                    let message = format!("{} is not a key", shown(&full));
                    let help = "a consumer is code on instances; leave it out";
                    self.note(IntentFault::UnknownKey, entry.place, &message, help);
                }
                key if COMMON.contains(&key) || OF_SERVICE.contains(&key) => {
                    self.key(entry, &full, workers);
                }
                _ => {
                    let own = ["drain_within"].iter();
                    let known: Vec<&str> =
                        own.chain(&COMMON[1..]).chain(OF_SERVICE).copied().collect();
                    self.strange_key(entry, path, &known, &[]);
                }
            }
        }
    }
}
