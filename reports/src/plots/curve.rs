//! Latency against load: how far the plan is from the cliff.

use domain::outcome::Answer;
use domain::verification::{LoadCurvePoint, Observed};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::lines::Banded;
use super::{Canvas, HEIGHT, PlotFault, drawing, letters, placed, svg, write};
use crate::figures;
use crate::findings;

/// Latencies are shown up to so many times the loosest objective: beyond it, all is lost alike.
const BEYOND_THE_LIMIT: f64 = 10.0;

/// Words of a mark take so many pixels at most; nearer to the left edge they stand to the right.
const ROOM_FOR_WORDS: i32 = 240;

/// A chart with load across and latency, on a logarithmic scale, upwards.
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, LogCoord<f64>>>;

/// One percentile: its name, how it is read from a point, and how its line is broken.
struct Curve {
    name: &'static str,
    of: fn(&LoadCurvePoint) -> &Observed,
    dash: Option<(u32, u32)>,
    width: u32,
    shade: u8,
}

const CURVES: [Curve; 3] = [
    Curve { name: "p50", of: |point| &point.p50, dash: Some((2, 4)), width: 2, shade: 90 },
    Curve { name: "p95", of: |point| &point.p95, dash: None, width: 3, shade: 0 },
    Curve { name: "p99", of: |point| &point.p99, dash: Some((10, 5)), width: 2, shade: 60 },
];

/// Percentiles of latency over the load, with their intervals, the objectives, and the loads that
/// were asked for, are held with headroom, and break the plan.
///
/// # Errors
/// When the answer has no curve, or the drawing fails.
pub fn load_against_latency(answer: &Answer) -> Result<String, PlotFault> {
    let curve = &answer.verification.load_curve;
    let latencies = curve.iter().flat_map(|point| CURVES.map(|each| (each.of)(point).value));
    let mut finite = latencies.filter(|value| value.is_finite() && *value > 0.0);
    let Some(first) = finite.next() else {
        return Err(PlotFault::Nothing("latency against load"));
    };
    let (low, high) =
        finite.fold((first, first), |(low, high), value| (low.min(value), high.max(value)));
    let range = range(answer, low, high);
    svg(&title(answer), |canvas| draw(canvas, answer, range))
}

/// The finding: which service gives in, and where.
fn title(answer: &Answer) -> String {
    let unit = findings::load_unit(answer);
    match &answer.verification.breaking_load {
        None => format!("Latency against load; {} asked", asked(answer, 1.0)),
        Some(breaking) => {
            let holds = figures_of(answer, breaking.holds);
            let beyond = findings::beyond(breaking.holds);
            match breaking.breaks {
                None => format!("no limit found up to {holds} {unit} ({beyond})"),
                Some(_) => match findings::gives_in(answer, breaking) {
                    Some(what) => format!("{what} beyond {holds} {unit} ({beyond})"),
                    None => format!("holds up to {holds} {unit} ({beyond})"),
                },
            }
        }
    }
}

/// A load without its unit.
fn figures_of(answer: &Answer, factor: f64) -> String {
    match answer.demand.load.users {
        Some(_) => findings::load(answer, factor),
        None => figures::number(answer.demand.load.peak.value() * factor),
    }
}

/// A load with its unit.
fn asked(answer: &Answer, factor: f64) -> String {
    format!("{} {}", figures_of(answer, factor), findings::load_unit(answer))
}

/// The ends of both axes: load as a factor, latency in seconds.
fn range(answer: &Answer, low: f64, high: f64) -> (f64, [f64; 2]) {
    let curve = answer.verification.load_curve.iter().map(|point| point.factor);
    let marks = marks(answer).into_iter().map(|(factor, _)| factor);
    let right = curve.chain(marks).fold(1.5, f64::max);
    let limits = answer.demand.objectives.latency.iter();
    let loosest = limits.map(|limit| limit.limit.value()).fold(0.0, f64::max);
    let top = if loosest > 0.0 {
        high.min(loosest * BEYOND_THE_LIMIT).max(loosest * 2.0)
    } else {
        high * 2.0
    };
    (right * 1.02, [(low / 2.0).min(top / 10.0), top])
}

/// Loads that a line is drawn at, with their words, from the least load on.
fn marks(answer: &Answer) -> Vec<(f64, String)> {
    let headroom = answer.demand.objectives.headroom.load.value();
    let mut marks = vec![(1.0, format!("asked {}", figures_of(answer, 1.0)))];
    if headroom > 0.0 {
        let factor = 1.0 + headroom;
        marks.push((factor, format!("with headroom {}", figures_of(answer, factor))));
    }
    let breaking = answer.verification.breaking_load.as_ref();
    if let Some(breaking) = breaking.filter(|breaking| breaking.breaks.is_some()) {
        marks.push((breaking.holds, format!("holds up to {}", figures_of(answer, breaking.holds))));
    }
    marks.sort_by(|left, right| left.0.total_cmp(&right.0));
    marks
}

fn draw(
    canvas: &Canvas<'_>,
    answer: &Answer,
    (right, [bottom, top]): (f64, [f64; 2]),
) -> Result<(), PlotFault> {
    let (_, plot) = canvas.split_vertically(104);
    let (plot, _) = plot.split_vertically(HEIGHT - 104 - 30);
    let mut chart = ChartBuilder::on(&plot)
        .margin_left(16)
        .margin_right(32)
        .x_label_area_size(48)
        .y_label_area_size(84)
        .build_cartesian_2d(0.0..right, (bottom..top).log_scale())
        .map_err(drawing)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .x_desc(format!("load, as a part of the {} asked", asked(answer, 1.0)))
        .y_desc("latency at the load balancer")
        .x_label_formatter(&|factor| figures::percent(*factor, 0))
        .y_label_formatter(&|seconds| figures::time(*seconds))
        .label_style(letters(14.0))
        .axis_desc_style(letters(15.0))
        .draw()
        .map_err(drawing)?;
    for curve in &CURVES {
        draw_curve(&mut chart, &answer.verification.load_curve, curve, top)?;
    }
    draw_objectives(&mut chart, answer, right)?;
    draw_marks(canvas, &mut chart, answer, [bottom, top])?;
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .margin(12)
        .background_style(WHITE)
        .border_style(RGBColor(160, 160, 160))
        .label_font(letters(14.0))
        .draw()
        .map_err(drawing)?;
    let caption = format!(
        "seed {} · {} requests simulated in all scenarios · bands are 95% intervals",
        answer.verification.seed,
        figures::many(answer.verification.requests)
    );
    write(canvas, &caption, (24, 576), &letters(13.0))
}

/// The interval as a band, then the line over it; where a percentile is unbounded both end.
fn draw_curve<'a, 'b: 'a>(
    chart: &mut Chart<'a, 'b>,
    points: &[LoadCurvePoint],
    curve: &Curve,
    top: f64,
) -> Result<(), PlotFault> {
    let seen: Vec<(f64, &Observed)> = points
        .iter()
        .map(|point| (point.factor, (curve.of)(point)))
        .take_while(|(_, observed)| observed.value.is_finite() && observed.value > 0.0)
        .collect();
    let within = |value: f64| value.clamp(f64::MIN_POSITIVE, top);
    let lows = seen.iter().map(|(factor, observed)| (*factor, within(observed.low)));
    let highs = seen.iter().rev().map(|(factor, observed)| (*factor, within(observed.high)));
    let band: Vec<(f64, f64)> = lows.chain(highs).collect();
    let line = seen.iter().map(|(factor, observed)| (*factor, within(observed.value)));
    let own = Banded {
        name: curve.name.to_owned(),
        band,
        density: 0.15,
        line: line.collect(),
        shade: curve.shade,
        width: curve.width,
        dash: curve.dash,
    };
    own.draw(chart)
}

/// A line across for each objective.
fn draw_objectives(
    chart: &mut Chart<'_, '_>,
    answer: &Answer,
    right: f64,
) -> Result<(), PlotFault> {
    for objective in &answer.demand.objectives.latency {
        let limit = objective.limit.value();
        let style = BLACK.stroke_width(1);
        let line = [(0.0, limit), (right, limit)];
        chart.draw_series(DashedLineSeries::new(line, 3, 3, style)).map_err(drawing)?;
        let name = findings::objective(answer, &objective.id());
        let words = format!("{name} at most {}", figures::time(limit));
        let style = placed(&letters(13.0), HPos::Left, VPos::Bottom);
        chart.draw_series([Text::new(words, (right * 0.01, limit), style)]).map_err(drawing)?;
    }
    Ok(())
}

/// A line upwards for each load that matters. Its words stand above the plot and to its left, those
/// of a higher load above those of a lower one, so that no line runs through any words.
fn draw_marks(
    canvas: &Canvas<'_>,
    chart: &mut Chart<'_, '_>,
    answer: &Answer,
    [bottom, top]: [f64; 2],
) -> Result<(), PlotFault> {
    let mut height = 84;
    for (factor, words) in marks(answer) {
        let line = [(factor, bottom), (factor, top)];
        let style = BLACK.stroke_width(1);
        chart.draw_series(DashedLineSeries::new(line, 6, 4, style)).map_err(drawing)?;
        let (across, foot) = chart.backend_coord(&(factor, top));
        draw_lead(canvas, (across, height), foot)?;
        let (side, gap) = if across < ROOM_FOR_WORDS { (HPos::Left, 6) } else { (HPos::Right, -6) };
        let style = placed(&letters(14.0), side, VPos::Top);
        write(canvas, &words, (across + gap, height), &style)?;
        height -= 18;
    }
    Ok(())
}

/// The line of a mark from its words down to the plot.
fn draw_lead(canvas: &Canvas<'_>, (across, from): (i32, i32), to: i32) -> Result<(), PlotFault> {
    let ends = [(across, from), (across, to)];
    canvas.draw(&PathElement::new(ends, BLACK.stroke_width(1))).map_err(drawing)
}
