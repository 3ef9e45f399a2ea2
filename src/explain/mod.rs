//! Why a plan is as it is: questions that differ in one respect, each solved and simulated like the
//! first; what is only solved says so.

mod levers;
mod offers;
mod prices;
mod rules;
mod runners;

use domain::demand::Demand;
use domain::design::Design;
use domain::explanation::Explanation;
use domain::intent::Intent;
use domain::plan::Certainty;

use crate::failure::Failure;
use crate::planning::Planner;
use crate::replan::Known;

/// What is asked beside the explanation itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Further<'a> {
    /// Why this offer was not bought.
    pub(crate) offer: Option<&'a str>,
    /// What half and twice each assumption costs.
    pub(crate) assumptions: bool,
}

/// An answered question.
struct Answered<'p> {
    planner: &'p Planner<'p>,
    intent: &'p Intent,
    demand: &'p Demand,
    design: &'p Design,
    /// What was verified for it.
    known: &'p Known,
}

/// Explains the plan of an intent; `None` where there is no verified one.
///
/// # Errors
/// When the intent makes no demand, the simulation cannot be run, or nobody sells the offer.
pub(crate) fn explain(
    planner: &Planner<'_>,
    intent: &Intent,
    further: Further<'_>,
) -> Result<Option<Explanation>, Failure> {
    let demand = planner.demand(intent)?;
    let sold = further.offer.map(|sku| offers::known(planner.catalog, sku)).transpose()?;
    (planner.progress)("planning what was asked for");
    let Some((design, known)) = planner.designed(intent, &[])? else { return Ok(None) };
    (planner.progress)("planning what could have been asked for");
    let quiet = Planner { progress: &|_| {}, ..*planner };
    let answered =
        Answered { planner: &quiet, intent, demand: &demand, design: &design, known: &known };
    let (prices, rest) = rayon::join(
        || answered.prices(),
        || rayon::join(|| answered.runner_ups(), || answered.rejected()),
    );
    let (runner_ups, rejected) = rest;
    let (runner_ups, elsewhere) = runner_ups?;
    let offer = sold.map(|sku| answered.why_not(sku)).transpose()?;
    let swings = if further.assumptions { answered.swings() } else { Vec::new() };
    let simulated = design.plan.optimality.excluded.iter();
    let simulated = simulated.filter(|excluded| excluded.certainty == Certainty::Simulated);
    Ok(Some(Explanation {
        prices: prices?,
        idle: answered.idle(),
        runner_ups,
        elsewhere,
        refuted: simulated.cloned().collect(),
        rejected,
        levers: answered.levers(),
        offer,
        swings,
        provenance: planner.provenance(intent),
        demand: demand.clone(),
        design: design.clone(),
    }))
}
