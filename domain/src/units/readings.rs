//! Which units each quantity is read with.

use rust_decimal::Decimal;

use super::read::{ReadError, Reading, expanded, float, scaled, split};
use super::{
    Availability, Bytes, Gigabits, Mebibytes, MicroDollars, PerYear, QuantityError, Ratio,
    RequestsPerSecond, Seconds, Speed, UnitPrice,
};

const TIMES: &[(&str, f64)] = &[
    ("ns", 1e-9),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("ms", 1e-3),
    ("msec", 1e-3),
    ("millisecond", 1e-3),
    ("milliseconds", 1e-3),
    ("s", 1.0),
    ("sec", 1.0),
    ("secs", 1.0),
    ("second", 1.0),
    ("seconds", 1.0),
    ("min", 60.0),
    ("minute", 60.0),
    ("minutes", 60.0),
    ("h", 3600.0),
    ("hour", 3600.0),
    ("hours", 3600.0),
    ("d", 86_400.0),
    ("day", 86_400.0),
    ("days", 86_400.0),
    ("month", 2_628_000.0),
    ("months", 2_628_000.0),
    ("year", 31_536_000.0),
    ("years", 31_536_000.0),
];

impl Reading for Seconds {
    fn read(text: &str) -> Result<Self, ReadError> {
        let seconds = scaled(text, TIMES, "time", "400ms", &["ms", "s"])?;
        Ok(Self::new(seconds)?)
    }
}

impl Reading for RequestsPerSecond {
    fn read(text: &str) -> Result<Self, ReadError> {
        const UNITS: &[(&str, f64)] = &[
            ("/s", 1.0),
            ("rps", 1.0),
            ("req/s", 1.0),
            ("requests/s", 1.0),
            ("/min", 1.0 / 60.0),
            ("rpm", 1.0 / 60.0),
            ("requests/min", 1.0 / 60.0),
            ("/h", 1.0 / 3600.0),
            ("/day", 1.0 / 86_400.0),
        ];
        let text = expanded(text);
        let rate = scaled(&text, UNITS, "a rate of requests", "500/s", &["/s", "/min"])?;
        Ok(Self::new(rate)?)
    }
}

impl Reading for PerYear {
    fn read(text: &str) -> Result<Self, ReadError> {
        const UNITS: &[(&str, f64)] = &[
            ("/year", 1.0),
            ("per year", 1.0),
            ("/month", 12.0),
            ("/week", 52.0),
            ("/day", 365.0),
        ];
        let rate = scaled(
            text,
            UNITS,
            "a yearly rate",
            "0.5/year",
            &["/year", "/month"],
        )?;
        Ok(Self::new(rate)?)
    }
}

/// A percentage as an exact decimal: 99.9 for "99.9%".
///
/// # Errors
/// When the text is not a percentage of at most 100%.
pub(crate) fn percentage(text: &str) -> Result<Decimal, ReadError> {
    let (number, unit) = split(text, "25%")?;
    match unit.as_str() {
        "%" | "percent" => {}
        "" => {
            return Err(ReadError::MissingUnit {
                suggestion: format!("{number}%"),
            });
        }
        _ => {
            return Err(ReadError::WrongUnit {
                unit,
                quantity: "a percentage",
                example: "25%",
            });
        }
    }
    Ok(number)
}

impl Reading for Ratio {
    fn read(text: &str) -> Result<Self, ReadError> {
        let number = percentage(text)?;
        if number > Decimal::ONE_HUNDRED {
            let value = float(number);
            return Err(QuantityError::TooLarge {
                value,
                limit: 100.0,
            }
            .into());
        }
        Ok(Self::new(float(number / Decimal::ONE_HUNDRED))?)
    }
}

impl Reading for Availability {
    fn read(text: &str) -> Result<Self, ReadError> {
        let ppm = percentage(text)? * Decimal::from(10_000);
        if ppm >= Decimal::from(1_000_000) {
            let value = float(ppm / Decimal::from(10_000));
            return Err(QuantityError::TooLarge {
                value,
                limit: 99.9999,
            }
            .into());
        }
        if !ppm.fract().is_zero() {
            return Err(ReadError::TooFine("99.9999%"));
        }
        let ppm = u32::try_from(ppm).map_err(|_| QuantityError::NotANumber)?;
        Ok(Self::from_ppm(ppm)?)
    }
}

const SIZES: &[(&str, f64)] = &[
    ("B", 1.0),
    ("byte", 1.0),
    ("bytes", 1.0),
    ("kB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("TB", 1e12),
    ("KiB", 1024.0),
    ("Ki", 1024.0),
    ("MiB", 1_048_576.0),
    ("Mi", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
    ("Gi", 1_073_741_824.0),
    ("TiB", 1_099_511_627_776.0),
    ("Ti", 1_099_511_627_776.0),
];

/// A size in bytes; a lone K, M, G or T is refused because it means two things.
fn size(text: &str, quantity: &'static str, example: &'static str) -> Result<f64, ReadError> {
    let (number, unit) = split(text, example)?;
    if let Some(letter @ ('K' | 'M' | 'G' | 'T')) = unit
        .chars()
        .next()
        .filter(|_| unit.len() == 1)
        .map(|letter| letter.to_ascii_uppercase())
    {
        let suggestion = format!("{number}{letter}iB or {number}{letter}B");
        return Err(ReadError::Ambiguous { suggestion });
    }
    let bytes = scaled(text, SIZES, quantity, example, &["MiB", "GiB"])?;
    if bytes > 1e18 {
        return Err(QuantityError::TooLarge {
            value: bytes,
            limit: 1e18,
        }
        .into());
    }
    Ok(bytes)
}

impl Reading for Bytes {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 1e18, checked by `size`"
    )]
    fn read(text: &str) -> Result<Self, ReadError> {
        Ok(Self::new(size(text, "a size", "6kB")?.round() as u64))
    }
}

impl Reading for Mebibytes {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 1e18, checked by `size`"
    )]
    fn read(text: &str) -> Result<Self, ReadError> {
        Ok(Self::new(
            (size(text, "a size", "8GiB")? / 1_048_576.0).ceil() as u64,
        ))
    }
}

impl Reading for Gigabits {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "capped by the `min` just before"
    )]
    fn read(text: &str) -> Result<Self, ReadError> {
        const UNITS: &[(&str, f64)] = &[("Gbit/s", 1000.0), ("Gbps", 1000.0), ("Mbit/s", 1.0)];
        let megabits = scaled(text, UNITS, "a bandwidth", "10Gbit/s", &["Gbit/s"])?;
        Ok(Self::from_megabits(megabits.round().min(1e12) as u64))
    }
}

impl Reading for Speed {
    fn read(text: &str) -> Result<Self, ReadError> {
        let (number, unit) = split(text, "1.5")?;
        if !matches!(unit.as_str(), "" | "x" | "×") {
            return Err(ReadError::WrongUnit {
                unit,
                quantity: "a speed",
                example: "1.5x",
            });
        }
        Ok(Self::new(float(number))?)
    }
}

/// A plain number such as a coefficient of variation or calls per request.
impl Reading for f64 {
    fn read(text: &str) -> Result<Self, ReadError> {
        let (number, unit) = split(text, "2.4")?;
        if !unit.is_empty() {
            return Err(ReadError::WrongUnit {
                unit,
                quantity: "a plain number",
                example: "2.4",
            });
        }
        Ok(float(number))
    }
}

/// A count of things: "10k", "1.5M", "3".
impl Reading for u64 {
    fn read(text: &str) -> Result<Self, ReadError> {
        let (number, unit) = split(&expanded(text), "10k")?;
        if !unit.is_empty() {
            return Err(ReadError::WrongUnit {
                unit,
                quantity: "a count",
                example: "10k",
            });
        }
        if !number.fract().is_zero() {
            return Err(ReadError::TooFine("a whole number"));
        }
        u64::try_from(number).map_err(|_| {
            QuantityError::TooLarge {
                value: float(number),
                limit: 1.8e19,
            }
            .into()
        })
    }
}

/// An amount a month: "3000 USD/month", "$3000", "3k USD".
impl Reading for MicroDollars {
    fn read(text: &str) -> Result<Self, ReadError> {
        let text = text.trim();
        let (stripped, dollar_sign) = match text.strip_prefix('$') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (number, unit) = split(&expanded(stripped), "3000 USD/month")?;
        let unit = unit.to_ascii_lowercase().replace(' ', "");
        let named = unit.starts_with("usd") || unit.starts_with("dollars");
        let unit = unit.trim_start_matches("usd").trim_start_matches("dollars");
        if !matches!(unit, "" | "/month" | "/mo" | "amonth" | "permonth") {
            return Err(ReadError::WrongUnit {
                unit: unit.to_owned(),
                quantity: "a monthly budget",
                example: "3000 USD/month",
            });
        }
        if !dollar_sign && !named {
            return Err(ReadError::MissingUnit {
                suggestion: format!("{number} USD/month"),
            });
        }
        if number > Decimal::from(1_000_000_000_u64) {
            return Err(QuantityError::TooLarge {
                value: float(number),
                limit: 1e9,
            }
            .into());
        }
        let micros = (number * Decimal::from(1_000_000)).round();
        let micros = i64::try_from(micros).map_err(|_| QuantityError::NotANumber)?;
        Ok(Self::new(micros)?)
    }
}

/// The price of one unit: "0.0225 USD".
impl Reading for UnitPrice {
    fn read(text: &str) -> Result<Self, ReadError> {
        let (number, unit) = split(text.trim().trim_start_matches('$'), "0.0225 USD")?;
        if !matches!(unit.to_ascii_lowercase().as_str(), "" | "usd") {
            return Err(ReadError::WrongUnit {
                unit,
                quantity: "a price",
                example: "0.0225 USD",
            });
        }
        Ok(Self::new(number)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_carry_their_unit() {
        assert_eq!(Seconds::read("400ms").unwrap(), Seconds::of(0.4));
        assert_eq!(Seconds::read("1.2 s").unwrap(), Seconds::of(1.2));
        assert_eq!(Seconds::read("5min").unwrap(), Seconds::of(300.0));
        assert!(matches!(
            Seconds::read("400"),
            Err(ReadError::MissingUnit { .. })
        ));
        assert!(matches!(
            Seconds::read("400 parsecs"),
            Err(ReadError::WrongUnit { .. })
        ));
        assert!(matches!(
            Seconds::read("fast"),
            Err(ReadError::NotANumber { .. })
        ));
        assert!(matches!(
            Seconds::read("-1ms"),
            Err(ReadError::OutOfRange(_))
        ));
        assert!(matches!(
            Seconds::read("nan"),
            Err(ReadError::OutOfRange(_))
        ));
        assert!(matches!(
            Seconds::read(".inf"),
            Err(ReadError::OutOfRange(_))
        ));
    }

    #[test]
    fn counts_take_the_usual_suffixes() {
        for (text, count) in [
            ("10k", 10_000),
            ("1.5M", 1_500_000),
            ("2 million", 2_000_000),
        ] {
            assert_eq!(u64::read(text), Ok(count), "{text}");
        }
        assert_eq!(u64::read("10,000"), Ok(10_000));
        assert!(matches!(u64::read("1.5"), Err(ReadError::TooFine(_))));
        assert!(u64::read("1e40").is_err());
    }

    #[test]
    fn percentages_are_exact() {
        assert_eq!(Availability::read("99.95%").unwrap().ppm(), 999_500);
        assert!(matches!(
            Availability::read("0.999"),
            Err(ReadError::MissingUnit { .. })
        ));
        assert!(matches!(
            Availability::read("99.99995%"),
            Err(ReadError::TooFine(_))
        ));
        assert!(matches!(
            Availability::read("100%"),
            Err(ReadError::OutOfRange(_))
        ));
    }

    #[test]
    fn a_lone_letter_is_no_unit_of_size() {
        assert!(matches!(
            Mebibytes::read("400M"),
            Err(ReadError::Ambiguous { .. })
        ));
        assert_eq!(Mebibytes::read("400Mi").unwrap(), Mebibytes::new(400));
        assert_eq!(Mebibytes::read("8GiB").unwrap(), Mebibytes::new(8192));
        assert_eq!(Bytes::read("6kB").unwrap(), Bytes::new(6000));
    }

    #[test]
    fn rates_and_money() {
        assert_eq!(
            RequestsPerSecond::read("2k rps").unwrap(),
            RequestsPerSecond::of(2000.0)
        );
        assert_eq!(
            RequestsPerSecond::read("500/s").unwrap(),
            RequestsPerSecond::of(500.0)
        );
        assert_eq!(
            MicroDollars::read("$1500").unwrap(),
            MicroDollars::from_dollars(1500)
        );
        assert_eq!(
            MicroDollars::read("20000 USD/month").unwrap(),
            MicroDollars::from_dollars(20_000)
        );
        assert!(matches!(
            MicroDollars::read("1500"),
            Err(ReadError::MissingUnit { .. })
        ));
        assert_eq!(PerYear::read("0.5/year").unwrap(), PerYear::of(0.5));
    }

    #[test]
    fn what_would_vanish_is_refused() {
        assert!(Seconds::read("1e-400s").is_err());
        assert!(Seconds::read("1e400s").is_err());
        assert_eq!(Seconds::read("0e5s").unwrap(), Seconds::ZERO);
    }
}
