//! `plimsoll plan`: the main job.

#![expect(clippy::disallowed_methods, reason = "the clock is looked at here, for the footer only")]

use std::time::Instant;

use domain::catalog::Catalog;
use domain::outcome::{Answer, Outcome};
use domain::plan::LatencyForm;
use domain::policy::Author;
use domain::spec::Spec;
use domain::study::Studies;
use domain::verification::Status;
use reports::html::REPORT_FILE;
use reports::plots::{COST_LINES_FILE, LOAD_AGAINST_LATENCY_FILE};
use reports::{html, markdown, plots, spec, terminal};

use super::{building, emitted, studied};
use crate::arguments::{AuthorWord, EffortWord, FormWord, PlanArguments};
use crate::chain::Chain;
use crate::failure::{Exit, Failure};
use crate::input::{Asked, Intents};
use crate::planning::{Effort, Origin, Planner, standing};
use crate::screen::{self, Progress};
use crate::{authorship, check, input, output};

/// The files of an answer.
const SPEC: &str = "spec.json";
pub(super) const REPORT: &str = "report.md";
const FILES: [&str; 5] = [SPEC, REPORT_FILE, REPORT, LOAD_AGAINST_LATENCY_FILE, COST_LINES_FILE];

pub(super) fn run(arguments: &PlanArguments) -> Result<Exit, Failure> {
    if arguments.compare {
        return super::compare::run(arguments);
    }
    let started = Instant::now();
    let account = Account::open(arguments)?;
    let catalog = input::catalog(arguments.catalog.as_deref())?;
    let read = match input::intents(&asked(arguments), &catalog)? {
        Intents::One(read) => read,
        Intents::Several(read) => {
            emitted::check(arguments, true)?;
            return super::environments::run(arguments, (&read, &account), &catalog);
        }
    };
    let files = prepared(arguments, &names(arguments))?;
    let (outcome, studies) = {
        let progress = Progress::start(arguments.json || arguments.quiet);
        let environment = arguments.environment.as_deref();
        let tools: (_, &(dyn Fn(&str) + Sync)) = (&catalog, &|message| progress.say(message));
        let outcome = outcome(arguments, (&*read, environment, &account), tools)?;
        let studies = studied::studies(arguments, (&*read, environment), &outcome, tools)?;
        (outcome, studies)
    };
    let (mut written, mut refused) = (Vec::new(), None);
    if let (Some(files), Outcome::Planned(answer)) = (&files, &outcome) {
        let mut contents = contents(answer, &studies)?;
        match emitted::texts(arguments, answer, (&account.author, account.chain.as_ref())) {
            Ok(texts) => contents.extend(texts),
            Err(failure) => refused = Some(failure),
        }
        files.write(&contents)?;
        written.extend(contents.into_iter().map(|(name, _)| name));
    }
    let elapsed = format!("{:.2} s", started.elapsed().as_secs_f64());
    let shown = Shown { json: arguments.json, quiet: arguments.quiet, written: files.is_some() };
    show(&outcome, shown, &elapsed)?;
    let further = |folder: &str| match &outcome {
        Outcome::Planned(answer) if arguments.formats.is_empty() => building::told(answer, folder),
        _ => String::new(),
    };
    let names = emitted::told(&written);
    wrote(arguments, &names.iter().map(String::as_str).collect::<Vec<_>>(), further)?;
    Ok(refused.map_or_else(|| exit(&outcome), |failure| emitted::refuse(&failure)))
}

/// The files that may be written.
pub(super) fn names(arguments: &PlanArguments) -> Vec<&'static str> {
    FILES.into_iter().chain(studied::files(arguments)).chain(emitted::names(arguments)).collect()
}

/// Says below a screen which files went to the folder of `--out`, and what that is good for.
pub(super) fn wrote(
    arguments: &PlanArguments,
    names: &[&str],
    further: impl Fn(&str) -> String,
) -> Result<(), Failure> {
    let Some(folder) = arguments.out.as_ref().filter(|_| !arguments.json && !arguments.quiet)
    else {
        return Ok(());
    };
    let folder = folder.display().to_string();
    screen::print(&match names {
        [] => format!(" wrote nothing to {folder}: there is no plan\n"),
        names => format!(" wrote to {folder}: {}\n{}", names.join(", "), further(&folder)),
    })
}

/// Who answers for plans: who asked for them, which one they replace, and where they are recorded.
pub(super) struct Account {
    author: Author,
    earlier: Option<Spec>,
    chain: Option<Chain>,
}

impl Account {
    fn open(arguments: &PlanArguments) -> Result<Self, Failure> {
        Ok(Self {
            author: authorship::author(&arguments.authorship)?,
            earlier: authorship::earlier(arguments.succession.supersedes.as_deref())?,
            chain: arguments.succession.audit.as_deref().map(Chain::open).transpose()?,
        })
    }

    /// Whether one plan is to be replaced, which no answer of several plans does.
    pub(super) const fn replaces(&self) -> bool {
        self.earlier.is_some()
    }
}

/// The folder of `--out`, in which those files may be written.
pub(super) fn prepared(
    arguments: &PlanArguments,
    names: &[&str],
) -> Result<Option<output::Files>, Failure> {
    let out = arguments.out.as_ref();
    out.map(|folder| output::Files::prepare(folder, arguments.force, names)).transpose()
}

/// Answers one intent; a plan is signed and re-checked, and what came of it is recorded.
pub(super) fn outcome(
    arguments: &PlanArguments,
    (read, environment, account): (&input::ReadIntent, Option<&str>, &Account),
    (catalog, progress): (&Catalog, &(dyn Fn(&str) + Sync)),
) -> Result<Outcome, Failure> {
    let form = form(arguments, read)?;
    studied::check(arguments, form)?;
    let planner = Planner {
        catalog,
        seed: arguments.seed,
        origin: Origin {
            command: &command(arguments, form, (read, environment)),
            intent_digest: &read.digest,
        },
        thorough: true,
        form,
        progress,
    };
    let effort = match arguments.effort {
        EffortWord::Quick => Effort::Quick,
        EffortWord::Full => Effort::Full,
    };
    let mut outcome = planner.plan_with(&read.intent, effort)?;
    if let Outcome::Planned(answer) = &mut outcome {
        authorship::sign(answer, &account.author, account.earlier.as_ref())?;
        let faults = check::faults(&answer.demand, &answer.plan, catalog);
        assert!(faults.is_empty(), "the plan does not pass its re-check: {}", faults.join("; "));
        let (intent, demand, plan) = (&read.intent, &answer.demand, &answer.plan);
        let built = spec::built(intent, demand, plan);
        let standing = standing((intent, demand, plan), &built, catalog);
        let broken = check::policy::broken(&standing);
        assert!(broken.is_empty(), "the plan breaks its policies: {}", broken.join("; "));
    }
    if let Some(chain) = &account.chain {
        chain.append(authorship::record(&outcome, &account.author))?;
    }
    Ok(outcome)
}

/// The form that is asked for, or that of the spec that is planned again.
fn form(arguments: &PlanArguments, read: &input::ReadIntent) -> Result<LatencyForm, Failure> {
    let form = match arguments.latency_form {
        Some(FormWord::Moment) => LatencyForm::Moment,
        Some(FormWord::Proof) => LatencyForm::Proof,
        None => read.form.unwrap_or(LatencyForm::Moment),
    };
    if form == LatencyForm::Proof && arguments.effort == EffortWord::Full {
        return Err(Failure::Usage {
            message: "'--effort full' cannot be used with '--latency-form proof'".to_owned(),
            help:
                "full looks at what no estimate allows, and so does not heed the form: leave one \
                   of them out"
                    .to_owned(),
        });
    }
    Ok(form)
}

pub(super) fn asked(arguments: &PlanArguments) -> Asked<'_> {
    Asked {
        intent: &arguments.intent,
        settings: &arguments.settings,
        headroom: arguments.headroom.as_deref(),
        budget: arguments.budget.as_deref(),
        further: &[],
        policies: &arguments.policies,
        on: arguments.on,
        environment: arguments.environment.as_deref(),
    }
}

/// What is written of a plan and of what was found out about it.
pub(super) fn contents(
    answer: &Answer,
    studies: &Studies,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let document = spec::render(answer);
    // What is told of a spec is the same now and later, to the last digit.
    let told = super::report::governed(&document)?;
    let mut files = vec![
        (SPEC, spec::text(&document)),
        (REPORT_FILE, html::render_with(&document, &told, studies)?),
        (REPORT, markdown::render_with(&document, &told, studies)),
        (LOAD_AGAINST_LATENCY_FILE, plots::load_against_latency(&told)?),
        (COST_LINES_FILE, plots::cost_lines(&told)?),
    ];
    files.extend(studied::contents(studies));
    Ok(files)
}

/// How an answer is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    pub(super) json: bool,
    pub(super) quiet: bool,
    /// Whether its files are written.
    pub(super) written: bool,
}

/// Shows an answer as one document, as its first line, or as a screen.
pub(super) fn show(
    outcome: &Outcome,
    Shown { json, quiet, written }: Shown,
    elapsed: &str,
) -> Result<(), Failure> {
    let style = screen::style_of_stdout();
    let text = match outcome {
        _ if quiet => terminal::first_line(outcome, style),
        Outcome::Planned(answer) if json => spec::text(&spec::render(answer)),
        Outcome::Planned(answer) if written => {
            terminal::verdict_of_written(answer, style, Some(elapsed))
        }
        Outcome::Planned(answer) => terminal::verdict(answer, style, Some(elapsed)),
        Outcome::Infeasible(infeasible) if json => {
            format!("{:#}\n", spec::infeasible(infeasible))
        }
        Outcome::Infeasible(infeasible) => terminal::infeasible(infeasible, style),
    };
    screen::print(&text)
}

pub(super) const fn exit(outcome: &Outcome) -> Exit {
    match outcome {
        Outcome::Infeasible(_) => Exit::Infeasible,
        Outcome::Planned(answer) => match answer.status() {
            Status::Verified => Exit::Verified,
            Status::Refuted | Status::Undecided => Exit::Refuted,
        },
    }
}

/// The command that gives the same answer again. Where the files went is no part of it.
pub(super) fn command(
    arguments: &PlanArguments,
    form: LatencyForm,
    (read, environment): (&input::ReadIntent, Option<&str>),
) -> String {
    let mut words = vec!["plimsoll".to_owned(), "plan".to_owned(), quoted(&arguments.intent)];
    let options = [("--headroom", &arguments.headroom), ("--budget", &arguments.budget)];
    for setting in &arguments.settings {
        words.extend(["--set".to_owned(), quoted(setting)]);
    }
    for (name, value) in options {
        if let Some(value) = value {
            words.extend([name.to_owned(), quoted(value)]);
        }
    }
    if arguments.effort == EffortWord::Full {
        words.extend(["--effort".to_owned(), "full".to_owned()]);
    }
    if form == LatencyForm::Proof {
        words.extend(["--latency-form".to_owned(), "proof".to_owned()]);
    }
    if let Some(environment) = environment {
        words.extend(["--environment".to_owned(), quoted(environment)]);
    }
    for policy in &arguments.policies {
        words.extend(["--policy".to_owned(), quoted(&policy.to_string_lossy())]);
    }
    if let Some(on) = read.intent.policy.on {
        words.extend(["--on".to_owned(), on.to_string()]);
    }
    if let Some(catalog) = &arguments.catalog {
        words.extend(["--catalog".to_owned(), quoted(&catalog.to_string_lossy())]);
    }
    if let Some(author) = &arguments.authorship.author {
        words.extend(["--author".to_owned(), quoted(author)]);
    }
    if arguments.authorship.author_kind == AuthorWord::Agent {
        words.extend(["--author-kind".to_owned(), "agent".to_owned()]);
    }
    if let Some(earlier) = &arguments.succession.supersedes {
        words.extend(["--supersedes".to_owned(), quoted(&earlier.to_string_lossy())]);
    }
    if arguments.compare {
        words.push("--compare".to_owned());
    }
    words.extend(["--seed".to_owned(), arguments.seed.to_string()]);
    words.join(" ")
}

/// A word as a POSIX shell takes it back.
pub(super) fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,%+@".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else if word.contains(['"', '$', '`', '\\', '!']) {
        format!("'{}'", word.replace('\'', r"'\''"))
    } else {
        format!("\"{word}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("shop.yaml"), "shop.yaml");
        assert_eq!(quoted("10k users, p95 400ms"), "\"10k users, p95 400ms\"");
        assert_eq!(quoted("$(x) 'y'"), r"'$(x) '\''y'\'''");
        assert_eq!(quoted(""), "\"\"");
    }
}
