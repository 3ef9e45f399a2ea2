//! Terraform from a spec: known to the provider, the same numbers as the spec, every text itself.

mod alike;
pub(crate) mod at_once;
mod aws;
mod azure;
mod budget;
mod environment;
mod facts;
mod google;
mod hostile;
mod labels;
mod module;
mod passwords;
mod tagged;
mod validated;

pub(crate) use aws::specs;
use reports::emit::{Format, emit};

/// The day of all bills here.
const DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 1);

#[test]
fn every_format_keeps_to_its_files() {
    for (_, spec) in google::specs::all() {
        keeps_to_its_files(&spec, Format::TerraformGoogle);
    }
    for (_, spec) in specs::all() {
        for format in [Format::Bom, Format::Budget, Format::Focus, Format::TerraformAws] {
            keeps_to_its_files(&spec, format);
        }
    }
}

fn keeps_to_its_files(spec: &domain::spec::Spec, format: Format) {
    let files = emit(spec, format, DAY).expect("it is generated");
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, format.files());
    for name in names {
        assert!(name.split('/').count() <= 2 && !name.contains(".."), "{name}");
    }
}
