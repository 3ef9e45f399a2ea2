//! What a budget carries at most.

use domain::study::{AskPart, CapacityDocument};

use super::told;
use crate::document::{Block, Cell, Sheet, Span};
use crate::figures;
use crate::plots;

/// What section 11 has of a capacity.
pub(in crate::document) fn capacity(sheet: Sheet<'_>) -> Vec<Block> {
    let study = sheet.studies.capacity.as_ref();
    let rest = if study.is_some() {
        "."
    } else {
        ". What a budget carries at most is a question of its own, which plimsoll capacity \
         answers; plimsoll report shows with --with what it prints with --json."
    };
    let section = "What changes the number of instances stands in ".into();
    let says = Block::Says(vec![section, Span::Section(5), rest.into()]);
    study.map(|study| carried(study)).into_iter().chain([says]).collect()
}

fn carried(study: &CapacityDocument) -> Block {
    let value = |ask: AskPart| {
        ask.ask().map_or_else(Cell::default, |ask| Cell::figure(plots::value(ask), ask.number()))
    };
    let row = |what: String, ask: Option<AskPart>, cost, plan| {
        let most = ask.map_or_else(|| Cell::words("nothing"), value);
        vec![Cell::words(what), most, cost, plan]
    };
    let outcome = &study.outcome;
    let mut rows = vec![row(
        format!("{outcome} that it carries"),
        Some(study.carried),
        Cell::dollars(study.design.monthly_micros),
        Cell::words(&study.design.plan),
    )];
    rows.extend(study.refused.iter().map(|part| {
        let cost = part.found().cost().map(Cell::dollars).unwrap_or_default();
        let plan = match part.found().design() {
            Some(design) => Cell::words(&design.plan),
            None => told(part.found()),
        };
        row("one step more, without the budget".to_owned(), Some(part.ask), cost, plan)
    }));
    let rest = |what: String, ask| row(what, ask, Cell::default(), Cell::default());
    rows.extend(study.next_machines.map(|ask| rest("other machines from".to_owned(), Some(ask))));
    rows.extend(study.elsewhere.iter().map(|part| {
        let at = part.at.ask().map(plots::value).unwrap_or_default();
        rest(format!("at {at} uptime"), part.carried)
    }));
    rows.extend(study.careful.map(|part| {
        let what = format!("with operations: {}", part.operations.as_str());
        rest(what, Some(part.carried))
    }));
    let (budget, against) = (figures::dollars(study.budget_micros), study.against.as_str());
    let caption = format!(
        "What {budget} a month carries, the {against} bill: each design solved and simulated"
    );
    let headings = ["", ">the most", ">USD a month", "plan"];
    Block::table("budget-carries", &caption, &headings, rows)
}
