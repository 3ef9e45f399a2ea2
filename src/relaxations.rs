//! What would make an infeasible intent possible: for each outcome alone the nearest value for
//! which a plan holds in the simulation.
//!
//! The certified model says which values are certain not to help. From the guarded model's nearest
//! value on, plans are judged, outward until one holds, as `plan` would. Inward, between what is
//! certain and what holds, a short simulation of the most promising plan chooses a value, which is
//! planned for then. So planning with a value that is reported holds.

use domain::design::Design;
use domain::intent::Intent;
use domain::outcome::Relaxation;
use domain::verification::Status;
use rayon::prelude::*;
use solver::model::Settings;
use solver::relax::{Aspect, Prober, Relaxed, Rungs};

use crate::planning::{Planner, PlanningError};

/// Values that are judged going outward, from one that the estimate takes for good.
const OUTWARD: u32 = 3;
/// Values that are judged going inward from one that holds.
const INWARD: u32 = 3;

/// Every single change that helps, planned and verified, nearest first; and the outcomes whose
/// change alone does not help. Several changes at once where no single one does.
pub(crate) fn all(
    planner: &Planner<'_>,
    intent: &Intent,
) -> Result<(Vec<Relaxation>, Vec<String>), PlanningError> {
    let aspects = Aspect::of(intent);
    let found: Vec<Result<Option<Relaxation>, PlanningError>> =
        aspects.par_iter().map(|aspect| nearest(planner, intent, *aspect)).collect();
    let (mut relaxations, mut no_help) = (Vec::new(), Vec::new());
    for (aspect, found) in aspects.iter().zip(found) {
        match found? {
            Some(relaxation) => relaxations.push(relaxation),
            None => no_help.push(aspect.name(intent)),
        }
    }
    let [settings, _] = planner.settings();
    let prober = Prober { catalog: planner.catalog, settings };
    if relaxations.is_empty()
        && let Some(joint) = prober.joint_relaxation(intent)
        && let Some(design) = design(planner, &joint.intent)?
    {
        relaxations.push(relaxation(joint, &design, None));
    }
    Ok((relaxations, no_help))
}

/// The nearest value of one aspect for which a plan holds; `None` where there is none.
fn nearest(
    planner: &Planner<'_>,
    intent: &Intent,
    aspect: Aspect,
) -> Result<Option<Relaxation>, PlanningError> {
    let rungs = Rungs::new(intent, aspect);
    let edge = |settings: Settings, from: u64| {
        let prober = Prober { catalog: planner.catalog, settings };
        prober.edge(intent, aspect, from)
    };
    let Some(certain) = edge(Settings::CERTIFIED, 0) else { return Ok(None) };
    let tell = |place: u64| {
        let value = aspect.stated(&rungs.at(place));
        (planner.progress)(&format!("no plan: trying {} {value}", aspect.name(intent)));
    };
    let judge = |place: u64| {
        tell(place);
        design(planner, &rungs.at(place))
    };
    let promises = |place: u64| {
        tell(place);
        planner.glance(&rungs.at(place))
    };
    let last = rungs.count() - 1;
    let [strict, loose] = planner.settings();
    let guarded = edge(strict, certain);
    if guarded.is_none() && promises(last)? == Status::Refuted {
        return Ok(None);
    }
    let mut place = guarded.unwrap_or(last);
    let mut held = None;
    for _ in 0..OUTWARD {
        held = judge(place)?.map(|design| (place, design));
        if held.is_some() || place == last {
            break;
        }
        place = last.min(certain + 2 * (place - certain) + 1);
    }
    let Some(held) = held else { return Ok(None) };
    // Between what is certain not to do and what holds.
    let (mut low, mut high) = (certain, held.0);
    let mut next = if low < high { edge(loose, certain) } else { None };
    next = next.filter(|next| *next < high);
    for _ in 0..INWARD {
        if low >= high {
            break;
        }
        let place = next.take().unwrap_or_else(|| u64::midpoint(low, high - 1));
        if promises(place)? == Status::Verified { high = place } else { low = place + 1 }
    }
    // What looked likely may not hold after all.
    let nearer = if high < held.0 { judge(high)?.map(|design| (high, design)) } else { None };
    let (place, design) = nearer.unwrap_or(held);
    let useless = certain.checked_sub(1).map(|place| aspect.stated(&rungs.at(place)));
    Ok(Some(relaxation(aspect.relaxed(intent, rungs.at(place)), &design, useless)))
}

/// The plan that `plan` would find for an intent; `None` where none holds, or where the intent
/// makes no demand.
fn design(planner: &Planner<'_>, intent: &Intent) -> Result<Option<Design>, PlanningError> {
    match planner.design(intent) {
        Err(PlanningError::Demand(_) | PlanningError::GaveUp) => Ok(None),
        found => found,
    }
}

fn relaxation(relaxed: Relaxed, design: &Design, useless: Option<String>) -> Relaxation {
    Relaxation {
        changes: relaxed.changes,
        cost: design.cost(),
        status: design.status,
        plan_digest: reports::spec::plan_digest(&design.plan),
        plan: design.summary.clone(),
        useless,
    }
}
