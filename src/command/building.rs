//! What a plan is built with, said when it is written: the command, or why there is none.

use domain::environments::Environments;
use domain::offer::Provider;
use domain::outcome::{Answer, Outcome};
use domain::verification::Status;
use reports::emit::{Format, Reason, emit};
use reports::spec;

/// For a plan whose files are in a folder: the command that writes its module, or all that the
/// module has no way to say; of a plan that is not verified nothing is built.
pub(super) fn told(answer: &Answer, folder: &str) -> String {
    if answer.status() != Status::Verified {
        return String::new();
    }
    let spec = spec::render(answer);
    let format = match spec.placement.provider {
        Provider::Aws => Format::TerraformAws,
        Provider::Azure => Format::TerraformAzure,
        Provider::Google => Format::TerraformGoogle,
    };
    let (name, on) = (format.as_str(), spec.provenance.catalog.as_of.0);
    let Err(refusal) = emit(&spec, format, on) else {
        let file = super::plan::quoted(&format!("{}/spec.json", folder.trim_end_matches('/')));
        return format!(" to build it: plimsoll emit {file} --to {name} --out infrastructure/\n");
    };
    let reasons: Vec<String> = refusal.reasons.iter().map(said).collect();
    format!(" {name} would refuse {folder}:\n{}", reasons.concat())
}

/// The same of each environment.
pub(super) fn told_of_each(answers: &Environments, folder: &str) -> String {
    let told = answers.rows.iter().filter_map(|row| match &row.outcome {
        Outcome::Planned(answer) => {
            Some(self::told(answer, &format!("{}/{}", folder.trim_end_matches('/'), row.name)))
        }
        Outcome::Infeasible(_) => None,
    });
    told.collect()
}

/// A reason in a line, without the format, which is named above.
fn said(reason: &Reason) -> String {
    let text = match reason {
        Reason::Resource { place, what, .. } => format!("{place} has {what}"),
        Reason::Label { place, why, .. } => format!("{place}: {why}"),
        Reason::Provider { .. } => reason.to_string(),
    };
    format!("   {text}\n")
}
