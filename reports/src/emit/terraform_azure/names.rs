//! What things are called for Azure, within its limits.

use domain::spec::{ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::code;
use crate::emit::terraform::names::named;

pub(super) use crate::emit::terraform::names::{ident, system_of};

/// A name for Azure of parts, of so many characters at most. Azure keeps no beginning for itself.
pub(super) fn cloud(parts: &[&str], most: usize) -> String {
    named(parts, most, &[])
}

/// What belongs to a service is called by it, within so many characters.
pub(super) fn of(spec: &Spec, service: &ServicePart, most: usize) -> String {
    cloud(&[&system_of(spec), service.name.as_str()], most)
}

/// A name that nobody else in the world has: with a piece of the digest of the group's own.
pub(super) fn worldwide(name: &str) -> Expression {
    code(&format!("\"{name}-${{substr(sha256(azurerm_resource_group.this.id), 0, 8)}}\""))
}
