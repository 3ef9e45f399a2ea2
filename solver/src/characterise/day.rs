//! The load over a day: one peak and one trough, with the peak-to-mean ratio that was stated.
//!
//! The shape is a floor plus a raised cosine to a whole power: a plain cosine cannot have a
//! peak-to-mean ratio above 2 without going below zero. Judgement; a trace may replace it later.

use domain::demand::DayProfile;
use domain::intent::Intent;
use domain::units::{Ratio, Seconds};

use super::book::Book;
use super::hours;
use super::load::peak_to_mean;

/// A step of the profile, in seconds: five minutes.
const STEP: f64 = 300.0;

/// The power may take at most this much of the mean away, so that a floor remains.
const SHAPE_SHARE: f64 = 0.85;

pub(super) fn profile(intent: &Intent, book: &mut Book<'_>) -> DayProfile {
    let ratio = peak_to_mean(intent, book).clamp(1.0, 1_000.0);
    shape(ratio, steps(hours::day_length(intent)))
}

/// Steps of a day of that length, none of them shorter than five minutes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an hour to a day of steps"
)]
fn steps(day: Seconds) -> usize {
    (day.value() / STEP).floor().clamp(12.0, 288.0) as usize
}

/// The profile of that peak-to-mean ratio, over so many steps.
fn shape(ratio: f64, steps: usize) -> DayProfile {
    let mean = 1.0 / ratio;
    let (power, bump) = power_below(mean * SHAPE_SHARE);
    let floor = ((mean - bump) / (1.0 - bump)).clamp(0.0, 1.0);
    // The peak stands at 20:00, when most people are at leisure, or as late in a shorter day.
    let peak = (steps * 20 + 12) / 24;
    let fractions = (0..steps)
        .map(|step| {
            let angle = step as f64 / steps as f64 * std::f64::consts::TAU;
            let shifted = angle - peak as f64 / steps as f64 * std::f64::consts::TAU;
            let raised = f64::midpoint(1.0, libm::cos(shifted)).clamp(0.0, 1.0);
            let raised = (0..power).fold(1.0, |product, _| product * raised);
            Ratio::of((floor + (1.0 - floor) * raised).min(1.0))
        })
        .collect();
    DayProfile { fractions }
}

/// The smallest power of the raised cosine whose mean is at most `limit`, with that mean.
///
/// The mean of ((1 + cos θ)/2)^k is C(2k, k)/4^k.
fn power_below(limit: f64) -> (u32, f64) {
    let (mut power, mut mean) = (1_u32, 0.5);
    while mean > limit && power < 200_000 {
        power += 1;
        mean *= f64::from(2 * power - 1) / f64::from(2 * power);
    }
    (power, mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_day_has_the_peak_of_a_whole_one() {
        for minutes in [60.0, 61.0, 127.0, 660.0, 840.0] {
            let steps = steps(Seconds::of(minutes * 60.0));
            let day = shape(3.0, steps);
            let values: Vec<f64> = day.fractions.iter().map(|part| part.value()).collect();
            let peak = values.iter().copied().fold(0.0, f64::max);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            assert!((peak - 1.0).abs() < 1e-9, "{minutes}: peak {peak}");
            assert!((mean - 1.0 / 3.0).abs() < 1e-6, "{minutes}: mean {mean}");
        }
    }

    #[test]
    fn the_profile_has_the_ratio_that_was_asked_for() {
        for ratio in [1.0, 1.2, 2.0, 3.0, 5.0, 10.0] {
            let day = shape(ratio, 288);
            let values: Vec<f64> = day.fractions.iter().map(|part| part.value()).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let peak = values.iter().copied().fold(0.0, f64::max);
            assert!((peak - 1.0).abs() < 1e-9, "{ratio}: peak {peak}");
            assert!((1.0 / mean - ratio).abs() < 1e-6 * ratio, "{ratio}: {}", 1.0 / mean);
        }
    }
}
