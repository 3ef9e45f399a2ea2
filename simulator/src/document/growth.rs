//! Whether the number in the system grows for ever, and how fast.
//!
//! The mean number in two windows of the same trials, the later one minus the earlier one, over the
//! time between their middles: in a system that has come to rest it is nothing, in one with more
//! work than it can do it is what is left undone in a second.

use domain::simulation::Figure;
use rayon::prelude::*;

use super::convert::Converter;
use super::outlook::Outlook;
use super::pace::Pace;
use super::record::figure;
use crate::engine::{Program, Trial, Watch};
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
/// Both windows, as shares of a trial.
const WINDOWS: [(f64, f64); 2] = [(0.4, 0.6), (0.8, 1.0)];

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
    let requests = (VISITS / (outlook.visits * outlook.attempts)).max(REQUESTS_LEAST);
    let time = requests / outlook.rate;
    let watch = |(from, to): (f64, f64)| Watch {
        // Long enough for what chance adds, and an end to retries of retries.
        requests_max: u64::MAX,
        events_max: EVENTS_MAX.min(pace.events_max),
        ..Watch::between(
            from_seconds(time * from * pace.scale),
            from_seconds(time * to * pace.scale),
        )
    };
    let watches = WINDOWS.map(watch);
    let scenario = scenario_number("growth");
    let grown = |trial: u32| {
        let counted = watches.each_ref().map(|watch| {
            let tally = Trial::new(&program, watch, Streams::new(seed, scenario, trial)).run();
            (tally.area as f64 / tally.observed as f64, tally.requests)
        });
        let between = time * (WINDOWS[1].0 - WINDOWS[0].0);
        ((counted[1].0 - counted[0].0) / between, counted[0].1 + counted[1].1)
    };
    let grown: Vec<(f64, u64)> = (0..TRIALS).into_par_iter().map(grown).collect();
    let estimate = Estimate::of(grown.iter().map(|(rate, _)| *rate));
    let mean = estimate.mean.max(0.0);
    Ok(Growth {
        rate: figure(estimate, mean, f64::INFINITY),
        certain: estimate.mean > estimate.half_width(0.999),
        requests: grown.iter().map(|(_, requests)| requests).sum(),
        trials: TRIALS,
        time,
    })
}
