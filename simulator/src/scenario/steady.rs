//! Steady scenarios: one load, one condition, as long as it takes to answer every question.

use std::collections::BTreeMap;

use domain::units::Seconds;
use domain::verification::{Check, CheckUnit, Method, Observed, ScenarioResult, Verdict};

use super::{Finding, Scenario};
use crate::engine::{Program, Watch};
use crate::fault::SimulatorFault;
use crate::judge::{Judge, events_max, exact, goodput};
use crate::model::Model;
use crate::statistics::{Summary, trials};
use crate::system::Condition;
use crate::time::seconds;
use crate::verdict::{Decided, Effort, Pace, decide};

/// Looks at what is demanded: more than any request limit leaves room for.
const LOOKS: u32 = 40;

/// One load in one condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Steady {
    /// The condition.
    pub condition: Condition,
    /// The load as a factor on the stated peak.
    pub load: f64,
    /// The share of requests that must be good.
    pub goodput: f64,
}

impl Steady {
    /// Runs it.
    pub(super) fn run(
        &self,
        scenario: &Scenario,
        judge: &Judge<'_>,
    ) -> Result<Finding, SimulatorFault> {
        let model = judge.system.model(&self.condition);
        let program = Program::new(&model)?;
        let questions = judge.questions(self.goodput);
        let overload = overload(&model, self.load);
        let strictest = questions.iter().map(|question| question.allowed).fold(1.0, f64::min);
        let limit = judge.request_limit(&model);
        let pace = match overload {
            Some(utilisation) => Pace::of_overload(&model, self.load, utilisation, limit),
            None => Pace::of(&model, self.load, strictest, limit),
        };
        let Some(pace) = pace else {
            return Ok(self.not_run(scenario, judge));
        };
        let watch = Watch {
            load: self.load,
            limits: questions.iter().map(|question| question.limit).collect(),
            events_max: events_max(&model, seconds(pace.end()) * judge.peak() * self.load),
            ..Watch::between(pace.warm_up, pace.end())
        };
        let effort = Effort {
            spending: judge.spending(),
            looks: if scenario.demanded && overload.is_none() { LOOKS } else { 1 },
        };
        let streams = judge.streams(&scenario.name);
        let mut decided =
            decide(&questions, &pace, &effort, judge.quantiles(), |numbers, summary| {
                for tally in trials(&program, &watch, numbers, &streams) {
                    summary.add(tally);
                }
                judge.tell(&scenario.name, summary);
            });
        if overload.is_some() {
            refute(&mut decided.verdicts);
        }
        Ok(self.finding(scenario, judge, &decided, overload))
    }

    fn finding(
        &self,
        scenario: &Scenario,
        judge: &Judge<'_>,
        decided: &Decided,
        overload: Option<f64>,
    ) -> Finding {
        let summary = &decided.summary;
        let observed = goodput(summary);
        let checks = checks(scenario, judge, decided, self.goodput, overload);
        let latency = &decided.verdicts[..judge.bars.len()];
        Finding {
            holds: latency.iter().all(|verdict| *verdict == Verdict::Pass),
            seen: true,
            lost_share: 1.0 - observed.value,
            result: result(scenario, judge, summary, observed),
            checks,
            course: None,
            day: None,
            simulated: summary.requests,
        }
    }

    /// There are more requests than may be simulated, or none at all.
    fn not_run(&self, scenario: &Scenario, judge: &Judge<'_>) -> Finding {
        let nothing = Decided {
            verdicts: vec![Verdict::Undecided; judge.bars.len() + 1],
            summary: Summary::new(judge.quantiles()),
        };
        let idle = judge.peak() * self.load <= 0.0;
        let decided = Decided {
            // Where nothing is asked, everything is answered.
            verdicts: if idle {
                vec![Verdict::Pass; judge.bars.len() + 1]
            } else {
                nothing.verdicts
            },
            summary: nothing.summary,
        };
        let mut finding = self.finding(scenario, judge, &decided, None);
        finding.seen = idle;
        if idle {
            finding.lost_share = 0.0;
        }
        finding
    }
}

/// The utilisation of a station that has more work than it can do, if there is one: by the flow of
/// calls alone. A cache is left out: what it refuses goes to its fallback.
pub(crate) fn overload(model: &Model, factor: f64) -> Option<f64> {
    let mut falls_back = vec![false; model.stations.len()];
    for call in model.stations.iter().flat_map(|station| station.calls.iter().flatten()) {
        falls_back[call.to] |= call.lookup.is_some_and(|lookup| lookup.fallback.is_some());
    }
    let utilisations = model.load(factor).into_iter().map(|load| load.utilisation());
    let overloads = utilisations
        .zip(falls_back)
        .filter(|(utilisation, falls_back)| *utilisation >= 1.0 && !falls_back)
        .map(|(utilisation, _)| utilisation);
    overloads.fold(None, |most: Option<f64>, next| Some(most.map_or(next, |most| most.max(next))))
}

/// More work comes in than can be done: no trial, however short it was, says otherwise.
fn refute(verdicts: &mut [Verdict]) {
    if let Some(goodput) = verdicts.last_mut() {
        *goodput = Verdict::Fail;
    }
    for verdict in verdicts.iter_mut().filter(|verdict| **verdict == Verdict::Pass) {
        *verdict = Verdict::Undecided;
    }
}

/// The checks of a steady scenario: each latency objective, then goodput.
pub(super) fn checks(
    scenario: &Scenario,
    judge: &Judge<'_>,
    decided: &Decided,
    asked: f64,
    overload: Option<f64>,
) -> Vec<Check> {
    let summary = &decided.summary;
    let base = |objective: &str| Check {
        id: format!("{objective}@{}", scenario.name),
        objective: objective.to_owned(),
        scenario: scenario.name.clone(),
        demanded: scenario.demanded,
        observed: goodput(summary),
        limit: asked,
        unit: CheckUnit::Share,
        verdict: decided.verdicts[judge.bars.len()],
        method: Method::Sequential,
        trials: u32::try_from(summary.trials.len()).unwrap_or(u32::MAX),
        requests: summary.offered,
    };
    let mut checks: Vec<Check> = judge
        .bars
        .iter()
        .enumerate()
        .map(|(place, bar)| Check {
            observed: judge.observed(summary, place),
            limit: bar.limit.value(),
            unit: CheckUnit::Seconds,
            verdict: decided.verdicts[place],
            ..base(&bar.id)
        })
        .collect();
    checks.push(match overload {
        None => base("goodput"),
        Some(utilisation) => Check {
            observed: exact(goodput(summary).value.min(1.0 / utilisation)),
            method: Method::Exact,
            ..base("goodput")
        },
    });
    checks
}

/// A scenario's result from its trials.
pub(super) fn result(
    scenario: &Scenario,
    judge: &Judge<'_>,
    summary: &Summary,
    goodput: Observed,
) -> ScenarioResult {
    let share = |count: u64| {
        if summary.offered == 0 { 0.0 } else { count as f64 / summary.offered as f64 }
    };
    ScenarioResult {
        name: scenario.name.clone(),
        summary: scenario.summary.clone(),
        simulated: Seconds::of(seconds(summary.observed)),
        requests: summary.offered,
        trials: u32::try_from(summary.trials.len()).unwrap_or(u32::MAX),
        goodput,
        recovered_after: None,
        latency: judge.latency(summary),
        utilisation: utilisation(judge, summary),
        refused: share(summary.refused),
        timed_out: share(summary.timed_out),
        retried: share(summary.retried),
        series: Vec::new(),
    }
}

/// Utilisation of each service's busiest pool, by name.
pub(super) fn utilisation(judge: &Judge<'_>, summary: &Summary) -> BTreeMap<String, Observed> {
    if summary.trials.is_empty() {
        return BTreeMap::new();
    }
    judge
        .system
        .services()
        .enumerate()
        .map(|(station, service)| {
            let estimate = summary.utilisation(station);
            let observed = estimate.around(estimate.mean, 0.0, f64::MAX);
            (judge.system.name(service).to_owned(), observed)
        })
        .collect()
}
