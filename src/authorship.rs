//! Who asked for a plan, and which plan it takes the place of: what reviews want to know, beside
//! the plan itself.

use std::path::Path;

use domain::outcome::{Answer, Outcome};
use domain::policy::{Author, Superseded};
use domain::record::Record;
use domain::spec::{Approval, Spec};
use reports::spec::{self, reviews};

use crate::arguments::Authorship;
use crate::failure::Failure;
use crate::input;

/// As long as a name may be.
const NAME: usize = 200;

/// Who asks, by the options of the command line.
pub(crate) fn author(arguments: &Authorship) -> Result<Author, Failure> {
    let name = arguments.author.as_deref().map(|name| named("--author", name)).transpose()?;
    Ok(Author { name, kind: arguments.author_kind.kind() })
}

/// A name that is safe in every output: one word that prints.
pub(crate) fn named(option: &str, name: &str) -> Result<String, Failure> {
    let plain = |letter: char| letter.is_ascii_graphic() || letter.is_alphanumeric();
    if !name.is_empty() && name.chars().count() <= NAME && name.chars().all(plain) {
        return Ok(name.to_owned());
    }
    Err(Failure::Usage {
        message: format!("the value of '{option}' is not a name"),
        help: "write an e-mail address, or a name without spaces".to_owned(),
    })
}

/// The plan before, as it was written.
pub(crate) fn earlier(path: Option<&Path>) -> Result<Option<Spec>, Failure> {
    let read = |path: &Path| input::sealed(&path.to_string_lossy());
    path.map(read).transpose()
}

/// Writes both into an answer. A plan takes the place of one of the same system and environment
/// only: any other bill says nothing about an increase.
pub(crate) fn sign(
    answer: &mut Answer,
    author: &Author,
    earlier: Option<&Spec>,
) -> Result<(), Failure> {
    answer.provenance.author = author.clone();
    let Some(earlier) = earlier else { return Ok(()) };
    let own = (answer.demand.name.as_str(), answer.facts().environment);
    let before = (earlier.metadata.name.as_str(), reviews::environment_in(earlier));
    if own != before {
        let named = |(name, environment): (&str, Option<&str>)| match environment {
            Some(environment) => format!("{name} ({environment})"),
            None => name.to_owned(),
        };
        let spec = format!("give --supersedes the spec that was built before for {}", named(own));
        let first = "leave --supersedes out where this is the first one";
        let help = match before.1 {
            Some(name) if own.0 == before.0 => {
                let label = format!("--set metadata.labels.environment={name}");
                format!("plan with {label} to take its place; or {spec}, and {first}")
            }
            _ => format!("{spec}; {first}"),
        };
        return Err(Failure::Succession { own: named(own), before: named(before), help });
    }
    answer.provenance.supersedes = Some(Superseded {
        digest: earlier.metadata.digest.clone(),
        expected: earlier.cost.monthly_micros.expected,
    });
    Ok(())
}

/// What is recorded of an outcome.
pub(crate) fn record(outcome: &Outcome, author: &Author) -> Record {
    let (provenance, verdicts, spec_digest) = match outcome {
        Outcome::Infeasible(none) => (&none.provenance, vec!["infeasible".to_owned()], None),
        Outcome::Planned(answer) => {
            let approval = reviews::approval(&answer.intent.policy.people, &answer.facts());
            let mut verdicts = vec![answer.status().as_str().to_owned()];
            if approval == Approval::Unapproved {
                verdicts.push("unapproved".to_owned());
            }
            let digest = spec::render(answer).metadata.digest;
            (&answer.provenance, verdicts, Some(digest))
        }
    };
    Record {
        actor: author.name.clone(),
        author_kind: author.kind,
        command: provenance.command.clone(),
        intent_digest: Some(provenance.intent_digest.clone()),
        catalog_digest: Some(provenance.catalog_digest.clone()),
        policy_digests: provenance.policy_digests.clone(),
        verdicts,
        spec_digest,
        ..Record::default()
    }
}
