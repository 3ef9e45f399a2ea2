//! What is observed of a trial: which part of it, against which limits, in how much detail.

use crate::time::NEVER;

/// A latency limit whose exceedances are counted exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    /// The class whose requests count; all of them where there is none. What comes after the last
    /// class are the stations: there the messages to one count, which nobody waits for.
    pub class: Option<u16>,
    /// Nanoseconds.
    pub latency: u64,
}

/// When a trial has seen enough because goodput came back and stayed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Recovery {
    /// When the fault ends.
    pub from: u64,
    /// How many bins in a row must be good.
    pub bins: usize,
    /// The share of the requests of a bin that must be good.
    pub share: f64,
}

/// What is observed of a trial.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Watch {
    /// Requests that arrive before this moment fill the system and are not observed.
    pub warm_up: u64,
    /// Requests that arrive from this moment on are not observed.
    pub end: u64,
    /// The load as a factor on every source's rate.
    pub load: f64,
    /// Latency limits.
    pub limits: Vec<Limit>,
    /// The width of a bin of the time series; nothing where there is no series.
    pub bin: u64,
    /// When to stop early.
    pub recovery: Option<Recovery>,
    /// Whether the distribution of the waiting time is recorded for each station.
    pub waits: bool,
    /// Whether it is recorded how long how many visits are at each station.
    pub levels: bool,
    /// Whether what controllers saw is kept, look by look.
    pub looks: bool,
    /// Requests, the warm-up included, after which the trial is cut short.
    pub requests_max: u64,
    /// Events after which the trial is given up, whatever is under way: retries of retries of
    /// retries may be more than anybody wants to see.
    pub events_max: u64,
}

impl Watch {
    /// Observes what arrives between two moments, and nothing else.
    pub(crate) const fn between(warm_up: u64, end: u64) -> Self {
        Self {
            warm_up,
            end,
            load: 1.0,
            limits: Vec::new(),
            bin: 0,
            recovery: None,
            waits: false,
            levels: false,
            looks: false,
            requests_max: NEVER,
            events_max: u64::MAX,
        }
    }
}
