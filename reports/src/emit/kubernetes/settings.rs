//! What programs are told: where they find what they call, and what the simulation counts on.

use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::spec::{ServicePart, Spec};

use super::inputs::{self, Input, is_certified, slices};
use super::names::Names;
use super::nodes::Room;
use super::objects::{Object, object};
use super::words::{self, demand, fleets, is_elsewhere};
use crate::emit::terraform::fleet::is_managed;
use crate::emit::terraform_aws;
use crate::emit::told::{self, Admitted, Place};
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
    let places = |to: &ServicePart| places(spec, names, inputs, to);
    let settings = told::settings(spec, service, admitted(spec, service), places);
    let data = settings.into_iter().fold(Map::default(), |data, own| {
        let data = if own.about.is_empty() { data } else { data.remark(&own.about) };
        data.set(&own.name, own.value)
    });
    // Where Terraform builds what is called it is known what is made, for whom, under what name.
    let built = spec.placement.provider == Provider::Aws && words::unbuilt(spec).is_none();
    told::used(spec, service).filter(|_| built).fold(data, |data, to| {
        let key = told::variable(&to.name);
        if is_managed(to, ServiceKind::Sql) {
            let own = told::account(&to.name).into_iter();
            own.fold(data, |data, (name, value)| data.set(&name, value))
        } else if is_managed(to, ServiceKind::Queue) {
            data.remark("Its URL is what GetQueueUrl says of this name.")
                .set(&format!("{key}_NAME"), terraform_aws::queue_name(spec, to))
        } else {
            data
        }
    })
}

/// What one instance admits before it refuses: what its pod holds.
fn admitted(spec: &Spec, service: &ServicePart) -> Option<Admitted> {
    let own = told::admitted(service)?;
    let provider = spec.placement.provider;
    let rooms = service.offers.iter().map(|offer| Room::of(provider, offer));
    let of = demand(spec, &service.name);
    let held = rooms.filter_map(|room| Some(room.in_flight(own.in_flight, of?))).min();
    let most = held.unwrap_or(own.in_flight);
    if most >= own.in_flight {
        return Some(own);
    }
    let about = format!(
        "The plan admits {} requests at once on a machine of its own; the memory of a pod holds \
         {most}.",
        own.in_flight
    );
    Some(Admitted { about, in_flight: most, queue: own.queue.min(most) })
}

/// Where something that is called is found, slice by slice.
fn places(
    spec: &Spec,
    names: &Names,
    inputs: &[Input<'_>],
    to: &ServicePart,
) -> Vec<Place<String>> {
    if !is_elsewhere(to) {
        return vec![Place::at(names.service(&to.name).to_owned())];
    }
    let slices = 0..slices(to);
    let places = slices.map(|at| {
        let name = inputs::stands(inputs, to, at);
        let certified = is_certified(spec, to).then_some(name);
        Place { certified, ..Place::at(names.part(&to.name, at).to_owned()) }
    });
    places.collect()
}
