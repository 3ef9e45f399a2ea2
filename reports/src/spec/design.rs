//! A design that answers one of several questions: what it is and what it costs.

use domain::demand::Demand;
use domain::design::{Ask, Design, Found};
use domain::study::{AskPart, DesignPart, RunningPart, RunsPart};
use domain::topology::{Pool, Topology};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::measure::{micro_rps, micros};
use super::plan_digest;
use crate::differences;

/// The version of every document here.
pub(crate) const VERSION: &str = "plimsoll/v1";

pub(super) fn ask(ask: Ask) -> AskPart {
    match ask {
        Ask::Users(count) => AskPart::Users(count),
        Ask::Rate(rate) => AskPart::RateMicroRps(micro_rps(rate)),
        Ask::Uptime(uptime) => AskPart::UptimePpm(uptime.ppm()),
        Ask::Latency(limit) => AskPart::LatencyUs(micros(limit)),
    }
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
        changes: Vec::new(),
        dearest: None,
    }
}

/// The same, with what tells it from another one.
pub(super) fn compared(demand: &Demand, from: &Design, to: &Design) -> DesignPart {
    DesignPart {
        changes: differences::changes(demand, from, to),
        dearest: differences::dearest(&from.plan, &to.plan).map(str::to_owned),
        ..design(to)
    }
}

/// The same, with all of its machines.
pub(super) fn whole(demand: &Demand, own: &Design) -> DesignPart {
    DesignPart { changes: differences::whole(demand, &own.plan.topology), ..design(own) }
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

/// What came of one question in two parts, of which one is there, with the design as it is to be
/// told.
pub(super) fn parted(
    found: &Found,
    part: impl FnOnce(&Design) -> DesignPart,
) -> (Option<DesignPart>, Option<String>) {
    match found {
        Found::Design(found) => (Some(part(found)), None),
        Found::Nothing(reason) => (None, Some(reason.clone())),
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
