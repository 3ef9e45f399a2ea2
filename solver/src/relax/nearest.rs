//! The nearest value of one aspect with which the model allows a plan.

use domain::intent::Intent;

use super::rungs::first;
use super::{Aspect, Prober, Relaxed, Rungs};
use crate::characterise::characterise;
use crate::model::Model;
use crate::optimise::{Optimised, optimise};

impl Prober<'_> {
    /// The intent with that aspect changed as little as possible; `None` where it does not help.
    pub fn nearest(&self, intent: &Intent, aspect: Aspect) -> Option<Relaxed> {
        let rungs = Rungs::new(intent, aspect);
        let place = self.edge(intent, aspect, 0)?;
        Some(aspect.relaxed(intent, rungs.at(place)))
    }

    /// The place of the nearest value, from one on, with which the model allows a plan; `None`
    /// where none of them helps.
    pub fn edge(&self, intent: &Intent, aspect: Aspect, from: u64) -> Option<u64> {
        let rungs = Rungs::new(intent, aspect);
        if !self.feasible(&aspect.loosest(intent)) {
            return None;
        }
        if aspect == Aspect::Budget
            && let Some(place) = self.edge_of_cost(intent, &rungs)
        {
            return Some(place.max(from));
        }
        first(from, rungs.count(), |place| self.feasible(&rungs.at(place)))
    }

    /// The budget that the cheapest plan needs.
    fn edge_of_cost(&self, intent: &Intent, rungs: &Rungs<'_>) -> Option<u64> {
        let unlimited = Aspect::Budget.loosest(intent);
        let demand = characterise(&unlimited, self.catalog, None).ok()?;
        match optimise(&Model::new(&demand, self.catalog, self.settings), &[]) {
            Optimised::Found(optimum) => rungs.of_cost(optimum.cost),
            Optimised::Infeasible | Optimised::GaveUp => None,
        }
    }
}
