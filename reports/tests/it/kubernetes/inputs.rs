//! What only the owner can say is asked in one place, and every answer goes where it is needed.

use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::spec::{InputKind, Platform};
use reports::emit::{Format, emit};
use serde_json::Value;

use super::manifests::{Manifests, texts};
use super::{DAY, specs};

/// The places that an input's answer goes to: each with a kind, a name and a path.
fn places(manifests: &Manifests, input: &str) -> Vec<(String, String, String)> {
    let kustomization = manifests.file("kustomization.yaml");
    let mut places = Vec::new();
    for own in kustomization["replacements"].as_array().expect("replacements") {
        assert_eq!(own["source"]["kind"], "ConfigMap");
        assert_eq!(own["source"]["name"], manifests.file("inputs.yaml")["metadata"]["name"]);
        if own["source"]["fieldPath"] != format!("data.{input}") {
            continue;
        }
        for target in own["targets"].as_array().expect("targets") {
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            let (kind, name) = (text(&target["select"]["kind"]), text(&target["select"]["name"]));
            for path in target["fieldPaths"].as_array().expect("paths") {
                places.push((kind.clone(), name.clone(), text(path)));
            }
        }
    }
    places
}

/// What stands at a path of kustomize: `spec.containers.[name=app].image`.
fn at<'a>(object: &'a Value, path: &str) -> &'a Value {
    let mut steps: Vec<String> = Vec::new();
    let mut inside = false;
    for part in path.split('.') {
        let last = if inside { steps.last_mut() } else { None };
        match last {
            Some(step) => *step = format!("{step}.{part}"),
            None => steps.push(part.to_owned()),
        }
        inside = (inside || part.starts_with('[')) && !part.ends_with(']');
    }
    steps.iter().fold(object, |own, step| {
        let Some(inner) = step.strip_prefix('[').and_then(|own| own.strip_suffix(']')) else {
            return match step.parse::<usize>() {
                Ok(index) => &own[index],
                Err(_) => &own[step.as_str()],
            };
        };
        match inner.split_once('=') {
            None => &own[inner],
            Some((key, value)) => {
                let items = own.as_array().expect("a list");
                items.iter().find(|item| item[key] == value).expect("it is in the list")
            }
        }
    })
}

/// Every input of the spec is one without an answer, and no other is.
#[test]
fn what_has_no_default_is_what_the_spec_asks_for() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let data = texts(&manifests.file("inputs.yaml")["data"]);
        let open = data.iter().filter(|(_, value)| value.is_null());
        let open: Vec<&str> = open.map(|(key, _)| key.as_str()).collect();
        let asked: Vec<&str> = spec.inputs_required.iter().map(|own| own.name.as_str()).collect();
        assert_eq!(open, asked, "{shape}");
        let local = &manifests.file("inputs.yaml")["metadata"]["annotations"];
        assert_eq!(local["config.kubernetes.io/local-config"], "true", "{shape}");
    }
}

/// Of a password that RDS may make it is said what becomes of it, and of no other.
#[test]
fn a_password_that_is_rotated_is_told() {
    let mut told = 0;
    for (shape, spec) in specs::all() {
        let files = emit(&spec, Format::Kubernetes, DAY).expect("it is generated");
        let (_, text) = files.iter().find(|(name, _)| name.ends_with("/inputs.yaml")).expect("one");
        let lines = text.lines().map(|line| line.trim_start().trim_start_matches("# "));
        let text = lines.collect::<Vec<_>>().join(" ");
        let managed = spec.services.iter().any(|own| {
            own.kind == ServiceKind::Sql
                && own.platform == Platform::Managed
                && spec.placement.provider == Provider::Aws
                && spec.inputs_required.iter().any(|input| {
                    input.service == own.name && input.kind == InputKind::SecretReference
                })
        });
        let says = text.contains("RDS rotates the password every seven days");
        assert_eq!(says, managed, "{shape}: {text}");
        told += usize::from(says);
    }
    assert!(told > 2, "{told}");
}

/// Every input goes somewhere, and what stands there meanwhile is refused by the server, or is
/// the default.
#[test]
fn every_answer_goes_where_it_is_needed() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        for (key, value) in texts(&manifests.file("inputs.yaml")["data"]) {
            let places = places(&manifests, key);
            assert!(!places.is_empty(), "{shape}: {key} is asked for nothing");
            for (kind, name, path) in places {
                let stands = at(manifests.object(&kind, &name), &path);
                let stands = stands.as_str().unwrap_or_else(|| panic!("{shape}: {kind} {path}"));
                match value.as_str() {
                    Some(default) => assert_eq!(stands, default, "{shape}: {key}"),
                    // No image, no secret and no certificate; no name of DNS.
                    None => assert!(stands.is_empty() || stands == format!("<{key}>"), "{stands}"),
                }
            }
        }
    }
}

/// A pod reads its answers once, when it starts: so each of them stands in the template of every
/// pod that uses it, and another one is another pod.
#[test]
fn another_answer_starts_the_pods_that_use_it_anew() {
    let mut looked = 0;
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let pods = |service: &str| {
            let own = manifests.for_service("Deployment", service);
            own.iter().map(|own| own["metadata"]["name"].clone()).collect::<Vec<_>>()
        };
        for key in texts(&manifests.file("inputs.yaml")["data"]).keys() {
            let places = places(&manifests, key);
            let of = places.iter().find(|(kind, ..)| kind == "Service");
            let Some((_, name, _)) = of else { continue };
            let to = &manifests.object("Service", name)["metadata"]["annotations"];
            let to = to["plimsoll.dev/service"].as_str().expect("a name");
            let queue = |own: &&domain::spec::ServicePart| own.name.as_str() == to;
            let takers = &spec.services.iter().find(queue).expect("it is in the spec").targets;
            for caller in spec.services.iter().filter(|own| own.kind == ServiceKind::Service) {
                let calls = caller.targets.iter().any(|own| own.as_str() == to);
                for pod in pods(caller.name.as_str()) {
                    let told = places.iter().any(|(kind, name, path)| {
                        let template = path.starts_with("spec.template.metadata.annotations.");
                        kind == "Deployment" && pod == name.as_str() && template
                    });
                    let uses = calls || takers.contains(&caller.name);
                    assert_eq!(told, uses, "{shape}: {key} in {pod}");
                    looked += usize::from(told);
                }
            }
        }
        // Whoever answers reads what becomes of it, and what does not go by itself.
        let files = reports::emit::emit(&spec, reports::emit::Format::Kubernetes, super::DAY);
        let files = files.expect("it is generated");
        let file = files.iter().find(|(name, _)| name.ends_with("inputs.yaml"));
        let text = file.expect("it is there").1.replace("\n# ", " ");
        let namespace = manifests.file("inputs.yaml")["metadata"]["namespace"].as_str();
        let namespace = namespace.expect("it is in one");
        let restart = format!("kubectl -n {namespace} rollout restart deployment");
        assert!(text.contains(&restart), "{shape}: {text}");
    }
    assert!(looked > 12, "{looked}");
}

/// No image, secret or address is left that nothing fills in.
#[test]
fn nothing_is_left_open() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let data = texts(&manifests.file("inputs.yaml")["data"]);
        let mut filled: Vec<(String, String, String)> =
            data.keys().flat_map(|key| places(&manifests, key)).collect();
        filled.sort_unstable();
        for deployment in manifests.of_kind("Deployment") {
            let name = deployment["metadata"]["name"].as_str().expect("a name").to_owned();
            let own = filled.iter().filter(|(kind, of, path)| {
                kind == "Deployment" && *of == name && !path.contains(".annotations.")
            });
            let own: Vec<&Value> = own.map(|(_, _, path)| at(deployment, path)).collect();
            let pod = &deployment["spec"]["template"]["spec"];
            let secrets = pod["volumes"].as_array().expect("volumes").iter();
            let open = secrets
                .map(|volume| &volume["secret"]["secretName"])
                .chain([&pod["containers"][0]["image"]])
                .filter(|own| own.as_str() == Some(""))
                .count();
            assert_eq!(own.len(), open, "{shape}: {name}");
        }
        let named: Vec<&str> = manifests.file("kustomization.yaml")["resources"]
            .as_array()
            .expect("resources")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        for (file, _) in &manifests.all {
            let name = file.trim_start_matches("kubernetes/");
            assert!(name == "kustomization.yaml" || named.contains(&name), "{shape}: {name}");
        }
    }
}
