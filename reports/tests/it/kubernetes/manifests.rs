//! What is emitted, read by serde-saphyr.

use domain::spec::Spec;
use reports::emit::{Format, emit};
use serde_json::{Map, Value};

use super::DAY;

/// All documents of all files.
pub(super) struct Manifests {
    /// Each with the file that it stands in.
    pub(super) all: Vec<(&'static str, Value)>,
}

impl Manifests {
    pub(super) fn of(spec: &Spec) -> Self {
        let files = emit(spec, Format::Kubernetes, DAY).expect("it is generated");
        let mut all = Vec::new();
        for (name, text) in files {
            let read: Vec<Value> = serde_saphyr::from_multiple(&text)
                .unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
            all.extend(read.into_iter().filter(|own| !own.is_null()).map(|own| (name, own)));
        }
        Self { all }
    }

    /// The objects that are sent to a cluster.
    pub(super) fn objects(&self) -> impl Iterator<Item = &Value> {
        let kept = ["kubernetes/kustomization.yaml", "kubernetes/inputs.yaml"];
        self.all.iter().filter(move |(file, _)| !kept.contains(file)).map(|(_, own)| own)
    }

    /// The objects of a kind.
    pub(super) fn of_kind(&self, kind: &str) -> Vec<&Value> {
        self.objects().filter(|own| own["kind"] == kind).collect()
    }

    /// An object.
    pub(super) fn object(&self, kind: &str, name: &str) -> &Value {
        let found = self.of_kind(kind).into_iter().find(|own| own["metadata"]["name"] == name);
        found.unwrap_or_else(|| panic!("there is a {kind} {name}"))
    }

    /// The one document of a file.
    pub(super) fn file(&self, name: &str) -> &Value {
        let found = self.all.iter().find(|(file, _)| *file == format!("kubernetes/{name}"));
        &found.unwrap_or_else(|| panic!("there is a document in {name}")).1
    }

    /// The objects of a kind that are for a service of the spec, by its own name.
    pub(super) fn for_service(&self, kind: &str, service: &str) -> Vec<&Value> {
        let all = self.of_kind(kind).into_iter();
        all.filter(|own| annotation(own, "plimsoll.dev/service") == service).collect()
    }
}

/// An annotation of an object.
pub(super) fn annotation<'a>(object: &'a Value, key: &str) -> &'a str {
    object["metadata"]["annotations"][key].as_str().unwrap_or_default()
}

/// The container of a Deployment.
pub(super) fn container(deployment: &Value) -> &Value {
    let containers = deployment["spec"]["template"]["spec"]["containers"].as_array();
    let [only] = containers.expect("it has containers").as_slice() else {
        panic!("a pod has one program")
    };
    only
}

/// A map of texts.
pub(super) fn texts(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("it is a map")
}

/// Millicores of a quantity: `2`, `250m`.
pub(super) fn millicores(quantity: &Value) -> u64 {
    let text = quantity.as_str().expect("a quantity is a text");
    match text.strip_suffix('m') {
        Some(milli) => milli.parse().expect("a number"),
        None => 1_000 * text.parse::<u64>().expect("a number"),
    }
}

/// Mebibytes of a quantity: `512Mi`.
pub(super) fn mebibytes(quantity: &Value) -> u64 {
    let text = quantity.as_str().expect("a quantity is a text");
    text.strip_suffix("Mi").expect("in mebibytes").parse().expect("a number")
}
