//! Section 11: what the price depends on, and what was not asked.

use super::understanding::{change, ledger_entry};
use super::{Block, Cell, Figure, Sheet, Table, studies};
use crate::findings;
use crate::plots;

pub(super) fn sensitivity(sheet: Sheet<'_>) -> Vec<Block> {
    let first = if sheet.answer.sensitivities.is_empty() {
        Block::Absent("Nothing was solved again", "plimsoll plan … --out DIR")
    } else {
        Block::says(
            "Expected bill at 120% of each assumption, solved again but not simulated. Instances \
             are whole, so a small change may cost nothing and a large one more than its share.",
        )
    };
    let mut blocks = vec![
        first,
        Block::Figure(Figure {
            id: "tornado",
            description: "A bar for each assumption, to the left where a higher value makes the \
                plan cheaper and to the right where it makes it dearer; defaults are hatched.",
            caption: "Solved again at 120% of each value, not simulated.".to_owned(),
            plot: plots::tornado,
            file: None,
            numbers: vec![numbers(sheet)],
            aside: false,
        }),
    ];
    blocks.extend(studies::assumptions(sheet));
    blocks.extend(studies::frontier(sheet));
    blocks.extend(studies::capacity(sheet));
    blocks
}

fn numbers(sheet: Sheet<'_>) -> Table {
    let rows = sheet.answer.sensitivities.iter().map(|each| {
        let entry = sheet.answer.demand.ledger.find(&each.name);
        vec![
            Cell::words(findings::assumption(&each.name)),
            Cell::code(&each.name),
            entry.map(ledger_entry).unwrap_or_default(),
            change(each.change),
        ]
    });
    let headings = ["assumption", "name", "value", ">change at 120%"];
    Table::new("sensitivities", "What moves the price", &headings, rows)
}
