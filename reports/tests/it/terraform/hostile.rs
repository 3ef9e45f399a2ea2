//! Texts and names of anybody.

use domain::name::Name;
use domain::spec::Spec;
use proptest::prelude::*;
use reports::emit::{Format, emit};

use super::DAY;
use super::module::Module;

/// Texts that something could take for more than a text.
pub(super) fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "${",
        "$${",
        "%{",
        "%%{",
        "}",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "$",
        "%",
        "#",
        "/*",
        "<<EOT",
        "EOT",
        "\u{202e}",
        "\u{2066}",
        "\u{0}",
        "\u{feff}",
        "../",
        "</script>",
        "=cmd()",
        "é",
        "\u{1f600}",
        "\\u0041",
        "~}",
        "for",
        "{",
        "[",
    ]);
    let piece = prop_oneof![
        3 => pieces.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z]{1,3}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

pub(super) fn names() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9][a-z0-9-]{0,62}", "[0-9-]{0,3}a-?to-?[ab]?", "(a|b|1)(-|--)?(a|b)?-?"]
        .prop_filter("it is a name", |name| name.parse::<Name>().is_ok())
}

/// The spec under another name, with services of other names.
pub(super) fn renamed(mut spec: Spec, system: &str, new: &[Name]) -> Spec {
    spec.metadata.name = Name::of(system);
    let old: Vec<Name> = spec.services.iter().map(|service| service.name.clone()).collect();
    let renamed = |name: &Name| {
        old.iter().position(|own| own == name).map_or(name.clone(), |at| new[at].clone())
    };
    for service in &mut spec.services {
        service.name = renamed(&service.name);
        service.targets = service.targets.iter().map(renamed).collect();
    }
    for flow in &mut spec.network.flows {
        (flow.from, flow.to) = (renamed(&flow.from), renamed(&flow.to));
    }
    for input in &mut spec.inputs_required {
        input.service = renamed(&input.service);
    }
    spec
}

/// The names of all resources: identifiers, each once.
pub(super) fn differ(module: &Module) -> Result<(), TestCaseError> {
    let resources = module.blocks("resource");
    let mut labels: Vec<String> = resources.iter().map(|(own, _)| own.join(".")).collect();
    for (own, _) in &resources {
        prop_assert!(hcl::Identifier::new(own[1]).is_ok(), "{own:?}");
    }
    let count = labels.len();
    labels.sort_unstable();
    labels.dedup();
    prop_assert_eq!(labels.len(), count);
    Ok(())
}

/// Neither a control nor a character that turns others around is in a file.
pub(super) fn hides_nothing(spec: &Spec, format: Format) -> Result<(), TestCaseError> {
    for (_, text) in emit(spec, format, DAY).expect("it is generated") {
        let hidden = |letter: char| {
            letter != '\n' && letter.is_control()
                || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        prop_assert!(!text.contains(hidden), "{text:?}");
        prop_assert!(hcl::parse(&text).is_ok());
    }
    Ok(())
}
