//! The worst minutes: what part of the requests is answered well around each fault.

use domain::outcome::Answer;
use domain::verification::ScenarioResult;

use super::panels::{Line, Panel, draw};
use super::{PlotFault, svg};
use crate::figures;
use crate::findings;

/// So many faults are drawn.
const MOST: usize = 4;

/// The scenarios with a course, the worst first.
pub(crate) fn faulty(answer: &Answer) -> impl Iterator<Item = &ScenarioResult> {
    let scenarios = answer.verification.scenarios.iter();
    let with_course = scenarios.filter(|own| own.name != "day" && !own.series.is_empty());
    let mut found: Vec<&ScenarioResult> = with_course.collect();
    found.sort_by(|left, right| left.goodput.value.total_cmp(&right.goodput.value));
    found.into_iter().take(MOST)
}

/// Goodput over time for the worst faults, on one axis of time.
///
/// # Errors
/// When no fault was simulated, or the drawing fails.
pub fn worst_minutes(answer: &Answer) -> Result<String, PlotFault> {
    let shown: Vec<&ScenarioResult> = faulty(answer).collect();
    let Some(worst) = shown.first() else {
        return Err(PlotFault::Nothing("fault"));
    };
    let title = format!(
        "{} of the requests are answered well {}",
        figures::good(worst.goodput.value),
        findings::scenario(answer, &worst.name)
    );
    let panels: Vec<Panel> = shown.iter().map(|scenario| panel(answer, scenario)).collect();
    let ends = shown.iter().filter_map(|own| own.series.last()).map(|point| point.at.value());
    let end = ends.fold(0.0, f64::max);
    let caption = format!(
        "seed {} · {} requests in these scenarios",
        answer.verification.seed,
        figures::grouped(shown.iter().map(|own| own.requests).sum())
    );
    let time = (end, "seconds from the start of what is measured");
    svg(&title, |canvas| draw(canvas, &panels, time, &caption))
}

fn panel(answer: &Answer, scenario: &ScenarioResult) -> Panel {
    let back = match scenario.recovered_after {
        Some(after) => format!("back {} after the fault ends", figures::time(after.value())),
        None => "not back while it was watched".to_owned(),
    };
    let points = scenario.series.iter().filter(|point| point.offered > 0.0);
    let points = points.map(|point| (point.at.value(), (point.good / point.offered).min(1.0)));
    Panel {
        axis: "answered well",
        head: format!("{}: {back}", findings::scenario(answer, &scenario.name)),
        top: Some(1.05),
        format: |share| figures::percent(share, 0),
        lines: vec![Line { name: String::new(), shade: 0, dash: None, points: points.collect() }],
    }
}
