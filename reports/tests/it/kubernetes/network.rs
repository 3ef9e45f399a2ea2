//! Who reaches whom, and by which names: as the flows of the spec have it.

use std::collections::{BTreeMap, BTreeSet};

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Provider;
use domain::spec::{Process, ServicePart, Spec};
use reports::emit::{Format, emit};
use serde_json::{Value, json};

use super::manifests::{Manifests, annotation};
use super::{DAY, specs};

fn kind(spec: &Spec, name: &Name) -> Option<ServiceKind> {
    spec.services.iter().find(|own| own.name == *name).map(|own| own.kind)
}

/// Every connection that a policy opens: `app > 10.0.16.0/24:5432`.
fn opened(manifests: &Manifests) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for policy in manifests.of_kind("NetworkPolicy") {
        let own = annotation(policy, "plimsoll.dev/service");
        if own.is_empty() {
            continue;
        }
        for (side, peers, sign) in [("ingress", "from", '<'), ("egress", "to", '>')] {
            for rule in policy["spec"][side].as_array().expect("rules") {
                let ports = rule["ports"].as_array().expect("ports");
                let peers = rule[peers].as_array().expect("peers");
                assert!(!peers.is_empty() && ports.len() == 1, "no peer would be every peer");
                assert_eq!(ports[0]["protocol"], "TCP");
                for peer in peers {
                    let with = match &peer["ipBlock"]["cidr"] {
                        Value::String(cidr) => cidr.clone(),
                        _ => peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
                            .as_str()
                            .expect("pods of a service")
                            .to_owned(),
                    };
                    all.insert(format!("{own} {sign} {with}:{}", ports[0]["port"]));
                }
            }
        }
    }
    all
}

/// The same, worked out from the flows.
fn expected(spec: &Spec, manifests: &Manifests) -> BTreeSet<String> {
    let called = |name: &Name| {
        let own = manifests.for_service("Deployment", name.as_str());
        own[0]["metadata"]["labels"]["app.kubernetes.io/name"].as_str().expect("a label").to_owned()
    };
    let places = |name: &Name| -> Vec<String> {
        match kind(spec, name) {
            Some(ServiceKind::Service) => vec![called(name)],
            Some(ServiceKind::External) => vec!["0.0.0.0/0".to_owned()],
            Some(ServiceKind::Queue) => vec![spec.network.vpc.cidr.clone()],
            _ => {
                let own = spec.services.iter().find(|own| own.name == *name).expect("it is there");
                let subnets = spec.network.subnets.iter().filter(|net| net.group == own.subnet);
                subnets.map(|net| net.cidr.clone()).collect()
            }
        }
    };
    let mut all = BTreeSet::new();
    for flow in &spec.network.flows {
        let queue = [&flow.from, &flow.to].map(|end| kind(spec, end) == Some(ServiceKind::Queue));
        if kind(spec, &flow.from) == Some(ServiceKind::Service) {
            let port = if queue[1] { 443 } else { flow.port };
            all.extend(places(&flow.to).iter().map(|to| format!("{} > {to}:{port}", flow.from)));
        }
        if kind(spec, &flow.to) == Some(ServiceKind::Service) {
            let (sign, port) = if queue[0] { ('>', 443) } else { ('<', flow.port) };
            let from = places(&flow.from);
            all.extend(from.iter().map(|from| format!("{} {sign} {from}:{port}", flow.to)));
        }
    }
    all
}

#[test]
fn connections_are_the_flows_of_the_spec() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let (found, wanted) = (opened(&manifests), expected(&spec, &manifests));
        assert_eq!(found, wanted, "{shape}");
        assert!(!found.is_empty(), "{shape}");
    }
}

#[test]
fn whatever_is_not_allowed_is_refused() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let deny = manifests.object("NetworkPolicy", "default-deny");
        let expected = json!({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]});
        assert_eq!(deny["spec"], expected, "{shape}");
        let look_up = &manifests.object("NetworkPolicy", "dns")["spec"];
        assert_eq!(look_up["policyTypes"], json!(["Egress"]), "{shape}");
        let ports = look_up["egress"][0]["ports"].as_array().expect("ports");
        assert!(ports.iter().all(|own| own["port"] == 53), "{shape}");
    }
}

/// What is called has a name that leads to its pods, or to where it is.
#[test]
fn what_is_called_has_a_name() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        for service in &spec.services {
            let own = manifests.for_service("Service", service.name.as_str());
            let mut callers = spec.services.iter().filter(|by| by.targets.contains(&service.name));
            match service.kind {
                ServiceKind::Balancer => assert!(own.is_empty(), "{shape}"),
                ServiceKind::Service => {
                    let called = callers.clone().any(|by| by.kind != ServiceKind::Queue);
                    assert_eq!(own.len(), usize::from(called), "{shape}: {}", service.name);
                    let Some(own) = own.first() else { continue };
                    assert_eq!(own["spec"]["ports"][0]["port"], service.port, "{shape}");
                    // Other services spread their calls over the pods themselves.
                    let spreads = callers.any(|by| by.kind == ServiceKind::Service);
                    assert_eq!(own["spec"]["clusterIP"] == "None", spreads, "{shape}");
                    let deployments = manifests.for_service("Deployment", service.name.as_str());
                    for deployment in deployments {
                        let labels = &deployment["spec"]["template"]["metadata"]["labels"];
                        let key = "app.kubernetes.io/name";
                        assert_eq!(own["spec"]["selector"][key], labels[key], "{shape}");
                    }
                }
                _ => {
                    let slices = if service.kind == ServiceKind::Sql { service.shards } else { 1 };
                    assert_eq!(own.len() as u64, u64::from(slices), "{shape}: {}", service.name);
                    for own in own {
                        assert_eq!(own["spec"]["type"], "ExternalName", "{shape}");
                        assert!(own["spec"]["selector"].is_null(), "{shape}");
                    }
                }
            }
        }
    }
}

/// The balancer has the tags that Terraform gives what it builds, as the controller reads a list.
fn tagged(shape: &str, spec: &Spec, edge: &ServicePart, list: &str) {
    let pairs = list.split(',').map(|own| own.split_once('=').expect("a pair"));
    let found: BTreeMap<&str, &str> =
        pairs.map(|(key, value)| (key.trim(), value.trim())).collect();
    let labels = spec.metadata.labels.iter();
    let mut stated: BTreeMap<&str, &str> =
        labels.map(|(key, value)| (key.as_str(), value.as_str())).collect();
    stated.insert("service", edge.name.as_str());
    stated.insert("plimsoll.dev/spec", &spec.metadata.digest);
    let environment = spec.metadata.environment.as_ref().map(Name::as_str);
    let system = environment.map_or_else(String::new, |own| format!("-{own}"));
    let system = format!("{}{system}", spec.metadata.name);
    stated.insert("plimsoll.dev/system", &system);
    stated.extend(environment.map(|own| ("environment", own)));
    assert_eq!(found, stated, "{shape}");
}

/// What the controller would read otherwise is no tag, and stands in the annotation of labels.
#[test]
fn no_label_is_read_as_several_tags() {
    let mut spec = specs::all().remove(0).1;
    let labels = [("a=b", "c"), ("team", "x,admin=true"), ("cost", " padded "), ("unit", "k=v")];
    spec.metadata.labels =
        labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let manifests = Manifests::of(&spec);
    let own = manifests.of_kind("Ingress")[0];
    let list = annotation(own, "alb.ingress.kubernetes.io/tags");
    let keys: Vec<&str> =
        list.split(',').map(|own| own.split_once('=').expect("a pair").0).collect();
    assert_eq!(keys, ["plimsoll.dev/spec", "plimsoll.dev/system", "service", "unit"], "{list}");
    assert!(list.ends_with("unit=k=v"), "{list}");
    let whole: BTreeMap<String, String> =
        serde_json::from_str(annotation(own, "plimsoll.dev/labels")).expect("it is JSON");
    assert_eq!(whole, spec.metadata.labels);
    let files = emit(&spec, Format::Kubernetes, DAY).expect("it is generated");
    let (_, text) = files.iter().find(|(name, _)| name.ends_with("balancer.yaml")).expect("one");
    let said: String = text.replace("# ", "").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("no tag: a=b, cost, team. They are whole"), "{said}");
}

#[test]
fn the_balancer_is_that_of_the_spec() {
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let balancers = spec.services.iter().filter(|own| own.kind == ServiceKind::Balancer);
        assert_eq!(manifests.of_kind("Ingress").len(), balancers.clone().count(), "{shape}");
        for edge in balancers {
            let own = manifests.for_service("Ingress", edge.name.as_str())[0];
            let said = |key: &str| annotation(own, &format!("alb.ingress.kubernetes.io/{key}"));
            let listener = edge.listener.as_ref().expect("it listens");
            assert_eq!(said("listen-ports"), format!("[{{\"HTTPS\":{}}}]", listener.port));
            assert_eq!(listener.tls_min, "1.2");
            assert!(said("ssl-policy").contains("-1-2-"), "{shape}");
            let idle = listener.idle_timeout_us / 1_000_000;
            let attributes = said("load-balancer-attributes");
            assert!(attributes.contains(&format!("timeout_seconds={idle},")), "{attributes}");
            assert!(attributes.split(',').any(|own| own == "deletion_protection.enabled=true"));
            tagged(shape, &spec, edge, said("tags"));
            let target = spec.services.iter().find(|own| edge.targets.contains(&own.name));
            let target = target.expect("it has a target");
            let backend = &own["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"];
            let to = manifests.object("Service", backend["name"].as_str().expect("a name"));
            assert_eq!(annotation(to, "plimsoll.dev/service"), target.name.as_str(), "{shape}");
            assert_eq!(backend["port"]["name"], to["spec"]["ports"][0]["name"], "{shape}");
            assert!(said("target-group-attributes").contains(target.algorithm.as_str()), "{shape}");
            let check = &target.health_check;
            let path = check.path.as_deref().unwrap_or("/");
            assert_eq!(said("healthcheck-path"), path, "{shape}");
            for (key, number) in [
                ("healthcheck-interval-seconds", check.interval_us / 1_000_000),
                ("healthcheck-timeout-seconds", check.timeout_us / 1_000_000),
                ("unhealthy-threshold-count", check.unhealthy_threshold.into()),
                ("healthy-threshold-count", check.healthy_threshold.into()),
            ] {
                assert_eq!(said(key), number.to_string(), "{shape}: {key}");
            }
            let sealed = if shape == "guarded" { "HTTPS" } else { "HTTP" };
            assert_eq!(said("backend-protocol"), sealed, "{shape}");
        }
    }
}

/// Programs are told where they find what they call, and how many connections they may hold.
#[test]
fn programs_are_told_what_the_simulation_counts_on() {
    let spec = specs::busy();
    let manifests = Manifests::of(&spec);
    let told = &manifests.object("ConfigMap", "app")["data"];
    let app = &spec.services[1];
    let own = app.resilience.expect("it calls");
    for (key, value) in [
        ("PORT", app.port.to_string()),
        ("OTEL_SERVICE_NAME", "app".to_owned()),
        ("OTEL_RESOURCE_ATTRIBUTES", format!("service.namespace={}", spec.metadata.name)),
        ("CALL_TIMEOUT_MS", (own.timeout_us / 1_000).to_string()),
        ("CALL_RETRIES", own.retries.to_string()),
        ("CALL_QUEUE_MS", (own.queue_us / 1_000).to_string()),
        ("CALL_RETRY_BUDGET_PERCENT", (own.retry_budget_ppm / 10_000).to_string()),
        ("QUEUE_LIMIT", app.process.expect("it admits").queue_limit.to_string()),
        ("DB_HOST", "db".to_owned()),
        ("DB_PORT", "5432".to_owned()),
        ("DB_POOL", "24".to_owned()),
        ("SEARCH_HOST", "search".to_owned()),
        ("SEARCH_BALANCING", "least_outstanding_requests".to_owned()),
        ("JOBS_TLS_NAME", "sqs.us-east-1.amazonaws.com".to_owned()),
    ] {
        assert_eq!(told[key], value.as_str(), "{key}");
    }
    assert!(told["PAYMENTS_HOST"].is_null(), "it does not call them");
    assert!(told["SEARCH_TLS"].is_null(), "nothing demands it between pods");
}

/// Either limit of an instance may be the larger, and what is told says which is reached first.
#[test]
fn what_an_instance_admits_is_told_with_its_meaning() {
    for (queue_limit, end) in [(5, "."), (50, "; memory is full before so many wait.")] {
        let mut spec = specs::busy();
        spec.services[1].process = Some(Process { queue_limit, max_in_flight: 10 });
        let files = emit(&spec, Format::Kubernetes, DAY).expect("it is generated");
        let (_, text) =
            files.iter().find(|(name, _)| name.ends_with("settings.yaml")).expect("one");
        let said: String = text.replace("# ", "").split_whitespace().collect::<Vec<_>>().join(" ");
        let told = format!("10 requests in all, and {queue_limit} of them waiting for a server");
        let (_, after) = said.split_once(&told).expect("it is told");
        assert!(after.starts_with(end), "{after}");
        let manifests = Manifests::of(&spec);
        let told = &manifests.object("ConfigMap", "app")["data"];
        assert_eq!(told["QUEUE_LIMIT"], queue_limit.to_string());
    }
}

/// Pods are started anew by another setting, not by another word about one.
#[test]
fn a_remark_starts_no_pod_anew() {
    let told = |max_in_flight: u32| {
        let mut spec = specs::busy();
        spec.services[1].process = Some(Process { queue_limit: 5, max_in_flight });
        let manifests = Manifests::of(&spec);
        let pods = manifests.for_service("Deployment", "app")[0]["spec"]["template"].clone();
        let settings = manifests.object("ConfigMap", "app")["data"]["MAX_IN_FLIGHT"].clone();
        let files = emit(&spec, Format::Kubernetes, DAY).expect("it is generated");
        let text = files.into_iter().find(|(name, _)| name.ends_with("settings.yaml"));
        (text.expect("there is one").1, settings, pods)
    };
    // More than the memory of a pod holds, which is told of both.
    let (less, more, other) = (told(1_000_000), told(2_000_000), told(10));
    assert_ne!(less.0, more.0, "what the plan admits stands in a remark");
    assert_eq!((&less.1, &less.2), (&more.1, &more.2));
    assert_ne!(less.2["metadata"]["annotations"], other.2["metadata"]["annotations"]);
}

/// A cloud that takes no calls in the clear is called encrypted, whether a rule demands it or not.
#[test]
fn what_the_cloud_encrypts_is_called_encrypted() {
    let mut seen = 0;
    for (shape, spec) in specs::all() {
        let manifests = Manifests::of(&spec);
        let fleets = spec.services.iter().filter(|own| own.kind == ServiceKind::Service);
        for fleet in fleets {
            let told = &manifests.for_service("ConfigMap", fleet.name.as_str())[0]["data"];
            let data = spec.services.iter().filter(|own| fleet.targets.contains(&own.name));
            let data = data.filter(|own| matches!(own.kind, ServiceKind::Sql | ServiceKind::Cache));
            for own in data {
                let key = own.name.as_str().replace('-', "_").to_uppercase();
                let key = if key.starts_with('0') { format!("_{key}") } else { key };
                // All of these stand on AWS.
                assert_eq!(told[format!("{key}_TLS")], "true", "{shape}: {key}");
                let several = own.shards > 1 && own.kind == ServiceKind::Sql;
                let first = if several { "_1" } else { "" };
                let name = &told[format!("{key}{first}_TLS_NAME")];
                assert!(name.is_string(), "{shape}: {key}");
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen}");
}

/// What the Terraform of the cloud refuses is not said to be built by it.
#[test]
fn who_builds_the_rest_is_said_as_it_is() {
    for (shape, spec) in specs::all() {
        let format = match spec.placement.provider {
            Provider::Aws => Format::TerraformAws,
            Provider::Azure => Format::TerraformAzure,
            Provider::Google => Format::TerraformGoogle,
        };
        let built = emit(&spec, format, DAY).is_ok();
        let files = emit(&spec, Format::Kubernetes, DAY).expect("it is generated");
        let text: String = files.into_iter().map(|(_, text)| text).collect();
        // Remarks are broken into lines.
        let text = text.split_whitespace().filter(|word| *word != "#").collect::<Vec<_>>();
        let text = text.join(" ");
        let said = format!("which {} builds from the same spec", format.as_str());
        assert_eq!(text.contains(&said), built, "{shape}");
        assert_eq!(text.contains("which nothing generates from this spec"), !built, "{shape}");
        assert!(built || !text.contains(&format!("built by {}", format.as_str())), "{shape}");
    }
}
