//! `plimsoll verify`: what a spec describes, judged again.

#![expect(clippy::disallowed_methods, reason = "the clock is looked at here, for the footer only")]

use std::time::Instant;

use domain::catalog::Catalog;
use domain::spec::Spec;
use domain::verification::{Status, Verification};
use reports::judged::Judged;
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
    let catalog = catalog(arguments, &spec)?;
    let mut described = restore(&spec, catalog.as_ref())?;
    let mut minute = None;
    let trace = match &arguments.trace {
        None => None,
        Some(path) => {
            let (trace, recorded) = input::trace(path)?;
            minute = trace.minute;
            trace.replace(&mut described.demand);
            Some(recorded)
        }
    };
    let scenarios = known(&described, &arguments.scenarios)?;
    let found = {
        let progress = Progress::start(arguments.json || arguments.quiet);
        let settings = Settings {
            seed: arguments.seed.unwrap_or(spec.provenance.seed),
            evidence: Evidence::Always,
            minute,
            ..Settings::default()
        };
        judged(&described, &scenarios, &settings, &progress)?
    };
    let judged = Judged {
        described: &described,
        spec_digest: &spec.metadata.digest,
        trace: trace.as_ref(),
        looked_up: catalog.is_some(),
        found: &found,
    };
    show(arguments, &judged, started)?;
    Ok(match found.status {
        Status::Verified => Exit::Verified,
        Status::Refuted | Status::Undecided => Exit::Refuted,
    })
}

/// Where regions and instance types are looked up: the catalog that was given, or the embedded one
/// where the spec was made from it.
fn catalog(arguments: &VerifyArguments, spec: &Spec) -> Result<Option<Catalog>, Failure> {
    let catalog = input::catalog(arguments.catalog.as_deref())?;
    let own = arguments.catalog.is_some() || catalog.digest == spec.provenance.catalog.digest;
    Ok(own.then_some(catalog))
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

fn show(arguments: &VerifyArguments, judged: &Judged<'_>, started: Instant) -> Result<(), Failure> {
    let style = screen::style_of_stdout();
    let text = if arguments.json {
        spec::judgement(judged)
    } else if arguments.quiet {
        terminal::judgement_line(judged, style)
    } else {
        let elapsed = format!("{:.2} s", started.elapsed().as_secs_f64());
        terminal::judgement(judged, style, Some(&elapsed))
    };
    screen::print(&text)
}
