//! Values at the leaves of a policy: quantities, names and words.

use jiff::civil::Date;

use super::Reader;
use crate::intent::fault::{IntentFault, Words};
use crate::intent::nearest::did_you_mean;
use crate::intent::text::Place;
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::words::{joined, shown};
use crate::name::Name;
use crate::units::{QuantityError, ReadError, Reading};

/// As long as a text in a policy may be.
const TEXT: usize = 1_000;

impl Reader<'_> {
    /// Notes a fault.
    pub(super) fn note(
        &mut self,
        kind: fn(Words) -> IntentFault,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.noted.add(kind, place, message, help);
    }

    /// The entries of a mapping; none of anything else, which is a fault.
    pub(super) fn entries<'n>(&mut self, node: &'n Node, path: &str) -> &'n [Entry] {
        if !matches!(node.value, Value::Map(_)) {
            self.wrong_shape(node, path, "a mapping");
        }
        node.entries()
    }

    /// The items of a list of at most so many; likewise.
    pub(super) fn items<'n>(&mut self, node: &'n Node, path: &str, most: usize) -> &'n [Node] {
        let Value::List(items) = &node.value else {
            self.wrong_shape(node, path, "a list");
            return &[];
        };
        if items.len() > most {
            let message = format!("{} has {} entries", shown(path), items.len());
            let help = format!("at most {most} are read");
            self.note(IntentFault::TooLarge, node.place, message, help);
            return &[];
        }
        items
    }

    /// A text.
    pub(super) fn text<'n>(&mut self, node: &'n Node, path: &str) -> Option<&'n str> {
        if let Value::Text(text) = &node.value {
            return Some(text);
        }
        self.wrong_shape(node, path, "a text");
        None
    }

    /// Notes that something of another shape is due.
    pub(super) fn wrong_shape(&mut self, node: &Node, path: &str, due: &str) {
        if !matches!(node.value, Value::Refused) {
            let message = format!("{} is {}", shown(path), node.shape());
            self.note(IntentFault::Shape, node.place, message, format!("{due} is due here"));
        }
    }

    /// Notes a key that may not stand there, or not yet.
    pub(super) fn strange_key(
        &mut self,
        entry: &Entry,
        path: &str,
        known: &[&str],
        later: &[&str],
    ) {
        if self.noted.is_full() {
            // Looking for the nearest key of thousands of strange ones would take its time.
            self.noted.count_only();
            return;
        }
        let full = joined(path, &entry.key);
        if later.contains(&entry.key.as_str()) {
            self.unsupported(entry.place, &full);
            return;
        }
        let help = did_you_mean(&entry.key, known);
        let message = format!("{} is not a key", shown(&full));
        self.note(IntentFault::UnknownKey, entry.place, message, help);
    }

    /// Notes a part that a later version acts upon.
    pub(super) fn unsupported(&mut self, place: Place, what: &str) {
        let message = format!("{} is not supported yet", shown(what));
        let help = "leave it out; no rule is ignored in silence";
        self.note(IntentFault::Unsupported, place, message, help);
    }

    /// Notes that a key is not there.
    pub(super) fn due(&mut self, node: &Node, key: &str, path: &str, example: &str) {
        if matches!(node.value, Value::Map(_)) && node.child(key).is_none() {
            let place = Place { end: node.place.start, ..node.place };
            let message = format!("{} has no {key}", shown(path));
            let help = format!("for example: `{key}: {example}`");
            self.note(IntentFault::MissingKey, place, message, help);
        }
    }

    /// A name that is safe in every output.
    pub(super) fn name(&mut self, node: &Node, path: &str) -> Option<Name> {
        let text = self.text(node, path)?;
        match text.parse() {
            Ok(name) => Some(name),
            Err(fault) => {
                let message = format!("{}: `{}` {fault}", shown(path), shown(text));
                self.note(IntentFault::Name, node.place, message, "for example: prod-floor");
                None
            }
        }
    }

    /// One of several words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        node: &Node,
        path: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(node, path)?;
        self.noted.choice(text, node.place, &shown(path), choices)
    }

    /// A whole number.
    pub(super) fn count(&mut self, node: &Node, path: &str, range: (u32, u32)) -> Option<u32> {
        let text = self.text(node, path)?.to_owned();
        let count: u64 = self.quantity(node, path, &text)?;
        self.within(count, node, path, range)
    }

    /// A number that is not beyond its range.
    pub(super) fn within(
        &mut self,
        count: u64,
        node: &Node,
        path: &str,
        (low, high): (u32, u32),
    ) -> Option<u32> {
        let found = u32::try_from(count).ok().filter(|count| (low..=high).contains(count));
        if found.is_none() {
            let message = format!("{} is {count}, which is not plausible", shown(path));
            let help = format!("{low} to {high} can be asked");
            self.note(IntentFault::Range, node.place, message, help);
        }
        found
    }

    /// A text for other programs: it prints, on one line, and is not too long.
    pub(super) fn printable(&mut self, node: &Node, path: &str) -> Option<String> {
        let text = self.text(node, path)?;
        self.prints(text, node.place, (path, TEXT)).map(|()| text.to_owned())
    }

    /// Notes a text that is none for other programs, or of more letters than are kept.
    pub(super) fn prints(
        &mut self,
        text: &str,
        place: Place,
        (path, most): (&str, usize),
    ) -> Option<()> {
        let strange = |letter: char| {
            letter.is_control()
                || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        };
        let (why, help) = if text.chars().any(strange) {
            ("holds a character that does not print", "write letters that print".to_owned())
        } else if text.chars().count() > most {
            ("is too long", format!("at most {most} characters are kept"))
        } else if text.trim().is_empty() {
            ("is empty", "say it in a few words".to_owned())
        } else {
            return Some(());
        };
        self.note(IntentFault::Text, place, format!("{} {why}", shown(path)), help);
        None
    }

    /// A quantity.
    pub(super) fn quantity<T: Reading>(
        &mut self,
        node: &Node,
        path: &str,
        text: &str,
    ) -> Option<T> {
        let fault = match T::read(text) {
            Ok(value) => return Some(value),
            Err(fault) => fault,
        };
        let (kind, help): (fn(_) -> _, String) = match &fault {
            ReadError::MissingUnit { .. } | ReadError::WrongUnit { .. } => {
                (IntentFault::Unit, fault.help())
            }
            ReadError::Ambiguous { .. } => (IntentFault::Ambiguous, fault.help()),
            ReadError::OutOfRange(QuantityError::TooLarge { .. } | QuantityError::Negative(_)) => {
                (IntentFault::Range, fault.help())
            }
            ReadError::OutOfRange(QuantityError::Infinite | QuantityError::NotANumber)
            | ReadError::NotANumber { .. }
            | ReadError::Comma { .. }
            | ReadError::TooFine(_) => (IntentFault::Number, fault.help()),
        };
        let message = format!("{}: `{}` {fault}", shown(path), shown(text));
        self.note(kind, node.place, message, help);
        None
    }

    /// A plain day.
    pub(super) fn day(&mut self, node: &Node, path: &str) -> Option<Date> {
        let text = self.text(node, path)?;
        let day = text.parse::<Date>().ok().filter(|_| text.len() == 10);
        if day.is_none() && !matches!(node.value, Value::Refused) {
            let message = format!("{}: `{}` is no day", shown(path), shown(text));
            self.note(IntentFault::Number, node.place, message, "for example: 2027-03-31");
        }
        day
    }
}
