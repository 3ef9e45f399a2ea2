//! What each requirement costs, what came close, and what the owner could change.

use domain::study::{
    DesignPart, ExplanationDocument, IdleRulePart, LeverPart, PricePart, RefutedPart,
};

use super::{beyond, priced, told, unexplained};
use crate::document::{Block, Cell, Sheet};
use crate::figures;
use crate::findings;

/// What section 8 has of an explanation.
pub(in crate::document) fn optimality(sheet: Sheet<'_>) -> Vec<Block> {
    let Some(study) = &sheet.studies.explanation else {
        let absent = if sheet.answer.alternatives.is_empty() {
            "What each requirement costs was not solved"
        } else {
            "Runner-ups, what binds and what each requirement costs are not in a spec"
        };
        return vec![unexplained(absent)];
    };
    vec![
        Block::Heading("Why this plan"),
        Block::says(binds(study)),
        prices(study),
        idle(study),
        Block::says(format!(
            "Runner-ups are the cheapest verified plans of other designs: without what a service \
             runs on, in one more zone, in another region or on another cloud. Seed {}.",
            study.provenance.seed
        )),
        runner_ups(study),
        refuted(study),
        elsewhere(study),
        levers(study),
    ]
}

fn binds(study: &ExplanationDocument) -> String {
    let names: Vec<&str> = study.binding.iter().map(String::as_str).collect();
    let binds = match names.as_slice() {
        [] => "Nothing binds: less of any requirement costs the same.".to_owned(),
        [only] => format!("Of what is required, {only} binds: less of it is cheaper."),
        names => {
            format!("Of what is required, {} bind: less is cheaper.", findings::listed(names))
        }
    };
    let free = study.prices.iter().filter(|price| {
        let bound = study.binding.contains(&price.requirement);
        price.place.is_some() && !bound
    });
    let free: Vec<&str> =
        free.map(|price| price.requirement.trim_start_matches("policy rule ")).collect();
    let free = match free.as_slice() {
        [] => String::new(),
        [only] => format!(" The policy rule {only} applies and does not bind."),
        several => {
            format!(" The policy rules {} apply and do not bind.", findings::listed(several))
        }
    };
    format!("{binds}{free} Each design below was solved and simulated like the plan.")
}

fn prices(study: &ExplanationDocument) -> Block {
    let headings = [
        "requirement",
        "asked",
        "less or more",
        "value",
        ">USD a month",
        ">change",
        "what changes",
    ];
    let caption = "The price of each requirement: solved and simulated";
    let rows = study.prices.iter().flat_map(|price| sides(study, price));
    Block::table("requirement-prices", caption, &headings, rows)
}

/// A row for less of a requirement, and one for more.
fn sides(study: &ExplanationDocument, price: &PricePart) -> Vec<Vec<Cell>> {
    let sides = [("less", &price.less_strict), ("more", &price.stricter)];
    let sides = sides.into_iter().filter_map(|(which, side)| Some((which, side.as_ref()?)));
    let name = match &price.place {
        Some(place) => format!("{} ({place})", price.requirement),
        None => price.requirement.clone(),
    };
    let rows = sides.map(|(which, side)| {
        let [cost, change] = priced(side.found(), study.design.monthly_micros);
        vec![
            Cell::words(&name),
            Cell::words(&price.asked),
            Cell::words(which),
            Cell::words(&side.value),
            cost,
            change,
            told(side.found()),
        ]
    });
    rows.collect()
}

/// The rules of policies that have no price.
fn idle(study: &ExplanationDocument) -> Block {
    let row = |idle: &IdleRulePart| {
        Vec::from([&idle.rule, &idle.place, &idle.says, &idle.why].map(Cell::words))
    };
    let caption = "Rules of policies on which no choice of a plan depends";
    let headings = ["rule", "where", "says", "why"];
    Block::table("idle-rules", caption, &headings, study.idle_rules.iter().map(row))
}

fn runner_ups(study: &ExplanationDocument) -> Block {
    let here = study.design.monthly_micros;
    let row = |design: &DesignPart| {
        let dearer = design.dearest.as_ref().map(|service| format!("{service} is dearer"));
        vec![
            Cell::words(&design.plan),
            Cell::dollars(design.monthly_micros),
            beyond(design.monthly_micros, here),
            Cell::words(design.changes.join(", ")),
            Cell::words(dearer.unwrap_or_default()),
        ]
    };
    let headings = ["plan", ">USD a month", ">change", "what it has instead", "why not this one"];
    let caption = "Runner-ups: solved and simulated";
    Block::table("runner-ups", caption, &headings, study.runner_ups.iter().map(row))
}

/// Cheaper plans that did not do: without them nobody sees why the price is no lower.
fn refuted(study: &ExplanationDocument) -> Block {
    let row = |plan: &RefutedPart| {
        vec![
            Cell::words(&plan.plan),
            Cell::dollars(plan.monthly_micros),
            Cell::words(plan.certainty.as_str()),
            Cell::words(&plan.reason),
        ]
    };
    let headings = ["plan", ">USD a month", "how sure", "by what"];
    let caption = "Cheaper plans that were refuted";
    Block::table("refuted-plans", caption, &headings, study.refuted.iter().map(row))
}

fn elsewhere(study: &ExplanationDocument) -> Block {
    let rows = study.elsewhere.iter().map(|part| {
        let cost = part.monthly_micros;
        let change = beyond(cost, study.design.monthly_micros);
        vec![Cell::words(&part.region), Cell::dollars(cost), change]
    });
    let headings = ["region", ">USD a month", ">change"];
    Block::table("same-machines", "The same machines in other regions", &headings, rows)
}

fn levers(study: &ExplanationDocument) -> Block {
    let row = |lever: &LeverPart| {
        let (cost, change) = match lever.monthly_micros {
            None => (Cell::words("no plan"), Cell::default()),
            Some(cost) => (Cell::dollars(cost), beyond(cost, study.design.monthly_micros)),
        };
        vec![Cell::words(&lever.text), cost, change]
    };
    let here = figures::dollars(study.design.monthly_micros);
    let caption = format!("What the owner could change, against {here}: solved, not simulated");
    let headings = ["change", ">USD a month", ">difference"];
    Block::table("levers", &caption, &headings, study.levers.iter().map(row))
}
