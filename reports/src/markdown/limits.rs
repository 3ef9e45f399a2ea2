//! Sections 12 and 13: what to know before relying on it, and how to get it again.

use domain::outcome::{Answer, Risk};

use super::page::Page;
use crate::findings;
use crate::safe;
use crate::spec;

pub(super) fn risks(page: &mut Page, answer: &Answer) {
    page.section(12, "Risks and limits");
    let mut risks: Vec<&Risk> = answer.risks.iter().collect();
    risks.sort_by_key(|risk| risk.severity);
    let rows = risks.iter().map(|risk| {
        let (severity, id) = (risk.severity.as_str().to_owned(), risk.id.clone());
        vec![severity, id, risk.text.clone()]
    });
    page.table(&["severity", "risk", "what to know"], &rows.collect::<Vec<_>>());
    let failing: Vec<String> = answer
        .verification
        .checks
        .iter()
        .filter(|check| !check.demanded)
        .filter(|check| check.verdict != domain::verification::Verdict::Pass)
        .map(|check| {
            let what = findings::objective(answer, &check.objective);
            let when = findings::scenario(answer, &check.scenario);
            let said = safe::markdown(&format!("{what} {when}"));
            format!("Not demanded, and it would not hold: {said}.")
        })
        .collect();
    page.list(&failing);
    if answer.demand.cdn.is_some() {
        page.list(&[
            "What the content delivery network answers is not simulated: latency and good \
                     answers are judged of the requests that it passes on, and while it is out all \
                     requests count as lost."
                .into(),
        ]);
    }
    page.list(&[
        "Latency is measured at the load balancer: the way to the user's device comes on top."
            .into(),
        "The work of a request is an assumption unless it was measured; measure what section 2 \
         ranks first."
            .into(),
        "Speeds are taken at the low end of published measurements of each family.".into(),
        "Costs are list prices on the terms of section 4, without taxes, support or discounts."
            .into(),
    ]);
}

pub(super) fn reproduction(page: &mut Page, answer: &Answer) {
    page.section(13, "Reproduction");
    let provenance = &answer.provenance;
    page.verbatim(&provenance.command);
    let rows = [
        ("program", provenance.tool.clone()),
        ("seed", provenance.seed.to_string()),
        ("generator", answer.verification.generator.to_owned()),
        ("intent", provenance.intent_digest.clone()),
        ("catalog", provenance.catalog_digest.clone()),
        ("plan", spec::plan_digest(&answer.plan)),
    ];
    let rows = rows.map(|(name, value)| vec![name.to_owned(), value]);
    page.table(&["what", "which"], &rows);
    page.says("The same program, intent, catalog and seed give the same bytes on any machine.");
}
