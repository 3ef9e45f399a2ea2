//! What is emitted, read back, has the numbers of the spec.

use domain::intent::ServiceKind;
use domain::spec::{OfferPart, Platform, RolloutStrategy, ServicePart, Spec};
use hcl::Expression;
use reports::emit::Format;

use super::specs;
use crate::terraform::module::{Module, blocks, flat, inner, value, word};

const GROUP: &str = "google_compute_region_instance_group_manager";
const TEMPLATE: &str = "google_compute_region_instance_template";

/// The services of some kinds that somebody runs.
pub(super) fn services(spec: &Spec, platform: Platform, kinds: &[ServiceKind]) -> Vec<ServicePart> {
    let own = spec.services.iter();
    own.filter(|own| own.platform == platform && kinds.contains(&own.kind)).cloned().collect()
}

fn fleets(spec: &Spec) -> Vec<ServicePart> {
    services(spec, Platform::Vm, &[ServiceKind::Service, ServiceKind::Balancer])
}

/// The label of a kind of machines, said once more: a capital where there are several.
fn label(service: &ServicePart, at: usize) -> String {
    let name = service.name.as_str().replace('-', "_");
    match service.offers.len() {
        1 => name,
        _ => format!("{name}_{}", ["A", "B", "C"][at]),
    }
}

fn list(value: Option<&Expression>) -> Vec<String> {
    let Some(Expression::Array(values)) = value else { panic!("it is a list") };
    values.iter().map(ToString::to_string).collect()
}

fn zones(offer: &OfferPart) -> Vec<String> {
    let used = |count: u32| offer.autoscaling.is_some() || count > 0;
    let zones = offer.per_zone.iter().filter(|(_, count)| used(**count));
    zones.map(|(zone, _)| format!("local.zones[\"{zone}\"]")).collect()
}

/// The disks that a family takes, said once more.
pub(super) fn disk(machine: &str) -> &'static str {
    if machine.starts_with("n4") { "hyperdisk-balanced" } else { "pd-balanced" }
}

#[test]
fn fleets_have_the_counts_types_and_bounds_of_the_spec() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformGoogle);
        let (mut groups, mut scaled) = (0, 0);
        for service in fleets(&spec) {
            for (at, offer) in service.offers.iter().enumerate() {
                let label = label(&service, at);
                started(&module, (shape, &label), &service, offer);
                grouped(&module, (shape, &label), &service, offer);
                tried(&module, (shape, &label), at == 0 && is_tried(&service));
                follows(&module, &label, offer);
                scaled += offer.autoscaling.iter().count();
                groups += 1;
            }
        }
        let count = |kind| module.labels(kind).len();
        assert_eq!(count(GROUP), groups, "{shape}");
        assert_eq!(count(TEMPLATE), groups, "{shape}");
        assert_eq!(count("google_compute_region_autoscaler"), scaled, "{shape}");
    }
}

fn started(module: &Module, place: (&str, &str), service: &ServicePart, offer: &OfferPart) {
    let template = module.resource(TEMPLATE, place.1);
    assert_eq!(word(template, "machine_type"), offer.instance_type, "{place:?}");
    let root = inner(template, "disk");
    let size = service.root_volume.as_ref().expect("it has a disk").size_mib / 1_024;
    assert_eq!(word(root, "disk_size_gb"), size.to_string());
    assert_eq!(word(root, "disk_type"), disk(&offer.instance_type), "{place:?}");
    let labels = format!("merge(local.labels, {{ service = \"{}\" }})", service.name);
    assert_eq!(flat(&word(root, "labels")), flat(&labels));
    let network = inner(template, "network_interface");
    let subnet = format!("google_compute_subnetwork.{}.id", service.subnet);
    assert_eq!(word(network, "subnetwork"), subnet);
    assert!(blocks(network, "access_config").is_empty(), "none is in the internet");
}

fn grouped(module: &Module, place: (&str, &str), service: &ServicePart, offer: &OfferPart) {
    let group = module.resource(GROUP, place.1);
    assert_eq!(list(value(group, "distribution_policy_zones")), zones(offer), "{place:?}");
    assert_eq!(word(inner(group, "named_port"), "port"), service.port.to_string());
    // Balancers are replaced as programs are: a quarter more at a time, and none fewer.
    let all: u32 = service.offers.iter().flat_map(|own| own.per_zone.values()).sum();
    let more = service.rollout.as_ref().map_or(all.div_ceil(4), |own| own.max_surge);
    let policy = inner(group, "update_policy");
    assert_eq!(word(policy, "type"), "PROACTIVE", "{place:?}");
    let surge: u32 = word(policy, "max_surge_fixed").parse().expect("a number");
    assert_eq!(surge as usize, zones(offer).len().max(more as usize), "{place:?}");
    assert_eq!(word(policy, "max_unavailable_fixed"), "0");
    let peak: u32 = offer.per_zone.values().sum();
    let stands = if offer.autoscaling.is_some() { String::new() } else { peak.to_string() };
    assert_eq!(word(group, "target_size"), stands, "{place:?}");
}

fn is_tried(service: &ServicePart) -> bool {
    let rollout = service.rollout.as_ref();
    rollout.is_some_and(|own| own.strategy == RolloutStrategy::Canary)
}

/// One machine has a new version first, where the spec says so.
fn tried(module: &Module, place: (&str, &str), first: bool) {
    let group = module.resource(GROUP, place.1);
    assert_eq!(blocks(group, "dynamic").len(), usize::from(first), "{place:?}");
    let templates = value(module.resource(TEMPLATE, place.1), "for_each");
    assert_eq!(templates.is_some(), first, "{place:?}");
    if let Some(templates) = templates.map(ToString::to_string) {
        let image = format!("first = var.{}_canary", place.1);
        assert!(templates.contains(&image), "{templates}");
        let first = inner(inner(group, "dynamic"), "content");
        assert_eq!(word(inner(first, "target_size"), "fixed"), "1");
    }
}

fn follows(module: &Module, label: &str, offer: &OfferPart) {
    let Some(scaler) = &offer.autoscaling else { return };
    let own = module.resource("google_compute_region_autoscaler", label);
    let group = format!("google_compute_region_instance_group_manager.{label}.id");
    assert_eq!(word(own, "target"), group);
    let policy = inner(own, "autoscaling_policy");
    assert_eq!(word(policy, "min_replicas"), scaler.min.to_string());
    assert_eq!(word(policy, "max_replicas"), scaler.max.to_string());
    let warm = scaler.warmup_us.div_ceil(1_000_000).to_string();
    assert_eq!(word(policy, "cooldown_period"), warm);
    let target: f64 = word(inner(policy, "cpu_utilization"), "target").parse().expect("a number");
    assert!((target * 1e6 - scaler.target_ppm as f64).abs() < 0.5, "{target}");
    let group = module.resource("google_compute_region_instance_group_manager", label);
    let healing = inner(group, "auto_healing_policies");
    assert_eq!(word(healing, "initial_delay_sec"), warm);
}

#[test]
fn health_is_checked_as_the_spec_does() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformGoogle);
        let mut checks = 0;
        for service in fleets(&spec) {
            let edge = service.kind == ServiceKind::Balancer;
            let own = ["google_compute_health_check", "google_compute_region_health_check"];
            for kind in &own[..if edge { 2 } else { 1 }] {
                let check = module.resource(kind, service.name.as_str());
                let stated = &service.health_check;
                for (name, number) in [
                    ("check_interval_sec", stated.interval_us / 1_000_000),
                    ("timeout_sec", stated.timeout_us / 1_000_000),
                    ("unhealthy_threshold", stated.unhealthy_threshold.into()),
                    ("healthy_threshold", stated.healthy_threshold.into()),
                ] {
                    assert_eq!(word(check, name), number.to_string(), "{shape} {name}");
                }
                let asked = match &stated.path {
                    None => "tcp_health_check",
                    Some(_) if shape.starts_with("guarded") => "https_health_check",
                    Some(_) => "http_health_check",
                };
                let asked = inner(check, asked);
                assert_eq!(word(asked, "port"), service.port.to_string());
                assert_eq!(word(asked, "request_path"), stated.path.clone().unwrap_or_default());
                checks += 1;
            }
        }
        let regional = module.labels("google_compute_region_health_check").len();
        assert_eq!(module.labels("google_compute_health_check").len() + regional, checks);
    }
}

#[test]
fn the_internet_reaches_the_edge_as_the_spec_has_it() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformGoogle);
        let edge = &spec.services[0];
        let listener = edge.listener.as_ref().expect("it listens");
        if edge.platform == Platform::Vm {
            let rule = module.resource("google_compute_forwarding_rule", "edge");
            assert_eq!(list(value(rule, "ports")), [format!("\"{}\"", listener.port)]);
            let backend = module.resource("google_compute_region_backend_service", "edge");
            let groups = blocks(backend, "backend").len();
            assert_eq!(groups, edge.offers.len(), "{shape}");
            assert_eq!(word(backend, "connection_draining_timeout_sec"), "30");
            continue;
        }
        let rule = module.resource("google_compute_global_forwarding_rule", "edge");
        assert_eq!(word(rule, "port_range"), listener.port.to_string());
        let proxy = module.resource("google_compute_target_https_proxy", "edge");
        assert_eq!(list(value(proxy, "ssl_certificates")), ["var.edge_certificate"]);
        assert_eq!(word(proxy, "http_keep_alive_timeout_sec"), "60");
        let policy = module.resource("google_compute_ssl_policy", "edge");
        assert_eq!(word(policy, "min_tls_version"), "TLS_1_2");
        let map = module.resource("google_compute_url_map", "edge");
        assert_eq!(word(map, "default_service"), "google_compute_backend_service.app.id");
        let backend = module.resource("google_compute_backend_service", "app");
        assert_eq!(word(backend, "locality_lb_policy"), "LEAST_REQUEST");
        assert_eq!(word(backend, "load_balancing_scheme"), "EXTERNAL_MANAGED");
        let protocol = if shape.starts_with("guarded") { "HTTPS" } else { "HTTP" };
        assert_eq!(word(backend, "protocol"), protocol, "{shape}");
        assert_eq!(blocks(backend, "backend").len(), spec.services[1].offers.len());
    }
}

/// The first and the last address of a range.
fn span(cidr: &str) -> (u32, u32) {
    let (address, prefix) = cidr.trim_matches('"').split_once('/').expect("it is a range");
    let first = u32::from(address.parse::<std::net::Ipv4Addr>().expect("it is an address"));
    let size = 1_u64 << (32 - prefix.parse::<u32>().expect("it is a length"));
    (first, u32::try_from(u64::from(first) + size - 1).expect("it fits"))
}

#[test]
fn the_network_holds_that_of_the_spec() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformGoogle);
        for subnet in &spec.network.subnets {
            let own = module.resource("google_compute_subnetwork", subnet.group.as_str());
            let (range, within) = (span(&word(own, "ip_cidr_range")), span(&subnet.cidr));
            assert!(range.0 <= within.0 && within.1 <= range.1, "{shape} {}", subnet.name);
        }
        let spans: Vec<(u32, u32)> = module
            .labels("google_compute_subnetwork")
            .iter()
            .map(|label| module.resource("google_compute_subnetwork", label))
            .map(|own| span(&word(own, "ip_cidr_range")))
            .collect();
        for (at, one) in spans.iter().enumerate() {
            assert!(spans[at + 1..].iter().all(|own| own.1 < one.0 || one.1 < own.0), "{shape}");
        }
        assert!(module.labels("google_compute_router_nat").is_empty());
    }
}

/// One rule for each end of a flow that stands on machines of our own.
#[test]
fn firewalls_allow_the_flows_of_the_spec() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformGoogle);
        let rules: Vec<&str> = module.labels("google_compute_firewall");
        let own = |name: &str| {
            spec.services.iter().any(|it| it.name.as_str() == name && it.platform == Platform::Vm)
        };
        for flow in &spec.network.flows {
            let label = format!("{}_to_{}_{}", flow.from, flow.to, flow.port);
            assert_eq!(rules.contains(&&*label), own(flow.to.as_str()), "{shape} {label}");
            let out = format!("{label}_out");
            assert_eq!(rules.contains(&&*out), own(flow.from.as_str()), "{shape} {out}");
        }
        let opened = rules.iter().filter(|label| label.contains("_to_")).count();
        let ends =
            spec.network.flows.iter().map(|flow| {
                usize::from(own(flow.to.as_str())) + usize::from(own(flow.from.as_str()))
            });
        assert_eq!(opened, ends.sum::<usize>(), "{shape}");
        let refused = module.resource("google_compute_firewall", "no_way_out");
        assert_eq!(word(inner(refused, "deny"), "protocol"), "all");
        assert_eq!(word(refused, "direction"), "EGRESS");
    }
}

#[test]
fn everything_is_labelled_and_told_its_tags() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformGoogle);
        let tags = module.tags();
        for (key, value) in &spec.metadata.labels {
            assert!(tags.contains(&(key.clone(), value.clone())), "{shape}: {tags:?}");
        }
        let spec_tag = ("plimsoll.dev/spec".to_owned(), spec.metadata.digest.clone());
        assert!(tags.contains(&spec_tag), "{shape}");
        let (_, provider) = module.blocks("provider")[0];
        assert_eq!(word(provider, "default_labels"), "local.labels");
        for kind in ["google_compute_region_instance_template", "google_compute_instance"] {
            for label in module.labels(kind) {
                let metadata = word(module.resource(kind, label), "metadata");
                let told = ["jsonencode(local.told_", "jsonencode(merge(local.told_"];
                let whole = told.iter().any(|own| metadata.contains(own));
                assert!(whole, "{shape}: {metadata}");
            }
        }
    }
}
