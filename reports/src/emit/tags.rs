//! The tags that the module of a cloud puts on what it builds: whatever tells of a resource has
//! them from here, so that a bill, a forecast and a bill of materials can be joined.

use std::collections::BTreeMap;

use domain::name::Name;
use domain::offer::Provider;
use domain::spec::Spec;

use super::terraform::variables;
use super::{terraform_azure, terraform_google};

/// The tags of everything, and with a service those of what belongs to it. On Google Cloud they
/// are labels: what its bill has.
pub(super) fn of(spec: &Spec, service: Option<&Name>) -> BTreeMap<String, String> {
    let mut tags = match spec.placement.provider {
        Provider::Aws => variables::tags(spec),
        Provider::Azure => terraform_azure::tags_of(spec),
        Provider::Google => terraform_google::labels(spec),
    };
    tags.extend(service.map(|own| ("service".to_owned(), own.to_string())));
    tags
}
