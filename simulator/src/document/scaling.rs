//! Whether a fleet is outgrown: its autoscaler never asks for as many instances as its work takes.
//!
//! What a fleet could do if it were as large as it may be says nothing of that: a policy may stop
//! before, or never start. So where a fleet was busy all the time in the run, the number in the
//! system is measured as in [`growth`](super::growth), over trials that get longer. It grows for
//! ever where it grows as fast in twice the time, with a fleet that does not grow any more: what
//! swings, or is still being caught up with, does not.

use domain::model::Model as Document;

use super::convert::Converter;
use super::growth::{self, Growth, WINDOWS};
use super::outlook::{self, Outlook};
use super::pace::Pace;
use super::record::Records;
use crate::engine::{Program, Tally};
use crate::fault::SimulatorFault;
use crate::statistics::busiest;
use crate::time::seconds;

/// The busy share of a fleet from which on it may be outgrown.
const BUSY: f64 = 0.97;
/// How many times as long the trials are.
const TIMES: [f64; 4] = [1.0, 2.0, 4.0, 8.0];
/// By how much a fleet is larger in the second window that still grows.
const LARGER: f64 = 1.02;
/// How much of a growth has to be left in twice the time.
const LEFT: f64 = 0.7;
/// Requests of a trial, at most.
const REQUESTS_MOST: f64 = 5e6;

/// A fleet that is outgrown.
pub(super) struct Outgrown {
    /// How fast.
    pub growth: Growth,
    /// Its station.
    pub station: usize,
    /// Its work as a share of what the instances can do that it has.
    pub share: f64,
}

/// The fleet that is outgrown, where one is.
pub(super) fn outgrown(
    document: &Document,
    outlook: &Outlook,
    pace: &Pace,
    records: &Records,
    seed: u64,
) -> Result<Option<Outgrown>, SimulatorFault> {
    let fleets = (0..document.stations.len())
        .filter(|station| document.stations[*station].autoscaler.is_some());
    let busy: Vec<usize> = fleets.filter(|station| always_busy(records, *station)).collect();
    if busy.is_empty() || outlook.course.is_some() {
        return Ok(None);
    }
    let program = Program::new(&Converter { scale: pace.scale, warm_up: 0.0 }.model(document))?;
    let mut before: Option<f64> = None;
    for times in TIMES {
        let time = trial_time(outlook, pace) * times;
        if time * outlook.rate > REQUESTS_MOST {
            return Ok(None);
        }
        let how = (seed, events_max(pace, time), growth::gives_up(document));
        let trials = growth::trials(&program, pace, time, how);
        let growth = Growth::of(&trials, time);
        let whole =
            trials.iter().flatten().all(|tally| seconds(tally.observed) > 0.19 * time * pace.scale);
        if !whole || !growth.certain || growth.rate.value <= 0.01 * outlook.rate {
            return Ok(None);
        }
        let serving = |window: usize, station: usize| -> f64 {
            let of = |tally: &Tally| {
                tally.stations[station].fleet.serving as f64 / tally.observed as f64
            };
            trials.iter().map(|windows| of(&windows[window])).sum::<f64>() / trials.len() as f64
        };
        let larger = |station: &usize| serving(1, *station) > LARGER * serving(0, *station);
        if busy.iter().any(larger) {
            before = None;
            continue;
        }
        if before.is_some_and(|before| growth.rate.value >= LEFT * before) {
            let shares = outlook::mean_work(document)?;
            let share = |station: usize| shares[station] / serving(1, station);
            let worst = busy.iter().copied().max_by(|a, b| share(*a).total_cmp(&share(*b)));
            let found = worst.map(|station| Outgrown { growth, station, share: share(station) });
            return Ok(found);
        }
        before = Some(growth.rate.value);
    }
    Ok(None)
}

/// Whether the servers of a fleet hardly ever rested in the run.
fn always_busy(records: &Records, station: usize) -> bool {
    let shares = records.batches.iter().map(|batch| busiest(&batch.tally.pools[station]));
    shares.sum::<f64>() >= BUSY * records.batches.len() as f64
}

/// Events after which a trial is given up: as many for its time as in the run.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count, and the cast saturates"
)]
fn events_max(pace: &Pace, time: f64) -> u64 {
    let longer = time / (pace.warm_up + pace.observed);
    (pace.events_max as f64 * longer.max(1.0)) as u64
}

/// Time of a trial: the first window begins after the warm-up, and both are whole periods.
fn trial_time(outlook: &Outlook, pace: &Pace) -> f64 {
    let time = growth::trial_time(outlook).max(pace.warm_up / WINDOWS[0].0);
    match outlook.period {
        Some(period) => {
            let window = period / (WINDOWS[0].1 - WINDOWS[0].0);
            (time / window).ceil() * window
        }
        None => time,
    }
}
