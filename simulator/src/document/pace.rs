//! How long trials are: long enough to forget that they started empty, and to say something; and in
//! which unit of time they are run: nanoseconds have to be fine enough, and 73 years long enough.

use domain::model::{Model as Document, RunSettings};

use super::outlook::Outlook;
use crate::fault::SimulatorFault;
use crate::verdict::WARM_UP_RELAXATIONS;

/// Idle times of a request that a warm-up lasts at least.
const WARM_UP_REQUESTS: f64 = 8.0;
/// Relaxation times, and idle times of a request, that a trial observes at least.
const OBSERVED: (f64, f64) = (32.0, 4.0);
/// Requests that a trial observes at least.
const REQUESTS_LEAST: f64 = 2_000.0;
/// What happens once is watched for so many times as long.
const COURSE: f64 = 1.25;
/// Visits of all trials together, whatever the limit on requests.
const VISITS_MOST: f64 = 100e6;
/// Trials, of each of which two numbers are kept.
const TRIALS_MOST: u32 = 1_000_000;
/// Seconds of a run that simulated time can hold.
const LONGEST: f64 = 2e9;
/// The shortest mean time that whole nanoseconds are fine enough for.
const SHORTEST: f64 = 2e-6;
/// Events of a trial that come without any visit, at most.
const UPKEEP_MOST: f64 = 1e6;
/// Those of all trials together.
const UPKEEP_ALL: f64 = 50e6;
/// Instances that a trial goes through for them, at most.
const GONE_THROUGH_MOST: f64 = 5e7;
/// Those of all trials together.
const GONE_THROUGH_ALL: f64 = 2e9;
/// Events of a visit, about.
const EVENTS_USUAL: f64 = 4.0;
/// Events of a trial for each visit that is expected of it, before it is cut short.
const EVENTS: f64 = 40.0;

/// The lengths of trials, in seconds of the document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pace {
    /// Seconds of the run for a second of the document.
    pub scale: f64,
    /// Time until requests are observed.
    pub warm_up: f64,
    /// Time observed after that.
    pub observed: f64,
    /// Trials of the first look.
    pub first: u32,
    /// Trials at most.
    pub most: u32,
    /// Requests after which a trial is cut short.
    pub requests_max: u64,
    /// Events after which it is given up.
    pub events_max: u64,
}

impl Pace {
    /// For a document.
    pub(super) fn of(document: &Document, outlook: &Outlook) -> Result<Self, SimulatorFault> {
        let run = &document.run;
        let limit = (run.request_limit as f64).min(VISITS_MOST / outlook.visits);
        let (warm_up, observed) = lengths(run, outlook, limit);
        let requests = ((warm_up + observed) * outlook.rate).max(1.0);
        let time = warm_up + observed;
        let upkeep_trials = UPKEEP_ALL / (outlook.upkeep * time).max(1.0);
        let upkeep_trials = upkeep_trials.min(GONE_THROUGH_ALL / (outlook.gone_through * time));
        let most = whole((limit / requests).min(upkeep_trials)).clamp(2, TRIALS_MOST);
        let first = run.trials.min(most);
        // Chance makes one trial longer than another; only what runs away is cut.
        let requests_max = (4.0 * requests + 10_000.0).min(limit * 2.0);
        // What goes through many instances at each event has so many fewer of them.
        let rate = outlook.upkeep + EVENTS_USUAL * outlook.rate * outlook.visits;
        let affordable = GONE_THROUGH_MOST / (outlook.gone_through / rate).max(1e-9);
        let upkeep = (2.0 * outlook.upkeep * time).min(UPKEEP_MOST);
        let visits = requests_max.min(4.0 * requests + 10_000.0) * outlook.visits;
        let events = upkeep + EVENTS * visits;
        Ok(Self {
            scale: scale(outlook.shortest, time)?,
            warm_up,
            observed,
            first,
            most,
            requests_max: u64::from(whole(requests_max)),
            events_max: u64::from(whole(events.min(affordable).max(EVENTS))),
        })
    }
}

/// The warm-up and the observed time.
fn lengths(run: &RunSettings, outlook: &Outlook, limit: f64) -> (f64, f64) {
    let rate = outlook.rate.max(1e-300);
    // Half of what may happen without any visit, so that chance cuts no trial short.
    let upkeep = (UPKEEP_MOST / outlook.upkeep).min(GONE_THROUGH_MOST / outlook.gone_through) / 2.0;
    let room = (limit / (f64::from(run.trials) * rate)).min(upkeep);
    let mut warm_up = (WARM_UP_RELAXATIONS * outlook.relaxation)
        .max(WARM_UP_REQUESTS * outlook.idle)
        .max(100.0 / rate);
    let mut observed = match outlook.course {
        Some(last) => (last * COURSE).max(outlook.relaxation).max(outlook.idle),
        None => (OBSERVED.0 * outlook.relaxation)
            .max(OBSERVED.1 * outlook.idle)
            .max(REQUESTS_LEAST / rate),
    };
    if warm_up + observed > room {
        if outlook.course.is_some() {
            warm_up = warm_up.min((room - observed).max(room / 10.0));
        } else {
            warm_up = warm_up.min(room / 4.0);
            observed = room - warm_up;
        }
    }
    if let (Some(period), None) = (outlook.period, outlook.course) {
        // Over whole periods the mean is that of a long run.
        let most = ((room / period).floor() - 1.0).max(1.0);
        let periods = (observed / period).ceil().clamp(1.0, most);
        observed = periods * period;
        warm_up = (warm_up / period).ceil().clamp(1.0, (most - periods).max(1.0)) * period;
    }
    let stated = |time: Option<domain::units::Seconds>| time.map(domain::units::Seconds::value);
    (stated(run.warm_up).unwrap_or(warm_up), stated(run.duration).unwrap_or(observed))
}

/// Seconds of the run for a second of the document, a power of ten.
fn scale(shortest: f64, longest: f64) -> Result<f64, SimulatorFault> {
    let fine = (SHORTEST / shortest).log10().ceil().max(0.0);
    let long = (LONGEST / longest).log10().floor();
    if shortest.is_finite() && long < fine && fine > 0.0 {
        return Err(SimulatorFault::Scales { shortest, longest });
    }
    let power = if long < 0.0 { long } else { fine };
    let scale = libm::exp10(power);
    if shortest * scale < SHORTEST / 2.0 {
        return Err(SimulatorFault::Scales { shortest, longest });
    }
    Ok(scale)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count, cut to what fits"
)]
fn whole(number: f64) -> u32 {
    number.clamp(0.0, 4e9) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_any_size_are_run_in_nanoseconds() {
        assert!((scale(1.0, 1e5).unwrap() - 1.0).abs() < 1e-12);
        let fine = scale(1e-9, 1.0).unwrap();
        assert!(1e-9 * fine >= 1e-6 && fine < 1e9);
        let long = scale(1.0, 2e13).unwrap();
        assert!(2e13 * long <= 2e9 && long >= 1e-6);
        assert!(scale(1e-9, 1e12).is_err());
        assert!(scale(1.0, 1e17).is_err());
    }
}
