//! Texts of anybody: they come back as they were, and nothing else does.

use std::collections::BTreeMap;

use domain::name::Name;
use proptest::prelude::*;
use reports::emit::Format;

use super::specs;
use crate::terraform::hostile::{differ, hides_nothing, names, renamed, texts};
use crate::terraform::module::{Module, word};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn labels_come_back_as_they_were(
        labels in prop::collection::btree_map(texts(), texts(), 0..4),
        example in texts(),
        engine in texts(),
    ) {
        let mut spec = specs::seed();
        spec.metadata.labels.clone_from(&labels);
        spec.inputs_required[1].example = Some(example.clone());
        spec.services[1].offers[0].instance_type.clone_from(&engine);
        spec.cost.basis.expected.clone_from(&engine);
        let module = Module::of(&spec, Format::TerraformAws);
        let tags: BTreeMap<String, String> = module.tags().into_iter().collect();
        for (key, value) in &labels {
            prop_assert_eq!(tags.get(key), Some(value));
        }
        let added = ["plimsoll.dev/spec", "plimsoll.dev/system", "environment"];
        prop_assert!(tags.keys().all(|key| labels.contains_key(key) || added.contains(&&**key)));
        let variables = module.blocks("variable");
        let domain = variables.iter().find(|(labels, _)| labels[0] == "edge_domain").unwrap().1;
        let end = format!(", as {example}");
        prop_assert!(word(domain, "description").ends_with(&end));
        let template = module.resource("aws_launch_template", "app");
        prop_assert_eq!(word(template, "instance_type"), engine);
        let plain = Module::of(&specs::seed(), Format::TerraformAws);
        prop_assert_eq!(module.0.blocks().count(), plain.0.blocks().count());
        let budget = Module::of(&spec, Format::Budget);
        prop_assert_eq!(budget.blocks("resource").len(), 1);
    }

    #[test]
    fn nothing_hidden_is_written(label in texts(), input in texts()) {
        let mut spec = specs::seed();
        spec.metadata.labels.insert("it".to_owned(), label);
        spec.inputs_required[0].name = input;
        hides_nothing(&spec, Format::TerraformAws)?;
    }

    /// Whatever services are called, their resources are called differently.
    #[test]
    fn names_give_identifiers_that_differ(
        system in names(),
        own in prop::collection::btree_set(names(), 4),
    ) {
        let new: Vec<Name> = own.iter().map(|name| Name::of(name)).collect();
        prop_assume!(!new.iter().any(|name| name.as_str() == "internet"));
        let spec = renamed(specs::seed(), &system, &new);
        differ(&Module::of(&spec, Format::TerraformAws))?;
    }
}
