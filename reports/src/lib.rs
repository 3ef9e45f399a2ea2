//! What an answer looks like: the spec for machines, the verdict for a terminal, the report for a
//! reader, and the plots in it.
//!
//! Every function here is pure: it takes an answer and gives text back. Nothing is solved,
//! simulated, measured or written to a file. What is not in the answer is shown as `–`, never made
//! up.

mod cdn;
pub mod checked;
mod composition;
pub mod diagnostics;
pub mod diff;
mod differences;
mod document;
pub mod emit;
mod figures;
mod findings;
pub mod html;
pub mod judged;
pub mod markdown;
mod outcomes;
pub mod plots;
pub mod policies;
mod proven;
pub mod restore;
mod reviews;
mod safe;
pub mod simulation;
pub mod spec;
pub mod terminal;
