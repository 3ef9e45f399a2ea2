//! The tags that the module of a cloud puts on what it builds: whatever tells of a resource has
//! them from here, so that a bill, a forecast and a bill of materials can be joined.

use std::collections::BTreeMap;

use domain::name::Name;
use domain::offer::Provider;
use domain::spec::Spec;

use super::terraform::labels::overwritten;
use super::terraform::variables::{self, BACK};
use super::terraform_google::SYSTEM_LABEL;
use super::unsupported::{Reason, title};
use super::{Format, Unsupported, terraform_azure, terraform_google};

/// The tag of what belongs to one service.
const SERVICE: &str = "service";

/// The labels over which a module would write tags of its own, and of which its cloud says nothing
/// else.
pub(super) fn taken(spec: &Spec, format: Format) -> Vec<Reason> {
    match spec.placement.provider {
        Provider::Aws | Provider::Azure => among(spec, format, &[]),
        Provider::Google => among(spec, format, &[SERVICE]),
    }
}

/// Refuses labels over which tags would be written where only the tags of resources are told.
pub(super) fn refused(spec: &Spec, format: Format) -> Result<(), Unsupported> {
    let reasons = among(spec, format, &[SERVICE, BACK[0], BACK[1]]);
    if reasons.is_empty() { Ok(()) } else { Err(Unsupported { reasons }) }
}

fn among(spec: &Spec, format: Format, more: &[&'static str]) -> Vec<Reason> {
    let provider = spec.placement.provider;
    let own: &[&str] = match provider {
        Provider::Aws => &BACK,
        Provider::Azure => &["plimsoll.dev:spec", "plimsoll.dev:system"],
        Provider::Google => &[BACK[0], BACK[1], "plimsoll-spec", SYSTEM_LABEL],
    };
    let word = if provider == Provider::Google { "label" } else { "tag" };
    let taken_as = format!("{word} of {}", title(provider));
    overwritten(format, spec, (&taken_as, &[own, more].concat()))
}

/// The tags of everything, and with a service those of what belongs to it. On Google Cloud they
/// are labels: what its bill has.
pub(super) fn of(spec: &Spec, service: Option<&Name>) -> BTreeMap<String, String> {
    let mut tags = match spec.placement.provider {
        Provider::Aws => variables::tags(spec),
        Provider::Azure => terraform_azure::tags_of(spec),
        Provider::Google => terraform_google::labels(spec),
    };
    tags.extend(service.map(|own| (SERVICE.to_owned(), own.to_string())));
    tags
}
