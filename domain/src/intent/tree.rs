//! A document as a tree of texts with their places, whatever it was written as: a file, a phrase,
//! or the settings of a command line.

use super::text::Place;

/// A value and where it stands. A collection in a mapping stands at its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) value: Value,
    /// Where it stands.
    pub(crate) place: Place,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing was written.
    Null,
    /// A text; numbers and truths are texts too.
    Text(String),
    /// Nodes in order.
    List(Vec<Node>),
    /// Nodes by key, in order.
    Map(Vec<Entry>),
    /// Something that was refused already and is passed over in silence.
    Refused,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// Where the key stands.
    pub(crate) place: Place,
    /// Whether the key was written, rather than read into what was.
    pub(crate) stated: bool,
    /// The value.
    pub(crate) value: Node,
}

impl Node {
    /// A mapping without entries.
    pub(crate) const fn empty(place: Place) -> Self {
        let value = Value::Map(Vec::new());
        Self { value, place }
    }

    /// A text.
    pub(crate) fn text(text: impl Into<String>, place: Place) -> Self {
        let value = Value::Text(text.into());
        Self { value, place }
    }

    /// A mapping with one entry.
    pub(crate) fn with(key: &str, stated: bool, value: Self) -> Self {
        let place = value.place;
        let key = key.to_owned();
        let entry = Entry { key, place, stated, value };
        let value = Value::Map(vec![entry]);
        Self { value, place }
    }

    /// The entries of a mapping; none of anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key.
    pub(crate) fn child(&self, key: &str) -> Option<&Self> {
        let mut entries = self.entries().iter();
        entries.find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The value of a key, to be changed.
    pub(crate) fn child_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Value::Map(entries) = &mut self.value else {
            return None;
        };
        entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value)
    }

    /// The value at the end of a path of keys.
    pub(crate) fn find(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.child(key))
    }

    /// The value at the end of a path of keys, to be changed.
    pub(crate) fn find_mut(&mut self, path: &[&str]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, key| node.child_mut(key))
    }

    /// Adds a key at the end. A key that is there already keeps its value, which is given back.
    pub(crate) fn insert(&mut self, entry: Entry) -> Option<&mut Self> {
        if !matches!(self.value, Value::Map(_)) {
            self.value = Value::Map(Vec::new());
        }
        let Value::Map(entries) = &mut self.value else {
            return None;
        };
        if let Some(at) = entries.iter().position(|known| known.key == entry.key) {
            return Some(&mut entries[at].value);
        }
        entries.push(entry);
        None
    }

    /// Removes a key.
    pub(crate) fn remove(&mut self, key: &str) {
        if let Value::Map(entries) = &mut self.value {
            entries.retain(|entry| entry.key != key);
        }
    }

    /// In words, what shape it has.
    pub(crate) const fn shape(&self) -> &'static str {
        match self.value {
            Value::Null => "empty",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
            Value::Refused => "refused",
        }
    }
}
