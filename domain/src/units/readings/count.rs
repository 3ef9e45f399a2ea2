//! Plain numbers, counts and speeds.

use super::super::read::{ReadError, Reading, expanded, float, split};
use super::super::{QuantityError, Speed};

impl Reading for Speed {
    fn read(text: &str) -> Result<Self, ReadError> {
        let (number, unit) = split(text, "1.5")?;
        if !matches!(unit.as_str(), "" | "x" | "\u{d7}") {
            return Err(ReadError::WrongUnit { unit, quantity: "a speed", example: "1.5x" });
        }
        Ok(Self::new(float(number))?)
    }
}

/// A plain number such as a coefficient of variation or calls per request.
impl Reading for f64 {
    fn read(text: &str) -> Result<Self, ReadError> {
        let (number, unit) = split(text, "2.4")?;
        if !unit.is_empty() {
            return Err(ReadError::WrongUnit { unit, quantity: "a plain number", example: "2.4" });
        }
        Ok(float(number))
    }
}

/// A count of things: "10k", "1.5M", "3".
impl Reading for u64 {
    fn read(text: &str) -> Result<Self, ReadError> {
        let (number, unit) = split(&expanded(text), "10k")?;
        if !unit.is_empty() {
            return Err(ReadError::WrongUnit { unit, quantity: "a count", example: "10k" });
        }
        if !number.fract().is_zero() {
            return Err(ReadError::TooFine("a whole number"));
        }
        Self::try_from(number).map_err(|_| {
            let (value, limit) = (float(number), 1.8e19);
            QuantityError::TooLarge { value, limit }.into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_take_the_usual_suffixes() {
        for (text, count) in [
            ("10k", 10_000),
            ("1.5M", 1_500_000),
            ("2 million", 2_000_000),
            ("10,000", 10_000),
            ("1e3", 1_000),
        ] {
            assert_eq!(u64::read(text), Ok(count), "{text}");
        }
        assert!(matches!(u64::read("1.5"), Err(ReadError::TooFine(_))));
        assert!(matches!(u64::read("3 pigs"), Err(ReadError::WrongUnit { .. })));
        assert!(matches!(u64::read("-3"), Err(ReadError::OutOfRange(_))));
        assert!(u64::read("1e25").is_err());
        assert!(u64::read("").is_err());
    }

    #[test]
    fn plain_numbers_have_no_unit() {
        assert_eq!(f64::read("2.4"), Ok(2.4));
        assert_eq!(f64::read(".5"), Ok(0.5));
        assert_eq!(f64::read("+0.1"), Ok(0.1));
        assert!(matches!(f64::read("2.4ms"), Err(ReadError::WrongUnit { .. })));
        assert!(matches!(f64::read(".nan"), Err(ReadError::OutOfRange(_))));
        assert_eq!(Speed::read("1.5\u{d7}").unwrap().value().to_bits(), 1.5_f64.to_bits());
    }
}
