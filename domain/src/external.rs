//! What is not ours to size, but in the path: a service of somebody else that is called over the
//! network.

use crate::units::{Ratio, Seconds};

/// How long a service of somebody else takes, and how often it answers at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct External {
    /// Half of its answers come within so long, as its caller sees them.
    pub p50: Seconds,
    /// Ninety-nine of a hundred answers come within so long.
    pub p99: Seconds,
    /// The share of the time in which it answers.
    pub uptime: Ratio,
}

impl External {
    /// The share of the time in which it does not answer, in ppm.
    pub fn unavailability_ppm(&self) -> f64 {
        (Ratio::ONE.value() - self.uptime.value()) * 1e6
    }
}
