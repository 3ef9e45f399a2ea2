//! What policies said: the documents as they stood, and what became of each rule.

use domain::intent::Intent;
use domain::policy::{Layer, Rule, RuleVerdict};
use domain::spec::{PolicyDocument, PolicyPart, PolicyResult};

pub(super) fn part(intent: &Intent, verdicts: &[RuleVerdict]) -> PolicyPart {
    let policies = &intent.policy;
    PolicyPart {
        documents: policies.layers.iter().map(document).collect(),
        results: policies.rules.iter().zip(verdicts).map(result).collect(),
        exceptions: Vec::new(),
    }
}

fn document(layer: &Layer) -> PolicyDocument {
    PolicyDocument {
        name: layer.name.clone(),
        version: layer.version,
        file: layer.file.clone(),
        text: layer.text.clone(),
    }
}

fn result((rule, verdict): (&Rule, &RuleVerdict)) -> PolicyResult {
    PolicyResult {
        rule: verdict.rule.clone(),
        kept: verdict.kept,
        text: verdict.text.clone(),
        says: rule.text(),
        serves: rule.serves.clone(),
        without_micros: verdict.without,
    }
}
