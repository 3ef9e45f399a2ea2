//! Steady scenarios: one load, one condition, as long as it takes to answer every question.

use std::collections::BTreeMap;

use domain::units::Seconds;
use domain::verification::{Check, CheckUnit, Method, Observed, ScenarioResult, Verdict};

use super::bursts::with_bursts;
use super::overload::{Overload, overload};
use super::{About, Finding, Lost, Scenario};
use crate::engine::{Program, Watch};
use crate::fault::SimulatorFault;
use crate::judge::{Judge, events_max};
use crate::statistics::{Summary, trials};
use crate::system::Condition;
use crate::time::seconds;
use crate::verdict::{Answer, Decided, Effort, Pace, Question, decide};

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
        let program = Program::new(&judge.system.with_bursts(model.clone(), 0))?;
        let questions = judge.questions(self.goodput);
        let overload = overload(&model, self.load);
        let strictest = questions.iter().map(|question| question.allowed).fold(1.0, f64::min);
        let limit = judge.request_limit(&model);
        let pace = match overload {
            Some(Overload { utilisation, .. }) => {
                Pace::of_overload(&model, self.load, utilisation, limit)
            }
            None => Pace::of(&model, self.load, strictest, limit),
        };
        let Some(pace) = pace else {
            return Ok(self.not_run(scenario, judge));
        };
        let pace = with_bursts(pace, judge, self.load, limit);
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
        if let Some(overload) = overload {
            refute(&questions, &mut decided.answers, overload);
        }
        let lost = overload.map_or(0.0, |overload| 1.0 - overload.goodput_most);
        let mut finding =
            self.finding(scenario, judge, &decided, Lost::share(&decided.summary, lost));
        // Where there is too much to do, the latencies are those of how long was looked at.
        if scenario.about == About::Peak && overload.is_none() {
            finding.result.distribution = judge.distribution(&decided.summary);
        }
        Ok(finding)
    }

    fn finding(
        &self,
        scenario: &Scenario,
        judge: &Judge<'_>,
        decided: &Decided,
        lost: Lost,
    ) -> Finding {
        let summary = &decided.summary;
        let observed = decided.answers[judge.bars.len()].good();
        let latency = &decided.answers[..judge.bars.len()];
        let result = result(scenario, judge, summary, observed);
        Finding {
            holds: latency.iter().all(|answer| answer.verdict == Verdict::Pass),
            seen: true,
            lost,
            degraded: result.degraded,
            result,
            checks: checks(scenario, judge, decided, self.goodput),
            course: None,
            day: None,
            simulated: summary.requests,
        }
    }

    /// There are more requests than may be simulated, or none at all.
    fn not_run(&self, scenario: &Scenario, judge: &Judge<'_>) -> Finding {
        let idle = judge.peak() * self.load <= 0.0;
        // Where nothing is asked, everything is answered.
        let verdict = if idle { Verdict::Pass } else { Verdict::Undecided };
        let decided = Decided {
            answers: vec![Answer::unseen(verdict); judge.bars.len() + 1],
            summary: Summary::new(judge.quantiles()),
        };
        let lost = Lost::exactly(if idle { 0.0 } else { 1.0 });
        Finding { seen: idle, ..self.finding(scenario, judge, &decided, lost) }
    }
}

/// More work comes in than can be done: what must be lost of it is, and no trial, however short it
/// was, says otherwise.
fn refute(questions: &[Question], answers: &mut [Answer], overload: Overload) {
    for (question, answer) in questions.iter().zip(answers) {
        if question.limit.class.is_none() {
            let least = 1.0 - overload.goodput_most;
            answer.bound(least);
            if least > question.allowed {
                answer.fail();
            }
        }
        if answer.verdict == Verdict::Pass {
            answer.verdict = Verdict::Undecided;
        }
    }
}

/// The checks of a steady scenario: each latency objective, then goodput.
pub(super) fn checks(
    scenario: &Scenario,
    judge: &Judge<'_>,
    decided: &Decided,
    asked: f64,
) -> Vec<Check> {
    let summary = &decided.summary;
    let base = |objective: &str, answer: &Answer| Check {
        id: format!("{objective}@{}", scenario.name),
        objective: objective.to_owned(),
        scenario: scenario.name.clone(),
        demanded: scenario.demanded,
        observed: answer.good(),
        limit: asked,
        unit: CheckUnit::Share,
        verdict: answer.verdict,
        method: if answer.exact { Method::Exact } else { Method::Sequential },
        trials: u32::try_from(summary.trials.len()).unwrap_or(u32::MAX),
        requests: summary.offered,
    };
    let bars = judge.bars.iter().zip(&decided.answers);
    let mut checks: Vec<Check> = bars
        .map(|(bar, answer)| Check {
            observed: judge.observed(bar, answer),
            limit: bar.limit.value(),
            unit: CheckUnit::Seconds,
            ..base(&bar.id, answer)
        })
        .collect();
    checks.push(base("goodput", &decided.answers[judge.bars.len()]));
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
        distribution: Vec::new(),
        utilisation: utilisation(judge, summary),
        refused: share(summary.refused),
        timed_out: share(summary.timed_out),
        retried: share(summary.retried),
        degraded: share(summary.degraded),
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
        .filter(|(_, service)| !judge.system.is_endless(*service))
        .map(|(station, service)| {
            let estimate = summary.utilisation(station);
            let observed = estimate.around(estimate.mean, 0.0, f64::MAX);
            (judge.system.name(service).to_owned(), observed)
        })
        .collect()
}
