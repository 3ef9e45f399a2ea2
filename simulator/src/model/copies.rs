//! Stations whose instances are copies of one another's data.

use super::{ModelFault, Service, number};

/// How a station keeps its instances alike.
///
/// Of each shard one instance is the primary, at first the first one that serves. Calls that write
/// go to it alone, other calls to any instance that serves. A write is done when its answer is
/// given, and reaches each other instance after a lag, in order. A read is stale when a write to
/// its item has not reached its instance as its answer is given. When the primary dies, the
/// instance that is up and misses the fewest writes takes its place after a time, unless the
/// primary is back before; what it misses is lost. An instance that comes back has everything by
/// then.
#[derive(Debug, Clone, PartialEq)]
pub struct Copies {
    /// Time that a write takes to another instance; each its own.
    pub lag: Service,
    /// Seconds from the death of a primary until another instance takes its place.
    pub failover: f64,
    /// Items that are written and read, each as likely; with one, every read is of what was written
    /// last.
    pub items: u32,
}

impl Copies {
    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        self.lag.validate(place)?;
        number(place, "time of a failover", self.failover, 0.0)?;
        number(place, "number of items", self.items.into(), 1.0)
    }
}
