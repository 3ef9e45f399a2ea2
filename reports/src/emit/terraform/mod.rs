//! What the Terraform of every cloud shares: names, words, variables, the order of files, and what
//! none of them generates.
//!
//! A cloud's own module says which resources stand for what; nothing here knows of one.

pub(super) mod data;
pub(super) mod fleet;
pub(super) mod labels;
pub(super) mod names;
pub(super) mod network;
pub(super) mod outputs;
pub(super) mod refusals;
pub(super) mod stock;
pub(super) mod told;
pub(super) mod variables;
pub(super) mod words;

use domain::spec::ServicePart;

use super::hcl_text::Body;

/// The parts of a file: one for each service that it is about, or a line that there is none.
pub(super) fn each<'a>(
    body: Body,
    none: &str,
    services: impl Iterator<Item = &'a ServicePart>,
    part: impl Fn(&'a ServicePart) -> Body,
) -> Body {
    let mut services = services.peekable();
    if services.peek().is_none() {
        return body.comment(none);
    }
    services.fold(body, |body, service| body.then(part(service)))
}
