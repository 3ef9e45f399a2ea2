//! Section 14, where policies were given: what became of each rule, and what it costs.

use domain::outcome::Answer;
use domain::policy::{Effect, Rule, RuleVerdict};

use super::page::Page;
use crate::figures::{UNKNOWN, dollars};
use crate::policies::exceptions;
use crate::reviews;
use crate::safe;

pub(super) fn policies(page: &mut Page, answer: &Answer) {
    let policies = &answer.intent.policy;
    if policies.is_empty() {
        return;
    }
    page.section(14, "Policies");
    let layers = policies.layers.iter().map(|layer| {
        let version = layer.version.map_or_else(|| UNKNOWN.to_owned(), |own| own.to_string());
        vec![layer.name.to_string(), version, layer.file.clone(), layer.digest.clone()]
    });
    page.table(&["policy", "version", "file", "digest"], &layers.collect::<Vec<_>>());
    let rows = policies.rules.iter().zip(&answer.policy).map(row);
    let headings = ["", "rule", "says", "found", "serves", ">without it"];
    page.table(&headings, &rows.collect::<Vec<_>>());
    let reasons = policies.rules.iter().filter_map(|rule| {
        let because = safe::markdown(rule.because.as_ref()?);
        Some(format!("{} is there because {because}.", safe::markdown(&rule.name)))
    });
    page.list(&reasons.collect::<Vec<_>>());
    let lifted = exceptions(policies, &answer.demand);
    page.list(&lifted.iter().map(|line| safe::markdown(line)).collect::<Vec<_>>());
    page.says(
        "What the cheapest plan would cost without a rule is solved, not simulated; it is left out \
         where it is the same.",
    );
    approvals(page, answer);
}

/// Which reviews the plan needs, where policies say anything about people.
fn approvals(page: &mut Page, answer: &Answer) {
    let people = &answer.intent.policy.people;
    if people.is_empty() {
        return;
    }
    let facts = answer.facts();
    if let Some(why) = people.forbids(facts.environment) {
        page.says(&format!("Nothing is built from this plan: {}.", safe::markdown(&why)));
    }
    let rows = people.demanded(&facts).into_iter().map(|review| {
        let due = if review.applies { "due" } else { "not due" };
        let who = reviews::who(review.approvals, &review.from);
        vec![due.to_owned(), review.review, who, review.why]
    });
    page.table(&["", "review", "approvals", "why"], &rows.collect::<Vec<_>>());
}

fn row((rule, verdict): (&Rule, &RuleVerdict)) -> Vec<String> {
    let word = match (verdict.kept, rule.effect) {
        (true, _) => "holds",
        (false, Effect::Warn) => "warning",
        (false, Effect::Enforce) => "BROKEN",
    };
    vec![
        word.to_owned(),
        rule.name.clone(),
        rule.text(),
        verdict.text.clone(),
        rule.serves.join(", "),
        verdict.without.map_or_else(String::new, dollars),
    ]
}
