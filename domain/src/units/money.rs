//! Money: unit prices are exact decimals, amounts are whole micro-dollars.
//!
//! Unit prices reach 3e-8 USD, so they are never floating. An amount is rounded once, where a
//! quantity meets its price; sums and comparisons of amounts are exact.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};

use super::quantity::QuantityError;

/// No unit that a cloud sells costs more than this many dollars.
const DEAREST_UNIT: i64 = 1_000_000;

/// The price of one unit in US dollars, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitPrice(Decimal);

impl UnitPrice {
    /// From dollars for one unit.
    ///
    /// # Errors
    /// When it is negative or above a million dollars.
    pub fn new(dollars: Decimal) -> Result<Self, QuantityError> {
        if dollars.is_sign_negative() && !dollars.is_zero() {
            Err(QuantityError::Negative(as_float(dollars)))
        } else if dollars > Decimal::from(DEAREST_UNIT) {
            Err(QuantityError::TooLarge { value: as_float(dollars), limit: DEAREST_UNIT as f64 })
        } else {
            Ok(Self(dollars.normalize()))
        }
    }

    /// The dollars for one unit.
    pub const fn dollars(self) -> Decimal {
        self.0
    }

    /// The dollars for one unit, rounded to the nearest binary fraction: for estimates and plots.
    pub fn dollars_as_float(self) -> f64 {
        as_float(self.0)
    }

    /// What so many units cost: the one place where an amount is rounded, half to even.
    ///
    /// # Panics
    /// When the amount is above nine trillion dollars: quantities are bounded long before.
    pub fn times(self, quantity: MilliUnits) -> MicroDollars {
        self.times_in_words(quantity).unwrap_or_else(|| self.times_in_decimals(quantity))
    }

    /// The same in machine words; `None` where a digit would not fit.
    fn times_in_words(self, quantity: MilliUnits) -> Option<MicroDollars> {
        let mantissa = u64::try_from(self.0.mantissa()).ok()?;
        let product = mantissa.checked_mul(quantity.0)?.checked_mul(1_000)?;
        let unit = 10_u64.checked_pow(self.0.scale())?;
        let (whole, rest) = (product / unit, product % unit);
        let above_half = rest > unit - rest || (rest == unit - rest && whole % 2 == 1);
        i64::try_from(whole + u64::from(above_half && rest > 0)).ok().map(MicroDollars)
    }

    fn times_in_decimals(self, quantity: MilliUnits) -> MicroDollars {
        let exact = self.0 * Decimal::from(quantity.0) * Decimal::from(1_000);
        let whole = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
        MicroDollars(i64::try_from(whole).expect("quantities are bounded, so amounts fit"))
    }
}

impl FromStr for UnitPrice {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let dollars = Decimal::from_str_exact(text)
            .or_else(|_| Decimal::from_scientific(text))
            .map_err(|_| QuantityError::NotANumber)?;
        Self::new(dollars)
    }
}

impl fmt::Display for UnitPrice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

fn as_float(dollars: Decimal) -> f64 {
    f64::try_from(dollars).unwrap_or(f64::MAX)
}

/// A quantity on a cost line, in thousandths of its unit, so that a line is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MilliUnits(u64);

impl MilliUnits {
    /// None.
    pub const ZERO: Self = Self(0);
    /// More than this of anything is a fault in the question, not an answer.
    pub const LIMIT: Self = Self(1_000_000_000_000_000);

    /// From thousandths, at most [`Self::LIMIT`].
    ///
    /// # Panics
    /// Above the limit: demands are bounded where they are read.
    #[track_caller]
    pub const fn from_thousandths(thousandths: u64) -> Self {
        assert!(thousandths <= Self::LIMIT.0, "a quantity on a cost line is out of range");
        Self(thousandths)
    }

    /// From whole units.
    #[track_caller]
    pub const fn whole(units: u64) -> Self {
        Self::from_thousandths(units.saturating_mul(1_000))
    }

    /// From a computed quantity, rounded up to the next thousandth: a bill is never understated.
    ///
    /// # Panics
    /// When it is NaN, negative or above the limit.
    #[track_caller]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "asserted to be within range just before"
    )]
    pub fn rounded_up(units: f64) -> Self {
        let thousandths = (units * 1_000.0 - 1e-6).ceil().max(0.0);
        assert!(thousandths <= Self::LIMIT.0 as f64, "a quantity on a cost line is out of range");
        Self::from_thousandths(thousandths as u64)
    }

    /// The thousandths.
    pub const fn thousandths(self) -> u64 {
        self.0
    }
}

impl fmt::Display for MilliUnits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", Decimal::new(self.0.cast_signed(), 3).normalize())
    }
}

/// An amount of money in whole micro-dollars, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MicroDollars(i64);

impl MicroDollars {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From whole micro-dollars.
    ///
    /// # Errors
    /// When it is negative.
    pub const fn new(micros: i64) -> Result<Self, QuantityError> {
        if micros < 0 { Err(QuantityError::Negative(micros as f64)) } else { Ok(Self(micros)) }
    }

    /// From whole dollars.
    pub const fn from_dollars(dollars: u32) -> Self {
        Self(dollars as i64 * 1_000_000)
    }

    /// The whole micro-dollars.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// As dollars, for the solver's backend and for plots only.
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// So many times the amount.
    ///
    /// # Panics
    /// When the product does not fit: amounts are bounded long before.
    #[track_caller]
    pub const fn times(self, factor: u32) -> Self {
        match self.0.checked_mul(factor as i64) {
            Some(micros) => Self(micros),
            None => panic!("an amount of money is out of range"),
        }
    }
}

impl Add for MicroDollars {
    type Output = Self;
    #[track_caller]
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("amounts are bounded, so their sums fit"))
    }
}

impl AddAssign for MicroDollars {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for MicroDollars {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

impl Sub for MicroDollars {
    type Output = Margin;
    fn sub(self, other: Self) -> Margin {
        Margin(self.0 - other.0)
    }
}

/// A difference of two amounts: the only money that may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Margin(i64);

impl Margin {
    /// The whole micro-dollars, signed.
    pub const fn micros(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_of_3e_8_dollars_is_exact() {
        let price: UnitPrice = "3e-8".parse().unwrap();
        assert_eq!(price.times(MilliUnits::whole(1_000_000)).micros(), 30_000);
        assert_eq!(price, "0.00000003".parse().unwrap());
    }

    #[test]
    fn an_amount_is_rounded_once_and_half_to_even() {
        let price: UnitPrice = "0.0000005".parse().unwrap();
        assert_eq!(price.times(MilliUnits::whole(1)).micros(), 0);
        assert_eq!(price.times(MilliUnits::whole(3)).micros(), 2);
    }

    #[test]
    fn amounts_in_words_are_those_in_decimals() {
        let prices = ["0", "0.0000005", "0.0384", "3e-8", "1000000", "0.123456789012345678901234"];
        for price in prices.map(|price| price.parse::<UnitPrice>().unwrap()) {
            for thousandths in [0, 1, 500, 999, 1_000, 3_000, 730_000, 5_840_001, 1_000_000_000] {
                let quantity = MilliUnits::from_thousandths(thousandths);
                let exact = price.times_in_decimals(quantity);
                assert_eq!(price.times(quantity), exact, "{price} x {thousandths}");
            }
        }
    }

    #[test]
    fn a_negative_price_is_refused() {
        assert!("-0.1".parse::<UnitPrice>().is_err());
        assert!("nan".parse::<UnitPrice>().is_err());
        assert!("1e30".parse::<UnitPrice>().is_err());
    }

    #[test]
    fn a_quantity_is_never_understated() {
        assert_eq!(MilliUnits::rounded_up(1.000_1).thousandths(), 1_001);
        assert_eq!(MilliUnits::rounded_up(3_650.0).thousandths(), 3_650_000);
    }
}
