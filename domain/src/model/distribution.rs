//! Distributions of times, by their usual names.

use crate::units::Seconds;

/// How long something takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Always the same (D).
    Deterministic(Seconds),
    /// Without memory (M), by its mean.
    Exponential(Seconds),
    /// The sum of equal exponentials (E).
    Erlang {
        /// How many.
        stages: u32,
        /// The mean of the sum.
        mean: Seconds,
    },
    /// One of several exponentials, chosen at random (H): each with its probability and mean.
    Hyperexponential(Vec<Weighted>),
    /// Its logarithm is normal.
    Lognormal {
        /// Its mean.
        mean: Seconds,
        /// Its coefficient of variation.
        cv: f64,
    },
    /// Gamma, of any shape.
    Gamma {
        /// Its mean.
        mean: Seconds,
        /// Its coefficient of variation.
        cv: f64,
    },
    /// Anything between two times, all as likely.
    Uniform {
        /// The shortest.
        low: Seconds,
        /// The longest.
        high: Seconds,
    },
    /// A power-law tail.
    Pareto {
        /// The shortest time.
        scale: Seconds,
        /// The exponent of the tail, above 1.
        shape: f64,
    },
    /// One of some values, as measured, each with its weight.
    Empirical(Vec<Weighted>),
    /// Exponential stays in phases that follow one another at random (PH).
    PhaseType(Vec<Phase>),
}

/// A time with a probability or a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted {
    /// The time, or the mean of one.
    pub time: Seconds,
    /// How likely it is.
    pub weight: f64,
}

/// A phase of a phase-type time.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// The chance that a time begins here.
    pub start: f64,
    /// The mean of the stay.
    pub mean: Seconds,
    /// The chance that each phase comes next; with what is left of 1 the time is over.
    pub next: Vec<f64>,
}

impl Distribution {
    /// The mean in seconds, where one look is enough to tell; phases take the simulator's.
    pub fn simple_mean(&self) -> Option<Seconds> {
        let mean = match self {
            Self::Deterministic(time) | Self::Exponential(time) => time.value(),
            Self::Erlang { mean, .. } | Self::Lognormal { mean, .. } | Self::Gamma { mean, .. } => {
                mean.value()
            }
            Self::Hyperexponential(parts) | Self::Empirical(parts) => {
                let whole: f64 = parts.iter().map(|part| part.weight).sum();
                parts.iter().map(|part| part.time.value() * part.weight).sum::<f64>() / whole
            }
            Self::Uniform { low, high } => f64::midpoint(low.value(), high.value()),
            Self::Pareto { scale, shape } => scale.value() * shape / (shape - 1.0),
            Self::PhaseType(_) => return None,
        };
        Seconds::new(mean).ok()
    }
}
