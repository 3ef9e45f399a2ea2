//! Labels that a rule demands: `labels: [owner, cost-center: "4711"]`.

use super::Reader;
use super::clauses::NAMES;
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::words::{joined, shown};
use crate::policy::{Clause, ENVIRONMENT, LabelDue};

/// As long as the key of an intent's label may be, and its value.
const KEY: usize = 317;
const VALUE: usize = 256;

impl Reader<'_> {
    /// A list of names, each alone or with the value that it takes.
    pub(super) fn labels_due(&mut self, node: &Node, full: &str) -> Option<Clause> {
        let mut labels: Vec<LabelDue> = Vec::new();
        for item in self.items(node, full, NAMES) {
            if !matches!(item.value, Value::Map(_)) {
                let Some(name) = self.text(item, full) else { continue };
                if self.prints(name, item.place, (full, KEY)).is_some() {
                    labels.push(LabelDue { name: name.to_owned(), value: None });
                }
                continue;
            }
            if item.entries().is_empty() {
                self.wrong_shape(item, full, "a name, or a name with its value,");
            }
            for entry in item.entries() {
                let Some(label) = self.valued(entry, full) else { continue };
                if let Some(other) = labels.iter().find(|other| other.contradicts(&label)) {
                    let message = format!("{} demands {label} and {other}", shown(full));
                    let help = "a label has one value; keep one of the two";
                    self.note(IntentFault::Contradiction, entry.place, message, help);
                }
                labels.push(label);
            }
        }
        self.some(labels, node, full).map(Clause::Labels)
    }

    /// A label with its value, which keeps the rules of those that intents state.
    fn valued(&mut self, entry: &Entry, full: &str) -> Option<LabelDue> {
        let path = joined(full, &entry.key);
        self.prints(&entry.key, entry.place, (&path, KEY))?;
        if entry.key == ENVIRONMENT {
            let message = format!("{} is not for a policy to say", shown(&path));
            let help = "name the label alone: by its value an intent says which rules are for it";
            self.note(IntentFault::Name, entry.place, message, help);
            return None;
        }
        let value = self.text(&entry.value, &path)?;
        self.prints(value, entry.value.place, (&path, VALUE))?;
        Some(LabelDue { name: entry.key.clone(), value: Some(value.to_owned()) })
    }
}
