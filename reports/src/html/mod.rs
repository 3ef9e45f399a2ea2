//! The sizing report as one self-contained page: the verdict on its first screen, then the sections
//! of the report in their order.
//!
//! Everything on it comes from the spec alone. Nothing is fetched: styles, script and drawings are
//! in the page, and its policy allows no others. Without the script all of it can be read; it sorts
//! tables, opens what is folded before printing, and turns the page dark or light.

mod availability;
mod capacity;
mod cost;
mod design;
mod diagram;
mod limits;
mod optimality;
mod page;
mod policies;
mod sensitivity;
mod shell;
mod simulation;
mod understanding;
mod verdict;
mod visible;

use domain::outcome::Answer;
use domain::spec::Spec;
use miette::Diagnostic;
use thiserror::Error;

use crate::plots::PlotFault;
use crate::restore::{self, RestoreFaults};

/// The file of the page.
pub const REPORT_FILE: &str = "report.html";

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum PageFault {
    /// The spec means nothing.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Meaning(#[from] RestoreFaults),
    /// A plot cannot be drawn.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Plot(#[from] PlotFault),
}

/// A spec, and the answer that it was written from.
struct Sheet<'a> {
    spec: &'a Spec,
    answer: &'a Answer,
}

/// The report of a spec: the same bytes for the same spec.
///
/// # Errors
/// When the spec names what it does not have, or a number in it has no meaning; or when a plot
/// cannot be drawn.
pub fn render(spec: &Spec) -> Result<String, PageFault> {
    let answer = restore::answer(spec)?;
    let sheet = Sheet { spec, answer: &answer };
    let sections = [
        understanding::intent(&sheet),
        understanding::assumptions(&sheet),
        design::topology(&sheet),
        design::materials(&sheet),
        capacity::capacity(&sheet)?,
        availability::availability(&sheet)?,
        simulation::simulation(&sheet)?,
        optimality::optimality(&sheet),
        optimality::rejected(&sheet),
        cost::cost(&sheet)?,
        sensitivity::sensitivity(&sheet)?,
        limits::risks(&sheet),
        limits::reproduction(&sheet),
        policies::policies(&sheet),
    ];
    Ok(shell::page(&sheet, &verdict::screen(&sheet), &sections).into_string())
}

/// A plot, or nothing where the spec has no evidence for it.
fn drawn(plot: Result<String, PlotFault>) -> Result<Option<String>, PlotFault> {
    match plot {
        Ok(svg) => Ok(Some(svg)),
        Err(PlotFault::Nothing(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Where the numbers of a simulation came from.
fn sampled(sheet: &Sheet<'_>) -> String {
    let found = &sheet.answer.verification;
    format!(
        "seed {} · {} requests simulated in {} scenarios",
        found.seed,
        crate::figures::grouped(found.requests),
        found.scenarios.len()
    )
}
