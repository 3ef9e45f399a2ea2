//! Cost against outcomes, as steps: between two values stands the design of the stricter one, and
//! nothing is interpolated.

use domain::design::Ask;
use domain::frontier::Standing;
use domain::study::{FrontierDocument, PointPart, SeriesPart};
use domain::units::MicroDollars;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Canvas, HEIGHT, PlotFault, WIDTH, drawing, letters, placed, svg, write};
use crate::figures;
use crate::safe;

/// So many outcomes have room beside each other, and so many values in each.
const MOST_SERIES: usize = 4;
const MOST_POINTS: usize = 16;

/// Lines of the hatching of one value.
const HATCH: u32 = 5;

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// One panel for each outcome, side by side.
///
/// # Errors
/// When no value has a design, or the drawing fails.
pub fn frontier(frontier: &FrontierDocument) -> Result<String, PlotFault> {
    if frontier.series.iter().take(MOST_SERIES).all(|series| highest(series) == 0.0) {
        return Err(PlotFault::Nothing("design"));
    }
    svg(&title(frontier), |canvas| draw(canvas, frontier))
}

/// The finding: between which amounts the outcomes lie.
fn title(frontier: &FrontierDocument) -> String {
    let points = frontier.series.iter().flat_map(|series| &series.points);
    let costs: Vec<_> = points.filter_map(|point| point.found().cost()).collect();
    match (costs.iter().min(), costs.iter().max()) {
        (Some(least), Some(most)) => {
            let count = figures::grouped(frontier.designs);
            let (least, most) = (figures::dollars(*least), figures::dollars(*most));
            format!("{count} designs from {least} to {most} a month")
        }
        _ => "no design".to_owned(),
    }
}

/// The points that have room.
fn points(series: &SeriesPart) -> &[PointPart] {
    &series.points[..series.points.len().min(MOST_POINTS)]
}

fn highest(series: &SeriesPart) -> f64 {
    let costs = points(series).iter().filter_map(|point| point.found().cost());
    costs.map(MicroDollars::dollars).fold(0.0, f64::max)
}

fn draw(canvas: &Canvas<'_>, frontier: &FrontierDocument) -> Result<(), PlotFault> {
    let (_, plot) = canvas.split_vertically(64);
    let (plot, _) = plot.split_vertically(HEIGHT - 64 - 36);
    let shown = frontier.series.len().min(MOST_SERIES);
    for (panel, series) in plot.split_evenly((1, shown)).iter().zip(&frontier.series) {
        draw_series(panel, series)?;
    }
    let caption = format!(
        "dots are solved and simulated, rings beaten by a stricter one, hatching not reachable · \
         seed {} · prices of {} and before",
        frontier.provenance.seed, frontier.provenance.catalog.as_of.0
    );
    write(canvas, &caption, (24, HEIGHT.cast_signed() - 24), &letters(13.0))
}

fn draw_series(panel: &Canvas<'_>, series: &SeriesPart) -> Result<(), PlotFault> {
    let count = points(series).len() as f64;
    let top = (highest(series) * 1.12).max(1.0);
    let mut chart = ChartBuilder::on(panel)
        .margin_left(16)
        .margin_right(20)
        .x_label_area_size(76)
        .y_label_area_size(84)
        .build_cartesian_2d(0.0..count + 1.0, 0.0..top)
        .map_err(drawing)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .x_labels(0)
        .x_desc(description(series))
        .y_desc("US dollars a month")
        .y_label_formatter(&|dollars| format!("${}", figures::rounded(*dollars)))
        .label_style(letters(13.0))
        .axis_desc_style(letters(14.0))
        .draw()
        .map_err(drawing)?;
    draw_unreached(&mut chart, series, top)?;
    draw_steps(&mut chart, series)?;
    for (at, point) in points(series).iter().enumerate() {
        draw_point(panel, &mut chart, (at, point))?;
    }
    Ok(())
}

fn description(series: &SeriesPart) -> String {
    match first(series) {
        Some(Ask::Users(_)) => "users at the peak".to_owned(),
        Some(Ask::Rate(_)) => "requests a second at the peak".to_owned(),
        Some(Ask::Uptime(_)) => "uptime over a year".to_owned(),
        Some(Ask::Latency(_)) => {
            format!("limit of the {}", safe::fitted(&safe::clean(&series.outcome), 24, "…"))
        }
        None => String::new(),
    }
}

/// The first of its values.
fn first(series: &SeriesPart) -> Option<Ask> {
    series.points.first().and_then(|point| point.ask.ask())
}

/// Values that no design reaches.
fn draw_unreached(
    chart: &mut Chart<'_, '_>,
    series: &SeriesPart,
    top: f64,
) -> Result<(), PlotFault> {
    let unreached = points(series).iter().enumerate().filter(|(_, point)| point.design.is_none());
    for (at, _) in unreached {
        let lines = (0..HATCH).map(|line| {
            let across = at as f64 + 0.5 + f64::from(line) / f64::from(HATCH);
            PathElement::new([(across, 0.0), (across, top)], RGBColor(170, 170, 170))
        });
        chart.draw_series(lines).map_err(drawing)?;
    }
    Ok(())
}

/// The level of a design reaches from its own value to the next looser one.
fn draw_steps(chart: &mut Chart<'_, '_>, series: &SeriesPart) -> Result<(), PlotFault> {
    let looser_first = !matches!(first(series), Some(Ask::Latency(_)));
    let style = BLACK.stroke_width(2);
    let mut before: Option<(f64, f64)> = None;
    for (at, point) in points(series).iter().enumerate() {
        let across = at as f64 + 1.0;
        let Some(cost) = point.found().cost().map(MicroDollars::dollars) else {
            before = None;
            continue;
        };
        if let Some((from, level)) = before {
            let corner = if looser_first { (from, cost) } else { (across, level) };
            let path = [(from, level), corner, (across, cost)];
            chart.draw_series([PathElement::new(path, style)]).map_err(drawing)?;
        }
        before = Some((across, cost));
    }
    Ok(())
}

/// A dot with its value below the axis; what was asked for has its price beside it.
fn draw_point(
    panel: &Canvas<'_>,
    chart: &mut Chart<'_, '_>,
    (at, point): (usize, &PointPart),
) -> Result<(), PlotFault> {
    let across = at as f64 + 1.0;
    let foot = chart.backend_coord(&(across, 0.0));
    let (left, up) = panel.get_base_pixel();
    let place = |(x, y): (i32, i32), down: i32| (x - left, y - up + down);
    let size = if panel.dim_in_pixel().0 < WIDTH / 2 { 11.0 } else { 13.0 };
    let style = placed(&letters(size), HPos::Center, VPos::Top);
    // Neighbours stand at two heights, so that long values have room.
    let down = if at.is_multiple_of(2) { 8 } else { 24 };
    let words = point.ask.ask().map_or_else(String::new, value);
    write(panel, &words, place(foot, down), &style)?;
    let Some(cost) = point.found().cost() else {
        let style = placed(&letters(size), HPos::Center, VPos::Bottom);
        return write(panel, "none", place(foot, -4), &style);
    };
    let spot = (across, cost.dollars());
    match point.standing {
        Standing::Dominated => {
            chart.draw_series([Circle::new(spot, 5, WHITE.filled())]).map_err(drawing)?;
            chart.draw_series([Circle::new(spot, 5, BLACK.stroke_width(2))]).map_err(drawing)?;
        }
        Standing::Frontier | Standing::Unreached => {
            chart.draw_series([Circle::new(spot, 5, BLACK.filled())]).map_err(drawing)?;
        }
    }
    if point.asked {
        let style = placed(&letters(size), HPos::Right, VPos::Bottom);
        let words = format!("asked {}", figures::dollars(cost));
        let (x, y) = place(chart.backend_coord(&spot), -8);
        write(panel, &words, (x - 2, y), &style)?;
    }
    Ok(())
}

/// A value as it stands at its axis.
pub(crate) fn value(ask: Ask) -> String {
    match ask {
        Ask::Users(count) => figures::grouped(count),
        Ask::Rate(rate) => figures::number(rate.value()),
        Ask::Uptime(uptime) => uptime.to_string(),
        Ask::Latency(limit) => figures::time(limit.value()),
    }
}
