//! A simulation as one JSON document, and the schema of such documents.

use domain::simulation::Simulation;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Where the published schema of version 1 is known by.
const SCHEMA_V1: &str = "https://plimsoll.dev/schemas/simulation-v1.json";

/// What a simulation of a model showed. Times are seconds, rates numbers a second, intervals 95%.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll simulation")]
struct Document<'a> {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "plimsoll/v1"))]
    api_version: &'static str,
    /// What the document is.
    #[schemars(extend("const" = "Simulation"))]
    kind: &'static str,
    #[serde(flatten)]
    simulation: &'a Simulation,
}

/// The document of a simulation.
///
/// # Panics
/// Never: figures and names are JSON.
pub fn document(simulation: &Simulation) -> Value {
    let document = Document { api_version: "plimsoll/v1", kind: "Simulation", simulation };
    serde_json::to_value(document).expect("figures and names are JSON")
}

/// Its text, with a line at the end.
///
/// # Panics
/// Never: figures and names are JSON.
pub fn text(simulation: &Simulation) -> String {
    format!("{:#}\n", document(simulation))
}

/// The JSON Schema of such documents.
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(Document<'_>);
    schema.insert("$id".into(), SCHEMA_V1.into());
    format!("{:#}\n", schema.to_value())
}
