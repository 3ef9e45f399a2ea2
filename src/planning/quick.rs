//! The search for the first plan that holds.
//!
//! The guarded model proposes first, and what it proposes mostly holds. Where it is refuted again
//! and again, or allows nothing, the plan that promises most is judged, which is the one of the
//! largest guard with which the model still allows any: when that is refuted, the others are hardly
//! worth a simulation.

use domain::plan::{LatencyForm, Plan};
use domain::verification::{CheckUnit, Status, Verdict, Verification};
use solver::model::Settings;

use super::full::PRECISION;
use super::search::Search;
use super::{Judged, PlanningError, is_beyond};

/// What proposes.
#[derive(Clone, Copy)]
enum Proposer {
    /// The cheapest plan of a model.
    Cheapest(Settings),
    /// A plan of nearly the largest guard within these.
    Promising(f64, f64),
    /// The plan of the largest guard of all, where another one stayed undecided.
    Best,
}

/// Guards with which a plan may hold and may not.
const UNSURE: (f64, f64) = (0.5, 1.15);

/// What proposes, with the rounds that each may take.
const STAGES: [(Proposer, usize); 4] = [
    (Proposer::Cheapest(Settings::GUARDED), 12),
    (Proposer::Promising(1.15, 3.0), 2),
    (Proposer::Promising(UNSURE.0, UNSURE.1), 2),
    // Where plans of nearly that guard stay undecided, the best of all may still hold.
    (Proposer::Best, 2),
];

/// The same in the proof form, which keeps away from its limits by itself.
const PROVEN: [(Proposer, usize); 1] = [(Proposer::Cheapest(Settings::PROOF), 16)];

/// How near the largest guard of all is looked for, as a share.
const FINE: f64 = 0.001;

/// So many times its limit is far above it, for a plan that promises most.
const FAR: f64 = 1.02;

/// Requests that a scenario may take when all that is asked is whether it is worth more.
const GLANCE: u64 = 300_000;

impl Search<'_> {
    /// What a short simulation tells of a plan that promises most; where it does not decide, what
    /// is likelier.
    pub(super) fn glance(mut self) -> Result<Status, PlanningError> {
        self.requests = GLANCE;
        match self.promising(&[], None, UNSURE, PRECISION) {
            Some((model, optimum)) => {
                let (_, verification) = self.judge_one(&model, &optimum)?;
                let open = verification.status == Status::Undecided;
                let likely =
                    verification.checks.iter().filter(|check| check.demanded).all(|check| {
                        let within = check.observed.value <= check.limit;
                        check.verdict == Verdict::Pass || check.unit == CheckUnit::Seconds && within
                    });
                Ok(if open && likely { Status::Verified } else { verification.status })
            }
            None => Ok(Status::Refuted),
        }
    }

    /// Judges the plan that promises most within two guards; `None` where the model allows none.
    fn promise(
        &mut self,
        guards: (f64, f64),
        precision: f64,
    ) -> Result<Option<(Plan, Verification)>, PlanningError> {
        let found = self.promising(&[], None, guards, precision);
        found.map(|(model, optimum)| self.judge_one(&model, &optimum)).transpose()
    }

    /// Proposes and judges until a plan holds.
    pub(super) fn first(mut self) -> Result<Option<Judged>, PlanningError> {
        let mut last = None;
        let stages: &[(Proposer, usize)] = match self.planner.form {
            LatencyForm::Moment => &STAGES,
            LatencyForm::Proof => &PROVEN,
        };
        for (proposer, rounds) in stages {
            for _ in 0..*rounds {
                let judged = match *proposer {
                    Proposer::Cheapest(settings) => self.round(settings)?,
                    Proposer::Promising(low, high) => self.promise((low, high), PRECISION)?,
                    Proposer::Best if last.as_ref().is_some_and(is_open) => {
                        self.promise(UNSURE, FINE)?
                    }
                    Proposer::Best => None,
                };
                let Some((plan, verification)) = judged else { break };
                let done = verification.status == Status::Verified || is_beyond(&verification);
                last = Some((plan, verification));
                if done {
                    return Ok(last.map(|last| self.conclude(last)));
                }
                let promised = !matches!(proposer, Proposer::Cheapest(_));
                if promised && last.as_ref().is_some_and(|(_, last)| misses_by_far(last)) {
                    break;
                }
            }
        }
        // A plan that stayed undecided is worth reporting; one that was refuted is not.
        let open = last.filter(is_open);
        Ok(open.map(|last| self.conclude(last)))
    }
}

/// Whether a plan stayed undecided.
fn is_open((_, verification): &(Plan, Verification)) -> bool {
    verification.status == Status::Undecided
}

/// Whether a latency is so far above its limit that no other plan will be below it.
fn misses_by_far(verification: &Verification) -> bool {
    verification.first_objection().is_some_and(|check| {
        check.unit == CheckUnit::Seconds && check.observed.low > check.limit * FAR
    })
}
