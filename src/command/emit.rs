//! `plimsoll emit`: what is generated from a spec, where it may be.

use std::path::Path;

use domain::policy::Author;
use domain::record::Record;
use domain::spec::Spec;
use jiff::civil::Date;
use miette::Diagnostic;
use reports::emit::{self, Format, Kept, Unsupported};

use super::plan::quoted;
use crate::arguments::{EmitArguments, FormatWord};
use crate::chain::{Chain, today};
use crate::emission::{Case, allowed};
use crate::failure::{Exit, Failure};
use crate::{authorship, input, output, screen};

pub(super) fn run(arguments: &EmitArguments) -> Result<Exit, Failure> {
    let chain = arguments.audit.as_deref().map(Chain::open).transpose()?;
    let author = authorship::author(&arguments.authorship)?;
    let formats = formats(&arguments.formats);
    let names: Vec<&str> = formats.iter().flat_map(|format| format.files()).copied().collect();
    let spec = input::sealed(&arguments.spec)?;
    let on = arguments.on.unwrap_or_else(today);
    within_calendar(&formats, on)?;
    let case = Case {
        spec: &spec,
        named: &quoted(&arguments.spec),
        approvals: &arguments.approvals,
        policies: &arguments.policies,
        catalog: arguments.catalog.as_deref(),
        on,
        unverified: arguments.unverified,
    };
    let record = |policies: Vec<String>, verdicts: Vec<String>| {
        record((&author, &spec), command(&formats, &arguments.spec), (policies, verdicts))
    };
    let allowed = allowed(&case);
    let written = allowed.and_then(|policies| Ok((policies, texts(&spec, &formats, on)?)));
    let kept = written.and_then(|(policies, contents)| {
        let (contents, kept) = keeping((&arguments.out, arguments.force), contents)?;
        Ok((policies, contents, kept))
    });
    let (policies, contents, kept) = match kept {
        Ok(kept) => kept,
        Err(failure) => {
            // That something was refused is worth a line as well.
            if let Some(chain) = chain {
                let policies = spec.provenance.policy_digests.clone();
                chain.append(record(policies, refused(&failure)))?;
            }
            return Err(failure);
        }
    };
    let files = output::Files::prepare(&arguments.out, arguments.force, &names)?;
    if let Some(chain) = chain {
        chain.append(record(policies, emitted(&formats)))?;
    }
    files.write(&contents)?;
    screen::print(&told(arguments, &spec, &names, kept.as_ref()))?;
    Ok(Exit::Verified)
}

/// Refuses a forecast for a month that ends after the last date.
pub(super) fn within_calendar(formats: &[Format], on: Date) -> Result<(), Failure> {
    if !formats.contains(&Format::Focus) || on.last_of_month().tomorrow().is_ok() {
        return Ok(());
    }
    Err(Failure::Usage {
        message: format!("--on {on}: the bill of that month ends after the last date there is"),
        help: "give a day of an earlier month".to_owned(),
    })
}

/// Texts by the names of their files.
pub(super) type Texts = Vec<(&'static str, String)>;

/// The files to write: answers that stand in the folder already are written over by nothing.
pub(super) fn keeping(
    (out, force): (&Path, bool),
    mut contents: Texts,
) -> Result<(Texts, Option<Kept>), Failure> {
    let path = out.join(emit::ANSWERS);
    let own = contents.iter_mut().find(|(name, _)| *name == emit::ANSWERS);
    let Some((_, text)) = own.filter(|_| force && path.exists()) else {
        return Ok((contents, None));
    };
    let kept = emit::keep(text, &input::document(&path)?)?;
    text.clone_from(&kept.text);
    Ok((contents, Some(kept)))
}

/// The files of some formats with their texts, or all that any of them cannot say.
pub(super) fn texts(spec: &Spec, formats: &[Format], on: Date) -> Result<Texts, Failure> {
    let (mut files, mut reasons) = (Vec::new(), Vec::new());
    for format in formats {
        match emit::emit(spec, *format, on) {
            Ok(texts) => files.extend(texts),
            Err(refusal) => reasons.extend(refusal.reasons),
        }
    }
    if reasons.is_empty() { Ok(files) } else { Err(Unsupported { reasons }.into()) }
}

/// The formats that are asked for, each once.
pub(super) fn formats(words: &[FormatWord]) -> Vec<Format> {
    let mut formats: Vec<Format> = words.iter().map(|word| word.format()).collect();
    formats.sort_unstable();
    formats.dedup();
    formats
}

/// What the audit chain keeps of what was generated from a spec, or was not.
pub(super) fn record(
    (author, spec): (&Author, &Spec),
    command: String,
    (policy_digests, verdicts): (Vec<String>, Vec<String>),
) -> Record {
    Record {
        actor: author.name.clone(),
        author_kind: author.kind,
        command,
        intent_digest: Some(spec.provenance.intent_digest.clone()),
        catalog_digest: Some(spec.provenance.catalog.digest.clone()),
        policy_digests,
        verdicts,
        spec_digest: Some(spec.metadata.digest.clone()),
        ..Record::default()
    }
}

/// The verdicts of formats that were generated.
pub(super) fn emitted(formats: &[Format]) -> Vec<String> {
    formats.iter().map(|format| format!("emitted {}", format.as_str())).collect()
}

/// The verdict of a refusal: its code, or that of the first that it holds.
pub(super) fn refused(failure: &Failure) -> Vec<String> {
    let inner = failure.related().and_then(|mut all| all.next()?.code().map(|it| it.to_string()));
    let own = failure.code().map(|code| code.to_string());
    vec![format!("refused {}", own.or(inner).unwrap_or_else(|| "unknown".to_owned()))]
}

fn command(formats: &[Format], spec: &str) -> String {
    let to: Vec<String> =
        formats.iter().map(|format| format!("--to {}", format.as_str())).collect();
    format!("plimsoll emit {} {}", quoted(spec), to.join(" "))
}

fn told(arguments: &EmitArguments, spec: &Spec, names: &[&str], kept: Option<&Kept>) -> String {
    let folder = arguments.out.to_string_lossy();
    let line = |name: &&str| match kept.filter(|_| **name == *emit::ANSWERS) {
        Some(kept) => format!("  {name}  {}\n", said(kept)),
        None => format!("  {name}\n"),
    };
    let names: Vec<String> = names.iter().map(line).collect();
    format!("WRITTEN  into {folder}, from {}\n\n{}", spec.metadata.digest, names.concat())
}

/// What became of the file with answers.
fn said(kept: &Kept) -> String {
    let answers = if kept.answered == 1 { "answer" } else { "answers" };
    let added = match kept.added.as_slice() {
        [] => String::new(),
        added => format!(", and asks for {} as well", added.join(", ")),
    };
    let unasked = match kept.unasked.as_slice() {
        [] => String::new(),
        unasked => format!("; nobody asks for {} any more", unasked.join(", ")),
    };
    format!("kept with its {} {answers}{added}{unasked}", kept.answered)
}
