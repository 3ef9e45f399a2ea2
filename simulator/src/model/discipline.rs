//! In which order an instance serves, who gives up waiting, and when its servers are there.

use super::{ModelFault, Service, Station, number, per_class};

/// In which order an instance serves those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Discipline {
    /// First come, first served.
    #[default]
    FirstCome,
    /// Last come, first served.
    LastCome {
        /// Whether a newcomer takes the server of whoever came before it, who goes on later.
        preemptive: bool,
    },
    /// The lowest number of the station's `priorities` first; within it, first come.
    Priority {
        /// Whether a more important visit takes the server of the least important one, of these
        /// of the one that began last, who goes on later with what is left.
        preemptive: bool,
    },
    /// All at once, up to a number: while there are more than servers, each is served at the same
    /// share of the full speed.
    Sharing {
        /// How many at once, the others waiting in order of arrival; any number where there is
        /// none.
        most: Option<u32>,
    },
}

/// How one instance's queue and servers behave, beside plain first come, first served.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Floor {
    /// The order.
    pub discipline: Discipline,
    /// The priority of each class, 0 before all others; empty where all are alike.
    pub priorities: Vec<u8>,
    /// How long a visit waits in the queue before it gives up, which is an error for its caller;
    /// for ever where there is none.
    pub patience: Option<Service>,
    /// Whether a visit that nobody waits for any more, because its caller or one of the callers
    /// before it gave up or its request's deadline has passed, is dropped when a server would take
    /// it.
    pub drop_expired: bool,
    /// When its servers are there; all of them always, where there is nothing.
    pub servers: Servers,
}

/// When the servers of an instance are there.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Servers {
    /// Always.
    #[default]
    Always,
    /// Each fails after a time, at work or not, and is repaired by one of so many crews, in order
    /// of failure. Whom it served goes back to the head of the queue and later goes on.
    Failing {
        /// Time from repair to failure.
        lasts: Service,
        /// Time of a repair.
        repair: Service,
        /// Crews of the instance.
        crews: u32,
    },
    /// Each is switched off when it has nothing to do, and set up for each visit that waits; a
    /// set-up that nobody waits for any more is broken off, the latest first.
    SetUp {
        /// Time of a set-up.
        time: Service,
    },
    /// Some are on: an arrival that makes the visits inside as many as `up` starts one more, unless
    /// one is starting; a departure that leaves no more than `down` stops one at once.
    Thresholds {
        /// How many are always on, and on at first.
        least: u32,
        /// Visits inside that start one.
        up: u32,
        /// Visits inside that stop one.
        down: u32,
        /// Time that a start takes.
        start: Service,
    },
}

impl Floor {
    /// Whether it is more than plain first come, first served.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn validate(&self, station: &Station, classes: usize) -> Result<(), ModelFault> {
        let place = station.name.as_str();
        if !self.priorities.is_empty() {
            per_class(place, self.priorities.len(), classes)?;
        }
        if let Some(patience) = &self.patience {
            patience.validate(place)?;
        }
        if let Discipline::Sharing { most } = self.discipline {
            number(place, "visits at once", most.unwrap_or(1).into(), 1.0)?;
        }
        match &self.servers {
            Servers::Always => Ok(()),
            Servers::Failing { lasts, repair, crews } => {
                lasts.validate(place)?;
                repair.validate(place)?;
                number(place, "mean time to failure", lasts.mean(), 1e-9)?;
                number(place, "mean time of a repair", repair.mean(), 1e-9)?;
                number(place, "crews", (*crews).into(), 1.0)
            }
            Servers::SetUp { time } => time.validate(place),
            Servers::Thresholds { up, down, start, .. } => {
                number(place, "threshold above that for stopping", (*up).into(), {
                    f64::from(*down) + 1.0
                })?;
                start.validate(place)
            }
        }
    }
}
