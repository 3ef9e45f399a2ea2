//! An intent in one line of plain words, in any order and usual wording.
//!
//! The words are matched against explicit lists by rules; there is no guessing. What is harmless
//! is in a list as well, so a word that carries meaning and is not understood is always a fault.

mod choices;
mod latency;
mod later;
mod lexicon;
mod limited;
mod outcomes;
mod parser;
mod people;
mod pins;
mod quantity;
mod systems;
mod tokens;

use super::Intent;
use super::fault::IntentFault;
use super::faults::{Faults, Noted};
use super::read::{Source, read_intent};
use super::regions;
use super::text::{Place, Texts};
use super::tree::{Entry, Node, Value};
use super::words::shown;
use crate::offer::Provider;
use parser::Parser;
pub(super) use parser::Statement;

/// The longest phrase, in bytes.
const LONGEST: usize = 10_000;

/// Reads a phrase such as "handle 10k users, 99.9% uptime, 400ms latency".
///
/// # Errors
/// When a word is not understood, a number lacks its unit, or outcomes are stated twice or against
/// each other: all faults at once, with what was understood.
pub fn read_phrase(text: &str) -> Result<Intent, Faults> {
    read_intent(&Source::Phrase(text.to_owned()), &[])
}

/// What a text states, in the order in which it does.
pub(super) fn statements(
    source: &str,
    base: Place,
    exact: bool,
    noted: &mut Noted,
) -> Vec<Statement> {
    let mut parser = Parser::new(source, base, exact, noted);
    parser.read();
    let Parser { statements, places, .. } = parser;
    let allowed = providers(&statements);
    for (place, word) in places {
        let help = regions::suggestion(&word, &allowed);
        noted.add(IntentFault::Region, place, format!("`{word}` is not a region"), help);
    }
    statements
}

/// The clouds that were stated.
fn providers(statements: &[Statement]) -> Vec<Provider> {
    let stated = |provider: &Provider| {
        let mut stated = statements.iter();
        stated.any(|statement| {
            statement.path == ["run_on", "providers"] && statement.value == provider.as_str()
        })
    };
    Provider::ALL.into_iter().filter(stated).collect()
}

/// The tree of a phrase, and its statements.
pub(super) fn tree(
    content: &str,
    texts: &Texts,
    base: Place,
    noted: &mut Noted,
) -> (Node, Vec<Statement>) {
    let mut root = Node::empty(base);
    if content.len() > LONGEST {
        let start = Place { end: base.start, ..base };
        let message = format!("the phrase has {} bytes", content.len());
        noted.add(IntentFault::TooLarge, start, message, "at most 10,000 are read");
        root.value = Value::Refused;
        return (root, Vec::new());
    }
    let statements = statements(content, base, true, noted);
    if statements.is_empty() && noted.is_empty() {
        let help = "for example: handle 10k users, 99.9% uptime, 400ms latency";
        noted.add(IntentFault::Empty, base, "nothing is stated", help);
    }
    for statement in &statements {
        plant(&mut root, statement, texts, noted);
    }
    (root, statements)
}

/// Adds a statement to a tree, unless its place is taken.
pub(super) fn plant(root: &mut Node, statement: &Statement, texts: &Texts, noted: &mut Noted) {
    let place = statement.place;
    let Some((last, parents)) = statement.path.split_last() else {
        return;
    };
    let mut node = root;
    for key in parents {
        let entry = entry(key, Node::empty(place), true);
        if matches!(node.child(key), Some(child) if matches!(child.value, Value::Text(_))) {
            twice(texts, noted, place, node.child(key).map(|child| child.place));
            return;
        }
        node.insert(entry);
        let Some(child) = node.child_mut(key) else {
            return;
        };
        node = child;
    }
    let value = Node::text(&statement.value, place);
    let value =
        if statement.listed { Node { value: Value::List(vec![value]), place } } else { value };
    let Some(known) = node.insert(entry(last, value.clone(), statement.stated)) else {
        return;
    };
    match (&mut known.value, value.value) {
        (Value::List(all), Value::List(more)) => all.extend(more),
        // "canary releases with automatic rollback" says the same thing twice over.
        (Value::Text(one), Value::Text(other))
            if *one == other && matches!(last.as_str(), "operations" | "archetype") => {}
        _ => {
            let first = known.place;
            twice(texts, noted, place, Some(first));
        }
    }
}

fn entry(key: &str, value: Node, stated: bool) -> Entry {
    Entry { key: key.to_owned(), place: value.place, stated, value }
}

fn twice(texts: &Texts, noted: &mut Noted, place: Place, first: Option<Place>) {
    let message = format!("`{}` states this a second time", shown(texts.slice(place)));
    let help = match first {
        Some(first) => format!("`{}` stands already; keep one of them", shown(texts.slice(first))),
        None => "keep one of them".to_owned(),
    };
    noted.add(IntentFault::StatedTwice, place, message, help);
}
