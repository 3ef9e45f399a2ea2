//! Machines of our own: one launch template and one group for each kind of a service's machines.
//!
//! A plan of several kinds counts each of them, which a group of mixed kinds does not: it would buy
//! whatever is at hand. So each kind has a group, and all of a service serve behind one balancer.

use domain::spec::{AutoscalingPart, OfferPart, RolloutStrategy, ServicePart, Spec};
use hcl::Expression;

use crate::emit::decimal::decimal;
use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::each;
use crate::emit::terraform::fleet::{bounds, image, is_fleet, kind, label, warm_up, zones};
use crate::emit::terraform::words::{counted, gib, load, seconds};

use super::names::{cloud, system_of};
use super::network::subnet_ids;
use super::{balancer, cluster, discovery, identity, security, told};

pub(super) fn file(spec: &Spec) -> Body {
    let services = spec.services.iter().filter(|service| is_fleet(service));
    each(
        Body::file("The machines that the system's own programs run on."),
        "This plan has none.",
        services,
        |service| {
            let offers = service.offers.iter();
            offers.fold(told::locals(spec, service), |body, offer| {
                body.then(template(spec, service, offer)).then(group(spec, service, offer))
            })
        },
    )
}

/// What one kind of machines is called for AWS.
pub(super) fn name(spec: &Spec, service: &ServicePart, offer: &OfferPart, most: usize) -> String {
    let (system, own) = (&*system_of(spec), service.name.as_str());
    match kind(service, offer) {
        None => cloud(&[system, own], most),
        Some(kind) => cloud(&[system, own, &kind], most),
    }
}

fn template(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let disk = service.root_volume.as_ref().map(|disk| {
        let ebs = Body::default()
            .set("volume_size", gib(disk.size_mib))
            .set_some("volume_type", disk.product.as_deref())
            .set("encrypted", disk.encrypted)
            .set("delete_on_termination", true);
        let mapping = Body::default().set("device_name", "/dev/xvda").gap().block("ebs", &[], ebs);
        Body::default().gap().block("block_device_mappings", &[], mapping)
    });
    let metadata = Body::default()
        .set("http_endpoint", "enabled")
        .set("http_tokens", "required")
        .set("http_put_response_hop_limit", 1);
    let tagged = |body: Body, kind: &str| {
        let own = Body::default().set("resource_type", kind).set("tags", tags_of(service));
        body.gap().block("tag_specifications", &[], own)
    };
    let profile = Body::default().set("arn", identity::profile(service));
    let body = cluster::unless_there()
        .set("name", name(spec, service, offer, 128))
        .set("image_id", image(spec, service, offer))
        .set("instance_type", offer.instance_type.as_str())
        .set("ebs_optimized", true)
        .set("update_default_version", true)
        .set("vpc_security_group_ids", security::of(service))
        .comment("A machine that is shut down is gone, and its group starts another.")
        .set("instance_initiated_shutdown_behavior", "terminate")
        .set("user_data", told::user_data(service))
        .gap()
        .block("iam_instance_profile", &[], profile)
        .then(disk.unwrap_or_default())
        .gap()
        .comment("Only who has asked for a token is told about the instance (IMDSv2).")
        .block("metadata_options", &[], metadata);
    let body = tagged(tagged(body, "instance"), "volume");
    let about = format!(
        "{}: {}. One {} has {} vCPU and {} GiB.",
        service.name,
        load(service),
        offer.instance_type,
        offer.vcpu,
        decimal(offer.memory_mib * 1_000 / 1_024, 3)
    );
    let labels = ["aws_launch_template", &label(service, offer)];
    Body::default().part(&about, "resource", &labels, body)
}

fn group(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let label = label(service, offer);
    let (least, most, peak) = bounds(offer);
    let behind = balancer::group_of(spec, service);
    let behind_any = behind.is_some();
    let health = if behind_any { "ELB" } else { "EC2" };
    let warm_up = warm_up(spec, service, offer);
    let body = cluster::unless_there()
        .set("name", name(spec, service, offer, 255))
        .set("min_size", least)
        .set("max_size", most)
        .set("desired_capacity", peak)
        .set("vpc_zone_identifier", subnet_ids(&service.subnet, zones(offer)))
        .set_some("target_group_arns", behind)
        .then(who_looks(behind_any))
        .set("health_check_type", health)
        .comment("From its start until it serves: nobody asks before.")
        .set("health_check_grace_period", warm_up)
        .set("default_instance_warmup", warm_up)
        .then(discovery::heeded(spec, service))
        .gap()
        .then(launched(&label))
        .gap()
        .then(refresh(service, offer, peak, warm_up))
        .gap()
        .then(tag_each(service));
    let body = match &offer.autoscaling {
        Some(_) => body.gap().comment("The policy below changes it from then on.").block(
            "lifecycle",
            &[],
            Body::default().set("ignore_changes", code("[desired_capacity]")),
        ),
        None => body,
    };
    let group = Body::default().part(
        &format!("{}.", counted(offer, peak)),
        "resource",
        &["aws_autoscaling_group", &label],
        body,
    );
    match &offer.autoscaling {
        Some(scaler) => group.then(policy(service, offer, scaler, warm_up)),
        None => group,
    }
}

/// Who finds that a machine is ill.
fn who_looks(behind: bool) -> Body {
    if behind {
        return Body::default();
    }
    Body::default().comment(
        "No balancer asks these machines: each asks its own program, and shuts down where that \
         answers no more.",
    )
}

fn launched(label: &str) -> Body {
    let template = Body::default()
        .set("id", code(&format!("aws_launch_template.{label}[0].id")))
        .set("version", code(&format!("aws_launch_template.{label}[0].latest_version")));
    Body::default().block("launch_template", &[], template)
}

/// How a new version replaces the old one.
fn refresh(service: &ServicePart, offer: &OfferPart, peak: u32, warm_up: u64) -> Body {
    let Some(rollout) = &service.rollout else { return Body::default() };
    let all: u32 = service.replicas.as_ref().map_or(peak, |own| own.peak).max(1);
    // AWS takes whole percents: at most the surge, and one machine at least.
    let more = (100 * rollout.max_surge / all).clamp(1, 100);
    let preferences = Body::default()
        .set("min_healthy_percentage", 100)
        .set("max_healthy_percentage", 100 + more)
        .set("instance_warmup", warm_up)
        .set("auto_rollback", true);
    let preferences = match rollout.strategy {
        RolloutStrategy::Rolling => preferences,
        RolloutStrategy::Canary => {
            let one = 100_u32.div_ceil(offer.per_zone.values().sum::<u32>().max(1));
            let steps: Vec<u32> = if one < 100 { vec![one, 100] } else { vec![100] };
            preferences.set("checkpoint_percentages", list(steps)).set("checkpoint_delay", 3_600)
        }
    };
    let about = format!(
        "{} more while a new version comes, and none fewer: the plan has no instance to spare.",
        rollout.max_surge
    );
    let body =
        Body::default().set("strategy", "Rolling").gap().block("preferences", &[], preferences);
    Body::default().comment(&about).block("instance_refresh", &[], body)
}

/// The tags of what a group starts: the provider gives its own to the group alone.
fn tags_of(service: &ServicePart) -> Expression {
    code(&format!("merge(local.tags, {{ service = \"{}\" }})", service.name))
}

fn tag_each(service: &ServicePart) -> Body {
    let tag = Body::default()
        .set("key", code("tag.key"))
        .set("value", code("tag.value"))
        .set("propagate_at_launch", true);
    let tags = Body::default().set("for_each", tags_of(service)).gap().block("content", &[], tag);
    Body::default().block("dynamic", &["tag"], tags)
}

fn policy(
    service: &ServicePart,
    offer: &OfferPart,
    scaler: &AutoscalingPart,
    warm_up: u64,
) -> Body {
    let label = label(service, offer);
    let target = Expression::from(scaler.target_ppm as f64 / 10_000.0);
    let metric = Body::default().set("predefined_metric_type", "ASGAverageCPUUtilization");
    let tracking = Body::default().set("target_value", target).gap().block(
        "predefined_metric_specification",
        &[],
        metric,
    );
    let policy = cluster::unless_there()
        .set("name", "utilisation")
        .set("autoscaling_group_name", code(&format!("aws_autoscaling_group.{label}[0].name")))
        .set("policy_type", "TargetTrackingScaling")
        .set("estimated_instance_warmup", warm_up)
        .gap()
        .block("target_tracking_configuration", &[], tracking);
    let about = format!(
        "Between {} and {} machines, so that they are {}% busy: the plan scales in after {} s \
         without need; AWS waits longer, which is on the safe side.",
        scaler.min,
        scaler.max,
        decimal(scaler.target_ppm, 4),
        seconds(scaler.scale_in_window_us)
    );
    Body::default().part(&about, "resource", &["aws_autoscaling_policy", &label], policy)
}
