//! Exact arithmetic: a number between two whole numbers of millionths of a millionth. Products and
//! quotients round outwards, so that the true value never leaves its span.

/// Parts of one.
const ONE: u128 = 1_000_000_000_000;
/// A part of a billion: what sums of floating numbers may err by.
const NOISE: u128 = 1_000;

/// A number that is at least `low` and at most `high` parts of [`ONE`]; both saturate, so that what
/// is out of all range equals nothing that a spec can state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    low: u128,
    high: u128,
}

impl Span {
    pub(super) const ZERO: Self = Self { low: 0, high: 0 };

    pub(super) fn whole(count: impl Into<u64>) -> Self {
        let parts = u128::from(count.into()) * ONE;
        Self { low: parts, high: parts }
    }

    /// The nearest parts of a floating number that is not negative, and what its last bits hide.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and what is not a number becomes nothing"
    )]
    pub(super) fn of(value: f64) -> Self {
        let exact = value * 1e12;
        let parts = exact.round() as u128;
        // A decimal of few digits is meant as it reads: its last bits hide nothing.
        let few = exact < 1e14 && (exact - exact.round()).abs() < 1e-3;
        let plain = few || value.fract() == 0.0;
        let radius = if plain { 0 } else { 1 + parts / 100_000_000_000_000 };
        Self { low: parts, high: parts }.widened(radius)
    }

    pub(super) const fn widened(self, parts: u128) -> Self {
        Self { low: self.low.saturating_sub(parts), high: self.high.saturating_add(parts) }
    }

    pub(super) const fn plus(self, other: Self) -> Self {
        Self { low: self.low.saturating_add(other.low), high: self.high.saturating_add(other.high) }
    }

    pub(super) const fn minus(self, other: Self) -> Self {
        Self { low: self.low.saturating_sub(other.high), high: self.high.saturating_sub(other.low) }
    }

    pub(super) const fn times(self, other: Self) -> Self {
        Self {
            low: product(self.low, other.low, false),
            high: product(self.high, other.high, true),
        }
    }

    /// What is divided by nothing is out of all range.
    pub(super) fn over(self, other: Self) -> Self {
        let (low, high) = (self.low.saturating_mul(ONE), self.high.saturating_mul(ONE));
        Self {
            low: low.checked_div(other.high).unwrap_or(u128::MAX),
            high: if other.low == 0 { u128::MAX } else { high.div_ceil(other.low) },
        }
    }

    pub(super) fn max(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.max(other.high) }
    }

    pub(super) fn min(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.min(other.high) }
    }

    /// The whole numbers of `parts` of one that it may be, rounded up but for noise.
    pub(super) const fn up(self, parts: u128) -> Whole {
        let each = ONE / parts;
        Whole {
            least: self.low.saturating_sub(NOISE).div_ceil(each),
            most: self.high.saturating_sub(NOISE).div_ceil(each),
        }
    }

    /// Rounded down but for noise.
    pub(super) const fn down(self, parts: u128) -> Whole {
        let each = ONE / parts;
        Whole {
            least: self.low.saturating_add(NOISE) / each,
            most: self.high.saturating_add(NOISE) / each,
        }
    }

    /// To the nearest; a half goes either way.
    pub(super) const fn nearest(self, parts: u128) -> Whole {
        let each = ONE / parts;
        let half = each / 2;
        Whole {
            least: self.low.saturating_add(half).saturating_sub(1) / each,
            most: self.high.saturating_add(half) / each,
        }
    }

    /// Whether it is surely above another.
    pub(super) const fn above(self, other: Self) -> bool {
        self.low > other.high.saturating_add(NOISE)
    }
}

/// Two numbers of parts multiplied, in parts, rounded up or down.
const fn product(one: u128, other: u128, up: bool) -> u128 {
    let whole = (one / ONE).saturating_mul(other);
    let rest = (one % ONE).saturating_mul(other);
    whole.saturating_add(if up { rest.div_ceil(ONE) } else { rest / ONE })
}

/// The whole numbers that are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Whole {
    pub(super) least: u128,
    pub(super) most: u128,
}

impl Whole {
    pub(super) fn exactly(count: impl Into<u128>) -> Self {
        let count = count.into();
        Self { least: count, most: count }
    }

    pub(super) fn at_most(self, most: u128) -> Self {
        Self { least: self.least.min(most), most: self.most.min(most) }
    }

    pub(super) fn at_least(self, least: u128) -> Self {
        Self { least: self.least.max(least), most: self.most.max(least) }
    }

    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_add(other.least),
            most: self.most.saturating_add(other.most),
        }
    }

    /// Nothing where there are not as many.
    pub(super) const fn minus(self, count: u128) -> Self {
        Self { least: self.least.saturating_sub(count), most: self.most.saturating_sub(count) }
    }

    pub(super) fn as_span(self) -> Span {
        Span { low: self.least.saturating_mul(ONE), high: self.most.saturating_mul(ONE) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_of_three_is_one_and_nothing_is_divided_into() {
        let third = Span::of(1.0 / 3.0);
        assert_eq!(third.times(Span::whole(3_u32)).nearest(1_000), Whole::exactly(1_000_u64));
        assert_eq!(third.times(Span::whole(3_u32)).up(1_000), Whole::exactly(1_000_u64));
        assert_eq!(Span::whole(1_u32).over(Span::ZERO).nearest(1).least, u128::MAX / ONE);
    }

    #[test]
    fn rounding_is_outwards_and_noise_is_no_unit() {
        let price = Span::of(0.1).times(Span::of(0.7));
        assert!(price.low <= 70_000_000_000 && price.high >= 70_000_000_000);
        assert_eq!(Span::of(2.000_000_000_1).up(1), Whole::exactly(2_u64));
        assert_eq!(Span::of(2.001).up(1), Whole::exactly(3_u64));
        assert_eq!(Span::of(1.999_999_999_9).down(1), Whole::exactly(2_u64));
    }
}
