//! Deployments, one for each kind of machines; who changes their number, and who may take pods
//! away.

use domain::spec::{AutoscalingPart, ObjectivePart, ServicePart, Spec};
use sha2::{Digest as _, Sha256};

use super::inputs::{self, Input};
use super::names::Names;
use super::nodes::Room;
use super::objects::{INSTANCE, Object, labels, object, pods_of};
use super::pod::Pod;
use super::settings;
use super::words::{self, fleets, seconds};
use crate::emit::decimal::decimal;
use crate::emit::yaml_text::{File, Map, list, texts};

/// The longest span that a policy of an autoscaler looks at, by `HPAScalingRules` of
/// <https://kubernetes.io/docs/reference/kubernetes-api/>.
const LONGEST_PERIOD: u64 = 1_800;

/// The pods of every offer of every fleet.
fn pods<'a>(
    spec: &'a Spec,
    names: &'a Names,
    inputs: &'a [Input<'a>],
) -> impl Iterator<Item = Pod<'a>> {
    fleets(spec).flat_map(move |service| {
        let offers = service.offers.iter().enumerate();
        offers.map(move |(at, offer)| Pod { spec, names, inputs, service, offer, at })
    })
}

pub(super) fn deployments(spec: &Spec, names: &Names, inputs: &[Input<'_>]) -> File {
    let file = File::new(
        "The system's own programs. One pod fills one node of the type that the plan counts: a \
         node group of each type has to have a node for each pod, and one more for each that a \
         new version starts beside.",
    );
    pods(spec, names, inputs).fold(file, |file, pod| {
        let offer = pod.offer;
        let about = format!(
            "{}: {}. One {} has {} vCPU and {} GiB.",
            pod.service.name,
            words::load(pod.service),
            offer.instance_type,
            offer.vcpu,
            decimal(offer.memory_mib.saturating_mul(1_000) / 1_024, 3)
        );
        file.document(&about, deployment(&pod))
    })
}

fn named<'a>(pod: &'a Pod<'_>, api: &'a str, kind: &'a str) -> Object<'a> {
    let service = &pod.service.name;
    Object { api, kind, name: pod.names.part(service, pod.at), service: Some(service) }
}

fn deployment(pod: &Pod<'_>) -> Map {
    let (spec, service) = (pod.spec, pod.service);
    let mut own = labels(spec, pod.names, Some(&service.name));
    own.insert(INSTANCE.to_owned(), pod.names.part(&service.name, pod.at).to_owned());
    // Pods are started again when their settings change, whatever is said of them.
    let data = settings::data(spec, pod.names, pod.inputs, service).bare();
    let digest = Sha256::digest(File::new("").document("", data).text().as_bytes());
    let digest = digest.iter().take(8).fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
    let told = [("plimsoll.dev/settings".to_owned(), format!("{digest:016x}"))];
    let answers = inputs::heeded(spec, pod.names, pod.inputs, service);
    let metadata = Map::default()
        .set("labels", texts(own))
        .remark("With another setting, or another answer in inputs.yaml, pods are started anew.")
        .set("annotations", texts(told.into_iter().chain(answers)));
    let template = Map::default().set("metadata", metadata).set("spec", pod.body());
    let (counted, peak) = (words::counted(pod.offer), words::peak(pod.offer));
    // What stands here would be set again whenever the manifests are applied.
    let body = match &pod.offer.autoscaling {
        Some(_) => Map::default().remark(&format!(
            "{counted}; the autoscaler says how many, so that no number stands here."
        )),
        None => Map::default().remark(&format!("{counted}.")).set("replicas", peak),
    };
    let body = body
        .set("selector", Map::default().set("matchLabels", pod.selector()))
        .set("strategy", strategy(pod))
        .set("template", template);
    let annotations = texts([
        ("plimsoll.dev/instance-type", pod.offer.instance_type.clone()),
        ("plimsoll.dev/replicas-at-peak", peak.to_string()),
    ]);
    object(spec, pod.names, named(pod, "apps/v1", "Deployment"), annotations).set("spec", body)
}

/// How a new version replaces the old one.
fn strategy(pod: &Pod<'_>) -> Map {
    let all = pod.service.replicas.as_ref().map_or(0, |own| own.peak).max(1);
    let surge = pod.service.rollout.as_ref().map_or(1, |rollout| rollout.max_surge);
    // Each kind has its part of what comes beside, and one pod at least.
    let part = u64::from(surge) * u64::from(words::peak(pod.offer)) / u64::from(all);
    let more = part.max(1);
    let steps = Map::default()
        .remark(&format!(
            "{more} more while a new version comes, and none fewer: the plan has no instance to \
             spare."
        ))
        .set("maxSurge", more)
        .set("maxUnavailable", 0_u32);
    Map::default().set("type", "RollingUpdate").set("rollingUpdate", steps)
}

pub(super) fn autoscalers(spec: &Spec, names: &Names, inputs: &[Input<'_>]) -> File {
    let file = File::new(
        "Who changes the number of pods. The metrics server has to be in the cluster. Every 15 s \
         an autoscaler looks, and leaves a deviation of a tenth alone; the cluster starts and \
         stops nodes for the pods.",
    );
    pods(spec, names, inputs).fold(file, |file, pod| match &pod.offer.autoscaling {
        Some(scaler) => file.document(&steers(&pod, scaler), autoscaler(&pod, scaler)),
        None => file,
    })
}

/// The CPU that a pod takes when its node is as busy as the plan wants it, in millicores: each
/// server that is busy keeps one core busy.
fn target_milli(pod: &Pod<'_>, scaler: &AutoscalingPart) -> u64 {
    let servers = u64::from(pod.offer.servers.min(pod.offer.vcpu));
    (scaler.target_ppm.min(1_000_000) * servers / 1_000).max(1)
}

fn steers(pod: &Pod<'_>, scaler: &AutoscalingPart) -> String {
    let several = if pod.service.offers.len() > 1 {
        " It sees its own kind of machines alone, where the plan steers by all of the service."
    } else {
        ""
    };
    format!(
        "{}: between {} and {} pods, so that they are {}% busy; the plan counts on {} s from a \
         decision to the first request, the start of a node included.{several}",
        pod.service.name,
        scaler.min,
        scaler.max,
        decimal(scaler.target_ppm, 4),
        seconds(scaler.warmup_us)
    )
}

fn autoscaler(pod: &Pod<'_>, scaler: &AutoscalingPart) -> Map {
    let peak = words::peak(pod.offer);
    let milli = target_milli(pod, scaler);
    let room = Room::of(pod.spec.placement.provider, pod.offer);
    let of_requests = 1_000 * milli / room.milli.max(1);
    let target = Map::default()
        .remark(&format!(
            "{}% of {} of the cores of a node. As averageUtilization, which is relative to what is \
             requested and not to the node, it would be {}% of {}m.",
            decimal(scaler.target_ppm, 4),
            pod.offer.servers.min(pod.offer.vcpu),
            decimal(of_requests, 1),
            room.milli
        ))
        .set("type", "AverageValue")
        .set("averageValue", format!("{milli}m"));
    let metric = Map::default()
        .set("type", "Resource")
        .set("resource", Map::default().set("name", "cpu").set("target", target));
    let of = Map::default()
        .set("apiVersion", "apps/v1")
        .set("kind", "Deployment")
        .set("name", pod.names.part(&pod.service.name, pod.at));
    let body = Map::default()
        .set("scaleTargetRef", of)
        .set("minReplicas", scaler.min)
        .set("maxReplicas", scaler.max.max(peak))
        .set("metrics", list([metric]))
        .set("behavior", behaviour(scaler, scaler.max.max(peak)));
    object(
        pod.spec,
        pod.names,
        named(pod, "autoscaling/v2", "HorizontalPodAutoscaler"),
        Map::default(),
    )
    .set("spec", body)
}

fn behaviour(scaler: &AutoscalingPart, most: u32) -> Map {
    let period = seconds(scaler.period_us).clamp(1, LONGEST_PERIOD);
    let policy = |kind: &str, value: u32| {
        let own = Map::default().set("type", kind).set("value", value);
        list([own.set("periodSeconds", period)])
    };
    let up = Map::default()
        .remark("All that a look asks for comes at once, as in the simulation.")
        .set("stabilizationWindowSeconds", 0_u32)
        .set("selectPolicy", "Max")
        .set("policies", policy("Pods", most));
    let window = seconds(scaler.scale_in_window_us);
    let down = Map::default()
        .remark(&format!("To the most that any look of the last {window} s asked for."))
        .set("stabilizationWindowSeconds", window)
        .set("selectPolicy", "Max")
        .set("policies", policy("Percent", 100));
    Map::default().set("scaleUp", up).set("scaleDown", down)
}

pub(super) fn budgets(spec: &Spec, names: &Names) -> File {
    let file = File::new("How many pods may be taken away at once, as when nodes are replaced.");
    fleets(spec).fold(file, |file, service| {
        file.document(&spared(spec, service), budget(spec, names, service))
    })
}

/// So many instances may be down at the stated load.
fn instances_down(spec: &Spec) -> u32 {
    let found = spec.intent.objectives.iter().find_map(|objective| match objective {
        ObjectivePart::Users { instances_down, .. }
        | ObjectivePart::Rate { instances_down, .. } => Some(*instances_down),
        _ => None,
    });
    found.unwrap_or(0)
}

fn spared(spec: &Spec, service: &ServicePart) -> String {
    match instances_down(spec) {
        0 => format!(
            "{}: the plan demands nothing of the load with an instance down. One at a time, or no \
             node could be replaced: drain nodes when there is little to do.",
            service.name
        ),
        down => format!("{}: the load is carried with {down} down.", service.name),
    }
}

fn budget(spec: &Spec, names: &Names, service: &ServicePart) -> Map {
    let own = Object {
        api: "policy/v1",
        kind: "PodDisruptionBudget",
        name: names.service(&service.name),
        service: Some(&service.name),
    };
    let body = Map::default()
        .set("maxUnavailable", instances_down(spec).max(1))
        .set("unhealthyPodEvictionPolicy", "AlwaysAllow")
        .set("selector", Map::default().set("matchLabels", pods_of(names, &service.name)));
    object(spec, names, own, Map::default()).set("spec", body)
}
