//! The studies of `plimsoll plan --study`: what `explain` and `frontier` find out about the plan,
//! in the same run.

use domain::catalog::Catalog;
use domain::outcome::Outcome as Answered;
use domain::plan::LatencyForm;
use domain::study::{Studies, Study};
use domain::verification::Status;
use reports::spec;

use super::question;
use crate::arguments::{Axis, EffortWord, PlanArguments, Question, StudyWord};
use crate::explain::{Further, explain};
use crate::failure::Failure;
use crate::frontier::{Outcome, frontier, latencies};
use crate::input::ReadIntent;
use crate::planning::{Origin, Planner};
use crate::studies;

/// The files of studies.
const EXPLANATION: &str = "explanation.json";
const FRONTIER: &str = "frontier.json";

/// Refuses what no study is about.
pub(super) fn check(arguments: &PlanArguments, form: LatencyForm) -> Result<(), Failure> {
    if let Some(growth) = &arguments.growth {
        super::frontier::monthly(growth)?;
        if !arguments.studies.contains(&StudyWord::Frontier) {
            return Err(Failure::Usage {
                message: "'--growth' is what the study frontier looks at".to_owned(),
                help: "add --study frontier, or leave it out".to_owned(),
            });
        }
    }
    let option = match (arguments.effort, form) {
        _ if arguments.studies.is_empty() => return Ok(()),
        (EffortWord::Full, _) => "--effort full",
        (_, LatencyForm::Proof) => "--latency-form proof",
        (EffortWord::Quick, LatencyForm::Moment) => return Ok(()),
    };
    Err(Failure::Usage {
        message: format!("'--study' cannot be used with '{option}'"),
        help: "what explain and frontier compare are plans of the quick search: leave one of them \
               out"
        .to_owned(),
    })
}

const fn file(word: StudyWord) -> &'static str {
    match word {
        StudyWord::Explain => EXPLANATION,
        StudyWord::Frontier => FRONTIER,
    }
}

/// The files that are written beside a plan.
pub(super) fn files(arguments: &PlanArguments) -> impl Iterator<Item = &'static str> {
    let words = [StudyWord::Explain, StudyWord::Frontier];
    words.into_iter().filter(|word| arguments.studies.contains(word)).map(file)
}

/// Those files with what they hold.
pub(super) fn contents(studies: &Studies) -> Vec<(&'static str, String)> {
    let explanation = studies.explanation.as_deref().map(spec::explanation_text);
    let frontier = studies.frontier.as_deref().map(spec::frontier_text);
    let files = [(EXPLANATION, explanation), (FRONTIER, frontier)];
    files.into_iter().filter_map(|(file, text)| Some((file, text?))).collect()
}

/// What is asked about a plan; nothing about one that does not hold.
pub(super) fn studies(
    arguments: &PlanArguments,
    (read, environment): (&ReadIntent, Option<&str>),
    outcome: &Answered,
    (catalog, progress): (&Catalog, &(dyn Fn(&str) + Sync)),
) -> Result<Studies, Failure> {
    let mut found = Studies::default();
    let Answered::Planned(answer) = outcome else { return Ok(found) };
    if answer.status() != Status::Verified {
        return Ok(found);
    }
    for word in &arguments.studies {
        let (command, digest) = (command(arguments, (read, environment), *word), &read.digest);
        let planner = Planner {
            catalog,
            seed: arguments.seed,
            origin: Origin { command: &command, intent_digest: digest },
            thorough: false,
            form: LatencyForm::Moment,
            progress,
        };
        if let Some(study) = study(&planner, read, (*word, arguments.growth.as_deref()))? {
            studies::of_this_run(&study, file(*word), &spec::render(answer))?;
            // The same study named twice is the same study.
            let _ = found.add(study);
        }
    }
    Ok(found)
}

fn study(
    planner: &Planner<'_>,
    read: &ReadIntent,
    (word, growth): (StudyWord, Option<&str>),
) -> Result<Option<Study>, Failure> {
    Ok(match word {
        StudyWord::Explain => {
            let found = explain(planner, &read.intent, Further { offer: None, assumptions: true })?;
            found.map(|found| Study::Explanation(Box::new(spec::explanation(&found))))
        }
        StudyWord::Frontier => {
            let limits = (0..latencies(&read.intent).count()).map(Outcome::Latency);
            let over: Vec<Outcome> =
                [Outcome::Load, Outcome::Uptime].into_iter().chain(limits).collect();
            let growth = growth.map(super::frontier::monthly).transpose()?;
            let found = frontier(planner, &read.intent, (&over, growth))?;
            Some(Study::Frontier(Box::new(spec::frontier(&found))))
        }
    })
}

/// The command that gives the same study again.
fn command(
    arguments: &PlanArguments,
    (read, environment): (&ReadIntent, Option<&str>),
    word: StudyWord,
) -> String {
    let question = Question {
        intent: arguments.intent.clone(),
        catalog: arguments.catalog.clone(),
        json: false,
        quiet: false,
        seed: None,
        settings: arguments.settings.clone(),
        headroom: arguments.headroom.clone(),
        policies: arguments.policies.clone(),
        on: None,
        environment: environment.map(str::to_owned),
    };
    let mut axes = vec![Axis::Users, Axis::Uptime];
    if latencies(&read.intent).next().is_some() {
        axes.push(Axis::Latency);
    }
    let over = axes.iter().map(|axis| axis.as_str()).collect::<Vec<_>>().join(",");
    let (name, mut own) = match word {
        StudyWord::Explain => ("explain", vec![("--assumptions", "")]),
        StudyWord::Frontier => ("frontier", vec![("--over", over.as_str())]),
    };
    if word == StudyWord::Frontier {
        own.extend(arguments.growth.as_deref().map(|growth| ("--growth", growth)));
    }
    own.extend(arguments.budget.as_deref().map(|budget| ("--budget", budget)));
    question::command(name, &question, &own, (arguments.seed, read.intent.policy.on))
}
