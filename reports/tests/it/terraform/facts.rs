//! What is emitted is held against what the provider takes, restated in `tests/tables` from the
//! output of `terraform providers schema` for version 5.100.0.

use hcl::Body;
use reports::emit::Format;
use serde_json::Value;

use super::module::{Module, labels};
use super::specs;

const FACTS: &str = include_str!("../../tables/terraform-aws-5.100.json");

/// What Terraform itself takes in every resource.
const META: [&str; 3] = ["count", "depends_on", "for_each"];

fn names<'a>(facts: &'a Value, which: &str) -> Vec<&'a str> {
    let names = facts[which].as_array().into_iter().flatten();
    names.filter_map(Value::as_str).collect()
}

/// Holds a block against its facts.
fn hold(place: &str, body: &Body, facts: &Value, found: &mut Vec<String>) {
    let required = names(facts, "required");
    for attribute in body.attributes() {
        let name = attribute.key();
        let known = required.contains(&name)
            || names(facts, "optional").contains(&name)
            || META.contains(&name);
        if !known {
            found.push(format!("{place}.{name} is unknown"));
        }
    }
    for name in required {
        if !body.attributes().any(|own| own.key() == name) {
            found.push(format!("{place}.{name} is missing"));
        }
    }
    for block in body.blocks() {
        let (kind, inner) = match block.identifier() {
            "lifecycle" => continue,
            "dynamic" => {
                let content = block.body().blocks().find(|own| own.identifier() == "content");
                (labels(block)[0], content.expect("it has content").body())
            }
            kind => (kind, block.body()),
        };
        let place = format!("{place}.{kind}");
        match facts["blocks"].get(kind) {
            Some(facts) => hold(&place, inner, facts, found),
            None => found.push(format!("{place} is unknown")),
        }
    }
}

#[test]
fn the_provider_knows_every_attribute_and_lacks_none() {
    let facts: Value = serde_json::from_str(FACTS).expect("the table is JSON");
    for (shape, spec) in specs::all() {
        for format in [Format::TerraformAws, Format::Budget] {
            let module = Module::of(&spec, format);
            let mut found = Vec::new();
            for kind in ["resource", "data", "ephemeral"] {
                for (labels, body) in module.blocks(kind) {
                    let place = labels.join(".");
                    match facts.get(labels[0]) {
                        Some(facts) => hold(&place, body, facts, &mut found),
                        None => found.push(format!("{place} is unknown")),
                    }
                }
            }
            assert!(found.is_empty(), "{shape}: {}", found.join("\n"));
        }
    }
}

#[test]
fn what_is_not_in_the_facts_is_found() {
    let facts: Value = serde_json::from_str(FACTS).expect("the table is JSON");
    let body = hcl::parse("engine = \"x\"\nspeed = 3\nfast {}\n").expect("it is HCL");
    let mut found = Vec::new();
    hold("it", &body, &facts["aws_db_instance"], &mut found);
    assert_eq!(
        found,
        ["it.speed is unknown", "it.instance_class is missing", "it.fast is unknown"]
    );
}

/// Every reference points to something that is there, and no two things have one name.
#[test]
fn references_lead_somewhere_and_names_are_unique() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        let mut named: Vec<String> = Vec::new();
        for kind in ["resource", "variable", "data", "ephemeral", "output"] {
            for (labels, _) in module.blocks(kind) {
                let prefix = match kind {
                    "resource" => String::new(),
                    "variable" => "var.".to_owned(),
                    other => format!("{other}."),
                };
                named.push(format!("{prefix}{}", labels.join(".")));
            }
        }
        for (_, body) in module.blocks("locals") {
            named.extend(body.attributes().map(|own| format!("local.{}", own.key())));
        }
        let mut once = named.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), named.len(), "{shape}: {named:?}");
        let text = hcl::format::to_string(&module.0).expect("it is written");
        let ends = |letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '.');
        let mut references = 0;
        for word in text.split(ends) {
            let parts: Vec<&str> = word.split('.').collect();
            let wanted = match parts.as_slice() {
                ["var" | "local", name, ..] => format!("{}.{name}", parts[0]),
                [kind, label, ..] if kind.starts_with("aws_") => format!("{kind}.{label}"),
                ["data" | "ephemeral", kind, label, ..] => format!("{}.{kind}.{label}", parts[0]),
                _ => continue,
            };
            references += 1;
            assert!(named.contains(&wanted), "{shape}: {wanted} of {named:?}");
        }
        assert!(references > 20, "{shape}: {references}");
    }
}

/// Every input of the spec is a variable without a default, and no other variable is.
#[test]
fn what_has_no_default_is_what_the_spec_asks_for() {
    for (shape, spec) in specs::all() {
        for (format, asked) in [
            (
                Format::TerraformAws,
                spec.inputs_required.iter().map(|input| input.name.as_str()).collect(),
            ),
            (Format::Budget, Vec::new()),
        ] {
            let module = Module::of(&spec, format);
            let variables = module.blocks("variable").into_iter();
            let without: Vec<&str> = variables
                .filter(|(_, body)| body.attributes().all(|own| own.key() != "default"))
                .map(|(labels, _)| labels[0])
                .collect();
            assert_eq!(without, asked, "{shape}");
        }
    }
}
