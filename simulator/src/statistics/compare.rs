//! Two models on common random numbers: what one is better by than the other.
//!
//! Both meet the same requests at the same moments with the same work, since every draw is a
//! function of what it is for. What is left of the noise is what the models make of it differently,
//! so that far fewer trials tell them apart.

use super::{Estimate, Experiment, Figure, Statistics, run};
use crate::model::{Model, ModelFault};

/// Two models under one experiment.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// What the first showed.
    pub first: Statistics,
    /// What the second showed.
    pub second: Statistics,
}

/// By how much a figure of the second model is larger than that of the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The difference, from the differences of the trials.
    pub paired: Estimate,
    /// The standard error that it would have if both had been run on streams of their own.
    pub independent_error: f64,
}

impl Difference {
    /// How many times as many independent trials would be needed for the same interval.
    pub fn gain(&self) -> f64 {
        (self.independent_error / self.paired.standard_error).powi(2)
    }
}

/// Runs two models on the same streams.
///
/// # Errors
/// When one of them has a fault.
pub fn compare(
    first: &Model,
    second: &Model,
    experiment: &Experiment,
) -> Result<Comparison, ModelFault> {
    Ok(Comparison { first: run(first, experiment)?, second: run(second, experiment)? })
}

impl Comparison {
    /// The difference of a figure, second minus first.
    pub fn difference(&self, figure: Figure) -> Difference {
        let [first, second] = [&self.first, &self.second].map(|run| run.values(figure));
        let paired = Estimate::of(second.iter().zip(&first).map(|(second, first)| second - first));
        let [first, second] = [first, second].map(|values| Estimate::of(values).standard_error);
        Difference { paired, independent_error: first.hypot(second) }
    }
}
