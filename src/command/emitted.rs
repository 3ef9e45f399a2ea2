//! `plimsoll plan --emit`: what is generated from a plan as soon as it is found, where it may be.
//!
//! It goes with the files of the plan, all of them at once. Where nothing may be generated the plan
//! is written nevertheless, so that it can be approved and emitted later.

use domain::outcome::Answer;
use domain::policy::Author;
use domain::verification::Status;
use reports::emit::Format;
use reports::{diagnostics, spec};

use super::emit::{self, Texts};
use super::plan::quoted;
use crate::arguments::PlanArguments;
use crate::chain::{Chain, today};
use crate::emission::{Case, allowed};
use crate::failure::{Exit, Failure};
use crate::screen;

/// The files that may be written.
pub(super) fn names(arguments: &PlanArguments) -> impl Iterator<Item = &'static str> {
    emit::formats(&arguments.formats).into_iter().flat_map(Format::files).copied()
}

/// Refuses to emit of several plans, of which each would want a folder of its own.
pub(super) fn check(arguments: &PlanArguments, several: bool) -> Result<(), Failure> {
    if !several || arguments.formats.is_empty() {
        return Ok(());
    }
    Err(Failure::Usage {
        message: "'--emit' generates from one plan, and there is one for each environment"
            .to_owned(),
        help: "plan one of them with --environment, or emit each of their specs".to_owned(),
    })
}

/// What a screen calls the files that were written: a folder for all that are in it.
pub(super) fn told(names: &[&'static str]) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for name in names {
        let own = name
            .split_once('/')
            .map_or_else(|| (*name).to_owned(), |(folder, _)| format!("{folder}/"));
        if !told.contains(&own) {
            told.push(own);
        }
    }
    told
}

/// Says why nothing was generated of a plan that was written; the exit of that.
pub(super) fn refuse(failure: &Failure) -> Exit {
    let style = screen::style_of_stderr();
    let undone = Some("the plan is written, and nothing was generated from it");
    screen::complain(&diagnostics::render(&[failure], undone, style));
    failure.exit()
}

/// The files to write; none of a plan that does not hold.
pub(super) fn texts(
    arguments: &PlanArguments,
    answer: &Answer,
    (author, chain): (&Author, Option<&Chain>),
) -> Result<Texts, Failure> {
    let formats = emit::formats(&arguments.formats);
    let Some(out) = arguments.out.as_deref().filter(|_| !formats.is_empty()) else {
        return Ok(Texts::new());
    };
    if answer.status() != Status::Verified {
        return Ok(Texts::new());
    }
    let spec = spec::render(answer);
    let on = arguments.on.unwrap_or_else(today);
    let named = quoted(&out.join("spec.json").to_string_lossy());
    let case = Case {
        spec: &spec,
        named: &named,
        approvals: &[],
        policies: &[],
        catalog: arguments.catalog.as_deref(),
        on,
        unverified: false,
    };
    emit::within_calendar(&formats, on)?;
    let found = allowed(&case).and_then(|policies| {
        let texts = emit::texts(&spec, &formats, on)?;
        Ok((policies, emit::keeping((out, arguments.force), texts)?.0))
    });
    let (policies, verdicts) = match &found {
        Ok((policies, _)) => (policies.clone(), emit::emitted(&formats)),
        Err(failure) => (spec.provenance.policy_digests.clone(), emit::refused(failure)),
    };
    if let Some(chain) = chain {
        let to: Vec<String> =
            formats.iter().map(|own| format!("--emit {}", own.as_str())).collect();
        let command = format!("{} {}", spec.provenance.command, to.join(" "));
        chain.append(emit::record((author, &spec), command, (policies, verdicts)))?;
    }
    found.map(|(_, texts)| texts)
}
