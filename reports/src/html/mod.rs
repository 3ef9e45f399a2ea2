//! The sizing report as one self-contained page: the verdict on its first screen, then the sections
//! of the report in their order.
//!
//! Everything on it comes from the spec and the studies beside it. Nothing is fetched: styles,
//! script and drawings are in the page, and its policy allows no others. Without the script all of
//! it can be read; it sorts tables, opens what is folded before printing, and turns the page dark
//! or light.

mod diagram;
mod page;
mod shell;
mod verdict;
mod visible;

use domain::outcome::Answer;
use domain::spec::Spec;
use domain::study::Studies;

use crate::document::{Sheet, sections};
use crate::plots::PlotFault;

/// The file of the page.
pub const REPORT_FILE: &str = "report.html";

/// The report of a spec and of the answer that it was written from, or that was restored from it:
/// the same bytes for the same spec.
///
/// # Errors
/// When a plot cannot be drawn.
pub fn render(spec: &Spec, answer: &Answer) -> Result<String, PlotFault> {
    render_with(spec, answer, &Studies::default())
}

/// The same with studies of the plan in it.
///
/// # Errors
/// When a plot cannot be drawn.
pub fn render_with(spec: &Spec, answer: &Answer, studies: &Studies) -> Result<String, PlotFault> {
    let sheet = Sheet { spec, answer, studies };
    let sections = sections(sheet);
    let numbered = (1..).zip(&sections);
    let sections = numbered.map(|(number, blocks)| page::section(sheet, number, blocks));
    let sections = sections.collect::<Result<Vec<_>, _>>()?;
    Ok(shell::page(sheet, &verdict::screen(sheet), &sections).into_string())
}
