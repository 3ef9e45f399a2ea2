//! What a budget buys, as one JSON document.

use domain::capacity::{Capacity, Refused};
use domain::objective::Operations;
use domain::spec::{Amounts, ProvenancePart};
use domain::study::{AskPart, DesignPart};
use domain::units::MicroDollars;
use schemars::JsonSchema;
use serde::Serialize;

use super::design::{self, FoundPart, VERSION};
use super::{intent, measure};

/// The most of one outcome that a budget carries, solved and simulated, and one step more.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll capacity")]
struct Document {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "plimsoll/v1"))]
    api_version: &'static str,
    /// What the document is.
    #[schemars(extend("const" = "Capacity"))]
    kind: &'static str,
    /// Where it came from.
    provenance: ProvenancePart,
    /// How the load was read, at what is carried.
    reading: String,
    /// The outcome of which the most was looked for: `users`, `uptime`, `latency p95`.
    outcome: String,
    /// The most that may be spent in a month.
    budget_micros: MicroDollars,
    /// The bill that the budget limits: `expected` or `ceiling`.
    against: &'static str,
    /// The most that it carries.
    carried: AskPart,
    /// The design that carries it.
    design: DesignPart,
    /// The three bills of that design.
    monthly_micros: Amounts,
    /// One step more, without the budget; absent where there is no step more.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<RefusedPart>,
    /// The least load above at which the cheapest machines are others; absent where one step more
    /// needs them already.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_machines: Option<AskPart>,
    /// What the same budget carries at other uptimes.
    elsewhere: Vec<ElsewherePart>,
    /// What the same budget carries with more careful operations than were assumed; absent where
    /// that is no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    careful: Option<CarefulPart>,
    /// The command that plans what is carried.
    next: String,
}

#[derive(Serialize, JsonSchema)]
struct RefusedPart {
    /// What is asked for.
    ask: AskPart,
    /// What would carry it without the budget.
    #[serde(flatten)]
    found: FoundPart,
}

#[derive(Serialize, JsonSchema)]
struct ElsewherePart {
    /// The uptime.
    at: AskPart,
    /// The most that is carried there; absent where it is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    carried: Option<AskPart>,
}

#[derive(Serialize, JsonSchema)]
struct CarefulPart {
    /// How careful operations are: `operations` of an intent.
    operations: Operations,
    /// The most that is carried with them.
    carried: AskPart,
}

/// What a budget buys, as one JSON document.
pub fn capacity(capacity: &Capacity) -> String {
    let refused = |refused: &Refused| RefusedPart {
        ask: design::ask(refused.ask),
        found: design::found(&refused.unlimited),
    };
    let document = Document {
        api_version: VERSION,
        kind: "Capacity",
        provenance: intent::provenance(&capacity.provenance, None, None),
        reading: capacity.demand.load.reading.clone(),
        outcome: capacity.outcome.clone(),
        budget_micros: capacity.budget,
        against: capacity.against.as_str(),
        carried: design::ask(capacity.carried),
        design: design::design(&capacity.design),
        monthly_micros: measure::amounts(capacity.design.plan.bill.totals()),
        refused: capacity.refused.as_ref().map(refused),
        next_machines: capacity.next_machines.map(design::ask),
        elsewhere: capacity
            .elsewhere
            .iter()
            .map(|(at, carried)| ElsewherePart {
                at: design::ask(*at),
                carried: carried.map(design::ask),
            })
            .collect(),
        careful: capacity
            .careful
            .map(|(operations, carried)| CarefulPart { operations, carried: design::ask(carried) }),
        next: capacity.next.clone(),
    };
    design::text(&document)
}

/// The JSON Schema of such documents.
pub fn capacity_schema() -> String {
    design::schema::<Document>("capacity")
}
