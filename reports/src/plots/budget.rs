//! The error budget: the minutes a year that each cause takes, one after the other.

use domain::outcome::Answer;
use domain::units::Ppm;

use super::bars::{Bar, Bars, Fill};
use super::{PlotFault, svg};
use crate::figures;

/// Minutes of a year of 365 days.
const MINUTES: f64 = 525_600.0;

/// So many causes are told apart; smaller ones stand together.
const MOST: usize = 10;

/// An unavailability as minutes of a year; of its open hours, where there are hours.
pub(crate) fn minutes_a_year(answer: &Answer, unavailable: Ppm) -> f64 {
    unavailable.value() / 1e6 * MINUTES * answer.demand.open_share()
}

/// The causes of unavailability up to their sum, against what the objective allows.
///
/// # Errors
/// When no uptime was simulated, or the drawing fails.
pub fn error_budget(answer: &Answer) -> Result<String, PlotFault> {
    let Some(uptime) = &answer.verification.uptime else {
        return Err(PlotFault::Nothing("uptime"));
    };
    let minutes = |ppm: Ppm| minutes_a_year(answer, ppm);
    let (shown, rest) = uptime.terms.split_at(uptime.terms.len().min(MOST));
    let mut steps: Vec<(String, f64)> =
        shown.iter().map(|(name, ppm)| (name.clone(), minutes(*ppm))).collect();
    if !rest.is_empty() {
        let rest_of = rest.iter().map(|(_, ppm)| minutes(*ppm)).sum();
        steps.push((format!("{} more", rest.len()), rest_of));
    }
    let mut foot = 0.0;
    let mut bars: Vec<Bar> = steps
        .into_iter()
        .map(|(name, size)| {
            let ends = (foot, foot + size);
            foot += size;
            Bar { name, ends, fill: Fill::Grey(150), words: figures::decimals(size, 1) }
        })
        .collect();
    let sum = minutes(uptime.request_weighted);
    let words = figures::decimals(sum, 1);
    bars.push(Bar { name: "sum".to_owned(), ends: (0.0, sum), fill: Fill::Grey(80), words });
    let allowed = answer.demand.objectives.uptime.map(|own| minutes(own.error_budget()));
    let title = title(sum, allowed, uptime.terms.first().map(|(name, _)| name.as_str()));
    let marks =
        allowed.map(|allowed| (allowed, format!("allowed {} min", figures::decimals(allowed, 1))));
    let most = allowed.unwrap_or(0.0).max(sum).max(foot);
    let bars = Bars {
        axis: "minutes a year",
        range: (0.0, (most * 1.05).max(1e-3)),
        format: &|minutes| figures::number(*minutes),
        marks: marks.into_iter().collect(),
        legend: Vec::new(),
        rows: bars,
        caption: format!(
            "exact enumeration of {} states · seed {}",
            uptime.states, answer.verification.seed
        ),
    };
    svg(&title, |canvas| bars.draw(canvas))
}

fn title(sum: f64, allowed: Option<f64>, largest: Option<&str>) -> String {
    let sum = figures::decimals(sum, 1);
    let largest = largest.map(|name| format!(", most of them by {name}")).unwrap_or_default();
    match allowed {
        Some(allowed) => {
            format!("{sum} of {} minutes a year{largest}", figures::decimals(allowed, 1))
        }
        None => format!("{sum} minutes a year{largest}"),
    }
}
