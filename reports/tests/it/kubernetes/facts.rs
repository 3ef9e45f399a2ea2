//! What is emitted is held against what the API of Kubernetes takes, restated in `tests/tables`,
//! and against the rules that its server has beside that.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::manifests::{Manifests, container, texts};
use super::specs;

const FACTS: &str = include_str!("../../tables/kubernetes-1.34.json");

/// A validator of one kind.
fn validator(kind: &str) -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(FACTS).expect("the table is JSON");
    assert!(schema["$defs"].get(kind).is_some(), "the table knows {kind}");
    schema["$ref"] = json!(format!("#/$defs/{kind}"));
    jsonschema::validator_for(&schema).expect("the table is a schema")
}

fn faults(object: &Value) -> Vec<String> {
    let kind = object["kind"].as_str().expect("it has a kind");
    validator(kind).iter_errors(object).map(|own| own.to_string()).collect()
}

#[test]
fn the_api_knows_every_field_and_lacks_none() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let mut kinds = BTreeSet::new();
        let inputs = manifests.file("inputs.yaml");
        for object in manifests.objects().chain([inputs]) {
            let found = faults(object);
            assert!(found.is_empty(), "{shape}: {}\n{object}", found.join("\n"));
            kinds.insert(object["kind"].as_str().expect("it has a kind").to_owned());
        }
        assert!(kinds.len() >= 8, "{shape}: {kinds:?}");
    }
}

#[test]
fn what_the_api_does_not_take_is_found() {
    let manifests = Manifests::of(&specs::seed());
    let mut own = manifests.object("Deployment", "app").clone();
    own["spec"]["template"]["spec"]["containers"][0]["cpus"] = json!(4);
    own["spec"]["replicas"] = json!("eight");
    own["spec"].as_object_mut().expect("a map").remove("selector");
    let found = faults(&own).join("\n");
    for expected in ["'cpus' was unexpected", "\"eight\"", "\"selector\" is a required property"] {
        assert!(found.contains(expected), "{expected}: {found}");
    }
}

/// RFC 1123: at most 63 lower-case letters, digits and hyphens, none of them at an end.
fn is_dns_label(text: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    !text.is_empty()
        && text.len() <= 63
        && text.chars().all(|letter| allowed(letter) || letter == '-')
        && text.starts_with(allowed)
        && text.ends_with(allowed)
}

/// Labels, <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/>.
fn is_label_value(text: &str) -> bool {
    let end = |letter: char| letter.is_ascii_alphanumeric();
    let allowed = |letter: char| end(letter) || "-_.".contains(letter);
    text.is_empty()
        || text.len() <= 63
            && text.starts_with(end)
            && text.ends_with(end)
            && text.chars().all(allowed)
}

fn is_key(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').unwrap_or(("a", text));
    !name.is_empty() && is_label_value(name) && prefix.split('.').all(is_dns_label)
}

/// What the server checks of every object, beside its schema.
pub(super) fn hold(shape: &str, manifests: &Manifests) {
    let mut seen = BTreeSet::new();
    for object in manifests.objects() {
        let (kind, metadata) = (&object["kind"], &object["metadata"]);
        let name = metadata["name"].as_str().expect("it has a name");
        assert!(is_dns_label(name), "{shape}: {kind} {name}");
        // Names of services are those of RFC 1035, which begin with a letter.
        assert!(name.starts_with(|letter: char| letter.is_ascii_lowercase()), "{shape}: {name}");
        assert!(seen.insert(format!("{kind} {name}")), "{shape}: two of {kind} {name}");
        for (key, value) in texts(&metadata["labels"]) {
            let value = value.as_str().expect("a label is a text");
            assert!(is_key(key) && is_label_value(value), "{shape}: {key}: {value}");
        }
        for (key, value) in texts(&metadata["annotations"]) {
            assert!(is_key(key) && value.is_string(), "{shape}: {key}: {value}");
        }
    }
    let namespaces = manifests.of_kind("Namespace");
    let [namespace] = namespaces.as_slice() else { panic!("{shape}: one namespace") };
    let home = &namespace["metadata"]["name"];
    assert!(home != "default" && !home.as_str().expect("a text").starts_with("kube-"));
    let inside = manifests.objects().filter(|own| own["kind"] != "Namespace");
    for object in inside.chain([manifests.file("inputs.yaml")]) {
        assert_eq!(object["metadata"]["namespace"], *home, "{shape}: {object}");
    }
    for deployment in manifests.of_kind("Deployment") {
        hold_deployment(shape, manifests, deployment);
    }
}

fn hold_deployment(shape: &str, manifests: &Manifests, deployment: &Value) {
    let (spec, name) = (&deployment["spec"], &deployment["metadata"]["name"]);
    let labels = texts(&spec["template"]["metadata"]["labels"]);
    let selector = texts(&spec["selector"]["matchLabels"]);
    assert_eq!(selector.len(), 2, "{shape}: {name}");
    for (key, value) in selector {
        assert_eq!(labels.get(key), Some(value), "{shape}: {name} finds its own pods");
    }
    // Two of them must not find each other's pods.
    let alike = manifests.of_kind("Deployment").into_iter();
    let alike = alike.filter(|own| own["spec"]["selector"] == spec["selector"]).count();
    assert_eq!(alike, 1, "{shape}: {name}");
    let rolling = &spec["strategy"]["rollingUpdate"];
    assert!(rolling["maxSurge"].as_u64() > Some(0), "{shape}: with none fewer, one more has to be");
    let pod = &spec["template"]["spec"];
    let container = container(deployment);
    for kind in ["livenessProbe", "startupProbe"] {
        // Any other number than 1 is refused.
        assert!(container[kind]["successThreshold"].is_null(), "{shape}: {kind}");
    }
    let volumes = pod["volumes"].as_array().expect("it has volumes");
    let named: Vec<&Value> = volumes.iter().map(|own| &own["name"]).collect();
    for mount in container["volumeMounts"].as_array().expect("they are mounted") {
        assert!(named.contains(&&mount["name"]), "{shape}: {mount}");
    }
    manifests.object("ServiceAccount", pod["serviceAccountName"].as_str().expect("a name"));
    let settings = &container["envFrom"][0]["configMapRef"]["name"];
    manifests.object("ConfigMap", settings.as_str().expect("a name"));
}

#[test]
fn the_rules_of_the_server_hold() {
    for (shape, spec) in specs::all() {
        hold(shape, &Manifests::of(&spec));
    }
}

/// What the profile "restricted" asks of a pod
/// (<https://kubernetes.io/docs/concepts/security/pod-security-standards/>), and more.
#[test]
fn programs_may_do_nothing_that_they_do_not_need() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let namespace = manifests.of_kind("Namespace")[0];
        let labels = &namespace["metadata"]["labels"];
        assert_eq!(labels["pod-security.kubernetes.io/enforce"], "restricted");
        for deployment in manifests.of_kind("Deployment") {
            let pod = &deployment["spec"]["template"]["spec"];
            assert_eq!(pod["automountServiceAccountToken"], false, "{shape}");
            assert_eq!(pod["securityContext"]["runAsNonRoot"], true, "{shape}");
            assert!(pod["securityContext"]["runAsUser"].as_u64() > Some(10_000), "{shape}");
            assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
            let own = &container(deployment)["securityContext"];
            assert_eq!(own["allowPrivilegeEscalation"], false, "{shape}");
            assert_eq!(own["readOnlyRootFilesystem"], true, "{shape}");
            assert_eq!(own["capabilities"], json!({"drop": ["ALL"]}), "{shape}");
            for field in ["hostNetwork", "hostPID", "hostIPC"] {
                assert!(pod[field].is_null(), "{shape}: {field}");
            }
            let port = container(deployment)["ports"][0]["containerPort"].as_u64();
            let lowered = &pod["securityContext"]["sysctls"][0]["value"];
            assert_eq!(lowered.is_string(), port < Some(1_024), "{shape}: {port:?}");
        }
        for account in manifests.of_kind("ServiceAccount") {
            assert_eq!(account["automountServiceAccountToken"], false, "{shape}");
        }
        let secrets = manifests.of_kind("Secret");
        assert!(secrets.is_empty(), "{shape}: no credential is written");
    }
}
