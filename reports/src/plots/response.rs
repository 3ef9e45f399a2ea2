//! The distribution of the response time of a simulation, and its course over time.

use domain::simulation::{CurvePoint, Figure, SeriesPoint, Simulation};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::{Canvas, HEIGHT, PlotFault, drawing, letters, svg, write};
use crate::figures;
use crate::safe;

/// The file of [`response_distribution`].
pub const RESPONSE_DISTRIBUTION_FILE: &str = "response-distribution.svg";

/// The file of [`course`].
pub const COURSE_FILE: &str = "course.svg";

/// A chart with shares upwards on a logarithmic scale.
type Shares<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, LogCoord<f64>>>;

/// A chart with time across.
type Course<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// A band and a line of one shade.
struct Line {
    name: String,
    shade: u8,
    dash: Option<(u32, u32)>,
}

/// The share of the requests that take longer than a time, with its interval.
///
/// # Errors
/// When nobody was answered, or the drawing fails.
pub fn response_distribution(simulation: &Simulation) -> Result<String, PlotFault> {
    let points = &simulation.distribution;
    let longest = points.iter().map(|point| point.response.high).fold(0.0, f64::max);
    if longest <= 0.0 {
        return Err(PlotFault::Nothing("response times"));
    }
    let last = |share: f64| points.iter().find(|point| point.share >= share);
    let title = match (last(0.5), last(0.95), last(0.99)) {
        (Some(p50), Some(p95), Some(p99)) => format!(
            "Half within {}, 95% within {}, 99% within {}",
            figures::time(p50.response.value),
            figures::time(p95.response.value),
            figures::time(p99.response.value)
        ),
        _ => "Response time".to_owned(),
    };
    svg(&title, |canvas| draw_distribution(canvas, simulation, longest))
}

fn draw_distribution(
    canvas: &Canvas<'_>,
    simulation: &Simulation,
    longest: f64,
) -> Result<(), PlotFault> {
    let (_, plot) = canvas.split_vertically(60);
    let (plot, _) = plot.split_vertically(HEIGHT - 60 - 30);
    let mut chart: Shares<'_, '_> = ChartBuilder::on(&plot)
        .margin_left(16)
        .margin_right(32)
        .x_label_area_size(48)
        .y_label_area_size(84)
        .build_cartesian_2d(0.0..longest * 1.05, (1e-3..1.0).log_scale())
        .map_err(drawing)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .x_desc("response time")
        .y_desc("share of the requests that take longer")
        .x_label_formatter(&|seconds| figures::time(*seconds))
        .y_label_formatter(&|share| figures::percent(*share, 2))
        .label_style(letters(14.0))
        .axis_desc_style(letters(15.0))
        .draw()
        .map_err(drawing)?;
    let points = &simulation.distribution;
    let beyond = |point: &CurvePoint| (1.0 - point.share).max(1e-3);
    let ends = points.iter().map(|point| (point.response.low, beyond(point)));
    let back = points.iter().rev().map(|point| (point.response.high, beyond(point)));
    let band: Vec<(f64, f64)> = ends.chain(back).collect();
    chart.draw_series([Polygon::new(band, BLACK.mix(0.2))]).map_err(drawing)?;
    let line = points.iter().map(|point| (point.response.value, beyond(point)));
    chart.draw_series(LineSeries::new(line, BLACK.stroke_width(2))).map_err(drawing)?;
    caption(canvas, simulation)
}

/// Requests that come and are answered, and how long that takes, over time.
///
/// # Errors
/// When nothing changes over time, or the drawing fails.
pub fn course(simulation: &Simulation) -> Result<String, PlotFault> {
    let Some(last) = simulation.series.last() else {
        return Err(PlotFault::Nothing("course over time"));
    };
    let peak = simulation.series.iter().max_by(|one, other| {
        let time = |point: &SeriesPoint| point.p95.map_or(0.0, |p95| p95.value);
        time(one).total_cmp(&time(other))
    });
    let title = match peak.and_then(|peak| Some((peak.at, peak.p95?))) {
        Some((at, p95)) => format!(
            "Slowest at {}, when 95% are within {}",
            figures::time(at),
            figures::time(p95.value)
        ),
        None => "Nobody is answered".to_owned(),
    };
    svg(&title, |canvas| draw_course(canvas, simulation, last.at))
}

fn draw_course(canvas: &Canvas<'_>, simulation: &Simulation, end: f64) -> Result<(), PlotFault> {
    let (_, plots) = canvas.split_vertically(60);
    let (plots, _) = plots.split_vertically(HEIGHT - 60 - 30);
    let fleets = fleets(simulation);
    let height = if fleets.is_empty() { 255 } else { 170 };
    let (upper, lower) = plots.split_vertically(height);
    let rates = [
        (
            Line { name: "come".to_owned(), shade: 120, dash: Some((6, 4)) },
            series(simulation, |point| Some(point.offered)),
        ),
        (
            Line { name: "answered".to_owned(), shade: 0, dash: None },
            series(simulation, |point| Some(point.good)),
        ),
    ];
    let times = [
        (
            Line { name: "p50".to_owned(), shade: 120, dash: Some((6, 4)) },
            series(simulation, |point| point.p50),
        ),
        (
            Line { name: "p95".to_owned(), shade: 0, dash: None },
            series(simulation, |point| point.p95),
        ),
    ];
    let rate = |rate: &f64| figures::number(*rate);
    draw_lines(&upper, (end, "requests a second"), &rate, &rates)?;
    let lower = if fleets.is_empty() {
        lower
    } else {
        let (middle, lowest) = lower.split_vertically(height);
        let number = |number: &f64| figures::number(*number);
        draw_lines(&lowest, (end, "instances"), &number, &fleets)?;
        middle
    };
    draw_lines(&lower, (end, "response time"), &|time| figures::time(*time), &times)?;
    caption(canvas, simulation)
}

/// What autoscalers asked for, of the first fleets: more lines than shades would say nothing.
fn fleets(simulation: &Simulation) -> Vec<(Line, Vec<(f64, Figure)>)> {
    let styles = [(0, None), (120, Some((6, 4))), (60, Some((2, 4)))];
    let with_course = simulation.stations.iter().filter_map(|station| {
        let course = &station.fleet.as_ref()?.course;
        let points = course.iter().map(|point| (point.at, point.asked)).collect();
        (!course.is_empty()).then(|| (safe::clean(&station.name), points))
    });
    with_course
        .zip(styles)
        .map(|((name, points), (shade, dash))| (Line { name, shade, dash }, points))
        .collect()
}

/// A figure of every stretch of time that has one.
fn series(
    simulation: &Simulation,
    of: impl Fn(&SeriesPoint) -> Option<Figure>,
) -> Vec<(f64, Figure)> {
    simulation.series.iter().filter_map(|point| Some((point.at, of(point)?))).collect()
}

fn draw_lines(
    area: &Canvas<'_>,
    (end, what): (f64, &str),
    label: &dyn Fn(&f64) -> String,
    lines: &[(Line, Vec<(f64, Figure)>)],
) -> Result<(), PlotFault> {
    let values = lines.iter().flat_map(|(_, points)| points.iter().map(|(_, figure)| figure.high));
    let top = values.fold(0.0, f64::max);
    let top = if top > 0.0 { top * 1.1 } else { 1.0 };
    let mut chart: Course<'_, '_> = ChartBuilder::on(area)
        .margin_left(16)
        .margin_right(32)
        .x_label_area_size(44)
        .y_label_area_size(84)
        .build_cartesian_2d(0.0..end.max(1e-9), 0.0..top)
        .map_err(drawing)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .x_desc("time from the start of what is observed")
        .y_desc(what)
        .x_label_formatter(&|seconds| figures::time(*seconds))
        .y_label_formatter(label)
        .label_style(letters(14.0))
        .axis_desc_style(letters(15.0))
        .draw()
        .map_err(drawing)?;
    for (line, points) in lines {
        let colour = RGBColor(line.shade, line.shade, line.shade);
        let lows = points.iter().map(|(at, figure)| (*at, figure.low));
        let highs = points.iter().rev().map(|(at, figure)| (*at, figure.high));
        let band: Vec<(f64, f64)> = lows.chain(highs).collect();
        chart.draw_series([Polygon::new(band, colour.mix(0.15))]).map_err(drawing)?;
        let middle = points.iter().map(|(at, figure)| (*at, figure.value));
        let style = colour.stroke_width(2);
        let drawn = match line.dash {
            None => chart.draw_series(LineSeries::new(middle, style)),
            Some((length, gap)) => {
                chart.draw_series(DashedLineSeries::new(middle, length, gap, style))
            }
        };
        let drawn = drawn.map_err(drawing)?.label(line.name.clone());
        drawn.legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE)
        .border_style(RGBColor(160, 160, 160))
        .label_font(letters(14.0))
        .draw()
        .map_err(drawing)
}

fn caption(canvas: &Canvas<'_>, simulation: &Simulation) -> Result<(), PlotFault> {
    let caption = format!(
        "seed {} \u{b7} {} requests simulated \u{b7} bands are 95% intervals",
        simulation.seed,
        figures::many(simulation.effort.requests)
    );
    write(canvas, &caption, (24, 576), &letters(13.0))
}
