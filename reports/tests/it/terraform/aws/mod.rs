//! Terraform for AWS, and the alarm for its bill.

pub(super) mod cluster;
mod evaluated;
mod facts;
mod hostile;
mod read_back;
mod refused;
pub(crate) mod specs;
mod told;

use reports::emit::{Format, emit};

use super::DAY;

#[test]
fn the_module_of_the_seed_phrase() {
    let files = emit(&specs::seed(), Format::TerraformAws, DAY).expect("it is generated");
    let texts = files.iter().map(|(name, text)| format!("==> {name}\n{text}"));
    insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"));
}

/// What a program that another one calls has besides.
#[test]
fn the_module_of_a_fleet_that_is_called() {
    let (_, spec) = specs::all().pop().expect("it is the last");
    let files = emit(&spec, Format::TerraformAws, DAY).expect("it is generated");
    let own = ["discovery", "endpoints", "fleet", "identity"];
    let own = files.iter().filter(|(name, _)| own.iter().any(|own| name.contains(own)));
    let texts = own.map(|(name, text)| format!("==> {name}\n{text}"));
    insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_budget_of_the_seed_phrase() {
    let files = emit(&specs::seed(), Format::Budget, DAY).expect("it is generated");
    assert_eq!(files.len(), 1);
    insta::assert_snapshot!(files[0].1);
}
