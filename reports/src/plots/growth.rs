//! Growth: the load by the month against what the plan was seen to hold, and what the cheapest
//! design for each month costs.

use domain::outcome::Answer;
use domain::study::{AskPart, FrontierDocument, MonthPart};

use super::panels::{Line, Panel, draw};
use super::{PlotFault, svg};
use crate::document::{Outlook, load_of};
use crate::figures;

/// So many months are drawn.
const MOST: usize = 24;

/// The load as it grows, what the plan holds, and the bill of the cheapest design for each month.
///
/// # Errors
/// When no growth was asked about, or the drawing fails.
pub fn growth(answer: &Answer, study: &FrontierDocument) -> Result<String, PlotFault> {
    let growth = study.growth.as_ref().filter(|own| own.months.len() > 1);
    let Some(growth) = growth else { return Err(PlotFault::Nothing("growth")) };
    let months = &growth.months[..growth.months.len().min(MOST)];
    let at = |month: &MonthPart| f64::from(month.month);
    let end = months.iter().map(at).fold(1.0, f64::max);
    let outlook = Outlook::of(answer, growth);
    let line = |name: &str, dash, points| Line { name: name.to_owned(), shade: 0, dash, points };
    let load = months.iter().map(|own| (at(own), load_of(own))).collect();
    let mut loads = vec![line("load", None, load)];
    if let Some(held) = outlook.holds {
        loads.push(line("held, nothing in reserve", Some((8, 5)), vec![(0.0, held), (end, held)]));
    }
    let panels = [
        Panel {
            axis: match growth.months[0].ask {
                AskPart::RateMicroRps(_) => "requests a second",
                _ => "users at the peak",
            },
            head: "load at the peak".to_owned(),
            top: None,
            format: figures::number,
            lines: loads,
        },
        Panel {
            axis: "US dollars a month",
            head: "expected bill of the cheapest design that carries it".to_owned(),
            top: None,
            format: figures::number,
            lines: vec![line("bill", None, bills(months))],
        },
    ];
    let caption = format!(
        "seed {} · the design of each month is solved and simulated · no line where there is none",
        study.provenance.seed
    );
    let time = "months from the load that was asked for";
    svg(&outlook.finding(growth), |canvas| draw(canvas, &panels, (end, time), &caption))
}

/// The bill as steps, up to the first month without a design: it is paid from the month before.
fn bills(months: &[MonthPart]) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for month in months {
        let Some(cost) = month.found().cost() else { break };
        let (at, cost) = (f64::from(month.month), cost.dollars());
        if let Some((before, _)) = points.last().copied() {
            points.push((before, cost));
        }
        points.push((at, cost));
    }
    points
}
