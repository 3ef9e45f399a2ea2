//! An emitted module, read by hcl-rs.

use domain::spec::Spec;
use hcl::{Block, Body, Expression};
use reports::emit::{Format, emit};

use super::DAY;

/// All files of a module in one.
pub(super) struct Module(pub(super) Body);

impl Module {
    pub(super) fn of(spec: &Spec, format: Format) -> Self {
        let files = emit(spec, format, DAY).expect("it is generated");
        let mut body = Body::default();
        for (name, text) in files {
            let read = hcl::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
            body.0.extend(read.0);
        }
        Self(body)
    }

    /// The blocks of a kind with their labels.
    pub(super) fn blocks(&self, kind: &str) -> Vec<(Vec<&str>, &Body)> {
        blocks(&self.0, kind)
    }

    /// A resource.
    pub(super) fn resource(&self, kind: &str, label: &str) -> &Body {
        let resources = self.blocks("resource");
        let found = resources.iter().find(|(labels, _)| labels == &[kind, label]);
        found.unwrap_or_else(|| panic!("{kind}.{label} is there")).1
    }

    /// The labels of all resources of a kind.
    pub(super) fn labels(&self, kind: &str) -> Vec<&str> {
        let resources = self.blocks("resource").into_iter();
        resources.filter(|(labels, _)| labels[0] == kind).map(|(labels, _)| labels[1]).collect()
    }

    /// What the tags of everything are.
    pub(super) fn tags(&self) -> Vec<(String, String)> {
        let locals = self.blocks("locals");
        let tags = locals.iter().find_map(|(_, body)| value(body, "tags")).expect("it has tags");
        let Expression::Object(tags) = tags else { panic!("tags are a map") };
        let text = |value: &Expression| match value {
            Expression::String(text) => text.clone(),
            other => panic!("a tag is a text: {other}"),
        };
        let pair = |(key, value): (&hcl::expr::ObjectKey, &Expression)| match key {
            hcl::expr::ObjectKey::Expression(key) => (text(key), text(value)),
            other => panic!("a key is a text: {other}"),
        };
        tags.iter().map(pair).collect()
    }
}

pub(super) fn blocks<'a>(body: &'a Body, kind: &str) -> Vec<(Vec<&'a str>, &'a Body)> {
    let own = body.blocks().filter(|block| block.identifier() == kind);
    own.map(|block| (labels(block), block.body())).collect()
}

/// The one block of a kind.
pub(super) fn inner<'a>(body: &'a Body, kind: &str) -> &'a Body {
    let found = blocks(body, kind);
    assert_eq!(found.len(), 1, "one {kind}");
    found[0].1
}

pub(super) fn labels(block: &Block) -> Vec<&str> {
    block.labels().iter().map(hcl::BlockLabel::as_str).collect()
}

pub(super) fn value<'a>(body: &'a Body, name: &str) -> Option<&'a Expression> {
    body.attributes().find(|own| own.key() == name).map(hcl::Attribute::expr)
}

/// A text without blanks and line breaks.
pub(super) fn flat(text: &str) -> String {
    text.split_whitespace().collect()
}

/// An attribute as it is written, a text without its quotes.
pub(super) fn word(body: &Body, name: &str) -> String {
    match value(body, name) {
        Some(Expression::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
