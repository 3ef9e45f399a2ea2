//! The examples that people write: each is read, and is of the schema of its kind.

use domain::intent::{INTENT_SCHEMA, Source, read_intent};
use domain::model::{MODEL_SCHEMA, read_model};
use domain::policy::{POLICY_SCHEMA, PolicySource, read_policies};
use serde_json::Value;

/// Reads a text of a kind, or says why it cannot be read.
fn read(kind: &str, text: &str) -> Result<(), String> {
    let told = |faults| format!("{faults:?}");
    match kind {
        "Intent" => {
            let source = Source::Document { name: "x".into(), text: text.into() };
            read_intent(&source, &[]).map(|_| ()).map_err(told)
        }
        "Policy" => {
            let digest = "sha256:test".to_owned();
            let source = PolicySource { file: "x".into(), text: text.into(), digest };
            read_policies(&[source]).map(|_| ()).map_err(told)
        }
        "Model" => {
            let none = |_: &str| Err("there is no trace".to_owned());
            read_model(text, "x", &none).map(|_| ()).map_err(told)
        }
        _ => Err("nobody reads it".into()),
    }
}

#[test]
fn every_example_is_read_and_meets_the_schema_of_its_kind() {
    let schemas = [("Intent", INTENT_SCHEMA), ("Policy", POLICY_SCHEMA), ("Model", MODEL_SCHEMA)];
    let schemas = schemas.map(|(kind, schema)| {
        let schema = serde_json::from_str(schema).expect("a schema is JSON");
        (kind, jsonschema::validator_for(&schema).expect("a schema"))
    });
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
    let mut found = [0; 3];
    for folder in ["", "policies", "models", "documents"] {
        for entry in std::fs::read_dir(format!("{root}/{folder}")).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|ending| ending != "yaml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a text");
            let value: Value = serde_saphyr::from_str(&text).expect("YAML");
            let of_kind = |(kind, _): &(&str, _)| value["kind"] == *kind;
            let at = schemas.iter().position(of_kind).expect("a known kind");
            found[at] += 1;
            let (kind, schema) = &schemas[at];
            let faults: Vec<String> =
                schema.iter_errors(&value).map(|fault| fault.to_string()).collect();
            assert_eq!(faults, Vec::<String>::new(), "{}", path.display());
            read(kind, &text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        }
    }
    assert!(found.iter().all(|count| *count >= 3), "{found:?}");
}
