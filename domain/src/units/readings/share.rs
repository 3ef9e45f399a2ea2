//! Parts of a whole: always percentages, never fractions.

use rust_decimal::Decimal;

use super::super::read::{ReadError, Reading, Units, float, split};
use super::super::{Availability, QuantityError, Ratio};

const PERCENT: Units = Units {
    quantity: "a percentage",
    example: "25%",
    suggest: &["%"],
    case_matters: false,
    table: &[("%", 1, 1), ("percent", 1, 1)],
};

/// The same where an uptime is asked for.
const UPTIME: Units = Units { example: "99.9%", ..PERCENT };

/// A percentage as an exact decimal: 99.9 for "99.9%".
fn percentage(text: &str, units: &Units) -> Result<Decimal, ReadError> {
    let number = units.read(text).map_err(|fault| bare_fraction(text).unwrap_or(fault))?;
    if number > Decimal::ONE_HUNDRED {
        return Err(above(number, 100.0));
    }
    Ok(number)
}

/// A bare number up to 1 may be a fraction or a percentage: the two are a hundred times apart.
fn bare_fraction(text: &str) -> Option<ReadError> {
    let (number, unit) = split(text, PERCENT.example).ok()?;
    if !unit.is_empty() || number > Decimal::ONE {
        return None;
    }
    let percent = (number * Decimal::ONE_HUNDRED).normalize();
    let suggestion = format!("{percent}% or {number}%");
    Some(ReadError::MissingUnit { suggestion })
}

fn above(number: Decimal, limit: f64) -> ReadError {
    let value = float(number);
    QuantityError::TooLarge { value, limit }.into()
}

impl Reading for Ratio {
    fn read(text: &str) -> Result<Self, ReadError> {
        Ok(Self::new(float(percentage(text, &PERCENT)? / Decimal::ONE_HUNDRED))?)
    }
}

impl Reading for Availability {
    fn read(text: &str) -> Result<Self, ReadError> {
        let percent = percentage(text, &UPTIME)?;
        let ppm = percent * Decimal::from(10_000);
        if ppm >= Decimal::from(1_000_000) {
            return Err(above(percent, 99.9999));
        }
        if !ppm.fract().is_zero() {
            return Err(ReadError::TooFine("99.9999%"));
        }
        let ppm = u32::try_from(ppm).map_err(|_| QuantityError::NotANumber)?;
        Ok(Self::from_ppm(ppm)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_exact() {
        assert_eq!(Availability::read("99.95%").unwrap().ppm(), 999_500);
        assert_eq!(Availability::read("99.9 percent").unwrap().ppm(), 999_000);
        assert_eq!(Ratio::read("12.5%"), Ok(Ratio::of(0.125)));
        assert_eq!(Ratio::read("0%"), Ok(Ratio::ZERO));
    }

    #[test]
    fn a_fraction_is_no_percentage() {
        assert!(matches!(Availability::read("0.999"), Err(ReadError::MissingUnit { .. })));
        assert_eq!(Ratio::read("0.9").unwrap_err().help(), "write 90% or 0.9%");
        assert!(matches!(Ratio::read("1e27"), Err(ReadError::MissingUnit { .. })));
        assert!(matches!(Availability::read("99,9%"), Err(ReadError::Comma { .. })));
    }

    #[test]
    fn what_is_beyond_the_whole_is_refused() {
        assert!(matches!(Availability::read("99.99995%"), Err(ReadError::TooFine(_))));
        for text in ["100%", "101%", "79228162514264337593543950335%", "-1%"] {
            assert!(matches!(Availability::read(text), Err(ReadError::OutOfRange(_))), "{text}");
        }
        for text in ["100.1%", "79228162514264337593543950335%", "-1%"] {
            assert!(matches!(Ratio::read(text), Err(ReadError::OutOfRange(_))), "{text}");
        }
    }
}
