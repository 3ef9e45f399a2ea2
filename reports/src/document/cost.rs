//! Section 10: what it costs, in three bills, line by line.

use domain::offer::{PriceBasis, PurchaseTerm};
use domain::outcome::Answer;
use domain::plan::CostLine;
use domain::units::{MicroDollars, MilliUnits};

use super::{Block, Cell, Figure, Sheet, Span, Table, studies};
use crate::composition;
use crate::figures::{self, cents};
use crate::plots;

/// A price that was known for so many days when the newest of its catalog was is an old one.
const OLD_DAYS: i32 = 730;

/// Whether a price is an estimate, or an old one.
pub(crate) fn is_doubtful(answer: &Answer, line: &CostLine) -> bool {
    line.basis == PriceBasis::Estimated || is_old(answer, line)
}

fn is_old(answer: &Answer, line: &CostLine) -> bool {
    let newest = answer.provenance.catalog_as_of;
    newest.since(line.as_of).is_ok_and(|span| span.get_days() > OLD_DAYS)
}

pub(super) fn cost(sheet: Sheet<'_>) -> Vec<Block> {
    let (spec, answer) = (sheet.spec, sheet.answer);
    let basis = &spec.cost.basis;
    let newest = answer.provenance.catalog_as_of;
    let mut blocks = vec![
        Block::says(format!(
            "US dollars for a month of {} hours. Each amount is rounded once; the exact ones are \
             in the spec.",
            spec.cost.hours_per_month
        )),
        Block::List(vec![
            format!("Expected: {}.", basis.expected),
            format!("Peak fleet: {}.", basis.peak_fleet),
            format!("Ceiling: {}.", basis.ceiling),
        ]),
        Block::Figure(Figure {
            id: "cost-lines",
            description: "The expected bill, that of the peak fleet and the ceiling as stacked \
                bars, by service, against the limits of the budget where there are any.",
            caption: format!("List prices of {newest} and before."),
            plot: plots::cost_lines,
            file: Some(plots::COST_LINES_FILE),
            numbers: vec![groups(answer)],
            aside: false,
        }),
        lines(answer),
        Block::Folded("Units in each of the three bills".to_owned(), vec![units(answer)]),
        promises(answer),
    ];
    blocks.extend(answer.plan.bill.oldest_price().map(|oldest| {
        Block::Says(vec![
            format!("The oldest price is of {oldest}, the newest of the catalog of {newest}. ")
                .into(),
            Span::Mark("OLD"),
            " stands at a price that was two years old by then, ".into(),
            Span::Mark("ESTIMATED"),
            " at one that nobody published.".into(),
        ])
    }));
    let mut offers = spec.services.iter().flat_map(|service| &service.offers);
    if offers.all(|offer| offer.purchase == PurchaseTerm::OnDemand) {
        blocks.push(Block::says("Everything is paid on demand: no commitment was taken."));
    }
    blocks.extend(studies::growth(sheet));
    blocks
}

fn groups(answer: &Answer) -> Table {
    let groups = composition::cost_groups(answer);
    let rows = groups.iter().map(|(name, lines)| {
        let cost = composition::cost_of(lines);
        let mut row = vec![Cell::words(name)];
        row.extend([cost.expected, cost.peak_fleet, cost.ceiling].map(Cell::dollars));
        row
    });
    let headings = ["for", ">expected", ">peak fleet", ">ceiling"];
    Table::new("cost-groups", "The three bills by service, US dollars a month", &headings, rows)
}

fn amount(amount: MicroDollars) -> Cell {
    Cell::figure(cents(amount), amount.micros() as f64)
}

fn quantity(quantity: MilliUnits) -> Cell {
    Cell::figure(figures::quantity(quantity), quantity.thousandths() as f64)
}

fn lines(answer: &Answer) -> Block {
    let bill = &answer.plan.bill;
    let rows = bill.lines.iter().map(|line| {
        vec![
            Cell::words(&line.id),
            Cell::words(&line.sku),
            Cell::figure(
                format!("{} per {}", line.unit_price, figures::unit(line.unit)),
                line.unit_price.dollars_as_float(),
            ),
            quantity(line.quantity.expected),
            amount(line.amount.expected),
            amount(line.amount.peak_fleet),
            amount(line.amount.ceiling),
            dated(answer, line),
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
    let totals = bill.totals();
    let mut foot = vec![Cell::words("sum"), Cell::default(), Cell::default(), Cell::default()];
    foot.extend([totals.expected, totals.peak_fleet, totals.ceiling].map(amount));
    foot.push(Cell::default());
    let table = Table::new("cost", "Every line of the bill, US dollars a month", &headings, rows);
    Block::Table(Table { foot: Some(foot), ..table })
}

fn units(answer: &Answer) -> Block {
    let rows = answer.plan.bill.lines.iter().map(|line| {
        vec![
            Cell::words(&line.id),
            Cell::words(figures::unit(line.unit)),
            quantity(line.quantity.expected),
            quantity(line.quantity.peak_fleet),
            quantity(line.quantity.ceiling),
        ]
    });
    let headings = ["line", "unit", ">expected", ">peak fleet", ">ceiling"];
    Block::table("units", "Units bought in a month", &headings, rows)
}

/// What is promised to the cloud, where something is.
fn promises(answer: &Answer) -> Block {
    let rows = answer.plan.bill.lines.iter().filter_map(|line| {
        let promise = line.promise?;
        let own = promise.commitment;
        let hours = line.quantity.expected;
        Some(vec![
            Cell::words(&line.id),
            Cell::count(own.instances),
            Cell::count(own.months()),
            amount(own.total(line.unit_price)),
            promise.on_demand.map(|price| amount(price.times(hours))).unwrap_or_default(),
        ])
    });
    let headings = ["line", ">instances", ">months", ">in all", ">the same month on demand"];
    let caption = "Promised, and paid for at all hours of the term whether it is needed or not";
    Block::table("promises", caption, &headings, rows)
}

/// The day of a price, with a mark where it is an old or an estimated one.
fn dated(answer: &Answer, line: &CostLine) -> Cell {
    let old = is_old(answer, line).then_some("OLD");
    let estimated = (line.basis == PriceBasis::Estimated).then_some("ESTIMATED");
    Cell::words(line.as_of).marked(old.into_iter().chain(estimated))
}
