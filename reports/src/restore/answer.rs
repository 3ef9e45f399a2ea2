//! The whole answer that a spec was written from, so that it is shown again as it was then.
//!
//! Numbers come back as fine as the spec keeps them. What the policies of a plan say is not read
//! here: whoever has their texts adds it. What became of their rules is in the spec.

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use domain::intent::{Intent, Metadata, StatedObjectives};
use domain::ledger::{Assumption, Value};
use domain::objective::Load;
use domain::outcome::{Alternative, Answer, Provenance, Risk, Round, Sensitivity};
use domain::policy::{RuleVerdict, Superseded};
use domain::spec::{AlternativePart, AssumptionPart, LedgerValue, ObjectivePart, RoundPart, Spec};
use domain::units::{Margin, MicroDollars, Seconds};

use super::{Described, RestoreFaults, evidence, plan, restore};
use crate::spec::reviews;

/// Brings a whole answer back.
///
/// # Errors
/// When the spec names what it does not have, or a number in it has no meaning; all such faults at
/// once.
pub fn answer(spec: &Spec) -> Result<Answer, RestoreFaults> {
    let Described { mut demand, topology } = restore(spec, None)?;
    for entry in &spec.assumptions {
        demand.ledger.record(assumption(entry));
    }
    Ok(Answer {
        intent: intent(spec),
        plan: plan::plan(spec, topology),
        verification: evidence::verification(spec),
        rounds: spec.optimality.rounds.iter().map(round).collect(),
        other_readings: spec.intent.other_readings.iter().map(alternative).collect(),
        alternatives: spec.alternatives.iter().map(alternative).collect(),
        sensitivities: spec
            .sensitivities
            .iter()
            .map(|part| Sensitivity {
                name: part.name.clone(),
                change: part.change_micros_at_120_percent.map(margin),
            })
            .collect(),
        risks: spec
            .risks
            .iter()
            .map(|part| Risk {
                id: part.id.clone(),
                severity: part.severity,
                text: part.text.clone(),
            })
            .collect(),
        policy: spec
            .policy
            .results
            .iter()
            .map(|part| RuleVerdict {
                rule: part.rule.clone(),
                kept: part.kept,
                text: part.text.clone(),
                without: part.without_micros,
            })
            .collect(),
        provenance: provenance(spec),
        demand,
    })
}

fn intent(spec: &Spec) -> Intent {
    let pairs = |map: &std::collections::BTreeMap<String, String>| {
        map.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    let load = spec.intent.objectives.iter().find_map(|part| match part {
        ObjectivePart::Users { target, reading, reading_stated, .. } => Some(Load::Users {
            count: *target,
            kind: reading_stated.then_some(*reading),
            think_time: None,
        }),
        _ => None,
    });
    Intent {
        metadata: Metadata {
            name: Some(spec.metadata.name.clone()),
            labels: pairs(&spec.metadata.labels),
            annotations: pairs(&spec.metadata.annotations),
            ..Metadata::default()
        },
        phrase: spec.intent.phrase.clone(),
        archetype: spec.intent.archetype.clone(),
        objectives: StatedObjectives {
            load,
            uptime_window: uptime_window(spec),
            ..StatedObjectives::default()
        },
        environment: spec.metadata.environment.clone(),
        ..Intent::default()
    }
}

/// Over what the uptime is counted, where it is not a year.
fn uptime_window(spec: &Spec) -> Option<Seconds> {
    let window = spec.intent.objectives.iter().find_map(|part| match part {
        ObjectivePart::Availability { window, .. } => Some(window),
        _ => None,
    })?;
    iso_span(window).filter(|window| *window != Seconds::YEAR)
}

/// A span of ISO 8601 as specs write it: whole years, days or seconds.
fn iso_span(text: &str) -> Option<Seconds> {
    let span = text.strip_prefix('P')?;
    let units = [("Y", Seconds::YEAR), ("D", Seconds::DAY), ("S", Seconds::of(1.0))];
    let (count, unit) =
        units.into_iter().find_map(|(letter, unit)| Some((span.strip_suffix(letter)?, unit)))?;
    let count: u32 = count.strip_prefix('T').unwrap_or(count).parse().ok()?;
    Some(Seconds::of(f64::from(count) * unit.value()))
}

fn provenance(spec: &Spec) -> Provenance {
    let part = &spec.provenance;
    Provenance {
        tool: part.tool.clone(),
        command: part.command.clone(),
        seed: part.seed,
        intent_digest: part.intent_digest.clone(),
        policy_digests: part.policy_digests.clone(),
        catalog_digest: part.catalog.digest.clone(),
        catalog_as_of: part.catalog.as_of.0,
        author: reviews::author_in(spec),
        supersedes: part.supersedes.as_ref().map(|earlier| Superseded {
            digest: earlier.digest.clone(),
            expected: earlier.expected_micros,
        }),
    }
}

fn assumption(part: &AssumptionPart) -> Assumption {
    let value = |value: &LedgerValue| match value {
        LedgerValue::Number(number) => Value::Number(*number),
        LedgerValue::Choice(word) => Value::Choice(word.clone()),
    };
    Assumption {
        name: part.name.clone(),
        value: value(&part.value),
        unit: kept(&part.unit),
        origin: part.origin,
        source: part.source.clone(),
        interval: part.interval.as_ref().map(|[low, high]| (value(low), value(high))),
    }
}

fn round(part: &RoundPart) -> Round {
    Round {
        plan: part.plan.clone(),
        cost: part.monthly_micros,
        objection: part.objection.clone(),
        cut: part.cut.as_deref().map(kept),
    }
}

fn alternative(part: &AlternativePart) -> Alternative {
    Alternative { id: part.id.clone(), text: part.text.clone(), cost: part.monthly_micros }
}

/// A signed number of micro-dollars.
fn margin(micros: i64) -> Margin {
    let size = i64::try_from(micros.unsigned_abs()).unwrap_or(i64::MAX);
    let amount = MicroDollars::new(size).unwrap_or_default();
    if micros < 0 { MicroDollars::ZERO - amount } else { amount - MicroDollars::ZERO }
}

/// A word that the model has from a list of its own, such as a unit. Each is kept once for as long
/// as the program runs.
pub(super) fn kept(word: &str) -> &'static str {
    static KEPT: LazyLock<Mutex<BTreeSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut known = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(own) = known.get(word) {
        return own;
    }
    let own: &'static str = word.to_owned().leak();
    known.insert(own);
    own
}
