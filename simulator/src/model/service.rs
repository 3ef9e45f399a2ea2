//! How long something takes: service times and gaps between arrivals.

use libm::{exp, log};

use super::curve::Curve;
use super::phases::{self, Phase, PhaseSampler};
use super::{ModelFault, number};
use crate::random::{Fraction, Purpose, QuantileTable, Streams};

/// A distribution of times. Every variant is sampled by inversion of one uniform number, so that a
/// larger number never gives a shorter time, except where a sum of several is needed.
#[derive(Debug, Clone, PartialEq)]
pub enum Service {
    /// Always the same.
    Fixed {
        /// The time.
        time: f64,
    },
    /// Without memory.
    Exponential {
        /// Its mean.
        mean: f64,
    },
    /// Its logarithm is normal.
    LogNormal {
        /// Its mean.
        mean: f64,
        /// Its coefficient of variation: the standard deviation as a share of the mean.
        cv: f64,
    },
    /// Gamma, of any shape.
    Gamma {
        /// Its mean.
        mean: f64,
        /// Its coefficient of variation: the shape is 1/cv².
        cv: f64,
    },
    /// One of some values, as measured.
    Empirical {
        /// Value and weight of each.
        values: Vec<(f64, f64)>,
    },
    /// Exponential stays in phases that follow one another at random; Coxian times among them.
    Phases {
        /// The phases.
        phases: Vec<Phase>,
    },
    /// One of several exponentials, chosen at random.
    Hyperexponential {
        /// Probability and mean of each.
        branches: Vec<(f64, f64)>,
    },
    /// The sum of equal exponentials.
    Erlang {
        /// How many.
        stages: u32,
        /// The mean of the sum.
        mean: f64,
    },
    /// Anything between two times, all as likely.
    Uniform {
        /// The shortest.
        low: f64,
        /// The longest.
        high: f64,
    },
    /// A power-law tail: P(T > t) = (scale/t)^shape from `scale` on.
    Pareto {
        /// The shortest time.
        scale: f64,
        /// The exponent of the tail; above 1, or there is no mean.
        shape: f64,
    },
}

impl Service {
    /// The mean.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Fixed { time } => *time,
            Self::Exponential { mean }
            | Self::LogNormal { mean, .. }
            | Self::Gamma { mean, .. }
            | Self::Erlang { mean, .. } => *mean,
            Self::Hyperexponential { branches } => {
                branches.iter().map(|(share, mean)| share * mean).sum()
            }
            Self::Empirical { values } => {
                let whole: f64 = values.iter().map(|value| value.1).sum();
                values.iter().map(|(value, weight)| value * weight).sum::<f64>() / whole
            }
            Self::Phases { phases } => phases::moments(phases).0,
            Self::Uniform { low, high } => f64::midpoint(*low, *high),
            Self::Pareto { scale, shape } => scale * shape / (shape - 1.0),
        }
    }

    /// The squared coefficient of variation; infinite for a Pareto tail of exponent 2 or less.
    pub fn squared_variation(&self) -> f64 {
        match self {
            Self::Fixed { .. } => 0.0,
            Self::Exponential { .. } => 1.0,
            Self::LogNormal { cv, .. } | Self::Gamma { cv, .. } => cv * cv,
            Self::Empirical { values } => {
                let whole: f64 = values.iter().map(|value| value.1).sum();
                let square: f64 = values.iter().map(|(value, weight)| value * value * weight).sum();
                square / whole / (self.mean() * self.mean()) - 1.0
            }
            Self::Phases { phases } => {
                let (mean, square) = phases::moments(phases);
                square / (mean * mean) - 1.0
            }
            Self::Erlang { stages, .. } => 1.0 / f64::from(*stages),
            Self::Hyperexponential { branches } => {
                let second: f64 = branches.iter().map(|(p, mean)| 2.0 * p * mean * mean).sum();
                second / (self.mean() * self.mean()) - 1.0
            }
            Self::Uniform { low, high } => {
                (high - low) * (high - low) / (12.0 * self.mean() * self.mean())
            }
            Self::Pareto { shape, .. } if *shape <= 2.0 => f64::INFINITY,
            Self::Pareto { shape, .. } => 1.0 / (shape * (shape - 2.0)),
        }
    }

    pub(crate) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        match self {
            Self::Fixed { time } => number(place, "time", *time, 0.0),
            Self::Exponential { mean } => number(place, "mean", *mean, 0.0),
            Self::LogNormal { mean, cv } | Self::Gamma { mean, cv } => {
                number(place, "mean", *mean, 0.0)?;
                number(place, "coefficient of variation", *cv, 0.0)?;
                number(place, "coefficient of variation up to 100", 100.0 - cv, 0.0)
            }
            Self::Empirical { values } => {
                for (value, weight) in values {
                    number(place, "value", *value, 0.0)?;
                    number(place, "weight", *weight, 0.0)?;
                }
                number(place, "sum of weights", values.iter().map(|value| value.1).sum(), 1e-300)
            }
            Self::Phases { phases } => phases::validate(place, phases),
            Self::Hyperexponential { branches } => {
                for (share, mean) in branches {
                    number(place, "probability", *share, 0.0)?;
                    number(place, "mean", *mean, 0.0)?;
                }
                let sum: f64 = branches.iter().map(|branch| branch.0).sum();
                number(place, "sum of probabilities", -(sum - 1.0).abs(), -1e-9)
            }
            Self::Erlang { stages, mean } => {
                number(place, "number of stages", f64::from(*stages), 1.0)?;
                number(place, "mean", *mean, 0.0)
            }
            Self::Uniform { low, high } => {
                number(place, "shortest time", *low, 0.0)?;
                number(place, "longest time", *high, *low)
            }
            Self::Pareto { scale, shape } => {
                number(place, "shortest time", *scale, 0.0)?;
                number(place, "exponent above 1", *shape, 1.0 + 1e-9)
            }
        }
    }
}

/// A service ready to be sampled, its times in nanoseconds.
#[derive(Debug, Clone)]
pub(crate) enum Sampler {
    Fixed(f64),
    Curve { curve: Curve, scale: f64, table: QuantileTable },
    Hyperexponential(Vec<(f64, f64)>),
    Erlang { stages: u32, stage: f64 },
    Uniform { low: f64, width: f64 },
    Table { values: Vec<f64>, bounds: Vec<f64> },
    Phases(PhaseSampler),
}

/// Where a sampler takes further numbers from, where one is not enough.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Further<'a> {
    pub streams: &'a Streams,
    pub entity: u32,
    pub request: u64,
    pub path: u32,
}

impl Further<'_> {
    /// The pair of a step.
    fn pair(&self, step: u32) -> (Fraction, Fraction) {
        let entity = self.entity.wrapping_mul(4_099).wrapping_add(step);
        let draw = self.streams.draw(Purpose::Service, entity, self.request, self.path);
        (Fraction(draw.first()), Fraction(draw.second()))
    }
}

impl Sampler {
    /// A sampler of a service, its unit being that of the result.
    pub(crate) fn new(service: &Service, unit: f64) -> Self {
        match service {
            Service::Fixed { time } => Self::Fixed(time * unit),
            Service::Exponential { mean } => Self::curve(Curve::Exponential, mean * unit),
            Service::LogNormal { mean, cv } | Service::Gamma { mean, cv }
                if *cv == 0.0 || *mean == 0.0 =>
            {
                Self::Fixed(mean * unit)
            }
            Service::Gamma { mean, cv } => {
                Self::curve(Curve::Gamma { shape: 1.0 / (cv * cv) }, mean * unit * cv * cv)
            }
            Service::Empirical { values } => {
                let (values, bounds) = phases::table(values, unit);
                Self::Table { values, bounds }
            }
            Service::Phases { phases } => Self::Phases(PhaseSampler::new(phases, unit)),
            Service::LogNormal { mean, cv } => {
                // A lognormal time of mean m and variation c has σ² = ln(1 + c²), µ = ln m − σ²/2.
                let variance = libm::log1p(cv * cv);
                let deviation = variance.sqrt();
                Self::curve(Curve::LogNormal { deviation }, mean * unit * exp(-variance / 2.0))
            }
            Service::Hyperexponential { branches } => Self::Hyperexponential(
                branches.iter().map(|(share, mean)| (*share, mean * unit)).collect(),
            ),
            Service::Erlang { stages, mean } => {
                Self::Erlang { stages: *stages, stage: mean * unit / f64::from(*stages) }
            }
            Service::Uniform { low, high } => {
                Self::Uniform { low: low * unit, width: (high - low) * unit }
            }
            Service::Pareto { scale, shape } => {
                Self::curve(Curve::Pareto { power: -1.0 / shape }, scale * unit)
            }
        }
    }

    fn curve(curve: Curve, scale: f64) -> Self {
        Self::Curve { curve, scale, table: curve.table() }
    }

    /// A time for a uniform number.
    #[inline]
    pub(crate) fn sample<'a>(
        &self,
        uniform: Fraction,
        further: impl FnOnce() -> Further<'a>,
    ) -> f64 {
        if let Self::Curve { curve, scale, table } = self {
            table.at(uniform).unwrap_or_else(|| curve.quantile(uniform.open())) * scale
        } else {
            self.sample_otherwise(uniform, further())
        }
    }

    fn sample_otherwise(&self, uniform: Fraction, further: Further<'_>) -> f64 {
        match self {
            Self::Fixed(time) => *time,
            Self::Curve { curve, scale, .. } => curve.quantile(uniform.open()) * scale,
            Self::Hyperexponential(branches) => hyperexponential(branches, uniform.open()),
            Self::Erlang { stages, stage } => erlang(*stages, uniform, further) * stage,
            Self::Uniform { low, width } => low + width * uniform.open(),
            Self::Table { values, bounds } => {
                let place = phases::chosen(bounds, uniform.open());
                values[place.min(values.len() - 1)]
            }
            Self::Phases(phases) => phases.sample(uniform, |step| further.pair(step)),
        }
    }
}

/// Chooses a branch by the low part of a uniform number and inverts it by what is left.
fn hyperexponential(branches: &[(f64, f64)], uniform: f64) -> f64 {
    let mut left = uniform;
    for (share, mean) in branches {
        if left < *share {
            return -log(1.0 - (left / share)) * mean;
        }
        left -= share;
    }
    // Rounding of the probabilities left a sliver beyond the last branch.
    branches.last().map_or(0.0, |branch| branch.1)
}

/// A sum of exponentials of mean 1: minus the logarithm of a product of uniform numbers.
fn erlang(stages: u32, uniform: Fraction, further: Further<'_>) -> f64 {
    let mut sum = 0.0;
    let mut product = uniform.open();
    for stage in 1..stages {
        let entity = further.entity.wrapping_mul(4_099).wrapping_add(stage / 2);
        let draw = further.streams.draw(Purpose::Service, entity, further.request, further.path);
        let bits = if stage % 2 == 0 { draw.first() } else { draw.second() };
        product *= Fraction(bits).open();
        if product < 1e-200 {
            sum -= log(product);
            product = 1.0;
        }
    }
    sum - log(product)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Service> {
        vec![
            Service::Fixed { time: 2.0 },
            Service::Exponential { mean: 2.0 },
            Service::LogNormal { mean: 2.0, cv: 1.5 },
            Service::LogNormal { mean: 2.0, cv: 0.0 },
            Service::Hyperexponential { branches: vec![(0.9, 1.0), (0.1, 11.0)] },
            Service::Erlang { stages: 5, mean: 2.0 },
            Service::Uniform { low: 1.0, high: 3.0 },
            Service::Gamma { mean: 2.0, cv: 0.4 },
            Service::Gamma { mean: 2.0, cv: 1.6 },
            Service::Empirical { values: vec![(7.0, 1.0), (1.0, 2.0), (2.0, 3.0)] },
            Service::Phases { phases: Phase::coxian(&[(0.5, 0.4), (2.0, 0.3), (1.0, 0.0)]) },
            Service::Pareto { scale: 1.5, shape: 4.0 },
        ]
    }

    #[test]
    fn samples_have_the_mean_and_variation_of_their_distribution() {
        let streams = Streams::new(11, 0, 0);
        let count = 200_000_u32;
        for service in all() {
            let sampler = Sampler::new(&service, 1.0);
            let times: Vec<f64> = (0..count)
                .map(|request| {
                    let request = request.into();
                    let further = Further { streams: &streams, entity: 0, request, path: 0 };
                    let draw = streams.draw(Purpose::Visit, 0, request, 0);
                    sampler.sample(Fraction(draw.first()), || further)
                })
                .collect();
            let mean = times.iter().sum::<f64>() / f64::from(count);
            let deviation = (service.squared_variation()).sqrt() * service.mean();
            let error = 5.0 * deviation / f64::from(count).sqrt() + 1e-9;
            assert!((mean - service.mean()).abs() < error, "{service:?}: {mean}");
            let square = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>();
            let found = square / f64::from(count) / (mean * mean);
            let expected = service.squared_variation();
            assert!((found - expected).abs() < 0.08 * expected + 1e-9, "{service:?}: {found}");
        }
    }

    #[test]
    fn a_service_without_a_mean_is_refused() {
        let infinite = Service::Pareto { scale: 1.0, shape: 1.0 };
        assert!(infinite.validate("x").is_err());
        let none = Service::Hyperexponential { branches: vec![(0.5, 1.0)] };
        assert!(none.validate("x").is_err());
        assert!(Service::Exponential { mean: f64::NAN }.validate("x").is_err());
    }
}
