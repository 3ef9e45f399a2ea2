//! Section 10: what it costs, in three bills, line by line.

use domain::offer::PriceBasis;
use domain::plan::CostLine;
use maud::{Markup, html};

use super::page::{Cell, Figure, Table, absent, folded, list, section};
use super::visible::visible;
use super::{PageFault, Sheet, drawn};
use crate::composition;
use crate::figures::{self, cents};
use crate::plots;

/// A price that was known for so many days when the newest of its catalog was is an old one.
const OLD_DAYS: i32 = 730;

/// Whether a price is an estimate, or an old one.
pub(super) fn is_doubtful(sheet: &Sheet<'_>, line: &CostLine) -> bool {
    line.basis == PriceBasis::Estimated || is_old(sheet, line)
}

fn is_old(sheet: &Sheet<'_>, line: &CostLine) -> bool {
    let newest = sheet.answer.provenance.catalog_as_of;
    newest.since(line.as_of).is_ok_and(|span| span.get_days() > OLD_DAYS)
}

pub(super) fn cost(sheet: &Sheet<'_>) -> Result<Markup, PageFault> {
    let (spec, answer) = (sheet.spec, sheet.answer);
    let plot = drawn(plots::cost_lines(answer))?;
    let basis = &spec.cost.basis;
    let body = html! {
        p {
            "US dollars for a month of " (spec.cost.hours_per_month) " hours. Each amount is \
            rounded once; the exact ones are in the spec."
        }
        (list(&[
            format!("Expected: {}.", basis.expected),
            format!("Peak fleet: {}.", basis.peak_fleet),
            format!("Ceiling: {}.", basis.ceiling),
        ]))
        @if let Some(plot) = plot {
            (Figure {
                id: "cost-lines",
                description: "The expected bill, that of the peak fleet and the ceiling as stacked \
                    bars, by service, against the limits of the budget where there are any.",
                caption: &format!("List prices of {} and before.", answer.provenance.catalog_as_of),
            }.of(&plot, &groups(sheet)))
        }
        (lines(sheet))
        @if let Some(oldest) = answer.plan.bill.oldest_price() {
            p {
                "The oldest price is of " (oldest) ", the newest of the catalog of "
                (answer.provenance.catalog_as_of) ". " span.mark { "OLD" } " stands at a price \
                that was two years old by then, " span.mark { "ESTIMATED" }
                " at one that nobody published."
            }
        }
        @if spec.services.iter().all(|own| own.offers.iter().all(|offer| {
            offer.purchase == domain::offer::PurchaseTerm::OnDemand
        })) {
            p { "Everything is paid on demand: no commitment was taken." }
        }
        (absent("Growth, and the load at which each design ends, are not in a spec",
            "plimsoll frontier …"))
    };
    Ok(section(10, "Cost", &body))
}

fn groups(sheet: &Sheet<'_>) -> Markup {
    let groups = composition::cost_groups(sheet.answer);
    let rows = groups.iter().map(|(name, lines)| {
        let cost = composition::cost_of(lines);
        let of = |amount: domain::units::MicroDollars| {
            Cell::figure(&figures::whole_dollars(amount), amount.dollars())
        };
        vec![Cell::words(name), of(cost.expected), of(cost.peak_fleet), of(cost.ceiling)]
    });
    let headings = ["for", ">expected", ">peak fleet", ">ceiling"];
    Table::new("cost-groups", "The three bills by service, US dollars a month", &headings).of(rows)
}

fn lines(sheet: &Sheet<'_>) -> Markup {
    let bill = &sheet.answer.plan.bill;
    let totals = bill.totals();
    let amount =
        |amount: domain::units::MicroDollars| Cell::figure(&cents(amount), amount.micros() as f64);
    let rows = bill.lines.iter().map(|line| {
        vec![
            Cell::words(&line.id),
            Cell::words(&line.sku),
            Cell::figure(
                &format!("{} per {}", line.unit_price, figures::unit(line.unit)),
                line.unit_price.dollars_as_float(),
            ),
            Cell::figure(
                &figures::quantity(line.quantity.expected),
                line.quantity.expected.thousandths() as f64,
            ),
            amount(line.amount.expected),
            amount(line.amount.peak_fleet),
            amount(line.amount.ceiling),
            Cell::markup(dated(sheet, line)),
        ]
    });
    let headings = [
        "line",
        "bought",
        ">price of a unit",
        ">units, expected",
        ">expected",
        ">peak fleet",
        ">ceiling",
        "price of",
    ];
    let mut table = Table::new("cost", "Every line of the bill, US dollars a month", &headings);
    let mut foot = vec![Cell::words("sum"), Cell::words(" "), Cell::words(" "), Cell::words(" ")];
    foot.extend([totals.expected, totals.peak_fleet, totals.ceiling].map(amount));
    foot.push(Cell::words(" "));
    table.foot = Some(foot);
    let sums = table.of(rows);
    html! { (sums) (folded("Units in each of the three bills", &units(sheet))) }
}

fn units(sheet: &Sheet<'_>) -> Markup {
    let rows = sheet.answer.plan.bill.lines.iter().map(|line| {
        let of = |quantity: domain::units::MilliUnits| {
            Cell::figure(&figures::quantity(quantity), quantity.thousandths() as f64)
        };
        let quantity = line.quantity;
        vec![
            Cell::words(&line.id),
            Cell::words(&figures::unit(line.unit)),
            of(quantity.expected),
            of(quantity.peak_fleet),
            of(quantity.ceiling),
        ]
    });
    let headings = ["line", "unit", ">expected", ">peak fleet", ">ceiling"];
    Table::new("units", "Units bought in a month", &headings).of(rows)
}

/// The day of a price, with a mark where it is an old or an estimated one.
fn dated(sheet: &Sheet<'_>, line: &CostLine) -> Markup {
    html! {
        (visible(&line.as_of.to_string()))
        @if is_old(sheet, line) { " " span.mark { "OLD" } }
        @if line.basis == PriceBasis::Estimated { " " span.mark { "ESTIMATED" } }
    }
}
