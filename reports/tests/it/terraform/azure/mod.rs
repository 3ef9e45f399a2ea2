//! Terraform for Azure.

mod facts;
mod hostile;
mod managed;
mod ports;
mod read_back;
mod refused;
pub(super) mod specs;

use reports::emit::{Format, emit};

use super::DAY;

#[test]
fn the_module_of_the_seed_phrase() {
    let files = emit(&specs::seed(), Format::TerraformAzure, DAY).expect("it is generated");
    let texts = files.iter().map(|(name, text)| format!("==> {name}\n{text}"));
    insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_module_of_managed_data() {
    let files = emit(&specs::managed(), Format::TerraformAzure, DAY).expect("it is generated");
    let own = ["terraform-azure/cache.tf", "terraform-azure/database.tf"];
    let texts = files.iter().filter(|(name, _)| own.contains(name));
    let texts = texts.map(|(name, text)| format!("==> {name}\n{text}"));
    insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_module_keeps_to_its_files() {
    for (shape, spec) in specs::all() {
        let files = emit(&spec, Format::TerraformAzure, DAY).expect("it is generated");
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, Format::TerraformAzure.files(), "{shape}");
        assert!(names.iter().all(|name| name.starts_with("terraform-azure/")), "{shape}");
    }
}
