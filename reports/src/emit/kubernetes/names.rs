//! What things are called in a cluster: labels of DNS, no two alike.

use std::collections::{BTreeMap, BTreeSet};

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{ServicePart, Spec};
use sha2::{Digest as _, Sha256};

use crate::emit::terraform::names::system_of;

/// What objects that belong to no service are called.
pub(super) const INPUTS: &str = "inputs";
pub(super) const DENY: &str = "default-deny";
pub(super) const LOOK_UP: &str = "dns";
/// The volume that programs may write to.
pub(super) const SCRATCH: &str = "scratch";

/// The most letters of a label of DNS.
const MOST: usize = 63;

/// The names of everything that a spec gives rise to.
#[derive(Debug)]
pub(super) struct Names {
    /// Where all of it stands.
    pub(super) namespace: String,
    services: BTreeMap<Name, String>,
    parts: BTreeMap<(Name, usize), String>,
}

impl Names {
    pub(super) fn of(spec: &Spec) -> Self {
        let namespace =
            label(&system_of(spec), |name| name == "default" || name.starts_with("kube-"));
        let mut taken: BTreeSet<String> =
            [INPUTS, DENY, LOOK_UP, SCRATCH].map(str::to_owned).into();
        let services = spec.services.iter();
        let services: BTreeMap<Name, String> = services
            .map(|service| (service.name.clone(), claim(&mut taken, service.name.as_str())))
            .collect();
        let mut parts = BTreeMap::new();
        for service in &spec.services {
            let own = &services[&service.name];
            for (at, part) in parts_of(service).into_iter().enumerate() {
                let name = match part {
                    None => own.clone(),
                    Some(part) => claim(&mut taken, &format!("{own}-{part}")),
                };
                parts.insert((service.name.clone(), at), name);
            }
        }
        Self { namespace, services, parts }
    }

    /// What a service is called.
    ///
    /// # Panics
    /// When the spec has no such service.
    pub(super) fn service(&self, name: &Name) -> &str {
        &self.services[name]
    }

    /// What one kind of a fleet's machines, or one slice of a database, is called: as the service
    /// where there is only one.
    ///
    /// # Panics
    /// When the spec has no such part.
    pub(super) fn part(&self, name: &Name, at: usize) -> &str {
        &self.parts[&(name.clone(), at)]
    }
}

/// How the parts of a service are told from one another: not at all where there is one.
fn parts_of(service: &ServicePart) -> Vec<Option<String>> {
    let kinds = service.offers.len();
    let slices = usize::try_from(service.shards).unwrap_or(usize::MAX).clamp(1, 1_000);
    match service.kind {
        ServiceKind::Service if kinds > 1 => {
            (0..kinds).map(|at| Some(format!("kind-{}", at + 1))).collect()
        }
        ServiceKind::Sql if slices > 1 => {
            (0..slices).map(|at| Some(format!("slice-{}", at + 1))).collect()
        }
        _ => vec![None],
    }
}

/// A label that nothing else has.
fn claim(taken: &mut BTreeSet<String>, name: &str) -> String {
    let mut own = label(name, |name| taken.contains(name));
    while !taken.insert(own.clone()) {
        own = label(&format!("{own}-"), |_| true);
    }
    own
}

/// A name as a label of DNS that begins with a letter (RFC 1035). One that is none, or is taken,
/// gets a piece of its digest.
fn label(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let letters = |text: &str| text.starts_with(|letter: char| letter.is_ascii_lowercase());
    if name.len() <= MOST && letters(name) && !name.ends_with('-') && !is_taken(name) {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let digest = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    let digest = format!("{digest:08x}");
    // Namespaces that begin so belong to the cluster.
    let own = letters(name) && !name.starts_with("kube-");
    let start = if own { "" } else { "s-" };
    let mut own = format!("{start}{name}");
    own.truncate(MOST - digest.len() - 1);
    format!("{}-{digest}", own.trim_end_matches('-'))
}

/// Whether a text may be the value of a label: at most 63 letters, digits, `-`, `_` and `.`, with
/// a letter or digit at both ends
/// (<https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/>).
pub(super) fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_label_name(text)
}

/// Whether a text may be the name of a label, without a prefix.
fn is_label_name(text: &str) -> bool {
    let ends = |end: Option<char>| end.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let within = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    text.len() <= MOST
        && ends(text.chars().next())
        && ends(text.chars().next_back())
        && text.chars().all(within)
}

/// Whether a label of the intent may be a label in a cluster: with a prefix, it would be somebody
/// else's.
pub(super) fn is_label(key: &str, value: &str) -> bool {
    is_label_name(key) && is_label_value(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_labels_of_dns() {
        let free = |_: &str| false;
        assert_eq!(label("orders-db", free), "orders-db");
        let long = "a".repeat(70);
        for name in ["1web", "web-", "a--", "0", &long] {
            let own = label(name, free);
            assert!(own.len() <= 63 && !own.ends_with('-'), "{own}");
            assert!(own.starts_with(|letter: char| letter.is_ascii_lowercase()), "{own}");
            assert_ne!(own, name);
        }
        let mut taken = BTreeSet::from(["dns".to_owned()]);
        let all: BTreeSet<String> =
            ["dns", "dns-", "1", "s-1"].map(|name| claim(&mut taken, name)).into();
        assert_eq!(all.len(), 4);
        assert!(!all.contains("dns"));
    }

    #[test]
    fn labels_have_a_strict_alphabet() {
        for value in ["", "storefront", "a_b.c-D9"] {
            assert!(is_label_value(value), "{value}");
        }
        for value in ["-a", "a.", "a b", "é", "a/b", "a\n", &"a".repeat(64)] {
            assert!(!is_label_value(value), "{value}");
        }
        assert!(is_label("team", "") && !is_label("", "x") && !is_label("k8s.io/team", "x"));
    }
}
