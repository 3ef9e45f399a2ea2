//! Why a format is not generated from a spec.

use std::fmt;

use domain::offer::Provider;
use miette::Diagnostic;

/// Why formats are not generated from a spec: nothing is written, because half a plan is not the
/// plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    /// Every reason, in the order of the formats and of the spec.
    pub reasons: Vec<Reason>,
}

/// One thing that keeps a format from being generated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum Reason {
    /// The plan stands on another cloud.
    #[error("{format} is for {}, and the spec is for {provider}", title(*.wanted))]
    #[diagnostic(
        code(emit::provider),
        help("plan for {wanted}; bom, focus, k6, openslo and alerts are for every cloud")
    )]
    Provider {
        /// As the command line takes it.
        format: &'static str,
        /// The cloud that the format is for.
        wanted: Provider,
        /// The cloud of the spec.
        provider: Provider,
    },
    /// The plan holds something that the format has no resource for yet.
    #[error("{format} cannot be generated: `{place}` has {what}")]
    #[diagnostic(code(emit::unsupported), help("{help}"))]
    Resource {
        /// As the command line takes it.
        format: &'static str,
        /// Where it stands in the spec.
        place: String,
        /// What it is.
        what: String,
        /// What of the intent or of a policy would change it.
        help: &'static str,
    },
    /// The cloud takes a label as no tag, or the format has a value of its own for it.
    #[error("{format} cannot be generated: `{place}` is no {taken_as}: {why}")]
    #[diagnostic(code(emit::label), help("{help}"))]
    Label {
        /// As the command line takes it.
        format: &'static str,
        /// What it would be, such as `tag of AWS`.
        taken_as: String,
        /// Where it stands in the spec.
        place: String,
        /// What the cloud does not take.
        why: String,
        /// What it takes.
        help: String,
    },
}

/// What stands between a format and a reason of its own.
const HOW: &str = " cannot be generated: ";

impl fmt::Display for Unsupported {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<String> = self.reasons.iter().map(Reason::to_string).collect();
        let mut told_of = "";
        for (place, reason) in told.iter().enumerate() {
            out.write_str(if place == 0 { "" } else { "; " })?;
            // What cannot be generated is said once of each format.
            match reason.split_once(HOW) {
                Some((format, why)) if format == told_of => out.write_str(why)?,
                parts => {
                    told_of = parts.map_or("", |(format, _)| format);
                    out.write_str(reason)?;
                }
            }
        }
        Ok(())
    }
}

impl std::error::Error for Unsupported {}

impl Diagnostic for Unsupported {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.reasons.first()?.code()
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.reasons.iter().map(|reason| reason as &dyn Diagnostic)))
    }
}

/// What a cloud is called in a sentence.
pub(in crate::emit) const fn title(provider: Provider) -> &'static str {
    match provider {
        Provider::Aws => "AWS",
        Provider::Azure => "Azure",
        Provider::Google => "Google Cloud",
    }
}
