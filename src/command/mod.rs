//! The subcommands, one a file, and what they share: how failures are shown and codes are chosen.

mod archetypes;
mod catalog;
mod help;
mod plan;
mod schema;
mod simulate;
mod verify;

use std::panic;
use std::process::ExitCode;

use clap::Parser;
use miette::Diagnostic;
use reports::diagnostics;

use crate::arguments::{Arguments, Command};
use crate::failure::{Exit, Failure};
use crate::screen;

/// Runs the command of the process and shows why it could not be run.
pub(crate) fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => {
            return ExitCode::from(explain(&usage).code());
        }
    };
    panic::set_hook(Box::new(|panic| {
        screen::complain(&format!("{panic}\n"));
    }));
    let json = match &arguments.command {
        Command::Plan(plan) => plan.json,
        Command::Verify(verify) => verify.json,
        Command::Simulate(simulate) => simulate.json,
        _ => false,
    };
    let exit = match panic::catch_unwind(|| dispatch(arguments.command)) {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => {
            show(&failure, json);
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

/// Usage goes to standard error when it was wrong, and to standard output when it was asked for.
fn explain(usage: &clap::Error) -> Exit {
    let written = usage.print();
    if usage.use_stderr() {
        return Exit::Invalid;
    }
    match screen::unless_gone(written) {
        Ok(()) => Exit::Verified,
        Err(failure) => {
            show(&failure, false);
            failure.exit()
        }
    }
}

fn dispatch(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Plan(arguments) => plan::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments),
        Command::Schema { kind } => schema::run(kind),
        Command::Archetypes { name } => archetypes::run(name.as_deref()),
        Command::Catalog { action } => catalog::run(action),
        Command::Help { topic } => help::run(topic.as_deref()),
    }
}

/// Faults go to standard error for people, and to standard output for machines that asked.
fn show(failure: &Failure, json: bool) {
    let diagnostics: [&dyn Diagnostic; 1] = [failure];
    let for_people = |diagnostics: &[&dyn Diagnostic]| {
        screen::complain(&diagnostics::render(diagnostics, screen::style_of_stderr()));
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
