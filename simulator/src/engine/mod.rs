//! The engine: a model compiled to flat arrays, and trials of it, event by event.
//!
//! Completions and retries lie in a queue keyed by (nanosecond, sequence). Constant network delays
//! lie in first-in-first-out rings, deadlines of calls in lists through the visits themselves, and
//! the next arrival of each source beside them, so the queue stays as small as the number of busy
//! servers. Events of the same nanosecond come in a fixed order: completions, deliveries, arrivals,
//! deadlines, incidents, controllers. Nothing is allocated for a request once the slab of visits
//! has grown to the largest number in flight.

#![expect(
    clippy::inline_always,
    reason = "a visit takes 60 ns; calls between its five steps would be a fifth of that"
)]

mod agenda;
mod alias;
mod answers;
mod arrivals;
mod balancer;
mod budget;
mod cache;
mod calls;
mod clock;
mod compile;
mod connections;
mod copies;
mod deadlines;
mod degrading;
mod disciplines;
mod errands;
mod fleet;
mod floor;
mod gates;
mod gauge;
mod group;
mod incidents;
mod instance;
mod lives;
mod messages;
mod misses;
mod program;
mod queue;
mod rates;
mod routes;
mod serving;
mod station;
mod steering;
mod tally;
mod trial;
mod upkeep;
mod users;
mod visits;
mod watch;

pub(crate) use program::Program;
pub(crate) use tally::{Bin, PoolTally, StationTally, Tally};
pub(crate) use trial::Trial;
pub(crate) use watch::{Limit, Recovery, Watch};

/// No visit, no instance, no list.
pub(crate) const NONE: u32 = u32::MAX;

/// A place in an array that the program counted itself.
fn place(index: usize) -> u32 {
    u32::try_from(index).expect("a validated model has fewer than 2³² of anything")
}
