//! What the intent in a spec asks for, read again: the numbers that everything else rests on.
//!
//! An intent is read by the one reader of intents and characterised once more; no option is made
//! and no program is built.

use std::collections::BTreeMap;

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::Intent;
use domain::spec::Spec;
use reports::restore::RestoreFault;
use reports::spec::{Question, question, question_in};
use serde_json::json;
use solver::characterise::characterise;

use super::book::Book;
use crate::failure::Failure;
use crate::input;
use crate::planning::PlanningError;

/// What is asked for, as a demand and as a spec states it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub(super) intent: Intent,
    pub(super) demand: Demand,
    question: Question,
}

/// Reads the intent of a spec again.
///
/// # Errors
/// When the spec holds no intent or another one than it was planned from, or when it was planned
/// from another catalog.
pub fn asked(spec: &Spec, catalog: &Catalog) -> Result<Asked, Failure> {
    let intent = input::behind_spec(spec, catalog)?;
    let demand = characterise(&intent, catalog, None).map_err(PlanningError::Demand)?;
    let question = question(&intent, &demand);
    Ok(Asked { intent, demand, question })
}

impl Asked {
    pub(super) fn compare(&self, spec: &Spec, book: &mut Book) {
        let (own, right) = (question_in(spec), &self.question);
        let labels: BTreeMap<_, _> = self.intent.metadata.labels.iter().cloned().collect();
        book.tree("/metadata/labels", &json!(spec.metadata.labels), &json!(labels));
        book.tree("/intent/objectives", &own.objectives, &right.objectives);
        book.tree("/demand", &own.demand, &right.demand);
        book.tree("/assumptions", &own.assumptions, &right.assumptions);
    }
}

/// Where a fault of the description stands: the part of the spec that it names first.
pub(super) fn place_of(fault: &RestoreFault) -> String {
    let (RestoreFault::Dangling { place, .. }
    | RestoreFault::Unknown { place, .. }
    | RestoreFault::Range { place, .. }
    | RestoreFault::Contradiction { place, .. }
    | RestoreFault::Copy { place, .. }
    | RestoreFault::Lists { place, .. }) = fault;
    let part = place.split(['.', ',']).next().unwrap_or_default();
    format!("/{part}")
}
