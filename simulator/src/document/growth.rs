//! Whether the number in the system grows for ever, and how fast.
//!
//! The mean number in two windows of the same trials, the later one minus the earlier one, over the
//! time between their middles: in a system that has come to rest it is nothing, in one with more
//! work than it can do it is what is left undone in a second. Where callers give up, requests leave
//! and what they asked for stays to be done, so visits inside the stations are counted there as
//! well, and what grows faster is told.

use domain::simulation::Figure;
use rayon::prelude::*;

use super::convert::Converter;
use super::fleets;
use super::outlook::Outlook;
use super::pace::Pace;
use super::record::figure;
use crate::engine::{Program, Tally, Trial, Watch};
use crate::fault::SimulatorFault;
use crate::random::{Streams, scenario_number};
use crate::statistics::Estimate;
use crate::time::from_seconds;
use domain::model::Model as Document;

/// Trials.
const TRIALS: u32 = 12;
/// Visits of a trial.
const VISITS: f64 = 40_000.0;
/// Requests of a trial at least, however often each is repeated.
const REQUESTS_LEAST: f64 = 400.0;
/// Events after which a trial is given up.
const EVENTS_MAX: u64 = 1_000_000;
/// Times the memory of a fleet's controller until the first window begins.
const SETTLING: f64 = 8.0;
/// Both windows, as shares of a trial.
pub(super) const WINDOWS: [(f64, f64); 2] = [(0.4, 0.6), (0.8, 1.0)];

/// What was found out about a system's growth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Growth {
    /// Requests a second of the document.
    pub rate: Figure,
    /// Whether it is more than chance.
    pub certain: bool,
    /// All requests simulated for it.
    pub requests: u64,
    /// Trials.
    pub trials: u32,
    /// The time of a trial.
    pub time: f64,
}

/// Measures it.
pub(super) fn measure(
    document: &Document,
    outlook: &Outlook,
    pace: &Pace,
    seed: u64,
) -> Result<Growth, SimulatorFault> {
    let model = Converter { scale: pace.scale, warm_up: 0.0 }.model(document);
    let program = Program::new(&model)?;
    let shortest = trial_time(outlook);
    // A fleet first grows to what it is going to be.
    let settled = SETTLING * fleets::memory(&model) / pace.scale;
    let time = shortest.max(settled / WINDOWS[0].0);
    let events_max = EVENTS_MAX.min(pace.events_max).saturating_mul(times(time / shortest));
    let inside = gives_up(document);
    Ok(Growth::of(&trials(&program, pace, time, (seed, events_max, inside)), time))
}

/// Whether callers give up while what they asked for goes on.
pub(super) fn gives_up(document: &Document) -> bool {
    let sources = document.sources.iter().map(|source| &source.on_failure);
    let stations = document.stations.iter().map(|station| &station.on_failure);
    sources.chain(stations).any(|on_failure| on_failure.timeout.is_some())
}

/// How many times, rounded up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count, and the cast saturates"
)]
fn times(quotient: f64) -> u64 {
    quotient.ceil().max(1.0) as u64
}

/// Time of a trial: long enough for what chance adds.
pub(super) fn trial_time(outlook: &Outlook) -> f64 {
    (VISITS / (outlook.visits * outlook.attempts)).max(REQUESTS_LEAST) / outlook.rate
}

/// Trials that begin empty, each observed in both windows, of so many events at most; whether
/// visits inside the stations are counted.
pub(super) fn trials(
    program: &Program,
    pace: &Pace,
    time: f64,
    (seed, events_max, inside): (u64, u64, bool),
) -> Vec<[Tally; 2]> {
    let watch = |(from, to): (f64, f64)| Watch {
        requests_max: u64::MAX,
        // An end to retries of retries.
        events_max,
        levels: inside,
        ..Watch::between(
            from_seconds(time * from * pace.scale),
            from_seconds(time * to * pace.scale),
        )
    };
    let watches = WINDOWS.map(watch);
    let scenario = scenario_number("growth");
    let observed = |trial: u32| {
        watches
            .each_ref()
            .map(|watch| Trial::new(program, watch, Streams::new(seed, scenario, trial)).run())
    };
    (0..TRIALS).into_par_iter().map(observed).collect()
}

impl Growth {
    /// From trials of a time.
    pub(super) fn of(trials: &[[Tally; 2]], time: f64) -> Self {
        let between = time * (WINDOWS[1].0 - WINDOWS[0].0);
        let over = |number: fn(&Tally) -> u128| {
            let mean = |tally: &Tally| number(tally) as f64 / tally.observed as f64;
            let grown = |[earlier, later]: &[Tally; 2]| (mean(later) - mean(earlier)) / between;
            Estimate::of(trials.iter().map(grown))
        };
        let requests = over(|tally| tally.area);
        let inside = over(|tally| tally.stations.iter().map(|station| station.inside).sum());
        // Where visits were not counted, they are none.
        let estimate = if inside.mean > requests.mean.max(0.0) { inside } else { requests };
        Self {
            rate: figure(estimate, estimate.mean.max(0.0), f64::INFINITY),
            certain: estimate.mean > estimate.half_width(0.999),
            requests: trials.iter().flatten().map(|tally| tally.requests).sum(),
            trials: TRIALS,
            time,
        }
    }
}
