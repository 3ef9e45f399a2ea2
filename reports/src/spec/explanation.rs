//! Why a plan is as it is, as one JSON document.

use domain::explanation::{
    Explanation, Lever, OfferAnswer, Price, Rejected, Repriced, Swing, Swung,
};
use domain::ledger::Value;
use domain::name::Name;
use domain::plan::Certainty;
use domain::spec::{LedgerValue, ProvenancePart};
use domain::units::MicroDollars;
use schemars::JsonSchema;
use serde::Serialize;

use super::design::{self, DesignPart, FoundPart, VERSION};
use super::intent;

/// What explains a plan: every price in it is that of another plan.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll explanation")]
struct Document {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "plimsoll/v1"))]
    api_version: &'static str,
    /// What the document is.
    #[schemars(extend("const" = "Explanation"))]
    kind: &'static str,
    /// Where it came from.
    provenance: ProvenancePart,
    /// How the load was read.
    reading: String,
    /// The cheapest verified plan.
    design: DesignPart,
    /// The requirements of which less would be cheaper.
    binding: Vec<String>,
    /// What each requirement costs: solved and simulated.
    prices: Vec<PricePart>,
    /// The cheapest verified plans of other designs, cheapest first.
    runner_ups: Vec<DesignPart>,
    /// Other regions of the provider in which the plan is the same machines, cheapest first.
    elsewhere: Vec<ElsewherePart>,
    /// Cheaper plans that the simulation refuted.
    refuted: Vec<RefutedPart>,
    /// Offers that were not bought where the plan stands: each reason with an example.
    rejected: Vec<RejectedPart>,
    /// What the owner could change: solved, not simulated.
    levers: Vec<LeverPart>,
    /// Why one offer was not bought; absent where that was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    offer: Option<OfferAnswerPart>,
    /// What half and twice each assumption costs, largest change first: solved, not simulated;
    /// empty where that was not asked.
    assumptions: Vec<SwingPart>,
}

#[derive(Serialize, JsonSchema)]
struct PricePart {
    /// `users`, `uptime`, `latency p95`, `headroom`, `region`, `provider`.
    requirement: String,
    /// As it was asked for.
    asked: String,
    /// How it was varied.
    varied: String,
    /// With less of it; absent where there is no less.
    #[serde(skip_serializing_if = "Option::is_none")]
    less_strict: Option<RepricedPart>,
    /// With more of it; absent where there is no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    stricter: Option<RepricedPart>,
}

#[derive(Serialize, JsonSchema)]
struct RepricedPart {
    /// The value.
    value: String,
    /// What it costs more than the plan; absent where there is no design.
    #[serde(skip_serializing_if = "Option::is_none")]
    change_micros: Option<i64>,
    /// What came of it.
    #[serde(flatten)]
    found: FoundPart,
}

#[derive(Serialize, JsonSchema)]
struct ElsewherePart {
    /// The region.
    region: Name,
    /// The expected bill there.
    monthly_micros: MicroDollars,
}

#[derive(Serialize, JsonSchema)]
struct RefutedPart {
    /// The plan in words.
    plan: String,
    /// Its expected bill.
    monthly_micros: MicroDollars,
    /// How sure it is that it does not do.
    certainty: Certainty,
    /// The check that refuted it.
    reason: String,
}

#[derive(Serialize, JsonSchema)]
struct RejectedPart {
    /// In a word or two.
    reason: String,
    /// How many offers it kept out.
    offers: u64,
    /// One of them.
    example: String,
    /// Why that one was not bought.
    why: String,
    /// The offer that dominates it, where that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    dominated_by: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct LeverPart {
    /// A stable identifier.
    id: String,
    /// In words.
    text: String,
    /// What the cheapest plan would cost; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_micros: Option<MicroDollars>,
}

#[derive(Serialize, JsonSchema)]
struct OfferAnswerPart {
    /// The offer.
    instance_type: String,
    /// What keeps it out by itself, where the plan stands.
    reasons: Vec<String>,
    /// The plan with one service on it.
    instead: Vec<InsteadPart>,
}

#[derive(Serialize, JsonSchema)]
struct InsteadPart {
    /// The service.
    service: String,
    /// What came of it.
    #[serde(flatten)]
    found: FoundPart,
}

#[derive(Serialize, JsonSchema)]
struct SwingPart {
    /// The name in the ledger.
    name: String,
    /// Its value.
    value: LedgerValue,
    /// The unit of the value.
    unit: String,
    /// At half of it.
    half: SwungPart,
    /// At twice.
    twice: SwungPart,
}

/// What a varied assumption costs.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum SwungPart {
    /// The expected bill of the cheapest plan.
    MonthlyMicros(MicroDollars),
    /// There is no plan.
    NoPlan,
    /// It cannot have that value.
    Impossible,
}

/// Why a plan is as it is, as one JSON document.
///
/// # Panics
/// When the ledger holds a number that is not finite.
pub fn explanation(explanation: &Explanation) -> String {
    let here = explanation.design.cost();
    let document = Document {
        api_version: VERSION,
        kind: "Explanation",
        provenance: intent::provenance(&explanation.provenance, None, None),
        reading: explanation.demand.load.reading.clone(),
        design: design::design(&explanation.design),
        binding: explanation.binding().map(|price| price.name.clone()).collect(),
        prices: explanation.prices.iter().map(|each| price(each, here)).collect(),
        runner_ups: explanation.runner_ups.iter().map(design::design).collect(),
        elsewhere: explanation
            .elsewhere
            .iter()
            .map(|(region, cost)| ElsewherePart { region: region.clone(), monthly_micros: *cost })
            .collect(),
        refuted: explanation
            .refuted
            .iter()
            .map(|refuted| RefutedPart {
                plan: refuted.plan.clone(),
                monthly_micros: refuted.cost,
                certainty: refuted.certainty,
                reason: refuted.reason.clone(),
            })
            .collect(),
        rejected: explanation.rejected.iter().map(rejected).collect(),
        levers: explanation.levers.iter().map(lever).collect(),
        offer: explanation.offer.as_ref().map(offer),
        assumptions: explanation.swings.iter().map(swing).collect(),
    };
    design::text(&document)
}

/// The JSON Schema of such documents.
pub fn explanation_schema() -> String {
    design::schema::<Document>("explanation")
}

fn price(price: &Price, here: MicroDollars) -> PricePart {
    let repriced = |repriced: &Repriced| RepricedPart {
        value: repriced.value.clone(),
        change_micros: repriced.found.cost().map(|cost| (cost - here).micros()),
        found: design::found(&repriced.found),
    };
    PricePart {
        requirement: price.name.clone(),
        asked: price.asked.clone(),
        varied: price.varied.clone(),
        less_strict: price.less.as_ref().map(repriced),
        stricter: price.more.as_ref().map(repriced),
    }
}

fn rejected(rejected: &Rejected) -> RejectedPart {
    let Rejected { reason, offers, example, why, by } = rejected.clone();
    RejectedPart { reason, offers, example, why, dominated_by: by }
}

fn lever(lever: &Lever) -> LeverPart {
    LeverPart { id: lever.id.clone(), text: lever.text.clone(), monthly_micros: lever.cost }
}

fn offer(offer: &OfferAnswer) -> OfferAnswerPart {
    OfferAnswerPart {
        instance_type: offer.sku.clone(),
        reasons: offer.reasons.clone(),
        instead: offer
            .instead
            .iter()
            .map(|(service, found)| InsteadPart {
                service: service.clone(),
                found: design::found(found),
            })
            .collect(),
    }
}

fn swing(swing: &Swing) -> SwingPart {
    let part = |at: Swung| match at {
        Swung::Cost(cost) => SwungPart::MonthlyMicros(cost),
        Swung::NoPlan => SwungPart::NoPlan,
        Swung::Impossible => SwungPart::Impossible,
    };
    SwingPart {
        name: swing.name.clone(),
        value: match &swing.value {
            Value::Number(number) => LedgerValue::Number(*number),
            Value::Choice(word) => LedgerValue::Choice(word.clone()),
        },
        unit: swing.unit.to_owned(),
        half: part(swing.half),
        twice: part(swing.twice),
    }
}
