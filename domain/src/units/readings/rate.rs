//! Rates: requests a second at the peak, and rare events a year.

use super::super::read::{ReadError, Reading, Units, expanded, float};
use super::super::{PerYear, RequestsPerSecond};

/// A day's requests are a mean, never a peak, so there is no unit for them here.
const REQUESTS: Units = Units {
    quantity: "a rate of requests",
    example: "500/s",
    suggest: &["/s", "/min"],
    case_matters: false,
    table: &[
        ("/s", 1, 1),
        ("rps", 1, 1),
        ("req/s", 1, 1),
        ("requests/s", 1, 1),
        ("/min", 1, 60),
        ("rpm", 1, 60),
        ("req/min", 1, 60),
        ("requests/min", 1, 60),
        ("/h", 1, 3_600),
        ("req/h", 1, 3_600),
        ("requests/h", 1, 3_600),
    ],
};

const YEARLY: Units = Units {
    quantity: "a yearly rate",
    example: "0.5/year",
    suggest: &["/year", "/month"],
    case_matters: false,
    table: &[
        ("/year", 1, 1),
        ("per year", 1, 1),
        ("a year", 1, 1),
        ("/month", 12, 1),
        ("/week", 52, 1),
        ("/day", 365, 1),
    ],
};

impl Reading for RequestsPerSecond {
    fn read(text: &str) -> Result<Self, ReadError> {
        Ok(Self::new(float(REQUESTS.read(&expanded(text))?))?)
    }
}

impl Reading for PerYear {
    fn read(text: &str) -> Result<Self, ReadError> {
        Ok(Self::new(float(YEARLY.read(text)?))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_carry_their_unit() {
        for (text, rate) in [
            ("2k rps", 2_000.0),
            ("500/s", 500.0),
            ("1.5M/s", 1_500_000.0),
            ("30k requests/min", 500.0),
            ("36,000 /h", 10.0),
        ] {
            assert_eq!(RequestsPerSecond::read(text), Ok(RequestsPerSecond::of(rate)), "{text}");
        }
        assert_eq!(PerYear::read("0.5/year"), Ok(PerYear::of(0.5)));
        assert_eq!(PerYear::read("1/week"), Ok(PerYear::of(52.0)));
    }

    #[test]
    fn a_rate_over_a_day_is_no_peak() {
        let fault = RequestsPerSecond::read("1M/day").unwrap_err();
        assert!(matches!(fault, ReadError::WrongUnit { .. }));
        assert!(matches!(RequestsPerSecond::read("500"), Err(ReadError::MissingUnit { .. })));
    }
}
