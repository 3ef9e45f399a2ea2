//! Bars across, one under another: what utilisation, causes and sensitivities are drawn with.

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Canvas, HEIGHT, PlotFault, drawing, letters, placed, write};
use crate::safe;

/// Pixels left of the bars for what they are called, and right of them for what they say.
const NAMES: u32 = 196;
const WORDS: u32 = 120;

/// Pixels from one line of a hatching to the next.
const HATCH: usize = 6;

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// One bar.
pub(super) struct Bar {
    /// What it is called; empty for one that belongs to the bar above.
    pub(super) name: String,
    /// Where it begins and ends on the axis.
    pub(super) ends: (f64, f64),
    /// How it is filled.
    pub(super) fill: Fill,
    /// The number that it stands for.
    pub(super) words: String,
}

/// How a bar is filled, so that any printer tells it from others.
#[derive(Clone, Copy)]
pub(super) enum Fill {
    /// With a shade of grey.
    Grey(u8),
    /// With lines.
    Hatched,
}

/// Bars with their axis.
pub(super) struct Bars<'b> {
    /// What the axis counts, with its unit.
    pub(super) axis: &'b str,
    /// The least and the most that is shown.
    pub(super) range: (f64, f64),
    /// A number of the axis as it is written.
    pub(super) format: &'b dyn Fn(&f64) -> String,
    /// Lines down, each with its words.
    pub(super) marks: Vec<(f64, String)>,
    /// What the fills are.
    pub(super) legend: Vec<(Fill, &'static str)>,
    /// From the top down.
    pub(super) rows: Vec<Bar>,
    /// What stands at the foot.
    pub(super) caption: String,
}

impl Bars<'_> {
    pub(super) fn draw(&self, canvas: &Canvas<'_>) -> Result<(), PlotFault> {
        let (_, plot) = canvas.split_vertically(92);
        let (plot, _) = plot.split_vertically(HEIGHT - 92 - 30);
        let count = self.rows.len().max(1) as f64;
        let mut chart = ChartBuilder::on(&plot)
            .margin_right(WORDS)
            .x_label_area_size(48)
            .y_label_area_size(NAMES)
            .build_cartesian_2d(self.range.0..self.range.1, 0.0..count)
            .map_err(drawing)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(WHITE)
            .bold_line_style(RGBColor(225, 225, 225))
            .y_labels(0)
            .x_desc(self.axis)
            .x_label_formatter(self.format)
            .label_style(letters(14.0))
            .axis_desc_style(letters(15.0))
            .draw()
            .map_err(drawing)?;
        for (row, bar) in self.rows.iter().enumerate() {
            self.draw_bar(canvas, &mut chart, (row, bar))?;
        }
        self.draw_marks(canvas, &mut chart)?;
        self.draw_legend(canvas)?;
        write(canvas, &self.caption, (24, 576), &letters(13.0))
    }

    fn draw_bar(
        &self,
        canvas: &Canvas<'_>,
        chart: &mut Chart<'_, '_>,
        (row, bar): (usize, &Bar),
    ) -> Result<(), PlotFault> {
        let head = self.rows.len() as f64 - row as f64;
        let within = |value: f64| value.clamp(self.range.0, self.range.1);
        let (from, to) = (within(bar.ends.0), within(bar.ends.1));
        let corners = [(from, head - 0.9), (to, head - 0.1)];
        if let Fill::Grey(grey) = bar.fill {
            let style = RGBColor(grey, grey, grey).filled();
            chart.draw_series([Rectangle::new(corners, style)]).map_err(drawing)?;
        }
        chart.draw_series([Rectangle::new(corners, BLACK.stroke_width(1))]).map_err(drawing)?;
        let (first, second) = (chart.backend_coord(&corners[0]), chart.backend_coord(&corners[1]));
        let (left, right) = (first.0.min(second.0), first.0.max(second.0));
        let (top, foot) = (first.1.min(second.1), first.1.max(second.1));
        if matches!(bar.fill, Fill::Hatched) {
            for across in (left..right).step_by(HATCH) {
                let line = PathElement::new(vec![(across, top), (across, foot)], BLACK);
                canvas.draw(&line).map_err(drawing)?;
            }
        }
        let middle = i32::midpoint(top, foot);
        let style = placed(&letters(13.0), HPos::Right, VPos::Center);
        let name = safe::fitted(&safe::clean(&bar.name), 24, "…");
        write(canvas, &name, (i32::try_from(NAMES).unwrap_or(0) - 8, middle), &style)?;
        let (side, at) =
            if bar.ends.1 < bar.ends.0 { (HPos::Right, left - 6) } else { (HPos::Left, right + 6) };
        write(canvas, &bar.words, (at, middle), &placed(&letters(13.0), side, VPos::Center))
    }

    fn draw_marks(&self, canvas: &Canvas<'_>, chart: &mut Chart<'_, '_>) -> Result<(), PlotFault> {
        let rows = self.rows.len() as f64;
        for (value, words) in &self.marks {
            let style = BLACK.stroke_width(2);
            let line = DashedLineSeries::new([(*value, 0.0), (*value, rows)], 6, 4, style);
            chart.draw_series(line).map_err(drawing)?;
            let (across, down) = chart.backend_coord(&(*value, rows));
            let style = placed(&letters(13.0), HPos::Center, VPos::Bottom);
            write(canvas, words, (across.clamp(180, 780), down - 2), &style)?;
        }
        Ok(())
    }

    fn draw_legend(&self, canvas: &Canvas<'_>) -> Result<(), PlotFault> {
        let style = letters(13.0);
        let mut left = 24;
        for (fill, words) in &self.legend {
            let square = [(left, 52), (left + 16, 66)];
            match fill {
                Fill::Grey(grey) => {
                    let shade = RGBColor(*grey, *grey, *grey);
                    canvas.draw(&Rectangle::new(square, shade.filled())).map_err(drawing)?;
                }
                Fill::Hatched => {
                    for across in (left..left + 16).step_by(HATCH) {
                        let line = PathElement::new(vec![(across, 52), (across, 66)], BLACK);
                        canvas.draw(&line).map_err(drawing)?;
                    }
                }
            }
            canvas.draw(&Rectangle::new(square, BLACK.stroke_width(1))).map_err(drawing)?;
            write(canvas, words, (left + 22, 52), &style)?;
            let (width, _) = canvas.estimate_text_size(words, &style).map_err(drawing)?;
            left += 22 + i32::try_from(width).unwrap_or(0) + 28;
        }
        Ok(())
    }
}
