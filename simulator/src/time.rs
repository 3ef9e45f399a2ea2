//! Simulated time: whole nanoseconds from the start of a trial.

/// Nanoseconds of a second.
pub(crate) const SECOND: u64 = 1_000_000_000;
/// No moment at all: later than every event.
pub(crate) const NEVER: u64 = u64::MAX;
/// The longest span that is told apart from for ever: about 73 years.
pub(crate) const LONGEST: f64 = 2.3e18;

/// 2⁵²: from here on a floating number is a whole one, and its last bits are the number.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// The nearest whole nanosecond; what is no time is none, what is too long is cut at 73 years.
#[inline]
pub(crate) fn nanoseconds(nanoseconds: f64) -> u64 {
    if (0.0..WHOLE / 2.0).contains(&nanoseconds) {
        return (nanoseconds + WHOLE).to_bits() - WHOLE.to_bits();
    }
    unusual(nanoseconds)
}

#[cold]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=LONGEST first, which fits"
)]
fn unusual(nanoseconds: f64) -> u64 {
    nanoseconds.clamp(0.0, LONGEST) as u64
}

/// Whole nanoseconds of a number of seconds.
#[inline]
pub(crate) fn from_seconds(seconds: f64) -> u64 {
    nanoseconds(seconds * SECOND as f64)
}

/// Seconds of a number of nanoseconds.
#[inline]
pub(crate) fn seconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / SECOND as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_and_bounded() {
        assert_eq!(from_seconds(1.6e-9), 2);
        assert_eq!(nanoseconds(2.4e15), 2_400_000_000_000_000);
        assert_eq!(from_seconds(1e7), 10_000_000_000_000_000);
        assert_eq!(from_seconds(f64::INFINITY), 2_300_000_000_000_000_000);
        assert_eq!(from_seconds(-1.0), 0);
        assert_eq!(from_seconds(f64::NAN), 0);
        assert!((seconds(1_500_000_000) - 1.5).abs() < f64::EPSILON);
    }
}
