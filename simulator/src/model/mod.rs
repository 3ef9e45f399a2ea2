//! The neutral model: sources of requests, stations with instances, and the calls between them.
//!
//! A plain queue and a whole cloud topology are the same thing here and take the same engine.
//! All times are seconds.
//!
//! # What happens to a request
//! - A *source* sends requests; each is of a class and calls the station where that class enters.
//! - A *call* goes to one of the station's shards, each as likely, and there to the instance that
//!   the balancer picks ([`Balancing`]), perhaps in its caller's zone ([`Station::near`]). The
//!   whole round trip is charged on the way there.
//! - An *instance* admits a call while fewer than its in-flight limit are inside; it is served at
//!   once if a server is free, waits while the queue has room, and is refused (an error, at once)
//!   otherwise. First come, first served, unless the station's [`Floor`] says otherwise: it has the
//!   discipline, the patience of those who wait, and when the servers are there.
//! - A served visit makes its own calls, one after the other; it holds no server meanwhile, but
//!   counts as in flight. Neighbouring calls marked parallel go out together and the visit goes on
//!   when all of them are back.
//! - Of calls that go out together the visit may wait for some only, or for none ([`Awaits`]).
//! - A call to a cache carries keys; each that misses makes the caller call the fallback. A cache
//!   that fails has missed every key. What its instances hold may be simulated ([`Contents`]).
//! - Instances may die and be repaired by themselves; balancers find out by checks ([`Life`]).
//! - Calls to a station may have to wait for a connection of their caller's ([`Connections`]).
//! - Instances may be copies of one another, with a primary that alone is written to ([`Copies`]).
//! - A caller gives up after its timeout. The work that it asked for is done all the same.
//! - A request may have a deadline, after which nothing more is asked for its sake.
//! - A failed call is repeated after a [`Backoff`], as
//!   long as retries are left and the caller's retry budget has a token.
//! - A visit that is done with its calls goes on to another station, or the same, with the chances
//!   of its [`Route`]s, and answers with what is left of 1. Its caller waits for all of that.
//! - A visit one of whose calls failed in the end answers with an error.

mod arrivals;
mod balancing;
mod call;
mod connections;
mod contents;
mod copies;
mod curve;
mod discipline;
mod incident;
mod life;
mod load;
mod phases;
mod route;
pub(crate) mod service;
mod station;

pub use arrivals::{Arrivals, Batch, Rate, RateState, Users};
pub use balancing::Balancing;
pub use call::{Awaits, Backoff, Call, Jitter, Lookup, Resilience};
pub use connections::Connections;
pub use contents::{Contents, Eviction};
pub use copies::Copies;
pub use discipline::{Discipline, Floor, Servers};
pub use incident::{Change, Incident};
pub use life::{HealthCheck, Life, WarmUp};
pub use load::Load;
pub use phases::Phase;
pub use route::Route;
pub use service::Service;
pub use station::{Instance, Station};

use crate::control::Controller;

/// Calls for one request beyond which a simulation of a few thousand requests would not end.
const CALLS_MAX: u32 = 100_000;

/// Classes that the engine can number.
const CLASSES_MAX: usize = 10_000;

/// Everything that a simulation needs to know.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Request classes; at least one.
    pub classes: usize,
    /// Where requests come from.
    pub sources: Vec<Source>,
    /// Where they are served; every station stands before those that it calls.
    pub stations: Vec<Station>,
    /// Round trips between instances.
    pub network: Network,
    /// What goes wrong, and when.
    pub incidents: Vec<Incident>,
    /// Who changes the number of instances, at most one for each station.
    pub controllers: Vec<Controller>,
}

/// A stream of requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// When they come.
    pub arrivals: Arrivals,
    /// A fixed number of clients in place of the stream, which is not looked at then: each thinks,
    /// sends a request, waits for its answer, and thinks again.
    pub users: Option<Users>,
    /// How many of them are of each class, as weights.
    pub mix: Vec<f64>,
    /// The station that each class enters at.
    pub enters: Vec<usize>,
    /// How long its clients wait and how often they try again.
    pub resilience: Resilience,
    /// The zones that its calls come from, each as likely; where there is none, the way is free.
    pub zones: Vec<u16>,
    /// How many seconds after it was sent a request is of no use any more, where it ever is not.
    ///
    /// That goes with all of its calls: from then on no call is made for it and no failed one is
    /// repeated, and stations that drop what expired drop it ([`Floor::drop_expired`]). Its client
    /// waits for as long as its timeout says.
    pub deadline: Option<f64>,
}

/// Round trips in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Network {
    /// Between two instances of one zone.
    pub same_zone: f64,
    /// Between two zones.
    pub cross_zone: f64,
}

/// Why a model cannot be simulated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelFault {
    /// It has no class.
    #[error("the model has no request class")]
    NoClass,
    /// A list that has one entry for each class has another length.
    #[error("`{place}` lists {found} entries for {classes} classes")]
    PerClass {
        /// Whose list.
        place: String,
        /// How many entries it has.
        found: usize,
        /// How many there must be.
        classes: usize,
    },
    /// Something is named by a place that does not exist.
    #[error("`{place}` names {what} {index}, which is not there")]
    Dangling {
        /// Who names it.
        place: String,
        /// A station, an instance or a shard.
        what: &'static str,
        /// The place that was named.
        index: usize,
    },
    /// A call does not lead to a later station, so calls might never end.
    #[error("`{place}` calls station {to}, which does not stand after it")]
    Backwards {
        /// The caller.
        place: String,
        /// The station called.
        to: usize,
    },
    /// A number is NaN, infinite, negative or outside its range.
    #[error("`{place}`: {number} is no {what}")]
    Number {
        /// Where it stands.
        place: String,
        /// What it should be.
        what: &'static str,
        /// What it is.
        number: f64,
    },
    /// There is more of something than the engine can number.
    #[error("`{place}` has more than {limit} {what}")]
    TooMany {
        /// Where.
        place: String,
        /// Of what.
        what: &'static str,
        /// How many there may be.
        limit: u64,
    },
}

/// Refuses a number that is not finite, or below what it may be.
pub(crate) fn number(
    place: &str,
    what: &'static str,
    number: f64,
    least: f64,
) -> Result<(), ModelFault> {
    if number.is_finite() && number >= least {
        return Ok(());
    }
    Err(ModelFault::Number { place: place.to_owned(), what, number })
}

/// Refuses a list that has not one entry for each class.
fn per_class(place: &str, found: usize, classes: usize) -> Result<(), ModelFault> {
    if found == classes {
        return Ok(());
    }
    Err(ModelFault::PerClass { place: place.to_owned(), found, classes })
}

impl Model {
    /// Looks for everything that would make the model meaningless.
    ///
    /// # Errors
    /// The first fault found, with its place.
    pub fn validate(&self) -> Result<(), ModelFault> {
        if self.classes == 0 {
            return Err(ModelFault::NoClass);
        }
        if self.classes > CLASSES_MAX {
            return Err(ModelFault::TooMany {
                place: "model".to_owned(),
                what: "request classes",
                limit: CLASSES_MAX as u64,
            });
        }
        number("network", "round trip", self.network.same_zone, 0.0)?;
        number("network", "round trip", self.network.cross_zone, 0.0)?;
        for (index, source) in self.sources.iter().enumerate() {
            source.validate(&format!("source {index}"), self)?;
        }
        for index in 0..self.stations.len() {
            self.stations[index].validate(index, self)?;
        }
        for incident in &self.incidents {
            incident.validate(self)?;
        }
        for controller in &self.controllers {
            controller.validate(self)?;
        }
        if self.calls_per_request() > CALLS_MAX.into() {
            return Err(ModelFault::TooMany {
                place: "sources".to_owned(),
                what: "calls for one request",
                limit: CALLS_MAX.into(),
            });
        }
        Ok(())
    }
}

impl Source {
    /// Requests of one class that enter at the first station, wait for ever and never try again.
    pub fn of(arrivals: Arrivals) -> Self {
        Self {
            arrivals,
            users: None,
            mix: vec![1.0],
            enters: vec![0],
            resilience: Resilience::NONE,
            zones: Vec::new(),
            deadline: None,
        }
    }

    /// Users of one class, likewise.
    pub fn of_users(users: Users) -> Self {
        Self { users: Some(users), ..Self::of(Arrivals::poisson(0.0)) }
    }

    fn validate(&self, place: &str, model: &Model) -> Result<(), ModelFault> {
        per_class(place, self.mix.len(), model.classes)?;
        per_class(place, self.enters.len(), model.classes)?;
        for weight in &self.mix {
            number(place, "weight", *weight, 0.0)?;
        }
        number(place, "sum of weights", self.mix.iter().sum(), 1e-300)?;
        for station in &self.enters {
            if *station >= model.stations.len() {
                return Err(ModelFault::Dangling {
                    place: place.to_owned(),
                    what: "station",
                    index: *station,
                });
            }
        }
        self.resilience.validate(place)?;
        number(place, "deadline", self.deadline.unwrap_or(1.0), 1e-9)?;
        if let Some(users) = &self.users {
            users.validate(place)?;
        }
        self.arrivals.validate(place)
    }
}
