//! What is emitted is held against what the provider takes: version 4.55.0 of azurerm, restated in
//! `tests/tables` from the bindings that are published for it.

use reports::emit::Format;
use serde_json::Value;

use super::specs;
use crate::terraform::facts::{hold, holds, leads_somewhere, table, without_default};
use crate::terraform::module::{Module, word};

const FACTS: &str = include_str!("../../../tables/terraform-azurerm-4.55.json");

#[test]
fn the_provider_knows_every_attribute_and_lacks_none() {
    let facts = table(FACTS);
    for (shape, spec) in specs::all() {
        holds(shape, &spec, Format::TerraformAzure, &facts);
    }
}

#[test]
fn what_is_not_in_the_facts_is_found() {
    let facts = table(FACTS);
    let body = hcl::parse("zones = []\nspeed = 3\nfast {}\n").expect("it is HCL");
    let mut found = Vec::new();
    hold("it", &body, &facts["azurerm_linux_virtual_machine_scale_set"], &mut found);
    let expected = [
        "it.speed is unknown",
        "it.admin_username is missing",
        "it.location is missing",
        "it.name is missing",
        "it.resource_group_name is missing",
        "it.sku is missing",
        "it.network_interface is missing",
        "it.os_disk is missing",
        "it.fast is unknown",
    ];
    assert_eq!(found, expected);
}

#[test]
fn references_lead_somewhere_and_names_are_unique() {
    for (shape, spec) in specs::all() {
        leads_somewhere(shape, &spec, Format::TerraformAzure, "azurerm_");
    }
}

/// Every input of the spec is a variable without a default, and no other variable is.
#[test]
fn what_has_no_default_is_what_the_spec_asks_for() {
    for (shape, spec) in specs::all() {
        let asked: Vec<&str> =
            spec.inputs_required.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(without_default(&spec, Format::TerraformAzure), asked, "{shape}");
    }
}

/// What can have tags has them, but for zones of names, whose tags take no colon.
#[test]
fn everything_is_tagged_with_the_labels_and_the_spec() {
    let facts = table(FACTS);
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        let mut tagged = 0;
        for (labels, body) in module.blocks("resource") {
            let optional = facts[labels[0]]["optional"].as_array().expect("a list");
            let takes = optional.contains(&Value::from("tags"));
            let zone = labels[0].starts_with("azurerm_private_dns_zone");
            let own = word(body, "tags");
            assert_eq!(!own.is_empty(), takes && !zone, "{shape}: {labels:?}");
            if !own.is_empty() {
                let whole = own == "local.tags" || own.starts_with("merge(local.tags, ");
                assert!(whole, "{shape}: {own}");
                tagged += 1;
            }
        }
        assert!(tagged > 15, "{shape}: {tagged}");
        let tags = module.tags();
        for (key, value) in &spec.metadata.labels {
            assert!(tags.contains(&(key.clone(), value.clone())), "{shape}: {tags:?}");
        }
        let digest = ("plimsoll.dev:spec".to_owned(), spec.metadata.digest.clone());
        assert!(tags.contains(&digest), "{shape}");
    }
}

/// No password is in a module, nor a way to log in with one.
#[test]
fn there_is_no_password() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        for (labels, body) in module.blocks("resource") {
            for name in ["admin_password", "administrator_password"] {
                assert_eq!(word(body, name), "", "{shape}: {labels:?}");
            }
            let machine = labels[0].contains("linux_virtual_machine");
            let refused = word(body, "disable_password_authentication");
            assert_eq!(refused, if machine { "true" } else { "" }, "{shape}: {labels:?}");
        }
    }
}
