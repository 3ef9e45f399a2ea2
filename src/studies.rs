//! Studies that stand beside a spec: read, and held against it.

use std::path::PathBuf;

use domain::spec::Spec;
use domain::study::{CapacityDocument, Difference, Studies, Study, StudyFault, differences, read};
use miette::Diagnostic;
use reports::spec;
use thiserror::Error;

use crate::arguments::Axis;
use crate::failure::Failure;
use crate::input;

/// Why a file is no study of a plan.
#[derive(Debug, Error, Diagnostic)]
pub enum WithFault {
    /// It cannot be read as a study.
    #[error("{file}: {cause}")]
    #[diagnostic(forward(cause))]
    Form {
        /// Which.
        file: String,
        /// Why.
        cause: StudyFault,
    },
    /// It is not as it was written.
    #[error("{file} is not as it was written: it states the digest {stated} and has {found}")]
    #[diagnostic(
        code(study::changed),
        help("give the document as plimsoll wrote it, or ask again")
    )]
    Changed {
        /// Which.
        file: String,
        /// The digest in it.
        stated: String,
        /// The digest of it.
        found: String,
    },
    /// It is about something else than the plan of the spec.
    #[error("{file}: `{place}` says that it is of {what}: {study}, and the spec {spec}")]
    #[diagnostic(code(study::other), help("{help}"))]
    Other {
        /// Which.
        file: String,
        /// Where in it.
        place: &'static str,
        /// What differs.
        what: String,
        /// What the study says.
        study: String,
        /// What the spec says.
        spec: String,
        /// What to do.
        help: String,
    },
    /// There is another one of its kind.
    #[error("{file} is another {kind}, and a report shows one")]
    #[diagnostic(code(study::twice), help("leave one of the two out"))]
    Twice {
        /// Which.
        file: String,
        /// What it is.
        kind: &'static str,
    },
}

/// All that keeps studies out of a report.
#[derive(Debug, Error, Diagnostic)]
#[error("nothing is reported: {} of the studies", counted(faults.len()))]
#[diagnostic(code(study::faults), help("each is told with its file and its place"))]
pub struct WithFaults {
    /// In the order of the files.
    #[related]
    pub faults: Vec<WithFault>,
}

fn counted(faults: usize) -> String {
    if faults == 1 { "1 fault".to_owned() } else { format!("{faults} faults") }
}

/// The studies of these files, each of which is about the plan of the spec, which is named as the
/// command line takes it; all faults at once.
pub(crate) fn beside(files: &[PathBuf], (named, spec): (&str, &Spec)) -> Result<Studies, Failure> {
    let (mut studies, mut faults) = (Studies::default(), Vec::new());
    for path in files {
        let (file, text) = (path.display().to_string(), input::study(path)?);
        match read(&text) {
            Err(causes) => {
                let fault = |cause| WithFault::Form { file: file.clone(), cause };
                faults.extend(causes.into_iter().map(fault));
            }
            Ok(study) => {
                faults.extend(amiss(&file, (&study, &text), (named, spec)));
                if let Some(again) = studies.add(study) {
                    faults.push(WithFault::Twice { file, kind: again.kind() });
                }
            }
        }
    }
    if faults.is_empty() { Ok(studies) } else { Err(WithFaults { faults }.into()) }
}

/// Holds a study of the same run against its plan.
pub(crate) fn of_this_run(study: &Study, file: &str, spec: &Spec) -> Result<(), Failure> {
    let faults = others(file, study, ("spec.json", spec));
    if faults.is_empty() { Ok(()) } else { Err(WithFaults { faults }.into()) }
}

/// What keeps a study from being about the plan of a spec.
fn amiss(file: &str, (study, text): (&Study, &str), of: (&str, &Spec)) -> Vec<WithFault> {
    let found = spec::digest_of(text, study.digest());
    let changed = (found != study.digest()).then(|| WithFault::Changed {
        file: file.to_owned(),
        stated: input::brief(study.digest()),
        found,
    });
    changed.into_iter().chain(others(file, study, of)).collect()
}

fn others(file: &str, study: &Study, (named, spec): (&str, &Spec)) -> Vec<WithFault> {
    let told = differences(study, spec).into_iter().map(|difference| {
        let Difference { place, what, study: theirs, spec } = difference;
        let help = match help(what) {
            Some(help) => help.to_owned(),
            None => format!("ask again of the spec itself: {}", again(study, named)),
        };
        let other = if what == "policies" { "other" } else { "another" };
        WithFault::Other {
            file: file.to_owned(),
            place,
            what: format!("{other} {what}"),
            study: input::brief(&theirs),
            spec: input::brief(&spec),
            help,
        }
    });
    told.collect()
}

/// What makes the two agree, where it is more than to ask again.
fn help(what: &str) -> Option<&'static str> {
    Some(match what {
        "program" => "ask again, or plan again, so that one version wrote both",
        "catalog" => "ask again with --catalog and the folder that the spec was planned from",
        "plan" => {
            "the quick search found another plan than the spec has: ask again of a spec that was \
             planned without --effort full"
        }
        _ => return None,
    })
}

/// The command that asks a spec what a budget buys of the same outcome.
fn bought_again(study: &CapacityDocument, spec: &str) -> String {
    let micros = study.budget_micros.micros();
    let exact = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    let budget = exact.trim_end_matches('0').trim_end_matches('.');
    let outcome = axis(&study.outcome).as_str();
    let against = study.against.as_str();
    format!(
        "plimsoll capacity {spec} --budget {budget}USD/month --outcome {outcome} --against \
         {against} --json"
    )
}

/// The outcome of that name as the command line writes it.
fn axis(outcome: &str) -> Axis {
    match outcome {
        "uptime" => Axis::Uptime,
        latency if latency.starts_with("latency") => Axis::Latency,
        _ => Axis::Users,
    }
}

/// The command that asks a spec what a study was asked of something else.
fn again(study: &Study, spec: &str) -> String {
    let own = match study {
        Study::Explanation(_) => return format!("plimsoll explain {spec} --json"),
        Study::Capacity(own) => return bought_again(own, spec),
        Study::Frontier(own) => own,
    };
    let mut over: Vec<&str> = Vec::new();
    for series in &own.series {
        let axis = axis(&series.outcome);
        if !over.contains(&axis.as_str()) {
            over.push(axis.as_str());
        }
    }
    let over = match over.as_slice() {
        [] => String::new(),
        over => format!(" --over {}", over.join(",")),
    };
    let growth = own.growth.as_ref().map_or_else(String::new, |growth| {
        let (whole, part) = (growth.monthly_ppm / 10_000, growth.monthly_ppm % 10_000);
        let exact = format!("{whole}.{part:04}");
        format!(" --growth {}%", exact.trim_end_matches('0').trim_end_matches('.'))
    });
    format!("plimsoll frontier {spec}{over}{growth} --json")
}
