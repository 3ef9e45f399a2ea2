//! The subcommands, one a file, and what they share: how failures are shown and codes are chosen.

mod approve;
mod archetypes;
mod audit;
mod building;
mod capacity;
mod catalog;
mod check;
mod compare;
mod diff;
mod emit;
mod emitted;
mod environments;
mod explain;
mod frontier;
mod help;
mod plan;
mod question;
mod report;
mod schema;
mod simulate;
mod studied;
mod usage;
mod verify;

use std::panic;
use std::process::ExitCode;

use miette::Diagnostic;
use reports::diagnostics;

use crate::arguments::Command;
use crate::failure::{Exit, Failure};
use crate::screen;

pub(crate) use check::checked;

/// Runs the command of the process and shows why it could not be run.
pub(crate) fn run() -> ExitCode {
    let arguments = match usage::parse() {
        Ok(arguments) => arguments,
        Err(exit) => return ExitCode::from(exit.code()),
    };
    panic::set_hook(Box::new(|panic| {
        screen::complain(&format!("{panic}\n"));
    }));
    let json = match &arguments.command {
        Command::Plan(plan) => plan.json,
        Command::Capacity(capacity) => capacity.question.json,
        Command::Explain(explain) => explain.question.json,
        Command::Frontier(frontier) => frontier.question.json,
        Command::Verify(verify) => verify.json,
        Command::Check(check) => check.json,
        Command::Diff(diff) => diff.json,
        Command::Simulate(simulate) => simulate.json,
        _ => false,
    };
    let undone = undone(&arguments.command);
    let exit = match panic::catch_unwind(|| dispatch(arguments.command)) {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => {
            show(&failure, undone, json);
            failure.exit()
        }
        // The hook has said what happened and where.
        Err(_) => {
            screen::complain("internal fault: please report it with the command that led to it\n");
            Exit::Internal
        }
    };
    ExitCode::from(exit.code())
}

fn dispatch(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Plan(arguments) => plan::run(&arguments),
        Command::Capacity(arguments) => capacity::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Frontier(arguments) => frontier::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Approve(arguments) => approve::run(&arguments),
        Command::Emit(arguments) => emit::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Audit { action } => audit::run(&action),
        Command::Simulate(arguments) => simulate::run(&arguments),
        Command::Schema { kind } => schema::run(kind),
        Command::Archetypes { name } => archetypes::run(name.as_deref()),
        Command::Catalog { action } => catalog::run(action),
        Command::Help { topic } => help::run(topic.as_deref()),
    }
}

/// What a command that failed has not done.
const fn undone(command: &Command) -> Option<&'static str> {
    match command {
        Command::Plan(_) | Command::Capacity(_) | Command::Explain(_) | Command::Frontier(_) => {
            Some("nothing was planned or written")
        }
        Command::Verify(_) => Some("nothing was verified"),
        Command::Check(_) => Some("nothing was checked"),
        Command::Diff(_) => Some("nothing was compared"),
        Command::Approve(_) | Command::Emit(_) | Command::Report(_) => Some("nothing was written"),
        Command::Simulate(_) => Some("nothing was simulated or written"),
        _ => None,
    }
}

/// Faults go to standard error for people, and to standard output for machines that asked.
fn show(failure: &Failure, undone: Option<&str>, json: bool) {
    let diagnostics: [&dyn Diagnostic; 1] = [failure];
    let for_people = |diagnostics: &[&dyn Diagnostic]| {
        screen::complain(&diagnostics::render(diagnostics, undone, screen::style_of_stderr()));
    };
    if !json || matches!(failure, Failure::Print { .. }) {
        for_people(&diagnostics);
        return;
    }
    let document = diagnostics::json(&diagnostics);
    if let Err(lost) = screen::print(&format!("{document:#}\n")) {
        for_people(&[failure, &lost]);
    }
}
