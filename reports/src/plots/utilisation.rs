//! How busy each service is in each state that it must hold in, against all of its capacity.

use domain::outcome::Answer;
use domain::plan::Sizing;

use super::bars::{Bar, Bars, Fill};
use super::{PlotFault, svg};
use crate::figures;

/// So many services are drawn; they are the busiest ones.
const MOST: usize = 8;

/// What is beyond this much of the capacity is drawn up to it.
const MOST_BUSY: f64 = 2.0;

const STATES: [(Fill, &str); 4] = [
    (Fill::Grey(80), "at the peak"),
    (Fill::Grey(165), "with headroom"),
    (Fill::Grey(235), "one instance down"),
    (Fill::Hatched, "a zone lost"),
];

/// The utilisation of each service, the bottleneck in the title.
///
/// # Errors
/// When no service has machines, or the drawing fails.
pub fn utilisation(answer: &Answer) -> Result<String, PlotFault> {
    let services = answer.demand.services.iter().zip(&answer.plan.sizing);
    let mut services: Vec<(&str, &Sizing)> = services
        .filter(|(_, sizing)| sizing.servers > 0)
        .map(|(service, sizing)| (service.name.as_str(), sizing))
        .collect();
    services.sort_by(|left, right| right.1.with_headroom.total_cmp(&left.1.with_headroom));
    let Some((busiest, sizing)) = services.first() else {
        return Err(PlotFault::Nothing("service with machines"));
    };
    let title = format!(
        "{busiest} is the busiest: {} at the peak, limited by {}",
        percent(sizing.at_peak),
        sizing.bottleneck.as_str()
    );
    let left_out = services.len().saturating_sub(MOST);
    services.truncate(MOST);
    let bars: Vec<Bar> = services.iter().flat_map(|(name, sizing)| states(name, sizing)).collect();
    let highest = bars.iter().map(|bar| bar.ends.1).fold(1.0, f64::max);
    let more = match left_out {
        0 => String::new(),
        some => format!(" · {some} less busy ones are in the table"),
    };
    let bars = Bars {
        axis: "servers that are busy, of all",
        range: (0.0, highest * 1.05),
        format: &|value| figures::percent(*value, 0),
        marks: vec![(1.0, "all of the capacity".to_owned())],
        legend: STATES.to_vec(),
        rows: bars,
        caption: format!("computed, not simulated{more}"),
    };
    svg(&title, |canvas| bars.draw(canvas))
}

fn percent(value: f64) -> String {
    if value.is_finite() { figures::percent(value, 0) } else { "nothing left".to_owned() }
}

/// A bar for each state that is known, the first one under the name.
fn states(name: &str, sizing: &Sizing) -> Vec<Bar> {
    let values =
        [Some(sizing.at_peak), Some(sizing.with_headroom), sizing.instance_down, sizing.zone_lost];
    let known = STATES.iter().zip(values).filter_map(|((fill, _), value)| Some((*fill, value?)));
    known
        .enumerate()
        .map(|(place, (fill, value))| Bar {
            name: if place == 0 { name.to_owned() } else { String::new() },
            ends: (0.0, value.min(MOST_BUSY)),
            fill,
            words: percent(value),
        })
        .collect()
}
