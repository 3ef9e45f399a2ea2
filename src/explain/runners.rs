//! Runner-ups: the cheapest plans of other designs. A design is another one when a service runs on
//! another offer, when it stands in another number of zones, or on another cloud; the same machines
//! in another region are the same design.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::catalog::Catalog;
use domain::design::Design;
use domain::intent::Intent;
use domain::ledger::Stated;
use domain::name::Name;
use domain::offer::Provider;
use domain::plan::Plan;
use domain::topology::Topology;
use domain::units::MicroDollars;
use rayon::prelude::*;

use super::Answered;
use crate::planning::{Planner, PlanningError, are_alike, solved_plan};

/// So many are told.
const RUNNER_UPS: usize = 3;

/// What tells designs apart: the cloud, the zones, and what each service runs on.
type Likeness = (Provider, u8, Vec<Vec<String>>);

/// A question whose answer is another design.
#[derive(Clone)]
struct Other {
    intent: Intent,
    /// Offers that are not for sale.
    without: BTreeSet<String>,
}

/// What the model says to such a question.
struct Solved {
    plan: Plan,
    other: Other,
}

/// Regions with what the same machines cost there.
type Elsewhere = Vec<(Name, MicroDollars)>;

impl Answered<'_> {
    /// The cheapest verified plans of other designs, cheapest first; and where else the plan is the
    /// same machines.
    pub(super) fn runner_ups(&self) -> Result<(Vec<Design>, Elsewhere), PlanningError> {
        let solved = self.solved(self.others());
        let elsewhere = self.elsewhere(&solved);
        let mut solved = self.different(solved);
        if solved.len() < RUNNER_UPS {
            // Without what those run on either.
            let further = solved.iter().map(|Solved { plan, other }| {
                let bought = plan.topology.services.iter().flat_map(|service| &service.pools);
                let mut other = other.clone();
                other.without.extend(bought.map(|pool| pool.sku.clone()));
                other
            });
            let further = self.solved(further.collect());
            solved = self.different(solved.into_iter().chain(further).collect());
        }
        let mut found: Vec<Design> = Vec::new();
        let mut told = BTreeSet::from([likeness(&self.design.plan.topology)]);
        let mut rest = solved.into_iter();
        // Some are refuted, so more are looked at than are told.
        while found.len() < RUNNER_UPS {
            let missing = RUNNER_UPS - found.len();
            let next: Vec<Other> = rest.by_ref().take(missing).map(|next| next.other).collect();
            if next.is_empty() {
                break;
            }
            let judged: Vec<Option<Design>> = next
                .into_par_iter()
                .map(|other| {
                    let catalog = self.stocked(&other.without);
                    Planner { catalog: &catalog, ..*self.planner }.design(&other.intent)
                })
                .collect::<Result<_, _>>()?;
            let judged = judged.into_iter().flatten();
            found.extend(judged.filter(|design| told.insert(likeness(&design.plan.topology))));
        }
        found.sort_by_key(Design::cost);
        Ok((found, elsewhere))
    }

    /// What the model says, where it has a plan.
    fn solved(&self, others: Vec<Other>) -> Vec<Solved> {
        let solved = others.into_par_iter().filter_map(|other| {
            let catalog = self.stocked(&other.without);
            let demand =
                Planner { catalog: &catalog, ..*self.planner }.demand(&other.intent).ok()?;
            let plan = solved_plan(&demand, &catalog)?;
            // Where a place is named, databases may be run on instances: that is another bargain.
            self.is_as_managed(&plan.topology).then_some(Solved { plan, other })
        });
        solved.collect()
    }

    /// The cheapest of each other design, cheapest first.
    fn different(&self, mut solved: Vec<Solved>) -> Vec<Solved> {
        solved.sort_by_cached_key(|Solved { plan, .. }| {
            (plan.optimality.objective, likeness(&plan.topology), plan.topology.region.clone())
        });
        let mut seen = BTreeSet::from([likeness(&self.design.plan.topology)]);
        solved.retain(|Solved { plan, .. }| seen.insert(likeness(&plan.topology)));
        solved
    }

    /// Where the plan is the same machines, which were simulated already.
    fn elsewhere(&self, solved: &[Solved]) -> Elsewhere {
        let here = &self.design.plan.topology;
        let alike = solved
            .iter()
            .map(|found| &found.plan)
            .filter(|plan| plan.topology.region != here.region && are_alike(&plan.topology, here));
        let mut elsewhere: Elsewhere =
            alike.map(|plan| (plan.topology.region.clone(), plan.optimality.objective)).collect();
        elsewhere.sort_by(|one, other| (one.1, &one.0).cmp(&(other.1, &other.0)));
        elsewhere.dedup();
        elsewhere
    }

    /// Without what each service runs on, in one more zone, in another region or on another cloud.
    fn others(&self) -> Vec<Other> {
        let here = &self.design.plan.topology;
        let mut others: Vec<Other> = Vec::new();
        let bought = here.services.iter().map(|service| &service.pools);
        for pools in bought.filter(|pools| !pools.is_empty()) {
            let all: BTreeSet<String> = pools.iter().map(|pool| pool.sku.clone()).collect();
            // Of several offers without each of them as well, which leaves the others.
            let each = all.iter().filter(|_| all.len() > 1);
            let each: Vec<_> = each.map(|sku| BTreeSet::from([sku.clone()])).collect();
            for without in std::iter::once(all).chain(each) {
                others.push(Other { intent: self.intent.clone(), without });
            }
        }
        let mut asked = |change: &dyn Fn(&mut Intent)| {
            let mut intent = self.intent.clone();
            change(&mut intent);
            others.push(Other { intent, without: BTreeSet::new() });
        };
        let zones = u32::from(here.zones) + 1;
        asked(&|intent| intent.run_on.zones = Some(Stated::by_user(zones, "explanation")));
        for region in &self.planner.catalog.regions {
            let stated = &self.intent.run_on;
            let allowed = (stated.providers.is_empty()
                || stated.providers.contains(&region.provider))
                && (stated.regions.is_empty() || stated.regions.contains(&region.name));
            if allowed && region.name != here.region {
                asked(&|intent| intent.run_on.regions = vec![region.name.clone()]);
            }
        }
        others
    }

    /// The catalog without some offers.
    fn stocked(&self, without: &BTreeSet<String>) -> Cow<'_, Catalog> {
        let mut catalog = Cow::Borrowed(self.planner.catalog);
        if !without.is_empty() {
            catalog.to_mut().offers.retain(|offer| !without.contains(&offer.sku));
        }
        catalog
    }
}

fn likeness(topology: &Topology) -> Likeness {
    let runs_on = topology
        .services
        .iter()
        .map(|service| service.pools.iter().map(|pool| pool.sku.clone()).collect::<Vec<_>>());
    (topology.provider, topology.zones, runs_on.collect())
}
