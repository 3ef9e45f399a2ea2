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
            Self::MissingUnit { suggestion } | Self::Ambiguous { suggestion } => {
                format!("write {suggestion}")
            }
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

/// The number at the start of a text and the unit after it, in lower case where case is free.
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
    let digits: String = text[..end]
        .chars()
        .filter(|letter| !matches!(letter, ',' | '_'))
        .collect();
    let number = digits
        .parse::<Decimal>()
        .or_else(|_| Decimal::from_scientific(&digits))
        .map_err(|_| match digits.parse::<f64>() {
            Ok(float) if float.is_infinite() || float.abs() > 1e27 => QuantityError::TooLarge {
                value: float,
                limit: 1e27,
            }
            .into(),
            _ => ReadError::NotANumber { example },
        })?;
    if number.is_sign_negative() && !number.is_zero() {
        return Err(QuantityError::Negative(float(number)).into());
    }
    if number.is_zero() && digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        // 1e-400 must not become zero in silence, but the exponent of 0e5 is no digit of it.
        let mantissa = digits.split(['e', 'E']).next().unwrap_or_default();
        if mantissa.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
            return Err(ReadError::TooFine("28 decimals"));
        }
    }
    Ok((number, text[end..].trim().to_owned()))
}

/// Where the number at the start of the text ends.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    while digit(at) || matches!(bytes.get(at), Some(b'.' | b',' | b'_')) && digit(at + 1) {
        at += 1;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
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

pub(super) fn float(number: Decimal) -> f64 {
    f64::try_from(number).unwrap_or(f64::MAX)
}

/// The number in units of the table's base, or why its unit is not in the table.
pub(super) fn scaled(
    text: &str,
    units: &[(&str, f64)],
    quantity: &'static str,
    example: &'static str,
    suggest: &[&str],
) -> Result<f64, ReadError> {
    let (number, unit) = split(text, example)?;
    if unit.is_empty() {
        if number.is_zero() {
            return Ok(0.0);
        }
        let suggestion = suggest
            .iter()
            .map(|unit| format!("{number}{unit}"))
            .collect::<Vec<_>>()
            .join(" or ");
        return Err(ReadError::MissingUnit { suggestion });
    }
    units
        .iter()
        .find(|(name, _)| unit.eq_ignore_ascii_case(name))
        .map(|(_, scale)| float(number) * scale)
        .ok_or(ReadError::WrongUnit {
            unit,
            quantity,
            example,
        })
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
        let Some(unit) = rest
            .get(..word.len())
            .filter(|head| head.eq_ignore_ascii_case(word))
        else {
            continue;
        };
        let after = &rest[unit.len()..];
        let ends = after
            .chars()
            .next()
            .is_none_or(|next| !next.is_ascii_alphabetic());
        if (ends || word == "k")
            && let Ok((number, _)) = split(&text[..end], "10k")
            && let Some(product) = number.checked_mul(Decimal::from(scale))
        {
            return format!("{}{after}", product.normalize());
        }
    }
    text.to_owned()
}
