//! The codes of faults in a policy document. The reader of documents is shared with intents, and so
//! are the kinds of faults; a fault in a policy is named after the policy.

use crate::intent::fault::{renamed, renames};

/// Each kind of fault as an intent names it, and as a policy does.
const PAIRS: [(&str, &str); 21] = [
    ("intent::alias", "policy::alias"),
    ("intent::ambiguous", "policy::ambiguous"),
    ("intent::choice", "policy::choice"),
    ("intent::contradiction", "policy::contradiction"),
    ("intent::direction", "policy::direction"),
    ("intent::duplicate_key", "policy::duplicate_key"),
    ("intent::empty", "policy::empty"),
    ("intent::missing_key", "policy::missing_key"),
    ("intent::name", "policy::name"),
    ("intent::number", "policy::number"),
    ("intent::range", "policy::range"),
    ("intent::several_documents", "policy::several_documents"),
    ("intent::shape", "policy::shape"),
    ("intent::syntax", "policy::syntax"),
    ("intent::tag", "policy::tag"),
    ("intent::text", "policy::text"),
    ("intent::too_large", "policy::too_large"),
    ("intent::unit", "policy::unit"),
    ("intent::unknown_key", "policy::unknown_key"),
    ("intent::unsupported", "policy::unsupported"),
    ("intent::version", "policy::version"),
];

/// The code of a fault in a policy; a kind that only intents have keeps its own.
pub(crate) fn policy_code(code: &'static str) -> &'static str {
    renamed(&PAIRS, code)
}

/// Every code that a fault of a policy document can have, in the order of the letters.
pub const POLICY_CODES: [&str; PAIRS.len()] = renames(&PAIRS);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::IntentFault;

    #[test]
    fn every_code_of_a_policy_stands_for_one_of_an_intent() {
        assert!(POLICY_CODES.is_sorted_by(|one, other| one < other));
        for (intent, policy) in PAIRS {
            assert!(IntentFault::CODES.contains(&intent), "{intent}");
            assert_eq!(policy_code(intent), policy);
        }
        assert_eq!(policy_code("intent::pin"), "intent::pin");
    }
}
