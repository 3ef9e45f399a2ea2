//! What policies said of a plan, in a few lines: how many rules it keeps, what it breaks, and what
//! the dearest of them cost.

use domain::demand::Demand;
use domain::name::Name;
use domain::outcome::Answer;
use domain::policy::{Exception, Layer, Policies, Rule, RuleVerdict, environment};
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
    let mut lines = Vec::from_iter(counted(answer));
    let judged = policies.rules.iter().zip(&answer.policy);
    lines.extend(judged.filter(|(_, verdict)| !verdict.kept).map(warning));
    lines.extend(exceptions(policies, &answer.demand));
    lines.extend(dearest(answer));
    lines
}

/// How many of the rules that bind are kept, and how many do not bind; `None` where there are none.
fn counted(answer: &Answer) -> Option<String> {
    let policies = &answer.intent.policy;
    let environment = environment(&answer.intent);
    let binds = |at: usize, rule: &Rule| {
        rule.applies(environment)
            && rule.is_bound(&answer.intent)
            && !policies.waived.contains(&at)
            && policies.lifted(at).is_none()
    };
    let judged = policies.rules.iter().enumerate().zip(&answer.policy);
    let (bind, free): (Vec<_>, Vec<_>) = judged.partition(|((at, rule), _)| binds(*at, rule));
    let kept = bind.iter().filter(|(_, verdict)| verdict.kept).count();
    let names: Vec<String> = policies.layers.iter().map(named).collect();
    let (count, names) = (bind.len(), names.join(", "));
    let told = format!("{kept} of {count} rules of {names} are kept");
    match (count, free.len()) {
        (0, 0) => None,
        (_, 0) => Some(told),
        (0, 1) => Some(format!("the one rule of {names} does not apply here")),
        (0, free) => Some(format!("none of the {free} rules of {names} applies here")),
        (_, 1) => Some(format!("{told}; 1 more does not apply here")),
        (_, free) => Some(format!("{told}; {free} more do not apply here")),
    }
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
