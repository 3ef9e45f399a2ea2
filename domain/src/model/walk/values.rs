//! Values at the leaves of a model document: times, rates, counts, shares and words.
//!
//! A time without a unit is a number of seconds and a rate without one a number a second, so that a
//! textbook's queue is written down with the textbook's numbers.

use super::{Reader, joined, shown};
use crate::intent::fault::{IntentFault, Words};
use crate::intent::nearest::did_you_mean;
use crate::intent::text::Place;
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::words::TRUTHS;
use crate::model::StationIndex;
use crate::name::Name;
use crate::units::{QuantityError, Ratio, ReadError, Reading, RequestsPerSecond, Seconds};

/// The largest time in seconds, and the largest rate in numbers a second.
const LARGEST: f64 = 1e12;

impl<'a> Reader<'a> {
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
            self.note(
                IntentFault::TooLarge,
                node.place,
                message,
                format!("at most {most} are read"),
            );
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

    /// Notes a key that may not stand there.
    pub(super) fn strange_key(&mut self, entry: &Entry, path: &str, known: &[&str]) {
        if self.noted.is_full() {
            // Looking for the nearest key of thousands of strange ones would take its time.
            self.noted.count_only();
            return;
        }
        let message = format!("{} is not a key", shown(&joined(path, &entry.key)));
        let help = did_you_mean(&entry.key, known);
        self.note(IntentFault::UnknownKey, entry.place, message, help);
    }

    /// Notes that a key is not there.
    pub(super) fn due(&mut self, node: &Node, key: &str, path: &str, example: &str) {
        if matches!(node.value, Value::Map(_)) && node.child(key).is_none() {
            let message = format!("{} has no {key}", shown(path));
            let help = format!("for example: `{key}: {example}`");
            self.note(IntentFault::MissingKey, node.place, message, help);
        }
    }

    /// A time; without a unit, in seconds.
    pub(super) fn time(&mut self, node: &Node, path: &str) -> Option<Seconds> {
        let text = self.text(node, path)?;
        let read = match Seconds::read(text) {
            Err(ReadError::MissingUnit { .. }) => f64::read(text),
            other => other.map(Seconds::value),
        };
        let seconds = self.within(read, node, path, (0.0, LARGEST, "0 s to 1e12 s"))?;
        Seconds::new(seconds).ok()
    }

    /// A time that is more than none.
    pub(super) fn span(&mut self, node: &Node, path: &str) -> Option<Seconds> {
        let time = self.time(node, path)?;
        if time > Seconds::ZERO {
            return Some(time);
        }
        let message = format!("{} is no time at all", shown(path));
        self.note(IntentFault::Range, node.place, message, "write a time above 0");
        None
    }

    /// A rate in numbers a second; without a unit, the number itself.
    pub(super) fn rate(&mut self, node: &Node, path: &str) -> Option<f64> {
        let text = self.text(node, path)?;
        let read = match RequestsPerSecond::read(text) {
            Err(ReadError::MissingUnit { .. }) => f64::read(text),
            other => other.map(RequestsPerSecond::value),
        };
        self.within(read, node, path, (0.0, LARGEST, "0/s to 1e12/s"))
    }

    /// A plain number between two others, which are also given in words.
    pub(super) fn number(
        &mut self,
        node: &Node,
        path: &str,
        range: (f64, f64, &str),
    ) -> Option<f64> {
        let read = f64::read(self.text(node, path)?);
        self.within(read, node, path, range)
    }

    /// A part of a whole: 20% or 0.2.
    pub(super) fn share(&mut self, node: &Node, path: &str) -> Option<f64> {
        let text = self.text(node, path)?;
        let read = if text.trim_end().ends_with(['%', 't']) {
            Ratio::read(text).map(Ratio::value)
        } else {
            f64::read(text)
        };
        self.within(read, node, path, (0.0, 1.0, "0% to 100%, or 0 to 1"))
    }

    /// A whole number between two others.
    pub(super) fn count(&mut self, node: &Node, path: &str, range: (u32, u32)) -> Option<u32> {
        let (low, high) = range;
        let read = u64::read(self.text(node, path)?).map(|count| count as f64);
        let words = format!("{low} to {high}");
        self.within(read, node, path, (low.into(), high.into(), &words))?;
        u32::try_from(u64::read(self.text(node, path)?).ok()?).ok()
    }

    /// A number that was read, if it is within its range.
    fn within(
        &mut self,
        read: Result<f64, ReadError>,
        node: &Node,
        path: &str,
        (low, high, words): (f64, f64, &str),
    ) -> Option<f64> {
        let (kind, why, help): (fn(_) -> _, String, String) = match read {
            Ok(value) if value >= low && value <= high => return Some(value),
            Ok(_) | Err(ReadError::OutOfRange(QuantityError::TooLarge { .. })) => (
                IntentFault::Range,
                format!("is {}, out of range", written(node)),
                format!("{words} is simulated"),
            ),
            Err(ReadError::OutOfRange(QuantityError::Negative(_))) => {
                (IntentFault::Range, "is negative".into(), format!("{words} is simulated"))
            }
            Err(fault @ (ReadError::WrongUnit { .. } | ReadError::Ambiguous { .. })) => {
                (IntentFault::Unit, fault.to_string(), fault.help())
            }
            Err(fault) => {
                (IntentFault::Number, format!("is `{}`: {fault}", written(node)), fault.help())
            }
        };
        self.note(kind, node.place, format!("{} {why}", shown(path)), help);
        None
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

    /// `true` or `false`.
    pub(super) fn truth(&mut self, node: &Node, path: &str) -> Option<bool> {
        self.choice(node, path, &TRUTHS)
    }

    /// The only entry of a mapping that says which of several kinds something is.
    pub(super) fn kind<'n>(
        &mut self,
        node: &'n Node,
        path: &str,
        kinds: &[&str],
    ) -> Option<&'n Entry> {
        match self.entries(node, path) {
            [only] if kinds.contains(&only.key.as_str()) => Some(only),
            [only] => {
                self.strange_key(only, path, kinds);
                None
            }
            _ if matches!(node.value, Value::Map(_)) => {
                let message = format!("{} is not one kind of thing", shown(path));
                let help = format!("write one of {}", kinds.join(", "));
                self.note(IntentFault::Shape, node.place, message, help);
                None
            }
            _ => None,
        }
    }

    /// A station that the document describes.
    pub(super) fn station(&mut self, node: &Node, path: &str) -> Option<StationIndex> {
        let text = self.text(node, path)?;
        self.station_called(text, node.place, path)
    }

    /// A station by its name.
    pub(super) fn station_called(
        &mut self,
        text: &str,
        place: Place,
        path: &str,
    ) -> Option<StationIndex> {
        if let Some(at) = self.known.stations.get(text) {
            return Some(StationIndex(*at));
        }
        let known: Vec<&str> = self.known.stations.keys().map(String::as_str).take(50).collect();
        let message = format!("{}: there is no station `{}`", shown(path), shown(text));
        let help = did_you_mean(text, &known);
        self.note(IntentFault::UnknownService, place, message, help);
        None
    }

    /// A class that the document describes, by its place.
    pub(super) fn class_called(&mut self, text: &str, place: Place, path: &str) -> Option<usize> {
        if let Some(at) = self.known.classes.iter().position(|known| known == text) {
            return Some(at);
        }
        let known: Vec<&str> = self.known.classes.iter().map(String::as_str).take(50).collect();
        let message = format!("{}: there is no class `{}`", shown(path), shown(text));
        let help = did_you_mean(text, &known);
        self.note(IntentFault::UnknownClass, place, message, help);
        None
    }

    /// A name that is safe in every output.
    pub(super) fn name(&mut self, text: &str, place: Place, path: &str) -> Option<Name> {
        match text.parse::<Name>() {
            Ok(name) => Some(name),
            Err(fault) => {
                let message = format!("{path}: `{}` {fault}", shown(text));
                self.note(IntentFault::Name, place, message, "for example: web-1");
                None
            }
        }
    }

    /// One value for each class, from a mapping by class; what is not named is left out.
    pub(super) fn by_class<T>(
        &mut self,
        node: &Node,
        path: &str,
        mut read: impl FnMut(&mut Reader<'a>, &Node, &str) -> Option<T>,
    ) -> Vec<Option<T>> {
        let mut values: Vec<Option<T>> = self.known.classes.iter().map(|_| None).collect();
        for entry in self.entries(node, path) {
            let full = joined(path, &entry.key);
            if let Some(class) = self.class_called(&entry.key, entry.place, path) {
                values[class] = read(self, &entry.value, &full);
            }
        }
        values
    }
}

/// A value as it was written.
fn written(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => shown(text),
        _ => node.shape().to_owned(),
    }
}
