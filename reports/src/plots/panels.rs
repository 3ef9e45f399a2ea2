//! Lines over one axis of time, one panel under another.

use plotters::prelude::*;

use super::{Canvas, HEIGHT, PlotFault, WIDTH, drawing, letters, write};
use crate::figures;
use crate::safe;

/// Pixels for the words over a panel, and for those under the last one.
const HEAD: u32 = 22;
const FOOT: u32 = 22;

/// A line: what it is, its shade, and how it is broken.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) shade: u8,
    pub(super) dash: Option<(u32, u32)>,
    /// Time and value.
    pub(super) points: Vec<(f64, f64)>,
}

/// Lines that share an axis of values.
pub(super) struct Panel {
    /// What the axis counts, with its unit.
    pub(super) axis: &'static str,
    /// The words above it at the left.
    pub(super) head: String,
    /// The end of the axis, where it is not that of the highest line.
    pub(super) top: Option<f64>,
    /// A value of the axis as it is written.
    pub(super) format: fn(f64) -> String,
    pub(super) lines: Vec<Line>,
}

/// Draws panels over the same time, which is in the unit that its words say.
pub(super) fn draw(
    canvas: &Canvas<'_>,
    panels: &[Panel],
    (end, time): (f64, &str),
    caption: &str,
) -> Result<(), PlotFault> {
    let (_, plots) = canvas.split_vertically(48);
    let (plots, _) = plots.split_vertically(HEIGHT - 48 - 30);
    let count = u32::try_from(panels.len()).unwrap_or(1).max(1);
    let height = (HEIGHT - 48 - 30 - FOOT) / count;
    let mut rest = plots;
    for (place, panel) in panels.iter().enumerate() {
        let last = place + 1 == panels.len();
        let own = if last { height + FOOT } else { height };
        let (area, below) = rest.split_vertically(own);
        panel.draw(&area, (end, last.then_some(time)))?;
        rest = below;
    }
    write(canvas, caption, (24, 576), &letters(13.0))
}

impl Panel {
    fn draw(&self, area: &Canvas<'_>, (end, time): (f64, Option<&str>)) -> Result<(), PlotFault> {
        let values = self.lines.iter().flat_map(|line| line.points.iter().map(|point| point.1));
        let highest = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
        let top = self.top.unwrap_or(if highest > 0.0 { highest * 1.1 } else { 1.0 });
        let mut chart = ChartBuilder::on(area)
            .margin_top(HEAD)
            .margin_left(16)
            .margin_right(32)
            .x_label_area_size(if time.is_some() { 24 + FOOT } else { 24 })
            .y_label_area_size(84)
            .build_cartesian_2d(0.0..end.max(1e-9), 0.0..top)
            .map_err(drawing)?;
        let mut mesh = chart.configure_mesh();
        if let Some(time) = time {
            mesh.x_desc(time);
        }
        mesh.light_line_style(WHITE)
            .bold_line_style(RGBColor(225, 225, 225))
            .y_labels(4)
            .y_desc(self.axis)
            .x_label_formatter(&|time| figures::number(*time))
            .y_label_formatter(&|value| (self.format)(*value))
            .label_style(letters(13.0))
            .axis_desc_style(letters(13.0))
            .draw()
            .map_err(drawing)?;
        for line in &self.lines {
            let style = RGBColor(line.shade, line.shade, line.shade).stroke_width(2);
            let points = line.points.iter().map(|(at, value)| (*at, value.min(top)));
            match line.dash {
                None => chart.draw_series(LineSeries::new(points, style)).map(|_| ()),
                Some((length, gap)) => {
                    chart.draw_series(DashedLineSeries::new(points, length, gap, style)).map(|_| ())
                }
            }
            .map_err(drawing)?;
        }
        write(area, &safe::fitted(&safe::clean(&self.head), 76, "…"), (100, 2), &letters(14.0))?;
        self.legend(area)
    }

    /// What the lines are, above them at the right; one alone needs no words.
    fn legend(&self, area: &Canvas<'_>) -> Result<(), PlotFault> {
        if self.lines.len() < 2 {
            return Ok(());
        }
        let style = letters(13.0);
        let mut right = i32::try_from(WIDTH).unwrap_or(i32::MAX) - 32;
        for line in self.lines.iter().rev() {
            let name = safe::fitted(&safe::clean(&line.name), 24, "…");
            let (width, _) = area.estimate_text_size(&name, &style).map_err(drawing)?;
            right -= i32::try_from(width).unwrap_or(0);
            write(area, &name, (right, 2), &style)?;
            let (from, to) = (right - 34, right - 6);
            let stroke = RGBColor(line.shade, line.shade, line.shade).stroke_width(2);
            let (length, gap) = line.dash.unwrap_or((28, 0));
            let length = i32::try_from(length).unwrap_or(1);
            let period = usize::try_from(length + i32::try_from(gap).unwrap_or(0)).unwrap_or(1);
            for start in (from..to).step_by(period.max(1)) {
                let points = vec![(start, 9), ((start + length).min(to), 9)];
                area.draw(&PathElement::new(points, stroke)).map_err(drawing)?;
            }
            right = from - 18;
        }
        Ok(())
    }
}
