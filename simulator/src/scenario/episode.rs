//! Episodes: a fault strikes, is noticed, is worked around; does goodput come back, and when?
//!
//! A phase of a fault that lasts longer than its requests can is shortened, to two and a half
//! times the longest life of a request. Whoever comes in the first of them may have seen it begin;
//! whoever comes in the last may live on, and be answered, after it has ended. Those of the half
//! between find it as it stays, and the rest of the phase is counted with their goodput.

use domain::units::Seconds;
use domain::verification::{Check, CheckUnit, Method, Observed, SeriesPoint, Verdict};

use super::course::{Course, Run, Span, Timetable, whole};
use super::steady::result;
use super::{Finding, Lost, Scenario};
use crate::engine::{Bin, Program, Recovery, Watch};
use crate::fault::SimulatorFault;
use crate::judge::{Judge, events_max, exact};
use crate::model::{Incident, Model};
use crate::statistics::{Estimate, Summary, trials};
use crate::system::Condition;
use crate::time::{from_seconds, seconds};
use crate::verdict::Pace;

/// Goodput is back when so much of what is offered is answered well…
const RECOVERED: f64 = 0.95;
/// … within so long after the fault has ended: a minute is what an on-call engineer takes to look,
/// and a system that has not come back on its own by then will be restarted by hand.
const RECOVERY_LIMIT: f64 = 60.0;
/// Seconds for which goodput must stay, to be called back.
const STAY: f64 = 3.0;
/// Bins for which it must stay at least.
const STAY_BINS: f64 = 3.0;
/// Times the longest life of a request that a phase is simulated for.
const SETTLE: f64 = 2.5;
/// The narrowest bin of a series, in seconds.
const BIN: f64 = 0.25;
/// Requests in a bin, on average, at least.
const BIN_REQUESTS: f64 = 20.0;
/// Requests that may wait for an answer at once, so that a trial stays within 200 MB.
const IN_FLIGHT: f64 = 600_000.0;
/// Times the request limit that an episode may take whose outcome is demanded: it has no shorter
/// look, and without it there is no verdict.
const DEMANDED_LIMIT: u64 = 5;
/// Trials of an episode that is not demanded.
const TRIALS: u32 = 3;

/// A part of a fault.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Phase {
    /// What happens at its beginning; the moments are set when it is run.
    pub incidents: Vec<Incident>,
    /// How long it lasts in truth.
    pub duration: f64,
    /// Whether it may be shortened.
    pub shortened: bool,
}

/// A fault, phase by phase.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Episode {
    /// Its phases.
    pub phases: Vec<Phase>,
    /// What happens at its end.
    pub end: Vec<Incident>,
    /// Whether the outcome demands that goodput comes back.
    pub demanded: bool,
    /// Whether what is left has more work than it can do, so that no wait is long enough.
    pub hopeless: bool,
}

/// All trials of an episode.
struct Outcome {
    times: Timetable,
    summary: Summary,
    runs: Vec<Run>,
    /// When goodput was back, in each trial.
    recovered: Vec<Option<f64>>,
    /// Whether a trial ended before anything could be said of it.
    cut: bool,
}

impl Episode {
    /// Runs it.
    pub(super) fn run(
        &self,
        scenario: &Scenario,
        judge: &Judge<'_>,
    ) -> Result<Finding, SimulatorFault> {
        let mut model = judge.system.model(&Condition::struck());
        let Some(times) = self.timetable(judge, &model, scenario.demanded && self.demanded) else {
            return Ok(self.not_run(scenario, judge));
        };
        model.incidents = self.incidents(&times);
        let program = Program::new(&judge.system.with_bursts(model.clone(), 0))?;
        let last = times.end + times.wait + (times.stay as f64 + 2.0) * times.bin;
        let watch = Watch {
            bin: from_seconds(times.bin),
            recovery: Some(Recovery {
                from: from_seconds(times.end),
                bins: times.stay,
                share: RECOVERED,
            }),
            requests_max: times.requests_max,
            events_max: events_max(&model, (last * judge.peak()).min(times.requests_max as f64)),
            ..Watch::between(from_seconds(times.warm_up), from_seconds(last))
        };
        let streams = judge.streams(&format!("{}:episode", scenario.name));
        let mut outcome = Outcome {
            summary: Summary::new(judge.quantiles()),
            runs: Vec::new(),
            recovered: Vec::new(),
            cut: false,
            times,
        };
        for tally in trials(&program, &watch, 0..outcome.times.trials, &streams) {
            outcome.cut |= tally.recovered.is_none() && tally.requests >= watch.requests_max;
            outcome.runs.push(outcome.times.run(&tally.bins, tally.recovered));
            outcome.recovered.push(tally.recovered.map(seconds));
            outcome.summary.add(tally);
        }
        judge.tell(&scenario.name, &outcome.summary);
        Ok(self.finding(scenario, judge, &outcome))
    }

    /// Lays the episode out; `None` where it takes more requests than may be simulated.
    fn timetable(&self, judge: &Judge<'_>, model: &Model, demanded: bool) -> Option<Timetable> {
        let rate = judge.peak();
        let limit = judge.request_limit(model) * if demanded { DEMANDED_LIMIT } else { 1 };
        let warm_up = seconds(Pace::of(model, 1.0, 0.05, limit)?.warm_up);
        let life = model.patience().unwrap_or(RECOVERY_LIMIT / SETTLE);
        let bin = BIN.max(BIN_REQUESTS / rate);
        let mut start = warm_up;
        let mut phases = Vec::new();
        for phase in &self.phases {
            let truth = phase.duration;
            let length = if phase.shortened { truth.min(SETTLE * life) } else { truth };
            phases.push(Span { start, length, truth });
            start += length;
        }
        let stay = (STAY / bin).max(STAY_BINS).ceil();
        let trials = if demanded { trials_for(judge.settings.alpha.value()) } else { TRIALS };
        let requests_max = limit / u64::from(trials);
        let needed = rate * (start + (stay + 2.0) * bin);
        let in_flight = rate * model.patience().unwrap_or(RECOVERY_LIMIT);
        let fits = needed < requests_max as f64 && in_flight < IN_FLIGHT;
        fits.then_some(Timetable {
            wait: if self.hopeless { life.min(RECOVERY_LIMIT) } else { RECOVERY_LIMIT },
            warm_up,
            phases,
            end: start,
            bin,
            stay: whole(stay),
            trials,
            requests_max,
        })
    }

    fn incidents(&self, times: &Timetable) -> Vec<Incident> {
        let phases = self.phases.iter().zip(&times.phases);
        let during = phases.flat_map(|(phase, span)| moved(&phase.incidents, span.start));
        during.chain(moved(&self.end, times.end)).collect()
    }

    fn finding(&self, scenario: &Scenario, judge: &Judge<'_>, outcome: &Outcome) -> Finding {
        let course = Course::over(&outcome.runs);
        let verdict = outcome.verdict();
        let goodput = Estimate::of(outcome.runs.iter().map(Run::goodput));
        let during = goodput.around(goodput.mean, 0.0, 1.0);
        let mut result = result(scenario, judge, &outcome.summary, during);
        result.recovered_after = outcome.recovered_after();
        // Like its goodput: of the fault as long as it lasts in truth.
        result.degraded = course.degraded_seconds / course.whole_seconds.max(f64::MIN_POSITIVE);
        result.series = series(judge, &outcome.summary.bins, outcome.times.bin);
        let back = outcome.back();
        Finding {
            checks: vec![self.check(scenario, &outcome.summary, back, verdict)],
            result,
            seen: true,
            lost: course.lost_at_end,
            degraded: course.degraded_at_end,
            holds: verdict == Verdict::Pass,
            course: Some(course),
            day: None,
            simulated: outcome.summary.requests,
        }
    }

    fn check(
        &self,
        scenario: &Scenario,
        summary: &Summary,
        observed: Observed,
        verdict: Verdict,
    ) -> Check {
        Check {
            id: format!("recovery@{}", scenario.name),
            objective: "recovery".to_owned(),
            scenario: scenario.name.clone(),
            demanded: scenario.demanded && self.demanded,
            observed,
            limit: RECOVERY_LIMIT,
            unit: CheckUnit::Seconds,
            verdict,
            method: Method::Fixed,
            trials: u32::try_from(summary.trials.len()).unwrap_or(u32::MAX),
            requests: summary.offered,
        }
    }

    /// It takes more requests than may be simulated: undecided, and counted as lost altogether.
    fn not_run(&self, scenario: &Scenario, judge: &Judge<'_>) -> Finding {
        let summary = Summary::new(judge.quantiles());
        let whole = self.phases.iter().map(|phase| phase.duration).sum::<f64>();
        let idle = judge.peak() <= 0.0;
        let verdict = if idle { Verdict::Pass } else { Verdict::Undecided };
        let back = if idle { 0.0 } else { RECOVERY_LIMIT };
        Finding {
            checks: vec![self.check(scenario, &summary, exact(back), verdict)],
            result: result(scenario, judge, &summary, exact(0.0)),
            seen: idle,
            lost: Lost::exactly(1.0),
            degraded: 0.0,
            holds: false,
            course: Some(Course::certain(whole, whole)),
            day: None,
            simulated: 0,
        }
    }
}

impl Outcome {
    /// Whether a trial came back in time; a bin is as exact as it gets.
    fn is_back(&self, at: Option<f64>) -> bool {
        at.is_some_and(|at| at <= self.times.end + RECOVERY_LIMIT + self.times.bin)
    }

    /// It passes when every trial came back, and fails when at most half of them did.
    fn verdict(&self) -> Verdict {
        let back = self.recovered.iter().filter(|at| self.is_back(**at)).count();
        if back == self.recovered.len() {
            Verdict::Pass
        } else if self.cut || back * 2 > self.recovered.len() {
            Verdict::Undecided
        } else {
            Verdict::Fail
        }
    }

    /// Seconds from the end of the fault until a trial had come back; at least the limit where it
    /// did not in time.
    fn after(&self, at: Option<f64>) -> f64 {
        // The engine's clock counts nanoseconds, and may have rounded the end down to one.
        let end = self.times.end;
        match at {
            Some(at) if self.is_back(Some(at)) => (at - end).clamp(0.0, RECOVERY_LIMIT),
            Some(at) => at - end,
            None => self.times.wait.max(RECOVERY_LIMIT) + self.times.bin,
        }
    }

    /// The same over the trials: the later of the two in the middle, the first and the last.
    fn back(&self) -> Observed {
        let mut times: Vec<f64> = self.recovered.iter().map(|at| self.after(*at)).collect();
        times.sort_by(f64::total_cmp);
        let middle = times[times.len() / 2];
        Observed { value: middle, low: times[0], high: times[times.len() - 1] }
    }

    /// How long after the end of the fault the last of the trials had come back.
    fn recovered_after(&self) -> Option<Seconds> {
        let back = self.recovered.iter().all(|at| self.is_back(*at));
        back.then(|| Seconds::of(self.back().high))
    }
}

/// Trials that must all come back so that what comes back in half of the cases only is told from
/// what always does: the chance that all do then is 2⁻ⁿ.
fn trials_for(alpha: f64) -> u32 {
    let needed = -libm::log2(alpha.clamp(1e-6, 0.5));
    u32::try_from(whole(needed.ceil())).unwrap_or(20).max(TRIALS)
}

/// Incidents at a moment.
fn moved(incidents: &[Incident], at: f64) -> impl Iterator<Item = Incident> + '_ {
    incidents.iter().map(move |incident| Incident { at, change: incident.change.clone() })
}

/// The time series of a trial, from the moment of the fault.
fn series(judge: &Judge<'_>, bins: &[Bin], width: f64) -> Vec<SeriesPoint> {
    let replicas = f64::from(judge.system.autoscaled_replicas());
    (0..)
        .zip(bins)
        .map(|(place, bin)| SeriesPoint {
            at: Seconds::of(f64::from(place) * width),
            offered: f64::from(bin.offered) / width,
            good: f64::from(bin.good) / width,
            latency_p95: bin.latencies.quantile(0.95, 0).unwrap_or(0.0) / 1e9,
            replicas,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_back_at_once_is_back_after_no_time() {
        // Between two nanoseconds, so that the clock of the engine is a little behind it.
        let end = 20.123_456_789_4;
        let times = Timetable {
            warm_up: 0.0,
            phases: Vec::new(),
            end,
            wait: RECOVERY_LIMIT,
            bin: BIN,
            stay: 12,
            trials: 1,
            requests_max: 1,
        };
        let back = Some(seconds(from_seconds(end)));
        let summary = Summary::new(Vec::new());
        let outcome =
            Outcome { times, summary, runs: Vec::new(), recovered: vec![back], cut: false };
        assert!(back < Some(end));
        assert_eq!(outcome.recovered_after(), Some(Seconds::of(0.0)));
    }
}
