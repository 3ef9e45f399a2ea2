//! Values at the leaves of a document: quantities, names, words and truths.

use super::{Walker, shown};
use crate::intent::bands::Band;
use crate::intent::fault::IntentFault;
use crate::intent::shorthand::percent;
use crate::intent::text::{Form, Place};
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::words::TRUTHS;
use crate::ledger::{Origin, Stated};
use crate::name::Name;
use crate::units::{Availability, QuantityError, ReadError, Reading};

impl Walker<'_> {
    /// The entries of a mapping.
    pub(super) fn mapping<'n>(&mut self, node: &'n Node, path: &str) -> Option<&'n [Entry]> {
        if let Value::Map(entries) = &node.value {
            return Some(entries);
        }
        self.wrong_shape(node, path, "a mapping");
        None
    }

    /// The entries of a mapping that is not larger than a limit.
    pub(super) fn bounded<'n>(
        &mut self,
        node: &'n Node,
        path: &str,
        limit: usize,
    ) -> Option<&'n [Entry]> {
        let entries = self.mapping(node, path)?;
        self.within(entries.len(), limit, node.place, path)?;
        Some(entries)
    }

    /// The items of a list that is not longer than a limit.
    pub(super) fn list<'n>(
        &mut self,
        node: &'n Node,
        path: &str,
        limit: usize,
    ) -> Option<&'n [Node]> {
        if let Value::List(items) = &node.value {
            self.within(items.len(), limit, node.place, path)?;
            return Some(items);
        }
        self.wrong_shape(node, path, "a list");
        None
    }

    fn within(&mut self, count: usize, limit: usize, place: Place, path: &str) -> Option<()> {
        if count <= limit {
            return Some(());
        }
        let message = format!("{path} has {count} entries");
        let help = format!("at most {limit} are planned for");
        self.note(IntentFault::TooLarge, place, &message, help);
        None
    }

    /// A text.
    pub(super) fn text<'n>(&mut self, node: &'n Node, path: &str) -> Option<&'n str> {
        if let Value::Text(text) = &node.value {
            return Some(text);
        }
        self.wrong_shape(node, path, "a text");
        None
    }

    pub(super) fn wrong_shape(&mut self, node: &Node, path: &str, due: &str) {
        if matches!(node.value, Value::Refused) {
            return;
        }
        let message = format!("{} is {}", shown(path), node.shape());
        let help = format!("{due} is due here");
        self.note(IntentFault::Shape, node.place, &message, help);
    }

    /// What a message calls a value: by its path, or in a phrase by its words.
    fn called(&self, node: &Node, path: &str) -> String {
        match self.texts.text(node.place).form {
            Form::Phrase => format!("`{}`", shown(self.texts.slice(node.place))),
            _ => shown(path),
        }
    }

    /// A value with where it came from.
    pub(super) fn stated<T>(&self, value: T, node: &Node, path: &str) -> Stated<T> {
        let place = self.texts.origin(node.place);
        if !self.texts.is_default(node.place) {
            return Stated::by_user(value, place);
        }
        let row = self.sources.get(path);
        Stated::by_default(value, row.map_or(place, |row| row.source.clone()), None)
    }

    /// A quantity within what is plausible, with where it came from.
    pub(super) fn quantity<T: Reading + Copy + PartialOrd>(
        &mut self,
        node: &Node,
        path: &str,
        band: &Band<T>,
    ) -> Option<Stated<T>> {
        let value = self.value(node, path, band)?;
        let mut stated = self.stated(value, node, path);
        if stated.origin == Origin::Default
            && let Some(row) = self.sources.get(path)
        {
            let ends = (row.low.as_deref().map(T::read), row.high.as_deref().map(T::read));
            if let (Some(Ok(low)), Some(Ok(high))) = ends {
                stated.interval = Some((low, high));
            }
        }
        Some(stated)
    }

    /// A quantity within what is plausible.
    pub(super) fn value<T: Reading + Copy + PartialOrd>(
        &mut self,
        node: &Node,
        path: &str,
        band: &Band<T>,
    ) -> Option<T> {
        let text = self.text(node, path)?;
        match T::read(text) {
            Ok(value) if value >= band.low && value <= band.high => Some(value),
            Ok(_) => {
                self.outside(node, path, band.range);
                None
            }
            Err(fault) => {
                self.unreadable(node, path, &fault, band.range);
                None
            }
        }
    }

    /// A whole number within what is plausible.
    pub(super) fn count<T: TryFrom<u64>>(
        &mut self,
        node: &Node,
        path: &str,
        band: &Band<u64>,
    ) -> Option<Stated<T>> {
        let stated = self.quantity(node, path, band)?;
        let narrow = |count: u64| {
            T::try_from(count).ok().expect("a plausible count fits the type that holds it")
        };
        Some(Stated {
            value: narrow(stated.value),
            origin: stated.origin,
            source: stated.source,
            interval: stated.interval.map(|(low, high)| (narrow(low), narrow(high))),
        })
    }

    fn outside(&mut self, node: &Node, path: &str, range: &str) {
        let text = self.text(node, path).map(shown).unwrap_or_default();
        let called = self.called(node, path);
        let message = match self.texts.text(node.place).form {
            Form::Phrase => format!("{called} is not plausible"),
            _ => format!("{called} is {text}, which is not plausible"),
        };
        self.note(IntentFault::Range, node.place, &message, format!("{range} is planned for"));
    }

    fn unreadable(&mut self, node: &Node, path: &str, fault: &ReadError, range: &str) {
        let called = self.called(node, path);
        let text = self.text(node, path).map(shown).unwrap_or_default();
        let (kind, why, help): (fn(_) -> _, String, String) = match fault {
            ReadError::MissingUnit { .. } => {
                (IntentFault::Unit, format!("is {text}, without a unit"), fault.help())
            }
            ReadError::WrongUnit { .. } => (IntentFault::Unit, fault.to_string(), fault.help()),
            ReadError::Ambiguous { .. } => {
                (IntentFault::Ambiguous, format!("is {text}, which is ambiguous"), fault.help())
            }
            ReadError::NotANumber { .. } => {
                (IntentFault::Number, format!("is `{text}`, not a number"), fault.help())
            }
            ReadError::OutOfRange(QuantityError::Negative(_)) => {
                (IntentFault::Range, "is negative".into(), format!("{range} is planned for"))
            }
            ReadError::OutOfRange(QuantityError::TooLarge { .. }) => {
                self.outside(node, path, range);
                return;
            }
            ReadError::OutOfRange(QuantityError::Infinite) => {
                (IntentFault::Number, "is infinite".into(), format!("{range} is planned for"))
            }
            ReadError::OutOfRange(QuantityError::NotANumber) => {
                (IntentFault::Number, "is not a number".into(), format!("{range} is planned for"))
            }
            ReadError::Comma { .. } | ReadError::TooFine(_) => {
                (IntentFault::Number, fault.to_string(), fault.help())
            }
        };
        self.note(kind, node.place, &format!("{called} {why}"), help);
    }

    /// An uptime: a fraction is refused by a code of its own.
    pub(super) fn uptime(
        &mut self,
        node: &Node,
        path: &str,
        band: &Band<Availability>,
    ) -> Option<Availability> {
        let text = self.text(node, path)?;
        let fraction = text.parse::<f64>().is_ok_and(|number| (0.0..1.0).contains(&number));
        if !fraction {
            return self.value(node, path, band);
        }
        let message = format!("{} is {}", shown(path), shown(text));
        let help = format!(
            "write {}; a fraction and a percentage are too easy to confuse here",
            percent(text)
        );
        self.note(IntentFault::Uptime, node.place, &message, help);
        None
    }

    /// A name that is safe in every output.
    pub(super) fn name(&mut self, text: &str, place: Place, path: &str) -> Option<Name> {
        match text.parse::<Name>() {
            Ok(name) => Some(name),
            Err(fault) => {
                let message = format!("{path}: `{}` {fault}", shown(text));
                let safe = safe_name(text);
                let example = if safe.is_empty() { "orders-db" } else { &safe };
                let help = format!("for example: {example}");
                self.note(IntentFault::Name, place, &message, help);
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
        let called = self.called(node, path);
        self.noted.choice(text, node.place, &called, choices)
    }

    /// `true` or `false`.
    pub(super) fn truth(&mut self, node: &Node, path: &str) -> Option<bool> {
        self.choice(node, path, &TRUTHS)
    }

    /// A text for other programs: printable, on one line, not too long.
    pub(super) fn printable(&mut self, node: &Node, path: &str, limit: usize) -> Option<String> {
        let text = self.text(node, path)?;
        self.is_printable(text, node.place, path, limit)?;
        Some(text.to_owned())
    }

    /// Refuses control and direction characters, and texts that are too long.
    pub(super) fn is_printable(
        &mut self,
        text: &str,
        place: Place,
        path: &str,
        limit: usize,
    ) -> Option<()> {
        let strange = |letter: char| {
            letter.is_control()
                || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        };
        let (why, help) = if text.chars().any(strange) {
            ("holds a character that does not print", "write letters that print".to_owned())
        } else if text.chars().count() > limit {
            ("is too long", format!("at most {limit} characters are kept"))
        } else {
            return Some(());
        };
        self.note(IntentFault::Text, place, &format!("{} {why}", shown(path)), help);
        None
    }
}

/// The nearest text that is a name: what no name holds parts its words by one hyphen each.
fn safe_name(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let safe: String = words.join("-").chars().take(63).collect();
    safe.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_name_that_is_proposed_has_one_hyphen_between_words() {
        let long = format!("{}--b", "a".repeat(62));
        for (text, name) in [
            ("Tickets & more", "tickets-more"),
            ("my_shop", "my-shop"),
            ("--a---b--", "a-b"),
            ("été", "t"),
            (&*long, &*"a".repeat(62)),
            ("&", ""),
        ] {
            assert_eq!(safe_name(text), name, "{text}");
        }
    }
}
