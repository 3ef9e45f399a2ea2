//! The loop: solve, verify, cut, and solve again, until a plan holds or none is left.
//!
//! `quick` is the search for a first plan that holds, `full` that for the cheapest one; `search` is
//! what a round of either is. A refuted or undecided plan is cut off and never proposed again.

mod full;
mod governed;
mod quick;
mod search;

use std::collections::BTreeMap;

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::Intent;
use domain::outcome::{Answer, Outcome, Provenance, Round};
use domain::plan::{Claim, LatencyForm, Plan};
use domain::policy::Author;
use domain::topology::Topology;
use domain::units::MicroDollars;
use domain::verification::{Status, Verification};
use simulator::SimulatorFault;
use solver::characterise::{CharacteriseError, characterise};
use solver::cut::Cut;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, Optimum, optimise};
use solver::{assemble, exclude};

use crate::alternatives::Alternatives;
use crate::infeasible;
use crate::notices;
use crate::risks;

pub(crate) use governed::standing;
use search::Search;
pub(crate) use search::are_alike;

/// Plans that are judged before the search for a better one is given up.
const ROUNDS: usize = 40;

/// How hard to try, and what to report while trying.
#[derive(Clone, Copy)]
pub struct Planner<'c> {
    /// What is bought from.
    pub catalog: &'c Catalog,
    /// The seed of all random streams.
    pub seed: u64,
    /// The version of the program and the command, for the provenance.
    pub origin: Origin<'c>,
    /// Whether to work out what other requirements would cost, and the evidence that no outcome
    /// demands.
    pub thorough: bool,
    /// How latencies are worked out for a proposal.
    pub form: LatencyForm,
    /// Is told what happens.
    pub progress: &'c (dyn Fn(&str) + Sync),
}

/// How far the search for the cheapest plan is driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Effort {
    /// To the first plan that holds, keeping away from the limits of the estimate.
    #[default]
    Quick,
    /// Until every cheaper plan is excluded, by a certified bound or by simulation.
    Full,
}

/// Where an answer comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'c> {
    /// The command that gives the same answer again.
    pub command: &'c str,
    /// `sha256:` of the intent as it was read.
    pub intent_digest: &'c str,
}

/// Why there is no answer at all.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum PlanningError {
    /// The intent does not make a demand.
    #[error("the demand cannot be worked out")]
    Demand(#[related] Vec<CharacteriseError>),
    /// The simulation could not be run.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Simulator(#[from] SimulatorFault),
    /// The search hit its limits before it found any plan.
    #[error("the search reached its limit of nodes before it found a plan")]
    #[diagnostic(
        code(plan::gave_up),
        help("narrow the question: name a provider, a region or an instance type")
    )]
    GaveUp,
}

/// A plan that was judged last, and what led to it.
pub(crate) struct Judged {
    pub(crate) plan: Plan,
    pub(crate) verification: Verification,
    pub(crate) rounds: Vec<Round>,
    pub(crate) cuts: Vec<Cut>,
    /// Those of the cuts that rest on a refutation; the others on what stayed undecided.
    pub(crate) proofs: Vec<Cut>,
}

impl Planner<'_> {
    /// Answers an intent whose services are complete.
    ///
    /// # Errors
    /// When the intent makes no demand, the simulation cannot run, or the search gives up.
    pub fn plan(&self, intent: &Intent) -> Result<Outcome, PlanningError> {
        self.plan_with(intent, Effort::Quick)
    }

    /// The same with a chosen effort.
    ///
    /// # Errors
    /// As for [`Planner::plan`].
    pub fn plan_with(&self, intent: &Intent, effort: Effort) -> Result<Outcome, PlanningError> {
        let demand = self.demand(intent)?;
        let judged = match effort {
            Effort::Quick => self.judge(&demand)?,
            Effort::Full => Search::new(self, &demand, effort, &[]).drive()?,
        };
        match judged {
            Some(judged) => Ok(Outcome::Planned(Box::new(self.answer(intent, demand, judged)))),
            None => infeasible::explain(self, intent, demand)
                .map(|infeasible| Outcome::Infeasible(Box::new(infeasible))),
        }
    }

    /// What proposes, the strictest first.
    pub(crate) const fn settings(&self) -> [Settings; 2] {
        match self.form {
            LatencyForm::Moment => [Settings::GUARDED, Settings::UNGUARDED],
            LatencyForm::Proof => [Settings::PROOF, Settings::PROOF],
        }
    }

    /// The expected bill of the cheapest plan of a demand, solved and not simulated; `None` where
    /// there is none.
    pub(crate) fn solved_cost(&self, demand: &Demand) -> Option<MicroDollars> {
        solved(demand, self.catalog, self.settings(), |_, optimum| optimum.cost)
    }

    /// The demand of an intent.
    pub(crate) fn demand(&self, intent: &Intent) -> Result<Demand, PlanningError> {
        characterise(intent, self.catalog, None).map_err(PlanningError::Demand)
    }

    /// Proposes and judges until a plan is verified; `None` when no plan is left to judge and none
    /// was worth reporting.
    pub(crate) fn judge(&self, demand: &Demand) -> Result<Option<Judged>, PlanningError> {
        self.judge_knowing(demand, &[])
    }

    /// The same, where some topologies were verified for the same demand or a stricter one: what
    /// held there holds here.
    pub(crate) fn judge_knowing(
        &self,
        demand: &Demand,
        known: &[(Topology, Verification)],
    ) -> Result<Option<Judged>, PlanningError> {
        Search::new(self, demand, Effort::Quick, known).first()
    }

    /// What a short simulation tells of a plan that promises most for an intent; where the intent
    /// makes no demand, there is none.
    pub(crate) fn glance(&self, intent: &Intent) -> Result<Status, PlanningError> {
        let quick = Planner { thorough: false, ..*self };
        match quick.demand(intent) {
            Ok(demand) => Search::new(&quick, &demand, Effort::Quick, &[]).glance(),
            Err(_) => Ok(Status::Refuted),
        }
    }

    fn answer(&self, intent: &Intent, demand: Demand, judged: Judged) -> Answer {
        let Judged { mut plan, verification, rounds, cuts, proofs } = judged;
        (self.progress)("looking for anything cheaper");
        self.claim(&demand, &mut plan, &verification, (&cuts, &proofs));
        let alternatives = Alternatives { planner: self, intent, demand: &demand, plan: &plan };
        let (other_readings, others, sensitivities) = if self.thorough {
            (alternatives.other_readings(), alternatives.others(), alternatives.sensitivities())
        } else {
            Default::default()
        };
        let mut risks = risks::risks(self.catalog, (intent, &demand), &plan, &verification);
        risks.extend(notices::strange_rules(intent, self.catalog));
        risks.sort_by_key(|risk| risk.severity);
        let policy = self.rules_judged(intent, &demand, &plan);
        Answer {
            intent: intent.clone(),
            provenance: self.provenance(intent),
            demand,
            plan,
            verification,
            rounds,
            other_readings,
            alternatives: others,
            sensitivities,
            risks,
            policy,
        }
    }

    /// Bounds the cost of the plan from below and says what may be claimed of it.
    fn claim(
        &self,
        demand: &Demand,
        plan: &mut Plan,
        verification: &Verification,
        (cuts, proofs): (&[Cut], &[Cut]),
    ) {
        let certified = Model::new(demand, self.catalog, Settings::CERTIFIED);
        let objective = plan.optimality.objective;
        let mut bound = objective;
        if let Optimised::Found(cheapest) = optimise(&certified, cuts) {
            bound = cheapest.bound.min(objective);
            if cheapest.cost < objective {
                let excluded = exclude::by_estimate(&certified, &cheapest, self.form);
                plan.optimality.excluded.push(excluded);
            }
        }
        // What stayed undecided may hold, and cost less than what was looked at in its place.
        if proofs.len() < cuts.len()
            && let Optimised::Found(cheapest) = optimise(&certified, proofs)
        {
            bound = bound.min(cheapest.bound);
        }
        plan.optimality.bound = bound;
        plan.optimality.pruned = self.pruned(demand, plan);
        plan.optimality.claim = match verification.status {
            Status::Verified if bound == objective => Claim::CheapestVerified,
            Status::Verified => Claim::Verified,
            Status::Refuted | Status::Undecided => Claim::None,
        };
    }

    /// How many offers of the region were not bought, by reason.
    fn pruned(&self, demand: &Demand, plan: &Plan) -> BTreeMap<String, u64> {
        let model = Model::new(demand, self.catalog, Settings::GUARDED);
        exclude::rejections(&model, &plan.topology)
            .counts()
            .map(|(reason, count)| (reason.label(), count as u64))
            .collect()
    }

    pub(crate) fn provenance(&self, intent: &Intent) -> Provenance {
        let layers = intent.policy.layers.iter();
        Provenance {
            tool: format!("plimsoll {}", env!("CARGO_PKG_VERSION")),
            command: self.origin.command.to_owned(),
            seed: self.seed,
            intent_digest: self.origin.intent_digest.to_owned(),
            policy_digests: layers.map(|layer| layer.digest.clone()).collect(),
            catalog_digest: self.catalog.digest.clone(),
            catalog_as_of: self.catalog.as_of,
            author: Author::default(),
            supersedes: None,
        }
    }
}

/// Whether a plan stayed undecided because its load is beyond what may be simulated: no other plan
/// for that load fares better.
fn is_beyond(verification: &Verification) -> bool {
    let objection = verification.first_objection();
    verification.status == Status::Undecided
        && objection.is_some_and(|check| check.demanded && check.requests == 0)
}

/// With the guard, and without it.
const ESTIMATES: [Settings; 2] = [Settings::GUARDED, Settings::UNGUARDED];

/// The expected bill of the cheapest plan of a demand, solved and not simulated, with the guard
/// where that allows a plan and without it elsewhere; `None` where neither does.
pub(crate) fn solved_cost(demand: &Demand, catalog: &Catalog) -> Option<MicroDollars> {
    solved(demand, catalog, ESTIMATES, |_, optimum| optimum.cost)
}

/// That plan itself.
pub(crate) fn solved_plan(demand: &Demand, catalog: &Catalog) -> Option<Plan> {
    solved(demand, catalog, ESTIMATES, assemble::plan)
}

fn solved<T>(
    demand: &Demand,
    catalog: &Catalog,
    settings: [Settings; 2],
    take: impl Fn(&Model<'_>, &Optimum<'_>) -> T,
) -> Option<T> {
    settings.into_iter().find_map(|settings| {
        let model = Model::new(demand, catalog, settings);
        match optimise(&model, &[]) {
            Optimised::Found(optimum) => Some(take(&model, &optimum)),
            Optimised::Infeasible | Optimised::GaveUp => None,
        }
    })
}
