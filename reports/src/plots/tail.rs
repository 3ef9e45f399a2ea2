//! Shares of the requests that take longer than a time, on a logarithmic scale: what every
//! distribution of latencies is drawn with.

use plotters::coord::ranged1d::ValueFormatter;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::lines::Banded;
use super::span::Span;
use super::{Canvas, HEIGHT, PlotFault, WIDTH, drawing, letters, placed, write};
use crate::figures;
use crate::safe;

/// How many times as long as the median the longest time is where the scale is logarithmic.
const LONG_TAIL: f64 = 20.0;

/// Words of a limit take so many pixels at most; nearer to the left edge they stand to the right.
const ROOM_FOR_WORDS: i32 = 300;

/// Limits that are drawn at most: there is no room for the words of more.
pub(super) const LIMITS: usize = 6;

/// A chart with times across and shares upwards on a logarithmic scale.
type Shares<'a, 'b, X> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<X, LogCoord<f64>>>;

/// What a share of the requests takes longer than, in seconds, with its interval.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) above: f64,
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// One curve with its band.
pub(super) struct Curve {
    pub(super) name: String,
    pub(super) shade: u8,
    pub(super) dash: Option<(u32, u32)>,
    pub(super) points: Vec<Point>,
}

/// A share that may take longer than a time, and no more.
pub(super) struct Limit {
    pub(super) share: f64,
    pub(super) time: f64,
    pub(super) words: String,
}

/// All that is drawn.
pub(super) struct Tails {
    /// What the times are: `response time`.
    pub(super) what: &'static str,
    /// The smallest share that is shown.
    pub(super) smallest: f64,
    /// With times that are positive and finite; at least one with a point.
    pub(super) curves: Vec<Curve>,
    /// By their times.
    pub(super) limits: Vec<Limit>,
    /// Points of curves that stand out, each with its words.
    pub(super) marks: Vec<(Point, String)>,
    /// What stands at the foot.
    pub(super) caption: String,
}

impl Tails {
    pub(super) fn draw(&self, canvas: &Canvas<'_>) -> Result<(), PlotFault> {
        let points = || self.curves.iter().flat_map(|curve| &curve.points);
        let limits = self.limits.iter().map(|limit| limit.time);
        let ends = points().flat_map(|point| [point.value, point.high]).chain(limits);
        let longest = ends.filter(|time| time.is_finite()).fold(f64::MIN_POSITIVE, f64::max);
        let times = points().map(|point| point.value).filter(|time| *time > 0.0);
        let shortest = times.fold(longest, f64::min);
        let median = points().find(|point| point.above <= 0.5);
        let median = median.map_or(longest, |point| point.value.max(shortest));
        let head = 60 + 18 * u32::try_from(self.limits.len()).unwrap_or(0);
        let (_, plot) = canvas.split_vertically(head);
        let (plot, _) = plot.split_vertically(HEIGHT - head - 30);
        let mut builder = ChartBuilder::on(&plot);
        builder.margin_left(16).margin_right(32).x_label_area_size(48).y_label_area_size(84);
        // A little below the smallest share, so that it is told on the axis.
        let shares = (0.9 * self.smallest..1.0).log_scale();
        if longest / median > LONG_TAIL {
            // On an even scale all but the tail would be one steep line.
            let span = Span::of(median);
            let ends = [shortest * 0.9, longest * 1.1].map(|time| time / span.seconds);
            let times = (ends[0]..ends[1]).log_scale();
            let chart = builder.build_cartesian_2d(times, shares).map_err(drawing)?;
            self.draw_in(canvas, chart, &span, ends)?;
        } else {
            let span = Span::of(longest);
            let ends = [0.0, span.end * 1.05];
            let chart = builder.build_cartesian_2d(ends[0]..ends[1], shares).map_err(drawing)?;
            self.draw_in(canvas, chart, &span, ends)?;
        }
        write(canvas, &self.caption, (24, 576), &letters(13.0))
    }

    fn draw_in<'a, 'b: 'a, X>(
        &self,
        canvas: &Canvas<'_>,
        mut chart: Shares<'a, 'b, X>,
        span: &Span,
        ends: [f64; 2],
    ) -> Result<(), PlotFault>
    where
        X: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .bold_line_style(RGBColor(225, 225, 225))
            .x_desc(format!("{}, {}", self.what, span.unit))
            .y_desc("share of the requests that take longer")
            .x_label_formatter(&|time| told(*time, ends[0] > 0.0))
            .y_label_formatter(&|share| figures::percent(*share, 4))
            .label_style(letters(14.0))
            .axis_desc_style(letters(15.0))
            .draw()
            .map_err(drawing)?;
        let place = |above: f64, time: f64| {
            ((time / span.seconds).clamp(ends[0], ends[1]), above.max(self.smallest))
        };
        for curve in &self.curves {
            curve.draw(&mut chart, place)?;
        }
        self.draw_limits(canvas, &mut chart, place)?;
        self.draw_marks(&mut chart, place)?;
        if self.curves.len() < 2 {
            return Ok(());
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerLeft)
            .margin(12)
            .background_style(WHITE)
            .border_style(RGBColor(160, 160, 160))
            .label_font(letters(14.0))
            .draw()
            .map_err(drawing)
    }

    /// A line down at each limit, and one across at the share that may take longer: no curve may
    /// pass beyond their corner. The words stand above the plot, those of a longer time above those
    /// of a shorter one, so that no line runs through any words.
    fn draw_limits<X>(
        &self,
        canvas: &Canvas<'_>,
        chart: &mut Shares<'_, '_, X>,
        place: impl Fn(f64, f64) -> (f64, f64),
    ) -> Result<(), PlotFault>
    where
        X: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let mut height = 40 + 18 * i32::try_from(self.limits.len()).unwrap_or(0);
        for limit in &self.limits {
            let style = BLACK.stroke_width(1);
            let corner = place(limit.share, limit.time);
            for (end, dash) in [(place(self.smallest, limit.time), 6), (place(1.0, limit.time), 6)]
                .into_iter()
                .chain([(place(limit.share, 0.0), 3)])
            {
                let line = DashedLineSeries::new([corner, end], dash, 4, style);
                chart.draw_series(line).map_err(drawing)?;
            }
            let ring = EmptyElement::at(corner) + Circle::new((0, 0), 5, style);
            chart.draw_series([ring]).map_err(drawing)?;
            let (across, foot) = chart.backend_coord(&place(1.0, limit.time));
            let lead = PathElement::new([(across, height), (across, foot)], style);
            canvas.draw(&lead).map_err(drawing)?;
            let (side, gap) =
                if across < ROOM_FOR_WORDS { (HPos::Left, 6) } else { (HPos::Right, -6) };
            let style = placed(&letters(14.0), side, VPos::Top);
            write(canvas, &limit.words, (across + gap, height), &style)?;
            height -= 18;
        }
        Ok(())
    }

    /// Dots on curves, with words beside them where no others stand.
    fn draw_marks<X>(
        &self,
        chart: &mut Shares<'_, '_, X>,
        place: impl Fn(f64, f64) -> (f64, f64),
    ) -> Result<(), PlotFault>
    where
        X: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let mut taken = Vec::new();
        for (point, words) in &self.marks {
            let at = place(point.above, point.value);
            let words = safe::clean(words);
            let style = letters(14.0);
            let size = chart.plotting_area().estimate_text_size(&words, &style);
            let width = i32::try_from(size.map_err(drawing)?.0).unwrap_or(0);
            let away = beside(chart.backend_coord(&at), width, &mut taken);
            let mark = EmptyElement::at(at)
                + Circle::new((0, 0), 4, BLACK.filled())
                + Text::new(words, away, style);
            chart.draw_series([mark]).map_err(drawing)?;
        }
        Ok(())
    }
}

/// How far from a dot words of a width stand: above it at its right or below it at its left,
/// farther away where others stand there, and never outside the plot at its right.
fn beside(dot: (i32, i32), width: i32, taken: &mut Vec<[i32; 3]>) -> (i32, i32) {
    let right = i32::try_from(WIDTH).unwrap_or(i32::MAX) - 40;
    let mut places = (0..4).flat_map(|row| [(10, -14 - 16 * row), (-10 - width, 4 + 16 * row)]);
    let free = |away: &(i32, i32)| {
        let (from, top) = (dot.0 + away.0, dot.1 + away.1);
        let apart = |[start, end, own]: &[i32; 3]| {
            from > *end || from + width < *start || (top - own).abs() >= 15
        };
        from + width <= right && taken.iter().all(apart)
    };
    let away = places.find(free).unwrap_or((-10 - width, 4));
    let from = dot.0 + away.0;
    taken.push([from, from + width, dot.1 + away.1]);
    away
}

/// A time on the axis. Where that is logarithmic, the later ones of each ten stand too close to be
/// told: 10, 20, 30, 50, 100.
fn told(time: f64, logarithmic: bool) -> String {
    let mut digit = time;
    while digit >= 9.5 && digit.is_finite() {
        digit /= 10.0;
    }
    while digit > 0.0 && digit < 0.95 {
        digit *= 10.0;
    }
    let crowded = [4.0, 6.0, 7.0, 8.0, 9.0].iter().any(|own| (digit - own).abs() < 1e-6);
    if logarithmic && crowded { String::new() } else { figures::number(time) }
}

impl Curve {
    /// The band, then the line over it.
    fn draw<'a, 'b: 'a, X>(
        &self,
        chart: &mut Shares<'a, 'b, X>,
        place: impl Fn(f64, f64) -> (f64, f64),
    ) -> Result<(), PlotFault>
    where
        X: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let lows = self.points.iter().map(|point| place(point.above, point.low));
        let highs = self.points.iter().rev().map(|point| place(point.above, point.high));
        let band: Vec<(f64, f64)> = lows.chain(highs).collect();
        let line = self.points.iter().map(|point| place(point.above, point.value));
        let own = Banded {
            name: safe::fitted(&safe::clean(&self.name), 24, "…"),
            band,
            density: 0.2,
            line: line.collect(),
            shade: self.shade,
            width: 2,
            dash: self.dash,
        };
        own.draw(chart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_dots_stand_apart() {
        let mut taken = Vec::new();
        let mut put = |dot| beside(dot, 60, &mut taken);
        assert_eq!(put((300, 200)), (10, -14));
        assert_eq!(put((320, 200)), (-70, 4), "at the other side");
        assert_eq!(put((320, 200)), (10, -30), "above the first");
        assert_eq!(put((320, 400)), (10, -14), "far from all of them");
        assert_eq!(put((900, 400)), (-70, 4), "within the plot");
    }

    #[test]
    fn a_logarithmic_axis_has_room_for_its_words() {
        let words: Vec<String> = (1_u32..=10)
            .map(|at| told(f64::from(at) * 0.1, true))
            .filter(|own| !own.is_empty())
            .collect();
        assert_eq!(words, ["0.1", "0.2", "0.3", "0.5", "1"]);
        assert_eq!([told(40.0, true), told(300.0, true)], ["", "300"]);
        assert_eq!([told(40.0, false), told(0.0, true)], ["40", "0"]);
    }
}
