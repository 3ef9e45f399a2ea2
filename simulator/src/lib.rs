//! The independent judge: a request-level simulation of a model or of a whole topology.
//!
//! It shares no formula and no type with the solver; it knows the nouns of `domain` and nothing
//! else. [`verify`] judges a topology by a demand; [`statistics::run`] and [`verdict::judge`] do
//! the same for a plain queueing model.
//!
//! | module | answers |
//! |---|---|
//! | [`model`] | what happens to a request: sources, stations, calls, faults |
//! | [`control`] | how many instances there are, as the load changes |
//! | [`document`] | how somebody writes such a model down, and runs it |
//! | `system` | how a demand and a topology become such a model |
//! | `engine` | how a model is run, event by event |
//! | [`whole_day`] | how far the judging of a day is from all of its requests |
//! | [`exact`] | how rare the states are that no simulation sees |
//! | [`random`] | where the random numbers come from |
//! | [`statistics`] | what is counted, and how sure it is |
//! | [`verdict`] | when an objective is met |
//! | `scenario` | what a topology is put through |
//! | `uptime` | how much of a year it is up |
//! | [`culprit`](culprit()) | which service alone is to blame |

pub mod control;
mod culprit;
pub mod document;
mod engine;
pub mod exact;
mod fault;
mod judge;
mod load;
pub mod model;
pub mod random;
mod scenario;
pub mod statistics;
mod system;
mod time;
mod uptime;
pub mod verdict;
mod verify;

pub use culprit::{Culprit, culprit};
pub use fault::SimulatorFault;
pub use scenario::{FleetOfDay, Hour, Pair, WholeDay, WindowOfDay, whole_day};
pub use system::Minute;
pub use verify::{Evidence, Progress, Settings, scenario_names, verify, verify_scenarios};
