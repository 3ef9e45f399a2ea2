//! Parts of a whole: ratios, probabilities, unavailability, availability targets, percentiles.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use super::quantity::{QuantityError, checked};

macro_rules! share {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub struct $name(f64);

        impl $name {
            /// None of it.
            pub const ZERO: Self = Self(0.0);
            /// All of it.
            pub const ONE: Self = Self(1.0);

            /// From a fraction between 0 and 1.
            ///
            /// # Errors
            /// When the number is not within 0..=1.
            pub const fn new(value: f64) -> Result<Self, QuantityError> {
                match checked(value) {
                    Ok(value) if value > 1.0 => Err(QuantityError::TooLarge { value, limit: 1.0 }),
                    Ok(value) => Ok(Self(value)),
                    Err(fault) => Err(fault),
                }
            }

            /// From a fraction that the program itself computed.
            ///
            /// # Panics
            /// When the number is not within 0..=1: that is a fault of the program.
            #[track_caller]
            pub const fn of(value: f64) -> Self {
                match Self::new(value) {
                    Ok(share) => share,
                    Err(_) => panic!("a computed share is not within 0..=1"),
                }
            }

            /// The fraction.
            pub const fn value(self) -> f64 {
                self.0
            }

            /// What is left of the whole.
            pub const fn complement(self) -> Self {
                Self(1.0 - self.0)
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.0.total_cmp(&other.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}%", trimmed(self.0 * 100.0))
            }
        }
    };
}

share! {
    /// A part of something: utilisation, a hit ratio, a share of the requests.
    Ratio
}
share! {
    /// How likely something is.
    Probability
}

/// A percentage without the noise that binary fractions leave behind.
fn trimmed(percent: f64) -> f64 {
    (percent * 1e9).round() / 1e9
}

/// Unavailability in parts per million: small numbers that are added, never multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Ppm(f64);

impl Ppm {
    /// Never unavailable.
    pub const ZERO: Self = Self(0.0);

    /// From parts per million.
    ///
    /// # Errors
    /// When the number is NaN, infinite or negative.
    pub const fn new(value: f64) -> Result<Self, QuantityError> {
        match checked(value) {
            Ok(value) => Ok(Self(value)),
            Err(fault) => Err(fault),
        }
    }

    /// From parts per million that the program itself computed.
    ///
    /// # Panics
    /// When the number is NaN, infinite or negative: that is a fault of the program.
    #[track_caller]
    pub const fn of(value: f64) -> Self {
        match Self::new(value) {
            Ok(ppm) => ppm,
            Err(_) => panic!("a computed unavailability is NaN, infinite or negative"),
        }
    }

    /// The parts per million.
    pub const fn value(self) -> f64 {
        self.0
    }

    /// The same unavailability as a fraction of all time or requests, at most 1.
    pub fn probability(self) -> Probability {
        Probability((self.0 / 1e6).min(1.0))
    }
}

impl Eq for Ppm {}

impl PartialOrd for Ppm {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ppm {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Add for Ppm {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::of(self.0 + other.0)
    }
}

impl Sum for Ppm {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Ppm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ppm", self.0)
    }
}

/// An uptime objective, exact: whole parts per million, below 100%.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Availability(u32);

impl Availability {
    /// From parts per million.
    ///
    /// # Errors
    /// From 1,000,000 upwards: no system is up always.
    pub const fn from_ppm(ppm: u32) -> Result<Self, QuantityError> {
        if ppm >= 1_000_000 {
            Err(QuantityError::TooLarge { value: ppm as f64, limit: 999_999.0 })
        } else {
            Ok(Self(ppm))
        }
    }

    /// The objective in parts per million.
    pub const fn ppm(self) -> u32 {
        self.0
    }

    /// What the objective leaves: 1 − SLO.
    pub const fn error_budget(self) -> Ppm {
        Ppm((1_000_000 - self.0) as f64)
    }
}

impl fmt::Display for Availability {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}%", trimmed(f64::from(self.0) / 1e4))
    }
}

/// Which part of the requests a latency objective speaks of, exact: whole parts per thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percentile(u16);

impl Percentile {
    /// Half of the requests.
    pub const P50: Self = Self(500);
    /// What a latency without a percentile reads as.
    pub const P95: Self = Self(950);
    /// The percentile shown beside it.
    pub const P99: Self = Self(990);

    /// From parts per thousand, 1 to 999.
    ///
    /// # Errors
    /// When it is outside that range: a maximum cannot be promised.
    pub const fn from_permille(permille: u16) -> Result<Self, QuantityError> {
        if permille == 0 || permille > 999 {
            Err(QuantityError::TooLarge { value: permille as f64, limit: 999.0 })
        } else {
            Ok(Self(permille))
        }
    }

    /// The percentile in parts per thousand.
    pub const fn permille(self) -> u16 {
        self.0
    }

    /// The share of the requests that may be slower.
    pub fn tail(self) -> Probability {
        Probability(f64::from(1_000 - self.0) / 1_000.0)
    }
}

impl fmt::Display for Percentile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(10) {
            write!(formatter, "p{}", self.0 / 10)
        } else {
            write!(formatter, "p{}.{}", self.0 / 10, self.0 % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_print_as_percentages() {
        assert_eq!(Ratio::of(0.999).to_string(), "99.9%");
        assert_eq!(Availability::from_ppm(999_000).unwrap().to_string(), "99.9%");
        assert_eq!(Percentile::from_permille(999).unwrap().to_string(), "p99.9");
        assert_eq!(Percentile::P95.to_string(), "p95");
    }

    #[test]
    fn a_share_above_the_whole_is_refused() {
        assert!(Ratio::new(1.0 + 1e-12).is_err());
        assert!(Availability::from_ppm(1_000_000).is_err());
        assert!(Percentile::from_permille(1_000).is_err());
    }
}
