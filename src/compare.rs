//! The best plan of each provider and region, side by side: data services are managed where their
//! prices are known and run on instances elsewhere. The same machines in two regions of a provider
//! are simulated once.

use std::collections::BTreeMap;

use domain::comparison::{Comparison, DataRuns, Evidence, Placed, Row};
use domain::demand::Demand;
use domain::intent::Intent;
use domain::name::Name;
use domain::offer::Provider;
use domain::plan::Plan;
use domain::units::MicroDollars;
use domain::verification::{Status, Verification};
use rayon::prelude::*;
use solver::model::{Model, Settings};
use solver::optimise::{region_rejection, regions};

use crate::check;
use crate::planning::{Judged, Planner, PlanningError, are_alike, solved_plan};
use crate::replan::Known;

/// A region with what the model says of it.
struct Site {
    provider: Provider,
    region: Name,
    /// The intent with nothing but this region allowed.
    intent: Intent,
    demand: Demand,
    /// What the model finds there; or why nothing can be bought at all.
    solved: Result<Option<Plan>, String>,
}

/// Compares every region that an intent allows.
///
/// # Errors
/// When the intent makes no demand or the simulation cannot be run.
pub(crate) fn compare(planner: &Planner<'_>, intent: &Intent) -> Result<Comparison, PlanningError> {
    let demand = planner.demand(intent)?;
    (planner.progress)("solving every region");
    let quiet = Planner { progress: &|_| {}, thorough: false, ..*planner };
    let model = Model::new(&demand, planner.catalog, Settings::GUARDED);
    let places: Vec<(Provider, Name)> =
        regions(&model).map(|region| (region.provider, region.name.clone())).collect();
    let sites: Vec<Site> = places
        .into_par_iter()
        .map(|(provider, region)| site(&quiet, intent, provider, region))
        .collect::<Result<_, _>>()?;
    (planner.progress)("judging the best of each provider");
    let mut by_provider: BTreeMap<Provider, Vec<Site>> = BTreeMap::new();
    for site in sites {
        by_provider.entry(site.provider).or_default().push(site);
    }
    let providers: Vec<Vec<Site>> = by_provider.into_values().collect();
    let judged = providers.into_par_iter().map(|sites| judged(&quiet, sites));
    let rows = ranked(judged.collect::<Result<_, _>>()?);
    let answer = answer(&demand, &rows);
    Ok(Comparison { answer, demand, rows, provenance: planner.provenance(intent) })
}

fn site(
    planner: &Planner<'_>,
    intent: &Intent,
    provider: Provider,
    region: Name,
) -> Result<Site, PlanningError> {
    let mut intent = intent.clone();
    intent.run_on.providers = vec![provider];
    intent.run_on.regions = vec![region.clone()];
    let demand = planner.demand(&intent)?;
    let model = Model::new(&demand, planner.catalog, Settings::GUARDED);
    let sold = regions(&model).next().and_then(|region| region_rejection(&model, region));
    let solved = match sold {
        Some(rejection) => Err(rejection.label()),
        None => Ok(solved_plan(&demand, planner.catalog)),
    };
    Ok(Site { provider, region, intent, demand, solved })
}

/// Judges the regions of one provider, those that seem cheapest first, until its best plan is known
/// to hold; the same machines hold in the other regions too.
fn judged(planner: &Planner<'_>, mut sites: Vec<Site>) -> Result<Vec<Row>, PlanningError> {
    // Where the model finds nothing, the simulation may still have a say, so they come last.
    sites.sort_by_key(|site| {
        let cost = site.solved.as_ref().map(|plan| plan.as_ref().map(cost_of));
        (cost.is_err(), cost.ok().flatten().is_none(), cost.ok().flatten())
    });
    let mut fleets: Vec<(Name, Known)> = Vec::new();
    let mut best: Option<MicroDollars> = None;
    let mut rows = Vec::new();
    for site in sites {
        let Site { provider, region, intent, demand, solved } = site;
        let found = match solved {
            Err(reason) => Err(reason),
            Ok(Some(plan)) if may_be_left(&plan, best, &fleets) => {
                Ok(placed(planner, &demand, plan, Evidence::Estimated))
            }
            Ok(_) => match planner.judge_knowing(&demand, &knowns(&fleets)) {
                Err(PlanningError::GaveUp) => Err("the search reached its limit of nodes".into()),
                Err(fault) => return Err(fault),
                Ok(None) => Err(planner.obstacle(&intent)),
                Ok(Some(Judged { plan, verification, .. })) => {
                    if verification.status == Status::Verified {
                        let cost = cost_of(&plan);
                        best = Some(best.map_or(cost, |best| best.min(cost)));
                    }
                    let evidence = evidence(&mut fleets, &region, &plan, verification);
                    Ok(placed(planner, &demand, plan, evidence))
                }
            },
        };
        rows.push(Row { provider, region, found });
    }
    Ok(rows)
}

/// What a verdict rests on: the simulation in this region, whose fleet is then known, or another.
fn evidence(
    fleets: &mut Vec<(Name, Known)>,
    region: &Name,
    plan: &Plan,
    found: Verification,
) -> Evidence {
    let alike = fleets.iter().find(|(_, (known, _))| are_alike(known, &plan.topology));
    if let Some((elsewhere, _)) = alike {
        return Evidence::SameAs(elsewhere.clone(), found.into());
    }
    if found.status == Status::Verified {
        fleets.push((region.clone(), (plan.topology.clone(), found.clone())));
    }
    Evidence::Simulated(found.into())
}

/// Whether a plan need not be simulated: it cannot be the best of its provider, and nobody knows
/// whether its machines hold.
fn may_be_left(plan: &Plan, best: Option<MicroDollars>, fleets: &[(Name, Known)]) -> bool {
    let known = fleets.iter().any(|(_, (known, _))| are_alike(known, &plan.topology));
    !known && best.is_some_and(|best| best <= cost_of(plan))
}

fn knowns(fleets: &[(Name, Known)]) -> Vec<Known> {
    fleets.iter().map(|(_, known)| known.clone()).collect()
}

const fn cost_of(plan: &Plan) -> MicroDollars {
    plan.optimality.objective
}

/// A plan with its evidence, re-checked like every plan that is shown.
fn placed(planner: &Planner<'_>, demand: &Demand, plan: Plan, evidence: Evidence) -> Box<Placed> {
    let faults = check::faults(demand, &plan, planner.catalog);
    assert!(faults.is_empty(), "the plan does not pass its re-check: {}", faults.join("; "));
    Box::new(Placed { data: DataRuns::of(demand, &plan), plan, evidence })
}

/// The rows of all providers: what holds before what is only estimated and what stayed undecided,
/// the cheapest first; a provider stands where its best row does.
fn ranked(mut providers: Vec<Vec<Row>>) -> Vec<Row> {
    let rank = |row: &Row| match row.placed() {
        Some(placed) => (placed.evidence.rank(), placed.cost()),
        None => (u8::MAX, MicroDollars::ZERO),
    };
    for rows in &mut providers {
        rows.sort_by_key(rank);
    }
    providers.sort_by_key(|rows| rows.first().map(rank));
    providers.into_iter().flatten().collect()
}

/// The row that answers the intent as it stands.
fn answer(demand: &Demand, rows: &[Row]) -> Option<usize> {
    let allowed = |placed: &&Placed| demand.rules.self_run_data || !placed.data.runs_itself();
    let rows = rows.iter().enumerate();
    let placed = rows.filter_map(|(at, row)| Some((at, row.placed().filter(allowed)?)));
    let placed = placed.filter(|(_, placed)| placed.evidence.status().is_some());
    let best = placed.min_by_key(|(_, placed)| (placed.evidence.rank(), placed.cost()));
    best.map(|(at, _)| at)
}
