//! What is emitted is held against what a provider takes, restated in `tests/tables` from its own
//! schema; references have to lead somewhere; what has no default is what the spec asks for.

use domain::spec::Spec;
use hcl::Body;
use reports::emit::Format;
use serde_json::Value;

use super::module::{Module, labels};

/// A table of `tests/tables`.
pub(super) fn table(text: &str) -> Value {
    serde_json::from_str(text).expect("the table is JSON")
}

/// What Terraform itself takes in every resource.
const META: [&str; 3] = ["count", "depends_on", "for_each"];

fn names<'a>(facts: &'a Value, which: &str) -> Vec<&'a str> {
    let names = facts[which].as_array().into_iter().flatten();
    names.filter_map(Value::as_str).collect()
}

/// Holds a block against its facts.
pub(super) fn hold(place: &str, body: &Body, facts: &Value, found: &mut Vec<String>) {
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
    for block in names(facts, "needed") {
        let is = |own: &hcl::Block| {
            own.identifier() == block
                || own.identifier() == "dynamic" && labels(own).first() == Some(&block)
        };
        if !body.blocks().any(is) {
            found.push(format!("{place}.{block} is missing"));
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

/// Holds every block of a module against the facts of its kind.
pub(super) fn holds(shape: &str, spec: &Spec, format: Format, facts: &Value) {
    let module = Module::of(spec, format);
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

/// Every reference points to something that is there, and no two things have one name. Resources
/// begin with the prefix.
pub(super) fn leads_somewhere(shape: &str, spec: &Spec, format: Format, prefix: &str) {
    let module = Module::of(spec, format);
    let mut named: Vec<String> = Vec::new();
    for kind in ["resource", "variable", "data", "ephemeral", "output"] {
        for (labels, _) in module.blocks(kind) {
            let before = match kind {
                "resource" => String::new(),
                "variable" => "var.".to_owned(),
                other => format!("{other}."),
            };
            named.push(format!("{before}{}", labels.join(".")));
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
            [kind, label, ..] if kind.starts_with(prefix) => format!("{kind}.{label}"),
            ["data" | "ephemeral", kind, label, ..] => format!("{}.{kind}.{label}", parts[0]),
            _ => continue,
        };
        references += 1;
        assert!(named.contains(&wanted), "{shape}: {wanted} of {named:?}");
    }
    let least = if format == Format::Budget { 1 } else { 20 };
    assert!(references > least, "{shape}: {references}");
}

/// The variables without a default, in their order.
pub(super) fn without_default(spec: &Spec, format: Format) -> Vec<String> {
    let module = Module::of(spec, format);
    let variables = module.blocks("variable").into_iter();
    variables
        .filter(|(_, body)| body.attributes().all(|own| own.key() != "default"))
        .map(|(labels, _)| labels[0].to_owned())
        .collect()
}
