//! What programs are told: where they find what they call, and what the simulation counts on.

use domain::spec::{ServicePart, Spec};

use super::inputs::{self, Input, certified_by, is_certified, slices};
use super::names::{Names, variable};
use super::nodes::Room;
use super::objects::{Object, object};
use super::words::{self, demand, fleets, is_elsewhere};
use crate::emit::yaml_text::{File, Map};

pub(super) fn file(spec: &Spec, names: &Names, inputs: &[Input<'_>]) -> File {
    let file = File::new(
        "What programs are told, as variables of their environment: where they find what they \
         call, and the settings that the simulation counts on.",
    );
    fleets(spec).fold(file, |file, service| {
        let own = Object {
            api: "v1",
            kind: "ConfigMap",
            name: names.service(&service.name),
            service: Some(&service.name),
        };
        let document = object(spec, names, own, Map::default());
        file.document("", document.set("data", data(spec, names, inputs, service)))
    })
}

/// The settings of a service.
pub(super) fn data(spec: &Spec, names: &Names, inputs: &[Input<'_>], service: &ServicePart) -> Map {
    let data = Map::default().set("PORT", service.port.to_string());
    let data = data.then(admitted(spec, service));
    let data = match &service.resilience {
        None => data,
        Some(own) => data
            .remark("What it does when a call of its own fails.")
            .set("CALL_TIMEOUT_MS", (own.timeout_us / 1_000).to_string())
            .set("CALL_RETRIES", own.retries.to_string()),
    };
    words::used(spec, service).fold(data, |data, to| data.then(called(spec, names, inputs, to)))
}

/// What one instance admits before it refuses.
fn admitted(spec: &Spec, service: &ServicePart) -> Map {
    let Some(process) = &service.process else { return Map::default() };
    let provider = spec.placement.provider;
    let rooms = service.offers.iter().map(|offer| Room::of(provider, offer));
    let of = demand(spec, &service.name);
    let held = rooms.filter_map(|room| Some(room.in_flight(process.max_in_flight, of?))).min();
    let most = held.unwrap_or(process.max_in_flight);
    let about = if most < process.max_in_flight {
        format!(
            "The plan admits {} requests at once on a machine of its own; the memory of a pod \
             holds {most}.",
            process.max_in_flight
        )
    } else {
        "What the simulation admits to one instance before it refuses.".to_owned()
    };
    Map::default()
        .remark(&about)
        .set("MAX_IN_FLIGHT", most.to_string())
        .set("QUEUE_LIMIT", process.queue_limit.min(most).to_string())
}

/// Where something that is called is found.
fn called(spec: &Spec, names: &Names, inputs: &[Input<'_>], to: &ServicePart) -> Map {
    let key = variable(&to.name);
    let data = Map::default().remark(&format!("How {} is called.", to.name));
    if !is_elsewhere(to) {
        let data = data
            .set(&format!("{key}_HOST"), names.service(&to.name))
            .set(&format!("{key}_PORT"), to.port.to_string())
            .set(&format!("{key}_BALANCING"), to.algorithm.as_str());
        return data.then(sealed(spec, to));
    }
    let data = (0..slices(to)).fold(data, |data, at| {
        let number = if slices(to) > 1 { format!("_{}", at + 1) } else { String::new() };
        let data = data.set(&format!("{key}{number}_HOST"), names.part(&to.name, at));
        if !is_certified(spec, to) {
            return data;
        }
        let name = match to.kind {
            domain::intent::ServiceKind::External => inputs::place_of_host(inputs, &to.name),
            _ => inputs::host(inputs, &to.name, at).to_owned(),
        };
        data.set(&certified_by(to, at), name)
    });
    let data = data.set(&format!("{key}_PORT"), to.port.to_string()).then(sealed(spec, to));
    match to.connections {
        None => data,
        Some(own) => data
            .remark("Connections that one instance may hold at most.")
            .set(&format!("{key}_POOL"), own.pool_per_instance.to_string()),
    }
}

/// Whether calls have to be encrypted.
fn sealed(spec: &Spec, to: &ServicePart) -> Map {
    if !words::encrypted(spec, &to.name) && !is_tls(to) {
        return Map::default();
    }
    Map::default().set(&format!("{}_TLS", variable(&to.name)), "true")
}

/// What is asked over HTTPS wherever it is.
fn is_tls(to: &ServicePart) -> bool {
    use domain::intent::ServiceKind;
    matches!(to.kind, ServiceKind::External | ServiceKind::Queue)
}
