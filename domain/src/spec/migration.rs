//! The versions of a spec, and the steps from each to the next.
//!
//! Only the newest version has types. A document of an older one is brought on as JSON before it is
//! read, one version at a time, so a step is written once and never again.

use serde_json::Value;

/// The version that this program writes.
const NEWEST: &str = "plimsoll/v1";

/// What a version changed, done to a document of the version before it; `apiVersion` is seen to.
type Step = fn(&mut Value);

/// For each version before the newest, oldest first, the step to the version after it.
const STEPS: &[(&str, Step)] = &[];

/// The versions that can be read, oldest first.
pub fn versions() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|(version, _)| *version).chain([NEWEST])
}

/// Whether a version is the one that the types are of.
pub(super) fn is_newest(version: &str) -> bool {
    version == NEWEST
}

/// The document in the form of the newest version; as it is where its version is not known.
pub(super) fn brought_on(document: Value) -> Value {
    by(STEPS, NEWEST, document)
}

fn by(steps: &[(&str, Step)], newest: &str, mut document: Value) -> Value {
    let own = steps.iter().position(|(version, _)| document["apiVersion"] == **version);
    for place in own.unwrap_or(steps.len())..steps.len() {
        (steps[place].1)(&mut document);
        let next = steps.get(place + 1).map_or(newest, |(version, _)| version);
        document["apiVersion"] = next.into();
    }
    document
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::spec::ApiVersion;

    /// Whether there is a step from every version before the newest.
    fn are_complete(steps: &[(&str, Step)], newest: &str) -> bool {
        let number: u32 = newest.strip_prefix("plimsoll/v").unwrap().parse().unwrap();
        let older = (1..number).map(|number| format!("plimsoll/v{number}"));
        older.eq(steps.iter().map(|(version, _)| (*version).to_owned()))
    }

    /// Two steps of versions that never were.
    const OTHERS: [(&str, Step); 2] = [
        ("plimsoll/v1", |document| {
            let bill = document.as_object_mut().unwrap().remove("bill").unwrap();
            document["cost"] = json!({"expected": bill});
        }),
        ("plimsoll/v2", |document| {
            let dollars = document["cost"]["expected"].as_u64().unwrap();
            document["cost"]["expected"] = (dollars * 1_000_000).into();
        }),
    ];

    #[test]
    fn no_version_is_raised_without_a_step() {
        assert!(are_complete(STEPS, NEWEST), "every version before {NEWEST} needs a step");
        assert_eq!(serde_json::to_value(ApiVersion::V1).unwrap(), NEWEST, "it is what is written");
        assert!(are_complete(&OTHERS, "plimsoll/v3"));
        for short in [&OTHERS[..0], &OTHERS[..1], &OTHERS[1..]] {
            assert!(!are_complete(short, "plimsoll/v3"));
        }
    }

    #[test]
    fn an_older_document_is_brought_on_from_its_own_version() {
        let newest = json!({"apiVersion": "plimsoll/v3", "cost": {"expected": 7_000_000}});
        let first = json!({"apiVersion": "plimsoll/v1", "bill": 7});
        let second = json!({"apiVersion": "plimsoll/v2", "cost": {"expected": 7}});
        for document in [first, second, newest.clone()] {
            assert_eq!(by(&OTHERS, "plimsoll/v3", document), newest);
        }
        let unknown = json!({"apiVersion": "plimsoll/v4", "cost": 7});
        assert_eq!(by(&OTHERS, "plimsoll/v3", unknown.clone()), unknown);
    }
}
