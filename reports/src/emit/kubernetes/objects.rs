//! What every object of the cluster says of itself.

use std::collections::BTreeMap;

use domain::name::Name;
use domain::spec::Spec;

use super::names::{Names, is_label};
use crate::emit::terraform::names::system_of;
use crate::emit::yaml_text::{Map, texts};

/// The label of everything that was generated.
pub(super) const MANAGED: (&str, &str) = ("app.kubernetes.io/managed-by", "plimsoll");
/// The label of what belongs to one service.
pub(super) const NAME: &str = "app.kubernetes.io/name";
/// The label of one kind of machines of a service.
pub(super) const INSTANCE: &str = "app.kubernetes.io/instance";
/// Which system it belongs to.
const PART_OF: &str = "app.kubernetes.io/part-of";
/// What the pods of a namespace may do.
const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// The labels that objects have of their own.
pub(super) const OWN: [&str; 5] = [MANAGED.0, PART_OF, NAME, INSTANCE, ENFORCE];

/// An object: its kind, what it is called, and the service that it is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object<'a> {
    pub(super) api: &'a str,
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) service: Option<&'a Name>,
}

/// The labels that an object is given.
///
/// Labels of the intent that the cluster takes as they are become labels; every one of them stands
/// in an annotation, whatever its letters.
pub(super) fn labels(
    spec: &Spec,
    names: &Names,
    service: Option<&Name>,
) -> BTreeMap<String, String> {
    let own = spec.metadata.labels.iter().filter(|(key, value)| is_label(key, value));
    let mut labels: BTreeMap<String, String> =
        own.map(|(key, value)| (key.clone(), value.clone())).collect();
    let environment = spec.metadata.environment_name();
    if let Some(environment) = environment.filter(|own| is_label("environment", own)) {
        labels.insert("environment".to_owned(), environment.to_owned());
    }
    labels.insert(MANAGED.0.to_owned(), MANAGED.1.to_owned());
    labels.insert(PART_OF.to_owned(), names.namespace.clone());
    if let Some(service) = service {
        labels.insert(NAME.to_owned(), names.service(service).to_owned());
    }
    labels
}

/// The beginning of an object: what it is, its labels, and what leads back to the spec.
pub(super) fn object(spec: &Spec, names: &Names, own: Object<'_>, annotations: Map) -> Map {
    let json = serde_json::to_string(&spec.metadata.labels).expect("a map of texts is JSON");
    let back = Map::default()
        .set("plimsoll.dev/labels", json)
        .set_some("plimsoll.dev/service", own.service.map(Name::as_str))
        .set("plimsoll.dev/spec", spec.metadata.digest.as_str())
        .set("plimsoll.dev/system", system_of(spec));
    let metadata = Map::default().set("name", own.name);
    let metadata = match own.kind {
        "Namespace" => metadata,
        _ => metadata.set("namespace", names.namespace.as_str()),
    };
    let mut labels = labels(spec, names, own.service);
    if own.kind == "Namespace" {
        labels.insert(ENFORCE.to_owned(), "restricted".to_owned());
    }
    let metadata = metadata.set("labels", texts(labels)).set("annotations", back.then(annotations));
    Map::default().set("apiVersion", own.api).set("kind", own.kind).set("metadata", metadata)
}

/// The pods of a service.
pub(super) fn pods_of(names: &Names, service: &Name) -> Map {
    texts([(NAME, names.service(service))])
}
