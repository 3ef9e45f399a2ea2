//! Control variates: what a trial happened to be asked for, against what it is asked for on
//! average.
//!
//! A trial whose requests came a little too fast, or brought a little too much work, waits longer
//! for that reason alone. Both are known exactly on average, so that part of the noise is taken out
//! by regression (Lavenberg & Welch, "A perspective on the use of control variables to increase the
//! efficiency of Monte Carlo simulations", Management Science 27, 1981). The mean gap and the mean
//! service of a trial are ratios; their inverse and their product, requests a second and servers
//! kept busy, are used in their place, because their means are exact.

use super::{Estimate, Experiment, Figure, Statistics};
use crate::model::{Batch, Model, Rate, Servers, Service, Source, Station};

/// Controls of a model: what is known of it exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct Controls {
    /// Requests a second.
    rate: f64,
    /// The station with the largest share of its servers busy, and how many are.
    busiest: (usize, f64),
}

/// Parameters that are fitted: one for each control.
const FITTED: u32 = 2;

impl Controls {
    /// Those of a model under an experiment; none where a rate changes or is that of users, where
    /// something may be lost or repeated, or where the speeds of a station's instances differ:
    /// nothing is known exactly then.
    pub fn of(model: &Model, experiment: &Experiment) -> Option<Self> {
        let constant = |source: &Source| {
            source.users.is_none()
                && source.arrivals.batch == Batch::Single
                && matches!(source.arrivals.gaps, Service::Exponential { .. })
                && matches!(source.arrivals.rate, Rate::Constant(_))
        };
        let waits_for_ever = model.sources.iter().all(|source| source.resilience.timeout.is_none());
        let plain = model.incidents.is_empty() && model.controllers.is_empty();
        if !plain
            || !waits_for_ever
            || !model.sources.iter().all(constant)
            || !model.stations.iter().all(keeps_everything)
        {
            return None;
        }
        let rate = model.sources.iter().map(|source| source.arrivals.rate.peak()).sum::<f64>();
        let loads = model.load(experiment.load);
        let utilisation = |place: &usize| loads[*place].utilisation();
        let busiest = (0..loads.len())
            .max_by(|one, other| utilisation(one).total_cmp(&utilisation(other)))?;
        let speed = model.stations[busiest].instances.first()?.speed;
        let stable = loads[busiest].utilisation() < 1.0;
        stable.then_some(Self {
            rate: rate * experiment.load,
            busiest: (busiest, loads[busiest].work / speed),
        })
    }
}

/// Whether every visit to a station is served, at one speed.
fn keeps_everything(station: &Station) -> bool {
    let same = |instance: &crate::model::Instance| {
        (instance.speed - station.instances[0].speed).abs() <= 0.0 && instance.serving
    };
    station.queue_limit.is_none()
        && station.in_flight_limit.is_none()
        && station.resilience.timeout.is_none()
        && station.floor.patience.is_none()
        && !station.floor.drop_expired
        && station.floor.servers == Servers::Always
        && station.instances.iter().all(same)
}

impl Statistics {
    /// A figure with the noise of the controls taken out.
    ///
    /// With fewer than six trials it is the plain figure: there is nothing to fit.
    pub fn controlled(&self, figure: Figure, controls: &Controls) -> Estimate {
        let values = self.values(figure);
        if values.len() < 6 {
            return Estimate::of(values);
        }
        let (station, busy) = controls.busiest;
        let deviations: Vec<[f64; 2]> = self
            .summary
            .trials
            .iter()
            .map(|trial| {
                let given: u128 = trial.pools[station].iter().map(|pool| pool.busy).sum();
                [
                    trial.offered as f64 / trial.seconds() - controls.rate,
                    given as f64 / trial.observed as f64 - busy,
                ]
            })
            .collect();
        regressed(&values, &deviations)
    }
}

/// The mean of values at deviations of nought, by least squares.
fn regressed(values: &[f64], deviations: &[[f64; 2]]) -> Estimate {
    let count = values.len() as f64;
    let mean = |of: &dyn Fn(usize) -> f64| (0..values.len()).map(of).sum::<f64>() / count;
    let centre = [0, 1].map(|place| mean(&|trial| deviations[trial][place]));
    let level = mean(&|trial| values[trial]);
    let off = |trial: usize, place: usize| deviations[trial][place] - centre[place];
    let cross = |one: usize, other: usize| mean(&|trial| off(trial, one) * off(trial, other));
    let with = |place: usize| mean(&|trial| off(trial, place) * (values[trial] - level));
    let (first, second, mixed) = (cross(0, 0), cross(1, 1), cross(0, 1));
    let determinant = first * second - mixed * mixed;
    if determinant.is_nan() || determinant <= 1e-12 * first * second {
        return Estimate::of(values.iter().copied());
    }
    let solve = |one: f64, other: f64| {
        [(second * one - mixed * other) / determinant, (first * other - mixed * one) / determinant]
    };
    let [by_rate, by_work] = solve(with(0), with(1));
    let left = values.iter().zip(deviations);
    let left: Vec<f64> =
        left.map(|(value, off)| value - by_rate * off[0] - by_work * off[1]).collect();
    let estimate = Estimate::with_fewer_degrees(&left, FITTED);
    // The farther the controls were from their means, the more rests on slopes that are estimates.
    let [one, other] = solve(centre[0], centre[1]);
    let leverage = one * centre[0] + other * centre[1];
    let standard_error = estimate.standard_error * (1.0 + leverage).sqrt();
    Estimate { standard_error, ..estimate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_the_controls_alone_is_known_without_error() {
        let deviations: Vec<[f64; 2]> = (0..12)
            .map(|trial| [f64::from(trial % 5) - 1.0, f64::from(trial * trial % 7)])
            .collect();
        let values: Vec<f64> =
            deviations.iter().map(|off| 3.0 + 2.0 * off[0] - 0.5 * off[1]).collect();
        let estimate = regressed(&values, &deviations);
        assert!((estimate.mean - 3.0).abs() < 1e-12 && estimate.standard_error < 1e-12);
        let same = regressed(&values, &[[1.0, 2.0]; 12]);
        assert_eq!(same, Estimate::of(values));
    }
}
