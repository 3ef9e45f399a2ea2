//! What the rules of policies cost: those that bind by their price, the others by their names.

use domain::explanation::{Explanation, Price};

use crate::findings;

/// So many rules that bind are told each by its price.
const DEAREST: usize = 5;

/// So many rules are told by their names.
const NAMED: usize = 6;

/// The rules that bind, dearest first.
fn binding(explanation: &Explanation) -> Vec<&Price> {
    let mut rules: Vec<&Price> =
        explanation.binding().filter(|price| price.place.is_some()).collect();
    rules.sort_by_key(|price| price.less.as_ref().and_then(|less| less.found.cost()));
    rules
}

/// Those that are told each by its price.
pub(super) fn dearest(explanation: &Explanation) -> impl Iterator<Item = &Price> {
    binding(explanation).into_iter().take(DEAREST)
}

/// What is left to say of the rules; nothing where there is no policy.
pub(super) fn others(explanation: &Explanation) -> String {
    if explanation.provenance.policy_digests.is_empty() {
        return String::new();
    }
    let all = explanation.prices.iter().filter(|price| price.place.is_some()).count();
    let binding = binding(explanation);
    let free: Vec<&str> = explanation
        .prices
        .iter()
        .filter(|price| price.place.is_some())
        .filter(|price| !binding.iter().any(|bound| bound.name == price.name))
        .map(|price| price.name.trim_start_matches("policy rule "))
        .collect();
    let mut parts = Vec::new();
    if all == 0 && explanation.idle.is_empty() {
        parts.push("policy: no rule".to_owned());
    }
    if let more @ 1.. = binding.len().saturating_sub(DEAREST) {
        parts.push(format!("{more} more that bind: --json"));
    }
    match free.as_slice() {
        [] => {}
        [only] => parts.push(format!("policy rule {only} applies and does not bind")),
        several => {
            let (named, rest) = several.split_at(several.len().min(NAMED));
            let more = format!("{} more", rest.len());
            let more = (!rest.is_empty()).then_some(more.as_str());
            let named: Vec<&str> = named.iter().copied().chain(more).collect();
            let rules = findings::listed(&named);
            parts.push(format!("policy rules {rules} apply and do not bind"));
        }
    }
    match explanation.idle.len() {
        0 => {}
        1 => parts.push(format!("nothing depends on {}", explanation.idle[0].rule)),
        count => parts.push(format!("nothing depends on {count} others")),
    }
    parts.join("; ")
}
