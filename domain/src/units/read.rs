//! Quantities as people write them: a number and its unit, "400ms", "16GiB", "99.9%".
//!
//! A bare number where a unit is due is an error, and so is a unit that can be read in two ways.
//! Nothing here knows where the text stood: the reader of a document adds the place.

use rust_decimal::Decimal;

use super::QuantityError;

/// Why a text is not the quantity that was due.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReadError {
    /// The number stands alone.
    #[error("has no unit")]
    MissingUnit {
        /// The same number with the most usual unit, or units.
        suggestion: String,
    },
    /// The unit is not one that this quantity can have.
    #[error("has the unit `{unit}`, which is not a unit of {quantity}")]
    WrongUnit {
        /// What was written after the number.
        unit: String,
        /// What was due, in words.
        quantity: &'static str,
        /// A text that would be read.
        example: &'static str,
    },
    /// The unit has two usual meanings.
    #[error("is ambiguous")]
    Ambiguous {
        /// The ways in which it could have been meant.
        suggestion: String,
    },
    /// A comma that does not part thousands: half of the world means a decimal point by it.
    #[error("has a comma where a point is due")]
    Comma {
        /// The same text with a point.
        suggestion: String,
    },
    /// There is no number at the start.
    #[error("is not a number")]
    NotANumber {
        /// A text that would be read.
        example: &'static str,
    },
    /// The number is NaN, infinite, negative or beyond what the quantity can be.
    #[error("is {0}")]
    OutOfRange(QuantityError),
    /// The number is finer than the quantity is kept.
    #[error("is finer than {0}")]
    TooFine(&'static str),
}

impl From<QuantityError> for ReadError {
    fn from(fault: QuantityError) -> Self {
        Self::OutOfRange(fault)
    }
}

impl ReadError {
    /// What to write instead.
    pub fn help(&self) -> String {
        match self {
            Self::MissingUnit { suggestion }
            | Self::Ambiguous { suggestion }
            | Self::Comma { suggestion } => format!("write {suggestion}"),
            Self::WrongUnit { example, .. } | Self::NotANumber { example } => {
                format!("for example: {example}")
            }
            Self::OutOfRange(_) => "write a finite number that is not negative".into(),
            Self::TooFine(step) => format!("round it to {step}"),
        }
    }
}

/// A quantity that can be read from a number and its unit.
pub trait Reading: Sized {
    /// Reads the whole text.
    ///
    /// # Errors
    /// When the text is not a number with a unit of this quantity.
    fn read(text: &str) -> Result<Self, ReadError>;
}

/// The largest magnitude that an exact decimal is asked to hold.
const LARGEST: f64 = 1e27;

/// The number at the start of a text and the unit after it, as it was written.
pub(super) fn split(text: &str, example: &'static str) -> Result<(Decimal, String), ReadError> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let unsigned = lower.trim_start_matches(['+', '-', '.']);
    if unsigned.starts_with("nan") {
        return Err(QuantityError::NotANumber.into());
    }
    if unsigned.starts_with("inf") {
        return Err(QuantityError::Infinite.into());
    }
    let end = number_end(text);
    let number = decimal(&text[..end], example).map_err(|fault| match fault {
        ReadError::Comma { suggestion } => {
            ReadError::Comma { suggestion: format!("{suggestion}{}", &text[end..]) }
        }
        other => other,
    })?;
    if number.is_sign_negative() && !number.is_zero() {
        return Err(QuantityError::Negative(float(number)).into());
    }
    Ok((number, text[end..].trim().to_owned()))
}

/// An exact decimal from digits with a point, an exponent and separators of thousands.
fn decimal(digits: &str, example: &'static str) -> Result<Decimal, ReadError> {
    if !commas_part_thousands(digits) {
        let suggestion = digits.replace(',', ".");
        return Err(ReadError::Comma { suggestion });
    }
    let plain: String = digits.chars().filter(|letter| !matches!(letter, ',' | '_')).collect();
    let number = plain
        .parse::<Decimal>()
        .or_else(|_| Decimal::from_scientific(&plain))
        .map_err(|_| not_decimal(&plain, example))?;
    // 1e-400 must not become zero in silence, but the exponent of 0e5 is no digit of it.
    let mantissa = plain.split(['e', 'E']).next().unwrap_or_default();
    if number.is_zero() && mantissa.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        return Err(ReadError::TooFine("28 decimals"));
    }
    Ok(number)
}

/// Why digits that are not an exact decimal are none: too large, too fine, or no digits.
fn not_decimal(plain: &str, example: &'static str) -> ReadError {
    match plain.parse::<f64>() {
        Ok(value) if value.is_infinite() => QuantityError::Infinite.into(),
        Ok(value) if value.abs() > LARGEST => {
            QuantityError::TooLarge { value, limit: LARGEST }.into()
        }
        Ok(_) => ReadError::TooFine("28 decimals"),
        Err(_) => ReadError::NotANumber { example },
    }
}

/// Whether every comma stands between groups of three digits, as in 1,234,567.
fn commas_part_thousands(digits: &str) -> bool {
    if !digits.contains(',') {
        return true;
    }
    let whole =
        digits.trim_start_matches(['+', '-']).split(['.', 'e', 'E']).next().unwrap_or_default();
    if digits.matches(',').count() != whole.matches(',').count() {
        return false;
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && group.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Where the number at the start of the text ends.
pub(crate) fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let start = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let mut at = start;
    let separates = |at: usize| match bytes.get(at) {
        Some(b'.') => digit(at + 1),
        Some(b',' | b'_') => at > start && digit(at + 1),
        _ => false,
    };
    while digit(at) || separates(at) {
        at += 1;
    }
    if at > start && matches!(bytes.get(at), Some(b'e' | b'E')) {
        let signed = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        if digit(signed) {
            at = signed;
            while digit(at) {
                at += 1;
            }
        }
    }
    at
}

/// The nearest floating number, correctly rounded.
pub(super) fn float(number: Decimal) -> f64 {
    number.to_string().parse().unwrap_or(f64::MAX)
}

/// The units that a quantity is read with.
pub(super) struct Units {
    /// The quantity, in words.
    pub(super) quantity: &'static str,
    /// A text that would be read.
    pub(super) example: &'static str,
    /// What a bare number is asked to carry.
    pub(super) suggest: &'static [&'static str],
    /// Whether `MB` and `Mb` are different units.
    pub(super) case_matters: bool,
    /// Each name with its scale to the base unit, as numerator and denominator.
    pub(super) table: &'static [(&'static str, u64, u64)],
}

impl Units {
    /// Reads a number and a unit of the table, exactly, in the base unit.
    pub(super) fn read(&self, text: &str) -> Result<Decimal, ReadError> {
        let (number, unit) = split(text, self.example)?;
        if unit.is_empty() {
            return if number.is_zero() { Ok(Decimal::ZERO) } else { Err(self.missing(number)) };
        }
        let same = |name: &str| {
            if self.case_matters { unit == name } else { unit.eq_ignore_ascii_case(name) }
        };
        let Some((_, numerator, denominator)) =
            self.table.iter().find(|(name, ..)| same(name)).copied()
        else {
            return Err(self.wrong(unit));
        };
        scale(number, numerator, denominator)
    }

    /// The fault of a number that stands alone.
    pub(super) fn missing(&self, number: Decimal) -> ReadError {
        let written = |unit: &&str| format!("{number}{unit}");
        ReadError::MissingUnit {
            suggestion: self.suggest.iter().map(written).collect::<Vec<_>>().join(" or "),
        }
    }

    /// The fault of a unit that is not in the table.
    pub(super) const fn wrong(&self, unit: String) -> ReadError {
        ReadError::WrongUnit { unit, quantity: self.quantity, example: self.example }
    }
}

/// A number times a scale; what does not fit or would vanish is refused.
fn scale(number: Decimal, numerator: u64, denominator: u64) -> Result<Decimal, ReadError> {
    let scaled = number
        .checked_mul(Decimal::from(numerator))
        .and_then(|product| product.checked_div(Decimal::from(denominator)))
        .ok_or(QuantityError::TooLarge { value: float(number), limit: LARGEST })?;
    if scaled.is_zero() && !number.is_zero() {
        return Err(ReadError::TooFine("28 decimals"));
    }
    Ok(scaled)
}

/// "10k", "1.5M" and "2 million" with the multiplier worked out.
pub(super) fn expanded(text: &str) -> String {
    let text = text.trim();
    let end = number_end(text);
    let rest = text[end..].trim_start();
    for (word, scale) in [
        ("thousand", 1_000_u32),
        ("million", 1_000_000),
        ("billion", 1_000_000_000),
        ("k", 1_000),
        ("m", 1_000_000),
        ("b", 1_000_000_000),
    ] {
        let Some(unit) = rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))
        else {
            continue;
        };
        let after = &rest[unit.len()..];
        let ends = after.chars().next().is_none_or(|next| !next.is_ascii_alphabetic());
        if (ends || word == "k")
            && let Ok((number, _)) = split(&text[..end], "10k")
            && let Some(product) = number.checked_mul(Decimal::from(scale))
        {
            return format!("{}{after}", product.normalize());
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_parts_thousands_or_is_refused() {
        for (text, number) in [("10,000", 10_000), ("1,234,567", 1_234_567), ("1_000", 1_000)] {
            assert_eq!(decimal(text, "").unwrap(), Decimal::from(number), "{text}");
        }
        for text in ["99,9", "1,5", "0,999", "1,2345", "10,00", "1.000,5", "1,000,5", "1234,567"] {
            assert!(matches!(decimal(text, ""), Err(ReadError::Comma { .. })), "{text}");
        }
        let fault = split("99,9%", "").unwrap_err();
        assert_eq!(fault.help(), "write 99.9%");
    }

    #[test]
    fn what_would_vanish_or_overflow_is_refused() {
        for text in ["1e-400", "1e-30", "0.00000000000000000000000000000001"] {
            assert_eq!(decimal(text, ""), Err(ReadError::TooFine("28 decimals")), "{text}");
        }
        for text in ["1e400", "1e40", "79228162514264337593543950336", &"9".repeat(5_000)] {
            assert!(matches!(decimal(text, ""), Err(ReadError::OutOfRange(_))), "{text}");
        }
        assert_eq!(decimal("0e5", "").unwrap(), Decimal::ZERO);
        assert_eq!(decimal("1e3", "").unwrap(), Decimal::from(1_000));
        assert_eq!(decimal("2.5E-3", "").unwrap(), Decimal::new(25, 4));
    }

    #[test]
    fn a_lone_exponent_is_no_number() {
        assert_eq!(number_end("e5"), 0);
        assert_eq!(number_end("1e5s"), 3);
        assert_eq!(number_end("1es"), 1);
        assert_eq!(number_end("-.5x"), 3);
        assert_eq!(number_end("99.9."), 4);
        assert_eq!(number_end(",400"), 0);
    }

    #[test]
    fn multipliers_are_worked_out_exactly() {
        for (text, plain) in [
            ("10k", "10000"),
            ("1.5M", "1500000"),
            ("2 million users", "2000000 users"),
            ("10kreq/s", "10000req/s"),
            ("5min", "5min"),
            ("3 beers", "3 beers"),
        ] {
            assert_eq!(expanded(text), plain);
        }
    }
}
