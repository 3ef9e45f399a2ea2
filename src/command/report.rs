//! `plimsoll report`: a spec shown again, from the spec alone.

use std::path::{Path, PathBuf};

use domain::outcome::Answer;
use domain::policy::read_policies;
use domain::spec::Spec;
use domain::study::Studies;
use domain::verification::Status;
use reports::html::REPORT_FILE;
use reports::plots::{self, COST_LINES_FILE, LOAD_AGAINST_LATENCY_FILE, PlotFault};
use reports::terminal::Style;
use reports::{html, markdown, restore, terminal};

use super::plan::{REPORT as MARKDOWN_FILE, quoted};
use crate::arguments::{ReportArguments, ReportWord};
use crate::emission::EmitFault;
use crate::failure::{Exit, Failure};
use crate::{governance, input, output, screen, studies};

/// The file of the verdict as a terminal shows it.
const TEXT_FILE: &str = "report.txt";

pub(super) fn run(arguments: &ReportArguments) -> Result<Exit, Failure> {
    let spec = input::sealed(&arguments.spec)?;
    if spec.verdict.status != Status::Verified && !arguments.unverified {
        return Err(EmitFault::Unverified { status: spec.verdict.status.as_str() }.into());
    }
    let studies = studies::beside(&arguments.studies, (&quoted(&arguments.spec), &spec))?;
    let sheet = (&spec, &studies);
    let Some(out) = &arguments.out else {
        let form = form(arguments, None, ReportWord::Text)?;
        let style = screen::style_of_stdout();
        let (_, text) = report(sheet, form, style)?.swap_remove(0);
        screen::print(&text)?;
        return Ok(Exit::Verified);
    };
    let stated = named_by(out)?;
    agree(out, stated, arguments.format)?;
    let form = form(arguments, stated, ReportWord::Html)?;
    let (folder, file) = match (stated, out.file_name()) {
        (Some(_), Some(name)) if !out.is_dir() => {
            (folder_of(out), Some(name.to_string_lossy().into_owned()))
        }
        _ => (out.clone(), None),
    };
    let mut files: Vec<(String, String)> = report(sheet, form, Style::PLAIN)?
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect();
    if let Some(file) = file {
        file.clone_into(&mut files[0].0);
    }
    let all: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let [first, beside @ ..] = files.as_slice() else { return Ok(Exit::Verified) };
    // A plot that is there as it would be written is not written over.
    let new = beside.iter().filter(|(name, text)| !is_there(&folder.join(name), text));
    let new: Vec<(String, String)> = [first].into_iter().chain(new).cloned().collect();
    let names: Vec<&str> = new.iter().map(|(name, _)| name.as_str()).collect();
    let prepared = output::Files::prepare(&folder, arguments.force, &names)?;
    prepared.write(&new)?;
    screen::print(&told(&folder, &spec, &all))?;
    Ok(Exit::Verified)
}

/// Whether a file holds just that.
fn is_there(path: &Path, text: &str) -> bool {
    std::fs::read(path).is_ok_and(|found| found == text.as_bytes())
}

/// The form that is asked for; studies have no place in a verdict.
fn form(
    arguments: &ReportArguments,
    stated: Option<ReportWord>,
    otherwise: ReportWord,
) -> Result<ReportWord, Failure> {
    let form = arguments.format.or(stated).unwrap_or(otherwise);
    if form == ReportWord::Text && !arguments.studies.is_empty() {
        return Err(Failure::Usage {
            message: "the verdict of a terminal shows no studies".to_owned(),
            help: "add --format html or md, or --out with a file that ends in .html or .md"
                .to_owned(),
        });
    }
    Ok(form)
}

/// The form that a file is named after; nothing for a folder.
fn named_by(out: &Path) -> Result<Option<ReportWord>, Failure> {
    let written = out.as_os_str().as_encoded_bytes();
    let extension = match out.extension() {
        Some(extension) if !out.is_dir() && !written.ends_with(b"/") => extension,
        _ => return Ok(None),
    };
    match extension.to_str() {
        Some("html") => Ok(Some(ReportWord::Html)),
        Some("md") => Ok(Some(ReportWord::Md)),
        Some("txt") => Ok(Some(ReportWord::Text)),
        _ => Err(Failure::Usage {
            message: format!("--out {}: a report is no file of that kind", out.display()),
            help: "name a file that ends in .html, .md or .txt, or a folder with / at its end"
                .to_owned(),
        }),
    }
}

/// Refuses a file that is named after another form than the one that is asked for.
fn agree(out: &Path, named: Option<ReportWord>, asked: Option<ReportWord>) -> Result<(), Failure> {
    let (Some(named), Some(asked)) = (named, asked) else { return Ok(()) };
    if named == asked {
        return Ok(());
    }
    let (own, other) = (ending(asked), ending(named));
    Err(Failure::Usage {
        message: format!("--out {}: its name says {other}, and --format says {own}", out.display()),
        help: format!(
            "leave --format out to have it as its name says, or name {}",
            out.with_extension(own).display()
        ),
    })
}

/// How the name of a file ends that is in a form.
const fn ending(form: ReportWord) -> &'static str {
    match form {
        ReportWord::Html => "html",
        ReportWord::Md => "md",
        ReportWord::Text => "txt",
    }
}

/// The folder of a file; that at hand where it names none.
fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The report itself first, then what it shows beside it.
fn report(
    (spec, studies): (&Spec, &Studies),
    form: ReportWord,
    style: Style,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let answer = governed(spec)?;
    if form == ReportWord::Html {
        return Ok(vec![(REPORT_FILE, html::render_with(spec, &answer, studies)?)]);
    }
    if form == ReportWord::Text {
        return Ok(vec![(TEXT_FILE, terminal::verdict(&answer, style, None))]);
    }
    let mut files = vec![(MARKDOWN_FILE, markdown::render_with(spec, &answer, studies))];
    let plots = [
        (LOAD_AGAINST_LATENCY_FILE, plots::load_against_latency(&answer)),
        (COST_LINES_FILE, plots::cost_lines(&answer)),
    ];
    for (name, plot) in plots {
        match plot {
            Ok(svg) => files.push((name, svg)),
            Err(PlotFault::Nothing(_)) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(files)
}

/// The answer of a spec under the policies that it was planned under.
pub(super) fn governed(spec: &Spec) -> Result<Answer, Failure> {
    let mut answer = restore::answer(spec)?;
    answer.intent.policy = read_policies(&governance::behind(spec)?)?;
    answer.intent.policy.on = spec.policy.on.map(|day| day.0);
    Ok(answer)
}

fn told(folder: &Path, spec: &Spec, names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("  {name}\n")).collect();
    let (folder, digest) = (folder.to_string_lossy(), &spec.metadata.digest);
    format!("WRITTEN  into {folder}, from {digest}\n\n{}", names.concat())
}
