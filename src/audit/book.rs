//! What was compared, and what of it does not hold.

use std::fmt::Display;

use reports::checked::Fault;
use serde_json::Value;

use super::exact::Whole;

/// Every comparison goes through here.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) faults: Vec<Fault>,
    pub(super) compared: u64,
}

impl Book {
    /// A number that must be one of those.
    pub(super) fn whole(&mut self, place: &str, stated: impl Into<u128>, right: Whole) {
        let stated = stated.into();
        self.compared += 1;
        if stated < right.least || stated > right.most {
            let recomputed = if right.least == right.most {
                right.least.to_string()
            } else {
                format!("{} to {}", right.least, right.most)
            };
            self.push(place, "it is another number", Some((stated.to_string(), recomputed)));
        }
    }

    /// A number that must be that one.
    pub(super) fn number(&mut self, place: &str, stated: u64, right: u64) {
        self.whole(place, stated, Whole::exactly(right));
    }

    /// A text or a word that must be that one.
    pub(super) fn same<T: PartialEq + Display>(&mut self, place: &str, stated: &T, right: &T) {
        self.compared += 1;
        if stated != right {
            let pair = Some((stated.to_string(), right.to_string()));
            self.push(place, "it is something else", pair);
        }
    }

    /// Whether something holds; otherwise why not.
    pub(super) fn holds(&mut self, place: &str, holds: bool, why_not: &str) {
        self.compared += 1;
        if !holds {
            self.push(place, why_not, None);
        }
    }

    /// Two documents, leaf by leaf.
    pub(super) fn tree(&mut self, place: &str, stated: &Value, right: &Value) {
        match (stated, right) {
            (Value::Object(own), Value::Object(other)) => {
                for (key, value) in other {
                    let place = format!("{place}/{key}");
                    self.tree(&place, own.get(key).unwrap_or(&Value::Null), value);
                }
                for key in own.keys().filter(|key| !other.contains_key(*key)) {
                    self.tree(&format!("{place}/{key}"), &own[key], &Value::Null);
                }
            }
            (Value::Array(own), Value::Array(other)) => {
                for at in 0..own.len().max(other.len()) {
                    let (own, other) = (own.get(at), other.get(at));
                    let (own, other) = (own.unwrap_or(&Value::Null), other.unwrap_or(&Value::Null));
                    self.tree(&format!("{place}/{at}"), own, other);
                }
            }
            _ => self.same(place, stated, right),
        }
    }

    pub(super) fn push(&mut self, place: &str, text: &str, pair: Option<(String, String)>) {
        let (stated, recomputed) = pair.unzip();
        let (place, text) = (place.to_owned(), text.to_owned());
        self.faults.push(Fault { place, text, stated, recomputed });
    }
}
