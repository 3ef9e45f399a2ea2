//! A design that answers one of several questions: what it is and what it costs.

use domain::design::{Ask, Design, Found};
use domain::name::Name;
use domain::objective::Operations;
use domain::offer::Provider;
use domain::topology::{Pool, Topology};
use domain::units::MicroDollars;
use domain::verification::Status;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::measure::{micro_rps, micros};
use super::plan_digest;

/// The version of every document here.
pub(crate) const VERSION: &str = "plimsoll/v1";

/// A value of one outcome.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AskPart {
    /// So many users.
    Users(u64),
    /// Millionths of a request a second.
    RateMicroRps(u64),
    /// The share of requests that must be answered well.
    UptimePpm(u32),
    /// The limit of a latency percentile.
    LatencyUs(u64),
}

pub(super) fn ask(ask: Ask) -> AskPart {
    match ask {
        Ask::Users(count) => AskPart::Users(count),
        Ask::Rate(rate) => AskPart::RateMicroRps(micro_rps(rate)),
        Ask::Uptime(uptime) => AskPart::UptimePpm(uptime.ppm()),
        Ask::Latency(limit) => AskPart::LatencyUs(micros(limit)),
    }
}

/// A design that was solved and simulated.
#[derive(Serialize, JsonSchema)]
pub(super) struct DesignPart {
    /// The expected bill of a month.
    monthly_micros: MicroDollars,
    /// No plan that carries this costs less.
    bound_micros: MicroDollars,
    /// The verdict of the simulation.
    status: Status,
    /// Requests that the verdict rests on; it may be the verdict on a stricter outcome.
    requests_simulated: u64,
    /// The plan in words.
    plan: String,
    /// `sha256:` of what is built and what it costs, as in the spec of that plan.
    plan_digest: String,
    /// The cloud.
    provider: Provider,
    /// Its region.
    region: Name,
    /// How many of its zones are used.
    zones: u8,
    /// What runs, in the order of the demand.
    services: Vec<RunsPart>,
    /// More careful operations than were asked for, where only they make it possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    operations: Option<Operations>,
}

/// What one service runs on.
#[derive(Serialize, JsonSchema)]
pub(super) struct RunsPart {
    /// The managed product, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    /// The offers, with the instances of each at the peak.
    offers: Vec<RunningPart>,
}

/// Equal machines.
#[derive(Serialize, JsonSchema)]
struct RunningPart {
    /// The provider's name of the offer.
    instance_type: String,
    /// Instances at the peak.
    replicas: u32,
}

pub(super) fn design(design: &Design) -> DesignPart {
    let topology = &design.plan.topology;
    let Topology { provider, region, zones, .. } = topology;
    DesignPart {
        monthly_micros: design.cost(),
        bound_micros: design.plan.optimality.bound,
        status: design.status,
        requests_simulated: design.requests,
        plan: design.summary.clone(),
        plan_digest: plan_digest(&design.plan),
        provider: *provider,
        region: region.clone(),
        zones: *zones,
        services: runs(topology),
        operations: design.operations,
    }
}

/// What each service of a topology runs on.
pub(super) fn runs(topology: &Topology) -> Vec<RunsPart> {
    let running =
        |pool: &Pool| RunningPart { instance_type: pool.sku.clone(), replicas: pool.replicas() };
    let services = topology.services.iter();
    let runs = services.map(|service| RunsPart {
        product: service.product.clone(),
        offers: service.pools.iter().map(running).collect(),
    });
    runs.collect()
}

/// What came of one question: exactly one of the two.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FoundPart {
    /// The cheapest verified design.
    Design(DesignPart),
    /// Why there is none.
    Unreachable(String),
}

pub(super) fn found(found: &Found) -> FoundPart {
    match found {
        Found::Design(found) => FoundPart::Design(design(found)),
        Found::Nothing(reason) => FoundPart::Unreachable(reason.clone()),
    }
}

/// A document as JSON text with a line break at the end.
pub(crate) fn text(document: &impl Serialize) -> String {
    super::pretty(document)
}

/// The schema of a kind of document, known by its name.
pub(crate) fn schema<T: JsonSchema>(name: &str) -> String {
    let mut schema = schemars::schema_for!(T);
    let id: Value = format!("https://plimsoll.dev/schemas/{name}-v1.json").into();
    schema.insert("$id".into(), id);
    format!("{:#}\n", schema.to_value())
}
