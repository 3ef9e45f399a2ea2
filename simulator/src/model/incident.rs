//! What goes wrong in a run, and when.

use super::{Model, ModelFault, number};

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Seconds from the start of the trial, its warm-up included.
    pub at: f64,
    /// What happens.
    pub change: Change,
}

/// What can happen to a station.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Instances stop without a word: what is inside is lost, and calls to them are never answered,
    /// so that their callers time out; a caller without a timeout is told at once.
    Down {
        /// Whose.
        station: usize,
        /// Which of them.
        instances: Vec<usize>,
    },
    /// Instances come back, empty.
    Up {
        /// Whose.
        station: usize,
        /// Which of them.
        instances: Vec<usize>,
    },
    /// The balancer sends nothing to them any more; what they have, they finish.
    Eject {
        /// Whose.
        station: usize,
        /// Which of them.
        instances: Vec<usize>,
    },
    /// The balancer sends to them from now on.
    Admit {
        /// Whose.
        station: usize,
        /// Which of them.
        instances: Vec<usize>,
    },
    /// All servers of a station stand still, and then go on where they were.
    Stall {
        /// Which.
        station: usize,
        /// For how many seconds.
        duration: f64,
    },
}

impl Incident {
    pub(super) fn validate(&self, model: &Model) -> Result<(), ModelFault> {
        let place = "incident";
        number(place, "moment", self.at, 0.0)?;
        let none = Vec::new();
        let (station, instances) = match &self.change {
            Change::Down { station, instances }
            | Change::Up { station, instances }
            | Change::Eject { station, instances }
            | Change::Admit { station, instances } => (*station, instances),
            Change::Stall { station, duration } => {
                number(place, "duration", *duration, 0.0)?;
                (*station, &none)
            }
        };
        let dangling = |what, index| ModelFault::Dangling { place: place.to_owned(), what, index };
        let found = model.stations.get(station).ok_or_else(|| dangling("station", station))?;
        match instances.iter().find(|index| **index >= found.instances.len()) {
            Some(index) => Err(dangling("instance", *index)),
            None => Ok(()),
        }
    }
}
