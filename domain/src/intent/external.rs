//! Services of somebody else, as described.

use crate::ledger::Stated;
use crate::units::{Ratio, Seconds};

/// What is known of a service of somebody else.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedExternal {
    /// Half of its answers come within so long.
    pub p50: Stated<Seconds>,
    /// Ninety-nine of a hundred answers come within so long; not less than the median.
    pub p99: Stated<Seconds>,
    /// The share of the time in which it answers.
    pub uptime: Stated<Ratio>,
}
