//! What things are called in Google Cloud, and which letters its labels take.

use std::collections::BTreeMap;

use domain::name::Name;
use domain::spec::{OfferPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{code, map};
use crate::emit::terraform::fleet::kind;
use crate::emit::terraform::names::{digest, named, system_of};
use crate::emit::terraform::variables::tags;

/// The most letters of a name in Compute Engine.
pub(super) const MOST: usize = 63;

/// The most labels of everything: of the 64 that a resource takes, one is its service.
const MOST_LABELS: usize = 63;

/// A name for Google Cloud of parts: small letters, digits and hyphens. A capital, which no name of
/// a spec holds, stands for itself in the digest that then keeps names apart.
pub(super) fn cloud(parts: &[&str], most: usize) -> String {
    let whole = parts.join("-");
    let small = whole.to_ascii_lowercase();
    if small == whole {
        return named(parts, most, &["goog"]);
    }
    let digest = digest(&whole);
    format!("{}-{digest}", named(&[&small], most - digest.len() - 1, &["goog"]))
}

/// The name of something of the system as a whole.
pub(super) fn of_system(spec: &Spec, what: &str) -> String {
    cloud(&[&system_of(spec), what], MOST)
}

/// The name of something of one service.
pub(super) fn of_service(spec: &Spec, service: &Name, most: usize) -> String {
    cloud(&[&system_of(spec), service.as_str()], most)
}

/// The name of one kind of a service's machines.
pub(super) fn of_kind(
    spec: &Spec,
    service: &ServicePart,
    offer: &OfferPart,
    most: usize,
) -> String {
    match kind(service, offer) {
        None => of_service(spec, &service.name, most),
        Some(kind) => cloud(&[&system_of(spec), service.name.as_str(), &kind], most),
    }
}

/// Whether a text can be the key or, without a letter at its beginning, the value of a label.
fn fits(text: &str) -> bool {
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
    };
    text.len() <= 63 && text.bytes().all(allowed)
}

/// The key of the label that says which system a resource is of.
pub(in crate::emit) const SYSTEM_LABEL: &str = "plimsoll-system";

/// The labels: what leads from a resource and its bill back to the spec, and those of the owner
/// that Google takes as they are.
pub(in crate::emit) fn labels(spec: &Spec) -> BTreeMap<String, String> {
    let system = system_of(spec);
    let system = if fits(&system) { system } else { cloud(&[&system], MOST) };
    // Of the digest as much as a label takes: it is longer by one digit.
    let digest = spec.metadata.digest.trim_start_matches("sha256:");
    let digest: String = digest.chars().filter(char::is_ascii_hexdigit).take(63).collect();
    let own = [("plimsoll-spec", digest), (SYSTEM_LABEL, system)];
    let mut labels: BTreeMap<String, String> =
        own.into_iter().map(|(key, value)| (key.to_owned(), value.to_lowercase())).collect();
    for (key, value) in tags(spec) {
        let starts = key.starts_with(|letter: char| letter.is_ascii_lowercase());
        let taken = labels.contains_key(&key) || key.starts_with("goog");
        if starts && !taken && fits(&key) && fits(&value) && labels.len() < MOST_LABELS {
            labels.insert(key, value);
        }
    }
    labels
}

/// The label of what belongs to one service, beside those that the provider gives everything.
pub(super) fn of_its(service: &ServicePart) -> Expression {
    map([("service", service.name.as_str())])
}

/// All labels of what belongs to one service, where the provider adds none.
pub(super) fn all_of(service: &ServicePart) -> Expression {
    code(&format!("merge(local.labels, {{ service = \"{}\" }})", service.name))
}

/// The keys of the owner's labels that Google does not take as they are.
pub(super) fn untold(spec: &Spec) -> usize {
    let labels = labels(spec);
    tags(spec)
        .iter()
        .filter(|(key, value)| {
            !key.starts_with("plimsoll.dev/") && labels.get(*key) != Some(*value)
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_makes_another_name_of_small_letters() {
        assert_eq!(cloud(&["web", "app"], 63), "web-app");
        let kind = cloud(&["web", "app", "A"], 63);
        assert!(kind.starts_with("web-app-a-"), "{kind}");
        assert_ne!(kind, cloud(&["web", "app", "a"], 63));
        assert!(cloud(&["web", &"x".repeat(70), "A"], 37).len() <= 37);
        assert!(cloud(&["goog", "app"], 63).starts_with("s-goog-app-"));
    }
}
