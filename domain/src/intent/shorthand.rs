//! Shorthands of a document written out, so that the rest of the reader knows one form of each:
//! `uptime: 99.9%`, `latency: 400ms`, `load: 10k users`, `budget: 3000 USD/month`.

use rust_decimal::Decimal;

use super::fault::IntentFault;
use super::faults::Noted;
use super::phrase::{plant, statements};
use super::text::{Place, Texts};
use super::tree::{Entry, Node, Value};
use crate::units::number_end;

/// Shorthands that stand for one key of a mapping.
const ONE_KEY: &[(&[&str], &str)] = &[
    (&["objectives", "uptime"], "target"),
    (&["objectives", "budget"], "expected"),
    (&["objectives", "headroom"], "load"),
];

/// Writes every shorthand of a document out.
pub(super) fn expand(root: &mut Node, texts: &Texts, noted: &mut Noted) {
    for (path, key) in ONE_KEY {
        if let Some(node) = root.find_mut(path)
            && matches!(node.value, Value::Text(_))
        {
            *node = Node::with(key, true, node.clone());
        }
    }
    for key in ["load", "latency"] {
        if let Some(node) = root.find_mut(&["objectives", key]) {
            in_words(node, key, texts, noted);
        }
    }
    each(root, "requests", |class| {
        if let Some(node) = class.find_mut(&["objectives", "latency"]) {
            in_words(node, "latency", texts, noted);
        }
    });
    each(root, "pins", |pin| {
        if let Some(node) = pin.child_mut("replicas")
            && matches!(node.value, Value::Text(_))
        {
            let count = node.clone();
            *node = Node::with("min", true, count.clone());
            node.insert(Entry {
                key: "max".to_owned(),
                place: count.place,
                stated: true,
                value: count,
            });
        }
    });
}

fn each(root: &mut Node, key: &str, mut expand: impl FnMut(&mut Node)) {
    if let Some(Value::Map(entries)) = root.child_mut(key).map(|node| &mut node.value) {
        for entry in entries {
            expand(&mut entry.value);
        }
    }
}

/// A text of plain words, read as a phrase that may speak of one objective only.
fn in_words(node: &mut Node, key: &str, texts: &Texts, noted: &mut Noted) {
    let Value::Text(text) = &node.value else {
        return;
    };
    let number = number_end(text);
    if key == "latency" && number > 0 && !text[number..].trim().contains(char::is_whitespace) {
        // A number and at most a unit: the reader of latencies knows what is wrong with it.
        *node = Node::with("p95", false, node.clone());
        return;
    }
    let (place, exact) = written(text, node.place, texts);
    let before = noted.count();
    let said = statements(text, place, exact, noted);
    let mut root = Node::empty(node.place);
    for statement in &said {
        if statement.path.starts_with(&["objectives".to_owned(), key.to_owned()]) {
            plant(&mut root, statement, texts, noted);
        } else {
            let message = format!("`{}` does not belong here", texts.slice(statement.place));
            let help = format!("objectives.{key} speaks of one thing only");
            noted.add(IntentFault::MisplacedKey, statement.place, message, help);
        }
    }
    if said.is_empty() && noted.count() == before {
        let message = format!("objectives.{key} states nothing");
        let help = "for example: 10k users, or p95 under 400ms";
        noted.add(IntentFault::Empty, node.place, message, help);
    }
    let value = root.find(&["objectives", key]).map(|found| found.value.clone());
    node.value = value.unwrap_or(Value::Refused);
}

/// Where the letters of a text stand, and whether they stand there one by one.
fn written(text: &str, place: Place, texts: &Texts) -> (Place, bool) {
    let raw = texts.slice(place);
    let inner = Place {
        start: place.start + 1,
        end: place.end.saturating_sub(1).max(place.start + 1),
        ..place
    };
    if raw == text {
        (place, true)
    } else if raw.len() >= 2 && texts.slice(inner) == text {
        (inner, true)
    } else {
        (place, false)
    }
}

/// A fraction as the percentage that was meant: "99.9%" for "0.999".
pub(super) fn percent(fraction: &str) -> String {
    let number = fraction.parse::<Decimal>().unwrap_or_default();
    let percent = number.checked_mul(Decimal::ONE_HUNDRED).unwrap_or_default();
    format!("{}%", percent.normalize())
}
