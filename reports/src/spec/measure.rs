//! Quantities of the model as the whole numbers of the spec, each rounded to the nearest.

use domain::plan::ThreeBills;
use domain::spec::{Amounts, Latency, Quantities, Share};
use domain::units::{
    MicroDollars, MilliUnits, PerYear, Ppm, Probability, Ratio, RequestsPerSecond, Seconds,
};
use domain::verification::Observed;

/// How busy something is of which nothing is left, in thousandths.
pub(crate) const NOTHING_LEFT_PERMILLE: u64 = 1_000_000;

/// A number that is not negative, to the nearest whole.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and what is written here is not negative"
)]
fn whole(value: f64) -> u64 {
    value.round() as u64
}

/// The same, rounded down, so that a share just below its limit never reads as the limit.
fn whole_below(value: f64) -> u64 {
    // What a sum of floating numbers falls short of a whole number by is no shortfall.
    whole((value + 1e-6).floor())
}

pub(super) fn micros(time: Seconds) -> u64 {
    time.whole_microseconds()
}

pub(super) fn nanos(time: Seconds) -> u64 {
    whole(time.value() * 1e9)
}

pub(super) fn micro_rps(rate: RequestsPerSecond) -> u64 {
    whole(rate.value() * 1e6)
}

pub(super) fn micro_per_year(rate: PerYear) -> u64 {
    whole(rate.value() * 1e6)
}

pub(super) fn ratio(ratio: Ratio) -> u64 {
    ppm(ratio.value())
}

pub(super) fn probability(probability: Probability) -> u64 {
    ppm(probability.value())
}

/// A plain factor or share in millionths.
pub(super) fn ppm(value: f64) -> u64 {
    whole(value * 1e6)
}

/// A plain number in thousandths.
pub(super) fn milli(value: f64) -> u64 {
    whole(value * 1e3)
}

/// An unavailability in billionths.
pub(super) fn ppb(unavailability: Ppm) -> u64 {
    whole(unavailability.value() * 1e3)
}

/// How busy something is, in thousandths.
pub(super) fn busy(utilisation: f64) -> u64 {
    if utilisation.is_finite() {
        milli(utilisation).min(NOTHING_LEFT_PERMILLE - 1)
    } else {
        NOTHING_LEFT_PERMILLE
    }
}

/// Seconds as microseconds; `None` where they are unbounded.
pub(super) fn bounded_micros(seconds: f64) -> Option<u64> {
    seconds.is_finite().then(|| whole(seconds * 1e6))
}

pub(super) fn latency(observed: &Observed) -> Latency {
    Latency {
        observed_us: bounded_micros(observed.value),
        ci95_us: [bounded_micros(observed.low), bounded_micros(observed.high)],
    }
}

pub(super) fn share(observed: &Observed) -> Share {
    Share {
        observed_ppm: whole_below(observed.value * 1e6),
        ci95_ppm: [whole_below(observed.low * 1e6), whole_below(observed.high * 1e6)],
    }
}

/// A factor on the stated load in thousandths, rounded down.
pub(crate) fn load_permille(factor: f64) -> u64 {
    whole_below(factor * 1e3)
}

/// Unavailability in parts per million as the availability that is left, rounded down.
pub(crate) fn available_ppm(unavailability: f64) -> u64 {
    whole_below((1e6 - unavailability).max(0.0))
}

/// Shares of a whole as millionths that add up to exactly one million: each is rounded down, and
/// those with the largest remainders take what is left.
pub(super) fn whole_shares(shares: &[f64]) -> Vec<u64> {
    let mut parts: Vec<u64> = shares.iter().map(|share| whole((share * 1e6).floor())).collect();
    let missing = 1_000_000_u64.saturating_sub(parts.iter().sum());
    let mut order: Vec<usize> = (0..shares.len()).collect();
    let remainder = |index: usize| (shares[index] * 1e6).fract();
    order.sort_by(|&left, &right| remainder(right).total_cmp(&remainder(left)));
    for (_, index) in (0..missing).zip(order) {
        parts[index] += 1;
    }
    parts
}

pub(super) fn amounts(amount: ThreeBills<MicroDollars>) -> Amounts {
    Amounts { expected: amount.expected, peak_fleet: amount.peak_fleet, ceiling: amount.ceiling }
}

pub(super) fn quantities(quantity: ThreeBills<MilliUnits>) -> Quantities {
    Quantities {
        expected: quantity.expected,
        peak_fleet: quantity.peak_fleet,
        ceiling: quantity.ceiling,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_the_whole() {
        assert_eq!(whole_shares(&[1.0 / 3.0; 3]), [333_334, 333_333, 333_333]);
        assert_eq!(whole_shares(&[0.9, 0.1]), [900_000, 100_000]);
        assert_eq!(whole_shares(&[1.0]), [1_000_000]);
    }

    #[test]
    fn a_share_is_never_overstated() {
        let observed = Observed { value: 0.999_899_999, low: 0.3 * 3.0, high: 1.0 };
        let share = share(&observed);
        assert_eq!((share.observed_ppm, share.ci95_ppm), (999_899, [900_000, 1_000_000]));
        assert_eq!(available_ppm(100.4), 999_899);
        assert_eq!(available_ppm(100.0), 999_900);
    }

    #[test]
    fn what_is_unbounded_is_said_to_be() {
        assert_eq!(bounded_micros(f64::INFINITY), None);
        assert_eq!(bounded_micros(0.024_05), Some(24_050));
        assert_eq!(busy(f64::INFINITY), NOTHING_LEFT_PERMILLE);
        assert_eq!(busy(1.468), 1_468);
    }
}
