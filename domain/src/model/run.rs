//! How a model is to be run.

use crate::units::{Ratio, Seconds};

/// How long, how often and how exactly a model is run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunSettings {
    /// The half-width of the interval of the mean response time, as a share of it, at which the
    /// run may end.
    pub precision: Ratio,
    /// Independent trials at least.
    pub trials: u32,
    /// Requests at most, over all trials.
    pub request_limit: u64,
    /// The time at the start of each trial that is not observed; worked out where there is none.
    pub warm_up: Option<Seconds>,
    /// The time that each trial observes after that; worked out where there is none.
    pub duration: Option<Seconds>,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            precision: Ratio::of(0.01),
            trials: 20,
            request_limit: 50_000_000,
            warm_up: None,
            duration: None,
        }
    }
}
