//! Identifiers that are safe in every output: file names, HCL, YAML, HTML, a terminal.

use std::fmt;
use std::str::FromStr;

/// A name of a service, a class, a region or an environment: `[a-z0-9-]`, 1 to 63 characters,
/// starting with a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is nothing.
    #[error("is empty")]
    Empty,
    /// It is longer than a DNS label.
    #[error("is longer than 63 characters")]
    TooLong,
    /// It holds something else than lower-case letters, digits and hyphens, or starts with one.
    #[error("is not made of a-z, 0-9 and hyphens, starting with a letter or digit")]
    Character,
}

impl Name {
    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name that the program itself states.
    ///
    /// # Panics
    /// When the text is not a name.
    #[track_caller]
    pub fn of(text: &str) -> Self {
        text.parse().expect("a name that the program states is a name")
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        match text.chars().next() {
            None => Err(NameError::Empty),
            Some(_) if text.len() > 63 => Err(NameError::TooLong),
            Some('-') => Err(NameError::Character),
            Some(_) if !text.chars().all(allowed) => Err(NameError::Character),
            Some(_) => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_everywhere() {
        for good in ["web", "orders-db", "us-east-1", "0"] {
            assert!(good.parse::<Name>().is_ok(), "{good}");
        }
        for bad in ["", "Web", "../x", "a b", "-x", "é", &"x".repeat(64)] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }
}
