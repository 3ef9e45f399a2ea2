//! The answers to one intent in each of its environments as one JSON document.

use domain::environments::{Environments, Row, Standing};
use domain::name::Name;
use domain::outcome::Outcome;
use domain::spec::{Amounts, Spec};
use schemars::JsonSchema;
use serde::Serialize;

use super::design::{self, VERSION};
use super::{measure, refusal, render};

/// One intent in each of its environments: a spec for each, and what all of them cost.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll environments")]
struct Document {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "plimsoll/v1"))]
    api_version: &'static str,
    /// What the document is.
    #[schemars(extend("const" = "Environments"))]
    kind: &'static str,
    /// The worst of all: `verified`, `undecided`, `refuted` or `infeasible`.
    #[schemars(extend("enum" = ["verified", "undecided", "refuted", "infeasible"]))]
    status: &'static str,
    /// The first environment of which that came.
    worst: Name,
    /// What all of them cost in a month; absent where one of them has no plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_micros: Option<Amounts>,
    /// In the order of the intent.
    environments: Vec<EnvironmentPart>,
}

/// One environment.
#[derive(Serialize, JsonSchema)]
struct EnvironmentPart {
    /// Its name.
    name: Name,
    /// `verified`, `undecided`, `refuted` or `infeasible`.
    #[schemars(extend("enum" = ["verified", "undecided", "refuted", "infeasible"]))]
    status: &'static str,
    /// What it costs in a month; absent where there is no plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_micros: Option<Amounts>,
    /// Its spec, as `plan --environment` prints it; absent where there is no plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    spec: Option<Spec>,
    /// Why there is no plan; absent where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    infeasible: Option<refusal::Document>,
}

/// All environments as one JSON document.
///
/// # Panics
/// Where there is none, or an answer breaks an invariant of its types.
pub fn environments(answers: &Environments) -> String {
    let (status, worst) = answers.worst();
    design::text(&Document {
        api_version: VERSION,
        kind: "Environments",
        status: Standing::as_str(status),
        worst: worst.name.clone(),
        monthly_micros: answers.total().map(measure::amounts),
        environments: answers.rows.iter().map(part).collect(),
    })
}

/// The JSON Schema of such documents.
pub fn environments_schema() -> String {
    design::schema::<Document>("environments")
}

fn part(row: &Row) -> EnvironmentPart {
    let (spec, infeasible) = match &row.outcome {
        Outcome::Planned(answer) => (Some(render(answer)), None),
        Outcome::Infeasible(infeasible) => (None, Some(refusal::part_of(infeasible))),
    };
    EnvironmentPart {
        name: row.name.clone(),
        status: row.standing().as_str(),
        monthly_micros: row.bills().map(measure::amounts),
        spec,
        infeasible,
    }
}
