//! What is emitted is held against what the provider takes, restated in `tests/tables` from the
//! output of `terraform providers schema` for version 5.100.0.

use reports::emit::Format;

use super::specs;
use crate::terraform::facts::{hold, holds, leads_somewhere, table, without_default};
use crate::terraform::module::{Module, value};

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

/// Every input of the spec is a variable, and no other is without a default; those that a cluster
/// does without have none but null, which is refused where there is no cluster (`cluster.rs`).
#[test]
fn what_has_no_default_is_what_the_spec_asks_for() {
    for (shape, spec) in specs::all() {
        let asked: Vec<&str> =
            spec.inputs_required.iter().map(|input| input.name.as_str()).collect();
        let module = Module::of(&spec, Format::TerraformAws);
        let variables = module.blocks("variable").into_iter();
        let open = variables.filter(|(_, body)| {
            matches!(value(body, "default"), None | Some(hcl::Expression::Null))
        });
        let open: Vec<&str> = open.map(|(labels, _)| labels[0]).collect();
        assert_eq!(open, asked, "{shape}");
        let always = without_default(&spec, Format::TerraformAws);
        assert!(always.iter().all(|name| asked.contains(&name.as_str())), "{shape}: {always:?}");
        assert!(without_default(&spec, Format::Budget).is_empty(), "{shape}");
    }
}
