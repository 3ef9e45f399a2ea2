//! Stable names: of fleets, and of what is run elsewhere.

use domain::intent::ServiceKind;
use domain::spec::{InputKind, ServicePart, Spec};

use super::inputs::{self, Input, slices};
use super::names::Names;
use super::objects::{Object, object, pods_of};
use super::words::{self, is_elsewhere, is_fleet};
use crate::emit::decimal::decimal;
use crate::emit::yaml_text::{File, Map, list};

/// The name of the port of every pod.
pub(super) const PORT: &str = "serving";

pub(super) fn file(spec: &Spec, names: &Names, inputs: &[Input<'_>]) -> File {
    let file = File::new(
        "Names by which services are called. What is not run in the cluster has one that leads to \
         its address in inputs.yaml.",
    );
    spec.services.iter().fold(file, |file, service| {
        if is_fleet(service) && is_called(spec, service) {
            return file.document(&said(spec, service), fleet(spec, names, service));
        }
        if !is_elsewhere(service) {
            return file;
        }
        (0..slices(service)).fold(file, |file, at| {
            let about = elsewhere_in_words(spec, service);
            file.document(&about, elsewhere(spec, names, inputs, (service, at)))
        })
    })
}

/// Whether anybody opens connections to a fleet: workers take from their queue by themselves.
pub(super) fn is_called(spec: &Spec, service: &ServicePart) -> bool {
    words::balancer_of(spec, service).is_some() || words::users(spec, service).next().is_some()
}

/// Whether other services call it, which spread their calls themselves.
fn is_spread_by_callers(spec: &Spec, service: &ServicePart) -> bool {
    words::users(spec, service).next().is_some()
}

fn said(spec: &Spec, service: &ServicePart) -> String {
    if !is_spread_by_callers(spec, service) {
        return format!("{}: for the balancer, which asks the pods themselves.", service.name);
    }
    format!(
        "{}: without an address of its own, so that callers see every pod and spread their calls \
         over them by {}, as the simulation does; the proxy of a cluster would spread connections \
         at random.",
        service.name,
        service.algorithm.as_str()
    )
}

fn fleet(spec: &Spec, names: &Names, service: &ServicePart) -> Map {
    let own = Object {
        api: "v1",
        kind: "Service",
        name: names.service(&service.name),
        service: Some(&service.name),
    };
    let port = Map::default()
        .set("name", PORT)
        .set("port", service.port)
        .set("protocol", "TCP")
        .set("targetPort", PORT);
    let headless = is_spread_by_callers(spec, service).then_some("None");
    let body = Map::default()
        .set("type", "ClusterIP")
        .set_some("clusterIP", headless)
        .set("selector", pods_of(names, &service.name))
        .set("ports", list([port]));
    object(spec, names, own, Map::default()).set("spec", body)
}

fn elsewhere_in_words(spec: &Spec, service: &ServicePart) -> String {
    if service.kind == ServiceKind::External {
        return format!("{}: somebody else's.", service.name);
    }
    let product = service.product.as_deref().unwrap_or(service.kind.as_str());
    let kinds: Vec<String> = service
        .offers
        .iter()
        .map(|offer| format!(", {} × {}", words::peak(offer), offer.instance_type))
        .collect();
    let load = match service.kind {
        ServiceKind::Queue => {
            let messages = decimal(service.sizing.arrival_micro_rps / 100_000, 1);
            format!("{messages} messages/s at the peak")
        }
        _ => words::load(service),
    };
    let by = match words::unbuilt(spec) {
        None => format!("built by terraform-{}", spec.placement.provider.as_str()),
        Some(_) => "which you build".to_owned(),
    };
    format!("{}: {product}{}, {by}. {load}.", service.name, kinds.concat())
}

fn elsewhere(
    spec: &Spec,
    names: &Names,
    inputs: &[Input<'_>],
    (service, at): (&ServicePart, usize),
) -> Map {
    let own = Object {
        api: "v1",
        kind: "Service",
        name: names.part(&service.name, at),
        service: Some(&service.name),
    };
    let host = inputs::stands(inputs, service, at);
    let key = inputs::key(inputs, &service.name, InputKind::Hostname);
    let asked = key.filter(|_| service.kind == ServiceKind::External);
    let about =
        asked.map(|key| format!("{key} of inputs.yaml stands here once kustomize built it."));
    let body = Map::default().set("type", "ExternalName");
    let body = match about {
        Some(about) => body.remark(&about),
        None => body,
    };
    object(spec, names, own, Map::default()).set("spec", body.set("externalName", host))
}
