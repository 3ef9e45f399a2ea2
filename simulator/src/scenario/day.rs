//! The day: a fluid from midnight to midnight, with windows simulated request by request.
//!
//! The windows lie around the peak, the busiest moment of each autoscaled service, and the end of
//! the steepest ramp; each trial takes the next piece of every window, so that together they cover
//! it. They cover at least a tenth of the day where the load is low enough for that; otherwise as
//! much as the requests of a few steady scenarios, and the result says what share that is.

use std::collections::BTreeMap;

use domain::topology::Pool;
use domain::units::Seconds;
use domain::verification::{DayResult, SeriesPoint, Verdict};
use rayon::prelude::*;

use super::bursts::observed;
use super::fluid::{Fluid, STEP, follow};
use super::steady::{checks, result};
use super::whole::Simulated;
use super::windows::{Window, mean_utilisation, model, windows};
use super::{Finding, Lost, Scenario};
use crate::engine::{PoolTally, Program, Tally, Trial, Watch};
use crate::fault::SimulatorFault;
use crate::judge::{GOODPUT, Judge, events_max};
use crate::statistics::{Summary, busiest};
use crate::system::Condition;
use crate::time::{from_seconds, seconds};
use crate::verdict::{Answer, Decided, Effort, Pace, decide};

/// The share of the day that is simulated request by request where that is affordable.
const SHARE: f64 = 0.1;
/// Requests that a first look may take to cover that share.
const REQUESTS: f64 = 150_000.0;
/// Looks at most.
const LOOKS: u32 = 40;
/// Points of the fluid from one point of the series to the next: ten minutes.
const SERIES: usize = 60;

/// A day and how it is cut up.
pub(super) struct Layout {
    pub fluid: Fluid,
    windows: Vec<Window>,
    pace: Pace,
    /// Seconds of each window that a trial observes.
    piece: f64,
}

/// What one trial found in one window.
struct Piece {
    tally: Tally,
    /// Seconds from midnight.
    start: f64,
    window: usize,
}

/// Runs the day.
pub(super) fn run(scenario: &Scenario, judge: &Judge<'_>) -> Result<Finding, SimulatorFault> {
    let questions = judge.questions(GOODPUT);
    let Some(layout) = Layout::new(judge) else {
        return Ok(not_run(scenario, judge));
    };
    // Faults of the model would have shown at the peak; here it is only at another load.
    Program::new(&model(judge, &layout.fluid, 0.0, STEP))?;
    let effort =
        Effort { spending: judge.spending(), looks: if scenario.demanded { LOOKS } else { 1 } };
    let mut pieces: Vec<Figures> = Vec::new();
    let limits: Vec<_> = questions.iter().map(|question| question.limit).collect();
    let decided =
        decide(&questions, &layout.pace, &effort, judge.quantiles(), |numbers, summary| {
            let streams = judge.streams(&scenario.name);
            let trials: Vec<Vec<Piece>> = numbers
                .into_par_iter()
                .map(|trial| layout.trial(judge, trial, &limits, &streams))
                .collect();
            for trial in trials {
                pieces.extend(trial.iter().map(|piece| layout.figures(judge, piece)));
                let tallies = trial.into_iter().map(|piece| piece.tally);
                if let Some(whole) = tallies.reduce(Tally::merged) {
                    summary.add(whole);
                }
            }
            judge.tell(&scenario.name, summary);
        });
    Ok(layout.finding(scenario, judge, &decided, &pieces))
}

/// Figures of one piece.
struct Figures {
    window: usize,
    offered: u64,
    good: u64,
    seconds: f64,
    /// For each autoscaled service, what the fluid and the requests made of its utilisation.
    utilisation: Vec<(f64, f64)>,
}

impl Layout {
    pub(super) fn new(judge: &Judge<'_>) -> Option<Self> {
        let healthy = judge.system.model(&Condition::healthy());
        let limit = judge.request_limit(&healthy);
        let pace = Pace::of(&healthy, 1.0, 1.0 - GOODPUT, limit)?;
        let fluid = follow(judge.system);
        let rate = judge.peak();
        let trials = f64::from(pace.first);
        let warm_up = seconds(pace.warm_up);
        // The same windows whatever their length turns out to be, so that it can follow from them.
        let count = windows(&fluid, STEP).len() as f64;
        let mut least = (seconds(pace.observed) / count).max(warm_up);
        if judge.system.has_bursts() {
            least = least.max(observed(limit, trials * count, rate));
        }
        let tenth = SHARE * fluid.length() / (trials * count);
        let affordable = REQUESTS.min(limit as f64) / (trials * count * rate) - warm_up;
        let piece = if tenth <= affordable { tenth.max(least) } else { least };
        let windows = windows(&fluid, piece * trials);
        let most = limit as f64 / ((warm_up + piece) * windows.len() as f64 * rate);
        let most = u32::try_from(from_seconds(most) / 1_000_000_000).unwrap_or(u32::MAX);
        let pace = Pace { most: most.max(pace.first), ..pace };
        Some(Self { fluid, windows, pace, piece })
    }

    /// Where a trial's piece of a window begins: trials take turns to either side of its middle.
    fn start(&self, window: Window, trial: u32) -> f64 {
        let pair = f64::from(trial / 2);
        let steps = if trial.is_multiple_of(2) { pair } else { -1.0 - pair };
        window.middle + steps * self.piece
    }

    fn trial(
        &self,
        judge: &Judge<'_>,
        trial: u32,
        limits: &[crate::engine::Limit],
        streams: &(impl Fn(u32) -> crate::random::Streams + Sync),
    ) -> Vec<Piece> {
        let warm_up = seconds(self.pace.warm_up);
        (0_u32..)
            .zip(&self.windows)
            .map(|(number, window)| {
                let start = self.start(*window, trial);
                let length = warm_up + self.piece;
                let model = model(judge, &self.fluid, start - warm_up, length);
                // Trials begin at seconds of the minute that have nothing to do with one another.
                let phase = 37 * trial as usize + 11 * number as usize;
                let program = Program::new(&judge.system.with_bursts(model.clone(), phase));
                let program = program.expect("the model was fine at midnight");
                let watch = Watch {
                    limits: limits.to_vec(),
                    events_max: events_max(&model, length * judge.peak()),
                    ..Watch::between(self.pace.warm_up, from_seconds(length))
                };
                let count = u32::try_from(self.windows.len()).expect("there are few windows");
                let tally = Trial::new(&program, &watch, streams(trial * count + number)).run();
                let window = number as usize;
                Piece { tally, start, window }
            })
            .collect()
    }

    /// Every window as a first look sees it.
    pub(super) fn by_requests(&self, judge: &Judge<'_>) -> Vec<Simulated> {
        let streams = judge.streams("day");
        let trials: Vec<Vec<Piece>> = (0..self.pace.first)
            .into_par_iter()
            .map(|trial| self.trial(judge, trial, &[], &streams))
            .collect();
        let half = self.piece * f64::from(self.pace.first) / 2.0;
        let mut tallies: Vec<Option<Tally>> = vec![None; self.windows.len()];
        for piece in trials.into_iter().flatten() {
            let sum = tallies[piece.window].take();
            tallies[piece.window] = Some(match sum {
                Some(sum) => sum.merged(piece.tally),
                None => piece.tally,
            });
        }
        let windows = self.windows.iter().zip(tallies);
        windows
            .filter_map(|(window, tally)| {
                let (from, to) = (window.middle - half, window.middle + half);
                Some(Simulated { from, to, tally: tally? })
            })
            .collect()
    }

    fn figures(&self, judge: &Judge<'_>, piece: &Piece) -> Figures {
        let utilisation = self.fluid.fleets.iter().map(|fleet| {
            let station = judge.system.station(fleet.service).expect("a fleet is a station");
            let pools = &judge.system.topology.services[fleet.service].pools;
            let fluid = mean_utilisation(&fleet.utilisation, piece.start, self.piece);
            (fluid, used(pools, &piece.tally.pools[station]))
        });
        Figures {
            window: piece.window,
            offered: piece.tally.offered,
            good: piece.tally.good,
            seconds: seconds(piece.tally.observed),
            utilisation: utilisation.collect(),
        }
    }

    fn finding(
        &self,
        scenario: &Scenario,
        judge: &Judge<'_>,
        decided: &Decided,
        pieces: &[Figures],
    ) -> Finding {
        let summary = &decided.summary;
        let observed = decided.answers[judge.bars.len()].good();
        let mut result = result(scenario, judge, summary, observed);
        result.series = self.series(judge);
        let latency = &decided.answers[..judge.bars.len()];
        let hours = self.fluid.fleets.iter();
        let hours = hours.map(|fleet| (judge.system.name(fleet.service).to_owned(), fleet.hours));
        let covered: f64 = pieces.iter().map(|piece| piece.seconds).sum();
        Finding {
            checks: checks(scenario, judge, decided, GOODPUT),
            result,
            seen: true,
            lost: Lost::share(summary, 0.0),
            degraded: 0.0,
            holds: latency.iter().all(|answer| answer.verdict == Verdict::Pass),
            course: None,
            day: Some(DayResult {
                instance_hours: hours.collect::<BTreeMap<_, _>>(),
                request_level_share: (covered / self.fluid.length()).min(1.0),
                fluid_error: self.fluid_error(pieces),
                worst_goodput: self.worst_goodput(pieces),
            }),
            simulated: summary.requests,
        }
    }

    /// Figures of each window, over all trials.
    fn by_window<'a>(&self, pieces: &'a [Figures]) -> Vec<Vec<&'a Figures>> {
        let of = |window: usize| pieces.iter().filter(move |piece| piece.window == window);
        (0..self.windows.len()).map(|window| of(window).collect()).collect()
    }

    fn fluid_error(&self, pieces: &[Figures]) -> f64 {
        let mut worst: f64 = 0.0;
        for window in self.by_window(pieces) {
            for fleet in 0..self.fluid.fleets.len() {
                let errors = window.iter().map(|piece| piece.utilisation[fleet]);
                let sum: f64 = errors.map(|(fluid, requests)| fluid - requests).sum();
                worst = worst.max((sum / window.len().max(1) as f64).abs());
            }
        }
        worst
    }

    fn worst_goodput(&self, pieces: &[Figures]) -> f64 {
        let share = |window: Vec<&Figures>| {
            let offered: u64 = window.iter().map(|piece| piece.offered).sum();
            let good: u64 = window.iter().map(|piece| piece.good).sum();
            if offered == 0 { 1.0 } else { good as f64 / offered as f64 }
        };
        self.by_window(pieces).into_iter().map(share).fold(1.0, f64::min)
    }

    /// The day as the fluid has it: what cannot be done is not done well.
    fn series(&self, judge: &Judge<'_>) -> Vec<SeriesPoint> {
        let points = (0..self.fluid.load.len()).step_by(SERIES);
        points
            .map(|point| {
                let offered = self.fluid.load[point] * judge.peak();
                let fleets = self.fluid.fleets.iter();
                let fixed = self.fluid.fixed * self.fluid.load[point];
                let busiest = fleets.map(|fleet| fleet.utilisation[point]).fold(fixed, f64::max);
                let replicas: u32 =
                    self.fluid.fleets.iter().map(|fleet| fleet.serving[point]).sum();
                SeriesPoint {
                    at: Seconds::of(point as f64 * STEP),
                    offered,
                    good: offered / busiest.max(1.0),
                    latency_p95: 0.0,
                    replicas: f64::from(replicas),
                }
            })
            .collect()
    }
}

/// The share that was used of what a service's instances could do, of all pools together, as the
/// fluid has it.
fn used(pools: &[Pool], tallies: &[PoolTally]) -> f64 {
    if tallies.len() < 2 {
        return busiest(tallies);
    }
    let sum = |of: fn(&PoolTally) -> u128| -> f64 {
        let pools = pools.iter().zip(tallies);
        pools.map(|(pool, tally)| of(tally) as f64 * pool.speed.value()).sum()
    };
    let whole = sum(|tally| tally.serving);
    if whole > 0.0 { sum(|tally| tally.busy) / whole } else { 0.0 }
}

/// The load is more than may be simulated, or nothing at all.
fn not_run(scenario: &Scenario, judge: &Judge<'_>) -> Finding {
    let idle = judge.peak() <= 0.0;
    let verdict = if idle { Verdict::Pass } else { Verdict::Undecided };
    let decided = Decided {
        answers: vec![Answer::unseen(verdict); judge.bars.len() + 1],
        summary: Summary::new(judge.quantiles()),
    };
    let observed = decided.answers[judge.bars.len()].good();
    Finding {
        checks: checks(scenario, judge, &decided, GOODPUT),
        result: result(scenario, judge, &decided.summary, observed),
        seen: idle,
        lost: Lost::exactly(if idle { 0.0 } else { 1.0 }),
        degraded: 0.0,
        holds: idle,
        course: None,
        day: None,
        simulated: 0,
    }
}
