//! Machines without data of their own: one scale set for each kind of a service's machines.
//!
//! A plan of several kinds counts each of them, which a set of mixed kinds does not: so each kind
//! has a set.

use domain::spec::{HealthCheckPart, OfferPart, Rollout, RolloutStrategy, ServicePart, Spec};
use hcl::Expression;
use hcl::expr::FuncCall;

use crate::emit::decimal::decimal;
use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::data::is_without_data;
use crate::emit::terraform::each;
use crate::emit::terraform::fleet::{self, bounds, kind, label, warm_up, zones};
use crate::emit::terraform::network::zones_of;
use crate::emit::terraform::words::{counted, load, seconds};

use super::names::{cloud, system_of};
use super::network::subnet_id;
use super::{balancer, identity, machine, ports, resource, scaling, security, settings, tags};

pub(super) fn file(spec: &Spec) -> Body {
    let services = spec.services.iter().filter(|service| is_without_data(service));
    each(
        Body::file("The machines that the system's own programs and balancers run on."),
        "This plan has none.",
        services,
        |service| {
            let offers = service.offers.iter();
            let own = identity::identity(spec, service)
                .then(ports::ports(spec, service))
                .then(settings::locals(spec, service));
            offers.fold(own, |body, offer| {
                let set = scale_set(spec, service, offer);
                body.then(set).then(scaling::setting(spec, service, offer))
            })
        },
    )
}

/// What one kind of machines is called.
pub(super) fn name(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> String {
    let (system, own) = (&*system_of(spec), service.name.as_str());
    match kind(service, offer) {
        None => cloud(&[system, own], 60),
        Some(kind) => cloud(&[system, own, &kind], 60),
    }
}

/// What the hosts of one kind of machines begin with.
fn host(service: &ServicePart, offer: &OfferPart) -> String {
    match kind(service, offer) {
        None => cloud(&[service.name.as_str()], 50),
        Some(kind) => cloud(&[service.name.as_str(), &kind], 50),
    }
}

fn scale_set(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let (_, _, peak) = bounds(offer);
    let several = zones(offer).count() > 1;
    let (names, key) = machine::login();
    let body = resource(name(spec, service, offer))
        .set("sku", offer.instance_type.as_str())
        .set("instances", peak)
        .set("zones", zones_of(zones(offer)))
        .set("zone_balance", several)
        .comment("As many as the plan counts, and none to spare while they start.")
        .set("overprovision", false)
        .set("single_placement_group", false)
        .set("computer_name_prefix", host(service, offer))
        .then(names)
        .set("upgrade_mode", "Rolling")
        .set("user_data", settings::user_data(service))
        .set("tags", tags(service))
        .then(machine::started_from(spec, service, offer))
        .then(key)
        .then(machine::system_disk(service))
        .then(identity::worn(spec, service))
        .then(card(spec, service, offer))
        .gap()
        .then(health(spec, service, offer))
        .gap()
        .then(rollout(service, offer));
    let body = match &offer.autoscaling {
        Some(_) => body.gap().comment("The setting below changes it from then on.").block(
            "lifecycle",
            &[],
            Body::default().set("ignore_changes", code("[instances]")),
        ),
        None => body,
    };
    let about = format!(
        "{}: {}. One {} has {} vCPU and {} GiB. {}.",
        service.name,
        load(service),
        offer.instance_type,
        offer.vcpu,
        decimal(offer.memory_mib * 1_000 / 1_024, 3),
        counted(offer, peak)
    );
    let labels = ["azurerm_linux_virtual_machine_scale_set", &label(service, offer)];
    Body::default().part(&about, "resource", &labels, body)
}

fn card(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let pools: Vec<Expression> =
        balancer::pool(service).into_iter().chain(ports::pool(spec, service, offer)).collect();
    let behind = (!pools.is_empty()).then(|| list(pools));
    let address = Body::default()
        .set("name", "internal")
        .set("primary", true)
        .set("subnet_id", subnet_id(&service.subnet))
        .set("application_security_group_ids", list([security::group(&service.name)]))
        .set_some("load_balancer_backend_address_pool_ids", behind);
    let own = Body::default()
        .set("name", "card")
        .set("primary", true)
        .set("network_security_group_id", security::rules_of(service))
        .gap()
        .block("ip_configuration", &[], address);
    Body::default().gap().block("network_interface", &[], own)
}

/// Whoever is ill is replaced.
fn health(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let check = &service.health_check;
    let every = seconds(check.interval_us);
    let away = every * u64::from(check.unhealthy_threshold);
    let about = format!("A machine counts as ill after {away} s, as the simulation has it.");
    let grace = warm_up(spec, service, offer);
    let settings = FuncCall::builder("jsonencode").arg(map(probe(service, check, every, grace)));
    let extension = Body::default()
        .set("name", "health")
        .set("publisher", "Microsoft.ManagedServices")
        .set("type", "ApplicationHealthLinux")
        .set("type_handler_version", "2.0")
        .set("auto_upgrade_minor_version", true)
        .set("settings", Expression::from(settings.build()));
    let minutes = grace.div_ceil(60).max(10);
    let repair = Body::default()
        .set("enabled", true)
        .comment(&format!(
            "From its start until it serves are {grace} s; Azure waits ten minutes at least."
        ))
        .set("grace_period", format!("PT{minutes}M"));
    Body::default()
        .comment(&about)
        .block("extension", &[], extension)
        .gap()
        .comment("An ill machine is replaced.")
        .block("automatic_instance_repair", &[], repair)
}

fn probe(
    service: &ServicePart,
    check: &HealthCheckPart,
    every: u64,
    grace: u64,
) -> Vec<(&'static str, Expression)> {
    let mut settings: Vec<(&str, Expression)> = vec![
        ("protocol", if check.path.is_some() { "http" } else { "tcp" }.into()),
        ("port", u32::from(service.port).into()),
    ];
    if let Some(path) = &check.path {
        settings.push(("requestPath", path.as_str().into()));
    }
    settings.push(("intervalInSeconds", every.into()));
    settings.push(("numberOfProbes", check.unhealthy_threshold.into()));
    settings.push(("gracePeriod", grace.clamp(every, 7_200).into()));
    settings
}

/// How many in a hundred machines are replaced at once: Azure takes whole percents, five at least.
fn share(service: &ServicePart, offer: &OfferPart, rollout: &Rollout) -> u32 {
    let (_, _, peak) = bounds(offer);
    let all = service.replicas.as_ref().map_or(peak, |own| own.peak).max(1);
    let share = match rollout.strategy {
        RolloutStrategy::Rolling => 100 * rollout.max_surge / all,
        RolloutStrategy::Canary => 100_u32.div_ceil(peak.max(1)),
    };
    share.clamp(5, 100)
}

/// How many machines there may be besides the most, while others are replaced.
pub(super) fn surge(service: &ServicePart, offer: &OfferPart) -> u32 {
    let (_, most, _) = bounds(offer);
    let share = fleet::rollout(service).map_or(0, |rollout| share(service, offer, &rollout));
    most.saturating_mul(share).div_ceil(100).max(1)
}

/// How a new version replaces the old one, and what a leaving machine is given.
fn rollout(service: &ServicePart, offer: &OfferPart) -> Body {
    let Some(rollout) = fleet::rollout(service) else { return Body::default() };
    let share = share(service, offer, &rollout);
    let pause = match rollout.strategy {
        RolloutStrategy::Rolling => "PT0S",
        RolloutStrategy::Canary => "PT1H",
    };
    let policy = Body::default()
        .set("max_batch_instance_percent", share)
        .set("max_unhealthy_instance_percent", share)
        .set("max_unhealthy_upgraded_instance_percent", 0)
        .set("pause_time_between_batches", pause)
        .set("maximum_surge_instances_enabled", true);
    let about = format!(
        "{} more while a new version comes, and none fewer: the plan has no instance to spare.",
        rollout.max_surge
    );
    let drain = seconds(rollout.drain_us);
    let minutes = drain.div_ceil(60).clamp(5, 15);
    let notice = Body::default().set("enabled", true).set("timeout", format!("PT{minutes}M"));
    Body::default()
        .comment(&about)
        .block("rolling_upgrade_policy", &[], policy)
        .gap()
        .comment(&format!(
            "The time that a leaving instance has for what it still works on: {drain} s; Azure \
             gives five minutes at least."
        ))
        .block("termination_notification", &[], notice)
}
