//! `plimsoll plan` of an intent with environments: each is planned for itself, and one answer says
//! what came of all of them.

#![expect(clippy::disallowed_methods, reason = "the clock is looked at here, for the footer only")]

use std::time::Instant;

use domain::catalog::Catalog;
use domain::environments::{Environments, Row, Standing};
use domain::name::Name;
use domain::outcome::Outcome;
use domain::study::Studies;
use reports::{spec, terminal};

use super::plan::{self, Account};
use super::{building, studied};
use crate::arguments::PlanArguments;
use crate::failure::{Exit, Failure};
use crate::input::ReadIntent;
use crate::screen::{self, Progress};

pub(super) fn run(
    arguments: &PlanArguments,
    (read, account): (&[(Name, ReadIntent)], &Account),
    catalog: &Catalog,
) -> Result<Exit, Failure> {
    let started = Instant::now();
    if account.replaces() {
        return Err(Failure::Usage {
            message: "'--supersedes' names one plan, and there is one for each environment"
                .to_owned(),
            help: "plan each by itself, with --environment NAME and --supersedes and the spec of \
                   that environment that was built before"
                .to_owned(),
        });
    }
    let own = plan::names(arguments);
    let names =
        read.iter().flat_map(|(name, _)| own.iter().map(move |file| format!("{name}/{file}")));
    let names: Vec<String> = names.collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let files = plan::prepared(arguments, &names)?;
    let (mut rows, mut studies) = (Vec::new(), Vec::new());
    {
        let progress = Progress::start(arguments.json || arguments.quiet);
        for (name, read) in read {
            let say = |message: &str| progress.say(&format!("{name}: {message}"));
            let outcome =
                plan::outcome(arguments, (read, Some(name.as_str()), account), (catalog, &say));
            let refused = |cause| Failure::InEnvironment { name: name.clone(), cause: vec![cause] };
            let outcome = outcome.map_err(refused)?;
            let asked = (read, Some(name.as_str()));
            let found = studied::studies(arguments, asked, &outcome, (catalog, &say));
            studies.push(found.map_err(refused)?);
            rows.push(Row { name: name.clone(), outcome });
        }
    }
    let answers = Environments { rows };
    let contents = if files.is_some() { contents(&answers, &studies)? } else { Vec::new() };
    if let Some(files) = &files {
        files.write(&contents)?;
    }
    let written: Vec<&str> = contents.iter().map(|(name, _)| name.as_str()).collect();
    let elapsed = format!("{:.2} s", started.elapsed().as_secs_f64());
    screen::print(&shown(arguments, &answers, &elapsed))?;
    plan::wrote(arguments, &written, |folder| building::told_of_each(&answers, folder))?;
    Ok(exit(answers.worst().0))
}

/// The files of every environment; none at all where one of them has no plan.
fn contents(answers: &Environments, studies: &[Studies]) -> Result<Vec<(String, String)>, Failure> {
    let mut files = Vec::new();
    for (row, studies) in answers.rows.iter().zip(studies) {
        let Outcome::Planned(answer) = &row.outcome else { return Ok(Vec::new()) };
        let own = plan::contents(answer, studies)?;
        files.extend(own.into_iter().map(|(file, text)| (format!("{}/{file}", row.name), text)));
    }
    Ok(files)
}

fn shown(arguments: &PlanArguments, answers: &Environments, elapsed: &str) -> String {
    let style = screen::style_of_stdout();
    if arguments.json {
        spec::environments(answers)
    } else if arguments.quiet {
        terminal::environments_line(answers, style)
    } else {
        let wrote = arguments.out.is_some().then(|| answers.total().is_some());
        terminal::environments(answers, style, (wrote, elapsed))
    }
}

const fn exit(standing: Standing) -> Exit {
    match standing {
        Standing::Verified => Exit::Verified,
        Standing::Undecided | Standing::Refuted => Exit::Refuted,
        Standing::Infeasible => Exit::Infeasible,
    }
}
