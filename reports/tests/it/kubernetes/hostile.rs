//! Texts of anybody: they come back as they were, and nothing else does.

use std::collections::BTreeMap;

use domain::name::Name;
use domain::spec::Spec;
use proptest::prelude::*;
use reports::emit::{Format, emit};

use super::manifests::{Manifests, annotation, container, texts as map};
use super::{DAY, facts, specs};

/// Texts that something could take for more than a text.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "${",
        "}",
        "$(",
        "{{",
        "%{",
        "\"",
        "'",
        "\\",
        "\n",
        "\r\n",
        "\t",
        "- ",
        ": ",
        " #",
        "---\n",
        "...\n",
        "&a",
        "*a",
        "!!x",
        "|",
        ">",
        "? ",
        "@",
        "`",
        "yes",
        "null",
        "0x1",
        "~",
        "\u{202e}",
        "\u{2066}",
        "\u{0}",
        "\u{feff}",
        "\u{2028}",
        "\u{85}",
        "\u{ffff}",
        "../",
        "</script>",
        "=cmd()",
        "é",
        "\u{1f600}",
        "\\u0041",
        " ",
        "kubernetes.io/",
    ]);
    let piece = prop_oneof![
        3 => pieces.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z]{1,3}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9][a-z0-9-]{0,62}",
        "(default-deny|dns|inputs|scratch|kube-x|default)-?",
        "(a|b|1)(-|--)?(kind-[12]|slice-[12]|b)?-?",
    ]
    .prop_filter("it is a name", |name| name.parse::<Name>().is_ok())
}

/// The documents of a plan: how many of each kind.
fn counted(manifests: &Manifests) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (file, own) in &manifests.all {
        *counts.entry(format!("{file} {}", own["kind"])).or_default() += 1;
    }
    counts
}

/// A spec whose services are called otherwise.
fn renamed(mut spec: Spec, own: &[Name]) -> Spec {
    let old: Vec<Name> = spec.services.iter().map(|service| service.name.clone()).collect();
    let renamed = |name: &Name| {
        old.iter().position(|own| own == name).map_or(name.clone(), |at| own[at].clone())
    };
    for service in &mut spec.services {
        service.name = renamed(&service.name);
        service.targets = service.targets.iter().map(renamed).collect();
    }
    for service in &mut spec.demand.services {
        service.name = renamed(&service.name);
    }
    for flow in &mut spec.network.flows {
        (flow.from, flow.to) = (renamed(&flow.from), renamed(&flow.to));
    }
    for input in &mut spec.inputs_required {
        input.service = renamed(&input.service);
    }
    spec
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn texts_come_back_as_they_were(
        labels in prop::collection::btree_map(texts(), texts(), 0..4),
        example in texts(),
        image in texts(),
        path in texts(),
        product in texts(),
    ) {
        let mut spec = specs::busy();
        spec.metadata.labels.clone_from(&labels);
        spec.metadata.digest.clone_from(&example);
        for input in &mut spec.inputs_required {
            input.example = Some(example.clone());
        }
        let search = spec.demand.services.iter_mut().find(|own| own.name.as_str() == "search");
        search.expect("it is there").interface.image = Some(format!("r/{image}"));
        spec.services[1].health_check.path = Some(format!("/{path}"));
        spec.services[3].product = Some(product);
        let manifests = Manifests::of(&spec);
        facts::hold("hostile", &manifests);
        for object in manifests.objects() {
            let told = annotation(object, "plimsoll.dev/labels");
            let told: BTreeMap<String, String> = serde_json::from_str(told).expect("it is JSON");
            prop_assert_eq!(&told, &labels);
            prop_assert_eq!(annotation(object, "plimsoll.dev/spec"), &example);
        }
        let app = container(manifests.for_service("Deployment", "app")[0]);
        prop_assert_eq!(&app["readinessProbe"]["httpGet"]["path"], &format!("/{path}"));
        let edge = manifests.object("Ingress", "edge");
        let asked = annotation(edge, "alb.ingress.kubernetes.io/healthcheck-path");
        prop_assert_eq!(asked, format!("/{path}"));
        let search = container(manifests.for_service("Deployment", "search")[0]);
        prop_assert_eq!(&search["image"], &format!("r/{image}"));
        prop_assert_eq!(counted(&manifests), counted(&Manifests::of(&specs::busy())));
    }

    /// Neither a control nor a character that turns others around is in a file.
    #[test]
    fn nothing_hidden_is_written(text in texts(), input in texts()) {
        let mut spec = specs::seed();
        spec.metadata.labels.insert(text.clone(), text.clone());
        spec.metadata.digest.clone_from(&text);
        spec.services[3].product = Some(text.clone());
        spec.inputs_required[0].name.clone_from(&input);
        spec.inputs_required[1].name = input;
        spec.inputs_required[1].example = Some(text);
        for (name, text) in emit(&spec, Format::Kubernetes, DAY).expect("it is generated") {
            let hidden = |letter: char| {
                letter != '\n' && letter.is_control()
                    || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            prop_assert!(!text.contains(hidden), "{name}: {text:?}");
        }
        // Two inputs of one name are two keys.
        let manifests = Manifests::of(&spec);
        let data = map(&manifests.file("inputs.yaml")["data"]);
        prop_assert_eq!(data.values().filter(|own| own.is_null()).count(), 4);
        for key in data.keys() {
            let within = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
            prop_assert!(key.chars().all(within) && key.len() <= 253, "{key}");
        }
    }

    /// Whatever services are called, what is made of them is called differently and as DNS wants.
    #[test]
    fn names_give_labels_that_differ(
        system in names(),
        own in prop::collection::btree_set(names(), 8),
    ) {
        let own: Vec<Name> = own.iter().map(|name| Name::of(name)).collect();
        prop_assume!(!own.iter().any(|name| name.as_str() == "internet"));
        let mut spec = specs::busy();
        prop_assert_eq!(spec.services.len(), own.len());
        spec.metadata.name = Name::of(&system);
        spec.services[3].shards = 2;
        let spec = renamed(spec, &own);
        let manifests = Manifests::of(&spec);
        facts::hold("renamed", &manifests);
        for service in &spec.services {
            let found = manifests.objects().any(|object| {
                annotation(object, "plimsoll.dev/service") == service.name.as_str()
            });
            prop_assert!(found, "{}", service.name);
        }
        let namespace = manifests.of_kind("Namespace")[0];
        prop_assert_eq!(annotation(namespace, "plimsoll.dev/system"), &system);
    }
}
