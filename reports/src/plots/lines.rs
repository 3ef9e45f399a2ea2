//! A line over the band of its interval, with its name and its dashes in the legend.

use plotters::element::DashedPathElement;
use plotters::prelude::*;

use super::{PlotFault, drawing};

/// A line as it is drawn.
pub(super) struct Banded {
    /// What the legend calls it.
    pub(super) name: String,
    /// What is believed around it: down one side of it and back the other.
    pub(super) band: Vec<(f64, f64)>,
    /// How dense the band is.
    pub(super) density: f64,
    /// The line itself.
    pub(super) line: Vec<(f64, f64)>,
    /// How dark it is, from 0 for black.
    pub(super) shade: u8,
    /// How wide it is.
    pub(super) width: u32,
    /// The lengths of its dashes and of what is between them; a whole line without.
    pub(super) dash: Option<(u32, u32)>,
}

impl Banded {
    /// The band, then the line over it.
    pub(super) fn draw<'a, 'b: 'a, X, Y>(
        self,
        chart: &mut ChartContext<'a, SVGBackend<'b>, Cartesian2d<X, Y>>,
    ) -> Result<(), PlotFault>
    where
        X: Ranged<ValueType = f64>,
        Y: Ranged<ValueType = f64>,
    {
        let colour = RGBColor(self.shade, self.shade, self.shade);
        let style = colour.stroke_width(self.width);
        let band = Polygon::new(self.band, colour.mix(self.density));
        chart.draw_series([band]).map_err(drawing)?;
        let drawn = match self.dash {
            None => chart.draw_series(LineSeries::new(self.line, style)),
            Some((length, gap)) => {
                chart.draw_series(DashedLineSeries::new(self.line, length, gap, style))
            }
        };
        let dash = self.dash;
        drawn.map_err(drawing)?.label(self.name).legend(move |(x, y)| {
            let ends = [(x, y), (x + 28, y)];
            match dash {
                None => PathElement::new(ends, style).into_dyn(),
                Some((length, gap)) => DashedPathElement::new(ends, length, gap, style).into_dyn(),
            }
        });
        Ok(())
    }
}
