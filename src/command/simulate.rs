//! `plimsoll simulate`: a queueing model, run until its answer is exact enough.

#![expect(clippy::disallowed_methods, reason = "the clock is looked at here, for the footer only")]

use std::time::Instant;

use domain::simulation::Simulation;
use reports::plots::{COURSE_FILE, RESPONSE_DISTRIBUTION_FILE};
use reports::{plots, simulation, terminal};
use simulator::document::{Interim, simulate};

use crate::arguments::SimulateArguments;
use crate::failure::{Exit, Failure};
use crate::screen::{self, Progress};
use crate::{input, output};

/// The file of the answer.
const RESULT: &str = "result.json";

pub(super) fn run(arguments: &SimulateArguments) -> Result<Exit, Failure> {
    let started = Instant::now();
    let names = [RESULT, RESPONSE_DISTRIBUTION_FILE, COURSE_FILE];
    let files = arguments
        .out
        .as_ref()
        .map(|folder| output::Files::prepare(folder, arguments.force, &names))
        .transpose()?;
    let model = input::model(&arguments.model)?;
    let found = {
        let progress = Progress::start(arguments.json || arguments.quiet);
        simulate(&model, arguments.seed, &|interim| progress.say(&so_far(interim)))?
    };
    if let Some(files) = &files {
        files.write(&contents(&found)?)?;
    }
    let style = screen::style_of_stdout();
    let elapsed = format!("{:.2} s", started.elapsed().as_secs_f64());
    let text = match (arguments.json, arguments.quiet) {
        (true, _) => simulation::text(&found),
        (_, true) => terminal::simulation_line(&found, style),
        _ => terminal::simulation(&found, style, Some(&elapsed)),
    };
    screen::print(&text)?;
    Ok(Exit::Verified)
}

/// The files: plots only of what there is to draw.
fn contents(found: &Simulation) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut files = vec![(RESULT, simulation::text(found))];
    if found.distribution.iter().any(|point| point.response.high > 0.0) {
        files.push((RESPONSE_DISTRIBUTION_FILE, plots::response_distribution(found)?));
    }
    if !found.series.is_empty() {
        files.push((COURSE_FILE, plots::course(found)?));
    }
    Ok(files)
}

/// The line of progress.
fn so_far(interim: &Interim) -> String {
    match (interim.response, interim.precision) {
        (Some(response), Some(precision)) => format!(
            "{} trials: mean response time {:.4} s \u{b1}{:.2}%",
            interim.trials,
            response.value,
            precision * 100.0
        ),
        _ => format!("{} trials", interim.trials),
    }
}
