//! YAML as a person would write it: with remarks beside the values, every text itself.
//!
//! How a scalar is quoted is up to serde-saphyr; what is left to this file is where remarks stand,
//! and a stricter escape of characters that are not seen.

use std::fmt::Write as _;

use super::hcl_text::{comment, is_hidden};

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Null,
    Flag(bool),
    Whole(u64),
    Text(String),
    Map(Map),
    List(Vec<Self>),
}

/// Names with values, and remarks between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Map(Vec<Entry>);

#[derive(Debug, Clone)]
enum Entry {
    Remark(String),
    Pair(String, Node),
}

impl Map {
    /// A remark, broken into lines.
    pub(super) fn remark(mut self, text: &str) -> Self {
        self.0.push(Entry::Remark(text.to_owned()));
        self
    }

    /// Without what is only said of it.
    pub(super) fn bare(self) -> Self {
        let said = |entry: &Entry| matches!(entry, Entry::Remark(_));
        Self(self.0.into_iter().filter(|entry| !said(entry)).collect())
    }

    /// A name with its value.
    pub(super) fn set(mut self, name: &str, value: impl Into<Node>) -> Self {
        self.0.push(Entry::Pair(name.to_owned(), value.into()));
        self
    }

    /// A name with its value where there is something to say.
    pub(super) fn set_some(self, name: &str, value: Option<impl Into<Node>>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// What another map says, after this one.
    pub(super) fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

/// A map of texts.
pub(super) fn texts<K: AsRef<str>, V: Into<String>>(
    pairs: impl IntoIterator<Item = (K, V)>,
) -> Map {
    let pairs = pairs.into_iter();
    pairs.fold(Map::default(), |map, (key, value)| map.set(key.as_ref(), value.into()))
}

/// A list.
pub(super) fn list<V: Into<Node>>(values: impl IntoIterator<Item = V>) -> Node {
    Node::List(values.into_iter().map(Into::into).collect())
}

macro_rules! nodes {
    ($($type:ty: $value:ident => $node:expr;)+) => {$(
        impl From<$type> for Node {
            fn from($value: $type) -> Self {
                $node
            }
        }
    )+};
}

nodes! {
    bool: flag => Self::Flag(flag);
    u16: whole => Self::Whole(whole.into());
    u32: whole => Self::Whole(whole.into());
    u64: whole => Self::Whole(whole);
    &str: text => Self::Text(text.to_owned());
    String: text => Self::Text(text);
    Map: map => Self::Map(map);
}

/// A file: what it is for, and its documents, each with a remark before it.
#[derive(Debug, Clone)]
pub(super) struct File {
    about: String,
    documents: Vec<(String, Map)>,
}

impl File {
    pub(super) fn new(about: &str) -> Self {
        Self { about: about.to_owned(), documents: Vec::new() }
    }

    /// One document more.
    pub(super) fn document(mut self, about: &str, document: Map) -> Self {
        self.documents.push((about.to_owned(), document));
        self
    }

    /// Whether it has no document.
    pub(super) fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        remark(&mut text, &self.about, 0);
        if self.is_empty() {
            remark(&mut text, "This plan has none.", 0);
        }
        for (about, document) in &self.documents {
            text.push_str("---\n");
            if !about.is_empty() {
                remark(&mut text, about, 0);
            }
            write_map(&mut text, &document.0, 0);
        }
        text
    }
}

/// A remark in lines that nothing can leave, without what is no character of YAML.
fn remark(text: &mut String, words: &str, depth: usize) {
    comment(text, &words.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}"), depth);
}

fn write_map(text: &mut String, entries: &[Entry], depth: usize) {
    for entry in entries {
        match entry {
            Entry::Remark(words) => remark(text, words, depth),
            Entry::Pair(name, value) => {
                let _ = write!(text, "{}{}:", "  ".repeat(depth), scalar(name));
                write_value(text, value, depth);
            }
        }
    }
}

fn write_value(text: &mut String, value: &Node, depth: usize) {
    match value {
        Node::Map(map) if !map.0.is_empty() => {
            text.push('\n');
            write_map(text, &map.0, depth + 1);
        }
        Node::List(values) if !values.is_empty() => {
            text.push('\n');
            write_list(text, values, depth);
        }
        other => {
            let _ = writeln!(text, " {}", plain(other));
        }
    }
}

fn write_list(text: &mut String, values: &[Node], depth: usize) {
    let indent = "  ".repeat(depth);
    for value in values {
        match value {
            Node::Map(map) if !map.0.is_empty() => {
                let is_remark = |entry: &&Entry| matches!(entry, Entry::Remark(_));
                let remarks = map.0.iter().take_while(is_remark).count();
                write_map(text, &map.0[..remarks], depth);
                let mut inner = String::new();
                write_map(&mut inner, &map.0[remarks..], depth + 1);
                let _ = write!(text, "{indent}- {}", inner.trim_start_matches(' '));
            }
            Node::List(inner) if !inner.is_empty() => {
                let _ = writeln!(text, "{indent}-");
                write_list(text, inner, depth + 1);
            }
            other => {
                let _ = writeln!(text, "{indent}- {}", plain(other));
            }
        }
    }
}

/// What stands on one line.
fn plain(value: &Node) -> String {
    match value {
        Node::Null => "null".to_owned(),
        Node::Flag(flag) => flag.to_string(),
        Node::Whole(whole) => whole.to_string(),
        Node::Text(text) => scalar(text),
        Node::Map(_) => "{}".to_owned(),
        Node::List(_) => "[]".to_owned(),
    }
}

/// A text on one line, which stands for itself whatever it holds.
fn scalar(text: &str) -> String {
    if text.chars().any(is_unsafe) {
        return quoted(text);
    }
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    let written = serde_saphyr::to_string_with_options(&text, options);
    written.expect("a text is YAML").trim_end_matches('\n').to_owned()
}

/// Whether a character is not seen, changes how others are seen, or is none of YAML's.
fn is_unsafe(letter: char) -> bool {
    is_hidden(letter) || matches!(letter, '\u{fffe}' | '\u{ffff}')
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        let code = u32::from(letter);
        let _ = match letter {
            '"' => write!(quoted, "\\\""),
            '\\' => write!(quoted, "\\\\"),
            '\n' => write!(quoted, "\\n"),
            _ if !is_unsafe(letter) => write!(quoted, "{letter}"),
            _ if code > 0xffff => write!(quoted, "\\U{code:08x}"),
            _ => write!(quoted, "\\u{code:04x}"),
        };
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_for_itself_on_one_line() {
        let long = "long ".repeat(60);
        for text in [
            "",
            "plain",
            "yes",
            "0x10",
            "1e3",
            "null",
            "~",
            "- a",
            "a: b",
            "a #b",
            "#b",
            "'a'",
            "\"a\" \\",
            "a\nb\n",
            " a ",
            "\t",
            "a\u{202e}b\u{7}\u{0}",
            "\u{feff}\u{2028}\u{85}",
            "\u{ffff}\u{e0041}é",
            "${x} %{y} {{z}}",
            "---",
            "...",
            "&a *b !c |d >e",
            &long,
        ] {
            let written = scalar(text);
            assert!(!written.contains(['\n', '\r', '\u{202e}']), "{written}");
            let read: String = serde_saphyr::from_str(&written).expect("it is YAML");
            assert_eq!(read, text, "{written}");
            let map = File::new("").document("", Map::default().set(text, text)).text();
            let read: serde_json::Value = serde_saphyr::from_str(&map).expect("it is YAML");
            assert_eq!(read[text], text, "{map}");
        }
    }

    #[test]
    fn remarks_stand_before_what_they_are_about() {
        let item = Map::default().remark("why").set("a", 1_u32).set("b", list(["x", "z"]));
        let document = Map::default()
            .set("items", list([item, Map::default().set("c", Map::default())]))
            .remark("an end\n- that: is none")
            .set("last", Node::Null);
        let expected = "# all\n---\n# one\nitems:\n# why\n- a: 1\n  b:\n  - x\n  - z\n- c: {}\n\
                        # an end - that: is none\nlast: null\n";
        assert_eq!(File::new("all").document("one", document).text(), expected);
        assert_eq!(File::new("all").text(), "# all\n# This plan has none.\n");
    }
}
