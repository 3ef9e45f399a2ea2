//! An environment given by its label alone is one like any other: its names, tags and filters are
//! those of the same system under `environments:`.

use domain::name::Name;
use domain::spec::Spec;
use reports::emit::{Format, emit};

use super::{DAY, aws, azure, google};

/// A spec of each cloud, with the formats that are generated from it.
fn all() -> Vec<(Spec, Vec<Format>)> {
    let module = [Format::TerraformAws, Format::TerraformAzure, Format::TerraformGoogle];
    let shared = [Format::Bom, Format::Budget, Format::Focus];
    let of = |spec, at: usize| (spec, [&shared[..], &module[at..=at]].concat());
    let mut all =
        vec![of(aws::specs::seed(), 0), of(azure::specs::seed(), 1), of(google::specs::seed(), 2)];
    let others = [Format::Kubernetes, Format::K6, Format::Alerts, Format::Openslo];
    all[0].1.extend(others);
    all
}

fn text(spec: &Spec, format: Format) -> String {
    let files = emit(spec, format, DAY).expect("it is generated");
    files.into_iter().map(|(_, text)| text).collect()
}

fn labelled(spec: &Spec, environment: &str) -> Spec {
    let mut spec = spec.clone();
    spec.metadata.environment = None;
    spec.metadata.labels.insert("environment".to_owned(), environment.to_owned());
    spec
}

#[test]
fn a_label_names_an_environment_as_the_document_does() {
    for (plain, formats) in all() {
        let labelled = labelled(&plain, "prod");
        let mut taken = labelled.clone();
        taken.metadata.environment = Some(Name::of("prod"));
        let system = format!("{}-prod", plain.metadata.name);
        for format in formats {
            let own = text(&labelled, format);
            assert_eq!(own, text(&taken, format), "{}", format.as_str());
            assert!(own.contains(&system) || format == Format::Bom, "{}", format.as_str());
        }
    }
}

/// Two that differ share no name, though their labels have the same letters but for the case.
#[test]
fn environments_of_other_letters_are_told_apart() {
    let (plain, _) = all().remove(0);
    let system = |environment: &str| {
        let budget = text(&labelled(&plain, environment), Format::Budget);
        let (_, after) = budget.split_once("user:plimsoll.dev/system$").expect("it filters");
        after.split_once('"').expect("it ends").0.to_owned()
    };
    let own = ["prod", "Prod", "PROD", "prod/eu", "", "prod eu"].map(system);
    for (at, name) in own.iter().enumerate() {
        assert!(name.parse::<Name>().is_ok(), "{name}");
        assert!(!own[..at].contains(name), "{name}");
    }
    assert_eq!(own[0], format!("{}-prod", plain.metadata.name));
    assert_eq!(own[4], plain.metadata.name.as_str());
}
