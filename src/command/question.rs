//! What the commands that ask about an intent have in common: how they read it, and the command
//! that gives the same answer again.

use domain::catalog::Catalog;
use domain::plan::LatencyForm;
use jiff::civil::Date;

use super::plan::quoted;
use crate::arguments::Question;
use crate::failure::Failure;
use crate::input::{self, Asked, ReadIntent};

/// Reads the intent of a question.
pub(super) fn read(
    question: &Question,
    budget: Option<&str>,
    further: &[(&'static str, String)],
    catalog: &Catalog,
) -> Result<ReadIntent, Failure> {
    let asked = Asked {
        intent: &question.intent,
        settings: &question.settings,
        headroom: question.headroom.as_deref(),
        budget,
        further,
        policies: &question.policies,
        on: question.on,
        environment: question.environment.as_deref(),
    };
    let read = input::intent(&asked, catalog)?;
    if read.form == Some(LatencyForm::Proof) {
        return Err(Failure::Usage {
            message: "this spec was planned with '--latency-form proof', which only plan heeds"
                .to_owned(),
            help: format!(
                "plimsoll plan {} --latency-form moment --out DIRECTORY gives one to ask about",
                quoted(&question.intent)
            ),
        });
    }
    Ok(read)
}

/// The seed of a question.
pub(super) fn seed(question: &Question, read: &ReadIntent) -> u64 {
    question.seed.or(read.seed).unwrap_or(1)
}

/// The seed, and the day on which exceptions are judged where there are any.
pub(super) type Again = (u64, Option<Date>);

/// The command that gives the same answer again, with the options that are its own.
pub(super) fn command(
    name: &str,
    question: &Question,
    own: &[(&str, &str)],
    (seed, on): Again,
) -> String {
    let mut words = vec!["plimsoll".to_owned(), name.to_owned(), quoted(&question.intent)];
    for (option, value) in own {
        words.push((*option).to_owned());
        if !value.is_empty() {
            words.push(quoted(value));
        }
    }
    for setting in &question.settings {
        words.extend(["--set".to_owned(), quoted(setting)]);
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
    if let Some(on) = on {
        words.extend(["--on".to_owned(), on.to_string()]);
    }
    if let Some(catalog) = &question.catalog {
        words.extend(["--catalog".to_owned(), quoted(&catalog.to_string_lossy())]);
    }
    words.extend(["--seed".to_owned(), seed.to_string()]);
    words.join(" ")
}
