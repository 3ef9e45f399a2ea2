//! Latency against load, and the load at which the first objective breaks.
//!
//! All points meet the same random numbers, so the curve is smooth where the system is. A point
//! holds when what was observed meets every objective, without asking how sure that is: it is a
//! picture, and the verdict is given elsewhere.

use domain::verification::{
    BreakingLoad, Check, CheckUnit, LoadCurvePoint, Method, Observed, Verdict,
};
use rayon::prelude::*;

use crate::engine::{Program, Watch};
use crate::fault::SimulatorFault;
use crate::judge::{GOODPUT, Judge, events_max, exact, goodput, quantile_seconds};
use crate::model::Model;
use crate::scenario::{Overload, overload, with_bursts};
use crate::statistics::{Summary, trials};
use crate::system::Condition;
use crate::time::seconds;
use crate::verdict::{Pace, bounded};

/// Loads that are always looked at, as factors on the stated peak.
const FACTORS: [f64; 6] = [0.25, 0.5, 0.75, 1.0, 1.25, 1.5];
/// The load beyond which nobody asks.
const FACTOR_MOST: f64 = 4.0;
/// How near the load that holds and the one that breaks are brought together, relatively.
const RESOLUTION: f64 = 0.02;
/// Requests of one point, the warm-ups included.
const REQUESTS: u64 = 20_000;
/// The same where a station has more work than it can do.
const OVERLOAD_REQUESTS: u64 = 60_000;

/// As a part of what a scenario may take, where there are bursts: a point is one of many.
const BURSTS: u64 = 8;

/// A load and what it showed.
#[derive(Debug, Clone)]
struct Point {
    factor: f64,
    holds: bool,
    curve: LoadCurvePoint,
    requests: u64,
}

/// The curve, where it breaks, and the requests that this took.
#[derive(Debug, Clone)]
pub(crate) struct LoadCurve {
    /// Points in the order of their load.
    pub points: Vec<LoadCurvePoint>,
    /// Where it breaks.
    pub breaking: BreakingLoad,
    /// Requests simulated.
    pub requests: u64,
}

/// Follows the latency over the load. `verified` is a factor that was verified already.
///
/// # Errors
/// When the model has a fault.
pub(crate) fn load_curve(judge: &Judge<'_>, verified: f64) -> Result<LoadCurve, SimulatorFault> {
    let model = judge.system.model(&Condition::healthy());
    let program = Program::new(&judge.system.with_bursts(model.clone(), 0))?;
    let at = |factor: f64| point(judge, &model, &program, factor);
    let mut points: Vec<Point> = FACTORS.par_iter().filter_map(|factor| at(*factor)).collect();
    // What is verified holds, even where a few requests would have it otherwise.
    let holds = |point: &Point| point.holds || point.factor <= verified;
    let mut low = points
        .iter()
        .take_while(|point| holds(point))
        .map(|point| point.factor)
        .fold(verified, f64::max);
    let mut high = points.iter().find(|point| !holds(point)).map(|point| point.factor);
    if !points.is_empty() && high.is_none() {
        let last = at(FACTOR_MOST);
        if last.as_ref().is_some_and(|point| point.holds) {
            low = FACTOR_MOST;
        } else {
            high = last.as_ref().map(|point| point.factor);
        }
        points.extend(last);
    }
    // From the load on at which a station has more work than it can do, nothing holds.
    high = high.map(|high| high.min(full_load(&model, high)).max(low));
    while let Some(top) = high.filter(|top| *top > low * (1.0 + RESOLUTION)) {
        // A factor of 0 holds whatever else does.
        let middle = if low > 0.0 { (low * top).sqrt() } else { top / 2.0 };
        let Some(found) = at(middle).filter(|_| middle > 1e-3) else {
            break;
        };
        if found.holds {
            low = middle;
        } else {
            high = Some(middle);
        }
        points.push(found);
    }
    points.sort_by(|one, other| one.factor.total_cmp(&other.factor));
    Ok(LoadCurve {
        requests: points.iter().map(|point| point.requests).sum(),
        points: points.into_iter().map(|point| point.curve).collect(),
        breaking: BreakingLoad {
            holds: low,
            breaks: high,
            saturates: saturates(judge, &model, high.unwrap_or(low).max(1e-9)),
        },
    })
}

/// The load up to a bound at which a station first has as much work as it can do.
fn full_load(model: &Model, bound: f64) -> f64 {
    overload(model, bound).map_or(bound, |found| bound / found.utilisation)
}

/// The busiest service at a load.
fn saturates(judge: &Judge<'_>, model: &Model, factor: f64) -> String {
    let loads = model.load(factor);
    let busier = |one: &usize, other: &usize| {
        let utilisation = |station: usize| loads[station].utilisation();
        utilisation(*one).total_cmp(&utilisation(*other)).then(other.cmp(one))
    };
    let busiest = (0..loads.len()).max_by(busier);
    busiest.map_or_else(String::new, |station| {
        judge.system.name(judge.system.service(station)).to_owned()
    })
}

/// One load; `None` where it is none, or takes more requests than may be simulated.
fn point(judge: &Judge<'_>, model: &Model, program: &Program, factor: f64) -> Option<Point> {
    let questions = judge.questions(GOODPUT);
    let limit = judge.request_limit(model);
    let strictest = questions.iter().map(|question| question.allowed).fold(1.0, f64::min);
    let overload = overload(model, factor);
    let pace = match overload {
        // Queues have to fill before it is seen what is lost.
        Some(Overload { utilisation, .. }) => {
            Pace::of_overload(model, factor, utilisation, limit.min(OVERLOAD_REQUESTS))
        }
        None => Pace::of(model, factor, strictest, limit.min(REQUESTS)),
    };
    let pace = pace.or_else(|| Pace::of(model, factor, strictest, limit))?;
    let pace = with_bursts(pace, judge, factor, limit / BURSTS);
    let watch = Watch {
        load: factor,
        limits: questions.iter().map(|question| question.limit).collect(),
        events_max: events_max(model, seconds(pace.end()) * judge.peak() * factor),
        ..Watch::between(pace.warm_up, pace.end())
    };
    let mut summary = Summary::new(judge.quantiles());
    for tally in trials(program, &watch, 0..pace.first, judge.streams("load")) {
        summary.add(tally);
    }
    judge.tell("load", &summary);
    let within = questions.iter().enumerate().all(|(place, question)| {
        let limits = || summary.trials.iter().map(|trial| trial.limits[place]);
        let judged: u64 = limits().map(|(judged, _)| judged).sum();
        let over: u64 = limits().map(|(_, over)| over).sum();
        over as f64 <= question.allowed * judged as f64
    });
    let index = |permille| judge.shown.iter().position(|shown| *shown == permille);
    let percentile = |permille: u16| {
        let observed = index(permille).and_then(|place| quantile_seconds(&summary, place));
        observed.unwrap_or(exact(0.0))
    };
    Some(Point {
        factor,
        holds: within && overload.is_none(),
        requests: summary.requests,
        curve: LoadCurvePoint {
            factor,
            p50: percentile(500),
            p95: percentile(950),
            p99: percentile(990),
            goodput: bounded(
                goodput(&summary),
                0.0,
                overload.map_or(1.0, |found| found.goodput_most),
            ),
        },
    })
}

/// The check of the load that was asked for, with its headroom.
pub(crate) fn check(breaking: &BreakingLoad, asked: f64, requests: u64) -> Check {
    Check {
        id: "load".to_owned(),
        objective: "load".to_owned(),
        scenario: "load".to_owned(),
        demanded: false,
        observed: Observed {
            value: breaking.holds,
            low: breaking.holds,
            high: breaking.breaks.unwrap_or(breaking.holds),
        },
        limit: asked,
        unit: CheckUnit::LoadFactor,
        verdict: if breaking.holds >= asked { Verdict::Pass } else { Verdict::Fail },
        method: Method::Fixed,
        trials: 0,
        requests,
    }
}
