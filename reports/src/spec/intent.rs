//! What was asked for, and whose it is.

use std::collections::BTreeMap;

use domain::demand::Demand;
use domain::intent::{Intent, Source};
use domain::ledger::{Assumption, Ledger, Value};
use domain::objective::{LatencyObjective, Load};
use domain::outcome::{Alternative, Provenance};
use domain::spec::{
    AlternativePart, AssumptionPart, CatalogPart, Day, IntentPart, LedgerValue, Metadata,
    ObjectivePart, ProvenancePart,
};
use domain::units::Seconds;

use super::measure::{micro_rps, micros, ratio};
use super::reviews;

/// Name and labels; the digests are filled in when the rest is known.
pub(super) fn metadata(intent: &Intent, demand: &Demand) -> Metadata {
    let sorted = |pairs: &[(String, String)]| -> BTreeMap<String, String> {
        pairs.iter().cloned().collect()
    };
    Metadata {
        name: demand.name.clone(),
        environment: intent.environment.clone(),
        labels: sorted(&intent.metadata.labels),
        annotations: sorted(&intent.metadata.annotations),
        digest: String::new(),
        plan_digest: String::new(),
    }
}

pub(super) fn intent(intent: &Intent, demand: &Demand, readings: &[Alternative]) -> IntentPart {
    let document = match intent.described.source() {
        Some(Source::Document { text, .. }) => Some(text.clone()),
        Some(Source::Phrase(_)) | None => None,
    };
    IntentPart {
        phrase: intent.phrase.clone(),
        document,
        settings: intent.described.settings().to_vec(),
        archetype: intent.archetype.clone(),
        objectives: objectives(intent, demand),
        other_readings: readings.iter().map(alternative).collect(),
    }
}

/// A span of time in ISO 8601: in years or days where it is whole ones.
fn iso_span(span: Seconds) -> String {
    let whole = |unit: Seconds| {
        let count = (span.value() / unit.value()).round();
        (count * unit.value() - span.value()).abs() < 1e-6 && count >= 1.0
    };
    let count = |unit: Seconds| (span.value() / unit.value()).round();
    if whole(Seconds::YEAR) {
        format!("P{}Y", count(Seconds::YEAR))
    } else if whole(Seconds::DAY) {
        format!("P{}D", count(Seconds::DAY))
    } else {
        format!("PT{}S", span.value().round())
    }
}

fn objectives(intent: &Intent, demand: &Demand) -> Vec<ObjectivePart> {
    let stated = &demand.objectives;
    let uptime = stated.uptime.map(|target| ObjectivePart::Availability {
        id: "uptime".into(),
        target_ppm: target.ppm(),
        window: intent.objectives.uptime_window.map_or_else(|| "P1Y".into(), iso_span),
        budgeting_method: "occurrences".into(),
        counted_within: demand.hours.as_ref().map(ToString::to_string),
    });
    let recovery = intent.objectives.recovery;
    let recovery = (!recovery.is_empty()).then(|| ObjectivePart::Recovery {
        id: "recovery".into(),
        rpo_us: recovery.rpo.map(micros),
        rto_us: recovery.rto.map(micros),
    });
    let limits = [stated.budget.expected, stated.budget.ceiling];
    let budget = limits.iter().any(Option::is_some).then(|| ObjectivePart::Budget {
        id: "budget".into(),
        expected_micros: stated.budget.expected,
        ceiling_micros: stated.budget.ceiling,
    });
    std::iter::once(load(intent, demand))
        .chain(uptime)
        .chain(stated.latency.iter().map(latency))
        .chain(recovery)
        .chain(budget)
        .collect()
}

fn load(intent: &Intent, demand: &Demand) -> ObjectivePart {
    let id = "load".to_owned();
    let headroom = &demand.objectives.headroom;
    let (headroom_ppm, instances_down) = (ratio(headroom.load), headroom.instances_down);
    match demand.load.users {
        Some((target, reading)) => ObjectivePart::Users {
            id,
            reading,
            reading_stated: matches!(
                intent.objectives.load,
                Some(Load::Users { kind: Some(_), .. })
            ),
            target,
            headroom_ppm,
            instances_down,
        },
        None => ObjectivePart::Rate {
            id,
            target_micro_rps: micro_rps(demand.offered()),
            headroom_ppm,
            instances_down,
        },
    }
}

fn latency(objective: &LatencyObjective) -> ObjectivePart {
    ObjectivePart::Latency {
        id: objective.id(),
        class: objective.class.clone(),
        percentile_permille: objective.percentile.permille(),
        percentile_stated: objective.percentile_stated,
        threshold_us: micros(objective.limit),
        measured_at: objective.measured_at,
    }
}

pub(super) fn alternative(alternative: &Alternative) -> AlternativePart {
    AlternativePart {
        id: alternative.id.clone(),
        text: alternative.text.clone(),
        monthly_micros: alternative.cost,
    }
}

pub(super) fn provenance(
    provenance: &Provenance,
    rng: Option<&str>,
    oldest: Option<Day>,
) -> ProvenancePart {
    let Provenance {
        tool,
        command,
        seed,
        intent_digest,
        policy_digests,
        catalog_digest,
        catalog_as_of,
        author,
        supersedes,
    } = provenance;
    ProvenancePart {
        tool: tool.clone(),
        command: command.clone(),
        seed: *seed,
        rng: rng.map(str::to_owned),
        intent_digest: intent_digest.clone(),
        policy_digests: policy_digests.clone(),
        catalog: CatalogPart {
            digest: catalog_digest.clone(),
            as_of: Day(*catalog_as_of),
            oldest_price_used: oldest,
        },
        author: reviews::author(author),
        supersedes: supersedes.as_ref().map(reviews::superseded),
    }
}

pub(super) fn assumptions(ledger: &Ledger) -> Vec<AssumptionPart> {
    let value = |name: &str, value: &Value| match value {
        Value::Number(number) => {
            assert!(number.is_finite(), "the ledger's value of {name} is not finite");
            LedgerValue::Number(*number)
        }
        Value::Choice(word) => LedgerValue::Choice(word.clone()),
    };
    let part = |entry: &Assumption| AssumptionPart {
        name: entry.name.clone(),
        value: value(&entry.name, &entry.value),
        unit: entry.unit.to_owned(),
        origin: entry.origin,
        source: entry.source.clone(),
        interval: entry
            .interval
            .as_ref()
            .map(|(low, high)| [value(&entry.name, low), value(&entry.name, high)]),
    };
    ledger.entries().map(part).collect()
}
