//! Spans of time: "400ms", "5min", "3 years".

use super::super::Seconds;
use super::super::read::{ReadError, Reading, Units, float, split};

/// A month is 730 hours, as cloud bills are quoted; a year has 365 days.
const TIMES: Units = Units {
    quantity: "time",
    example: "400ms",
    suggest: &["ms", "s"],
    case_matters: false,
    table: &[
        ("ns", 1, 1_000_000_000),
        ("us", 1, 1_000_000),
        ("\u{b5}s", 1, 1_000_000),
        ("\u{3bc}s", 1, 1_000_000),
        ("microsecond", 1, 1_000_000),
        ("microseconds", 1, 1_000_000),
        ("ms", 1, 1_000),
        ("msec", 1, 1_000),
        ("msecs", 1, 1_000),
        ("millisecond", 1, 1_000),
        ("milliseconds", 1, 1_000),
        ("s", 1, 1),
        ("sec", 1, 1),
        ("secs", 1, 1),
        ("second", 1, 1),
        ("seconds", 1, 1),
        ("min", 60, 1),
        ("mins", 60, 1),
        ("minute", 60, 1),
        ("minutes", 60, 1),
        ("h", 3_600, 1),
        ("hr", 3_600, 1),
        ("hrs", 3_600, 1),
        ("hour", 3_600, 1),
        ("hours", 3_600, 1),
        ("d", 86_400, 1),
        ("day", 86_400, 1),
        ("days", 86_400, 1),
        ("week", 604_800, 1),
        ("weeks", 604_800, 1),
        ("month", 2_628_000, 1),
        ("months", 2_628_000, 1),
        ("y", 31_536_000, 1),
        ("yr", 31_536_000, 1),
        ("year", 31_536_000, 1),
        ("years", 31_536_000, 1),
    ],
};

impl Reading for Seconds {
    fn read(text: &str) -> Result<Self, ReadError> {
        // A lone m is minutes to some and months to others.
        if let Ok((number, unit)) = split(text, TIMES.example)
            && unit.eq_ignore_ascii_case("m")
        {
            let suggestion = format!("{number}min or {number}ms");
            return Err(ReadError::Ambiguous { suggestion });
        }
        Ok(Self::new(float(TIMES.read(text)?))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_carry_their_unit() {
        for (text, seconds) in [
            ("400ms", 0.4),
            ("1.1ms", 0.0011),
            ("1.2 s", 1.2),
            ("5min", 300.0),
            ("12 months", 31_536_000.0),
            ("1y", 31_536_000.0),
            ("10\u{b5}s", 1e-5),
            ("10 \u{3bc}s", 1e-5),
            ("0", 0.0),
            ("0e5s", 0.0),
        ] {
            assert_eq!(Seconds::read(text), Ok(Seconds::of(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert!(matches!(Seconds::read("400"), Err(ReadError::MissingUnit { .. })));
        assert!(matches!(Seconds::read("400 parsecs"), Err(ReadError::WrongUnit { .. })));
        assert!(matches!(Seconds::read("5m"), Err(ReadError::Ambiguous { .. })));
        assert!(matches!(Seconds::read("fast"), Err(ReadError::NotANumber { .. })));
        assert!(matches!(Seconds::read("400,5ms"), Err(ReadError::Comma { .. })));
        for text in ["-1ms", "nan", ".inf", "1e400s", "1e40 s"] {
            assert!(matches!(Seconds::read(text), Err(ReadError::OutOfRange(_))), "{text}");
        }
        for text in ["1e-400s", "1e-28ns"] {
            assert!(matches!(Seconds::read(text), Err(ReadError::TooFine(_))), "{text}");
        }
    }
}
