//! The search for the first plan that holds.
//!
//! The guarded model proposes first, and what it proposes mostly holds. Where it is refuted again
//! and again, or allows nothing, the plan that promises most is judged, which is the one of the
//! largest guard with which the model still allows any: when that is refuted, the others are hardly
//! worth a simulation.

use domain::plan::LatencyForm;
use domain::verification::{CheckUnit, Status, Verdict, Verification};
use solver::model::Settings;

use super::search::Search;
use super::{Judged, PlanningError, is_beyond};

/// What proposes.
#[derive(Clone, Copy)]
enum Proposer {
    /// The cheapest plan of a model.
    Cheapest(Settings),
    /// The plan of the largest guard within these.
    Promising(f64, f64),
}

/// Guards with which a plan may hold and may not.
const UNSURE: (f64, f64) = (0.5, 1.15);

/// What proposes, with the rounds that each may take.
const STAGES: [(Proposer, usize); 3] = [
    (Proposer::Cheapest(Settings::GUARDED), 12),
    (Proposer::Promising(1.15, 3.0), 2),
    (Proposer::Promising(UNSURE.0, UNSURE.1), 2),
];

/// The same in the proof form, which keeps away from its limits by itself.
const PROVEN: [(Proposer, usize); 1] = [(Proposer::Cheapest(Settings::PROOF), 16)];

/// So many times its limit is far above it, for a plan that promises most.
const FAR: f64 = 1.02;

/// Requests that a scenario may take when all that is asked is whether it is worth more.
const GLANCE: u64 = 300_000;

impl Search<'_> {
    /// What a short simulation tells of a plan that promises most; where it does not decide, what
    /// is likelier.
    pub(super) fn glance(mut self) -> Result<Status, PlanningError> {
        self.requests = GLANCE;
        match self.promising(&[], None, UNSURE) {
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
                    Proposer::Promising(low, high) => {
                        match self.promising(&[], None, (low, high)) {
                            Some((model, optimum)) => Some(self.judge_one(&model, &optimum)?),
                            None => None,
                        }
                    }
                };
                let Some((plan, verification)) = judged else { break };
                let done = verification.status == Status::Verified || is_beyond(&verification);
                last = Some((plan, verification));
                if done {
                    return Ok(last.map(|last| self.conclude(last)));
                }
                let promised = matches!(proposer, Proposer::Promising(..));
                if promised && last.as_ref().is_some_and(|(_, last)| misses_by_far(last)) {
                    break;
                }
            }
        }
        // A plan that stayed undecided is worth reporting; one that was refuted is not.
        let open = last.filter(|(_, verification)| verification.status == Status::Undecided);
        Ok(open.map(|last| self.conclude(last)))
    }
}

/// Whether a latency is so far above its limit that no other plan will be below it.
fn misses_by_far(verification: &Verification) -> bool {
    verification.first_objection().is_some_and(|check| {
        check.unit == CheckUnit::Seconds && check.observed.low > check.limit * FAR
    })
}
