//! Connections that a station keeps to another one.

use super::{ModelFault, number};

/// How many calls to a station the instances of another one may have under way.
///
/// Each instance of the caller has a pool of its own. A call takes a connection before it is sent
/// and gives it back when its answer is there or its caller gives up; where none is free it waits
/// for one, first come, first served. That wait is no part of the call's timeout. What waits when
/// its caller dies is never sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Connections {
    /// The station called.
    pub to: usize,
    /// Connections of each instance of the caller.
    pub most: u32,
    /// Calls of an instance that may wait for one; another one fails at once. Any number where
    /// there is none.
    pub waiting: Option<u32>,
    /// How many seconds a call waits before it fails; for ever where there is none.
    pub patience: Option<f64>,
}

impl Connections {
    /// So many connections, and nobody who waits for one gives up.
    pub const fn to(to: usize, most: u32) -> Self {
        Self { to, most, waiting: None, patience: None }
    }

    pub(super) fn validate(&self, place: &str, stations: usize) -> Result<(), ModelFault> {
        if self.to >= stations {
            let place = place.to_owned();
            return Err(ModelFault::Dangling { place, what: "station", index: self.to });
        }
        number(place, "patience for a connection", self.patience.unwrap_or(1.0), 1e-9)
    }
}
