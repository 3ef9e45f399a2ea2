//! A whole day request by request, autoscalers and all, beside what the fluid and its windows say.
//!
//! No verdict rests on it: it measures how far the judging of days can be trusted. Each trial
//! begins two hours before midnight with as many instances as the fluid has then, and is observed
//! from midnight to midnight.

use domain::demand::Demand;
use domain::topology::Topology;
use rayon::prelude::*;

use super::day::Layout;
use super::fluid::{DAY, Fleet, Fluid, POINTS, STEP, fraction};
use super::windows::whole;
use crate::engine::{Bin, Program, Tally, Trial, Watch};
use crate::fault::SimulatorFault;
use crate::judge::{Judge, events_max};
use crate::model::Rate;
use crate::statistics::{CoarseHistogram, Estimate, Histogram};
use crate::system::System;
use crate::time::{SECOND, from_seconds};
use crate::verify::Settings;

/// Seconds before midnight at which a trial begins.
const BEFORE: f64 = 7_200.0;
/// Seconds of a bin of what is observed.
const MINUTE: f64 = 60.0;
/// Bins of an hour.
const HOUR: usize = 60;
/// Bins of the spans over which numbers of instances are compared.
const SPAN: usize = 10;
/// The latencies that are compared.
const SHARES: [f64; 3] = [0.5, 0.95, 0.99];

/// A figure as the day is judged, and as all of its requests have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// By the fluid, or the windows.
    pub judged: f64,
    /// Request by request.
    pub requests: f64,
}

/// A whole day beside the judged one.
#[derive(Debug, Clone, PartialEq)]
pub struct WholeDay {
    /// Requests simulated in all trials, those before midnight included.
    pub simulated: u64,
    /// The share of the requests of the day that were answered well, and by windows alone.
    pub goodput: Pair,
    /// The 24 hours.
    pub hours: Vec<Hour>,
    /// The windows that are simulated request by request when a day is judged.
    pub windows: Vec<WindowOfDay>,
    /// The services whose number of instances changes, callers first.
    pub fleets: Vec<FleetOfDay>,
}

/// An hour of the day.
#[derive(Debug, Clone, PartialEq)]
pub struct Hour {
    /// Requests a second.
    pub offered: Pair,
    /// The share answered well.
    pub goodput: Pair,
    /// The median, the 95th and the 99th percentile of the latency in seconds, failures being
    /// slower than all others; none where too many failed. From cells no wider than 1/16.
    pub latency: [Option<f64>; 3],
    /// For each fleet, how many instances served.
    pub serving: Vec<Pair>,
    /// For each fleet, how much of them was used.
    pub utilisation: Vec<Pair>,
}

/// A span around a moment that matters.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowOfDay {
    /// Seconds from midnight at which it begins and ends.
    pub from: f64,
    /// See `from`.
    pub to: f64,
    /// The share answered well.
    pub goodput: Pair,
    /// The median, the 95th and the 99th percentile of the latency, as [`Hour::latency`].
    pub latency: [Option<Pair>; 3],
}

/// What became of an autoscaled service over the day.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetOfDay {
    /// Its name.
    pub name: String,
    /// Instance-hours that are paid for.
    pub hours: Pair,
    /// Half of the width of the 95% interval of those by requests.
    pub half_width: f64,
    /// How many more instances served in the fluid than by requests, on average over the day.
    pub mean_excess: f64,
    /// The largest difference in the mean number of serving instances within ten minutes.
    pub largest_gap: f64,
}

/// Simulates a day of a topology request by request, in so many trials, and lays it beside the day
/// as it is judged. None where the day is too much to be judged, where there is nothing to serve,
/// or where the system has hours and so no whole day.
///
/// # Errors
/// As [`crate::verify()`].
pub fn whole_day(
    demand: &Demand,
    topology: &Topology,
    settings: &Settings,
    trials: u32,
) -> Result<Option<WholeDay>, SimulatorFault> {
    let system = System::new(demand, topology)?.within(settings.minute.as_ref());
    let judge = Judge::new(&system, settings, &|_| {})?;
    let Some(layout) = Layout::new(&judge).filter(|_| demand.hours.is_none()) else {
        return Ok(None);
    };
    let day = ByRequests::run(&judge, &layout.fluid, trials)?;
    let windows = layout.by_requests(&judge);
    let windows: Vec<WindowOfDay> = windows.iter().map(|window| day.window(window)).collect();
    let good = |goodput: fn(&WindowOfDay) -> f64| {
        windows.iter().map(goodput).sum::<f64>() / windows.len().max(1) as f64
    };
    let fleets = layout.fluid.fleets.iter().enumerate();
    Ok(Some(WholeDay {
        simulated: day.simulated,
        goodput: Pair { judged: good(|window| window.goodput.judged), requests: day.goodput() },
        hours: (0..24).map(|hour| day.hour(&judge, &layout.fluid, hour)).collect(),
        fleets: fleets
            .map(|(place, fleet)| day.fleet(system.name(fleet.service), fleet, place))
            .collect(),
        windows,
    }))
}

/// A window of the day, simulated as when a day is judged.
pub(super) struct Simulated {
    /// Seconds from midnight; a window around midnight begins before it.
    pub from: f64,
    pub to: f64,
    pub tally: Tally,
}

/// What a fleet was seen doing in a minute, over all trials.
#[derive(Debug, Clone, Copy, Default)]
struct Minute {
    looks: f64,
    serving: f64,
    busy: f64,
}

/// All trials of a day, minute by minute.
struct ByRequests {
    trials: u32,
    simulated: u64,
    offered: u64,
    good: u64,
    minutes: Vec<Bin>,
    /// By fleet, then by minute.
    fleets: Vec<Vec<Minute>>,
    /// By fleet, then by trial: instance-hours.
    hours: Vec<Vec<f64>>,
}

impl ByRequests {
    fn run(judge: &Judge<'_>, fluid: &Fluid, trials: u32) -> Result<Self, SimulatorFault> {
        let start = (DAY - BEFORE) / STEP;
        let serving = |fleet: &Fleet| fleet.serving[whole(start)];
        let first = fluid.fleets.iter().map(|fleet| (fleet.service, serving(fleet)));
        let model = judge.system.steered(rate(judge), &first.collect::<Vec<_>>());
        let program = Program::new(&model)?;
        let watch = Watch {
            bin: from_seconds(MINUTE),
            looks: true,
            events_max: events_max(&model, (BEFORE + DAY) * judge.peak()),
            ..Watch::between(from_seconds(BEFORE), from_seconds(BEFORE + DAY))
        };
        let streams = judge.streams("whole-day");
        let tallies: Vec<Tally> = (0..trials)
            .into_par_iter()
            .map(|trial| Trial::new(&program, &watch, streams(trial)).run())
            .collect();
        let minutes = whole(DAY / MINUTE);
        let fleets = fluid.fleets.len();
        let mut sum = Self {
            trials,
            simulated: 0,
            offered: 0,
            good: 0,
            minutes: vec![Bin::default(); minutes],
            fleets: vec![vec![Minute::default(); minutes]; fleets],
            hours: vec![Vec::new(); fleets],
        };
        for tally in &tallies {
            sum.add(judge, fluid, tally);
        }
        Ok(sum)
    }

    fn add(&mut self, judge: &Judge<'_>, fluid: &Fluid, tally: &Tally) {
        self.simulated += tally.requests;
        self.offered += tally.offered;
        self.good += tally.good;
        for (sum, bin) in self.minutes.iter_mut().zip(&tally.bins) {
            sum.offered += bin.offered;
            sum.good += bin.good;
            sum.latencies.merge(&bin.latencies);
        }
        for (place, fleet) in fluid.fleets.iter().enumerate() {
            let station = judge.system.station(fleet.service).expect("a fleet is a station");
            let own = &tally.stations[station].fleet;
            self.hours[place].push(own.paid() as f64 / SECOND as f64 / 3_600.0);
            for look in &own.looks {
                // A look sees the period before it.
                let midnight = from_seconds(BEFORE);
                let Some(moment) = look.at.checked_sub(midnight + 1) else {
                    continue;
                };
                let minute = whole(crate::time::seconds(moment) / MINUTE);
                if let Some(sum) = self.fleets[place].get_mut(minute) {
                    sum.looks += 1.0;
                    sum.serving += f64::from(look.serving);
                    sum.busy += look.busy;
                }
            }
        }
    }

    fn goodput(&self) -> f64 {
        self.good as f64 / self.offered.max(1) as f64
    }

    fn hour(&self, judge: &Judge<'_>, fluid: &Fluid, hour: usize) -> Hour {
        let minutes = hour * HOUR..(hour + 1) * HOUR;
        let bin = merged(&self.minutes[minutes.clone()]);
        let points = points(minutes.clone());
        let offered: f64 = fluid.load[points.clone()].iter().sum::<f64>() * judge.peak();
        let seconds = 3_600.0 * f64::from(self.trials.max(1));
        let of_fleets = || fluid.fleets.iter().zip(&self.fleets);
        let serving = of_fleets().map(|(fleet, seen)| {
            let seen = together(&seen[minutes.clone()]);
            Pair {
                judged: mean(fleet.serving[points.clone()].iter().map(|count| f64::from(*count))),
                requests: seen.serving / seen.looks.max(1.0),
            }
        });
        let utilisation = of_fleets().map(|(fleet, seen)| {
            let seen = together(&seen[minutes.clone()]);
            let busy = points
                .clone()
                .map(|point| fleet.utilisation[point].min(1.0) * f64::from(fleet.serving[point]));
            let serving = fleet.serving[points.clone()].iter().map(|count| f64::from(*count));
            Pair {
                judged: busy.sum::<f64>() / serving.sum::<f64>().max(1.0),
                requests: seen.busy / seen.serving.max(1.0),
            }
        });
        let busiest = |point: usize| {
            let fleets = fluid.fleets.iter().map(|fleet| fleet.utilisation[point]);
            fleets.fold(fluid.fixed * fluid.load[point], f64::max)
        };
        let good = points.clone().map(|point| fluid.load[point] / busiest(point).max(1.0));
        let load: f64 = fluid.load[points.clone()].iter().sum();
        Hour {
            offered: Pair {
                judged: offered / points.len() as f64,
                requests: f64::from(bin.offered) / seconds,
            },
            goodput: Pair { judged: good.sum::<f64>() / load.max(1e-12), requests: share(&bin) },
            latency: SHARES.map(|share| quantile(&bin, share)),
            serving: serving.collect(),
            utilisation: utilisation.collect(),
        }
    }

    fn window(&self, window: &Simulated) -> WindowOfDay {
        let first = whole((window.from.rem_euclid(DAY) / MINUTE).floor());
        let count = whole(((window.to - window.from) / MINUTE).round()).max(1);
        let minutes = (first..first + count).map(|minute| minute % self.minutes.len());
        let minutes: Vec<Bin> = minutes.map(|minute| self.minutes[minute].clone()).collect();
        let (bin, tally) = (merged(&minutes), &window.tally);
        let mut all = Histogram::default();
        for latencies in &tally.latencies {
            all.merge(latencies);
        }
        let latency = SHARES.map(|share| {
            let judged = all.quantile(share, tally.offered - tally.good)?;
            Some(Pair { judged: judged / SECOND as f64, requests: quantile(&bin, share)? })
        });
        let judged = tally.good as f64 / tally.offered.max(1) as f64;
        let goodput = Pair { judged, requests: share(&bin) };
        WindowOfDay { from: window.from, to: window.to, goodput, latency }
    }

    fn fleet(&self, name: &str, fleet: &Fleet, place: usize) -> FleetOfDay {
        let hours = Estimate::of(self.hours[place].iter().copied());
        let spans = (0..self.minutes.len()).step_by(SPAN);
        let gaps = spans.map(|first| {
            let minutes = first..first + SPAN;
            let seen = together(&self.fleets[place][minutes.clone()]);
            let fluid = fleet.serving[points(minutes)].iter().map(|count| f64::from(*count));
            mean(fluid) - seen.serving / seen.looks.max(1.0)
        });
        let gaps: Vec<f64> = gaps.collect();
        FleetOfDay {
            name: name.to_owned(),
            hours: Pair { judged: fleet.hours, requests: hours.mean },
            half_width: hours.half_width(crate::statistics::CONFIDENCE),
            mean_excess: mean(gaps.iter().copied()),
            largest_gap: gaps.iter().fold(0.0, |most, gap| gap.abs().max(most)),
        }
    }
}

/// The load from two hours before midnight on, day after day.
fn rate(judge: &Judge<'_>) -> Rate {
    let profile = &judge.system.demand.day;
    let knots = profile.fractions.len().max(1);
    let from = DAY - BEFORE;
    let inner = (0..2 * knots).map(|knot| knot as f64 * DAY / knots as f64 - from);
    let inner = inner.filter(|moment| *moment > 0.0 && *moment < DAY);
    let moments = std::iter::once(0.0).chain(inner).chain([DAY]);
    let lines = moments.map(|moment| {
        let part = ((moment + from) % DAY) / DAY;
        (moment, fraction(profile, part) * judge.peak())
    });
    Rate::Repeated { rate: Box::new(Rate::Lines(lines.collect())), period: DAY }
}

/// The points of the fluid within some minutes.
fn points(minutes: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let of_minute = whole(MINUTE / STEP);
    minutes.start * of_minute..(minutes.end * of_minute).min(POINTS)
}

fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = numbers.fold((0.0, 0.0), |(sum, count), number| (sum + number, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

fn together(minutes: &[Minute]) -> Minute {
    minutes.iter().fold(Minute::default(), |sum, minute| Minute {
        looks: sum.looks + minute.looks,
        serving: sum.serving + minute.serving,
        busy: sum.busy + minute.busy,
    })
}

fn merged(bins: &[Bin]) -> Bin {
    let mut latencies = CoarseHistogram::default();
    for bin in bins {
        latencies.merge(&bin.latencies);
    }
    let offered = bins.iter().map(|bin| bin.offered).sum();
    Bin {
        offered,
        good: bins.iter().map(|bin| bin.good).sum(),
        degraded: bins.iter().map(|bin| bin.degraded).sum(),
        latencies,
    }
}

fn share(bin: &Bin) -> f64 {
    f64::from(bin.good) / f64::from(bin.offered.max(1))
}

/// A quantile in seconds, failures being slower than all others.
fn quantile(bin: &Bin, share: f64) -> Option<f64> {
    let failed = u64::from(bin.offered - bin.good);
    bin.latencies.quantile(share, failed).map(|found| found / SECOND as f64)
}
