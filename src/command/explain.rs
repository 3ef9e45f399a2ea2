//! `plimsoll explain`: why a plan is as it is.

#![expect(clippy::disallowed_methods, reason = "the clock is looked at here, for the footer only")]

use std::time::Instant;

use reports::{spec, terminal};

use super::question::{self, Again};
use crate::arguments::ExplainArguments;
use crate::explain::{Further, explain};
use crate::failure::{Exit, Failure};
use crate::input;
use crate::planning::{Origin, Planner};
use crate::screen::{self, Progress};

pub(super) fn run(arguments: &ExplainArguments) -> Result<Exit, Failure> {
    let started = Instant::now();
    let asked = &arguments.question;
    let catalog = input::catalog(asked.catalog.as_deref())?;
    let read = question::read(asked, arguments.budget.as_deref(), &[], &catalog)?;
    let seed = question::seed(asked, &read);
    let progress = Progress::start(asked.json || asked.quiet);
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
    let further = Further { offer: arguments.offer.as_deref(), assumptions: arguments.assumptions };
    let explained = explain(&planner, &read.intent, further)?;
    let Some(explained) = explained else {
        // There is nothing to explain but why there is nothing.
        let outcome = planner.plan(&read.intent)?;
        drop(progress);
        let elapsed = format!("{:.1} s", started.elapsed().as_secs_f64());
        let shown = super::plan::Shown { json: asked.json, quiet: asked.quiet, written: false };
        super::plan::show(&outcome, shown, &elapsed)?;
        return Ok(super::plan::exit(&outcome));
    };
    drop(progress);
    let style = screen::style_of_stdout();
    let elapsed = format!("{:.1} s", started.elapsed().as_secs_f64());
    let text = if asked.json {
        spec::explanation_text(&spec::explanation(&explained))
    } else if asked.quiet {
        terminal::explanation_line(&explained, style)
    } else {
        terminal::explanation(&explained, style, Some(&elapsed))
    };
    screen::print(&text)?;
    Ok(Exit::Verified)
}

fn command(arguments: &ExplainArguments, again: Again) -> String {
    let mut own = Vec::new();
    if let Some(offer) = &arguments.offer {
        own.push(("--offer", offer.as_str()));
    }
    if arguments.assumptions {
        own.push(("--assumptions", ""));
    }
    if let Some(budget) = &arguments.budget {
        own.push(("--budget", budget));
    }
    question::command("explain", &arguments.question, &own, again)
}
