//! Section 11: what the price depends on, and what was not asked.

use maud::{Markup, html};

use super::page::{Cell, Figure, Table, absent, section};
use super::understanding::ledger_entry;
use super::verdict::size;
use super::visible::visible;
use super::{PageFault, Sheet, drawn};
use crate::figures;
use crate::findings;
use crate::plots;

pub(super) fn sensitivity(sheet: &Sheet<'_>) -> Result<Markup, PageFault> {
    let plot = drawn(plots::tornado(sheet.answer))?;
    let body = html! {
        @if sheet.answer.sensitivities.is_empty() {
            (absent("Nothing was solved again", "plimsoll plan … --out DIR"))
        } @else {
            p {
                "Expected bill at 120% of each assumption, solved again but not simulated. \
                Instances are whole, so a small change may cost nothing and a large one more than \
                its share."
            }
        }
        @match plot {
            Some(plot) => (Figure {
                id: "tornado",
                description: "A bar for each assumption, to the left where a higher value makes \
                    the \
                    plan cheaper and to the right where it makes it dearer; defaults are hatched.",
                caption: "Solved again at 120% of each value, not simulated.",
            }.of(&plot, &numbers(sheet))),
            None => (numbers(sheet)),
        }
        (absent("Both ends of each assumption are not in a spec", "plimsoll explain …"))
        (absent("Cost against users, uptime and latency is not in a spec", "plimsoll frontier …"))
        (absent("The most that a budget carries is not in a spec", "plimsoll capacity …"))
        p { "What changes the number of instances stands in " a href="#s5" { "section 5" } "." }
    };
    Ok(section(11, "Sensitivity", &body))
}

fn numbers(sheet: &Sheet<'_>) -> Markup {
    let rows = sheet.answer.sensitivities.iter().map(|each| {
        let entry = sheet.answer.demand.ledger.find(&each.name);
        vec![
            Cell::words(&findings::assumption(&each.name)),
            Cell::markup(html! { code { (visible(&each.name)) } }),
            Cell::markup(html! { @if let Some(entry) = entry { (ledger_entry(entry)) } }),
            Cell::figure(&each.change.map_or("no plan".into(), figures::change), size(each.change)),
        ]
    });
    let headings = ["assumption", "name", "value", ">change at 120%"];
    Table::new("sensitivities", "What moves the price", &headings).of(rows)
}
