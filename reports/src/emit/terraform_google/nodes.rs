//! Data on machines of our own: caches, databases and queues, each node with an address that stays
//! and, where it keeps data, a disk that outlives it.

use domain::spec::{Backup, OfferPart, RedundancyPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::data::{self, is_data};
use crate::emit::terraform::each;
use crate::emit::terraform::fleet::image;
use crate::emit::terraform::names::{ident, system_of};
use crate::emit::terraform::words::{copy, load};

use super::disks::disk;
use super::fleet::{about_disk, account, machine};
use super::names::{MOST, all_of, cloud, of_its, of_service};
use super::network::subnetwork_id;
use super::told;

/// Whether nodes of a service follow one another.
pub(super) fn copies(service: &ServicePart) -> bool {
    is_data(service) && matches!(service.redundancy, RedundancyPart::Standby { .. })
}

/// Whether every change is kept, so that any moment can be gone back to.
pub(super) fn archives(service: &ServicePart) -> bool {
    is_data(service) && service.backup.as_ref().is_some_and(|backup| backup.point_in_time)
}

/// Where the nodes of a service are.
pub(super) fn addresses(service: &ServicePart) -> Expression {
    data::addresses(&format!("google_compute_address.{}", ident(&service.name)), "address")
}

pub(super) fn file(spec: &Spec) -> Body {
    let own = spec.services.iter().filter(|service| is_data(service));
    each(
        Body::file("Data on machines of our own. The program is in the image of the machines."),
        "This plan has none.",
        own,
        |service| {
            let body = told::locals(spec, service);
            match service.offers.first() {
                Some(offer) => body.then(nodes(spec, service, offer)),
                None => body,
            }
        },
    )
}

fn nodes(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let label = ident(&service.name);
    let name = format!("\"{}-${{each.key}}\"", of_service(spec, &service.name, 48));
    let address = data::for_each(service)
        .set("name", code(&name))
        .set("address_type", "INTERNAL")
        .set("labels", of_its(service))
        .set("subnetwork", subnetwork_id(&service.subnet));
    let about =
        format!("{}: {}. {} {}", service.name, load(service), copy(service), machine(offer));
    let body = data::for_each(service)
        .set("name", code(&name))
        .set("zone", code("local.zones[each.value.zone]"))
        .set("machine_type", offer.instance_type.as_str())
        .then(stopped(service))
        .set("labels", of_its(service))
        .set("metadata", told::metadata(service))
        .gap()
        .then(boot(spec, service, offer))
        .then(attached(service))
        .gap()
        .comment("No address in the internet.")
        .block("network_interface", &[], interface(service))
        .gap()
        .block("service_account", &[], account(service))
        .gap()
        .comment(
            "A new image is for new machines, and so are new labels of the disk that they start \
             from: one is replaced when that is asked for.",
        )
        .block("lifecycle", &[], Body::default().set("ignore_changes", list(KEPT.map(code))));
    Body::default()
        .part(&about, "locals", &[], data::locals(service))
        .part("", "resource", &["google_compute_address", &label], address)
        .then(disks(spec, service, offer))
        .part("", "resource", &["google_compute_instance", &label], body)
}

/// The variable with the machines that an apply may stop.
pub(super) const MAY_STOP: &str = "may_stop";

/// What would make machines anew, all of them at once: another image, and the labels of the disk
/// that they start from, which say another spec with each plan.
const KEPT: [&str; 2] =
    ["boot_disk[0].initialize_params[0].image", "boot_disk[0].initialize_params[0].labels"];

/// Which machines may be stopped: a change of type would stop those that lead and their copies at
/// once.
fn stopped(service: &ServicePart) -> Body {
    let named = format!("contains(var.{MAY_STOP}, \"{}/${{each.key}}\")", service.name);
    let keeps = service.backup.as_ref().is_some_and(|backup| backup.deletion_protection);
    let protected = if keeps { code(&format!("!{named}")) } else { false.into() };
    Body::default()
        .comment("Another type stops a machine, and Terraform would stop all of them at once.")
        .set("allow_stopping_for_update", code(&named))
        .set("deletion_protection", protected)
}

/// Which machines may be stopped: none, until the owner names them.
pub(super) fn variables(spec: &Spec) -> Body {
    let own = spec.services.iter().filter(|service| is_data(service));
    let names = own.flat_map(|service| {
        let nodes = data::nodes(service).into_iter();
        nodes.map(|node| format!("{}/{}", service.name, node.name))
    });
    let names: Vec<String> = names.collect();
    let Some(example) = names.last() else { return Body::default() };
    let about = format!(
        "Machines with data that an apply may stop, as {example}. For another type: name the \
         copies, apply, wait until they follow again; then name those that lead, and apply. For \
         another image: the same, with -replace for each machine in a second apply. Empty \
         otherwise: an apply that would stop a machine fails"
    );
    let known = format!("alltrue([for own in var.{MAY_STOP} : contains(local.{MAY_STOP}, own)])");
    let valid = Body::default()
        .set("condition", code(&known))
        .set("error_message", "Machines with data are called as local.may_stop lists them.");
    let own = Body::default()
        .set("description", about)
        .set("type", code("set(string)"))
        .set("default", list(Vec::<Expression>::new()))
        .set("nullable", false)
        .gap()
        .block("validation", &[], valid);
    Body::default().part("", "variable", &[MAY_STOP], own).part(
        "The machines with data.",
        "locals",
        &[],
        Body::default().set(MAY_STOP, list(names)),
    )
}

fn interface(service: &ServicePart) -> Body {
    let address = format!("google_compute_address.{}[each.key].address", ident(&service.name));
    Body::default()
        .set("subnetwork", subnetwork_id(&service.subnet))
        .set("network_ip", code(&address))
}

fn boot(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let starts = Body::default().set("image", image(spec, service, offer));
    let starts = match service.root_volume.as_ref().map(|volume| disk(offer, volume)) {
        Some(own) => own.set(about_disk(starts, own.about.as_deref()), "type", "size"),
        None => starts,
    };
    let starts = starts.set("labels", all_of(service));
    let body = Body::default().block("initialize_params", &[], starts);
    Body::default().comment("Google encrypts every disk.").block("boot_disk", &[], body)
}

fn attached(service: &ServicePart) -> Body {
    if service.volume.is_none() {
        return Body::default();
    }
    let source = format!("google_compute_disk.{}[each.key].id", ident(&service.name));
    let own = Body::default().set("source", code(&source)).set("device_name", "data");
    Body::default().gap().block("attached_disk", &[], own)
}

/// The disks for data, and how they are backed up.
fn disks(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let Some(volume) = &service.volume else { return Body::default() };
    let label = ident(&service.name);
    let own = disk(offer, volume);
    let name = format!("\"{}-${{each.key}}-data\"", of_service(spec, &service.name, 43));
    let keeps = service.backup.as_ref().is_some_and(|backup| backup.deletion_protection);
    let body = data::for_each(service)
        .set("name", code(&name))
        .set("zone", code("local.zones[each.value.zone]"))
        .set("labels", of_its(service));
    let body = own.set(body, "type", "size");
    let body = if keeps {
        let kept = Body::default().set("prevent_destroy", true);
        body.gap().comment("It takes a second step to delete it.").block("lifecycle", &[], kept)
    } else {
        body
    };
    let about = own.about.unwrap_or_default();
    let body = Body::default().part(&about, "resource", &["google_compute_disk", &label], body);
    match &service.backup {
        Some(backup) => body.then(snapshots(spec, service, backup)).then(archive(spec, service)),
        None => body,
    }
}

fn snapshots(spec: &Spec, service: &ServicePart, backup: &Backup) -> Body {
    let label = ident(&service.name);
    let starts = backup.window_utc.split('-').next().unwrap_or_default();
    let daily = Body::default().set("days_in_cycle", 1).set("start_time", starts);
    let kept = Body::default()
        .set("max_retention_days", backup.retention_days)
        .set("on_source_disk_delete", "KEEP_AUTO_SNAPSHOTS");
    let schedule = Body::default()
        .block("schedule", &[], Body::default().block("daily_schedule", &[], daily))
        .gap()
        .block("retention_policy", &[], kept)
        .gap()
        .block("snapshot_properties", &[], Body::default().set("labels", all_of(service)));
    let policy = Body::default()
        .set("name", cloud(&[&system_of(spec), service.name.as_str(), "backups"], MOST))
        .gap()
        .block("snapshot_schedule_policy", &[], schedule);
    let attachment = Body::default()
        .set("for_each", code(&format!("google_compute_disk.{label}")))
        .gap()
        .set("name", code(&format!("google_compute_resource_policy.{label}.name")))
        .set("disk", code("each.value.name"))
        .set("zone", code("each.value.zone"));
    let about = format!("A snapshot a day, kept for {} days.", backup.retention_days);
    let attached = ["google_compute_disk_resource_policy_attachment", &*label];
    Body::default()
        .part(&about, "resource", &["google_compute_resource_policy", &label], policy)
        .part("", "resource", &attached, attachment)
}

/// Where the database's program keeps its log, so that any moment can be gone back to.
fn archive(spec: &Spec, service: &ServicePart) -> Body {
    let Some(backup) = service.backup.as_ref().filter(|_| archives(service)) else {
        return Body::default();
    };
    let label = ident(&service.name);
    let days = backup.retention_days + 1;
    let name = cloud(&[&system_of(spec), service.name.as_str(), "log"], 32);
    let rule = Body::default()
        .block("condition", &[], Body::default().set("age", days))
        .gap()
        .block("action", &[], Body::default().set("type", "Delete"));
    let bucket = Body::default()
        .comment("No two buckets of the world have one name: this one begins with the project's.")
        .set("name", code(&format!("\"${{data.google_project.this.project_id}}-{name}\"")))
        .set("location", spec.placement.region.as_str())
        .set("uniform_bucket_level_access", true)
        .set("public_access_prevention", "enforced")
        .set("labels", of_its(service))
        .gap()
        .block("lifecycle_rule", &[], rule);
    let member = format!("\"serviceAccount:${{google_service_account.{label}.email}}\"");
    let access = Body::default()
        .set("bucket", code(&format!("google_storage_bucket.{label}.name")))
        .set("role", "roles/storage.objectAdmin")
        .set("member", code(&member));
    let about = format!(
        "Any moment of {} days can be gone back to: {} keeps its log here, from one snapshot to \
         the next. What is stored here is billed, and the spec has no line for it.",
        backup.retention_days, service.name
    );
    Body::default().part(&about, "resource", &["google_storage_bucket", &label], bucket).part(
        "",
        "resource",
        &["google_storage_bucket_iam_member", &label],
        access,
    )
}
