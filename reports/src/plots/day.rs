//! The day: the load that comes, and the instances that follow it.

use domain::outcome::Answer;
use domain::topology::Autoscaler;
use domain::verification::SeriesPoint;

use super::panels::{Line, Panel, draw};
use super::{PlotFault, svg};
use crate::figures;

/// Load and instances over the day.
///
/// # Errors
/// When the day was not simulated, or the drawing fails.
pub fn day(answer: &Answer) -> Result<String, PlotFault> {
    let mut scenarios = answer.verification.scenarios.iter();
    let series = scenarios.find(|scenario| scenario.name == "day").map(|day| &day.series);
    let Some((series, last)) = series.and_then(|series| Some((series, series.last()?))) else {
        return Err(PlotFault::Nothing("day"));
    };
    let line = |name: &str, of: fn(&SeriesPoint) -> f64| Line {
        name: name.to_owned(),
        shade: 0,
        dash: None,
        points: series.iter().map(|point| (point.at.value() / 3_600.0, of(point))).collect(),
    };
    let end = last.at.value() / 3_600.0;
    let counts = series.iter().map(|point| point.replicas);
    let (fewest, most) = counts.fold((f64::INFINITY, 0.0), |(fewest, most): (f64, f64), count| {
        (fewest.min(count), most.max(count))
    });
    let mut instances = vec![line("serving", |point| point.replicas)];
    let bounds = [
        ("at least", (2, 4), bound(answer, |own| own.min)),
        ("at most", (8, 5), bound(answer, |own| own.max)),
    ];
    for (name, dash, bound) in bounds {
        if let Some(bound) = bound {
            let points = vec![(0.0, bound), (end, bound)];
            instances.push(Line { name: name.to_owned(), shade: 90, dash: Some(dash), points });
        }
    }
    let panels = [
        Panel {
            axis: "requests a second",
            head: "load".to_owned(),
            top: None,
            format: figures::number,
            lines: vec![line("load", |point| point.offered)],
        },
        Panel {
            axis: "instances",
            head: "instances of autoscaled services".to_owned(),
            top: None,
            format: figures::number,
            lines: instances,
        },
    ];
    let title = format!(
        "{} to {} instances follow the load of the day",
        figures::decimals(fewest, 1),
        figures::decimals(most, 1)
    );
    let caption = format!("seed {} · mostly by the fluid model", answer.verification.seed);
    svg(&title, |canvas| draw(canvas, &panels, (end, "hours from midnight"), &caption))
}

/// What all autoscalers together keep to; nothing without any.
fn bound(answer: &Answer, of: fn(&Autoscaler) -> u32) -> Option<f64> {
    let services = &answer.plan.topology.services;
    let scaled = services
        .iter()
        .filter(|service| service.pools.iter().any(|pool| pool.autoscaler.is_some()));
    let mut counts = scaled
        .flat_map(|service| service.pools.iter())
        .map(|pool| pool.autoscaler.as_ref().map_or(pool.replicas(), of))
        .peekable();
    counts.peek()?;
    Some(counts.map(f64::from).sum())
}
