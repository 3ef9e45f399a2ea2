//! Terraform for AWS, and the alarm for its bill.

mod facts;
mod hostile;
mod read_back;
mod refused;
pub(crate) mod specs;

use reports::emit::{Format, emit};

use super::DAY;

#[test]
fn the_module_of_the_seed_phrase() {
    let files = emit(&specs::seed(), Format::TerraformAws, DAY).expect("it is generated");
    let texts = files.iter().map(|(name, text)| format!("==> {name}\n{text}"));
    insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_budget_of_the_seed_phrase() {
    let files = emit(&specs::seed(), Format::Budget, DAY).expect("it is generated");
    assert_eq!(files.len(), 1);
    insta::assert_snapshot!(files[0].1);
}
