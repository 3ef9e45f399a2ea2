//! Documents as YAML.

use serde_json::Value;

/// One document.
pub(super) fn document(value: &Value) -> String {
    serde_saphyr::to_string(value).expect("texts, numbers, lists and maps are YAML")
}

/// Several documents, one after another.
pub(super) fn documents(values: &[Value]) -> String {
    let texts: Vec<String> = values.iter().map(document).collect();
    texts.join("---\n")
}
