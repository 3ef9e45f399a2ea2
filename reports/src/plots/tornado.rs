//! What the price rests on: by how much each assumption moves it.

use domain::ledger::Origin;
use domain::outcome::{Answer, Sensitivity};
use domain::units::Margin;

use super::bars::{Bar, Bars, Fill};
use super::{PlotFault, svg};
use crate::figures;
use crate::findings;

/// So many assumptions are drawn.
const MOST: usize = 10;

/// A bar for each assumption from what the plan costs to what it would at 120% of the value.
///
/// # Errors
/// When nothing was solved again, or the drawing fails.
pub fn tornado(answer: &Answer) -> Result<String, PlotFault> {
    let moved = answer.sensitivities.iter().filter(|each| each.change.is_some()).take(MOST);
    let moved: Vec<&Sensitivity> = moved.collect();
    let Some(first) = moved.first() else {
        return Err(PlotFault::Nothing("sensitivity"));
    };
    let dollars = |change: Option<Margin>| change.map_or(0.0, |it| it.micros() as f64 / 1e6);
    let ends = moved.iter().map(|each| dollars(each.change));
    let (low, high) =
        ends.fold((0.0, 0.0), |(low, high): (f64, f64), end| (low.min(end), high.max(end)));
    // Words stand beside the bars on either side.
    let room = ((high - low) * 0.16).max(1.0);
    let low = if low < 0.0 { low - room } else { low };
    let bars = moved.iter().map(|each| Bar {
        name: findings::assumption(&each.name),
        ends: (0.0, dollars(each.change)),
        fill: fill(answer, &each.name),
        words: each.change.map_or_else(String::new, figures::change),
    });
    let title = format!(
        "Measure the {} first: 20% more of it is {} a month",
        findings::assumption(&first.name),
        first.change.map_or_else(String::new, figures::change)
    );
    let expected = answer.plan.bill.totals().expected;
    let bars = Bars {
        axis: "change of the expected bill, US dollars a month",
        range: (low, high.max(1.0)),
        format: &|dollars| signed(*dollars),
        marks: vec![(0.0, format!("expected {}", figures::dollars(expected)))],
        legend: vec![
            (Fill::Hatched, "a default that nobody stated"),
            (Fill::Grey(120), "stated, derived or of the catalog"),
        ],
        rows: bars.collect(),
        caption: "each at 120% of its value · solved again, not simulated".to_owned(),
    };
    svg(&title, |canvas| bars.draw(canvas))
}

fn fill(answer: &Answer, name: &str) -> Fill {
    match answer.demand.ledger.find(name) {
        Some(entry) if entry.origin == Origin::Default => Fill::Hatched,
        _ => Fill::Grey(120),
    }
}

fn signed(dollars: f64) -> String {
    let sign = if dollars < 0.0 { "−" } else { "" };
    format!("{sign}${}", figures::rounded(dollars.abs()))
}
