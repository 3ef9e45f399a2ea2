//! Why an intent is infeasible, and what would make it possible.
//!
//! An intent consists of aspects: its users, its uptime, each latency objective, its budget, where
//! it may run, its pins, its headroom, its operations. Two different answers are given: a smallest
//! conflict (leave any one aspect out and a plan exists), and for each aspect alone the nearest
//! value with which a plan exists.

mod aspect;
mod nearest;
mod rungs;

use domain::catalog::Catalog;
use domain::intent::Intent;
use domain::outcome::Change;

use crate::characterise::characterise;
use crate::explain_floor;
use crate::model::{Model, Settings};
use crate::optimise::feasible;

pub use aspect::{Aspect, set_latency};
pub use rungs::Rungs;

/// An intent with one or more aspects changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxed {
    /// The changed intent.
    pub intent: Intent,
    /// What was changed.
    pub changes: Vec<Change>,
}

/// Tells whether plans exist, by the model with its guard.
#[derive(Debug, Clone, Copy)]
pub struct Prober<'c> {
    /// What is bought from.
    pub catalog: &'c Catalog,
    /// How the model is set.
    pub settings: Settings,
}

impl Prober<'_> {
    /// Whether the model allows a plan for that intent.
    pub fn feasible(&self, intent: &Intent) -> bool {
        let Ok(demand) = characterise(intent, self.catalog, None) else {
            return false;
        };
        let model = Model::new(&demand, self.catalog, self.settings);
        // Where the work alone takes too long, that is seen before any option is made.
        explain_floor::reason(&model).is_none() && feasible(&model)
    }

    /// The aspects that cannot hold together, whatever else is asked; any fewer of them can.
    ///
    /// Found by leaving out one aspect after another and keeping it out where that changes
    /// nothing (a deletion filter). Empty when no plan exists even with every aspect left out.
    pub fn conflict(&self, intent: &Intent) -> Vec<Aspect> {
        let aspects = Aspect::of(intent);
        let mut without = intent.clone();
        let mut conflict = Vec::new();
        for aspect in &aspects {
            let loosened = aspect.loosest(&without);
            if self.feasible(&loosened) {
                conflict.push(*aspect);
            } else {
                without = loosened;
            }
        }
        // When nothing was ever feasible, no aspect is to blame: everything was left out.
        let all_out = aspects.iter().fold(intent.clone(), |sum, aspect| aspect.loosest(&sum));
        if self.feasible(&all_out) { conflict } else { Vec::new() }
    }

    /// Several aspects changed at once, each as little as possible, where no single one helps.
    ///
    /// Everything is loosened first; then each aspect, the most important one first, is taken
    /// back to what was stated, or as near to it as leaves a plan.
    pub fn joint_relaxation(&self, intent: &Intent) -> Option<Relaxed> {
        let mut aspects = Aspect::of(intent);
        let loosest = aspects.iter().fold(intent.clone(), |sum, aspect| aspect.loosest(&sum));
        if !self.feasible(&loosest) {
            return None;
        }
        aspects.sort_by_key(|aspect| aspect.importance());
        let mut held = loosest;
        let mut changes = Vec::new();
        for aspect in aspects {
            let restored = aspect.restored(&held, intent);
            if self.feasible(&restored) {
                held = restored;
                continue;
            }
            match self.nearest(&restored, aspect) {
                Some(relaxed) => {
                    held = relaxed.intent;
                    changes.extend(relaxed.changes);
                }
                None => changes.push(aspect.change(intent, &held)),
            }
        }
        Some(Relaxed { intent: held, changes })
    }
}
