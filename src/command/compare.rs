//! `plimsoll plan --compare`: the best plan of each provider and region, side by side.

#![expect(clippy::disallowed_methods, reason = "the clock is looked at here, for the footer only")]

use std::time::Instant;

use domain::comparison::Comparison;
use domain::plan::LatencyForm;
use domain::verification::Status;
use reports::{spec, terminal};

use super::plan;
use crate::arguments::PlanArguments;
use crate::compare::compare;
use crate::failure::{Exit, Failure};
use crate::input;
use crate::planning::{Origin, Planner};
use crate::screen::{self, Progress};

pub(super) fn run(arguments: &PlanArguments) -> Result<Exit, Failure> {
    let started = Instant::now();
    let catalog = input::catalog(arguments.catalog.as_deref())?;
    let read = input::intent(&plan::asked(arguments), &catalog)?;
    let environment = arguments.environment.as_deref();
    let progress = Progress::start(arguments.json || arguments.quiet);
    let planner = Planner {
        catalog: &catalog,
        seed: arguments.seed,
        origin: Origin {
            command: &plan::command(arguments, LatencyForm::Moment, (&read, environment)),
            intent_digest: &read.digest,
        },
        thorough: true,
        form: LatencyForm::Moment,
        progress: &|message| progress.say(message),
    };
    let compared = compare(&planner, &read.intent)?;
    if !arguments.json && compared.rows.iter().all(|row| row.placed().is_none()) {
        // There is nothing to compare: why there is nothing says more.
        let outcome = planner.plan(&read.intent)?;
        drop(progress);
        let elapsed = format!("{:.2} s", started.elapsed().as_secs_f64());
        let shown = plan::Shown { json: arguments.json, quiet: arguments.quiet, written: false };
        plan::show(&outcome, shown, &elapsed)?;
        return Ok(plan::exit(&outcome));
    }
    drop(progress);
    let elapsed = format!("{:.2} s", started.elapsed().as_secs_f64());
    screen::print(&shown(arguments, &compared, &elapsed))?;
    Ok(exit(&compared))
}

fn shown(arguments: &PlanArguments, compared: &Comparison, elapsed: &str) -> String {
    let style = screen::style_of_stdout();
    if arguments.json {
        spec::comparison(compared)
    } else if arguments.quiet {
        terminal::comparison_line(compared, style)
    } else {
        terminal::comparison(compared, style, Some(elapsed))
    }
}

/// The exit code of the plan that answers the intent.
fn exit(compared: &Comparison) -> Exit {
    match compared.answered().and_then(|(_, placed)| placed.evidence.status()) {
        Some(Status::Verified) => Exit::Verified,
        Some(Status::Refuted | Status::Undecided) => Exit::Refuted,
        None => Exit::Infeasible,
    }
}
