//! Texts of anybody: they come back as they were, or are refused where Azure takes them as no tag.

use std::collections::BTreeMap;

use domain::name::Name;
use miette::Diagnostic as _;
use proptest::prelude::*;
use reports::emit::{Format, emit};

use super::specs;
use crate::terraform::DAY;
use crate::terraform::hostile::{differ, hides_nothing, names, renamed, texts};
use crate::terraform::module::{Module, word};

/// Whether Azure takes a text as the name of a tag, said once more.
fn is_tag(key: &str) -> bool {
    let kept = ["microsoft", "azure", "windows"];
    let lower = key.to_lowercase();
    !key.is_empty()
        && lower != "service"
        && key.chars().all(|letter| !"<>%&\\?/".contains(letter) && !letter.is_control())
        && !kept.iter().any(|start| lower.starts_with(start))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn labels_come_back_as_they_were(
        labels in prop::collection::btree_map(texts(), texts(), 0..4),
        example in texts(),
        size in texts(),
    ) {
        let mut spec = specs::seed();
        spec.metadata.labels.clone_from(&labels);
        spec.inputs_required[1].example = Some(example.clone());
        spec.services[1].offers[0].instance_type.clone_from(&size);
        let folded = labels.keys().map(|key| key.to_lowercase());
        let mut folded: Vec<String> = folded.collect();
        folded.sort_unstable();
        folded.dedup();
        if !labels.keys().all(|key| is_tag(key)) || folded.len() != labels.len() {
            let refusal = emit(&spec, Format::TerraformAzure, DAY).expect_err("it is refused");
            prop_assert!(refusal.to_string().contains("is no tag of Azure: "));
            let code = refusal.code().map(|code| code.to_string());
            prop_assert_eq!(code.as_deref(), Some("emit::label"));
            spec.metadata.labels = labels.values().cloned().enumerate()
                .map(|(at, value)| (format!("{at}"), value)).collect();
        }
        let module = Module::of(&spec, Format::TerraformAzure);
        let tags: BTreeMap<String, String> = module.tags().into_iter().collect();
        for (key, value) in &spec.metadata.labels {
            prop_assert_eq!(tags.get(key), Some(value));
        }
        prop_assert_eq!(tags.len(), spec.metadata.labels.len() + 2
            + usize::from(tags.contains_key("environment")
                && !spec.metadata.labels.contains_key("environment")));
        let variables = module.blocks("variable");
        let domain = variables.iter().find(|(labels, _)| labels[0] == "edge_domain").unwrap().1;
        let end = format!(", as {example}");
        prop_assert!(word(domain, "description").ends_with(&end));
        let set = module.resource("azurerm_linux_virtual_machine_scale_set", "app");
        prop_assert_eq!(word(set, "sku"), size);
        let plain = Module::of(&specs::seed(), Format::TerraformAzure);
        prop_assert_eq!(module.0.blocks().count(), plain.0.blocks().count());
    }

    #[test]
    fn nothing_hidden_is_written(engine in texts(), input in texts(), value in texts()) {
        let mut spec = specs::seed();
        spec.metadata.labels.insert("it".to_owned(), value);
        spec.services[2].engine = Some(engine);
        spec.inputs_required[0].name = input;
        hides_nothing(&spec, Format::TerraformAzure)?;
    }

    /// Whatever services are called, their resources are called differently.
    #[test]
    fn names_give_identifiers_that_differ(
        system in names(),
        own in prop::collection::btree_set(names(), 4),
    ) {
        let new: Vec<Name> = own.iter().map(|name| Name::of(name)).collect();
        prop_assume!(!new.iter().any(|name| name.as_str() == "internet"));
        for spec in [specs::seed(), specs::managed()] {
            let module = Module::of(&renamed(spec, &system, &new), Format::TerraformAzure);
            differ(&module)?;
        }
    }
}
