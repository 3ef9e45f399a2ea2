//! What is emitted, read back, has the numbers of the spec.

use domain::intent::ServiceKind;
use domain::spec::{ObjectivePart, OfferPart, ServicePart, Spec};
use serde_json::{Value, json};

use super::manifests::{Manifests, annotation, container, mebibytes, millicores, texts};
use super::specs;

fn fleets(spec: &Spec) -> impl Iterator<Item = &ServicePart> {
    spec.services.iter().filter(|service| service.kind == ServiceKind::Service)
}

/// Every fleet's offers with their Deployments.
fn each(
    spec: &Spec,
    manifests: &Manifests,
    hold: impl Fn(&ServicePart, &OfferPart, &Value),
) -> usize {
    let mut seen = 0;
    for service in fleets(spec) {
        let own = manifests.for_service("Deployment", service.name.as_str());
        assert_eq!(own.len(), service.offers.len(), "{}", service.name);
        for (offer, deployment) in service.offers.iter().zip(own) {
            assert_eq!(annotation(deployment, "plimsoll.dev/instance-type"), offer.instance_type);
            hold(service, offer, deployment);
            seen += 1;
        }
    }
    seen
}

/// How many pods a Deployment has at the peak.
fn at_peak(deployment: &Value) -> u32 {
    annotation(deployment, "plimsoll.dev/replicas-at-peak").parse().expect("a number")
}

/// The values that a term of a node's affinity allows.
fn allowed<'a>(deployment: &'a Value, key: &str) -> &'a Value {
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    let affinity = &deployment["spec"]["template"]["spec"]["affinity"]["nodeAffinity"][required];
    let terms = affinity["nodeSelectorTerms"].as_array().expect("terms");
    assert_eq!(terms.len(), 1, "of several terms any would do");
    let wanted = terms[0]["matchExpressions"].as_array().expect("expressions");
    wanted.iter().find(|own| own["key"] == key).expect("it is asked for")
}

#[test]
fn counts_and_types_are_those_of_the_spec() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let held = each(&spec, &manifests, |_, offer, deployment| {
            let peak: u32 = offer.per_zone.values().sum();
            assert_eq!(at_peak(deployment), peak, "{shape}");
            // A number beside an autoscaler would be set again by whoever applies the manifests.
            let stated = offer.autoscaling.is_none().then_some(peak);
            assert_eq!(deployment["spec"]["replicas"], json!(stated), "{shape}");
            let kind = allowed(deployment, "node.kubernetes.io/instance-type");
            assert_eq!(kind["values"], json!([offer.instance_type]), "{shape}");
            let region = allowed(deployment, "topology.kubernetes.io/region");
            assert_eq!(region["values"], json!([spec.placement.region]), "{shape}");
            let set = &allowed(deployment, "kubernetes.io/arch")["values"][0];
            let expected = match offer.architecture.as_str() {
                "x86_64" => "amd64",
                other => other,
            };
            assert_eq!(set, expected, "{shape}");
        });
        assert_eq!(manifests.of_kind("Deployment").len(), held, "{shape}");
        let all: u32 = manifests.of_kind("Deployment").iter().map(|own| at_peak(own)).sum();
        let planned: u32 =
            fleets(&spec).flat_map(|own| &own.offers).flat_map(|own| own.per_zone.values()).sum();
        assert_eq!(all, planned, "{shape}");
    }
}

#[test]
fn pods_stand_in_all_zones_and_alone_on_their_nodes() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        each(&spec, &manifests, |_, offer, deployment| {
            let pod = &deployment["spec"]["template"]["spec"];
            let spread = pod["topologySpreadConstraints"].as_array().expect("it is spread");
            for key in ["topology.kubernetes.io/zone", "kubernetes.io/hostname"] {
                let hard = spread.iter().find(|own| {
                    own["topologyKey"] == key && own["whenUnsatisfiable"] == "DoNotSchedule"
                });
                let hard = hard.expect("it must be spread");
                assert_eq!(hard["maxSkew"], 1, "{shape}");
                assert_eq!(hard["labelSelector"], deployment["spec"]["selector"], "{shape}");
            }
            // As evenly as that, a peak stands in the zones as the spec counts it.
            let peak: u32 = offer.per_zone.values().sum();
            let zones = u32::try_from(spec.placement.zones.len()).expect("a few");
            let mut even: Vec<u32> = (0..zones).map(|at| (peak + at) / zones).collect();
            let mut stated: Vec<u32> = offer.per_zone.values().copied().collect();
            even.sort_unstable();
            stated.sort_unstable();
            assert_eq!(even, stated, "{shape}");
            let required = "requiredDuringSchedulingIgnoredDuringExecution";
            let apart = &pod["affinity"]["podAntiAffinity"][required][0];
            assert_eq!(apart["topologyKey"], "kubernetes.io/hostname", "{shape}");
            let labels = texts(&deployment["spec"]["template"]["metadata"]["labels"]);
            for (key, value) in texts(&apart["labelSelector"]["matchLabels"]) {
                assert_eq!(labels.get(key), Some(value), "{shape}: it keeps from its like");
            }
            let home = manifests.of_kind("Namespace")[0];
            for (key, value) in texts(&apart["namespaceSelector"]["matchLabels"]) {
                assert_eq!(home["metadata"]["labels"].get(key), Some(value), "{shape}");
            }
        });
    }
}

#[test]
fn a_pod_fills_its_node_and_fits_into_it() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        each(&spec, &manifests, |service, offer, deployment| {
            let own = &container(deployment)["resources"];
            let (asked, most) = (&own["requests"], &own["limits"]);
            let cores = 1_000 * u64::from(offer.vcpu);
            assert!(millicores(&asked["cpu"]) > cores / 2, "{shape}: no second one fits");
            assert!(millicores(&asked["cpu"]) + 300 < cores, "{shape}: the node's own fit too");
            assert_eq!(millicores(&most["cpu"]), cores, "{shape}: nothing is kept from it");
            assert_eq!(asked["memory"], most["memory"], "{shape}");
            let memory = mebibytes(&asked["memory"]);
            assert!(memory + 700 < offer.memory_mib && memory > offer.memory_mib / 2, "{shape}");
            // What it admits fits into its memory.
            let settings =
                manifests.for_service("ConfigMap", service.name.as_str())[0]["data"].clone();
            let number = |key: &str| {
                settings[key].as_str().expect("a text").parse::<u64>().expect("a number")
            };
            let admitted = u64::from(service.process.expect("it admits").max_in_flight);
            assert!(number("MAX_IN_FLIGHT") <= admitted, "{shape}");
            let demand = spec.demand.services.iter().find(|own| own.name == service.name);
            if let Some(demand) = demand {
                let used = number("MAX_IN_FLIGHT") * demand.memory_per_request_mib;
                assert!(demand.memory_base_mib + used <= memory, "{shape}");
            }
        });
    }
}

#[test]
fn autoscalers_have_the_bounds_and_the_target_of_the_spec() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let mut scaled = 0;
        for service in fleets(&spec) {
            let steered = service
                .offers
                .iter()
                .filter_map(|offer| Some((offer, offer.autoscaling.as_ref()?)));
            let own = manifests.for_service("HorizontalPodAutoscaler", service.name.as_str());
            assert_eq!(own.len(), steered.clone().count(), "{shape}: {}", service.name);
            for ((offer, scaler), own) in steered.zip(own) {
                let of = own["spec"]["scaleTargetRef"]["name"].as_str().expect("it has a target");
                let deployment = manifests.object("Deployment", of);
                let kind = annotation(deployment, "plimsoll.dev/instance-type");
                assert_eq!(kind, offer.instance_type, "{shape}");
                assert_eq!(own["spec"]["minReplicas"], scaler.min, "{shape}");
                assert_eq!(own["spec"]["maxReplicas"], scaler.max, "{shape}");
                let metric = &own["spec"]["metrics"][0]["resource"];
                assert_eq!(metric["name"], "cpu", "{shape}");
                // Every core of the node is a server here: so busy as the plan wants them.
                assert_eq!(offer.servers, offer.vcpu, "{shape}");
                let milli = millicores(&metric["target"]["averageValue"]) as f64;
                let busy = milli / (1_000.0 * f64::from(offer.vcpu));
                assert!((busy - scaler.target_ppm as f64 / 1e6).abs() < 1e-3, "{shape}: {busy}");
                let behaviour = &own["spec"]["behavior"];
                let window = scaler.scale_in_window_us / 1_000_000;
                assert_eq!(behaviour["scaleDown"]["stabilizationWindowSeconds"], window, "{shape}");
                assert_eq!(behaviour["scaleUp"]["stabilizationWindowSeconds"], 0, "{shape}");
                let step = &behaviour["scaleUp"]["policies"][0];
                assert_eq!(step["value"], scaler.max, "{shape}: nothing holds it back");
                assert_eq!(step["periodSeconds"], scaler.period_us / 1_000_000, "{shape}");
                scaled += 1;
            }
        }
        assert_eq!(manifests.of_kind("HorizontalPodAutoscaler").len(), scaled, "{shape}");
        assert!(scaled > 0, "{shape}");
    }
}

/// A single server of four cores is one core of CPU.
#[test]
fn a_target_is_of_the_servers_not_of_all_cores() {
    let mut spec = specs::seed();
    spec.services[1].offers[0].servers = 1;
    let manifests = Manifests::of(&spec);
    let own = manifests.object("HorizontalPodAutoscaler", "app");
    assert_eq!(own["spec"]["metrics"][0]["resource"]["target"]["averageValue"], "650m");
}

#[test]
fn probes_are_the_health_checks_of_the_spec() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        each(&spec, &manifests, |service, _, deployment| {
            let (own, check) = (container(deployment), &service.health_check);
            let ready = &own["readinessProbe"];
            assert_eq!(ready["periodSeconds"], check.interval_us / 1_000_000, "{shape}");
            assert_eq!(ready["timeoutSeconds"], check.timeout_us / 1_000_000, "{shape}");
            assert_eq!(ready["failureThreshold"], check.unhealthy_threshold, "{shape}");
            assert_eq!(ready["successThreshold"], check.healthy_threshold, "{shape}");
            let asked = ready["httpGet"]["path"].as_str();
            assert_eq!(asked, check.path.as_deref(), "{shape}");
            assert_eq!(ready["tcpSocket"].is_object(), check.path.is_none(), "{shape}");
            assert_eq!(own["ports"][0]["containerPort"], service.port, "{shape}");
            // Being slow to answer is no reason to start it again.
            assert!(own["livenessProbe"]["httpGet"].is_null(), "{shape}");
            if let Some(demand) = spec.demand.services.iter().find(|own| own.name == service.name) {
                let failures = own["startupProbe"]["failureThreshold"].as_u64().expect("a number");
                let patience = failures * check.interval_us;
                assert!(patience >= 2 * demand.startup_us, "{shape}: it has time to start");
            }
            let drain = service.rollout.as_ref().expect("it is rolled out").drain_us / 1_000_000;
            let pod = &deployment["spec"]["template"]["spec"];
            let grace = pod["terminationGracePeriodSeconds"].as_u64().expect("a number");
            let last = own["lifecycle"]["preStop"]["sleep"]["seconds"].as_u64().expect("a number");
            assert_eq!(grace - last, drain, "{shape}");
        });
    }
}

#[test]
fn as_many_pods_may_be_away_as_the_intent_allows() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let down = spec.intent.objectives.iter().find_map(|objective| match objective {
            ObjectivePart::Users { instances_down, .. } => Some(*instances_down),
            _ => None,
        });
        let down = down.expect("users were asked for").max(1);
        for service in fleets(&spec) {
            let own = manifests.for_service("PodDisruptionBudget", service.name.as_str());
            assert_eq!(own.len(), 1, "{shape}: one for all kinds of machines");
            assert_eq!(own[0]["spec"]["maxUnavailable"], down, "{shape}");
            for deployment in manifests.for_service("Deployment", service.name.as_str()) {
                let labels = texts(&deployment["spec"]["template"]["metadata"]["labels"]);
                for (key, value) in texts(&own[0]["spec"]["selector"]["matchLabels"]) {
                    assert_eq!(labels.get(key), Some(value), "{shape}");
                }
            }
        }
    }
}

#[test]
fn everything_bears_the_labels_and_the_spec() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let json = serde_json::to_string(&spec.metadata.labels).expect("it is JSON");
        for object in manifests.objects() {
            assert_eq!(annotation(object, "plimsoll.dev/spec"), spec.metadata.digest, "{shape}");
            assert_eq!(annotation(object, "plimsoll.dev/labels"), json, "{shape}");
            for (key, value) in &spec.metadata.labels {
                assert_eq!(object["metadata"]["labels"][key], **value, "{shape}");
            }
        }
    }
}
