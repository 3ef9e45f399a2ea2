//! The best plan of each provider and region as one JSON document.

use domain::comparison::{Comparison, Evidence, Placed, Row};
use domain::name::Name;
use domain::objective::LatencyObjective;
use domain::offer::Provider;
use domain::spec::{Amounts, ProvenancePart};
use domain::study::RunsPart;
use domain::units::MicroDollars;
use schemars::JsonSchema;
use serde::Serialize;

use super::design::{self, VERSION};
use super::{intent, measure, plan_digest};

/// The best plan of every region that an intent allows, side by side.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll comparison")]
struct Document {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "plimsoll/v1"))]
    api_version: &'static str,
    /// What the document is.
    #[schemars(extend("const" = "Comparison"))]
    kind: &'static str,
    /// Where it came from.
    provenance: ProvenancePart,
    /// How the load was read.
    reading: String,
    /// `verified`, `undecided`, or `infeasible` where no region answers the intent as it stands.
    status: &'static str,
    /// The place that answers the intent as it stands; absent where none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<PlacePart>,
    /// The best region of each provider, best first; absent where a provider has none.
    providers: Vec<PlacePart>,
    /// Every region that the intent allows: by provider, best first.
    regions: Vec<RowPart>,
}

/// A place.
#[derive(Serialize, JsonSchema)]
struct PlacePart {
    /// The cloud.
    provider: Provider,
    /// Its region.
    region: Name,
}

/// One region.
#[derive(Serialize, JsonSchema)]
struct RowPart {
    /// The cloud.
    provider: Provider,
    /// Its region.
    region: Name,
    /// `verified`, `undecided`, `estimated` where it was solved and not simulated, `infeasible`.
    standing: &'static str,
    /// The region in which the same machines were simulated, where that was another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    same_machines_as: Option<Name>,
    /// Why there is no plan, or which check stayed undecided.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The plan, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PlanPart>,
}

/// The plan of a region.
#[derive(Serialize, JsonSchema)]
struct PlanPart {
    /// `sha256:` of what is built and what it costs, as in the spec of that plan.
    plan_digest: String,
    /// How many zones are used.
    zones: u8,
    /// How databases and caches are run: `managed`, `self-run`, `mixed`, or `none` without any.
    data: &'static str,
    /// What runs, in the order of the demand.
    services: Vec<RunsPart>,
    /// The three bills of a month.
    monthly_micros: Amounts,
    /// What it costs more than the cheapest plan of all, in the expected bill.
    change_micros: i64,
    /// The uptime; absent where none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    uptime: Option<UptimePart>,
    /// Every latency objective, in the order stated.
    latency: Vec<LatencyPart>,
}

#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "each name ends in its unit")]
struct UptimePart {
    /// The share of requests that must be answered well.
    asked_ppm: u32,
    /// What is not, as it was found; by the model where nothing was simulated.
    unavailable_ppm: u64,
    /// What is left of the error budget; below zero where it is overdrawn.
    margin_ppm: i64,
}

#[derive(Serialize, JsonSchema)]
struct LatencyPart {
    /// `latency-p95`.
    objective: String,
    /// The limit.
    limit_us: u64,
    /// The worst that was found in any demanded scenario; by the model where nothing was simulated.
    worst_us: u64,
    /// What is left below the limit; below zero where it is missed.
    margin_us: i64,
}

/// The best plan of each provider and region as one JSON document.
pub fn comparison(comparison: &Comparison) -> String {
    let answered = comparison.answered();
    let place = |row: &Row| PlacePart { provider: row.provider, region: row.region.clone() };
    let placed = comparison.best().filter(|row| row.placed().is_some());
    let cheapest = comparison.cheapest().map_or(MicroDollars::ZERO, |(_, placed)| placed.cost());
    let document = Document {
        api_version: VERSION,
        kind: "Comparison",
        provenance: intent::provenance(&comparison.provenance, None, None),
        reading: comparison.demand.load.reading.clone(),
        status: answered.map_or("infeasible", |(_, placed)| placed.evidence.as_str()),
        answer: answered.map(|(row, _)| place(row)),
        providers: placed.map(place).collect(),
        regions: comparison.rows.iter().map(|each| row(comparison, each, cheapest)).collect(),
    };
    design::text(&document)
}

/// The JSON Schema of such documents.
pub fn comparison_schema() -> String {
    design::schema::<Document>("comparison")
}

fn row(comparison: &Comparison, row: &Row, cheapest: MicroDollars) -> RowPart {
    let (standing, same, reason) = match &row.found {
        Err(reason) => ("infeasible", None, Some(reason.clone())),
        Ok(placed) => {
            let same = match &placed.evidence {
                Evidence::SameAs(region, _) => Some(region.clone()),
                Evidence::Simulated(_) | Evidence::Estimated => None,
            };
            let objection = placed.evidence.verification();
            let objection = objection.and_then(|found| found.first_objection());
            (placed.evidence.as_str(), same, objection.map(|check| check.id.clone()))
        }
    };
    RowPart {
        provider: row.provider,
        region: row.region.clone(),
        standing,
        same_machines_as: same,
        reason,
        plan: row.placed().map(|placed| plan(comparison, placed, cheapest)),
    }
}

fn plan(comparison: &Comparison, placed: &Placed, cheapest: MicroDollars) -> PlanPart {
    let objectives = &comparison.demand.objectives;
    let uptime = objectives.uptime.map(|asked| {
        let unavailable_ppm = measure::ppm(placed.unavailability().value() / 1e6);
        let budget = measure::ppm(asked.error_budget().value() / 1e6);
        let margin_ppm = signed(budget) - signed(unavailable_ppm);
        UptimePart { asked_ppm: asked.ppm(), unavailable_ppm, margin_ppm }
    });
    let latency = |objective: &LatencyObjective| {
        let id = objective.id();
        let worst = placed.latency(&id)?;
        let (limit_us, worst_us) = (measure::micros(objective.limit), measure::micros(worst));
        let margin_us = signed(limit_us) - signed(worst_us);
        Some(LatencyPart { objective: id, limit_us, worst_us, margin_us })
    };
    PlanPart {
        plan_digest: plan_digest(&placed.plan),
        zones: placed.plan.topology.zones,
        data: placed.data.as_str(),
        services: design::runs(&placed.plan.topology),
        monthly_micros: measure::amounts(placed.plan.bill.totals()),
        change_micros: (placed.cost() - cheapest).micros(),
        uptime,
        latency: objectives.latency.iter().filter_map(latency).collect(),
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
