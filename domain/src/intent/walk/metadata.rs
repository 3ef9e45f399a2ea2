//! Whom an intent belongs to, and the assumptions that it overrides.

use super::{Walker, joined, shown};
use crate::intent::Metadata;
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Entry, Node};
use crate::ledger::Stated;

const METADATA: &[&str] = &["name", "labels", "annotations"];
/// More labels than a cloud keeps on a resource help nobody.
const LABELS: usize = 64;
/// As long as a label's value may be on every cloud.
const LABEL_VALUE: usize = 256;
const ANNOTATION_VALUE: usize = 4_096;
/// More overrides than the ledger has entries are a slip.
const OVERRIDES: usize = 1_000;

impl Walker<'_> {
    pub(super) fn metadata(&mut self, node: &Node) -> Metadata {
        let mut metadata = Metadata::default();
        for entry in self.mapping(node, "metadata").unwrap_or_default() {
            match entry.key.as_str() {
                "name" => {
                    let text = self.text(&entry.value, "metadata.name");
                    metadata.name =
                        text.and_then(|text| self.name(text, entry.value.place, "metadata.name"));
                }
                "labels" => {
                    metadata.labels =
                        self.texts_by_key(&entry.value, "metadata.labels", LABEL_VALUE);
                    let origin = |own: &Entry| (own.key.clone(), self.texts.origin(own.place));
                    metadata.places = entry.value.entries().iter().map(origin).collect();
                }
                "annotations" => {
                    let path = "metadata.annotations";
                    metadata.annotations = self.texts_by_key(&entry.value, path, ANNOTATION_VALUE);
                }
                _ => self.strange_key(entry, "metadata", METADATA, &[]),
            }
        }
        metadata
    }

    /// Texts by key, in the order of their keys.
    fn texts_by_key(&mut self, node: &Node, path: &str, limit: usize) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        for entry in self.bounded(node, path, LABELS).unwrap_or_default() {
            let full = joined(path, &entry.key);
            if entry.key.is_empty() {
                let help = "write a word before the colon";
                self.note(
                    IntentFault::Text,
                    entry.place,
                    &format!("{path} has an empty key"),
                    help,
                );
            }
            let key = self.is_printable(&entry.key, entry.place, &full, 317);
            if let (Some(()), Some(text)) = (key, self.printable(&entry.value, &full, limit)) {
                texts.push((entry.key.clone(), text));
            }
        }
        texts.sort();
        texts
    }

    /// Defaults that are overridden by their name in the ledger. Whether there is such a name is
    /// known only where the defaults are.
    pub(super) fn assume(&mut self, node: &Node) -> Vec<(String, Stated<String>)> {
        let mut overrides = Vec::new();
        for entry in self.bounded(node, "assume", OVERRIDES).unwrap_or_default() {
            let path = joined("assume", &entry.key);
            let named = entry.key.split('.').count() > 1
                && entry.key.chars().all(|letter| {
                    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-')
                });
            if !named {
                let message = format!("{} is not the name of an assumption", shown(&path));
                let help = "for example: demand.think_time: 30s";
                self.note(IntentFault::UnknownKey, entry.place, &message, help);
                continue;
            }
            if let Some(text) = self.printable(&entry.value, &path, LABEL_VALUE) {
                let stated = self.stated(text.trim().to_owned(), &entry.value, &path);
                overrides.push((entry.key.clone(), stated));
            }
        }
        overrides
    }
}
