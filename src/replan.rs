//! Questions that differ from an answered one in one outcome: each is solved and simulated like
//! the first, with the evidence that its outcome demands and no more.

use domain::demand::Demand;
use domain::design::{Ask, Design, Found};
use domain::intent::Intent;
use domain::ledger::Stated;
use domain::objective::{Load, Operations, UserKind};
use domain::topology::Topology;
use domain::verification::{Status, Verification};
use solver::explain_floor;
use solver::model::{Model, Settings};
use solver::relax::{Aspect, Prober, set_latency};

use crate::planning::{Planner, PlanningError};

/// The intent with one outcome changed; the place of a latency is that of [`Aspect::Latency`].
pub(crate) fn with(intent: &Intent, ask: Ask, latency: usize) -> Intent {
    let mut changed = intent.clone();
    match ask {
        Ask::Users(count) => {
            let (kind, think_time) = match intent.objectives.load {
                Some(Load::Users { kind, think_time, .. }) => (kind, think_time),
                Some(Load::Rate(_)) | None => (None::<UserKind>, None),
            };
            changed.objectives.load = Some(Load::Users { count, kind, think_time });
            changed.objectives.load_share = None;
        }
        Ask::Rate(rate) => {
            changed.objectives.load = Some(Load::Rate(rate));
            changed.objectives.load_share = None;
        }
        Ask::Uptime(uptime) => changed.objectives.uptime = Some(uptime),
        Ask::Latency(limit) => set_latency(&mut changed, latency, limit),
    }
    changed
}

/// A topology that was verified for some demand.
pub(crate) type Known = (Topology, Verification);

impl Planner<'_> {
    /// The cheapest verified design for an intent, with its verification; `None` where no plan
    /// holds. What is known was verified for the same outcomes or stricter ones.
    ///
    /// # Errors
    /// As for [`Planner::plan`].
    pub(crate) fn designed(
        &self,
        intent: &Intent,
        known: &[Known],
    ) -> Result<Option<(Design, Known)>, PlanningError> {
        let quick = Planner { thorough: false, ..*self };
        let demand = quick.demand(intent)?;
        let judged = quick.judge_knowing(&demand, known)?;
        let verified = judged.filter(|judged| judged.verification.status == Status::Verified);
        Ok(verified.map(|judged| {
            let known = (judged.plan.topology.clone(), judged.verification.clone());
            let design = Design {
                summary: judged.rounds.last().map_or_else(String::new, |round| round.plan.clone()),
                status: judged.verification.status,
                requests: judged.verification.requests,
                plan: judged.plan,
                operations: None,
            };
            (design, known)
        }))
    }

    /// The cheapest verified design for an intent; `None` where no plan holds.
    ///
    /// # Errors
    /// As for [`Planner::plan`].
    pub(crate) fn design(&self, intent: &Intent) -> Result<Option<Design>, PlanningError> {
        Ok(self.designed(intent, &[])?.map(|(design, _)| design))
    }

    /// The same, or why there is none. Where nobody said how careful operations are, more careful
    /// ones are tried before an uptime is given up.
    ///
    /// # Errors
    /// When the simulation cannot be run.
    pub(crate) fn found(&self, intent: &Intent) -> Result<Found, PlanningError> {
        self.found_knowing(intent, &mut Vec::new())
    }

    /// The same, where some topologies are known to hold for outcomes at least as strict; what is
    /// verified here is added to them.
    ///
    /// # Errors
    /// When the simulation cannot be run.
    pub(crate) fn found_knowing(
        &self,
        intent: &Intent,
        known: &mut Vec<Known>,
    ) -> Result<Found, PlanningError> {
        if let Some(found) = self.designed_or_fault(intent, known)? {
            return Ok(found);
        }
        let mut careful = intent.clone();
        for level in better_operations(intent) {
            careful.operations = Some(Stated::by_user(level, "frontier"));
            if let Some(design) = self.design(&careful)? {
                let operations = Some(level);
                return Ok(Found::Design(Box::new(Design { operations, ..design })));
            }
        }
        Ok(Found::Nothing(self.obstacle(&careful)))
    }

    /// The cheapest verified design for an intent as it stands, or why there is none.
    ///
    /// # Errors
    /// When the simulation cannot be run.
    pub(crate) fn found_as_stated(&self, intent: &Intent) -> Result<Found, PlanningError> {
        let found = self.designed_or_fault(intent, &mut Vec::new())?;
        Ok(found.unwrap_or_else(|| Found::Nothing(self.obstacle(intent))))
    }

    /// The design, or the fault of a demand that cannot be planned for; `None` where no plan holds.
    fn designed_or_fault(
        &self,
        intent: &Intent,
        known: &mut Vec<Known>,
    ) -> Result<Option<Found>, PlanningError> {
        match self.designed(intent, known) {
            Ok(None) => Ok(None),
            Ok(Some((design, verified))) => {
                known.push(verified);
                Ok(Some(Found::Design(Box::new(design))))
            }
            Err(fault @ PlanningError::Simulator(_)) => Err(fault),
            Err(PlanningError::Demand(faults)) => {
                let first = faults.first().map(ToString::to_string);
                Ok(Some(Found::Nothing(first.unwrap_or_default())))
            }
            Err(PlanningError::GaveUp) => {
                Ok(Some(Found::Nothing("the search reached its limit of nodes".to_owned())))
            }
        }
    }

    /// Why no plan carries an intent, in a few words.
    pub(crate) fn obstacle(&self, intent: &Intent) -> String {
        let Ok(demand) = self.demand(intent) else { return "no demand".to_owned() };
        let certified = Model::new(&demand, self.catalog, Settings::CERTIFIED);
        if let Some(reason) = explain_floor::reason(&certified) {
            return reason.headline;
        }
        let prober = Prober { catalog: self.catalog, settings: Settings::GUARDED };
        let conflict = prober.conflict(intent);
        let parts: Vec<String> = conflict.iter().map(|aspect| aspect.phrase(intent)).collect();
        let uptime = conflict.contains(&Aspect::Uptime).then(|| spent(&demand)).flatten();
        match (parts.as_slice(), uptime) {
            (_, Some(spent)) => spent,
            ([], None) => "no plan that holds in the simulation".to_owned(),
            ([only], None) => format!("no design carries {only}"),
            ([rest @ .., last], None) => {
                format!("{} and {last} cannot hold together", rest.join(", "))
            }
        }
    }
}

/// What releases and the parts that every design has spend of the year, where that is too much.
fn spent(demand: &Demand) -> Option<String> {
    const MINUTES_A_YEAR: f64 = 525_600.0;
    let budget = demand.objectives.uptime?.error_budget().value();
    let fixed = demand.faults.balancer.value() + demand.faults.dns.value();
    let changes = solver::availability::change(demand);
    let minutes = |ppm: f64| ppm * MINUTES_A_YEAR / 1e6;
    let told = |what: &str, ppm: f64| {
        format!("{what} alone spend {:.1} of {:.1} min a year", minutes(ppm), minutes(budget))
    };
    match (fixed > budget, fixed + changes > budget) {
        (true, _) => Some(told("edge and dns", fixed)),
        (_, true) => Some(told("edge, dns and failed releases", fixed + changes)),
        _ => None,
    }
}

/// Operations that are more careful than the default, where nobody stated any and an uptime is
/// asked for.
pub(crate) fn better_operations(intent: &Intent) -> impl Iterator<Item = Operations> + use<> {
    let open = intent.operations.is_none() && intent.objectives.uptime.is_some();
    Operations::ALL.into_iter().filter(move |level| open && *level > Operations::Standard)
}
