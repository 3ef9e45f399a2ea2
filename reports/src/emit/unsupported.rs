//! Why a format is not generated from a spec.

use domain::offer::Provider;
use miette::Diagnostic;

/// Why a format is not generated from a spec: nothing is written, because half a plan is not the
/// plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum Unsupported {
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
    #[diagnostic(
        code(emit::unsupported),
        help("this version does not generate that, and leaves nothing of a plan out")
    )]
    Resource {
        /// As the command line takes it.
        format: &'static str,
        /// Where it stands in the spec.
        place: String,
        /// What it is.
        what: String,
    },
}

/// What a cloud is called in a sentence.
const fn title(provider: Provider) -> &'static str {
    match provider {
        Provider::Aws => "AWS",
        Provider::Azure => "Azure",
        Provider::Google => "Google Cloud",
    }
}
