//! Plimsoll: from an outcome to the cheapest cloud topology that a load simulation could not sink.
//!
//! This crate is the program around the rooms: the only place that reads and writes files, looks
//! at the clock and at the terminal, and chooses exit codes. `planning` is the loop in which the
//! solver proposes and the simulator judges; `check` re-computes the result without either, and
//! `audit` all of a spec.

mod alternatives;
pub mod approvals;
pub mod arguments;
pub mod audit;
mod authorship;
mod capacity;
pub mod chain;
pub mod check;
mod command;
mod compare;
pub mod emission;
mod explain;
pub mod failure;
mod frontier;
mod governance;
mod infeasible;
mod input;
mod notices;
mod output;
pub mod planning;
mod relaxations;
mod replan;
mod risks;
mod screen;
pub mod standing;
pub mod studies;
pub mod trace;

use std::process::ExitCode;

/// The solver makes and drops some hundred thousand small lists of options, and large ones of which
/// the allocator of the C library gives the pages back each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    command::run()
}
