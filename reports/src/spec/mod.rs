//! The spec of an answer: the machine's side of the report.
//!
//! [`render`] is a pure function of the answer, [`text`] gives its only form as bytes: keys in a
//! fixed order, two spaces, one line break at the end. The digest in the metadata is taken over
//! that text with the digest itself left empty, so whoever holds a spec can check it.

mod capacity;
mod cdn;
mod checked;
mod comparison;
mod demand;
pub(crate) mod design;
mod environments;
mod evidence;
mod explanation;
mod frontier;
mod guarded;
mod hours;
mod inputs;
mod intent;
mod judgement;
mod measure;
mod network;
mod optimality;
mod policy;
mod recovery;
mod refusal;
pub mod reviews;
mod service;
pub mod settled;

use domain::demand::Demand;
use domain::digest::sha256_text;
use domain::intent::Intent;
use domain::outcome::{Answer, Risk};
use domain::plan::{Bill, CostLine, Plan};
use domain::spec::{
    ApiVersion, ConnectionsPart, Cost, CostBasis, Day, Kind, Line, Network, OfferPart, Placement,
    Process, PromisePart, RedundancyPart, RiskPart, SCHEMA_V1, ServicePart, Spec, VerdictPart,
};
use domain::topology::Deployment;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::composition;

pub use capacity::{capacity, capacity_schema, capacity_text};
pub use checked::{check_schema, checked};
pub use comparison::{comparison, comparison_schema};
pub use environments::{environments, environments_schema};
pub use explanation::{explanation, explanation_schema, explanation_text};
pub use frontier::{frontier, frontier_csv, frontier_schema, frontier_text};
pub use judgement::{judgement, judgement_schema};
pub(crate) use measure::{NOTHING_LEFT_PERMILLE, available_ppm, load_permille};
pub use refusal::{infeasible, infeasible_schema};

/// The spec of an answer, with its digests.
///
/// # Panics
/// When the answer breaks an invariant of its types: a number in the ledger that is not finite, or
/// more zones than any region has.
pub fn render(answer: &Answer) -> Spec {
    let (network, services) = built(&answer.intent, &answer.demand, &answer.plan);
    let mut spec = Spec {
        schema: SCHEMA_V1.into(),
        api_version: ApiVersion::V1,
        kind: Kind::Spec,
        metadata: intent::metadata(&answer.intent, &answer.demand),
        verdict: verdict(answer),
        provenance: intent::provenance(
            &answer.provenance,
            Some(answer.verification.generator),
            answer.plan.bill.oldest_price().map(Day),
        ),
        intent: intent::intent(&answer.intent, &answer.demand, &answer.other_readings),
        demand: demand::demand(&answer.demand),
        inputs_required: inputs::required(&answer.demand),
        placement: network::placement(&answer.plan.topology),
        network,
        services,
        policy: policy::part(answer),
        cost: cost_of(&answer.plan.bill, &answer.demand),
        optimality: optimality::optimality(answer),
        estimates: answer.plan.estimates.iter().map(evidence::estimate).collect(),
        availability: evidence::availability(&answer.plan.availability),
        checks: answer.verification.checks.iter().map(evidence::check).collect(),
        scenarios: answer.verification.scenarios.iter().map(evidence::scenario).collect(),
        uptime: answer.verification.uptime.as_ref().map(evidence::uptime),
        breaking_load: answer
            .verification
            .breaking_load
            .as_ref()
            .map(|breaking| evidence::breaking_load(breaking, &answer.demand.load)),
        load_curve: answer.verification.load_curve.iter().map(evidence::curve_point).collect(),
        day: answer.verification.day.as_ref().map(evidence::day),
        assumptions: intent::assumptions(&answer.demand.ledger),
        sensitivities: optimality::sensitivities(answer),
        alternatives: answer.alternatives.iter().map(intent::alternative).collect(),
        risks: answer.risks.iter().map(risk).collect(),
    };
    spec.metadata.plan_digest = plan_digest(&answer.plan);
    spec.metadata.digest = digest(&spec);
    spec
}

/// How a plan is connected, and its services, as its spec has them.
pub fn built(intent: &Intent, demand: &Demand, plan: &Plan) -> (Network, Vec<ServicePart>) {
    let service = |index| service::service((intent, demand, plan), index);
    (network::network(demand, &plan.topology), demand.service_indices().map(service).collect())
}

/// The spec as text: what `spec.json` holds.
pub fn text(spec: &Spec) -> String {
    pretty(spec)
}

/// `sha256:` of the spec's text with an empty digest: what its own digest must be.
pub fn digest(spec: &Spec) -> String {
    let mut blank = spec.clone();
    blank.metadata.digest.clear();
    sha256(&pretty(&blank))
}

/// The same of a text of any version, as it was written: what the digest that it states must be.
pub fn digest_of(text: &str, stated: &str) -> String {
    sha256(&text.replacen(&format!("\"digest\": \"{stated}\""), "\"digest\": \"\"", 1))
}

/// What is asked for, as a spec states it: whatever the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What must come true: `/intent/objectives`.
    pub objectives: Value,
    /// How it was understood: `/demand`.
    pub demand: Value,
    /// The ledger: `/assumptions`, but where each entry came from, which names a file.
    pub assumptions: Value,
}

/// The parts of a spec that an intent and its demand alone decide.
///
/// # Panics
/// When a number in the ledger is not finite.
pub fn question(intent: &Intent, demand: &Demand) -> Question {
    Question {
        objectives: json(&intent::intent(intent, demand, &[]).objectives),
        demand: json(&demand::demand(demand)),
        assumptions: sourceless(json(&intent::assumptions(&demand.ledger))),
    }
}

/// The same parts as they stand in a spec.
///
/// # Panics
/// Never: what was read from JSON is JSON again.
pub fn question_in(spec: &Spec) -> Question {
    Question {
        objectives: json(&spec.intent.objectives),
        demand: json(&spec.demand),
        assumptions: sourceless(json(&spec.assumptions)),
    }
}

fn sourceless(mut entries: Value) -> Value {
    for entry in entries.as_array_mut().into_iter().flatten() {
        if let Some(parts) = entry.as_object_mut() {
            parts.remove("source");
        }
    }
    entries
}

fn json(part: &impl Serialize) -> Value {
    serde_json::to_value(part).expect("maps have texts as keys, so every part is JSON")
}

/// `sha256:` of what a plan builds and costs, whatever it was asked for and judged by.
pub fn plan_digest(plan: &Plan) -> String {
    let document = PlanDocument {
        placement: network::placement(&plan.topology),
        cdn: plan.topology.cdn.clone(),
        services: plan.topology.services.iter().map(deployed).collect(),
        cost: cost(&plan.bill),
    };
    sha256(&pretty(&document))
}

/// The same of what a spec says: what its own plan digest must be.
pub fn plan_digest_in(spec: &Spec) -> String {
    let document = PlanDocument {
        placement: spec.placement.clone(),
        cdn: spec.network.cdn.as_ref().map(|own| own.product.clone()),
        services: spec.services.iter().map(deployed_part).collect(),
        cost: match &spec.demand.hours {
            // What the bills are is told in other words, which no plan is known by.
            Some(_) => Cost { basis: basis(), ..spec.cost.clone() },
            None => spec.cost.clone(),
        },
    };
    sha256(&pretty(&document))
}

/// The JSON Schema of the spec, draft 2020-12, as text.
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(Spec);
    schema.insert("$id".into(), SCHEMA_V1.into());
    pretty(&schema)
}

/// What a plan digest is taken over.
#[derive(Serialize)]
struct PlanDocument {
    placement: Placement,
    #[serde(skip_serializing_if = "Option::is_none")]
    cdn: Option<String>,
    services: Vec<Deployed>,
    cost: Cost,
}

/// A deployment without the name of its service, which is the demand's.
#[derive(Serialize)]
struct Deployed {
    product: Option<String>,
    algorithm: &'static str,
    redundancy: RedundancyPart,
    shards: u32,
    offers: Vec<OfferPart>,
    process: Option<Process>,
    storage_mib: Option<u64>,
    connections: Option<ConnectionsPart>,
}

fn deployed(deployment: &Deployment) -> Deployed {
    Deployed {
        product: deployment.product.clone(),
        algorithm: deployment.balancing.as_str(),
        redundancy: service::redundancy(deployment),
        shards: deployment.shards,
        offers: deployment.pools.iter().map(service::offer).collect(),
        process: service::process(deployment),
        storage_mib: deployment.storage.map(domain::units::Mebibytes::value),
        connections: deployment.connections.map(|connections| ConnectionsPart {
            max: connections.max,
            pool_per_instance: connections.pool_per_instance,
        }),
    }
}

fn deployed_part(part: &ServicePart) -> Deployed {
    Deployed {
        product: part.product.clone(),
        algorithm: part.algorithm.as_str(),
        redundancy: part.redundancy,
        shards: part.shards,
        offers: part.offers.clone(),
        process: part.process,
        storage_mib: part.volume.as_ref().map(|volume| volume.size_mib),
        connections: part.connections,
    }
}

fn verdict(answer: &Answer) -> VerdictPart {
    VerdictPart {
        status: answer.status(),
        approval: reviews::approval(&answer.intent.policy.people, &answer.facts()),
        summary: composition::summary(answer),
        alpha_ppm: measure::probability(answer.verification.alpha),
        requests_simulated: answer.verification.requests,
    }
}

fn cost(bill: &Bill) -> Cost {
    Cost {
        currency: "USD".into(),
        hours_per_month: 730,
        monthly_micros: measure::amounts(bill.totals()),
        basis: basis(),
        lines: bill.lines.iter().map(line).collect(),
    }
}

/// What each of the three bills is, where it is always open.
fn basis() -> CostBasis {
    CostBasis {
        expected: "the autoscaled fleet over the day, and the traffic of the day".into(),
        peak_fleet: "the fleet of the peak for the whole month".into(),
        ceiling: "every autoscaler at its maximum and traffic at its peak, all month".into(),
    }
}

/// The same, which counts open hours where there are hours.
fn cost_of(bill: &Bill, demand: &Demand) -> Cost {
    let mut cost = cost(bill);
    if let Some(hours) = &demand.hours {
        let within = format!("within the hours {hours}, and what runs on or is kept, all month");
        cost.basis = CostBasis {
            expected: format!("the autoscaled fleet and the traffic of the day, {within}"),
            peak_fleet: format!("the fleet of the peak, {within}"),
            ceiling: format!("every autoscaler at its maximum, traffic at its peak, {within}"),
        };
    }
    cost
}

fn line(line: &CostLine) -> Line {
    Line {
        id: line.id.clone(),
        service: line.service.clone(),
        service_category: line.category,
        sku: line.sku.clone(),
        unit: line.unit.to_owned(),
        unit_price_usd: line.unit_price,
        quantity_milli: measure::quantities(line.quantity),
        amount_micros: measure::amounts(line.amount),
        as_of: Day(line.as_of),
        price_basis: line.basis,
        commitment: line.promise.map(|promise| PromisePart {
            term: promise.commitment.term,
            months: promise.commitment.months(),
            instances: promise.commitment.instances,
            total_micros: promise.commitment.total(line.unit_price),
            on_demand_usd: promise.on_demand,
        }),
    }
}

fn risk(risk: &Risk) -> RiskPart {
    RiskPart { id: risk.id.clone(), severity: risk.severity, text: risk.text.clone() }
}

/// JSON with keys in their fixed order and a line break at the end.
pub(crate) fn pretty(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document)
        .expect("maps have texts as keys and numbers are finite, so every document is JSON");
    text.push('\n');
    text
}

fn sha256(text: &str) -> String {
    sha256_text(&Sha256::digest(text.as_bytes()))
}
