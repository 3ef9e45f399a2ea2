//! What is emitted is held against what the provider takes, restated in `tests/tables` from the
//! output of `terraform providers schema` for version 5.100.0.

use reports::emit::Format;

use super::specs;
use crate::terraform::facts::{hold, holds, leads_somewhere, table, without_default};

const FACTS: &str = include_str!("../../../tables/terraform-aws-5.100.json");

#[test]
fn the_provider_knows_every_attribute_and_lacks_none() {
    let facts = table(FACTS);
    for (shape, spec) in specs::all() {
        for format in [Format::TerraformAws, Format::Budget] {
            holds(shape, &spec, format, &facts);
        }
    }
}

#[test]
fn what_is_not_in_the_facts_is_found() {
    let facts = table(FACTS);
    let body = hcl::parse("engine = \"x\"\nspeed = 3\nfast {}\n").expect("it is HCL");
    let mut found = Vec::new();
    hold("it", &body, &facts["aws_db_instance"], &mut found);
    assert_eq!(
        found,
        ["it.speed is unknown", "it.instance_class is missing", "it.fast is unknown"]
    );
}

#[test]
fn references_lead_somewhere_and_names_are_unique() {
    for (shape, spec) in specs::all() {
        leads_somewhere(shape, &spec, Format::TerraformAws, "aws_");
    }
}

/// Every input of the spec is a variable without a default, and no other variable is.
#[test]
fn what_has_no_default_is_what_the_spec_asks_for() {
    for (shape, spec) in specs::all() {
        let asked: Vec<&str> =
            spec.inputs_required.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(without_default(&spec, Format::TerraformAws), asked, "{shape}");
        assert!(without_default(&spec, Format::Budget).is_empty(), "{shape}");
    }
}
