//! The distribution of the response time of a simulation, and its course over time.

use domain::simulation::{CurvePoint, Figure, SeriesPoint, Simulation};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::span::Span;
use super::tail::{Curve, Point, Tails};
use super::{Canvas, HEIGHT, PlotFault, WIDTH, drawing, letters, svg, write};
use crate::figures;
use crate::safe;

/// The file of [`response_distribution`].
pub const RESPONSE_DISTRIBUTION_FILE: &str = "response-distribution.svg";

/// The file of [`course`].
pub const COURSE_FILE: &str = "course.svg";

/// The smallest share of the requests that is shown.
const SMALLEST: f64 = 1e-3;

/// A chart with time across.
type Course<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Rows of pixels for the legend above a plot.
const LEGEND: u32 = 20;

/// Rows of pixels for what an axis is, in words.
const WORDS: u32 = 22;

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
    let told = [(0.5, "p50"), (0.95, "p95"), (0.99, "p99")];
    let marks = told.iter().filter_map(|(share, name)| {
        let point = last(*share)?;
        Some((placed(point), format!("{name} {}", figures::time(point.response.value))))
    });
    let curve = Curve {
        name: "all requests".to_owned(),
        shade: 0,
        dash: None,
        points: points.iter().map(placed).collect(),
    };
    let tails = Tails {
        what: "response time",
        smallest: SMALLEST,
        marks: marks.collect(),
        curves: vec![curve],
        limits: Vec::new(),
        caption: caption(simulation),
    };
    svg(&title, |canvas| tails.draw(canvas))
}

fn placed(point: &CurvePoint) -> Point {
    let Figure { value, low, high } = point.response;
    Point { above: (1.0 - point.share).max(SMALLEST), value, low, high }
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
    let (_, plots) = canvas.split_vertically(48);
    let (plots, _) = plots.split_vertically(HEIGHT - 48 - 30);
    let span = Span::of(end);
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
    let slow = series(simulation, |point| point.p95);
    let slowest = slow.iter().map(|(_, figure)| figure.high).filter(|time| time.is_finite());
    let response = Span::of(slowest.fold(0.0, f64::max));
    let times = [
        (
            Line { name: "p50".to_owned(), shade: 120, dash: Some((6, 4)) },
            response.scaled(&series(simulation, |point| point.p50)),
        ),
        (Line { name: "p95".to_owned(), shade: 0, dash: None }, response.scaled(&slow)),
    ];
    let fleets = fleets(simulation);
    let mut panels = vec![
        Panel { what: "requests a second".to_owned(), lines: &rates },
        Panel { what: format!("response, {}", response.unit), lines: &times },
    ];
    if !fleets.is_empty() {
        panels.push(Panel { what: "instances".to_owned(), lines: &fleets });
    }
    let last = panels.len() - 1;
    // The axis under the last one is said in words, so it needs more room.
    let height = (HEIGHT - 48 - 30 - WORDS) / u32::try_from(panels.len()).unwrap_or(1);
    let mut rest = plots;
    for (place, panel) in panels.iter().enumerate() {
        let own = if place == last { height + WORDS } else { height };
        let (area, below) = rest.split_vertically(own);
        panel.draw(&area, &span, place == last)?;
        rest = below;
    }
    write(canvas, &caption(simulation), (24, 576), &letters(13.0))
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

impl Span {
    /// Times in this unit.
    fn scaled(&self, points: &[(f64, Figure)]) -> Vec<(f64, Figure)> {
        let scale = |figure: &Figure| Figure {
            value: figure.value / self.seconds,
            low: figure.low / self.seconds,
            high: figure.high / self.seconds,
        };
        points.iter().map(|(at, figure)| (*at, scale(figure))).collect()
    }
}

/// One of several plots over the same time.
struct Panel<'a> {
    what: String,
    lines: &'a [(Line, Vec<(f64, Figure)>)],
}

impl Panel<'_> {
    fn draw(&self, area: &Canvas<'_>, span: &Span, last: bool) -> Result<(), PlotFault> {
        let values =
            self.lines.iter().flat_map(|(_, points)| points.iter().map(|(_, figure)| figure.high));
        let top = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
        let top = if top > 0.0 { top * 1.1 } else { 1.0 };
        let mut chart: Course<'_, '_> = ChartBuilder::on(area)
            .margin_top(LEGEND)
            .margin_left(16)
            .margin_right(32)
            .x_label_area_size(if last { 24 + WORDS } else { 24 })
            .y_label_area_size(84)
            .build_cartesian_2d(0.0..span.end, 0.0..top)
            .map_err(drawing)?;
        let mut mesh = chart.configure_mesh();
        if last {
            mesh.x_desc(format!("{} from the start of what is observed", span.unit));
        }
        mesh.light_line_style(WHITE)
            .bold_line_style(RGBColor(225, 225, 225))
            .y_labels(6)
            .y_desc(&self.what)
            .x_label_formatter(&|time| figures::number(*time))
            .y_label_formatter(&|value| figures::number(*value))
            .label_style(letters(14.0))
            .axis_desc_style(letters(15.0))
            .draw()
            .map_err(drawing)?;
        for (line, points) in self.lines {
            let at = |seconds: f64| seconds / span.seconds;
            let lows = points.iter().map(|(when, figure)| (at(*when), figure.low));
            let highs = points.iter().rev().map(|(when, figure)| (at(*when), figure.high));
            let band: Vec<(f64, f64)> = lows.chain(highs).collect();
            chart.draw_series([Polygon::new(band, line.colour().mix(0.15))]).map_err(drawing)?;
            let middle = points.iter().map(|(when, figure)| (at(*when), figure.value));
            let style = line.colour().stroke_width(2);
            match line.dash {
                None => chart.draw_series(LineSeries::new(middle, style)).map(|_| ()),
                Some((length, gap)) => {
                    chart.draw_series(DashedLineSeries::new(middle, length, gap, style)).map(|_| ())
                }
            }
            .map_err(drawing)?;
        }
        self.legend(area)
    }

    /// What the lines are, above them at the right: over the plot it would hide some of them.
    fn legend(&self, area: &Canvas<'_>) -> Result<(), PlotFault> {
        let style = letters(14.0);
        let mut right = i32::try_from(WIDTH).unwrap_or(i32::MAX) - 32;
        for (line, _) in self.lines.iter().rev() {
            let name = safe::fitted(&line.name, 24, "\u{2026}");
            let (width, _) = area.estimate_text_size(&name, &style).map_err(drawing)?;
            right -= i32::try_from(width).unwrap_or(0);
            write(area, &name, (right, 2), &style)?;
            let (from, to) = (right - 34, right - 6);
            let stroke = line.colour().stroke_width(2);
            let dashes = match line.dash {
                None => vec![(from, to)],
                Some((length, gap)) => {
                    let period = usize::try_from(length + gap).unwrap_or(1);
                    let length = i32::try_from(length).unwrap_or(1);
                    let starts = (from..to).step_by(period);
                    starts.map(|start| (start, (start + length).min(to))).collect()
                }
            };
            for (start, stop) in dashes {
                let dash = PathElement::new(vec![(start, 9), (stop, 9)], stroke);
                area.draw(&dash).map_err(drawing)?;
            }
            right = from - 18;
        }
        Ok(())
    }
}

impl Line {
    fn colour(&self) -> RGBColor {
        RGBColor(self.shade, self.shade, self.shade)
    }
}

fn caption(simulation: &Simulation) -> String {
    format!(
        "seed {} \u{b7} {} requests simulated \u{b7} bands are 95% intervals",
        simulation.seed,
        figures::many(simulation.effort.requests)
    )
}
