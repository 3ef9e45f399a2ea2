//! Texts of anybody: they come back as they were, and nothing else does.

use std::collections::{BTreeMap, BTreeSet};

use domain::name::Name;
use hcl::Expression;
use proptest::prelude::*;
use reports::emit::Format;

use super::specs;
use crate::terraform::hostile::{differ, hides_nothing, names, renamed, texts};
use crate::terraform::module::{Module, value, word};

/// Keys and values of labels: most are none for Google.
fn labels() -> impl Strategy<Value = BTreeMap<String, String>> {
    let word =
        || prop_oneof![2 => texts(), 1 => "[a-z][a-z0-9_-]{0,66}", 1 => "[A-Za-z0-9._-]{0,5}"];
    prop::collection::btree_map(word(), word(), 0..5)
}

/// The labels that Google is given.
fn given(module: &Module) -> BTreeMap<String, String> {
    let locals = module.blocks("locals");
    let labels = locals.iter().find_map(|(_, body)| value(body, "labels")).expect("it has labels");
    let Expression::Object(labels) = labels else { panic!("labels are a map") };
    let text = |value: &Expression| match value {
        Expression::String(text) => text.clone(),
        other => panic!("a label is a text: {other}"),
    };
    let pair = |(key, value): (&hcl::expr::ObjectKey, &Expression)| match key {
        hcl::expr::ObjectKey::Expression(key) => (text(key), text(value)),
        other => panic!("a key is a text: {other}"),
    };
    labels.iter().map(pair).collect()
}

/// Whether Google takes a text in a label, said once more.
fn takes(text: &str) -> bool {
    let small = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '_' | '-');
    text.chars().count() <= 63 && text.chars().all(small)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// All labels come back from the tags, and those that Google takes from its labels too.
    #[test]
    fn labels_come_back_as_they_were(labels in labels(), example in texts(), kind in texts()) {
        let mut spec = specs::seed();
        spec.metadata.labels.clone_from(&labels);
        spec.inputs_required[1].example = Some(example.clone());
        spec.services[1].offers[0].instance_type.clone_from(&kind);
        spec.cost.basis.expected.clone_from(&kind);
        let module = Module::of(&spec, Format::TerraformGoogle);
        let tags: BTreeMap<String, String> = module.tags().into_iter().collect();
        let given = given(&module);
        for (key, value) in &labels {
            prop_assert_eq!(tags.get(key), Some(value));
            let starts = key.starts_with(|letter: char| letter.is_ascii_lowercase());
            if starts && takes(key) && takes(value) && !key.starts_with("goog") {
                prop_assert_eq!(given.get(key), Some(value));
            }
        }
        for (key, value) in &given {
            let starts = key.starts_with(|letter: char| letter.is_ascii_lowercase());
            prop_assert!(starts && takes(key) && takes(value), "{key}: {value}");
            let own = ["plimsoll-spec", "plimsoll-system", "environment"].contains(&&**key);
            prop_assert!(own || labels.get(key) == Some(value), "{key}: {value}");
        }
        let variables = module.blocks("variable");
        let domain = variables.iter().find(|(labels, _)| labels[0] == "edge_domain").unwrap().1;
        let end = format!(", as {example}");
        prop_assert!(word(domain, "description").ends_with(&end));
        let template = module.resource("google_compute_region_instance_template", "app");
        prop_assert_eq!(word(template, "machine_type"), kind);
        let plain = Module::of(&specs::seed(), Format::TerraformGoogle);
        prop_assert_eq!(module.0.blocks().count(), plain.0.blocks().count());
    }

    #[test]
    fn nothing_hidden_is_written(label in texts(), input in texts(), kind in texts()) {
        for mut spec in [specs::seed(), specs::managed()] {
            spec.metadata.labels.insert("it".to_owned(), label.clone());
            spec.inputs_required[0].name.clone_from(&input);
            for service in &mut spec.services {
                for offer in &mut service.offers {
                    offer.instance_type.clone_from(&kind);
                }
            }
            hides_nothing(&spec, Format::TerraformGoogle)?;
        }
    }

    /// Whatever services are called, their resources are called differently, in Terraform and in
    /// Google Cloud, and by names that it takes.
    #[test]
    fn names_give_identifiers_that_differ(
        system in names(),
        own in prop::collection::btree_set(names(), 4),
        which in 0_usize..2,
    ) {
        let new: Vec<Name> = own.iter().map(|name| Name::of(name)).collect();
        prop_assume!(!new.iter().any(|name| name.as_str() == "internet"));
        let spec = [specs::seed, specs::managed][which]();
        let module = Module::of(&renamed(spec, &system, &new), Format::TerraformGoogle);
        differ(&module)?;
        let mut taken = BTreeSet::new();
        for (labels, body) in module.blocks("resource") {
            for key in ["name", "name_prefix", "base_instance_name", "account_id"] {
                let Some(Expression::String(name)) = value(body, key) else { continue };
                let small = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-');
                prop_assert!(name.chars().all(small), "{name}");
                prop_assert!(name.starts_with(|letter: char| letter.is_ascii_lowercase()));
                let (most, prefix) = match key {
                    "name" => (80, false),
                    "name_prefix" => (37, true),
                    "account_id" => (30, false),
                    _ => (58, false),
                };
                prop_assert!(name.len() <= most && name.ends_with('-') == prefix, "{key} {name}");
                prop_assert!(key != "account_id" || name.len() >= 6, "{name}");
                prop_assert!(taken.insert((labels[0], key, name.clone())), "{labels:?} {name}");
            }
        }
    }
}
