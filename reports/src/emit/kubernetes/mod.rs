//! Manifests for Kubernetes: the programs of a plan on the nodes that it counts, in a cluster that
//! is there already.
//!
//! What a cluster does not build (networks, databases, caches, queues) has a name in it and is
//! named, with the format that builds it, at the top of `kustomization.yaml`. What it cannot carry
//! is refused. Every file is always written, so that none of an earlier plan is left beside it.

mod balancer;
mod fleet;
mod inputs;
mod names;
mod network;
mod nodes;
mod objects;
mod pod;
mod refusals;
mod services;
mod settings;
mod words;

use domain::intent::ServiceKind;
use domain::spec::{OfferPart, ServicePart, Spec};

use self::names::Names;
use self::objects::{Object, object};
use super::Unsupported;
use super::commitments;
use super::decimal::cents;
use super::terraform::names::system_of;
use super::yaml_text::{File, Map};

/// The files, of which `kustomization.yaml` names the others.
pub(super) const FILES: [&str; 10] = [
    "kubernetes/autoscalers.yaml",
    "kubernetes/balancer.yaml",
    "kubernetes/budgets.yaml",
    "kubernetes/deployments.yaml",
    "kubernetes/inputs.yaml",
    "kubernetes/kustomization.yaml",
    "kubernetes/namespace.yaml",
    "kubernetes/network.yaml",
    "kubernetes/services.yaml",
    "kubernetes/settings.yaml",
];

/// Where `kustomization.yaml` is among them.
const KUSTOMIZATION: usize = 5;

/// The texts of [`FILES`], in their order.
pub(super) fn texts_of(spec: &Spec) -> Result<[String; 10], Unsupported> {
    refusals::all(spec)?;
    let names = Names::of(spec);
    let inputs = inputs::all(spec, &names);
    let mut files = [
        fleet::autoscalers(spec, &names, &inputs),
        balancer::file(spec, &names, &inputs),
        fleet::budgets(spec, &names),
        fleet::deployments(spec, &names, &inputs),
        inputs::file(spec, &names, &inputs),
        File::new(""),
        namespace(spec, &names),
        network::file(spec, &names),
        services::file(spec, &names, &inputs),
        settings::file(spec, &names, &inputs),
    ];
    let with_documents = files.iter().zip(FILES).filter(|(file, _)| !file.is_empty());
    let resources: Vec<&str> =
        with_documents.map(|(_, name)| name.trim_start_matches("kubernetes/")).collect();
    files[KUSTOMIZATION] = inputs::kustomization(&about(spec), &resources, (spec, &names, &inputs));
    Ok(files.map(|file| file.text()))
}

/// What is built by this, what by others, and what is asked of the cluster.
fn about(spec: &Spec) -> String {
    let fleets = words::fleets(spec);
    let nodes = fleets.flat_map(|service| service.offers.iter().map(|offer| nodes(service, offer)));
    let nodes: Vec<String> = nodes.collect();
    let elsewhere = spec
        .services
        .iter()
        .filter(|own| words::is_elsewhere(own) && own.kind != ServiceKind::External);
    let elsewhere: Vec<String> = elsewhere
        .map(|own| format!("{} ({})", own.name, own.product.as_deref().unwrap_or("managed")))
        .collect();
    let elsewhere =
        if elsewhere.is_empty() { String::new() } else { format!(" and {}", elsewhere.join(", ")) };
    let provider = spec.placement.provider.as_str();
    let by = words::unbuilt(spec).map_or_else(
        || format!("which terraform-{provider} builds from the same spec"),
        |why| format!("which nothing generates from this spec ({why}), so that you build them"),
    );
    let monthly = cents(spec.cost.monthly_micros.expected);
    format!(
        "{} in a cluster: answer inputs.yaml, then kubectl apply -k this folder. Not built here: \
         the network{elsewhere}, {by}; and the cluster with its nodes in {} zones of {}, which \
         are kept for this system, have its tags (plimsoll.dev/system: {}, by which its bill is \
         counted), encrypted disks and a way to the registry of its images: {} at the peak. The \
         bill of {monthly} USD a month is for the machines and services of the spec: what runs a \
         cluster beside them is not in it.{}",
        spec.metadata.name,
        spec.placement.zones.len(),
        spec.placement.region,
        system_of(spec),
        nodes.join(", "),
        commitments::of_all(spec),
    )
}

/// "8 × c8g.xlarge for app (12 at most)".
fn nodes(service: &ServicePart, offer: &OfferPart) -> String {
    let scaler = offer.autoscaling.as_ref();
    let most = scaler.map(|scaler| format!(" ({} at most)", scaler.max)).unwrap_or_default();
    format!("{} × {} for {}{most}", words::peak(offer), offer.instance_type, service.name)
}

/// Where all of it stands, and as whom programs run: as nobody whom the cluster lets do anything.
fn namespace(spec: &Spec, names: &Names) -> File {
    let own = Object { api: "v1", kind: "Namespace", name: &names.namespace, service: None };
    let namespace = object(spec, names, own, Map::default());
    let about = words::found(spec);
    let file = File::new(
        "Where all of it stands, and as whom programs run. Nothing that wants more than a program \
         needs is admitted.",
    )
    .document(about.trim_start(), namespace);
    words::fleets(spec).fold(file, |file, service| {
        let own = Object {
            api: "v1",
            kind: "ServiceAccount",
            name: names.service(&service.name),
            service: Some(&service.name),
        };
        let account = object(spec, names, own, Map::default());
        file.document("", account.set("automountServiceAccountToken", false))
    })
}
