//! What both ends of each assumption cost.

use domain::ledger::{Origin, Value};
use domain::outcome::Answer;
use domain::spec::LedgerValue;
use domain::study::{ExplanationDocument, SwingPart, SwungPart};
use domain::units::MicroDollars;

use super::{beyond, unexplained};
use crate::document::{Block, Cell, Figure, Sheet, Table};
use crate::figures;
use crate::findings;
use crate::plots;

/// What section 11 has of an explanation.
pub(in crate::document) fn assumptions(sheet: Sheet<'_>) -> Vec<Block> {
    let study = sheet.studies.explanation.as_ref().filter(|own| !own.assumptions.is_empty());
    let Some(study) = study else {
        return vec![unexplained("Both ends of each assumption are not in a spec")];
    };
    let here = study.design.monthly_micros;
    let (moving, idle): (Vec<&SwingPart>, Vec<&SwingPart>) =
        study.assumptions.iter().partition(|swing| moves(swing, here));
    let mut blocks = vec![
        Block::says(format!(
            "Expected bill, now {}, at both ends of what is believed of each assumption, and at \
             half and twice of it: solved again, not simulated.",
            figures::dollars(here)
        )),
        Block::Studied(Figure {
            id: "both-ends",
            description: "Two bars for each assumption, from what the plan costs to what it would \
                at the lower and at the upper end of what is believed of it, or at half and twice \
                of it where nothing is; defaults are hatched.",
            caption: format!(
                "Seed {} · solved again at each value, not simulated.",
                study.provenance.seed
            ),
            plot: |answer, studies| {
                let study = studies.explanation.as_deref();
                study.map_or_else(plots::nothing_asked, |own| plots::both_ends(answer, own))
            },
            file: None,
            numbers: vec![ends(sheet.answer, study, &moving)],
            aside: false,
        }),
    ];
    if !idle.is_empty() {
        let names: Vec<String> = idle.iter().map(|swing| swing.name.clone()).collect();
        let summary = format!("{} at which nothing changes", counted(idle.len()));
        blocks.push(Block::Folded(summary, vec![Block::List(names)]));
    }
    blocks
}

fn counted(count: usize) -> String {
    figures::counted(count, "assumption")
}

/// Whether any of the values that it was given changes the bill.
fn moves(swing: &SwingPart, here: MicroDollars) -> bool {
    let ends = swing.at_interval.into_iter().flatten();
    [swing.half, swing.twice].into_iter().chain(ends).any(|swung| match swung {
        SwungPart::MonthlyMicros(cost) => cost != here,
        SwungPart::NoPlan => true,
        SwungPart::Impossible => false,
    })
}

fn ends(answer: &Answer, study: &ExplanationDocument, swings: &[&SwingPart]) -> Table {
    let here = study.design.monthly_micros;
    let rows = swings.iter().map(|swing| {
        let show = |value: f64| Cell::figure(value_of(swing, value), value);
        let [low, high] = match swing.interval {
            Some(ends) => ends.map(show),
            None => Default::default(),
        };
        let [at_low, at_high] = match swing.at_interval {
            Some(ends) => ends.map(|swung| cell(swung, here)),
            None => Default::default(),
        };
        let value = match &swing.value {
            LedgerValue::Number(number) => show(*number),
            LedgerValue::Choice(word) => Cell::words(word),
        };
        let default = is_default(answer, &swing.name).then_some("DEFAULT");
        vec![
            Cell::words(findings::assumption(&swing.name)),
            Cell::code(&swing.name),
            value.marked(default),
            low,
            at_low,
            high,
            at_high,
            cell(swing.half, here),
            cell(swing.twice, here),
        ]
    });
    let headings = [
        "assumption",
        "name",
        ">value",
        ">low end",
        ">change there",
        ">high end",
        ">change there",
        ">at half",
        ">at twice",
    ];
    let caption = "Both ends of each assumption, and what the expected bill changes by there";
    Table::new("assumption-ends", caption, &headings, rows)
}

/// A value of an assumption in its unit.
pub(crate) fn value_of(swing: &SwingPart, value: f64) -> String {
    figures::entry(&swing.name, &Value::Number(value), &swing.unit)
}

/// Whether nobody stated it.
pub(crate) fn is_default(answer: &Answer, name: &str) -> bool {
    answer.demand.ledger.find(name).is_some_and(|entry| entry.origin == Origin::Default)
}

fn cell(swung: SwungPart, here: MicroDollars) -> Cell {
    match swung {
        SwungPart::MonthlyMicros(cost) => beyond(cost, here),
        SwungPart::NoPlan => Cell::words("no plan"),
        SwungPart::Impossible => Cell::default(),
    }
}
