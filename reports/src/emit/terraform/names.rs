//! What things are called: for Terraform, and for a cloud within its limits.

use domain::name::Name;
use domain::spec::Spec;
use sha2::{Digest as _, Sha256};

/// What a system is called among others in an account: environments of one intent share its name,
/// whether one was taken of several or a label says which it is.
pub(in crate::emit) fn system_of(spec: &Spec) -> String {
    let name = &spec.metadata.name;
    match spec.metadata.environment_name() {
        None | Some("") => name.to_string(),
        Some(own) => format!("{name}-{}", as_name(own)),
    }
}

/// A text as a name: as it stands where it is one; otherwise a piece of its digest keeps it apart
/// from others of the same letters.
fn as_name(text: &str) -> String {
    if text.parse::<Name>().is_ok() {
        return text.to_owned();
    }
    let parts = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let kept: String = parts.join("-").to_ascii_lowercase().chars().take(40).collect();
    format!("{kept}-{}", digest(text)).trim_start_matches('-').to_owned()
}

/// A name as an identifier. No two names give the same one: names hold no underscore, and do not
/// begin with a hyphen.
pub(in crate::emit) fn ident(name: &Name) -> String {
    let text = name.as_str().replace('-', "_");
    if text.starts_with(|letter: char| letter.is_ascii_digit()) { format!("_{text}") } else { text }
}

/// A name for a cloud of parts: letters, digits and single hyphens, beginning with a letter and
/// with nothing that the cloud keeps for itself, ending with no hyphen, of so many characters at
/// most. Where that does not leave the parts as they are, a piece of their digest keeps names
/// apart.
pub(in crate::emit) fn named(parts: &[&str], most: usize, reserved: &[&str]) -> String {
    let whole = parts.join("-");
    let kept: Vec<&str> = whole.split('-').filter(|part| !part.is_empty()).collect();
    let mut name = kept.join("-");
    let kept = reserved.iter().any(|start| name.starts_with(start));
    if kept || !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        name.insert_str(0, "s-");
    }
    if name == whole && name.len() <= most {
        return name;
    }
    let digest = digest(&whole);
    name.truncate(most.saturating_sub(digest.len() + 1));
    format!("{}-{digest}", name.trim_end_matches('-'))
}

/// Eight digits that tell texts apart.
pub(in crate::emit) fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let digest = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    format!("{digest:08x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_differ_where_names_do() {
        let names = ["a-b", "ab", "1", "a--b", "a-b-", "orders-db"];
        let idents: Vec<String> = names.iter().map(|name| ident(&Name::of(name))).collect();
        assert_eq!(idents, ["a_b", "ab", "_1", "a__b", "a_b_", "orders_db"]);
        for ident in idents {
            hcl::Identifier::new(ident).expect("it is an identifier");
        }
    }

    #[test]
    fn any_text_becomes_a_name_of_its_own() {
        assert_eq!(["prod", "eu-1", "1-"].map(as_name), ["prod", "eu-1", "1-"]);
        let long = "p".repeat(70);
        let texts = ["Prod", "prod ", "-prod", "EU / prod", "\u{e9}", "\n", "${x}", &long];
        let names: std::collections::BTreeSet<String> = texts
            .into_iter()
            .map(|text| as_name(text).parse::<Name>())
            .map(|name| name.expect("it is a name").to_string())
            .collect();
        assert_eq!(names.len(), texts.len(), "{names:?}");
        assert!(!names.contains("prod"));
    }

    #[test]
    fn names_for_a_cloud_keep_within_its_limits() {
        let cloud = |parts: &[&str], most| named(parts, most, &["sg-"]);
        assert_eq!(cloud(&["web", "db"], 32), "web-db");
        for parts in [["1web", "db"], ["web-", "db"], ["web", "a-very-long-name-of-a-service-that"]]
        {
            let name = cloud(&parts, 32);
            assert!(name.len() <= 32 && !name.contains("--") && !name.ends_with('-'), "{name}");
            assert!(name.starts_with(|letter: char| letter.is_ascii_alphabetic()), "{name}");
        }
        assert!(cloud(&["sg", "db"], 32).starts_with("s-sg-db-"));
        assert_ne!(cloud(&["web-", "db"], 32), cloud(&["web", "db"], 32));
    }
}
