//! Section 14, where policies were given: what became of each rule, what it costs, and who has to
//! agree.

use domain::outcome::Answer;
use domain::policy::{Effect, Rule, RuleVerdict};
use domain::verification::Verdict;

use super::{Block, Cell, Sheet, word};
use crate::figures::dollars;
use crate::policies::exceptions;
use crate::reviews;

pub(super) fn policies(sheet: Sheet<'_>) -> Option<Vec<Block>> {
    let answer = sheet.answer;
    let policies = &answer.intent.policy;
    if policies.is_empty() {
        return None;
    }
    let layers = policies.layers.iter().map(|layer| {
        vec![
            Cell::words(&layer.name),
            layer.version.map(Cell::count).unwrap_or_default(),
            Cell::words(&layer.file),
            Cell::code(&layer.digest),
        ]
    });
    let rules = policies.rules.iter().zip(&answer.policy).map(rule);
    let reasons = policies.rules.iter().filter_map(|rule| {
        Some(format!("{} is there because {}.", rule.name, rule.because.as_ref()?))
    });
    let headings = ["rule", "", "says", "found", "serves", ">without it"];
    let mut blocks = vec![
        Block::table("policies", "The policies", &["policy", ">version", "file", "digest"], layers),
        Block::table("rules", "What became of each rule", &headings, rules),
        Block::says(
            "What the cheapest plan would cost without a rule is solved, not simulated; it is \
             left out where it is the same.",
        ),
        Block::List(reasons.collect()),
        Block::List(exceptions(policies, &answer.demand)),
    ];
    blocks.extend(approvals(answer));
    blocks.extend(policies.layers.iter().map(|layer| {
        let text = vec![Block::Verbatim(layer.text.clone())];
        Block::Folded(format!("The text of {}", layer.name), text)
    }));
    Some(blocks)
}

fn rule((rule, verdict): (&Rule, &RuleVerdict)) -> Vec<Cell> {
    let became = match (verdict.kept, rule.effect) {
        (true, _) => Cell::verdict(Verdict::Pass, word(Verdict::Pass)),
        (false, Effect::Warn) => Cell::verdict(Verdict::Undecided, "warning"),
        (false, Effect::Enforce) => Cell::verdict(Verdict::Fail, "BROKEN"),
    };
    let without = verdict.without.map(|cost| Cell::figure(dollars(cost), cost.dollars()));
    vec![
        Cell::words(&rule.name),
        became,
        Cell::words(rule.text()),
        Cell::words(&verdict.text),
        Cell::words(rule.serves.join(", ")),
        without.unwrap_or_default(),
    ]
}

/// Which reviews the plan needs, where policies say anything about people.
fn approvals(answer: &Answer) -> Vec<Block> {
    let people = &answer.intent.policy.people;
    if people.is_empty() {
        return Vec::new();
    }
    let facts = answer.facts();
    let forbidden = people.forbids(facts.environment);
    let forbidden = forbidden.map(|why| format!("Nothing is built from this plan: {why}."));
    let rows = people.demanded(&facts).into_iter().map(|review| {
        vec![
            Cell::words(&review.review),
            Cell::words(if review.applies { "due" } else { "not due" }),
            Cell::words(reviews::who(review.approvals, &review.from)),
            Cell::words(&review.why),
        ]
    });
    let headings = ["review", "", "approvals", "why"];
    let table = Block::table("reviews", "Who has to agree", &headings, rows);
    forbidden.map(Block::says).into_iter().chain([table]).collect()
}
