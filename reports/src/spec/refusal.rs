//! Why there is no plan, as JSON: the same version and terms as a spec, another kind.

use domain::outcome::{Change, ConflictPart, Infeasible, Relaxation};
use domain::plan::Certainty;
use domain::spec::{ApiVersion, AssumptionPart, DemandPart, IntentPart, Metadata, ProvenancePart};
use domain::units::MicroDollars;
use domain::verification::Status;
use serde::Serialize;
use serde_json::Value;

use super::{demand, intent, pretty, sha256};

/// Why there is no plan, with what would make one possible. The digest is taken as that of a spec.
///
/// # Panics
/// When the ledger holds a number that is not finite.
pub fn infeasible(infeasible: &Infeasible) -> Value {
    let mut document = document(infeasible);
    document.metadata.digest = sha256(&pretty(&document));
    serde_json::to_value(document)
        .expect("maps have texts as keys and numbers are finite, so every document is JSON")
}

#[derive(Serialize)]
struct Document {
    #[serde(rename = "apiVersion")]
    api_version: ApiVersion,
    kind: &'static str,
    metadata: RefusalMetadata,
    verdict: RefusalVerdict,
    provenance: ProvenancePart,
    intent: IntentPart,
    demand: DemandPart,
    conflict: Vec<Part>,
    certainty: Certainty,
    searched: Vec<Searched>,
    relaxations: Vec<RelaxationPart>,
    no_help_alone: Vec<String>,
    assumptions: Vec<AssumptionPart>,
}

/// The metadata of a spec without the digest of a plan, of which there is none.
#[derive(Serialize)]
struct RefusalMetadata {
    name: String,
    labels: std::collections::BTreeMap<String, String>,
    annotations: std::collections::BTreeMap<String, String>,
    digest: String,
}

#[derive(Serialize)]
struct RefusalVerdict {
    status: &'static str,
    summary: String,
    details: Vec<String>,
}

#[derive(Serialize)]
struct Part {
    name: String,
    stated: String,
    because: String,
}

#[derive(Serialize)]
struct Searched {
    provider: &'static str,
    regions: u32,
}

#[derive(Serialize)]
struct RelaxationPart {
    changes: Vec<ChangePart>,
    monthly_micros: MicroDollars,
    status: Status,
    plan: String,
    plan_digest: String,
}

#[derive(Serialize)]
struct ChangePart {
    name: String,
    from: String,
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
    }
}
