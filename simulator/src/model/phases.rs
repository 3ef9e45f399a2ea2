//! Times that pass through phases, and times of a table.

use libm::log;

use super::{ModelFault, number};
use crate::random::Fraction;

/// Steps of the iteration for the moments; each shrinks the error by the chance of going on.
const SWEEPS: usize = 10_000;

/// One phase of a phase-type time: an exponential stay, and what follows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// The chance that a time begins here.
    pub start: f64,
    /// The mean of the stay.
    pub mean: f64,
    /// The chance that each phase comes next; with what is left of 1 the time is over.
    pub next: Vec<f64>,
}

impl Phase {
    /// The phases of a Coxian time: the mean of each, and the chance that the next one follows.
    pub fn coxian(phases: &[(f64, f64)]) -> Vec<Self> {
        let count = phases.len();
        let phase = |(index, (mean, goes_on)): (usize, &(f64, f64))| {
            let mut next = vec![0.0; count];
            if let Some(chance) = next.get_mut(index + 1) {
                *chance = *goes_on;
            }
            Self { start: if index == 0 { 1.0 } else { 0.0 }, mean: *mean, next }
        };
        phases.iter().enumerate().map(phase).collect()
    }
}

/// The mean and the second moment of a time through phases, by iteration from no time at all.
pub(super) fn moments(phases: &[Phase]) -> (f64, f64) {
    iterate(phases).0
}

/// The moments, and whether they came to rest.
fn iterate(phases: &[Phase]) -> ((f64, f64), bool) {
    let mut settled = false;
    let mut first = vec![0.0; phases.len()];
    let mut second = vec![0.0; phases.len()];
    for _ in 0..SWEEPS {
        let mut change: f64 = 0.0;
        for (index, phase) in phases.iter().enumerate() {
            let after = |moments: &[f64]| -> f64 {
                phase.next.iter().zip(moments).map(|(chance, moment)| chance * moment).sum()
            };
            let (then, then_square) = (after(&first), after(&second));
            let mean = phase.mean + then;
            let square = 2.0 * phase.mean * mean + then_square;
            change = change.max((square - second[index]).abs() / square.max(1e-300));
            first[index] = mean;
            second[index] = square;
        }
        if change < 1e-14 {
            settled = true;
            break;
        }
    }
    let start = |moments: &[f64]| {
        phases.iter().zip(moments).map(|(phase, moment)| phase.start * moment).sum()
    };
    ((start(&first), start(&second)), settled)
}

/// Refuses phases that are no distribution.
pub(super) fn validate(place: &str, phases: &[Phase]) -> Result<(), ModelFault> {
    for phase in phases {
        number(place, "chance to start", phase.start, 0.0)?;
        number(place, "mean", phase.mean, 0.0)?;
        for chance in &phase.next {
            number(place, "chance to go on", *chance, 0.0)?;
        }
        let listed = phase.next.len() as f64;
        number(place, "number of phases", -(listed - phases.len() as f64).abs(), 0.0)?;
        number(place, "chance to end", 1.0 - phase.next.iter().sum::<f64>(), -1e-9)?;
    }
    let sum: f64 = phases.iter().map(|phase| phase.start).sum();
    number(place, "sum of probabilities", -(sum - 1.0).abs(), -1e-9)?;
    // The moments of phases that never end, or hardly ever, do not come to rest.
    number(place, "phases that end", if iterate(phases).1 { 1.0 } else { f64::NAN }, 0.0)
}

/// Phases ready to be sampled: their means, and bounds of what follows each.
#[derive(Debug, Clone)]
pub(crate) struct PhaseSampler {
    start: Vec<f64>,
    phases: Vec<(f64, Vec<f64>)>,
}

impl PhaseSampler {
    pub(super) fn new(phases: &[Phase], unit: f64) -> Self {
        let sums = |chances: &mut dyn Iterator<Item = f64>| -> Vec<f64> {
            let mut sum = 0.0;
            chances
                .map(|chance| {
                    sum += chance;
                    sum
                })
                .collect()
        };
        let phase = |phase: &Phase| (phase.mean * unit, sums(&mut phase.next.iter().copied()));
        Self {
            start: sums(&mut phases.iter().map(|phase| phase.start)),
            phases: phases.iter().map(phase).collect(),
        }
    }

    /// A time for a first uniform number, and as many further pairs as it takes.
    pub(super) fn sample(
        &self,
        first: Fraction,
        mut further: impl FnMut(u32) -> (Fraction, Fraction),
    ) -> f64 {
        let last = self.phases.len() - 1;
        let mut at = chosen(&self.start, first.open()).min(last);
        let mut time = 0.0;
        for step in 0..u32::MAX {
            let (stay, way) = further(step);
            let (mean, next) = &self.phases[at];
            time -= log(stay.open()) * mean;
            let following = chosen(next, way.open());
            if following > last {
                break;
            }
            at = following;
        }
        time
    }
}

/// The first bound above a number.
pub(super) fn chosen(bounds: &[f64], uniform: f64) -> usize {
    bounds.partition_point(|bound| *bound <= uniform)
}

/// Values with the sums of their weights, in the order of the values.
pub(super) fn table(values: &[(f64, f64)], unit: f64) -> (Vec<f64>, Vec<f64>) {
    let mut sorted = values.to_vec();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    let whole: f64 = sorted.iter().map(|value| value.1).sum();
    let mut sum = 0.0;
    let bounds = sorted.iter().map(|value| {
        sum += value.1 / whole;
        sum
    });
    let bounds = bounds.collect();
    (sorted.iter().map(|value| value.0 * unit).collect(), bounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moments_of_phases_are_those_of_what_they_make_up() {
        // JMT's example: two stays of 1/4 and 2, the second with a chance of 1/8.
        let (mean, square) = moments(&Phase::coxian(&[(0.25, 0.125), (2.0, 0.0)]));
        assert!((mean - 0.5).abs() < 1e-12 && (square / 0.25 - 5.0).abs() < 1e-12);
        let endless = vec![Phase { start: 1.0, mean: 1.0, next: vec![1.0] }];
        assert!(validate("x", &endless).is_err());
        assert!(validate("x", &[Phase { start: 0.5, mean: 1.0, next: vec![0.0] }]).is_err());
    }
}
