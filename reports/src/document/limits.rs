//! Sections 12 and 13: what to know before relying on it, and how to get it again.

use domain::outcome::Risk;
use domain::verification::Verdict;

use super::{Block, Cell, Sheet};
use crate::findings;

/// What holds of every report.
const VALIDITY: [&str; 4] = [
    "Latency is measured at the load balancer: the way to the user's device comes on top.",
    "The work of a request is an assumption unless it was measured; measure what section 2 ranks \
     first.",
    "Speeds are taken at the low end of published measurements of each family.",
    "Costs are list prices on the terms of section 4, without taxes, support or discounts.",
];

/// What holds where a content delivery network stands before the edge.
const BEFORE_THE_EDGE: &str = "What the content delivery network answers is not simulated: \
     latency and good answers are judged of the requests that it passes on, and while it is out \
     all requests count as lost.";

pub(super) fn risks(sheet: Sheet<'_>) -> Vec<Block> {
    let answer = sheet.answer;
    let mut risks: Vec<&Risk> = answer.risks.iter().collect();
    risks.sort_by_key(|risk| risk.severity);
    let rows = risks.iter().map(|risk| {
        vec![Cell::words(risk.severity.as_str()), Cell::code(&risk.id), Cell::words(&risk.text)]
    });
    let checks = answer.verification.checks.iter();
    let failing =
        checks.filter(|check| !check.demanded && check.verdict != Verdict::Pass).map(|check| {
            let what = findings::objective(answer, &check.objective);
            let when = findings::scenario(answer, &check.scenario);
            let holds = match check.verdict {
                Verdict::Undecided => "not decided whether it would hold",
                Verdict::Pass | Verdict::Fail => "it would not hold",
            };
            format!("Not demanded, and {holds}: {what} {when}.")
        });
    let before = answer.demand.cdn.as_ref().map(|_| BEFORE_THE_EDGE);
    vec![
        Block::table("risks", "Risks", &["severity", "risk", "what to know"], rows),
        Block::List(failing.collect()),
        Block::says("Limits of validity:"),
        Block::List(before.into_iter().chain(VALIDITY).map(str::to_owned).collect()),
    ]
}

pub(super) fn reproduction(sheet: Sheet<'_>) -> Vec<Block> {
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
    let rows = rows.into_iter().map(|(what, which)| vec![Cell::words(what), Cell::code(which)]);
    vec![
        Block::Verbatim(provenance.command.clone()),
        Block::table("provenance", "What it was made from", &["what", "which"], rows),
        Block::says(
            "The same program, command, intent, catalog and seed give the same bytes on any \
             machine.",
        ),
    ]
}
