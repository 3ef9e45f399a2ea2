//! Runner-ups: the cheapest plans of other designs. A design is another one when a service runs on
//! another offer, when it stands in another number of zones, or somewhere else.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::catalog::Catalog;
use domain::design::Design;
use domain::intent::Intent;
use domain::ledger::Stated;
use domain::offer::Provider;
use domain::topology::Topology;
use domain::units::MicroDollars;
use rayon::prelude::*;

use super::Answered;
use crate::planning::{Planner, PlanningError, solved_plan};

/// So many are told.
const RUNNER_UPS: usize = 3;

/// What tells designs apart: where they stand, and what each service runs on.
type Likeness = (Provider, String, u8, Vec<Vec<String>>);

/// A question whose answer is another design.
struct Other {
    intent: Intent,
    /// Offers that are not for sale.
    without: BTreeSet<String>,
}

impl Answered<'_> {
    /// The cheapest verified plans of other designs, cheapest first.
    pub(super) fn runner_ups(&self) -> Result<Vec<Design>, PlanningError> {
        let solved = self.others().into_par_iter().filter_map(|other| {
            let catalog = self.stocked(&other.without);
            let demand =
                Planner { catalog: &catalog, ..*self.planner }.demand(&other.intent).ok()?;
            let plan = solved_plan(&demand, &catalog)?;
            // Where a place is named, databases may be run on instances: that is another bargain.
            if !self.is_as_managed(&plan.topology) {
                return None;
            }
            Some((plan.optimality.objective, likeness(&plan.topology), other))
        });
        let mut solved: Vec<(MicroDollars, Likeness, Other)> = solved.collect();
        solved.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        let mut seen = BTreeSet::from([likeness(&self.design.plan.topology)]);
        solved.retain(|(_, likeness, _)| seen.insert(likeness.clone()));
        let mut found: Vec<Design> = Vec::new();
        let mut told = BTreeSet::from([likeness(&self.design.plan.topology)]);
        let mut rest = solved.into_iter();
        // Some are refuted, so more are looked at than are told.
        while found.len() < RUNNER_UPS {
            let next: Vec<Other> =
                rest.by_ref().take(RUNNER_UPS - found.len()).map(|(_, _, other)| other).collect();
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
        Ok(found)
    }

    /// Without what each service runs on, in one more zone, in another region or on another cloud.
    fn others(&self) -> Vec<Other> {
        let here = &self.design.plan.topology;
        let mut others: Vec<Other> = Vec::new();
        let bought = here.services.iter().map(|service| &service.pools);
        for pools in bought.filter(|pools| !pools.is_empty()) {
            let without = pools.iter().map(|pool| pool.sku.clone()).collect();
            others.push(Other { intent: self.intent.clone(), without });
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
    (topology.provider, topology.region.to_string(), topology.zones, runs_on.collect())
}
