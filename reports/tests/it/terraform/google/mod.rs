//! Terraform for Google Cloud.

mod facts;
mod hostile;
mod kept;
mod read_back;
mod refused;
pub(super) mod specs;
mod told;

use domain::spec::Spec;
use reports::emit::{Format, emit};

use super::DAY;

fn text(spec: &Spec) -> String {
    let files = emit(spec, Format::TerraformGoogle, DAY).expect("it is generated");
    let texts = files.iter().map(|(name, text)| format!("==> {name}\n{text}"));
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_module_of_the_seed_phrase() {
    insta::assert_snapshot!(text(&specs::seed()));
}

#[test]
fn the_module_of_what_google_runs() {
    insta::assert_snapshot!(text(&specs::managed()));
}

/// With encryption, canaries and an environment, in three zones.
#[test]
fn the_module_of_what_is_guarded() {
    insta::assert_snapshot!(text(&specs::guarded(specs::valkey())));
}
