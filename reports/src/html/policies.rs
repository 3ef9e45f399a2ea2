//! Section 14, where policies were given: what became of each rule, what it costs, and who has to
//! agree.

use domain::spec::{PolicyException, PolicyResult, ReviewPart};
use maud::{Markup, html};

use super::Sheet;
use super::page::{Cell, Table, folded, list, section};
use super::visible::visible;
use crate::figures::dollars;
use crate::reviews;

pub(super) fn policies(sheet: &Sheet<'_>) -> Markup {
    let policy = &sheet.spec.policy;
    if policy.documents.is_empty() {
        return Markup::default();
    }
    let exceptions: Vec<String> = policy.exceptions.iter().map(exception).collect();
    let body = html! {
        (Table::new("policies", "The policies", &["policy", ">version", "file"]).of(
            policy.documents.iter().map(|own| vec![
                Cell::words(own.name.as_str()),
                own.version.map_or_else(|| Cell::words(""), Cell::count),
                Cell::words(&own.file),
            ]),
        ))
        (Table::new("rules", "What became of each rule", &[
            "rule", "", "says", "found", "serves", ">without it",
        ]).of(policy.results.iter().map(rule)))
        p {
            "What the cheapest plan would cost without a rule is solved, not simulated; it is left \
            out where it is the same."
        }
        (list(&exceptions))
        (Table::new("reviews", "Who has to agree", &["review", "", "approvals", "why"]).of(
            policy.reviews.iter().map(review),
        ))
        @for own in &policy.documents {
            (folded(&visible(&format!("The text of {}", own.name)), &html! {
                pre { (visible(&own.text)) }
            }))
        }
    };
    section(14, "Policies", &body)
}

fn rule(result: &PolicyResult) -> Vec<Cell> {
    let word = if result.kept {
        html! { span.good { "✓ holds" } }
    } else {
        html! { span.bad { "✗ not kept" } }
    };
    vec![
        Cell::words(&result.rule),
        Cell::markup(word),
        Cell::words(&result.says),
        Cell::words(&result.text),
        Cell::words(&result.serves.join(", ")),
        result
            .without_micros
            .map_or_else(|| Cell::words(""), |cost| Cell::figure(&dollars(cost), cost.dollars())),
    ]
}

fn exception(own: &PolicyException) -> String {
    let service = own.service.as_ref().map_or_else(String::new, |name| format!(" for {name}"));
    let (rule, until) = (&own.rule, own.until.0);
    let lifted = if own.in_force {
        format!("rule {rule} is lifted{service} until {until}")
    } else {
        format!("rule {rule} holds again{service}: it was lifted until {until}")
    };
    format!("Exception: {lifted}, by {}: {}", own.by, own.because)
}

fn review(review: &ReviewPart) -> Vec<Cell> {
    vec![
        Cell::words(&review.review),
        Cell::words(if review.applies { "due" } else { "not due" }),
        Cell::words(&reviews::who(review.approvals, &review.from)),
        Cell::words(&review.why),
    ]
}
