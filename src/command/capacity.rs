//! `plimsoll capacity`: what a budget buys.

#![expect(clippy::disallowed_methods, reason = "the clock is looked at here, for the footer only")]

use std::time::Instant;

use domain::capacity::{Against, Capacity};
use domain::design::Ask;
use domain::intent::Intent;
use domain::objective::{Load, UserKind};
use domain::units::Percentile;
use reports::{spec, terminal};

use super::plan::quoted;
use super::question::{self, Again};
use crate::arguments::{Axis, Bill, CapacityArguments};
use crate::capacity::{Bought, Buying};
use crate::failure::{Exit, Failure};
use crate::frontier::{Outcome, latencies};
use crate::input;
use crate::planning::{Origin, Planner};
use crate::screen::{self, Progress};

pub(super) fn run(arguments: &CapacityArguments) -> Result<Exit, Failure> {
    let started = Instant::now();
    let asked = &arguments.question;
    let catalog = input::catalog(asked.catalog.as_deref())?;
    let limit = format!("{}={}", setting(arguments.against), arguments.budget);
    let read = question::read(asked, None, &[("--budget", limit)], &catalog)?;
    let outcome = outcome(arguments.outcome, &read.intent)?;
    let seed = question::seed(asked, &read);
    let budget = match arguments.against {
        Bill::Expected => read.intent.objectives.budget.expected,
        Bill::Ceiling => read.intent.objectives.budget.ceiling,
    };
    let budget = budget.expect("the setting of the budget was read");
    let against = match arguments.against {
        Bill::Expected => Against::Expected,
        Bill::Ceiling => Against::Ceiling,
    };
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
    let buying = Buying { planner: &planner, intent: &read.intent, outcome, budget, against };
    let bought = buying.most(&|carried| next(arguments, &read.intent, carried))?;
    match bought {
        Bought::Some(capacity) => {
            drop(progress);
            let elapsed = format!("{:.1} s", started.elapsed().as_secs_f64());
            screen::print(&shown(arguments, &capacity, &elapsed))?;
            Ok(Exit::Verified)
        }
        Bought::Nothing(least) => {
            let refused = planner.plan(&least)?;
            drop(progress);
            let elapsed = format!("{:.1} s", started.elapsed().as_secs_f64());
            let (json, quiet) = (asked.json, asked.quiet);
            let shown = super::plan::Shown { json, quiet, written: false };
            super::plan::show(&refused, shown, &elapsed)?;
            Ok(super::plan::exit(&refused))
        }
    }
}

fn shown(arguments: &CapacityArguments, found: &Capacity, elapsed: &str) -> String {
    let style = screen::style_of_stdout();
    if arguments.question.json {
        spec::capacity_text(&spec::capacity(found))
    } else if arguments.question.quiet {
        terminal::capacity_line(found, style)
    } else {
        terminal::capacity(found, style, Some(elapsed))
    }
}

/// The one outcome that was named.
fn outcome(axis: Axis, intent: &Intent) -> Result<Outcome, Failure> {
    match axis {
        Axis::Users => Ok(Outcome::Load),
        Axis::Uptime => Ok(Outcome::Uptime),
        Axis::Latency if latencies(intent).next().is_some() => Ok(Outcome::Latency(0)),
        Axis::Latency => Err(Failure::Unknown {
            name: "latency".to_owned(),
            what: "an outcome of this intent",
            help: "state one, such as 400ms latency: its percentile is kept".to_owned(),
        }),
    }
}

const fn setting(bill: Bill) -> &'static str {
    match bill {
        Bill::Expected => "objectives.budget.expected",
        Bill::Ceiling => "objectives.budget.ceiling",
    }
}

/// The command that plans what is carried. A phrase without a load gets one in front of it.
fn next(arguments: &CapacityArguments, intent: &Intent, carried: Ask) -> String {
    let question = &arguments.question;
    let mut asked = question.intent.clone();
    let mut settings = question.settings.clone();
    match (carried, &intent.objectives.load, &intent.phrase) {
        (Ask::Users(count), None, Some(phrase)) => asked = format!("{count} users, {phrase}"),
        _ => settings.insert(0, stated(intent, carried)),
    }
    if let (Some(name), Ask::Users(_) | Ask::Rate(_)) = (&question.environment, carried) {
        // What is carried is the environment's own load and no share of another one.
        settings.insert(0, format!("environments.{name}.load=100%"));
    }
    let mut words = vec!["plimsoll".to_owned(), "plan".to_owned(), quoted(&asked)];
    if arguments.against == Bill::Ceiling {
        settings.push(format!("{}={}", setting(Bill::Ceiling), arguments.budget));
    }
    for setting in settings {
        words.extend(["--set".to_owned(), quoted(&setting)]);
    }
    if let Some(headroom) = &question.headroom {
        words.extend(["--headroom".to_owned(), quoted(headroom)]);
    }
    if let Some(environment) = &question.environment {
        words.extend(["--environment".to_owned(), quoted(environment)]);
    }
    for policy in &question.policies {
        words.extend(["--policy".to_owned(), quoted(&policy.to_string_lossy())]);
    }
    if arguments.against == Bill::Expected {
        words.extend(["--budget".to_owned(), quoted(&arguments.budget)]);
    }
    words.join(" ")
}

/// The setting that asks for what is carried.
fn stated(intent: &Intent, carried: Ask) -> String {
    match carried {
        Ask::Users(count) => {
            let kind = match intent.objectives.load {
                Some(Load::Users { kind, .. }) => kind,
                Some(Load::Rate(_)) | None => None,
            };
            let key = match kind {
                None => "users",
                Some(UserKind::Concurrent) => "concurrent_users",
                Some(UserKind::DailyActive) => "daily_active_users",
                Some(UserKind::Registered) => "registered_users",
            };
            format!("objectives.load.{key}={count}")
        }
        Ask::Rate(rate) => format!("objectives.load.requests_per_second={}", rate.value()),
        Ask::Uptime(uptime) => format!("objectives.uptime={uptime}"),
        Ask::Latency(limit) => {
            let first = latencies(intent).next();
            let percentile = first.map_or(Percentile::P95, |latency| latency.percentile);
            format!("objectives.latency.{percentile}={}ms", (limit.value() * 1e3).round())
        }
    }
}

fn command(arguments: &CapacityArguments, again: Again) -> String {
    let against = match arguments.against {
        Bill::Expected => "expected",
        Bill::Ceiling => "ceiling",
    };
    let own = [
        ("--budget", arguments.budget.as_str()),
        ("--outcome", arguments.outcome.as_str()),
        ("--against", against),
    ];
    question::command("capacity", &arguments.question, &own, again)
}
