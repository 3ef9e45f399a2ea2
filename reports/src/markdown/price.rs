//! Sections 8 to 11: how good the price is proven to be, what was rejected, and what it is made of.

use domain::offer::PriceBasis;
use domain::outcome::{Answer, Round};
use domain::plan::{CostLine, Exclusion};

use super::page::Page;
use super::understanding;
use crate::figures::{self, cents, dollars, grouped};
use crate::findings;
use crate::plots;

pub(super) fn optimality(page: &mut Page, answer: &Answer) {
    page.section(8, "Optimality");
    let optimality = &answer.plan.optimality;
    page.says(&format!(
        "Claimed: {}. The plan's expected bill is {}; no plan can cost less than {} (certified), \
         and the program that proposed it is bounded by {}. {} designs were looked at and {} kept.",
        findings::claim(&answer.plan)[0],
        dollars(optimality.objective),
        dollars(optimality.bound),
        dollars(optimality.program_bound),
        grouped(optimality.designs),
        grouped(optimality.kept)
    ));
    let round = |(place, round): (usize, &Round)| {
        vec![
            (place + 1).to_string(),
            round.plan.clone(),
            figures::whole_dollars(round.cost),
            round.objection.clone().unwrap_or("none".into()),
            round.cut.unwrap_or("none").to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = answer.rounds.iter().enumerate().map(round).collect();
    page.table(&[">round", "plan", ">USD a month", "objection", "cut"], &rows);
    if optimality.excluded.is_empty() {
        page.says("No cheaper plan was excluded one by one.");
    } else {
        page.says("Cheaper plans, and what excluded them:");
        let excluded = |exclusion: &Exclusion| {
            vec![
                exclusion.plan.clone(),
                figures::whole_dollars(exclusion.cost),
                exclusion.certainty.as_str().to_owned(),
                exclusion.reason.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = optimality.excluded.iter().map(excluded).collect();
        page.table(&["plan", ">USD a month", "how sure", "by what"], &rows);
    }
}

pub(super) fn rejected(page: &mut Page, answer: &Answer) {
    page.section(9, "Rejected options");
    let mut reasons: Vec<(&String, &u64)> = answer.plan.optimality.pruned.iter().collect();
    if reasons.is_empty() {
        return page.says("No offer was rejected.");
    }
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let rows = reasons.into_iter().map(|(reason, count)| vec![reason.clone(), grouped(*count)]);
    page.table(&["reason", ">offers"], &rows.collect::<Vec<_>>());
}

pub(super) fn bills(page: &mut Page, answer: &Answer) {
    page.section(10, "Cost");
    page.says(
        "US dollars for a month of 730 hours. Expected: the autoscaled fleet over the day; peak \
         fleet: that of the peak, all month; ceiling: every autoscaler at its maximum and traffic \
         at its peak. Each amount is rounded once; the exact ones are in the spec.",
    );
    if let Some(hours) = &answer.demand.hours {
        page.says(&format!(
            "It is off outside the hours {hours}: what can be off or stopped is paid for {:.1}% of \
             the month in all three bills. Volumes, storage and backups of data are paid all \
             month, and so is what runs on.",
            answer.demand.open_share() * 100.0
        ));
    }
    page.picture("The three bills by service", plots::COST_LINES_FILE);
    let bill = &answer.plan.bill;
    let mut rows: Vec<Vec<String>> = bill.lines.iter().map(line).collect();
    let totals = bill.totals();
    let empty = String::new;
    rows.push(vec![
        "sum".into(),
        empty(),
        empty(),
        empty(),
        cents(totals.expected),
        cents(totals.peak_fleet),
        cents(totals.ceiling),
        empty(),
    ]);
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
    page.table(&headings, &rows);
    promises(page, answer);
    if let Some(oldest) = bill.oldest_price() {
        let newest = answer.provenance.catalog_as_of;
        page.says(&format!("The oldest price is of {oldest}, the catalog of {newest}."));
    }
}

/// What is promised to the cloud, where something is.
fn promises(page: &mut Page, answer: &Answer) {
    let lines = answer.plan.bill.lines.iter();
    let rows = lines.filter_map(|line| {
        let promise = line.promise?;
        let own = promise.commitment;
        let hours = line.quantity.expected;
        let on_demand = promise.on_demand;
        let on_demand =
            on_demand.map_or(figures::UNKNOWN.into(), |price| cents(price.times(hours)));
        let months = own.months().to_string();
        let total = cents(own.total(line.unit_price));
        Some(vec![line.id.clone(), own.instances.to_string(), months, total, on_demand])
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() {
        return;
    }
    page.says("Promised, and paid for at all hours of the term whether it is needed or not:");
    page.table(&["line", ">instances", ">months", ">in all", ">the same month on demand"], &rows);
}

fn line(line: &CostLine) -> Vec<String> {
    let mark = match line.basis {
        PriceBasis::Published => "",
        PriceBasis::Estimated => ", ESTIMATED",
    };
    vec![
        line.id.clone(),
        line.sku.clone(),
        format!("{} per {}", line.unit_price, figures::unit(line.unit)),
        figures::quantity(line.quantity.expected),
        cents(line.amount.expected),
        cents(line.amount.peak_fleet),
        cents(line.amount.ceiling),
        format!("{}{mark}", line.as_of),
    ]
}

pub(super) fn sensitivity(page: &mut Page, answer: &Answer) {
    page.section(11, "Sensitivity");
    if answer.alternatives.is_empty() && answer.sensitivities.is_empty() {
        return page.says("Nothing was solved again: `plimsoll plan … --out DIR` adds it.");
    }
    if !answer.sensitivities.is_empty() {
        page.says(
            "Expected bill at 120% of each assumption, solved again but not simulated. Instances \
             are whole, so a small change may cost nothing and a large one more than its share.",
        );
        let rows = answer.sensitivities.iter().map(|each| {
            let change = each.change.map_or("no plan".into(), figures::change);
            vec![each.name.clone(), change]
        });
        page.table(&["assumption", ">change"], &rows.collect::<Vec<_>>());
    }
    if !answer.alternatives.is_empty() {
        page.says("Expected bill under other requirements, solved but not simulated:");
        let rows = answer.alternatives.iter().map(understanding::alternative);
        page.table(&["requirement", ">USD a month"], &rows.collect::<Vec<_>>());
    }
}
