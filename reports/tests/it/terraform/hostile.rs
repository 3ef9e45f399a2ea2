//! Texts of anybody: they come back as they were, and nothing else does.

use std::collections::BTreeMap;

use domain::name::Name;
use proptest::prelude::*;
use reports::emit::{Format, emit};

use super::module::{Module, word};
use super::{DAY, specs};

/// Texts that something could take for more than a text.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "${",
        "$${",
        "%{",
        "%%{",
        "}",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "$",
        "%",
        "#",
        "/*",
        "<<EOT",
        "EOT",
        "\u{202e}",
        "\u{2066}",
        "\u{0}",
        "\u{feff}",
        "../",
        "</script>",
        "=cmd()",
        "é",
        "\u{1f600}",
        "\\u0041",
        "~}",
        "for",
        "{",
        "[",
    ]);
    let piece = prop_oneof![
        3 => pieces.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z]{1,3}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9][a-z0-9-]{0,62}", "[0-9-]{0,3}a-?to-?[ab]?", "(a|b|1)(-|--)?(a|b)?-?"]
        .prop_filter("it is a name", |name| name.parse::<Name>().is_ok())
}

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

    /// Neither a control nor a character that turns others around is in a file.
    #[test]
    fn nothing_hidden_is_written(label in texts(), input in texts()) {
        let mut spec = specs::seed();
        spec.metadata.labels.insert("it".to_owned(), label);
        spec.inputs_required[0].name = input;
        for (_, text) in emit(&spec, Format::TerraformAws, DAY).expect("it is generated") {
            let hidden = |letter: char| {
                letter != '\n' && letter.is_control()
                    || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            prop_assert!(!text.contains(hidden), "{text:?}");
            prop_assert!(hcl::parse(&text).is_ok());
        }
    }

    /// Whatever services are called, their resources are called differently.
    #[test]
    fn names_give_identifiers_that_differ(
        system in names(),
        own in prop::collection::btree_set(names(), 4),
    ) {
        let mut spec = specs::seed();
        spec.metadata.name = Name::of(&system);
        let old: Vec<Name> = spec.services.iter().map(|service| service.name.clone()).collect();
        let new: Vec<Name> = own.iter().map(|name| Name::of(name)).collect();
        prop_assume!(!new.iter().any(|name| name.as_str() == "internet"));
        let renamed = |name: &Name| {
            old.iter().position(|own| own == name).map_or(name.clone(), |at| new[at].clone())
        };
        for service in &mut spec.services {
            service.name = renamed(&service.name);
            service.targets = service.targets.iter().map(renamed).collect();
        }
        for flow in &mut spec.network.flows {
            (flow.from, flow.to) = (renamed(&flow.from), renamed(&flow.to));
        }
        for input in &mut spec.inputs_required {
            input.service = renamed(&input.service);
        }
        let module = Module::of(&spec, Format::TerraformAws);
        let resources = module.blocks("resource");
        let mut labels: Vec<String> = resources.iter().map(|(own, _)| own.join(".")).collect();
        for (own, _) in &resources {
            prop_assert!(hcl::Identifier::new(own[1]).is_ok(), "{own:?}");
        }
        let count = labels.len();
        labels.sort_unstable();
        labels.dedup();
        prop_assert_eq!(labels.len(), count);
    }
}
