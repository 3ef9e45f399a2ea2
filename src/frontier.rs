//! What outcomes cost against each other: one outcome after another takes several values while all
//! others stay, and each of these questions is solved and simulated.

mod growth;

use domain::design::{Ask, Found};
use domain::frontier::{Frontier, Point, Series, Slack, Standing};
use domain::intent::Intent;
use domain::objective::{LatencyObjective, Load};
use domain::units::{Availability, MicroDollars, Ratio, RequestsPerSecond, Seconds};
use rayon::prelude::*;
use solver::relax::Aspect;

use crate::planning::{Planner, PlanningError, solved_cost};
use crate::replan::{Known, with};
use crate::standing::rank;

/// Loads around the stated one, in hundredths of it.
const LOADS: [u64; 7] = [10, 15, 20, 30, 50, 100, 200];

/// Uptimes that people ask for, in parts per million.
const UPTIMES: [u32; 7] = [990_000, 995_000, 999_000, 999_500, 999_900, 999_950, 999_990];

/// Latency limits around the stated one, in thousandths of it.
const LATENCIES: [u64; 9] = [50, 70, 100, 150, 200, 300, 500, 1_000, 2_000];

/// Limits below the one that costs nothing, in tenths of it.
const TIGHTER: [u64; 2] = [8, 6];

/// An outcome that a series runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Users, or requests a second where those were stated.
    Load,
    /// The uptime.
    Uptime,
    /// The latency at that place, as [`Aspect::Latency`] counts them.
    Latency(usize),
}

impl Outcome {
    pub(crate) const fn aspect(self) -> Aspect {
        match self {
            Self::Load => Aspect::Load,
            Self::Uptime => Aspect::Uptime,
            Self::Latency(at) => Aspect::Latency(at),
        }
    }

    /// Where a latency stands.
    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Latency(at) => at,
            Self::Load | Self::Uptime => 0,
        }
    }
}

/// The latency objectives of an intent, as [`Aspect::Latency`] counts them.
pub(crate) fn latencies(intent: &Intent) -> impl Iterator<Item = &LatencyObjective> {
    let own = intent.requests.iter().flat_map(|class| &class.latency);
    intent.objectives.latency.iter().chain(own)
}

/// What is asked of an outcome now; `None` where it is not stated.
pub(crate) fn asked(intent: &Intent, outcome: Outcome) -> Option<Ask> {
    match outcome {
        Outcome::Load => intent.objectives.load.as_ref().map(|load| match load {
            Load::Users { count, .. } => Ask::Users(*count),
            Load::Rate(rate) => Ask::Rate(*rate),
        }),
        Outcome::Uptime => intent.objectives.uptime.map(Ask::Uptime),
        Outcome::Latency(at) => {
            latencies(intent).nth(at).map(|latency| Ask::Latency(latency.limit))
        }
    }
}

/// Works a frontier out.
///
/// # Errors
/// When the intent makes no demand or the simulation cannot be run.
pub(crate) fn frontier(
    planner: &Planner<'_>,
    intent: &Intent,
    (over, growth): (&[Outcome], Option<Ratio>),
) -> Result<Frontier, PlanningError> {
    let demand = planner.demand(intent)?;
    (planner.progress)("planning what was asked for");
    let tight: Vec<Outcome> = (0..latencies(intent).count())
        .map(Outcome::Latency)
        .filter(|outcome| !over.contains(outcome))
        .collect();
    let edges = edges(planner, intent, &tight);
    let mut known = Vec::new();
    // What holds at the strictest outcomes that seem to be free holds at those that were asked for.
    let free = if over.contains(&Outcome::Uptime) { free_uptime(planner, intent) } else { None };
    let strictest = free.map_or_else(|| intent.clone(), |uptime| with(intent, uptime, 0));
    let strictest = edges.iter().fold(strictest, |sum, (outcome, limit)| {
        with(&sum, Ask::Latency(milliseconds(*limit as f64)), outcome.place())
    });
    if strictest != *intent {
        planner.designed(&strictest, &[])?.into_iter().for_each(|(_, found)| known.push(found));
    }
    let here = planner.found_knowing(intent, &mut known.clone())?;
    (planner.progress)("planning the values around it");
    let quiet = Planner { progress: &|_| {}, ..*planner };
    let question =
        Around { planner: &quiet, intent, here: &here, strictest: &strictest, known: &known };
    let (series, slack) = rayon::join(
        || over.par_iter().map(|outcome| question.series(*outcome)).collect(),
        || {
            let edges = edges.par_iter();
            edges.map(|(outcome, edge)| question.slack(*outcome, *edge)).collect()
        },
    );
    let (series, slack): (Result<_, _>, Result<Vec<Option<Slack>>, _>) = (series, slack);
    let slack = slack?.into_iter().flatten().collect();
    let growth = growth.map(|monthly| question.growth(monthly)).transpose()?.flatten();
    let provenance = planner.provenance(intent);
    Ok(Frontier { demand, series: series?, slack, growth, provenance })
}

/// The tightest limit of each latency, in whole milliseconds, at which the model's price is that of
/// the limit as it was asked for; the latencies for which nothing is free are left out.
fn edges(planner: &Planner<'_>, intent: &Intent, tight: &[Outcome]) -> Vec<(Outcome, u64)> {
    let Some(cost) = solved(planner, intent) else { return Vec::new() };
    let edge = |outcome: &Outcome| {
        let (place, whole) = (outcome.place(), whole_limit(intent, *outcome));
        let free = |limit: u64| {
            let limit = Ask::Latency(milliseconds(limit as f64));
            Ok(solved(planner, &with(intent, limit, place)).is_some_and(|found| found <= cost))
        };
        // Every price is free of faults here, and the limit itself costs what it costs.
        let found = first(0, whole, &free).ok().flatten();
        (*outcome, found.unwrap_or(whole))
    };
    tight.par_iter().map(edge).collect()
}

/// The strictest uptime above the one that was asked for at which the model's price is the same.
fn free_uptime(planner: &Planner<'_>, intent: &Intent) -> Option<Ask> {
    let cost = solved(planner, intent)?;
    let own = intent.objectives.uptime?;
    let stricter = UPTIMES.into_iter().rev().filter(|ppm| *ppm > own.ppm());
    stricter
        .filter_map(|ppm| Availability::from_ppm(ppm).ok())
        .map(Ask::Uptime)
        .find(|uptime| solved(planner, &with(intent, *uptime, 0)) == Some(cost))
}

/// What the model's cheapest plan costs.
fn solved(planner: &Planner<'_>, intent: &Intent) -> Option<MicroDollars> {
    let demand = planner.demand(intent).ok()?;
    solved_cost(&demand, planner.catalog)
}

/// Whether what holds for one intent holds for another, from which it differs in its uptime and its
/// latencies at most.
fn covers(strict: &Intent, loose: &Intent) -> bool {
    let mut limits = latencies(strict).zip(latencies(loose));
    strict.objectives.load == loose.objectives.load
        && strict.operations == loose.operations
        && strict.objectives.uptime >= loose.objectives.uptime
        && limits.all(|(strict, loose)| strict.limit <= loose.limit)
}

/// The limit of a latency in whole milliseconds, rounded down.
fn whole_limit(intent: &Intent, outcome: Outcome) -> u64 {
    let limit = latencies(intent).nth(outcome.place()).map_or(0.0, |latency| latency.limit.value());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a limit is positive and at most an hour"
    )]
    let whole = (limit * 1e3 + 1e-6).floor() as u64;
    whole
}

/// The questions around an answered one.
struct Around<'p> {
    planner: &'p Planner<'p>,
    intent: &'p Intent,
    here: &'p Found,
    /// An intent that is nowhere looser than the answered one, and what is known to hold for it.
    strictest: &'p Intent,
    known: &'p [Known],
}

impl Around<'_> {
    /// One outcome at its values, those of load side by side. Of the others the strictest comes
    /// first, because a design that holds for it need not be simulated again for a looser one.
    fn series(&self, outcome: Outcome) -> Result<Series, PlanningError> {
        let values = values(self.intent, outcome);
        let mut points: Vec<Point> = match outcome {
            Outcome::Load => values
                .into_par_iter()
                .map(|ask| self.point(outcome, ask, &mut Vec::new()))
                .collect::<Result<_, _>>()?,
            Outcome::Uptime | Outcome::Latency(_) => {
                let mut known = Vec::new();
                let mut values = values;
                values.sort_by(|one, other| {
                    one.is_as_strict_as(*other).cmp(&other.is_as_strict_as(*one)).reverse()
                });
                let point = |ask| self.point(outcome, ask, &mut known);
                values.into_iter().map(point).collect::<Result<_, _>>()?
            }
        };
        points.sort_by(|one, other| one.ask.number().total_cmp(&other.ask.number()));
        rank(&mut points);
        Ok(Series { name: outcome.aspect().name(self.intent), points })
    }

    fn point(
        &self,
        outcome: Outcome,
        ask: Ask,
        known: &mut Vec<Known>,
    ) -> Result<Point, PlanningError> {
        let asked = asked(self.intent, outcome) == Some(ask);
        let changed = with(self.intent, ask, outcome.place());
        let found = if asked {
            self.here.clone()
        } else {
            if covers(self.strictest, &changed) {
                known.extend_from_slice(self.known);
            }
            self.planner.found_knowing(&changed, known)?
        };
        Ok(Point { ask, asked, found, standing: Standing::Unreached })
    }

    /// How far a latency can be tightened for nothing, from where the model says so, and what a
    /// little more costs; nothing where there is no design to begin with.
    fn slack(&self, outcome: Outcome, edge: u64) -> Result<Option<Slack>, PlanningError> {
        let Some(cost) = self.here.cost() else { return Ok(None) };
        let whole = whole_limit(self.intent, outcome);
        let at = |limit: u64| {
            let limit = Ask::Latency(milliseconds(limit as f64));
            with(self.intent, limit, outcome.place())
        };
        let holds = |limit: u64| -> Result<bool, PlanningError> {
            let (changed, mut known) = (at(limit), Vec::new());
            if covers(self.strictest, &changed) {
                known.extend_from_slice(self.known);
            }
            let found = self.planner.found_knowing(&changed, &mut known)?;
            Ok(found.cost().is_some_and(|found| found <= cost))
        };
        // Where the model was too hopeful, the edge lies further up.
        let edge = match edge {
            edge if edge >= whole => whole,
            edge if holds(edge)? => edge,
            edge => first(edge, whole, &holds)?.unwrap_or(whole),
        };
        let limits = TIGHTER.iter().map(|tenths| edge * tenths / 10).filter(|limit| *limit > 0);
        let limits: Vec<u64> = limits.collect();
        let tighter = limits
            .into_par_iter()
            .map(|limit| Ok((milliseconds(limit as f64), self.planner.found(&at(limit))?)))
            .collect::<Result<_, PlanningError>>()?;
        Ok(Some(Slack {
            name: outcome.aspect().name(self.intent),
            asked: asked(self.intent, outcome).map_or(Seconds::ZERO, limit_of),
            free_to: (edge < whole).then(|| milliseconds(edge as f64)),
            cost,
            tighter,
        }))
    }
}

fn limit_of(ask: Ask) -> Seconds {
    match ask {
        Ask::Latency(limit) => limit,
        Ask::Users(_) | Ask::Rate(_) | Ask::Uptime(_) => Seconds::ZERO,
    }
}

/// The values of a series, smallest first, with the one that was asked for.
fn values(intent: &Intent, outcome: Outcome) -> Vec<Ask> {
    let own = asked(intent, outcome);
    let mut values: Vec<Ask> = match (outcome, own) {
        (Outcome::Load, Some(Ask::Users(count))) => {
            let part = |part: u64| u64::try_from(u128::from(count) * u128::from(part) / 100);
            let parts = LOADS.into_iter().filter_map(|share| part(share).ok());
            parts.map(|count| Ask::Users(two_digits(count).max(1))).collect()
        }
        (Outcome::Load, Some(Ask::Rate(rate))) => {
            let part = |part: u64| RequestsPerSecond::of(rate.value() * part as f64 / 100.0);
            LOADS.into_iter().map(|share| Ask::Rate(part(share))).collect()
        }
        (Outcome::Latency(_), Some(Ask::Latency(limit))) => {
            let limits = LATENCIES.into_iter().map(|share| limit.value() * 1e3 * share as f64);
            let whole = limits.map(|limit| (limit / 1e3).round().max(1.0));
            whole.map(|limit| Ask::Latency(milliseconds(limit))).collect()
        }
        (Outcome::Uptime, _) => UPTIMES
            .into_iter()
            .filter_map(|ppm| Availability::from_ppm(ppm).ok())
            .map(Ask::Uptime)
            .collect(),
        _ => Vec::new(),
    };
    values.extend(own);
    values.sort_by(|one, other| one.number().total_cmp(&other.number()));
    values.dedup();
    values
}

pub(crate) fn milliseconds(count: f64) -> Seconds {
    Seconds::of(count / 1e3)
}

/// A count of which two digits are not zero: 1,500 for 1,523.
fn two_digits(count: u64) -> u64 {
    let mut step = 1;
    while count / step >= 100 {
        step *= 10;
    }
    count / step * step
}

/// A question about a whole number, which can fail.
type Question<'q> = &'q dyn Fn(u64) -> Result<bool, PlanningError>;

/// The least number above `low`, of which it does not hold, up to `high`, of which it does.
pub(crate) fn first(
    mut low: u64,
    mut high: u64,
    holds: Question<'_>,
) -> Result<Option<u64>, PlanningError> {
    if low >= high {
        return Ok(None);
    }
    while high - low > 1 {
        let middle = u64::midpoint(low, high);
        if holds(middle)? { high = middle } else { low = middle }
    }
    Ok(Some(high))
}
