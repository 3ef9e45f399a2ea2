//! The way in from the internet: an Ingress, from which the controller of the cloud makes the
//! balancer that the plan has: the annotations are those of the AWS Load Balancer Controller
//! (<https://kubernetes-sigs.github.io/aws-load-balancer-controller>).

use domain::intent::ServiceKind;
use domain::spec::{HealthCheckPart, InputKind, Listener, ServicePart, Spec};

use super::inputs::{self, Input};
use super::names::Names;
use super::objects::{Object, object};
use super::services::PORT;
use super::words::{encrypted, seconds, service};
use crate::emit::decimal::decimal;
use crate::emit::terraform::variables::tags;
use crate::emit::terraform_aws::{TAGS, algorithm, tls_policy};
use crate::emit::yaml_text::{File, Map, list};

/// The annotation with the certificate.
pub(super) const CERTIFICATE: &str = "alb.ingress.kubernetes.io/certificate-arn";

pub(super) fn file(spec: &Spec, names: &Names, inputs: &[Input<'_>]) -> File {
    let file = File::new(
        "What the internet reaches. The AWS Load Balancer Controller makes the application \
         balancer of the plan from it.",
    );
    let balancers = spec.services.iter().filter(|own| own.kind == ServiceKind::Balancer);
    balancers.fold(file, |file, own| {
        let calls = decimal(own.sizing.arrival_micro_rps / 100_000, 1);
        let about = format!("{}: {calls} requests/s at the peak.", own.name);
        file.document(&about, ingress(spec, names, inputs, own))
    })
}

fn ingress(spec: &Spec, names: &Names, inputs: &[Input<'_>], own: &ServicePart) -> Map {
    let target = own.targets.first().and_then(|name| service(spec, name));
    let (Some(target), Some(listener)) = (target, &own.listener) else {
        unreachable!("a balancer without a listener and a target is refused")
    };
    let annotations = listens(listener)
        .set(CERTIFICATE, "")
        .then(passes_on(spec, target))
        .then(checks(spec, target))
        .then(tagged(spec, own));
    let backend = Map::default()
        .set("name", names.service(&target.name))
        .set("port", Map::default().set("name", PORT));
    let path = Map::default()
        .set("path", "/")
        .set("pathType", "Prefix")
        .set("backend", Map::default().set("service", backend));
    let key = inputs::key(inputs, &own.name, InputKind::Hostname).unwrap_or_default();
    let rule = Map::default()
        .remark(&format!("{key} of inputs.yaml stands here once kustomize built it."))
        .set("host", inputs::place_of_host(inputs, &own.name))
        .set("http", Map::default().set("paths", list([path])));
    let body = Map::default().set("ingressClassName", "alb").set("rules", list([rule]));
    let object_of = Object {
        api: "networking.k8s.io/v1",
        kind: "Ingress",
        name: names.service(&own.name),
        service: Some(&own.name),
    };
    object(spec, names, object_of, annotations).set("spec", body)
}

fn listens(listener: &Listener) -> Map {
    let idle = seconds(listener.idle_timeout_us);
    Map::default()
        .set("alb.ingress.kubernetes.io/scheme", "internet-facing")
        .set("alb.ingress.kubernetes.io/listen-ports", format!("[{{\"HTTPS\":{}}}]", listener.port))
        .remark(&format!("TLS {} and later.", listener.tls_min))
        .set_some("alb.ingress.kubernetes.io/ssl-policy", tls_policy(&listener.tls_min))
        .set(
            "alb.ingress.kubernetes.io/load-balancer-attributes",
            format!(
                "idle_timeout.timeout_seconds={idle},\
                 routing.http.drop_invalid_header_fields.enabled=true,\
                 deletion_protection.enabled=true"
            ),
        )
}

/// The tags of the balancer: those that Terraform puts on everything, and its service. The
/// controller reads a list with commas, each `key=value`, and trims both.
fn tagged(spec: &Spec, own: &ServicePart) -> Map {
    let mut tags = tags(spec);
    tags.insert("service".to_owned(), own.name.to_string());
    let told = |key: &str, value: &str| {
        let trimmed = [key, value].iter().all(|text| text.trim() == *text);
        trimmed && !key.contains('=') && TAGS.takes_tag(key, value)
    };
    let (told, untold): (Vec<_>, Vec<_>) =
        tags.into_iter().partition(|(key, value)| told(key, value));
    let told: Vec<String> = told.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let map = if untold.is_empty() {
        Map::default()
    } else {
        let untold: Vec<String> = untold.into_iter().map(|(key, _)| key).collect();
        Map::default().remark(&format!(
            "The controller reads a list of tags between commas, in which these labels cannot \
             stand, nor whatever AWS takes as no tag: {}. They are whole in the annotation \
             plimsoll.dev/labels.",
            untold.join(", ")
        ))
    };
    map.set("alb.ingress.kubernetes.io/tags", told.join(","))
}

/// How requests are passed on: to the pods themselves, spread as in the simulation.
fn passes_on(spec: &Spec, target: &ServicePart) -> Map {
    let protocol = if encrypted(spec, &target.name) { "HTTPS" } else { "HTTP" };
    let drain = target.rollout.as_ref().map_or(0, |rollout| seconds(rollout.drain_us));
    let spread = algorithm(target.algorithm).unwrap_or_default();
    Map::default()
        .set("alb.ingress.kubernetes.io/target-type", "ip")
        .set("alb.ingress.kubernetes.io/backend-protocol", protocol)
        .remark("How calls are spread, and the time that a leaving pod has for its last ones.")
        .set(
            "alb.ingress.kubernetes.io/target-group-attributes",
            format!(
                "load_balancing.algorithm.type={spread},\
                 deregistration_delay.timeout_seconds={drain}"
            ),
        )
}

fn checks(spec: &Spec, target: &ServicePart) -> Map {
    let check = &target.health_check;
    let protocol = if encrypted(spec, &target.name) { "HTTPS" } else { "HTTP" };
    let away = seconds(check.interval_us) * u64::from(check.unhealthy_threshold);
    // An application balancer opens no connection without asking for something.
    let codes = if check.path.is_some() { "200" } else { "200-499" };
    let prefix = "alb.ingress.kubernetes.io";
    Map::default()
        .remark(&format!(
            "A failed pod gets no more requests after {away} s, as the simulation has it."
        ))
        .set(&format!("{prefix}/healthcheck-protocol"), protocol)
        .set(&format!("{prefix}/healthcheck-path"), check.path.as_deref().unwrap_or("/"))
        .set(&format!("{prefix}/healthcheck-interval-seconds"), whole(seconds(check.interval_us)))
        .set(&format!("{prefix}/healthcheck-timeout-seconds"), whole(seconds(check.timeout_us)))
        .set(&format!("{prefix}/unhealthy-threshold-count"), whole(check.unhealthy_threshold))
        .set(&format!("{prefix}/healthy-threshold-count"), whole(check.healthy_threshold))
        .set(&format!("{prefix}/success-codes"), codes)
}

/// Annotations are texts.
fn whole(number: impl Into<u64>) -> String {
    number.into().to_string()
}

/// What an application balancer takes for a health check.
pub(super) fn takes(check: &HealthCheckPart) -> bool {
    let (every, wait) = (seconds(check.interval_us), seconds(check.timeout_us));
    let counts = [check.unhealthy_threshold, check.healthy_threshold];
    (5..=300).contains(&every)
        && (2..=120).contains(&wait)
        && wait < every
        && counts.iter().all(|count| (2..=10).contains(count))
}
