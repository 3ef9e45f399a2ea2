//! `plimsoll verify`: what a spec describes, judged again.

#![expect(clippy::disallowed_methods, reason = "the clock is looked at here, for the footer only")]

use std::time::Instant;

use domain::spec::Spec;
use domain::verification::{Status, Verification};
use reports::restore::{Described, restore};
use reports::{spec, terminal};
use simulator::{Evidence, Settings, SimulatorFault, scenario_names, verify, verify_scenarios};

use crate::arguments::VerifyArguments;
use crate::failure::{Exit, Failure};
use crate::input;
use crate::screen::{self, Progress};

pub(super) fn run(arguments: &VerifyArguments) -> Result<Exit, Failure> {
    let started = Instant::now();
    let spec = input::spec(&arguments.spec)?;
    let mut described = restore(&spec)?;
    if let Some(path) = &arguments.trace {
        input::trace(path)?.replace(&mut described.demand);
    }
    let scenarios = known(&described, &arguments.scenarios)?;
    let found = {
        let progress = Progress::start(arguments.json || arguments.quiet);
        let settings = Settings {
            seed: arguments.seed.unwrap_or(spec.provenance.seed),
            evidence: Evidence::Always,
            ..Settings::default()
        };
        judged(&described, &scenarios, &settings, &progress)?
    };
    show(arguments, &spec, &described, &found, started)?;
    Ok(match found.status {
        Status::Verified => Exit::Verified,
        Status::Refuted | Status::Undecided => Exit::Refuted,
    })
}

/// The scenarios that were asked for, each of which there must be.
fn known(described: &Described, asked: &[String]) -> Result<Vec<String>, Failure> {
    let names = scenario_names(&described.demand, &described.topology)?;
    match asked.iter().find(|name| !names.contains(name)) {
        None => Ok(asked.to_vec()),
        Some(name) => Err(Failure::Unknown {
            name: name.clone(),
            what: "a scenario of this spec",
            help: format!("there are {}", names.join(", ")),
        }),
    }
}

fn judged(
    described: &Described,
    scenarios: &[String],
    settings: &Settings,
    progress: &Progress,
) -> Result<Verification, SimulatorFault> {
    let (demand, topology) = (&described.demand, &described.topology);
    let tell = |seen: &simulator::Progress<'_>| progress.say(&screen::simulated("verifying", seen));
    if scenarios.is_empty() {
        verify(demand, topology, settings, &tell)
    } else {
        verify_scenarios(demand, topology, scenarios, settings, &tell)
    }
}

fn show(
    arguments: &VerifyArguments,
    spec: &Spec,
    described: &Described,
    found: &Verification,
    started: Instant,
) -> Result<(), Failure> {
    let style = screen::style_of_stdout();
    let text = if arguments.json {
        spec::judgement(described, &spec.metadata.digest, found)
    } else if arguments.quiet {
        terminal::judgement_line(described, found, style)
    } else {
        let elapsed = format!("{:.2} s", started.elapsed().as_secs_f64());
        terminal::judgement(described, found, style, Some(&elapsed))
    };
    screen::print(&text)
}
