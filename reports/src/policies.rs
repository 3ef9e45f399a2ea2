//! What policies said of a plan, in a few lines: how many rules it keeps, what it breaks, and what
//! the dearest of them cost.

use domain::demand::Demand;
use domain::name::Name;
use domain::outcome::Answer;
use domain::policy::{Exception, Layer, Policies, Rule, RuleVerdict};
use domain::units::MicroDollars;

use crate::figures::dollars;

/// So many rules are told with what they cost.
const DEAREST: usize = 3;

/// The lines; none where no policy was given.
pub(crate) fn lines(answer: &Answer) -> Vec<String> {
    let policies = &answer.intent.policy;
    if policies.is_empty() {
        return Vec::new();
    }
    let kept = answer.policy.iter().filter(|verdict| verdict.kept).count();
    let names: Vec<String> = policies.layers.iter().map(named).collect();
    let count = answer.policy.len();
    let mut lines = vec![format!("{kept} of {count} rules of {} hold", names.join(", "))];
    if count == 0 {
        lines.clear();
    }
    let judged = policies.rules.iter().zip(&answer.policy);
    lines.extend(judged.filter(|(_, verdict)| !verdict.kept).map(warning));
    lines.extend(exceptions(policies, &answer.demand));
    lines.extend(dearest(answer));
    lines
}

fn named(layer: &Layer) -> String {
    match layer.version {
        Some(version) => format!("{} {version}", layer.name),
        None => layer.name.to_string(),
    }
}

/// What is lifted, what is not any more, and what never was here.
pub fn exceptions(policies: &Policies, demand: &Demand) -> Vec<String> {
    let there = |name: &Name| demand.services.iter().any(|service| service.name == *name);
    let told = |own: &Exception| {
        let service = own.service.as_ref().map_or_else(String::new, |name| format!(" for {name}"));
        let (rule, until) = (&policies.rules[own.rule].name, own.until);
        let strange = own.service.as_ref().filter(|name| !there(name));
        let lifted = if let Some(name) = strange {
            format!("there is no service {name}, so it lifts nothing of rule {rule} here")
        } else if policies.lifts(own) {
            format!("rule {rule} is lifted{service} until {until}")
        } else {
            format!("rule {rule} holds again{service}: it was lifted until {until}")
        };
        format!("exception: {lifted}, by {}: {}", own.by, own.because)
    };
    policies.exceptions.iter().map(told).collect()
}

fn warning((rule, verdict): (&Rule, &RuleVerdict)) -> String {
    format!("warning: rule {} ({}): {}", rule.name, rule.text(), verdict.text)
}

/// The rules without which the cheapest plan would cost less, dearest first.
fn dearest(answer: &Answer) -> Option<String> {
    let expected = answer.plan.bill.totals().expected;
    let costs = answer.policy.iter().filter_map(|verdict| {
        let without = verdict.without.filter(|without| *without < expected)?;
        Some((without, verdict.rule.as_str()))
    });
    let mut costs: Vec<(MicroDollars, &str)> = costs.collect();
    costs.sort_unstable();
    costs.truncate(DEAREST);
    let said: Vec<String> = costs
        .iter()
        .map(|(without, rule)| format!("without {rule} {}", dollars(*without)))
        .collect();
    (!said.is_empty()).then(|| said.join(" \u{b7} "))
}
