//! Runs trials until the mean response time is as exact as was asked for.
//!
//! Looks are taken after a lowest number of trials and then after half as many more each time, so
//! that there are few of them: a rule that looks after every trial would stop on lucky runs. The
//! interval is that of independent trials, skewed as they are, and a little wider than if it had
//! been looked at once (`record`), so that it covers the truth as often as it says.

use domain::model::Model as Document;
use domain::simulation::{Effort, Figure, Finding, Simulation, StationFigures};
use rayon::prelude::*;

use super::convert::Converter;
use super::figures::Figures;
use super::growth::{self, Growth};
use super::outlook::Outlook;
use super::pace::Pace;
use super::record::{Records, Span};
use super::scaling;
use super::tails;
use super::upkeep;
use crate::engine::{Program, Tally, Trial, Watch};
use crate::fault::SimulatorFault;
use crate::random::{Streams, scenario_number};
use crate::time::from_seconds;

/// By what the number of trials grows from look to look.
const GROWTH: f64 = 1.5;
/// Bins of a series.
const BINS: f64 = 96.0;
/// Trials of a series that is run for itself.
const SERIES_TRIALS: u32 = 40;
/// Batches that trials are put together in.
const BATCHES: u32 = 20;
/// Trials whose tallies are held at once.
const AT_ONCE: u32 = 40;
/// Stations up to which the distribution of the waiting time is recorded at each.
const STATIONS_WATCHED: usize = 100;

/// What is known so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interim {
    /// Trials that have been run.
    pub trials: u32,
    /// The mean response time in seconds.
    pub response: Option<Figure>,
    /// The half-width of its interval, as a share of it.
    pub precision: Option<f64>,
}

/// Trials of one kind.
struct Bench<'a> {
    program: &'a Program,
    watch: Watch,
    seed: u64,
    scenario: &'a str,
    /// Whether it is the median that is to be exact.
    median: bool,
}

/// Simulates a model; what is known so far is told after each look.
///
/// The answer is a function of the document and the seed, on any number of threads.
///
/// # Errors
/// When the model means nothing to the engine, or its times lie too far apart for it.
pub fn simulate(
    document: &Document,
    seed: u64,
    tell: &dyn Fn(&Interim),
) -> Result<Simulation, SimulatorFault> {
    let outlook = Outlook::of(document)?;
    if outlook.rate <= 0.0 {
        return Ok(idle(document, seed));
    }
    let pace = Pace::of(document, &outlook)?;
    if may_grow(document, &outlook) {
        let growth = growth::measure(document, &outlook, &pace, seed)?;
        let too_much = outlook.suspect.is_some() && outlook.lossless;
        let grows = growth.certain && growth.rate.value > 0.01 * outlook.rate;
        if too_much || grows || growth.certain && outlook.suspect.is_some() {
            return Ok(unstable(document, seed, outlook.suspect, growth));
        }
    }
    let converter =
        Converter { scale: pace.scale, warm_up: from_start(&outlook, &pace) * pace.scale };
    let program = Program::new(&converter.model(document))?;
    let bin = outlook.course.map_or(0.0, |_| pace.observed / BINS);
    let watch = watch(&pace, document.stations.len(), pace.observed, bin);
    let scenario = "model";
    let heavy_tail = tails::heavy(document);
    let median = heavy_tail.is_some();
    let bench = Bench { program: &program, watch, seed, scenario, median };
    let records = bench.sequential(document, &pace, tell);
    if let Some(found) = scaling::outgrown(document, &outlook, &pace, &records, seed)? {
        return Ok(unstable(document, seed, Some((found.station, found.share)), found.growth));
    }
    let figures = Figures { records: &records, scale: pace.scale, median };
    let periodic = match outlook.period {
        Some(period) if outlook.course.is_none() => {
            periodic(&program, &pace, &outlook, (period, seed))
        }
        _ => None,
    };
    let (over_time, bin) = match (&periodic, outlook.period) {
        (Some(records), Some(period)) => (Figures { records, ..figures }, period / BINS),
        _ => (figures, bin),
    };
    let series = if bin > 0.0 { over_time.series(bin) } else { Vec::new() };
    let mut stations = figures.stations(document);
    add_courses(&mut stations, over_time, bin);
    let mut simulation = Simulation {
        finding: finding(document, figures),
        effort: effort(document, &pace, &records),
        requests: Some(figures.requests()),
        classes: figures.classes(document),
        stations,
        distribution: figures.distribution(),
        series,
        heavy_tail,
        ..idle(document, seed)
    };
    if median {
        tails::leave_out_means(&mut simulation);
    }
    Ok(simulation)
}

/// What happens once happens after the warm-up.
fn from_start(outlook: &Outlook, pace: &Pace) -> f64 {
    if outlook.course.is_some() { pace.warm_up } else { 0.0 }
}

/// Whether the number in the system may grow for ever. What happens once has an end, so there it
/// does not matter; elsewhere a station may have too much to do by itself, or by what is repeated.
/// Fleets are looked at after the run.
fn may_grow(document: &Document, outlook: &Outlook) -> bool {
    let repeats = |on_failure: &domain::model::OnFailure| on_failure.retries != Some(0);
    let repeated = document.sources.iter().any(|source| repeats(&source.on_failure))
        || document.stations.iter().any(|station| repeats(&station.on_failure));
    let hidden = document.stations.iter().any(upkeep::hides);
    let fleets = document.stations.iter().any(|station| station.autoscaler.is_some());
    outlook.course.is_none() && (outlook.suspect.is_some() || !fleets && (repeated || hidden))
}

fn watch(pace: &Pace, stations: usize, observed: f64, bin: f64) -> Watch {
    let scaled = |time: f64| from_seconds(time * pace.scale);
    Watch {
        waits: stations <= STATIONS_WATCHED,
        bin: if bin > 0.0 { scaled(bin).max(1) } else { 0 },
        requests_max: pace.requests_max,
        events_max: pace.events_max,
        ..Watch::between(scaled(pace.warm_up), scaled(pace.warm_up + observed))
    }
}

impl Bench<'_> {
    /// Runs trials side by side and adds them in their order, a few at a time.
    fn run(&self, numbers: std::ops::Range<u32>, records: &mut Records) {
        let scenario = scenario_number(self.scenario);
        let span = Span { from: self.watch.warm_up, to: self.watch.end, bin: self.watch.bin };
        let mut from = numbers.start;
        while from < numbers.end {
            let to = numbers.end.min(from + AT_ONCE);
            let trial = |trial: u32| {
                let streams = Streams::new(self.seed, scenario, trial);
                Trial::new(self.program, &self.watch, streams).run()
            };
            let tallies: Vec<Tally> = (from..to).into_par_iter().map(trial).collect();
            for tally in tallies {
                records.add(tally, span);
            }
            from = to;
        }
    }

    /// Looks after more and more trials.
    fn sequential(&self, document: &Document, pace: &Pace, tell: &dyn Fn(&Interim)) -> Records {
        let batches = pace.first.min(BATCHES);
        let mut records = Records::new(batches);
        let mut next = pace.first;
        loop {
            self.run(records.trials()..next, &mut records);
            let figures = Figures { records: &records, scale: pace.scale, median: self.median };
            let precision = figures.precision();
            let response = if self.median { None } else { figures.response() };
            tell(&Interim { trials: next, response, precision });
            let exact = precision.is_some_and(|found| found <= document.run.precision.value());
            // Where nobody was answered, or trials had to be cut, more of them say nothing.
            let runs_away = records.cut_short > next / 2;
            if exact || precision.is_none() || runs_away || next >= pace.most {
                return records;
            }
            // Batches of equal size tell the same about their percentiles.
            next = grown(next).next_multiple_of(batches).min(pace.most);
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of trials, far from the limits of its type"
)]
fn grown(trials: u32) -> u32 {
    (f64::from(trials) * GROWTH).ceil() as u32
}

/// One period after a warm-up, in bins; nothing where a period is too long to be repeated.
fn periodic(
    program: &Program,
    pace: &Pace,
    outlook: &Outlook,
    (period, seed): (f64, u64),
) -> Option<Records> {
    let requests = (pace.warm_up + period) * outlook.rate * f64::from(SERIES_TRIALS);
    if requests > 1e7 || pace.requests_max as f64 * f64::from(SERIES_TRIALS) < requests {
        return None;
    }
    let bin = period / BINS;
    let watch = watch(pace, STATIONS_WATCHED + 1, period, bin);
    let bench = Bench { program, watch, seed, scenario: "series", median: false };
    let mut records = Records::new(BATCHES);
    bench.run(0..SERIES_TRIALS, &mut records);
    Some(records)
}

/// What was asked of fleets over time.
fn add_courses(stations: &mut [StationFigures], over_time: Figures<'_>, bin: f64) {
    for (index, station) in stations.iter_mut().enumerate() {
        if let Some(fleet) = &mut station.fleet {
            fleet.course = over_time.fleet_course(index, bin);
        }
    }
}

fn finding(document: &Document, figures: Figures<'_>) -> Finding {
    match figures.precision() {
        Some(precision) if precision <= document.run.precision.value() => {
            Finding::Reached { precision }
        }
        precision => Finding::NotReached { precision },
    }
}

fn effort(document: &Document, pace: &Pace, records: &Records) -> Effort {
    let sum =
        |count: fn(&Tally) -> u64| records.batches.iter().map(|batch| count(&batch.tally)).sum();
    Effort {
        trials: records.trials(),
        requests: sum(|tally| tally.requests),
        observed_requests: sum(|tally| tally.offered),
        warm_up: pace.warm_up,
        observed: pace.observed,
        precision_asked: document.run.precision.value(),
        cut_short: records.cut_short,
    }
}

/// A simulation in which nothing ever happens.
fn idle(document: &Document, seed: u64) -> Simulation {
    Simulation {
        name: document.name.as_ref().map(ToString::to_string),
        seed,
        finding: Finding::Idle,
        effort: Effort {
            trials: 0,
            requests: 0,
            observed_requests: 0,
            warm_up: 0.0,
            observed: 0.0,
            precision_asked: document.run.precision.value(),
            cut_short: 0,
        },
        heavy_tail: None,
        requests: None,
        classes: Vec::new(),
        stations: Vec::new(),
        distribution: Vec::new(),
        series: Vec::new(),
    }
}

fn unstable(
    document: &Document,
    seed: u64,
    suspect: Option<(usize, f64)>,
    growth: Growth,
) -> Simulation {
    let (station, utilisation) = match suspect {
        Some((index, share)) => (Some(document.stations[index].name.to_string()), Some(share)),
        None => (None, None),
    };
    let none = idle(document, seed);
    Simulation {
        finding: Finding::Unstable { station, utilisation, growth: growth.rate },
        effort: Effort {
            trials: growth.trials,
            requests: growth.requests,
            observed: growth.time,
            ..none.effort
        },
        ..none
    }
}
