//! Sections 12 and 13: what to know before relying on it, and how to get it again.

use domain::outcome::Risk;
use domain::verification::Verdict;
use maud::{Markup, html};

use super::Sheet;
use super::page::{Cell, Table, list, section};
use super::verdict::severity;
use super::visible::visible;
use crate::findings;

/// What holds of every report.
const VALIDITY: [&str; 4] = [
    "Latency is measured at the load balancer: the way to the user's device comes on top.",
    "The work of a request is an assumption unless it was measured; measure what section 2 ranks \
     first.",
    "Speeds are taken at the low end of published measurements of each family.",
    "Costs are list prices on the terms of section 4, without taxes, support or discounts.",
];

pub(super) fn risks(sheet: &Sheet<'_>) -> Markup {
    let answer = sheet.answer;
    let mut risks: Vec<&Risk> = answer.risks.iter().collect();
    risks.sort_by_key(|risk| risk.severity);
    let failing: Vec<String> = answer
        .verification
        .checks
        .iter()
        .filter(|check| !check.demanded && check.verdict != Verdict::Pass)
        .map(|check| {
            let what = findings::objective(answer, &check.objective);
            let when = findings::scenario(answer, &check.scenario);
            format!("Not demanded, and it would not hold: {what} {when}.")
        })
        .collect();
    let body = html! {
        (Table::new("risks", "Risks", &["severity", "risk", "what to know"]).of(
            risks.iter().map(|risk| vec![
                Cell::words(severity(risk.severity)),
                Cell::markup(html! { code { (visible(&risk.id)) } }),
                Cell::words(&risk.text),
            ]),
        ))
        (list(&failing))
        p { "Limits of validity:" }
        (list(&VALIDITY))
    };
    section(12, "Risks and limits", &body)
}

pub(super) fn reproduction(sheet: &Sheet<'_>) -> Markup {
    let provenance = &sheet.spec.provenance;
    let metadata = &sheet.spec.metadata;
    let author = sheet.answer.provenance.author.name.clone();
    let mut rows = vec![
        ("program", provenance.tool.clone()),
        ("seed", provenance.seed.to_string()),
        ("generator", sheet.answer.verification.generator.to_owned()),
        ("intent", provenance.intent_digest.clone()),
        ("catalog", provenance.catalog.digest.clone()),
        ("prices of", provenance.catalog.as_of.0.to_string()),
        ("plan", metadata.plan_digest.clone()),
        ("spec", metadata.digest.clone()),
    ];
    rows.extend(author.map(|name| ("asked for by", name)));
    rows.extend(provenance.policy_digests.iter().map(|digest| ("policy", digest.clone())));
    rows.extend(
        provenance.supersedes.as_ref().map(|own| ("takes the place of", own.digest.clone())),
    );
    let body = html! {
        pre { (visible(&provenance.command)) }
        (Table::new("provenance", "What it was made from", &["what", "which"]).of(
            rows.iter().map(|(what, which)| vec![
                Cell::words(what),
                Cell::markup(html! { code { (visible(which)) } }),
            ]),
        ))
        p { "The same program, intent, catalog and seed give the same bytes on any machine." }
    };
    section(13, "Reproduction", &body)
}
