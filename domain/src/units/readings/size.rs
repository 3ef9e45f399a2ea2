//! Sizes of memory, storage and messages, and bandwidths.
//!
//! `GB` and `GiB` are both read, each as what it says; a lone letter, and small letters that bits
//! are written with, are refused because they mean two things.

use rust_decimal::Decimal;

use super::super::read::{ReadError, Reading, Units, float, split};
use super::super::{Bytes, Gigabits, Mebibytes, QuantityError};

const MIB: u64 = 1 << 20;

const SIZES: Units = Units {
    quantity: "a size",
    example: "8GiB",
    suggest: &["MiB", "GiB"],
    case_matters: true,
    table: &[
        ("B", 1, 1),
        ("byte", 1, 1),
        ("bytes", 1, 1),
        ("kB", 1_000, 1),
        ("KB", 1_000, 1),
        ("MB", 1_000_000, 1),
        ("GB", 1_000_000_000, 1),
        ("TB", 1_000_000_000_000, 1),
        ("KiB", 1 << 10, 1),
        ("kiB", 1 << 10, 1),
        ("Ki", 1 << 10, 1),
        ("MiB", MIB, 1),
        ("Mi", MIB, 1),
        ("GiB", 1 << 30, 1),
        ("Gi", 1 << 30, 1),
        ("TiB", 1 << 40, 1),
        ("Ti", 1 << 40, 1),
    ],
};

/// More bytes than this are a fault in the question.
const LARGEST: u64 = 1_000_000_000_000_000_000;

/// A size in bytes, exactly.
fn bytes(text: &str) -> Result<Decimal, ReadError> {
    let (number, unit) = split(text, SIZES.example)?;
    if let Some(suggestion) = two_meanings(number, &unit) {
        return Err(ReadError::Ambiguous { suggestion });
    }
    let bytes = SIZES.read(text)?;
    if bytes > Decimal::from(LARGEST) {
        let (value, limit) = (float(bytes), LARGEST as f64);
        return Err(QuantityError::TooLarge { value, limit }.into());
    }
    Ok(bytes)
}

/// The ways in which `400M`, `400m` and `400Mb` could have been meant.
fn two_meanings(number: Decimal, unit: &str) -> Option<String> {
    let mut letters = unit.chars();
    let scale = letters.next()?.to_ascii_uppercase();
    let rest = letters.as_str();
    let known = SIZES.table.iter().any(|(name, ..)| *name == unit);
    if known || !matches!(scale, 'K' | 'M' | 'G' | 'T') || !matches!(rest, "" | "b" | "i" | "ib") {
        return None;
    }
    let thousands = if scale == 'K' { 'k' } else { scale };
    Some(format!("{number}{scale}iB or {number}{thousands}B"))
}

impl Reading for Bytes {
    fn read(text: &str) -> Result<Self, ReadError> {
        let bytes = bytes(text)?;
        if !bytes.fract().is_zero() {
            return Err(ReadError::TooFine("a whole byte"));
        }
        let whole = u64::try_from(bytes).map_err(|_| QuantityError::NotANumber)?;
        Ok(Self::new(whole))
    }
}

/// Rounded up: a plan never counts on less memory than was asked for.
impl Reading for Mebibytes {
    fn read(text: &str) -> Result<Self, ReadError> {
        let mebibytes = (bytes(text)? / Decimal::from(MIB)).ceil();
        let whole = u64::try_from(mebibytes).map_err(|_| QuantityError::NotANumber)?;
        Ok(Self::new(whole))
    }
}

const BANDWIDTHS: Units = Units {
    quantity: "a bandwidth",
    example: "10Gbit/s",
    suggest: &["Gbit/s"],
    case_matters: true,
    table: &[("Gbit/s", 1_000, 1), ("Gbps", 1_000, 1), ("Mbit/s", 1, 1), ("Mbps", 1, 1)],
};

impl Reading for Gigabits {
    fn read(text: &str) -> Result<Self, ReadError> {
        let megabits = BANDWIDTHS.read(text)?;
        if megabits > Decimal::from(1_000_000_000_000_u64) {
            let (value, limit) = (float(megabits), 1e12);
            return Err(QuantityError::TooLarge { value, limit }.into());
        }
        if !megabits.fract().is_zero() {
            return Err(ReadError::TooFine("1 Mbit/s"));
        }
        let whole = u64::try_from(megabits).map_err(|_| QuantityError::NotANumber)?;
        Ok(Self::from_megabits(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_what_it_says() {
        assert_eq!(Mebibytes::read("400Mi"), Ok(Mebibytes::new(400)));
        assert_eq!(Mebibytes::read("8GiB"), Ok(Mebibytes::new(8_192)));
        assert_eq!(Mebibytes::read("1.048576 MB"), Ok(Mebibytes::new(1)));
        assert_eq!(Mebibytes::read("400MB"), Ok(Mebibytes::new(382)));
        assert_eq!(Bytes::read("6kB"), Ok(Bytes::new(6_000)));
        assert_eq!(Bytes::read("1.5 KB"), Ok(Bytes::new(1_500)));
        assert_eq!(Gigabits::read("0.75Gbps"), Ok(Gigabits::from_megabits(750)));
    }

    #[test]
    fn what_means_two_things_is_refused() {
        for text in ["400M", "400m", "400Mb", "8 G", "8gb", "6k", "6kb", "8gi"] {
            assert!(matches!(Mebibytes::read(text), Err(ReadError::Ambiguous { .. })), "{text}");
        }
        let fault = Bytes::read("400M").unwrap_err();
        assert_eq!(fault.help(), "write 400MiB or 400MB");
        assert!(matches!(Gigabits::read("10GBps"), Err(ReadError::WrongUnit { .. })));
    }

    #[test]
    fn what_is_no_size_is_refused() {
        assert!(matches!(Bytes::read("400"), Err(ReadError::MissingUnit { .. })));
        assert!(matches!(Bytes::read("4 furlongs"), Err(ReadError::WrongUnit { .. })));
        assert!(matches!(Bytes::read("0.4B"), Err(ReadError::TooFine(_))));
        assert!(matches!(Bytes::read("9999999TiB"), Err(ReadError::OutOfRange(_))));
        assert!(matches!(Gigabits::read("0.4Mbit/s"), Err(ReadError::TooFine(_))));
    }
}
