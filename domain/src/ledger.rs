//! The assumption ledger: every number that an answer rests on, with where it came from.
//!
//! No number enters the model in another way. `Stated` is a number on its way in; `Assumption` is
//! the same number written down.

use std::collections::BTreeMap;

/// Where a number came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The user stated it.
    User,
    /// Nobody stated it; a default with a source was taken.
    Default,
    /// It follows from other entries.
    Derived,
    /// It is a row of the catalog.
    Catalog,
}

impl Origin {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Default => "default",
            Self::Derived => "derived",
            Self::Catalog => "catalog",
        }
    }
}

/// A value on its way into the model, with where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated<T> {
    /// The value itself.
    pub value: T,
    /// Who stated it.
    pub origin: Origin,
    /// In words: the phrase, the file, or the publication behind a default.
    pub source: String,
    /// The range within which the true value is believed to lie.
    pub interval: Option<(T, T)>,
}

impl<T> Stated<T> {
    /// A value that the user stated; `place` says where.
    pub fn by_user(value: T, place: impl Into<String>) -> Self {
        Self { value, origin: Origin::User, source: place.into(), interval: None }
    }

    /// A default with its source and, where known, its range.
    pub fn by_default(value: T, source: impl Into<String>, interval: Option<(T, T)>) -> Self {
        Self { value, origin: Origin::Default, source: source.into(), interval }
    }
}

/// What an entry of the ledger says: a number in a unit, or a choice.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number in the unit of its entry.
    Number(f64),
    /// One of several words.
    Choice(String),
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumption {
    /// A path such as `services.app.cpu_time`; `--set` and `assume:` take the same one.
    pub name: String,
    /// The value that the answer rests on.
    pub value: Value,
    /// The unit of the value: `s`, `ms`, `B`, `MiB`, `ratio`, `/year`, `count`, `ppm` …
    pub unit: &'static str,
    /// Where it came from.
    pub origin: Origin,
    /// In words.
    pub source: String,
    /// The range within which the true value is believed to lie.
    pub interval: Option<(Value, Value)>,
}

/// All assumptions of one answer, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    entries: BTreeMap<String, Assumption>,
}

impl Ledger {
    /// Writes an assumption down.
    ///
    /// # Panics
    /// When the name is already there with another value: two parts of the model would disagree.
    pub fn record(&mut self, assumption: Assumption) {
        if let Some(known) = self.entries.get(&assumption.name) {
            assert!(
                known.value == assumption.value,
                "the ledger holds two values of {}",
                assumption.name
            );
        }
        self.entries.insert(assumption.name.clone(), assumption);
    }

    /// The entry of that name.
    pub fn find(&self, name: &str) -> Option<&Assumption> {
        self.entries.get(name)
    }

    /// All entries in the order of their names.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &Assumption> {
        self.entries.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assumption(value: f64) -> Assumption {
        Assumption {
            name: "demand.think_time".into(),
            value: Value::Number(value),
            unit: "s",
            origin: Origin::Default,
            source: "TPC-W".into(),
            interval: None,
        }
    }

    #[test]
    fn the_same_assumption_may_be_recorded_twice() {
        let mut ledger = Ledger::default();
        ledger.record(assumption(7.0));
        ledger.record(assumption(7.0));
        assert_eq!(ledger.entries().len(), 1);
        assert_eq!(ledger.find("demand.think_time"), Some(&assumption(7.0)));
    }

    #[test]
    #[should_panic(expected = "two values of demand.think_time")]
    fn the_ledger_never_holds_two_values() {
        let mut ledger = Ledger::default();
        ledger.record(assumption(7.0));
        ledger.record(assumption(8.0));
    }
}
