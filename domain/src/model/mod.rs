//! A queueing model as somebody writes it down: arrivals, stations, routing, and what goes wrong.
//!
//! The names are those of the field, the units are seconds, and everything that is left out has the
//! value that a textbook would take: one class, one server, exponential service, first come first
//! served, nobody impatient. Nothing here knows how a model is simulated.
//!
//! Stations stand in an order in which every one comes before those that it calls, whatever order
//! they were written in; everything else refers to them, and to classes, by their place.

mod autoscaler;
mod distribution;
mod fault;
mod order;
mod read;
mod run;
mod source;
mod station;
mod trace;
mod upkeep;
mod walk;

use crate::name::Name;
use crate::units::Seconds;

pub use autoscaler::{
    Autoscaler, HorizontalPod, ScalingChoice, ScalingPace, ScalingPolicy, ScalingRules, Schedule,
    ScheduleWindow, StepAdjustment, StepAlarm, StepScaling, TargetTracking,
};
pub use distribution::{Distribution, Phase, Weighted};
pub use fault::MODEL_CODES;
pub(crate) use fault::model_code;
pub use read::{Traces, read_model};
pub use run::RunSettings;
pub use source::{
    Arrivals, Backoff, Batch, Jitter, OnFailure, Point, Population, Rate, Source, Stay,
};
pub use station::{
    Awaits, Balancer, Call, Discipline, Instances, Lookup, Route, Servers, Station, StationIndex,
};
pub use upkeep::{Connections, Contents, Copies, Eviction, HealthCheck, Life};

/// The JSON Schema (draft 2020-12) of a model document.
pub const MODEL_SCHEMA: &str = include_str!("schema.json");

/// A queueing model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What it is called.
    pub name: Option<Name>,
    /// The classes of requests; at least one.
    pub classes: Vec<Class>,
    /// Where requests come from.
    pub sources: Vec<Source>,
    /// Where they are served, callers before those that they call.
    pub stations: Vec<Station>,
    /// Round trips between instances.
    pub network: Network,
    /// What goes wrong, and when.
    pub incidents: Vec<Incident>,
    /// How it is to be run.
    pub run: RunSettings,
}

/// A kind of request.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Its name; `all` where there is only one and nobody named it.
    pub name: Name,
    /// How many of the requests are of it, as a weight.
    pub share: f64,
    /// The station that it enters at.
    pub enters: StationIndex,
    /// How important it is where that matters: 0 goes before 1.
    pub priority: u8,
}

/// Round trips between instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Network {
    /// Between two instances of one zone.
    pub same_zone: Seconds,
    /// Between two zones.
    pub cross_zone: Seconds,
}

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// From the start of the observed time.
    pub at: Seconds,
    /// To which station.
    pub station: StationIndex,
    /// To which of its instances, by their place; to all of them where the list is empty.
    pub instances: Vec<usize>,
    /// What happens.
    pub change: Change,
}

/// What can happen to a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Instances stop without a word, and what is inside is lost.
    Down,
    /// Instances come back, empty.
    Up,
    /// The balancer sends nothing to them any more; what they have, they finish.
    Eject,
    /// The balancer sends to them from now on.
    Admit,
    /// All servers of the station stand still, and then go on where they were.
    Stall(Seconds),
}
