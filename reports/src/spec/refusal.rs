//! Why there is no plan, as JSON: the same version and terms as a spec, another kind.

use domain::outcome::{Change, ConflictPart, Infeasible, Relaxation};
use domain::plan::Certainty;
use domain::spec::{ApiVersion, AssumptionPart, DemandPart, IntentPart, Metadata, ProvenancePart};
use domain::units::MicroDollars;
use domain::verification::Status;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{demand, design, intent, pretty, sha256};

/// Why there is no plan, with what would make one possible. The digest is taken as that of a spec.
///
/// # Panics
/// When the ledger holds a number that is not finite.
pub fn infeasible(infeasible: &Infeasible) -> Value {
    let document = part_of(infeasible);
    serde_json::to_value(document)
        .expect("maps have texts as keys and numbers are finite, so every document is JSON")
}

/// The same as a part of another document.
pub(super) fn part_of(infeasible: &Infeasible) -> Document {
    let mut document = document(infeasible);
    document.metadata.digest = sha256(&pretty(&document));
    document
}

/// The JSON Schema of such documents.
pub fn infeasible_schema() -> String {
    design::schema::<Document>("infeasible")
}

/// Why no plan carries an intent, and what would make one possible.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll infeasible intent")]
pub(super) struct Document {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    api_version: ApiVersion,
    /// What the document is.
    #[schemars(extend("const" = "Infeasible"))]
    kind: &'static str,
    /// What it is about.
    metadata: RefusalMetadata,
    /// The verdict in words.
    verdict: RefusalVerdict,
    /// Where it came from.
    provenance: ProvenancePart,
    /// What was asked for.
    intent: IntentPart,
    /// How it was understood.
    demand: DemandPart,
    /// The smallest set that cannot hold together, whatever else is asked.
    conflict: Vec<Part>,
    /// How sure it is that there is no plan.
    certainty: Certainty,
    /// Where was looked.
    searched: Vec<Searched>,
    /// What would make it possible, each planned and verified.
    relaxations: Vec<RelaxationPart>,
    /// Outcomes whose relaxation alone does not help.
    no_help_alone: Vec<String>,
    /// The ledger.
    assumptions: Vec<AssumptionPart>,
}

/// The metadata of a spec without the digest of a plan, of which there is none.
#[derive(Serialize, JsonSchema)]
struct RefusalMetadata {
    /// The name of the system.
    name: String,
    /// Labels as they were stated.
    labels: std::collections::BTreeMap<String, String>,
    /// Annotations as they were stated.
    annotations: std::collections::BTreeMap<String, String>,
    /// `sha256:` of the document with this left empty.
    digest: String,
}

#[derive(Serialize, JsonSchema)]
struct RefusalVerdict {
    /// Always `infeasible`.
    #[schemars(extend("const" = "infeasible"))]
    status: &'static str,
    /// In one sentence.
    summary: String,
    /// What that rests on, in a few lines.
    details: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Part {
    /// What is asked for: `users`, `uptime`, `latency p95`, `budget` …
    name: String,
    /// As it was stated.
    stated: String,
    /// What follows from it.
    because: String,
}

#[derive(Serialize, JsonSchema)]
struct Searched {
    /// The cloud.
    provider: &'static str,
    /// How many of its regions.
    regions: u32,
}

#[derive(Serialize, JsonSchema)]
struct RelaxationPart {
    /// What to change, mostly one thing.
    changes: Vec<ChangePart>,
    /// The expected bill of a month.
    monthly_micros: MicroDollars,
    /// The verdict on the plan.
    status: Status,
    /// That plan in words.
    plan: String,
    /// `sha256:` of what is built and what it costs.
    plan_digest: String,
    /// The last value on the way that is certain not to help; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    certainly_useless: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct ChangePart {
    /// What to change.
    name: String,
    /// As it was stated.
    from: String,
    /// As it would have to be.
    to: String,
}

fn document(infeasible: &Infeasible) -> Document {
    let Metadata { name, labels, annotations, .. } =
        intent::metadata(&infeasible.intent, &infeasible.demand);
    Document {
        api_version: ApiVersion::V1,
        kind: "Infeasible",
        metadata: RefusalMetadata {
            name: name.to_string(),
            labels,
            annotations,
            digest: String::new(),
        },
        verdict: RefusalVerdict {
            status: "infeasible",
            summary: infeasible.headline.clone(),
            details: infeasible.details.clone(),
        },
        provenance: intent::provenance(&infeasible.provenance, None, None),
        intent: intent::intent(&infeasible.intent, &infeasible.demand, &[]),
        demand: demand::demand(&infeasible.demand),
        conflict: infeasible.conflict.iter().map(part).collect(),
        certainty: infeasible.certainty,
        searched: infeasible
            .searched
            .iter()
            .map(|&(provider, regions)| Searched { provider: provider.as_str(), regions })
            .collect(),
        relaxations: infeasible.relaxations.iter().map(relaxation).collect(),
        no_help_alone: infeasible.no_help.clone(),
        assumptions: intent::assumptions(&infeasible.demand.ledger),
    }
}

fn part(part: &ConflictPart) -> Part {
    Part { name: part.name.clone(), stated: part.stated.clone(), because: part.because.clone() }
}

fn relaxation(relaxation: &Relaxation) -> RelaxationPart {
    let change = |change: &Change| ChangePart {
        name: change.name.clone(),
        from: change.from.clone(),
        to: change.to.clone(),
    };
    RelaxationPart {
        changes: relaxation.changes.iter().map(change).collect(),
        monthly_micros: relaxation.cost,
        status: relaxation.status,
        plan: relaxation.plan.clone(),
        plan_digest: relaxation.plan_digest.clone(),
        certainly_useless: relaxation.useless.clone(),
    }
}
