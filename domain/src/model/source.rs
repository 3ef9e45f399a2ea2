//! Where requests come from, and what their clients do when an answer is late.

use super::Distribution;
use crate::units::Seconds;

/// A stream of requests, or a population of clients.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// When requests come.
    pub arrivals: Arrivals,
    /// How many of them are of each class, as weights.
    pub mix: Vec<f64>,
    /// How long its clients wait and how often they try again.
    pub on_failure: OnFailure,
    /// The zones that it calls from, each as likely; where there is none, the way is free.
    pub zones: Vec<u16>,
    /// How long after it was sent a request is of no use any more, where it ever is not.
    pub deadline: Option<Seconds>,
}

/// When requests come.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrivals {
    /// Whatever the system does.
    Open {
        /// The shape of the times between arrivals; exponential for a Poisson process.
        interarrival: Distribution,
        /// How many a second; that of the times between arrivals where it is left out.
        rate: Option<Rate>,
        /// How many come at each moment.
        batch: Batch,
    },
    /// When one of a fixed number of clients has thought after its last answer.
    Closed(Population),
}

/// A fixed number of clients.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// How many.
    pub size: u32,
    /// How long each thinks before a request.
    pub think_time: Distribution,
}

/// How many requests come together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Batch {
    /// Always so many.
    Fixed(u32),
    /// So many on average, at least one, each further one with the same chance.
    Geometric(f64),
}

/// A rate of arrivals, in numbers a second.
#[derive(Debug, Clone, PartialEq)]
pub enum Rate {
    /// Always the same.
    Constant(f64),
    /// Constant from each point on.
    Steps {
        /// The points, the first at 0.
        points: Vec<Point>,
        /// After which they begin anew; the last lasts for ever where there is none.
        period: Option<Seconds>,
    },
    /// Along straight lines from point to point.
    Lines {
        /// The points, the first at 0.
        points: Vec<Point>,
        /// After which they begin anew; the last lasts for ever where there is none.
        period: Option<Seconds>,
    },
    /// mean + amplitude · sin(2πt / period).
    Sine {
        /// The mean.
        mean: f64,
        /// How far it swings to either side; at most the mean.
        amplitude: f64,
        /// The time of a swing.
        period: Seconds,
    },
    /// A Markov-modulated rate: it stays in each state for a time, and then goes on to another.
    Modulated(Vec<Stay>),
}

/// A rate from a moment on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the start.
    pub at: Seconds,
    /// The rate, in numbers a second.
    pub rate: f64,
}

/// A state of a modulated rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// The rate, in numbers a second.
    pub rate: f64,
    /// How long it stays.
    pub stay: Distribution,
    /// The weight with which each state comes next.
    pub next: Vec<f64>,
}

/// What a caller does about calls that take too long or fail.
#[derive(Debug, Clone, PartialEq)]
pub struct OnFailure {
    /// How long it waits for an attempt; for ever where there is none.
    pub timeout: Option<Seconds>,
    /// How often it repeats a failed call; as often as it takes where there is no number.
    pub retries: Option<u8>,
    /// Retries that each call earns; where there is none, every retry is allowed.
    pub retry_budget: Option<f64>,
    /// How long it waits before it repeats one.
    pub backoff: Backoff,
}

impl Default for OnFailure {
    fn default() -> Self {
        Self { timeout: None, retries: Some(0), retry_budget: None, backoff: Backoff::default() }
    }
}

/// How long a caller waits before it repeats a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// The scale of the first wait.
    pub first: Seconds,
    /// What it is multiplied by from retry to retry.
    pub growth: f64,
    /// The longest scale.
    pub limit: Option<Seconds>,
    /// How a wait is drawn around it.
    pub jitter: Jitter,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Seconds::ZERO, growth: 2.0, limit: None, jitter: Jitter::Full }
    }
}

/// How a wait before a retry is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// It is the scale.
    None,
    /// Anything from nothing to the scale, all as likely.
    Full,
    /// Exponential, the scale being its mean.
    Exponential,
}
