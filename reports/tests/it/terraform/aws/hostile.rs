//! Texts of anybody: they come back as they were, or are refused where AWS takes them as no tag.

use std::collections::BTreeMap;

use domain::name::Name;
use miette::Diagnostic as _;
use proptest::prelude::*;
use reports::emit::{Format, emit};

use super::specs;
use crate::terraform::DAY;
use crate::terraform::hostile::{differ, hides_nothing, names, renamed, texts};
use crate::terraform::module::{Module, word};

/// Whether AWS takes a text as a tag, said once more.
fn is_tag(key: &str, value: &str) -> bool {
    let signs = [' ', '+', '-', '=', '.', '_', ':', '/', '@'];
    let plain =
        |text: &str| text.chars().all(|letter| letter.is_alphanumeric() || signs.contains(&letter));
    let own = key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    !key.is_empty() && !own && plain(key) && plain(value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn labels_come_back_as_they_were(
        labels in prop::collection::btree_map(
            prop_oneof!["[aA][wW][sS]:x?", "[a-z é+=._:/@-]{1,9}", texts()],
            prop_oneof![2 => "[A-Za-z0-9 é+=._:/@-]{0,9}", 1 => texts()],
            0..3,
        ),
        example in texts(),
        engine in texts(),
    ) {
        let mut spec = specs::seed();
        spec.metadata.labels.clone_from(&labels);
        let mut folded: Vec<String> = labels.keys().map(|key| key.to_lowercase()).collect();
        folded.sort_unstable();
        folded.dedup();
        let taken = labels.iter().all(|(key, value)| is_tag(key, value));
        if !taken || folded.len() != labels.len() {
            for format in [Format::TerraformAws, Format::Budget] {
                let refusal = emit(&spec, format, DAY).expect_err("it is refused");
                prop_assert!(refusal.to_string().contains("is no tag of AWS: "), "{}", refusal);
                let code = refusal.code().map(|code| code.to_string());
                prop_assert_eq!(code.as_deref(), Some("emit::label"));
            }
            let numbered = (0..labels.len()).map(|at| (format!("{at}"), format!("v/{at}")));
            spec.metadata.labels = numbered.collect();
        }
        let labels = spec.metadata.labels.clone();
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
    fn nothing_hidden_is_written(example in texts(), input in texts()) {
        let mut spec = specs::seed();
        spec.inputs_required[1].example = Some(example);
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
