//! Why no plan carries an intent, and what would make one possible: planned and verified.

use domain::demand::Demand;
use domain::intent::Intent;
use domain::outcome::{ConflictPart, Infeasible};
use domain::plan::{Certainty, LatencyForm};
use domain::policy::Rule;
use solver::explain_floor::{self, FloorReason};
use solver::model::{Model, Settings};
use solver::optimise::{feasible, regions};
use solver::relax::{Aspect, Prober};
use solver::words::figure;

use crate::planning::{Planner, PlanningError};
use crate::{notices, relaxations};

/// Explains why a demand has no plan.
pub(crate) fn explain(
    planner: &Planner<'_>,
    intent: &Intent,
    demand: Demand,
) -> Result<Infeasible, PlanningError> {
    (planner.progress)("no plan: looking for the conflict");
    let [settings, _] = planner.settings();
    let prober = Prober { catalog: planner.catalog, settings };
    let conflict = prober.conflict(intent);
    (planner.progress)("no plan: looking for the nearest that works");
    let (relaxations, no_help) = relaxations::all(planner, intent)?;
    let certified = Model::new(&demand, planner.catalog, Settings::CERTIFIED);
    let certainty = if feasible(&certified) { Certainty::Estimated } else { Certainty::Certified };
    let reason = explain_floor::reason(&certified);
    let mut details = reason.as_ref().map_or_else(Vec::new, |reason| reason.details.clone());
    details.extend(notices::closed_regions(&certified));
    details.extend(notices::strange_names(intent, planner.catalog));
    details.extend(reports::policies::exceptions(&intent.policy, &demand));
    let unproven = reason.is_none() && by_form(planner, &demand);
    if unproven {
        details.push(UNPROVEN.to_owned());
    }
    if demand.cdn.is_some() && regions(&certified).all(|region| region.cdn.is_none()) {
        details.push(NO_CDN.to_owned());
    }
    Ok(Infeasible {
        headline: headline((intent, &conflict), reason.as_ref(), unproven),
        details,
        conflict: conflict.iter().map(|aspect| part(*aspect, intent, &demand)).collect(),
        certainty,
        searched: searched(&certified),
        relaxations,
        no_help,
        provenance: planner.provenance(intent),
        intent: intent.clone(),
        demand,
    })
}

/// What to do where only the proof form excludes every plan.
const UNPROVEN: &str =
    "no bound is within the limit; plans that may well hold are judged with --latency-form moment";

/// What to do where nothing that is sold could stand before the edge.
const NO_CDN: &str = "no content delivery network has a known price there: leave `cacheable` out \
                      for a plan in which all requests reach the balancer";

/// Whether only the proof form excludes every plan.
fn by_form(planner: &Planner<'_>, demand: &Demand) -> bool {
    let moment = Model::new(demand, planner.catalog, Settings::UNGUARDED);
    planner.form == LatencyForm::Proof && feasible(&moment)
}

fn headline(
    (intent, conflict): (&Intent, &[Aspect]),
    reason: Option<&FloorReason>,
    unproven: bool,
) -> String {
    if let Some(reason) = reason {
        return reason.headline.clone();
    }
    let parts: Vec<String> = conflict.iter().map(|aspect| aspect.phrase(intent)).collect();
    match parts.as_slice() {
        [] => "no design carries this, whatever is relaxed".to_owned(),
        [only] if unproven => format!("no design is proven to carry {only}"),
        [only] => format!("no design carries {only}"),
        [rest @ .., last] if unproven => {
            format!("no design is proven to carry {} and {last}", rest.join(", "))
        }
        [rest @ .., last] => format!("{} and {last} cannot hold together", rest.join(", ")),
    }
}

/// An aspect of the conflict with what follows from it.
fn part(aspect: Aspect, intent: &Intent, demand: &Demand) -> ConflictPart {
    let because = match aspect {
        Aspect::Load => format!("{} requests/s at the peak", figure(demand.load.peak.value())),
        Aspect::Uptime => demand.objectives.uptime.map_or_else(String::new, |uptime| {
            format!("{:.0} ppm of unavailability a year", uptime.error_budget().value())
        }),
        Aspect::Operations => {
            let change = solver::availability::change(demand);
            format!("failed releases alone take {change:.0} ppm")
        }
        Aspect::Headroom => {
            let down = demand.objectives.headroom.instances_down;
            let plural = if down == 1 { "" } else { "s" };
            format!("{} more load, {down} instance{plural} down", demand.objectives.headroom.load)
        }
        Aspect::Latency(_) => "the work, the network and the waiting of a request".to_owned(),
        Aspect::Budget => "the expected bill of a month".to_owned(),
        Aspect::Placement => "what is sold there".to_owned(),
        Aspect::Pins => "decisions taken beforehand".to_owned(),
        Aspect::Recovery => "a database that is lost with its machine or zone".to_owned(),
        Aspect::Policy(at) => intent.policy.rules.get(at).map_or_else(String::new, reason),
    };
    ConflictPart { name: aspect.name(intent), stated: aspect.stated(intent), because }
}

/// Why there is a rule, or else where it stands.
fn reason(rule: &Rule) -> String {
    rule.because.clone().unwrap_or_else(|| format!("it stands at {}", rule.place))
}

/// How many regions of each provider were looked at.
fn searched(model: &Model<'_>) -> Vec<(domain::offer::Provider, u32)> {
    let mut searched: Vec<(domain::offer::Provider, u32)> = Vec::new();
    for region in regions(model) {
        match searched.iter_mut().find(|(provider, _)| *provider == region.provider) {
            Some((_, count)) => *count += 1,
            None => searched.push((region.provider, 1)),
        }
    }
    searched
}
