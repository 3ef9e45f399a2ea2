//! What both ends of each assumption cost: two bars each, one under the other.

use domain::outcome::Answer;
use domain::study::{ExplanationDocument, SwingPart, SwungPart};
use domain::units::{Margin, MicroDollars};

use super::bars::{Bar, Bars, Fill};
use super::{PlotFault, svg};
use crate::document::{is_default, value_of};
use crate::figures;
use crate::findings;
use crate::safe;

/// So many assumptions are drawn.
const MOST: usize = 10;

/// One end: the value in words, and what the bill changes by there; `None` where there is no plan.
type End = (String, Option<Margin>);

/// A bar from what the plan costs to what it would at each end of what is believed of an
/// assumption, or at half and twice of it where nothing is believed.
///
/// # Errors
/// When no assumption was varied, or the drawing fails.
pub fn both_ends(answer: &Answer, study: &ExplanationDocument) -> Result<String, PlotFault> {
    let here = study.design.monthly_micros;
    let mut moved: Vec<(&SwingPart, Vec<End>)> =
        study.assumptions.iter().map(|swing| (swing, ends(swing, here))).collect();
    moved.retain(|(_, ends)| most(ends) > 0);
    moved.sort_by_key(|(_, ends)| std::cmp::Reverse(most(ends)));
    moved.truncate(MOST);
    let Some((first, first_ends)) = moved.first() else {
        return Err(PlotFault::Nothing("assumption that moves the price"));
    };
    let all = moved.iter().flat_map(|(_, ends)| ends).filter_map(|(_, change)| *change);
    let (low, high) = all
        .map(dollars)
        .fold((0.0, 0.0), |(low, high): (f64, f64), end| (low.min(end), high.max(end)));
    // Words stand beside the bars on either side.
    let room = ((high - low) * 0.3).max(1.0);
    let bars = moved.iter().flat_map(|(swing, ends)| bars(answer, swing, ends));
    let bars = Bars {
        axis: "change of the expected bill, US dollars a month",
        range: (low - room, high + room * 0.4),
        format: &|dollars| signed(*dollars),
        marks: vec![(0.0, format!("expected {}", figures::dollars(here)))],
        legend: vec![
            (Fill::Hatched, "a default that nobody stated"),
            (Fill::Grey(120), "stated by the user"),
        ],
        rows: bars.collect(),
        caption: format!(
            "at both ends of what is believed, else at half and twice · seed {} · solved again, \
             not simulated",
            study.provenance.seed
        ),
    };
    svg(&title(first, first_ends), |canvas| bars.draw(canvas))
}

/// Both ends that a value can have.
fn ends(swing: &SwingPart, here: MicroDollars) -> Vec<End> {
    let sides = match (swing.interval, swing.at_interval) {
        (Some([low, high]), Some([at_low, at_high])) => {
            [(value_of(swing, low), at_low), (value_of(swing, high), at_high)]
        }
        _ => [("half".to_owned(), swing.half), ("twice".to_owned(), swing.twice)],
    };
    let sides = sides.into_iter().filter_map(|(value, swung)| match swung {
        SwungPart::MonthlyMicros(cost) => Some((value, Some(cost - here))),
        SwungPart::NoPlan => Some((value, None)),
        SwungPart::Impossible => None,
    });
    sides.collect()
}

/// The largest change, in micro-dollars; no plan at all is told, and not drawn as one.
fn most(ends: &[End]) -> u64 {
    let changes = ends.iter().filter_map(|(_, change)| *change);
    changes.map(|change| change.micros().unsigned_abs()).max().unwrap_or(0)
}

fn bars(answer: &Answer, swing: &SwingPart, ends: &[End]) -> Vec<Bar> {
    let fill = if is_default(answer, &swing.name) { Fill::Hatched } else { Fill::Grey(120) };
    let bars = ends.iter().enumerate().map(|(at, (value, change))| Bar {
        name: if at == 0 { findings::assumption(&swing.name) } else { String::new() },
        ends: (0.0, change.map_or(0.0, dollars)),
        fill,
        words: format!("{}: {}", safe::fitted(&safe::clean(value), 24, "…"), told(*change)),
    });
    bars.collect()
}

fn told(change: Option<Margin>) -> String {
    match change {
        None => "no plan".to_owned(),
        Some(change) if change.micros() == 0 => "$0".to_owned(),
        Some(change) => figures::change(change),
    }
}

/// The finding: what moves the price most, and between which amounts.
fn title(swing: &SwingPart, ends: &[End]) -> String {
    let name = findings::assumption(&swing.name);
    let said = ends.iter().map(|(value, change)| format!("{} at {value}", told(*change)));
    let said: Vec<String> = said.collect();
    format!("Measure the {name} first: {}", said.join(", "))
}

fn dollars(change: Margin) -> f64 {
    change.micros() as f64 / 1e6
}

fn signed(dollars: f64) -> String {
    let sign = if dollars < 0.0 { "−" } else { "" };
    format!("{sign}${}", figures::rounded(dollars.abs()))
}
