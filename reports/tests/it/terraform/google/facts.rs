//! What is emitted is held against what the provider takes, restated in `tests/tables` from version
//! 6.50.0: from its schema as the npm package `@cdktf/provider-google` 16.12.1 states it.

use reports::emit::Format;

use super::specs;
use crate::terraform::facts::{hold, holds, leads_somewhere, table, without_default};

const FACTS: &str = include_str!("../../../tables/terraform-google-6.50.json");

#[test]
fn the_provider_knows_every_attribute_and_lacks_none() {
    let facts = table(FACTS);
    for (shape, spec) in specs::all() {
        holds(shape, &spec, Format::TerraformGoogle, &facts);
    }
}

#[test]
fn what_is_not_in_the_facts_is_found() {
    let facts = table(FACTS);
    let body = hcl::parse("name = \"x\"\nspeed = 3\nnetwork_interface {}\nfast {}\n");
    let mut found = Vec::new();
    hold("it", &body.expect("it is HCL"), &facts["google_compute_instance"], &mut found);
    assert_eq!(
        found,
        [
            "it.speed is unknown",
            "it.machine_type is missing",
            "it.boot_disk is missing",
            "it.fast is unknown"
        ]
    );
}

#[test]
fn references_lead_somewhere_and_names_are_unique() {
    for (shape, spec) in specs::all() {
        leads_somewhere(shape, &spec, Format::TerraformGoogle, "google_");
    }
}

/// Every input of the spec is a variable without a default, and no other variable is.
#[test]
fn what_has_no_default_is_what_the_spec_asks_for() {
    for (shape, spec) in specs::all() {
        let asked: Vec<&str> =
            spec.inputs_required.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(without_default(&spec, Format::TerraformGoogle), asked, "{shape}");
    }
}
