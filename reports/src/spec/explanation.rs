//! Why a plan is as it is, as one JSON document.

use domain::explanation::{
    Explanation, IdleRule, Lever, OfferAnswer, Price, Rejected, Repriced, Swing, Swung,
};
use domain::ledger::Value;
use domain::spec::{ApiVersion, LedgerValue};
use domain::study::{
    ElsewherePart, ExplanationDocument, ExplanationKind, IdleRulePart, InsteadPart, LeverPart,
    OfferAnswerPart, PricePart, RefutedPart, RejectedPart, RepricedPart, SwingPart, SwungPart,
};

use super::{design, intent, sha256};

/// Why a plan is as it is, as a document that can be read back.
///
/// # Panics
/// When the ledger holds a number that is not finite.
pub fn explanation(explanation: &Explanation) -> ExplanationDocument {
    let (demand, here) = (&explanation.demand, &explanation.design);
    let runner_ups = explanation.runner_ups.iter();
    let mut document = ExplanationDocument {
        api_version: ApiVersion::V1,
        kind: ExplanationKind::Explanation,
        digest: String::new(),
        provenance: intent::provenance(&explanation.provenance, None, None),
        reading: demand.load.reading.clone(),
        design: design::whole(demand, here),
        binding: explanation.binding().map(|price| price.name.clone()).collect(),
        prices: explanation.prices.iter().map(|each| price(explanation, each)).collect(),
        idle_rules: explanation.idle.iter().map(idle).collect(),
        runner_ups: runner_ups.map(|other| design::compared(demand, here, other)).collect(),
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
        offer: explanation.offer.as_ref().map(|own| offer(explanation, own)),
        assumptions: explanation.swings.iter().map(swing).collect(),
    };
    document.digest = sha256(&explanation_text(&document));
    document
}

/// Its only form as bytes.
pub fn explanation_text(document: &ExplanationDocument) -> String {
    design::text(document)
}

/// The JSON Schema of such documents.
pub fn explanation_schema() -> String {
    design::schema::<ExplanationDocument>("explanation")
}

fn price(explanation: &Explanation, price: &Price) -> PricePart {
    let here = &explanation.design;
    let repriced = |repriced: &Repriced| {
        let compared = |own: &_| design::compared(&explanation.demand, here, own);
        let (design, unreachable) = design::parted(&repriced.found, compared);
        RepricedPart {
            value: repriced.value.clone(),
            change_micros: repriced.found.cost().map(|cost| (cost - here.cost()).micros()),
            design,
            unreachable,
        }
    };
    PricePart {
        requirement: price.name.clone(),
        place: price.place.clone(),
        asked: price.asked.clone(),
        varied: price.varied.clone(),
        less_strict: price.less.as_ref().map(repriced),
        stricter: price.more.as_ref().map(repriced),
    }
}

fn idle(idle: &IdleRule) -> IdleRulePart {
    let IdleRule { rule, place, says, why } = idle.clone();
    IdleRulePart { rule, place, says, why }
}

fn rejected(rejected: &Rejected) -> RejectedPart {
    let Rejected { reason, offers, example, why, by } = rejected.clone();
    RejectedPart { reason, offers, example, why, dominated_by: by }
}

fn lever(lever: &Lever) -> LeverPart {
    LeverPart { id: lever.id.clone(), text: lever.text.clone(), monthly_micros: lever.cost }
}

fn offer(explanation: &Explanation, offer: &OfferAnswer) -> OfferAnswerPart {
    let instead = offer.instead.iter().map(|(service, found)| {
        let (demand, here) = (&explanation.demand, &explanation.design);
        let (design, unreachable) =
            design::parted(found, |own| design::compared(demand, here, own));
        InsteadPart { service: service.clone(), design, unreachable }
    });
    OfferAnswerPart {
        instance_type: offer.sku.clone(),
        reasons: offer.reasons.clone(),
        instead: instead.collect(),
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
        interval: swing.within.map(|ends| ends.map(|(value, _)| value)),
        at_interval: swing.within.map(|ends| ends.map(|(_, swung)| part(swung))),
    }
}
