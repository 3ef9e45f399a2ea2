//! Plots as SVG: the title is the finding, both axes have units, and shades of grey are enough.
//!
//! The one font is embedded, so text is measured alike on every machine and no font has to be
//! installed. It is a wide one: a viewer that shows the text in another font has room for it.

mod bars;
mod bill;
mod budget;
mod curve;
mod day;
mod distribution;
mod ends;
mod frontier;
mod growth;
mod lines;
mod panels;
mod response;
mod span;
mod tail;
mod tornado;
mod utilisation;
mod worst;

use std::sync::OnceLock;

use miette::Diagnostic;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, register_font};
use thiserror::Error;

use crate::safe;

pub use bill::cost_lines;
pub use budget::error_budget;
pub(crate) use budget::minutes_a_year;
pub use curve::load_against_latency;
pub use day::day;
pub use distribution::latency_distribution;
pub(crate) use distribution::{drawn_curves, name as curve_name, peak};
pub use ends::both_ends;
pub use frontier::frontier;
pub(crate) use frontier::value;
pub use growth::growth;
pub use response::{COURSE_FILE, RESPONSE_DISTRIBUTION_FILE, course, response_distribution};
pub use tornado::tornado;
pub use utilisation::utilisation;
pub(crate) use worst::faulty;
pub use worst::worst_minutes;

/// The file under which the report expects [`load_against_latency`].
pub const LOAD_AGAINST_LATENCY_FILE: &str = "load-against-latency.svg";

/// The file under which the report expects [`cost_lines`].
pub const COST_LINES_FILE: &str = "cost-lines.svg";

/// `DejaVu` Sans, cut down to the letters that plots use; its licence stands beside it.
const FONT: &[u8] = include_bytes!("../../fonts/DejaVuSans-subset.ttf");

/// The family that the plots name: the embedded font, then fonts as wide as it.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// Columns of pixels.
const WIDTH: u32 = 960;

/// Rows of pixels.
const HEIGHT: u32 = 600;

/// Why there is no plot.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum PlotFault {
    /// The answer holds nothing to draw.
    #[error("the answer has no {0}")]
    #[diagnostic(
        code(plot::nothing),
        help("plan again without leaving out the evidence that the plot shows")
    )]
    Nothing(&'static str),
    /// The program's own font cannot be read.
    #[error("the embedded font cannot be read")]
    #[diagnostic(code(plot::font), help("this is a fault of the program: please report it"))]
    Font,
    /// The drawing failed.
    #[error("the plot cannot be drawn: {0}")]
    #[diagnostic(code(plot::drawing), help("this is a fault of the program: please report it"))]
    Drawing(String),
}

/// There is no such study.
pub(crate) fn nothing_asked() -> Result<String, PlotFault> {
    Err(PlotFault::Nothing("study"))
}

/// Any fault of the drawing library, with what it says.
fn drawing<E: std::fmt::Display>(fault: E) -> PlotFault {
    PlotFault::Drawing(fault.to_string())
}

/// The area of a plot in pixels.
type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws on an empty white canvas under a title, and gives the SVG.
fn svg(
    title: &str,
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), PlotFault>,
) -> Result<String, PlotFault> {
    register()?;
    let title = safe::clean(title);
    let mut text = String::new();
    {
        let canvas = SVGBackend::with_string(&mut text, (WIDTH, HEIGHT)).into_drawing_area();
        canvas.fill(&WHITE).map_err(drawing)?;
        write(&canvas, &title, (24, 16), &letters(22.0))?;
        draw(&canvas)?;
        canvas.present().map_err(drawing)?;
    }
    Ok(titled(&text, &title))
}

/// Registers the font, once for the whole program.
fn register() -> Result<(), PlotFault> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let register = || register_font(FAMILY, FontStyle::Normal, FONT).is_ok();
    match REGISTERED.get_or_init(register) {
        true => Ok(()),
        false => Err(PlotFault::Font),
    }
}

/// The SVG with its title as an element of its own, which readers of the page are told.
fn titled(svg: &str, title: &str) -> String {
    let mut safe = String::with_capacity(title.len());
    for letter in title.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            _ => safe.push(letter),
        }
    }
    match svg.split_once(">\n") {
        Some((head, rest)) => format!("{head}>\n<title>{safe}</title>\n{rest}"),
        None => svg.to_owned(),
    }
}

/// Black letters of a height in pixels, written to the right of a point and below it.
fn letters(size: f64) -> TextStyle<'static> {
    (FAMILY, size).into_font().color(&BLACK)
}

/// The same letters, placed otherwise.
fn placed(style: &TextStyle<'static>, across: HPos, down: VPos) -> TextStyle<'static> {
    style.pos(Pos::new(across, down))
}

/// Writes text at a point; what is foreign in it is made safe here.
fn write(
    canvas: &Canvas<'_>,
    text: &str,
    at: (i32, i32),
    style: &TextStyle<'static>,
) -> Result<(), PlotFault> {
    let text = safe::clean(text);
    canvas.draw_text(&text, style, at).map_err(drawing)
}
