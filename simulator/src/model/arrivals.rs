//! When requests come.

use super::{ModelFault, Service, number};

/// A stream of arrivals: gaps of a shape, at a rate that may change with time.
///
/// The gaps are laid out in operational time, in which the mean gap is 1, and the rate maps that to
/// the clock. So a Poisson stream stays Poisson under a changing rate, and the same draws at a
/// higher rate give the same arrivals, closer together.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrivals {
    /// The shape of the gaps; their mean is brought to 1 whatever it is.
    pub gaps: Service,
    /// How many a second.
    pub rate: Rate,
}

/// A rate of arrivals.
#[derive(Debug, Clone, PartialEq)]
pub enum Rate {
    /// Always the same.
    Constant(f64),
    /// Constant from each of these moments on, in seconds from the start of a trial; the first
    /// begins at 0 and the last lasts for ever.
    Steps(Vec<(f64, f64)>),
}

impl Arrivals {
    /// Independent requests of many clients.
    pub const fn poisson(rate: f64) -> Self {
        Self { gaps: Service::Exponential { mean: 1.0 }, rate: Rate::Constant(rate) }
    }

    /// One request after each equal gap.
    pub const fn regular(rate: f64) -> Self {
        Self { gaps: Service::Fixed { time: 1.0 }, rate: Rate::Constant(rate) }
    }

    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        self.gaps.validate(place)?;
        number(place, "mean gap", self.gaps.mean(), 1e-300)?;
        match &self.rate {
            Rate::Constant(rate) => number(place, "rate", *rate, 0.0),
            Rate::Steps(steps) => validate_steps(place, steps),
        }
    }
}

fn validate_steps(place: &str, steps: &[(f64, f64)]) -> Result<(), ModelFault> {
    let start = steps.first().map_or(f64::NAN, |step| step.0);
    if start != 0.0 {
        return Err(ModelFault::Number {
            place: place.to_owned(),
            what: "start of the first step, which is 0",
            number: start,
        });
    }
    let mut earliest = 0.0;
    for (from, rate) in steps {
        number(place, "moment after the one before it", *from, earliest)?;
        number(place, "rate", *rate, 0.0)?;
        earliest = *from;
    }
    Ok(())
}

impl Rate {
    /// The rate at a moment.
    pub fn at(&self, moment: f64) -> f64 {
        match self {
            Self::Constant(rate) => *rate,
            Self::Steps(steps) => {
                let after = steps.partition_point(|(from, _)| *from <= moment);
                after.checked_sub(1).map_or(0.0, |index| steps[index].1)
            }
        }
    }

    /// The highest rate.
    pub fn peak(&self) -> f64 {
        match self {
            Self::Constant(rate) => *rate,
            Self::Steps(steps) => steps.iter().map(|(_, rate)| *rate).fold(0.0, f64::max),
        }
    }
}
