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
    /// How many requests come at each moment; the rate counts the moments.
    pub batch: Batch,
}

/// How many requests come together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Batch {
    /// One.
    #[default]
    Single,
    /// Always so many.
    Fixed(u32),
    /// At least one, each further one with the same chance: so many on average.
    Geometric(f64),
}

/// A fixed number of clients.
#[derive(Debug, Clone, PartialEq)]
pub struct Users {
    /// How many, up to 2²⁰.
    pub count: u32,
    /// How long each thinks before a request; no time at all where the mean is 0.
    pub think: Service,
}

impl Users {
    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        if self.count > 1 << 20 {
            let place = place.to_owned();
            return Err(ModelFault::TooMany { place, what: "users", limit: 1 << 20 });
        }
        self.think.validate(place)
    }
}

/// A rate of arrivals.
#[derive(Debug, Clone, PartialEq)]
pub enum Rate {
    /// Always the same.
    Constant(f64),
    /// Constant from each of these moments on, in seconds from the start of a trial; the first
    /// begins at 0 and the last lasts for ever.
    Steps(Vec<(f64, f64)>),
    /// Along straight lines between these points, moment and rate; the first moment is 0, and the
    /// last rate lasts for ever.
    Lines(Vec<(f64, f64)>),
    /// Steps or lines over and over again.
    Repeated {
        /// Steps, or lines.
        rate: Box<Rate>,
        /// Seconds after which they begin anew.
        period: f64,
    },
    /// mean + amplitude · sin(2πt / period).
    Sine {
        /// The mean.
        mean: f64,
        /// How far the rate swings to either side; at most the mean.
        amplitude: f64,
        /// Seconds of a swing.
        period: f64,
    },
    /// A rate that changes at random (MMPP where the stays are exponential); it begins with the
    /// first state.
    Modulated(Vec<RateState>),
}

/// A state of a rate that changes at random.
#[derive(Debug, Clone, PartialEq)]
pub struct RateState {
    /// The rate.
    pub rate: f64,
    /// How long it stays, in seconds.
    pub stay: Service,
    /// The weight with which each state comes next.
    pub next: Vec<f64>,
}

impl Arrivals {
    /// Independent requests of many clients.
    pub const fn poisson(rate: f64) -> Self {
        Self {
            gaps: Service::Exponential { mean: 1.0 },
            rate: Rate::Constant(rate),
            batch: Batch::Single,
        }
    }

    /// One request after each equal gap.
    pub const fn regular(rate: f64) -> Self {
        Self {
            gaps: Service::Fixed { time: 1.0 },
            rate: Rate::Constant(rate),
            batch: Batch::Single,
        }
    }

    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        self.gaps.validate(place)?;
        number(place, "mean gap", self.gaps.mean(), 1e-300)?;
        match self.batch {
            Batch::Single => {}
            Batch::Fixed(size) => number(place, "requests together", size.into(), 1.0)?,
            Batch::Geometric(mean) => number(place, "requests together", mean, 1.0)?,
        }
        self.rate.validate(place)
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
    fn validate(&self, place: &str) -> Result<(), ModelFault> {
        match self {
            Self::Constant(rate) => number(place, "rate", *rate, 0.0),
            Self::Steps(steps) | Self::Lines(steps) => validate_steps(place, steps),
            Self::Repeated { rate, period } => {
                number(place, "period", *period, 1e-9)?;
                match rate.as_ref() {
                    Self::Steps(steps) | Self::Lines(steps) => validate_steps(place, steps),
                    _ => number(place, "rate of steps or lines", f64::NAN, 0.0),
                }
            }
            Self::Sine { mean, amplitude, period } => {
                number(place, "period", *period, 1e-9)?;
                number(place, "amplitude", *amplitude, 0.0)?;
                number(place, "mean no less than the amplitude", *mean, *amplitude)
            }
            Self::Modulated(states) => {
                number(place, "number of states", states.len() as f64, 1.0)?;
                for state in states {
                    number(place, "rate", state.rate, 0.0)?;
                    state.stay.validate(place)?;
                    number(place, "mean stay", state.stay.mean(), 1e-9)?;
                    let listed = state.next.len() as f64 - states.len() as f64;
                    number(place, "number of weights", -listed.abs(), 0.0)?;
                    for weight in &state.next {
                        number(place, "weight", *weight, 0.0)?;
                    }
                    number(place, "sum of weights", state.next.iter().sum(), 1e-300)?;
                }
                Ok(())
            }
        }
    }

    /// The rate at a moment; where it changes at random, its highest.
    pub fn at(&self, moment: f64) -> f64 {
        match self {
            Self::Constant(rate) => *rate,
            Self::Steps(steps) => {
                let after = steps.partition_point(|(from, _)| *from <= moment);
                after.checked_sub(1).map_or(0.0, |index| steps[index].1)
            }
            Self::Lines(points) => {
                let after = points.partition_point(|(from, _)| *from <= moment);
                let Some(before) = after.checked_sub(1) else {
                    return 0.0;
                };
                let (from, low) = points[before];
                points
                    .get(after)
                    .map_or(low, |(to, high)| low + (high - low) * (moment - from) / (to - from))
            }
            Self::Repeated { rate, period } => rate.at(moment % period),
            Self::Sine { mean, amplitude, period } => {
                mean + amplitude * libm::sin(std::f64::consts::TAU * moment / period)
            }
            Self::Modulated(_) => self.peak(),
        }
    }

    /// The highest rate.
    pub fn peak(&self) -> f64 {
        match self {
            Self::Constant(rate) => *rate,
            Self::Steps(steps) | Self::Lines(steps) => {
                steps.iter().map(|(_, rate)| *rate).fold(0.0, f64::max)
            }
            Self::Repeated { rate, .. } => rate.peak(),
            Self::Sine { mean, amplitude, .. } => mean + amplitude,
            Self::Modulated(states) => states.iter().map(|state| state.rate).fold(0.0, f64::max),
        }
    }
}
