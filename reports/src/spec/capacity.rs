//! What a budget buys, as one JSON document.

use domain::capacity::{Capacity, Refused};
use domain::spec::ApiVersion;
use domain::study::{CapacityDocument, CapacityKind, CarefulPart, CarriedPart, RefusedAskPart};

use super::{design, intent, measure, sha256};

/// What a budget buys, as a document that can be read back.
pub fn capacity(capacity: &Capacity) -> CapacityDocument {
    let refused = |refused: &Refused| {
        let (design, unreachable) = design::parted(&refused.unlimited, design::design);
        RefusedAskPart { ask: design::ask(refused.ask), design, unreachable }
    };
    let elsewhere = capacity.elsewhere.iter().map(|(at, carried)| CarriedPart {
        at: design::ask(*at),
        carried: carried.map(design::ask),
    });
    let careful = capacity
        .careful
        .map(|(operations, carried)| CarefulPart { operations, carried: design::ask(carried) });
    let mut document = CapacityDocument {
        api_version: ApiVersion::V1,
        kind: CapacityKind::Capacity,
        digest: String::new(),
        provenance: intent::provenance(&capacity.provenance, None, None),
        reading: capacity.demand.load.reading.clone(),
        outcome: capacity.outcome.clone(),
        budget_micros: capacity.budget,
        against: capacity.against,
        carried: design::ask(capacity.carried),
        design: design::design(&capacity.design),
        monthly_micros: measure::amounts(capacity.design.plan.bill.totals()),
        refused: capacity.refused.as_ref().map(refused),
        next_machines: capacity.next_machines.map(design::ask),
        elsewhere: elsewhere.collect(),
        careful,
        next: capacity.next.clone(),
    };
    document.digest = sha256(&capacity_text(&document));
    document
}

/// Its only form as bytes.
pub fn capacity_text(document: &CapacityDocument) -> String {
    design::text(document)
}

/// The JSON Schema of such documents.
pub fn capacity_schema() -> String {
    design::schema::<CapacityDocument>("capacity")
}
