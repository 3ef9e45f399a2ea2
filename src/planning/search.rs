//! The rounds of one demand: each proposes a plan, judges it, and cuts off what does not hold.

use domain::demand::{Demand, ServiceIndex};
use domain::outcome::Round;
use domain::plan::{Certainty, Plan};
use domain::topology::Topology;
use domain::units::Probability;
use domain::verification::{Status, Verification};
use simulator::{Culprit, Evidence, SimulatorFault};
use solver::assemble;
use solver::cut::{self, Cut, CutKind};
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, Optimum, optimise};
use solver::option::{ServiceOption, Signature};

use super::full::{self, Held};
use super::{Effort, Judged, Planner, PlanningError};
use crate::screen::simulated;

/// A plan at the edge of its objectives is verified falsely at most this often, over all rounds.
const ALPHA: f64 = 0.05;

/// Whether two topologies differ in the name of their region at most, of which the judge takes no
/// notice.
pub(crate) fn are_alike(one: &Topology, other: &Topology) -> bool {
    *one == Topology { region: one.region.clone(), ..other.clone() }
}

/// The rounds of one demand.
pub(super) struct Search<'s> {
    pub(super) planner: &'s Planner<'s>,
    pub(super) demand: &'s Demand,
    pub(super) effort: Effort,
    pub(super) cuts: Vec<Cut>,
    /// Those of the cuts that rest on a refutation.
    pub(super) proofs: Vec<Cut>,
    pub(super) rounds: Vec<Round>,
    /// What was judged, and how it came out.
    judged: Vec<(Topology, Verification)>,
    /// Requests that a scenario may take.
    pub(super) requests: u64,
    /// The plan that was left undecided last.
    pub(super) open: Option<Held>,
    /// Families of plans that were judged at a multiple of their size.
    pub(super) enlarged: Vec<Vec<Signature>>,
    /// What did not hold, and the service that is to blame for it alone.
    blamed: Vec<(Topology, Option<Culprit>)>,
}

impl<'s> Search<'s> {
    pub(super) fn new(
        planner: &'s Planner<'s>,
        demand: &'s Demand,
        effort: Effort,
        known: &[(Topology, Verification)],
    ) -> Self {
        Self {
            planner,
            demand,
            effort,
            cuts: Vec::new(),
            proofs: Vec::new(),
            rounds: Vec::new(),
            judged: known.to_vec(),
            requests: simulator::Settings::default().request_limit,
            open: None,
            enlarged: Vec::new(),
            blamed: Vec::new(),
        }
    }

    /// Proposes and judges one plan; `None` when the model allows none. What does not hold is cut.
    pub(super) fn round(
        &mut self,
        settings: Settings,
    ) -> Result<Option<(Plan, Verification)>, PlanningError> {
        let model = Model::new(self.demand, self.planner.catalog, settings);
        let optimum = match optimise(&model, &self.cuts) {
            Optimised::Found(optimum) => optimum,
            Optimised::Infeasible => return Ok(None),
            Optimised::GaveUp => return Err(PlanningError::GaveUp),
        };
        self.judge_one(&model, &optimum).map(Some)
    }

    /// Judges one plan and cuts it where it does not hold.
    pub(super) fn judge_one(
        &mut self,
        model: &Model<'s>,
        optimum: &Optimum<'s>,
    ) -> Result<(Plan, Verification), PlanningError> {
        let plan = assemble::plan(model, optimum);
        let summary = assemble::summary(model, optimum);
        (self.planner.progress)(&format!("judging plan {} · {summary}", self.rounds.len() + 1));
        let verification = match self.known(&plan.topology) {
            Some(known) => known.clone(),
            None => self.verify(&plan)?,
        };
        self.judged.push((plan.topology.clone(), verification.clone()));
        let objection = verification.first_objection().map(|check| check.id.clone());
        if let Some(objection) = &objection {
            let status = verification.status.as_str();
            (self.planner.progress)(&format!("{summary} · {status} by {objection}"));
        }
        let cut = if verification.status == Status::Verified {
            None
        } else {
            Some(self.cut(optimum, &plan.topology, &verification)?)
        };
        if verification.status == Status::Undecided {
            let (plan, verification) = (plan.clone(), verification.clone());
            self.open = Some(Held { plan, verification, round: self.rounds.len() });
        }
        self.rounds.push(Round { plan: summary, cost: optimum.cost, objection, cut });
        Ok((plan, verification))
    }

    /// The verdict on the same machines in another region.
    fn known(&self, topology: &Topology) -> Option<&Verification> {
        let alike = |judged: &&(Topology, Verification)| are_alike(&judged.0, topology);
        self.judged.iter().find(alike).map(|(_, verification)| verification)
    }

    /// The error that this round may spend: 6α/(π²k²) in round k adds up to α over all rounds.
    fn alpha(&self) -> Probability {
        let round = self.rounds.len() as f64 + 1.0;
        let share = 6.0 / (std::f64::consts::PI * round).powi(2);
        Probability::of(ALPHA * share)
    }

    pub(super) fn settings(&self) -> simulator::Settings {
        simulator::Settings {
            seed: self.planner.seed,
            alpha: self.alpha(),
            request_limit: self.requests,
            evidence: if self.planner.thorough {
                Evidence::UnlessRefuted
            } else {
                Evidence::Demanded
            },
            ..simulator::Settings::default()
        }
    }

    fn verify(&self, plan: &Plan) -> Result<Verification, SimulatorFault> {
        let settings = self.settings();
        let judging = format!("judging plan {}", self.rounds.len() + 1);
        let progress =
            |seen: &simulator::Progress<'_>| (self.planner.progress)(&simulated(&judging, seen));
        simulator::verify(self.demand, &plan.topology, &settings, &progress)
    }

    fn cut(
        &mut self,
        optimum: &Optimum<'_>,
        topology: &Topology,
        verification: &Verification,
    ) -> Result<&'static str, SimulatorFault> {
        // The same machines in another region are to blame for the same.
        let known = self.blamed.iter().find(|(known, _)| are_alike(known, topology));
        let culprit = match known {
            Some((_, culprit)) => culprit.clone(),
            None => simulator::culprit(self.demand, topology, verification, &self.settings())?,
        };
        let kind = match (self.effort, &culprit, verification.status) {
            (Effort::Full, culprit, _) => {
                full::reach(self.demand, topology, verification, culprit.as_ref())
            }
            (Effort::Quick, Some(culprit), _) => CutKind::Service(ServiceIndex(culprit.service)),
            (Effort::Quick, None, Status::Refuted) => match cut::kind_for(self.demand) {
                // The judge takes no notice of the region.
                CutKind::NoGood => CutKind::Alike,
                kind => kind,
            },
            // What is undecided says nothing about smaller plans.
            (Effort::Quick, None, Status::Undecided | Status::Verified) => CutKind::Alike,
        };
        self.blamed.push((topology.clone(), culprit));
        let mut cut = Cut {
            provider: optimum.layout.region.provider,
            region: optimum.layout.region.name.clone(),
            zones: optimum.layout.zones,
            signatures: optimum.options.iter().map(ServiceOption::signature).collect(),
            kind,
        };
        if verification.status == Status::Refuted {
            if self.effort == Effort::Full {
                self.enlarge(&mut cut, topology)?;
            }
            self.proofs.push(cut.clone());
        }
        let word = cut.kind.as_str();
        self.cuts.push(cut);
        Ok(word)
    }

    pub(super) fn conclude(self, (mut plan, verification): (Plan, Verification)) -> Judged {
        for round in self.rounds.iter().filter(|round| round.cut.is_some()) {
            plan.optimality.excluded.push(domain::plan::Exclusion {
                plan: round.plan.clone(),
                cost: round.cost,
                certainty: Certainty::Simulated,
                reason: round.objection.clone().unwrap_or_default(),
            });
        }
        let Self { rounds, cuts, proofs, .. } = self;
        Judged { plan, verification, rounds, cuts, proofs }
    }
}
