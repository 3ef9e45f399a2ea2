//! Machines of our own without data: one instance template, one regional group and one health
//! check for each kind of a service's machines, and an autoscaler where their number changes.

use domain::spec::{AutoscalingPart, OfferPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::decimal::decimal;
use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::data::is_without_data;
use crate::emit::terraform::each;
use crate::emit::terraform::fleet::{bounds, label, rollout, warm_up, zones};
use crate::emit::terraform::names::ident;
use crate::emit::terraform::network::{encrypted, zones_of};
use crate::emit::terraform::words::{counted, load, seconds};

use super::disks::disk;
use super::names::{MOST, all_of, of_its, of_kind, of_service};
use super::network::subnetwork_id;
use super::{accounts, canary, health, told};

pub(super) fn file(spec: &Spec) -> Body {
    let services = spec.services.iter().filter(|service| is_without_data(service));
    each(
        Body::file("The machines that the system's own programs run on."),
        "This plan has none.",
        services,
        |service| {
            let body = told::locals(spec, service).then(checked(spec, service));
            service.offers.iter().fold(body, |body, offer| {
                body.then(template(spec, service, offer)).then(group(spec, service, offer))
            })
        },
    )
}

fn checked(spec: &Spec, service: &ServicePart) -> Body {
    let name = of_service(spec, &service.name, MOST);
    let check = health::check(name, service, encrypted(spec, service));
    let about = format!(
        "A machine of {} that fails is known after {} s, as the simulation has it.",
        service.name,
        health::away(service)
    );
    let labels = ["google_compute_health_check", &ident(&service.name)];
    Body::default().part(&about, "resource", &labels, check)
}

fn template(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let (head, image) = canary::images(spec, service, offer);
    let boot =
        Body::default().set("source_image", image).set("boot", true).set("auto_delete", true);
    let boot = match service.root_volume.as_ref().map(|volume| disk(offer, volume)) {
        Some(own) => own.set(about_disk(boot, own.about.as_deref()), "disk_type", "disk_size_gb"),
        None => boot,
    };
    let body = head
        .set("name_prefix", format!("{}-", of_kind(spec, service, offer, 36)))
        .set("machine_type", offer.instance_type.as_str())
        .set("labels", of_its(service))
        .set("metadata", told::metadata(service))
        .gap()
        .comment("Google encrypts every disk.")
        .block("disk", &[], boot.set("labels", all_of(service)))
        .gap()
        .comment("No address in the internet.")
        .block("network_interface", &[], interface(service))
        .gap()
        .block("service_account", &[], account(service))
        .gap()
        .block("lifecycle", &[], Body::default().set("create_before_destroy", true));
    let about = format!("{}: {}. {}", service.name, load(service), machine(offer));
    let labels = ["google_compute_region_instance_template", &label(service, offer)];
    Body::default().part(&about, "resource", &labels, body)
}

/// What is to be said of a disk.
pub(super) fn about_disk(body: Body, about: Option<&str>) -> Body {
    match about {
        Some(about) => body.comment(about),
        None => body,
    }
}

/// "One n4d-highcpu-2 has 2 vCPU and 4 GiB."
pub(super) fn machine(offer: &OfferPart) -> String {
    let memory = decimal(offer.memory_mib * 1_000 / 1_024, 3);
    format!("One {} has {} vCPU and {memory} GiB.", offer.instance_type, offer.vcpu)
}

fn interface(service: &ServicePart) -> Body {
    Body::default().set("subnetwork", subnetwork_id(&service.subnet))
}

/// Who a machine is: what it may do is said where the accounts are.
pub(super) fn account(service: &ServicePart) -> Body {
    Body::default().set("email", accounts::email(service)).set("scopes", list(["cloud-platform"]))
}

fn group(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let label = label(service, offer);
    let (_, _, peak) = bounds(offer);
    let follows = offer.autoscaling.is_some();
    let named = Body::default().set("name", "serving").set("port", u32::from(service.port));
    let check = format!("google_compute_health_check.{}.id", ident(&service.name));
    let healing = Body::default()
        .set("health_check", code(&check))
        .set("initial_delay_sec", warm_up(spec, service, offer).min(3_600));
    let body = Body::default()
        .set("name", of_kind(spec, service, offer, MOST))
        .set("base_instance_name", of_kind(spec, service, offer, 54))
        .set_some("target_size", (!follows).then_some(peak))
        .set("distribution_policy_zones", zones_of(zones(offer)))
        .set("distribution_policy_target_shape", "EVEN")
        .gap()
        .then(canary::versions(service, offer))
        .gap()
        .block("named_port", &[], named)
        .gap()
        .comment("A machine that fails is replaced; from its start until it serves none is asked.")
        .block("auto_healing_policies", &[], healing)
        .then(updated(service, offer));
    let own = Body::default().part(
        &format!("{}.", counted(offer, peak)),
        "resource",
        &["google_compute_region_instance_group_manager", &label],
        body,
    );
    match &offer.autoscaling {
        Some(scaler) => own.then(scaled(spec, service, offer, scaler)),
        None => own,
    }
}

/// How a new version replaces the old one.
fn updated(service: &ServicePart, offer: &OfferPart) -> Body {
    let Some(rollout) = rollout(service) else { return Body::default() };
    let zones = u32::try_from(zones(offer).count()).unwrap_or(u32::MAX);
    let surge = rollout.max_surge.max(zones);
    let policy = Body::default()
        .set("type", "PROACTIVE")
        .set("minimal_action", "REPLACE")
        .set("replacement_method", "SUBSTITUTE")
        .set("max_surge_fixed", surge)
        .set("max_unavailable_fixed", rollout.max_unavailable);
    let more = if surge > rollout.max_surge { " (Google wants one for each zone)" } else { "" };
    let about = format!(
        "{surge} more while a new version comes{more}, and {} fewer: the plan has no instance to \
         spare.",
        if rollout.max_unavailable == 0 {
            "none".to_owned()
        } else {
            rollout.max_unavailable.to_string()
        }
    );
    Body::default().gap().comment(&about).block("update_policy", &[], policy)
}

fn scaled(spec: &Spec, service: &ServicePart, offer: &OfferPart, scaler: &AutoscalingPart) -> Body {
    let label = label(service, offer);
    let target = Expression::from(scaler.target_ppm as f64 / 1_000_000.0);
    let (least, most, _) = bounds(offer);
    let policy = Body::default()
        .set("min_replicas", least)
        .set("max_replicas", most)
        .set("cooldown_period", warm_up(spec, service, offer))
        .set("mode", "ON")
        .gap()
        .block("cpu_utilization", &[], Body::default().set("target", target));
    let group = format!("google_compute_region_instance_group_manager.{label}.id");
    let body = Body::default()
        .set("name", of_kind(spec, service, offer, MOST))
        .set("target", code(&group))
        .gap()
        .block("autoscaling_policy", &[], policy);
    let about = format!(
        "Between {least} and {most} machines, so that they are {}% busy: the plan scales in after \
         {} s without need; Google waits for 10 minutes or longer, which is on the safe side.",
        decimal(scaler.target_ppm, 4),
        seconds(scaler.scale_in_window_us)
    );
    Body::default().part(&about, "resource", &["google_compute_region_autoscaler", &label], body)
}

/// The groups of a service as those whom a balancer sends to.
pub(super) fn backends(service: &ServicePart, mode: &str) -> Body {
    service.offers.iter().fold(Body::default(), |body, offer| {
        let label = label(service, offer);
        let group = format!("google_compute_region_instance_group_manager.{label}.instance_group");
        let own = Body::default().set("group", code(&group)).set("balancing_mode", mode);
        body.gap().block("backend", &[], own)
    })
}
