//! The only way of a number into the model: taken from the user or a default, and written down.

use std::collections::BTreeMap;

use domain::catalog::{DefaultValue, Defaults};
use domain::ledger::{Assumption, Ledger, Origin, Stated, Value};
use domain::units::{
    Bytes, Mebibytes, PerYear, Ratio, ReadError, Reading, RequestsPerSecond, Seconds,
};

use super::policy::Bounds;
use super::{CharacteriseError, ranges, unused};

/// A kind of number that the ledger holds.
pub(crate) trait Entry: Reading + Clone {
    /// The unit in which the ledger writes it.
    const UNIT: &'static str;

    /// The number in that unit.
    fn number(&self) -> f64;

    /// The same kind of number, so many times.
    fn scaled(&self, factor: f64) -> Option<Self>;
}

macro_rules! entry {
    ($type:ty, $unit:literal) => {
        impl Entry for $type {
            const UNIT: &'static str = $unit;
            fn number(&self) -> f64 {
                self.value()
            }
            fn scaled(&self, factor: f64) -> Option<Self> {
                Self::new(self.value() * factor).ok()
            }
        }
    };
}

entry!(Seconds, "s");
entry!(Ratio, "ratio");
entry!(PerYear, "/year");
entry!(RequestsPerSecond, "/s");

impl Entry for f64 {
    const UNIT: &'static str = "count";
    fn number(&self) -> f64 {
        *self
    }
    fn scaled(&self, factor: f64) -> Option<Self> {
        Some(self * factor)
    }
}

macro_rules! whole_entry {
    ($type:ty, $unit:literal, $into:expr, $from:expr) => {
        impl Entry for $type {
            const UNIT: &'static str = $unit;
            fn number(&self) -> f64 {
                let into: fn(&$type) -> u64 = $into;
                into(self) as f64
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a scaled size saturates; factors are small and positive"
            )]
            fn scaled(&self, factor: f64) -> Option<Self> {
                let from: fn(u64) -> $type = $from;
                Some(from((self.number() * factor).round() as u64))
            }
        }
    };
}

whole_entry!(u64, "count", |value| *value, |value| value);
whole_entry!(Bytes, "B", |value| value.value(), Bytes::new);
whole_entry!(Mebibytes, "MiB", |value| value.value(), Mebibytes::new);

/// Takes numbers from the intent, the overrides and the defaults, and writes each one down.
pub(crate) struct Book<'a> {
    defaults: &'a Defaults,
    overrides: BTreeMap<&'a str, &'a Stated<String>>,
    variation: Option<&'a Variation>,
    bounds: Bounds,
    ledger: Ledger,
    faults: Vec<CharacteriseError>,
    used: Vec<&'a str>,
}

/// One assumption varied, to see how much the answer moves.
#[derive(Debug, Clone, PartialEq)]
pub struct Variation {
    /// The name in the ledger.
    pub name: String,
    /// The factor on its value.
    pub factor: f64,
}

impl<'a> Book<'a> {
    pub(crate) fn new(
        defaults: &'a Defaults,
        overrides: &'a [(String, Stated<String>)],
        variation: Option<&'a Variation>,
    ) -> Self {
        let overrides = overrides.iter().map(|(name, stated)| (name.as_str(), stated)).collect();
        let (ledger, faults, used) = (Ledger::default(), Vec::new(), Vec::new());
        Self { defaults, overrides, variation, bounds: Bounds::new(), ledger, faults, used }
    }

    /// The same book, whose entries stay within the bounds that policies set, whoever states them.
    pub(crate) fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// The default of that name, unless the user overrode it.
    pub(crate) fn default<T: Entry + Default>(&mut self, name: &str) -> T {
        self.stated(name, None, name)
    }

    /// Whether the user states an entry under `assume:`.
    pub(crate) fn is_overridden(&self, name: &str) -> bool {
        self.overrides.contains_key(name)
    }

    /// A number that has no default: only what the user states under `assume:`.
    pub(crate) fn optional<T: Entry>(&mut self, name: &str) -> Option<T> {
        self.overrides
            .contains_key(name)
            .then(|| self.read(name))
            .flatten()
            .map(|taken| self.write(name, taken))
    }

    /// What the user stated, else the default of another name; written down under `name`.
    pub(crate) fn stated<T: Entry + Default>(
        &mut self,
        name: &str,
        stated: Option<&Stated<T>>,
        default: &str,
    ) -> T {
        let overridden = self.overrides.contains_key(name).then(|| self.read(name)).flatten();
        let taken = overridden.or_else(|| match stated {
            Some(stated) => Some(stated.clone()),
            // After a fault the default stands in, so that one fault does not bring about another.
            None if default == name => self.read_default(name),
            None => self.read(default).or_else(|| self.read_default(default)),
        });
        let Some(taken) = taken else {
            return T::default();
        };
        self.write(name, taken)
    }

    /// What the document states, which no override changes: it has to agree with what stands
    /// beside it.
    pub(crate) fn fixed<T: Entry>(&mut self, name: &str, stated: &Stated<T>) -> T {
        self.write(name, stated.clone())
    }

    /// A number that follows from a rule, unless the user states it.
    pub(crate) fn ruled<T: Entry>(&mut self, name: &str, value: T, rule: &str) -> T {
        match self.optional(name) {
            Some(stated) => stated,
            None => self.derived(name, value, rule),
        }
    }

    /// Whether a rule holds, unless the user states it: `1` and `true`, or `0` and `false`.
    pub(crate) fn ruled_truth(&mut self, name: &str, value: bool, rule: &str) -> bool {
        let said = self.overrides.get(name).map(|stated| stated.value.trim().to_lowercase());
        let said = match said.as_deref() {
            Some("true" | "yes") => Some(true),
            Some("false" | "no") => Some(false),
            _ => None,
        };
        if let Some(said) = said
            && let Some((_, origin, source, _)) = self.text(name)
        {
            let value = u64::from(said);
            return self.write(name, Stated { value, origin, source, interval: None }) > 0;
        }
        self.ruled(name, u64::from(value), rule) > 0
    }

    /// A number that follows from others, with the formula in words.
    pub(crate) fn derived<T: Entry>(&mut self, name: &str, value: T, formula: &str) -> T {
        let origin = Origin::Derived;
        self.write(name, Stated { value, origin, source: formula.to_owned(), interval: None })
    }

    /// A word that the user or a default chose.
    pub(crate) fn choice(
        &mut self,
        name: &str,
        stated: Option<&Stated<String>>,
        default: &str,
    ) -> String {
        let overridden = self.overrides.contains_key(name);
        let taken = match stated {
            Some(stated) => stated.clone(),
            None => match self.text(if overridden { name } else { default }) {
                Some((text, origin, source, _)) => {
                    Stated { value: text.to_owned(), origin, source, interval: None }
                }
                None => return String::new(),
            },
        };
        self.ledger.record(Assumption {
            name: name.to_owned(),
            value: Value::Choice(taken.value.clone()),
            unit: "choice",
            origin: taken.origin,
            source: taken.source,
            interval: None,
        });
        taken.value
    }

    /// Notes a fault; the demand is refused with all of them together.
    pub(crate) fn fault(&mut self, fault: CharacteriseError) {
        // One default serves many entries: what is wrong with it is said once.
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// The ledger, or every fault that was noted.
    pub(crate) fn close(mut self) -> Result<Ledger, Vec<CharacteriseError>> {
        for (name, stated) in &self.overrides {
            if !self.used.contains(name) {
                self.faults.push(unused::fault(name, &stated.source, &self.ledger));
            }
        }
        if self.faults.is_empty() { Ok(self.ledger) } else { Err(self.faults) }
    }

    fn write<T: Entry>(&mut self, name: &str, mut taken: Stated<T>) -> T {
        if let Some(variation) = self.variation.filter(|variation| variation.name == name)
            && let Some(scaled) = taken.value.scaled(variation.factor)
        {
            taken.value = scaled;
        }
        self.bind(name, &mut taken);
        self.ledger.record(Assumption {
            name: name.to_owned(),
            value: Value::Number(taken.value.number()),
            unit: T::UNIT,
            origin: taken.origin,
            source: taken.source,
            interval: taken
                .interval
                .map(|(low, high)| (Value::Number(low.number()), Value::Number(high.number()))),
        });
        taken.value
    }

    /// Takes what is beyond a bound back to it.
    fn bind<T: Entry>(&self, name: &str, taken: &mut Stated<T>) {
        for bound in self.bounds.get(name).into_iter().flatten() {
            let limit = T::read(&bound.text).expect("what a policy was read as reads again");
            let (own, most) = (taken.value.number(), limit.number());
            let (beyond, word) =
                if bound.most { (own > most, "at most") } else { (own < most, "at least") };
            if beyond {
                *taken = Stated {
                    value: limit,
                    origin: Origin::Derived,
                    source: format!("policy rule {}: {word} {}", bound.rule, bound.text),
                    interval: None,
                };
            }
        }
    }

    /// The text of a default or of what overrides it, with its origin and source.
    fn text(&mut self, name: &str) -> Option<(&'a str, Origin, String, Option<&'a DefaultValue>)> {
        if let Some((name, stated)) = self.overrides.get_key_value(name) {
            self.used.push(name);
            return Some((&stated.value, Origin::User, stated.source.clone(), None));
        }
        let Some(default) = self.defaults.values.get(name) else {
            self.fault(CharacteriseError::NoDefault { name: name.to_owned() });
            return None;
        };
        Some((&default.value, Origin::Default, default.source.clone(), Some(default)))
    }

    /// The default of that name, whatever overrides it.
    fn read_default<T: Entry>(&mut self, name: &str) -> Option<Stated<T>> {
        let Some(default) = self.defaults.values.get(name) else {
            self.text(name)?;
            return None;
        };
        let taken = (default.value.as_str(), Origin::Default, default.source.clone());
        self.take(name, taken, Some(default))
    }

    fn read<T: Entry>(&mut self, name: &str) -> Option<Stated<T>> {
        let (text, origin, source, default) = self.text(name)?;
        self.take(name, (text, origin, source), default)
    }

    /// A text as what the entry of that name may hold.
    fn take<T: Entry>(
        &mut self,
        name: &str,
        (text, origin, source): (&str, Origin, String),
        default: Option<&DefaultValue>,
    ) -> Option<Stated<T>> {
        let value = match T::read(text) {
            Ok(value) => value,
            Err(ReadError::OutOfRange(_)) => {
                self.out_of_range::<T>(name, text);
                return None;
            }
            Err(cause) => {
                let (name, text, help) = (name.to_owned(), text.to_owned(), cause.help());
                self.fault(CharacteriseError::Unreadable { name, text, cause, help });
                return None;
            }
        };
        if !ranges::of(name, T::UNIT).holds(value.number()) {
            self.out_of_range::<T>(name, text);
            return None;
        }
        let interval = default.and_then(|default| {
            let low = T::read(default.low.as_deref()?).ok()?;
            let high = T::read(default.high.as_deref()?).ok()?;
            Some((low, high))
        });
        Some(Stated { value, origin, source, interval })
    }

    fn out_of_range<T: Entry>(&mut self, name: &str, text: &str) {
        let range = ranges::of(name, T::UNIT).words;
        let (name, text) = (name.to_owned(), text.to_owned());
        self.fault(CharacteriseError::OutOfRange { name, text, range });
    }
}
