//! What policies said: the documents as they stood, and what became of each rule.

use domain::demand::Demand;
use domain::outcome::Answer;
use domain::policy::{Exception, Layer, Policies, Rule, RuleVerdict};
use domain::spec::{Day, PolicyDocument, PolicyException, PolicyPart, PolicyResult};

use super::reviews;

pub(super) fn part(answer: &Answer) -> PolicyPart {
    let (policies, verdicts) = (&answer.intent.policy, &answer.policy);
    PolicyPart {
        documents: policies.layers.iter().map(document).collect(),
        results: policies.rules.iter().zip(verdicts).map(result).collect(),
        on: policies.on.filter(|_| !policies.exceptions.is_empty()).map(Day),
        exceptions: exceptions(policies, &answer.demand),
        stage: policies.people.stage,
        reviews: reviews::judged(&policies.people, &answer.facts()),
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

fn exceptions(policies: &Policies, demand: &Demand) -> Vec<PolicyException> {
    let part = |exception: &Exception| PolicyException {
        rule: policies.rules[exception.rule].name.clone(),
        service: exception.service.clone(),
        in_force: policies.lifts_in(exception, demand),
        until: Day(exception.until),
        by: exception.by.clone(),
        because: exception.because.clone(),
    };
    policies.exceptions.iter().map(part).collect()
}
