//! `plimsoll frontier`: what outcomes cost against each other.

#![expect(clippy::disallowed_methods, reason = "the clock is looked at here, for the first line")]

use std::path::Path;
use std::time::Instant;

use domain::frontier::Frontier;
use domain::intent::Intent;
use domain::units::{Ratio, Reading as _};
use reports::{plots, spec, terminal};

use super::question::{self, Again};
use crate::arguments::{Axis, FrontierArguments};
use crate::failure::{Exit, Failure};
use crate::frontier::{Outcome, frontier, latencies};
use crate::planning::{Origin, Planner};
use crate::screen::{self, Progress};
use crate::{input, output};

pub(super) fn run(arguments: &FrontierArguments) -> Result<Exit, Failure> {
    let started = Instant::now();
    let asked = &arguments.question;
    let plot = arguments.plot.as_deref().map(|path| drawn_to(path, arguments.force)).transpose()?;
    let catalog = input::catalog(asked.catalog.as_deref())?;
    let read = question::read(asked, arguments.budget.as_deref(), &[], &catalog)?;
    let over = outcomes(&arguments.over, &read.intent)?;
    let growth = arguments.growth.as_deref().map(monthly).transpose()?;
    let seed = question::seed(asked, &read);
    let found = {
        let progress = Progress::start(asked.json || asked.quiet || arguments.csv);
        let planner = Planner {
            catalog: &catalog,
            seed,
            origin: Origin {
                command: &command(arguments, (seed, read.intent.policy.on)),
                intent_digest: &read.digest,
            },
            thorough: false,
            form: domain::plan::LatencyForm::Moment,
            progress: &|message| progress.say(message),
        };
        frontier(&planner, &read.intent, (&over, growth))?
    };
    if let Some((files, name)) = &plot {
        files.write(&[(name, plots::frontier(&spec::frontier(&found))?)])?;
    }
    let elapsed = format!("{:.1} s", started.elapsed().as_secs_f64());
    screen::print(&shown(arguments, &found, &elapsed))?;
    Ok(if found.is_reached() { Exit::Verified } else { Exit::Infeasible })
}

fn shown(arguments: &FrontierArguments, found: &Frontier, elapsed: &str) -> String {
    let style = screen::style_of_stdout();
    if arguments.question.json {
        spec::frontier_text(&spec::frontier(found))
    } else if arguments.csv {
        spec::frontier_csv(found)
    } else if arguments.question.quiet {
        terminal::frontier_line(found, style)
    } else {
        terminal::frontier(found, style, Some(elapsed))
    }
}

/// The folder and the name of a file that is written at the end.
fn drawn_to(path: &Path, force: bool) -> Result<(output::Files, &str), Failure> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| Failure::Write {
        path: path.to_owned(),
        cause: std::io::Error::from(std::io::ErrorKind::InvalidFilename),
    })?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    Ok((output::Files::prepare(folder, force, &[name])?, name))
}

/// A growth a month.
pub(super) fn monthly(text: &str) -> Result<Ratio, Failure> {
    Ratio::read(text).map_err(|fault| Failure::Usage {
        message: format!("--growth {text}: {fault}"),
        help: fault.help(),
    })
}

/// The outcomes that were named, each once; every latency that is stated is one.
fn outcomes(axes: &[Axis], intent: &Intent) -> Result<Vec<Outcome>, Failure> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    for axis in axes {
        let named: Vec<Outcome> = match axis {
            Axis::Users => vec![Outcome::Load],
            Axis::Uptime => vec![Outcome::Uptime],
            Axis::Latency => (0..latencies(intent).count()).map(Outcome::Latency).collect(),
        };
        if named.is_empty() {
            return Err(Failure::Unknown {
                name: "latency".to_owned(),
                what: "an outcome of this intent",
                help: "state one, such as 400ms latency".to_owned(),
            });
        }
        outcomes.extend(
            named.into_iter().filter(|named| !outcomes.contains(named)).collect::<Vec<_>>(),
        );
    }
    Ok(outcomes)
}

fn command(arguments: &FrontierArguments, again: Again) -> String {
    let over: Vec<&str> = arguments.over.iter().map(|axis| axis.as_str()).collect();
    let over = over.join(",");
    let mut own = vec![("--over", over.as_str())];
    if let Some(growth) = &arguments.growth {
        own.push(("--growth", growth));
    }
    if let Some(budget) = &arguments.budget {
        own.push(("--budget", budget));
    }
    question::command("frontier", &arguments.question, &own, again)
}
