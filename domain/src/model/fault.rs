//! The codes of faults in a model document. The reader of documents is shared with intents, and so
//! are the kinds of faults; a fault in a model is named after the model.

use crate::intent::fault::{renamed, renames};

/// Each kind of fault as an intent names it, and as a model does.
const PAIRS: [(&str, &str); 21] = [
    ("intent::alias", "model::alias"),
    ("intent::choice", "model::choice"),
    ("intent::contradiction", "model::contradiction"),
    ("intent::cycle", "model::cycle"),
    ("intent::duplicate_key", "model::duplicate_key"),
    ("intent::empty", "model::empty"),
    ("intent::missing_key", "model::missing_key"),
    ("intent::name", "model::name"),
    ("intent::number", "model::number"),
    ("intent::range", "model::range"),
    ("intent::several_documents", "model::several_documents"),
    ("intent::shape", "model::shape"),
    ("intent::syntax", "model::syntax"),
    ("intent::tag", "model::tag"),
    ("intent::too_large", "model::too_large"),
    ("intent::text", "model::trace"),
    ("intent::unit", "model::unit"),
    ("intent::unknown_class", "model::unknown_class"),
    ("intent::unknown_key", "model::unknown_key"),
    ("intent::unknown_service", "model::unknown_station"),
    ("intent::version", "model::version"),
];

/// The code of a fault in a model; a kind that only intents have keeps its own.
pub(crate) fn model_code(code: &'static str) -> &'static str {
    renamed(&PAIRS, code)
}

/// Every code that a fault of a model can have, in the order of the letters.
pub const MODEL_CODES: [&str; PAIRS.len()] = renames(&PAIRS);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::IntentFault;

    #[test]
    fn every_code_of_a_model_stands_for_one_of_an_intent() {
        assert!(MODEL_CODES.is_sorted_by(|one, other| one < other));
        for (intent, model) in PAIRS {
            assert!(IntentFault::CODES.contains(&intent), "{intent}");
            assert_eq!(model_code(intent), model);
        }
        assert_eq!(model_code("intent::pin"), "intent::pin");
    }
}
