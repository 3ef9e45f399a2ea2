//! Looks at a growing number of trials, until every question is answered.

use domain::verification::Verdict;

use super::answer::Answer;
use super::pace::Pace;
use super::spending::Spending;
use crate::engine::{Limit, Program, Watch};
use crate::model::{Model, ModelFault};
use crate::random::{Streams, scenario_number};
use crate::statistics::{Quantile, Summary, trials};
use crate::time::{NEVER, from_seconds};

/// By what the number of trials grows from look to look.
const GROWTH: f64 = 1.5;

/// A limit and the share of the requests that may be over it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Question {
    /// The limit.
    pub limit: Limit,
    /// The share that may be over it.
    pub allowed: f64,
}

/// How many trials there may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Effort {
    /// The error that may be made.
    pub spending: Spending,
    /// Looks at most; one for what is not demanded.
    pub looks: u32,
}

/// What became of the questions.
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    /// One answer for each question.
    pub answers: Vec<Answer>,
    /// All trials.
    pub summary: Summary,
}

/// Takes looks at trials of a program until every question is answered or the effort is spent.
///
/// `trial` gives the watch and the streams of each trial by its number; after each look `seen` is
/// told what there is so far.
pub(crate) fn decide(
    questions: &[Question],
    pace: &Pace,
    effort: &Effort,
    quantiles: Vec<Quantile>,
    mut more: impl FnMut(std::ops::Range<u32>, &mut Summary),
) -> Decided {
    let mut summary = Summary::new(quantiles);
    let mut answers = vec![Answer::unseen(Verdict::Undecided); questions.len()];
    let mut open: Vec<usize> = (0..questions.len()).collect();
    let mut done = 0;
    let mut next = pace.first;
    for look in 1..=effort.looks {
        more(done..next, &mut summary);
        done = next;
        open.retain(|place| {
            let asked = (*place, &questions[*place]);
            let (verdict, answer) = Answer::of(&summary, asked, &effort.spending, look);
            answers[*place] = answer;
            verdict.is_none()
        });
        next = grown(done);
        if open.is_empty() || next > pace.most {
            break;
        }
    }
    Decided { answers, summary }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of trials, far from the limits of its type"
)]
fn grown(trials: u32) -> u32 {
    (f64::from(trials) * GROWTH).ceil() as u32
}

/// A latency objective of a plain model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Objective {
    /// The percentile, as a share of the requests.
    pub share: f64,
    /// What it must be within, in seconds.
    pub limit: f64,
}

/// How a plain model is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The seed of all streams.
    pub seed: u64,
    /// The error that the verdict may make.
    pub alpha: f64,
    /// Requests at most.
    pub request_limit: u64,
}

/// What became of the objectives of a plain model.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// One verdict for each objective.
    pub verdicts: Vec<Verdict>,
    /// Independent trials.
    pub trials: u32,
    /// Requests simulated, those of the warm-ups included.
    pub requests: u64,
}

/// Judges a plain model by the rule of this module.
///
/// # Errors
/// When the model has a fault.
pub fn judge(
    model: &Model,
    objectives: &[Objective],
    settings: &Settings,
) -> Result<Judgement, ModelFault> {
    let program = Program::new(model)?;
    let questions: Vec<Question> = objectives
        .iter()
        .map(|objective| Question {
            limit: Limit { class: None, latency: from_seconds(objective.limit) },
            allowed: 1.0 - objective.share,
        })
        .collect();
    let strictest = questions.iter().map(|question| question.allowed).fold(1.0, f64::min);
    let undecided =
        Judgement { verdicts: vec![Verdict::Undecided; objectives.len()], trials: 0, requests: 0 };
    let Some(pace) = Pace::of(model, 1.0, strictest, settings.request_limit) else {
        return Ok(undecided);
    };
    let watch = Watch {
        limits: questions.iter().map(|question| question.limit).collect(),
        ..Watch::between(pace.warm_up, pace.end())
    };
    let effort = Effort {
        spending: Spending {
            alpha: settings.alpha,
            checks: u32::try_from(objectives.len()).unwrap_or(u32::MAX),
        },
        looks: u32::MAX,
    };
    let scenario = scenario_number("model");
    let streams = |trial| Streams::new(settings.seed, scenario, trial);
    let decided = decide(&questions, &pace, &effort, Vec::new(), |numbers, summary| {
        for tally in trials(&program, &watch, numbers, streams) {
            summary.add(tally);
        }
    });
    Ok(Judgement {
        verdicts: decided.answers.iter().map(|answer| answer.verdict).collect(),
        trials: u32::try_from(decided.summary.trials.len()).unwrap_or(u32::MAX),
        requests: decided.summary.requests,
    })
}

impl Question {
    /// The share of requests that may fail.
    pub(crate) const fn failures(allowed: f64) -> Self {
        Self { limit: Limit { class: None, latency: NEVER }, allowed }
    }
}
