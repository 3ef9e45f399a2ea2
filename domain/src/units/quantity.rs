//! Times, rates and loads: finite, never negative, and multiplied only as declared here.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul};

/// Why a number is not a quantity.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum QuantityError {
    /// NaN is no quantity at all.
    #[error("not a number")]
    NotANumber,
    /// Unknown never means unlimited, so infinity is refused too.
    #[error("infinite")]
    Infinite,
    /// Nothing that Plimsoll counts can be negative.
    #[error("negative: {0}")]
    Negative(f64),
    /// The number is outside the range that the quantity has by its nature.
    #[error("{value} is above {limit}")]
    TooLarge {
        /// The number that was given.
        value: f64,
        /// The largest number that would have been accepted.
        limit: f64,
    },
}

/// Accepts a finite number that is not negative, and turns −0 into 0.
pub(super) const fn checked(value: f64) -> Result<f64, QuantityError> {
    if value.is_nan() {
        Err(QuantityError::NotANumber)
    } else if value.is_infinite() {
        Err(QuantityError::Infinite)
    } else if value < 0.0 {
        Err(QuantityError::Negative(value))
    } else {
        Ok(value + 0.0)
    }
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident in $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub struct $name(f64);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0.0);

            #[doc = concat!("From a number of ", $unit, ".")]
            ///
            /// # Errors
            /// When the number is NaN, infinite or negative.
            pub const fn new(value: f64) -> Result<Self, QuantityError> {
                match checked(value) {
                    Ok(value) => Ok(Self(value)),
                    Err(fault) => Err(fault),
                }
            }

            #[doc = concat!("From a number of ", $unit, " that the program itself computed.")]
            ///
            /// # Panics
            /// When the number is NaN, infinite or negative: that is a fault of the program.
            #[track_caller]
            pub const fn of(value: f64) -> Self {
                match checked(value) {
                    Ok(value) => Self(value),
                    Err(_) => panic!("a computed quantity is NaN, infinite or negative"),
                }
            }

            #[doc = concat!("The number of ", $unit, ".")]
            pub const fn value(self) -> f64 {
                self.0
            }

            /// The same quantity, this many times.
            #[track_caller]
            pub fn times(self, factor: f64) -> Self {
                Self::of(self.0 * factor)
            }

            /// How many of `other` this is; `None` when `other` is nothing.
            pub fn ratio_to(self, other: Self) -> Option<f64> {
                (other.0 > 0.0).then(|| self.0 / other.0)
            }

            /// The difference, or nothing where `other` is larger.
            pub fn saturating_sub(self, other: Self) -> Self {
                Self((self.0 - other.0).max(0.0))
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

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self::of(self.0 + other.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, Add::add)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{} {}", self.0, $unit)
            }
        }
    };
}

/// Declares `$left × $right = $product` with its three companions, and nothing else.
macro_rules! product {
    ($left:ident * $right:ident = $product:ident) => {
        impl Mul<$right> for $left {
            type Output = $product;
            fn mul(self, other: $right) -> $product {
                $product::of(self.value() * other.value())
            }
        }

        impl Mul<$left> for $right {
            type Output = $product;
            fn mul(self, other: $left) -> $product {
                $product::of(self.value() * other.value())
            }
        }

        impl Div<$right> for $product {
            type Output = $left;
            #[track_caller]
            fn div(self, other: $right) -> $left {
                $left::of(self.value() / other.value())
            }
        }

        impl Div<$left> for $product {
            type Output = $right;
            #[track_caller]
            fn div(self, other: $left) -> $right {
                $right::of(self.value() / other.value())
            }
        }
    };
}

quantity! {
    /// A span of time.
    Seconds in "seconds"
}
quantity! {
    /// A span of time that is paid for by the hour.
    Hours in "hours"
}
quantity! {
    /// A span of time over which faults are counted.
    Years in "years"
}
quantity! {
    /// A rate of requests, calls or queries.
    RequestsPerSecond in "requests/s"
}
quantity! {
    /// A rate of rare events: faults, releases, maintenances.
    PerYear in "per year"
}
quantity! {
    /// An offered load a = λ/μ: the number of servers it would keep busy.
    Erlangs in "erlangs"
}
quantity! {
    /// How fast one vCPU works, where one vCPU of an m5 is 1.
    Speed in "reference vCPUs"
}

product!(RequestsPerSecond * Seconds = Erlangs);

impl Seconds {
    /// Seconds in a day.
    pub const DAY: Self = Self(86_400.0);
    /// Seconds in the month that cloud bills are quoted for: 730 hours.
    pub const MONTH: Self = Self(730.0 * 3600.0);
    /// Seconds in a year of 365 days, against which outages are counted.
    pub const YEAR: Self = Self(365.0 * 86_400.0);

    /// From a number of milliseconds that the program itself computed.
    #[track_caller]
    pub const fn of_milliseconds(value: f64) -> Self {
        Self::of(value / 1_000.0)
    }

    /// To the nearest whole microsecond, as the spec states times.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a finite, non-negative number of seconds; the cast saturates at 584,000 years"
    )]
    pub fn whole_microseconds(self) -> u64 {
        (self.0 * 1e6).round() as u64
    }
}

impl Hours {
    /// Hours in the month that cloud bills are quoted for.
    pub const MONTH: Self = Self(730.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_refuses_what_is_no_quantity() {
        assert_eq!(Seconds::new(f64::NAN), Err(QuantityError::NotANumber));
        assert_eq!(Seconds::new(f64::INFINITY), Err(QuantityError::Infinite));
        assert_eq!(Seconds::new(-0.5), Err(QuantityError::Negative(-0.5)));
        assert_eq!(Seconds::new(-0.0).unwrap().value().to_bits(), 0);
    }

    #[test]
    fn the_four_identities_of_a_product_hold() {
        let rate = RequestsPerSecond::of(4.0);
        let time = Seconds::of(0.5);
        let load = Erlangs::of(2.0);
        assert_eq!(rate * time, load);
        assert_eq!(time * rate, load);
        assert_eq!(load / time, rate);
        assert_eq!(load / rate, time);
    }

    #[test]
    fn a_difference_never_goes_below_nothing() {
        assert_eq!(Seconds::of(1.0).saturating_sub(Seconds::of(2.0)), Seconds::ZERO);
    }
}
