//! Independent trials of a model on all cores, and what they showed.

use rayon::prelude::*;

use super::{Estimate, Figure, Quantile, Summary, TrialRecord};
use crate::engine::{Program, StationTally, Tally, Trial, Watch};
use crate::model::{Model, ModelFault};
use crate::random::{Streams, scenario_number};
use crate::time::{SECOND, from_seconds};

/// Square nanoseconds of a square second.
const NANO_SQUARE: f64 = 1e18;

/// How a model is run.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// The seed of all streams.
    pub seed: u64,
    /// The name under which streams are drawn: equal names meet equal random numbers.
    pub scenario: String,
    /// Independent trials.
    pub trials: u32,
    /// Seconds at the start of each that are not observed.
    pub warm_up: f64,
    /// Seconds observed after that.
    pub observed: f64,
    /// A factor on the rate of every source.
    pub load: f64,
    /// Percentiles of the latency, as shares.
    pub percentiles: Vec<f64>,
    /// Whether the distribution of the waiting time is recorded for each station.
    pub waits: bool,
    /// Whether it is recorded how long how many visits are at each station.
    pub levels: bool,
}

/// What a run of trials showed. Every figure is a mean over trials, or a ratio of sums over them,
/// with its standard error.
#[derive(Debug, Clone)]
pub struct Statistics {
    pub(super) summary: Summary,
}

/// Visits to a station that came in the observed time, over all trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VisitCounts {
    /// Those that came.
    pub arrived: u64,
    /// Those of them that were refused.
    pub refused: u64,
    /// Those whose service began.
    pub started: u64,
    /// Those that left with an answer, good or not.
    pub left: u64,
}

/// Runs independent trials of a model, on all cores; the answer does not depend on how many.
///
/// # Errors
/// When the model has a fault.
pub fn run(model: &Model, experiment: &Experiment) -> Result<Statistics, ModelFault> {
    let program = Program::new(model)?;
    let warm_up = from_seconds(experiment.warm_up);
    let watch = Watch {
        load: experiment.load,
        waits: experiment.waits,
        levels: experiment.levels,
        ..Watch::between(warm_up, warm_up + from_seconds(experiment.observed))
    };
    let quantile = |share: &f64| Quantile { class: None, share: *share, failures: false };
    let mut summary = Summary::new(experiment.percentiles.iter().map(quantile).collect());
    let scenario = scenario_number(&experiment.scenario);
    let streams = |trial| Streams::new(experiment.seed, scenario, trial);
    for tally in trials(&program, &watch, 0..experiment.trials, streams) {
        summary.add(tally);
    }
    Ok(Statistics { summary })
}

/// Trials of a program side by side, in the order of their numbers.
pub(crate) fn trials(
    program: &Program,
    watch: &Watch,
    numbers: std::ops::Range<u32>,
    streams: impl Fn(u32) -> Streams + Sync,
) -> Vec<Tally> {
    numbers.into_par_iter().map(|trial| Trial::new(program, watch, streams(trial)).run()).collect()
}

impl Statistics {
    pub(super) fn over(&self, figure: impl Fn(&TrialRecord) -> f64) -> Estimate {
        Estimate::of(self.summary.trials.iter().map(figure))
    }

    /// The ratio of two sums over all trials.
    fn ratio(&self, parts: impl Fn(&TrialRecord) -> (f64, f64)) -> Estimate {
        Estimate::ratio(self.summary.trials.iter().map(parts))
    }

    /// A sum of nanoseconds at a station as a ratio to a count there, in seconds.
    fn mean_time(&self, station: usize, parts: impl Fn(&StationTally) -> (u128, u64)) -> Estimate {
        self.ratio(|trial| {
            let (time, count) = parts(&trial.stations[station]);
            (time as f64 / SECOND as f64, count as f64)
        })
    }

    /// A count at a station as a share of another.
    fn share(&self, station: usize, parts: impl Fn(&StationTally) -> (u64, u64)) -> Estimate {
        self.ratio(|trial| {
            let (some, all) = parts(&trial.stations[station]);
            (some as f64, all as f64)
        })
    }

    /// Requests simulated, those of the warm-ups included.
    pub const fn requests(&self) -> u64 {
        self.summary.requests
    }

    /// Requests observed.
    pub const fn offered(&self) -> u64 {
        self.summary.offered
    }

    /// Mean latency of good requests, in seconds.
    pub fn latency(&self) -> Estimate {
        self.figure(Figure::Latency)
    }

    /// Variance of the latency of good requests, in square seconds.
    pub fn latency_variance(&self) -> Estimate {
        self.over(|trial| {
            let mean = trial.latency_mean();
            trial.latency_square / trial.good as f64 / NANO_SQUARE - mean * mean
        })
    }

    /// The percentile asked for at that place of the experiment's list, in seconds: that of all
    /// trials together, with the standard error of the share below it brought to its scale.
    pub fn percentile(&self, index: usize) -> Estimate {
        self.figure(Figure::Percentile(index))
    }

    /// Share of the requests that were answered well.
    pub fn goodput(&self) -> Estimate {
        self.figure(Figure::Goodput)
    }

    /// Good answers a second.
    pub fn throughput(&self) -> Estimate {
        self.over(|trial| trial.good as f64 / trial.seconds())
    }

    /// Requests in the system on average, from first attempt to answer.
    pub fn in_system(&self) -> Estimate {
        self.figure(Figure::InSystem)
    }

    /// Utilisation of a station's busiest pool.
    pub fn utilisation(&self, station: usize) -> Estimate {
        self.summary.utilisation(station)
    }

    /// Mean waiting time of visits to a station, in seconds.
    pub fn waiting(&self, station: usize) -> Estimate {
        self.figure(Figure::Waiting(station))
    }

    /// Variance of the waiting time of visits to a station, in square seconds; needs an experiment
    /// with waits and servers that do not interrupt.
    pub fn waiting_variance(&self, station: usize) -> Estimate {
        self.over(|trial| {
            let tally = &trial.stations[station];
            let mean = tally.waiting as f64 / tally.started as f64;
            (tally.waiting_square / tally.started as f64 - mean * mean) / NANO_SQUARE
        })
    }

    /// Visits that wait at a station, on average.
    pub fn queue(&self, station: usize) -> Estimate {
        self.over(|trial| {
            let tally = &trial.stations[station];
            (tally.waiting + tally.gave_up_waiting) as f64 / trial.observed as f64
        })
    }

    /// Visits that are at a station, on average: served, waiting, or waiting for their own calls.
    pub fn number(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].staying as f64 / trial.observed as f64)
    }

    /// Mean waiting time of the served visits of a class to a station, in seconds; needs a model of
    /// more than one class.
    pub fn waiting_of(&self, station: usize, class: usize) -> Estimate {
        self.ratio(|trial| {
            let tally = &trial.stations[station].classes[class];
            (tally.waiting as f64 / SECOND as f64, tally.started as f64)
        })
    }

    /// Mean stay of the visits of a class to a station, in seconds; likewise.
    pub fn stay_of(&self, station: usize, class: usize) -> Estimate {
        self.ratio(|trial| {
            let tally = &trial.stations[station].classes[class];
            (tally.staying as f64 / SECOND as f64, tally.left as f64)
        })
    }

    /// Share of the visits to a station that gave up waiting.
    pub fn gave_up(&self, station: usize) -> Estimate {
        self.share(station, |tally| (tally.gave_up, tally.arrived))
    }

    /// Mean waiting time of all visits to a station, those that gave up included, in seconds.
    pub fn waiting_of_all(&self, station: usize) -> Estimate {
        self.mean_time(station, |tally| (tally.waiting + tally.gave_up_waiting, tally.arrived))
    }

    /// Share of the visits to a station that waited, those that gave up included.
    pub fn waited_of_all(&self, station: usize) -> Estimate {
        self.share(station, |tally| (tally.waited + tally.gave_up, tally.arrived))
    }

    /// Share of the visits to a station that were dropped since nobody waited for them any more.
    pub fn dropped(&self, station: usize) -> Estimate {
        self.share(station, |tally| (tally.dropped, tally.arrived))
    }

    /// Servers of a station that are on, on average, where they are not always there.
    pub fn servers_on(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].servers.on as f64 / trial.observed as f64)
    }

    /// Servers of a station that are being set up or started, on average.
    pub fn servers_starting(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].servers.starting as f64 / trial.observed as f64)
    }

    /// Servers of a station that are on or being set up, on average: those that take power.
    pub fn servers_powered(&self, station: usize) -> Estimate {
        let powered = |tally: &StationTally| tally.servers.on + tally.servers.starting;
        self.over(|trial| powered(&trial.stations[station]) as f64 / trial.observed as f64)
    }

    /// Share of the time in which no server of an instance is on, summed over the instances.
    pub fn servers_none(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].servers.none as f64 / trial.observed as f64)
    }

    /// Share of the time with so many visits at a station; needs an experiment with levels.
    pub fn level(&self, station: usize, visits: usize) -> Estimate {
        self.over(|trial| {
            let levels = &trial.stations[station].levels;
            let time = levels.get(visits).copied().unwrap_or(0);
            time as f64 / trial.observed as f64
        })
    }

    /// Variance over time of the number of visits at a station; likewise.
    pub fn number_variance(&self, station: usize) -> Estimate {
        self.over(|trial| {
            let moment = |power: i32| -> f64 {
                let levels = (0_u32..).zip(&trial.stations[station].levels);
                let times = levels.map(|(level, time)| f64::from(level).powi(power) * *time as f64);
                times.sum::<f64>() / trial.observed as f64
            };
            moment(2) - moment(1) * moment(1)
        })
    }

    /// Share of the time in which no instance of a station is empty; likewise.
    pub fn all_busy(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].all_busy as f64 / trial.observed as f64)
    }

    /// Instances of a station with at least so many visits inside, on average, up to 64 visits;
    /// likewise.
    pub fn at_least(&self, station: usize, visits: usize) -> Estimate {
        self.over(|trial| {
            let depths = &trial.stations[station].depths;
            let area = visits.checked_sub(1).and_then(|place| depths.get(place));
            area.copied().unwrap_or(0) as f64 / trial.observed as f64
        })
    }

    /// Visits that come to a station, a second.
    pub fn visit_rate(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].arrived as f64 / trial.seconds())
    }

    /// Mean stay of visits at a station, their own calls included, in seconds.
    pub fn stay(&self, station: usize) -> Estimate {
        self.mean_time(station, |tally| (tally.staying, tally.left))
    }

    /// Share of the served visits to a station that had to wait.
    pub fn waited(&self, station: usize) -> Estimate {
        self.share(station, |tally| (tally.waited, tally.started))
    }

    /// Share of the visits to a station that were refused.
    pub fn refused(&self, station: usize) -> Estimate {
        self.share(station, |tally| (tally.refused, tally.arrived))
    }

    /// A percentile of the waiting time at a station, in seconds; needs an experiment with waits.
    pub fn waiting_percentile(&self, station: usize, share: f64) -> Estimate {
        self.over(|trial| {
            let quantile = trial.stations[station].waits.quantile(share, 0);
            quantile.unwrap_or(f64::NAN) / SECOND as f64
        })
    }

    /// Instances of a station that are paid for, on average, from the start of their boot until
    /// they are gone; needs a station with a controller.
    pub fn instances_paid(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].fleet.paid() as f64 / trial.observed as f64)
    }

    /// Instances of a station that are sent calls, on average; likewise.
    pub fn instances_serving(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].fleet.serving as f64 / trial.observed as f64)
    }

    /// Hours of a station's instances that are paid for in the observed time; likewise.
    pub fn instance_hours(&self, station: usize) -> Estimate {
        let hour = 3_600.0 * SECOND as f64;
        self.over(|trial| trial.stations[station].fleet.paid() as f64 / hour)
    }

    /// When which number of instances a station's controller asked for in the first trial: seconds
    /// from its start, and instances; likewise.
    pub fn fleet_course(&self, station: usize) -> Vec<(f64, u32)> {
        let first = self.summary.trials.iter().take(1);
        let course = first.flat_map(|trial| &trial.stations[station].fleet.course);
        course.map(|(moment, count)| (crate::time::seconds(*moment), *count)).collect()
    }

    /// Visits to a station.
    pub fn visits(&self, station: usize) -> VisitCounts {
        let tallies = self.summary.trials.iter().map(|trial| &trial.stations[station]);
        tallies.fold(VisitCounts::default(), |sum, tally| VisitCounts {
            arrived: sum.arrived + tally.arrived,
            refused: sum.refused + tally.refused,
            started: sum.started + tally.started,
            left: sum.left + tally.left,
        })
    }

    /// Attempts that were repeated, for each request.
    pub fn retries(&self) -> Estimate {
        self.ratio(|trial| (trial.retried as f64, trial.offered as f64))
    }

    /// Attempts that timed out, for each request.
    pub fn timeouts(&self) -> Estimate {
        self.ratio(|trial| (trial.timed_out as f64, trial.offered as f64))
    }

    /// Attempts that were refused, for each request.
    pub fn shed(&self) -> Estimate {
        self.ratio(|trial| (trial.refused as f64, trial.offered as f64))
    }

    /// Retries as a share of the requests.
    pub fn retried(&self) -> f64 {
        self.summary.retried as f64 / self.summary.offered as f64
    }

    /// Attempts that timed out as a share of the requests.
    pub fn timed_out(&self) -> f64 {
        self.summary.timed_out as f64 / self.summary.offered as f64
    }
}

impl TrialRecord {
    pub(super) fn seconds(&self) -> f64 {
        self.observed as f64 / SECOND as f64
    }

    fn latency_mean(&self) -> f64 {
        self.latency_sum as f64 / self.good as f64 / SECOND as f64
    }
}
