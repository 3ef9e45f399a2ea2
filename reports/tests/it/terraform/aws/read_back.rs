//! What is emitted, read back, has the numbers of the spec.

use domain::intent::ServiceKind;
use domain::spec::{ServicePart, Spec};
use hcl::Expression;
use reports::emit::Format;

use super::specs;
use crate::terraform::module::{Module, blocks, inner, value, word};

fn services(spec: &Spec, kind: ServiceKind) -> impl Iterator<Item = &ServicePart> {
    spec.services.iter().filter(move |service| service.kind == kind)
}

/// The label of a kind of machines, said once more: a capital where there are several.
fn label(service: &ServicePart, at: usize) -> String {
    let name = service.name.as_str().replace('-', "_");
    match service.offers.len() {
        1 => name,
        _ => format!("{name}_{}", ["A", "B", "C"][at]),
    }
}

#[test]
fn fleets_have_the_counts_types_and_bounds_of_the_spec() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        let mut groups = 0;
        for service in services(&spec, ServiceKind::Service) {
            for (at, offer) in service.offers.iter().enumerate() {
                let label = label(service, at);
                let template = module.resource("aws_launch_template", &label);
                assert_eq!(word(template, "instance_type"), offer.instance_type, "{shape}");
                let disk = inner(inner(template, "block_device_mappings"), "ebs");
                assert_eq!(word(disk, "encrypted"), "true");
                let size = service.root_volume.as_ref().expect("it has a disk").size_mib / 1_024;
                assert_eq!(word(disk, "volume_size"), size.to_string());
                assert_eq!(word(inner(template, "metadata_options"), "http_tokens"), "required");
                let group = module.resource("aws_autoscaling_group", &label);
                let peak: u32 = offer.per_zone.values().sum();
                let bounds = offer.autoscaling.as_ref().map(|own| (own.min, own.max));
                let (least, most) = bounds.unwrap_or((peak, peak));
                assert_eq!(word(group, "desired_capacity"), peak.to_string(), "{shape}");
                assert_eq!(word(group, "min_size"), least.to_string(), "{shape}");
                assert_eq!(word(group, "max_size"), most.to_string(), "{shape}");
                let used = |count: u32| bounds.is_some() || count > 0;
                let zones = offer.per_zone.iter().filter(|(_, count)| used(**count));
                let subnets: Vec<String> = zones
                    .map(|(zone, _)| format!("aws_subnet.{}[\"{zone}\"].id", service.subnet))
                    .collect();
                let Some(Expression::Array(own)) = value(group, "vpc_zone_identifier") else {
                    panic!("{shape}: subnets are a list")
                };
                let own: Vec<String> = own.iter().map(ToString::to_string).collect();
                assert_eq!(own, subnets, "{shape}");
                let scales = module.labels("aws_autoscaling_policy").contains(&label.as_str());
                assert_eq!(scales, bounds.is_some(), "{shape}");
                if let Some(scaler) = &offer.autoscaling {
                    let policy = module.resource("aws_autoscaling_policy", &label);
                    let tracking = inner(policy, "target_tracking_configuration");
                    let target: f64 = word(tracking, "target_value").parse().expect("a number");
                    assert!((target * 10_000.0 - scaler.target_ppm as f64).abs() < 0.5, "{shape}");
                    let warm = scaler.warmup_us.div_ceil(1_000_000).to_string();
                    assert_eq!(word(group, "health_check_grace_period"), warm, "{shape}");
                }
                groups += 1;
            }
        }
        assert_eq!(module.labels("aws_autoscaling_group").len(), groups, "{shape}");
    }
}

#[test]
fn balancers_check_health_as_the_spec_does() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        for edge in services(&spec, ServiceKind::Balancer) {
            let listener = edge.listener.as_ref().expect("it listens");
            let own = module.resource("aws_lb_listener", edge.name.as_str());
            assert_eq!(word(own, "port"), listener.port.to_string());
            assert_eq!(word(own, "certificate_arn"), "var.edge_certificate");
            let target = services(&spec, ServiceKind::Service)
                .find(|own| edge.targets.contains(&own.name))
                .expect("it has a target");
            let group = module.resource("aws_lb_target_group", target.name.as_str());
            assert_eq!(word(group, "port"), target.port.to_string());
            assert_eq!(word(group, "load_balancing_algorithm_type"), target.algorithm.as_str());
            let encrypted = shape == "guarded";
            assert_eq!(word(group, "protocol"), if encrypted { "HTTPS" } else { "HTTP" });
            let check = inner(group, "health_check");
            let stated = &target.health_check;
            assert_eq!(word(check, "path"), stated.path.clone().unwrap_or("/".into()), "{shape}");
            assert_eq!(word(check, "matcher").is_empty(), stated.path.is_some(), "{shape}");
            for (name, number) in [
                ("interval", stated.interval_us / 1_000_000),
                ("timeout", stated.timeout_us / 1_000_000),
                ("unhealthy_threshold", stated.unhealthy_threshold.into()),
                ("healthy_threshold", stated.healthy_threshold.into()),
            ] {
                assert_eq!(word(check, name), number.to_string(), "{shape} {name}");
            }
        }
    }
}

#[test]
fn data_is_kept_as_the_spec_keeps_it() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        for service in services(&spec, ServiceKind::Sql) {
            let own = module.resource("aws_db_instance", service.name.as_str());
            let nodes: u32 = service.offers[0].per_zone.values().sum();
            let count: u32 = word(own, "count").parse().unwrap_or(1);
            let copies = if word(own, "multi_az") == "true" { 2 } else { 1 };
            assert_eq!(count * copies, nodes, "{shape}");
            assert_eq!(word(own, "instance_class"), service.offers[0].instance_type);
            assert_eq!(Some(word(own, "engine")), service.engine, "{shape}");
            let size = service.volume.as_ref().expect("it has a volume").size_mib / 1_024;
            assert_eq!(word(own, "allocated_storage"), size.to_string());
            assert_eq!(word(own, "storage_encrypted"), "true");
            assert_eq!(word(own, "publicly_accessible"), "false");
            assert!(value(own, "password").is_none());
            let days = service.backup.as_ref().map_or(0, |backup| backup.retention_days);
            assert_eq!(word(own, "backup_retention_period"), days.to_string(), "{shape}");
            if let Some(backup) = &service.backup {
                assert_eq!(word(own, "backup_window"), backup.window_utc);
                assert_eq!(
                    word(own, "deletion_protection"),
                    backup.deletion_protection.to_string()
                );
            }
            let group = module.resource("aws_db_parameter_group", service.name.as_str());
            let most = service.connections.expect("it is connected to").max.to_string();
            let parameters = blocks(group, "parameter");
            assert!(parameters.iter().any(|(_, own)| {
                word(own, "name") == "max_connections" && word(own, "value") == most
            }));
            // Nobody is let in without TLS, whether a rule demands it or not.
            let sealed = ["rds.force_ssl", "require_secure_transport"];
            assert!(parameters.iter().any(|(_, own)| {
                sealed.contains(&word(own, "name").as_str()) && word(own, "value") == "1"
            }));
            assert_eq!(parameters.len(), 2, "{shape}");
        }
        for service in services(&spec, ServiceKind::Cache) {
            let own = module.resource("aws_elasticache_replication_group", service.name.as_str());
            let number = |name: &str| word(own, name).parse::<u32>().ok();
            let nodes = number("num_cache_clusters").or_else(|| {
                Some(number("num_node_groups")? * (1 + number("replicas_per_node_group")?))
            });
            assert_eq!(nodes, service.replicas.as_ref().map(|own| own.peak), "{shape}");
            assert_eq!(word(own, "node_type"), service.offers[0].instance_type);
            assert_eq!(word(own, "at_rest_encryption_enabled"), "true");
        }
        let queues = services(&spec, ServiceKind::Queue).count();
        assert_eq!(module.labels("aws_sqs_queue").len(), queues, "{shape}");
    }
}

#[test]
fn the_network_is_that_of_the_spec() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        let mut subnets = Vec::new();
        for label in module.labels("aws_subnet") {
            let Some(Expression::Object(each)) =
                value(module.resource("aws_subnet", label), "for_each")
            else {
                panic!("{shape}: subnets are counted by zone")
            };
            for (zone, cidr) in each {
                subnets.push(format!("{label} {zone} {cidr}"));
            }
        }
        let stated = spec.network.subnets.iter();
        let mut stated: Vec<String> =
            stated.map(|own| format!("{} {} \"{}\"", own.group, own.zone, own.cidr)).collect();
        subnets.sort_unstable();
        stated.sort_unstable();
        assert_eq!(subnets, stated, "{shape}");
        // One rule for each end of a flow that stands in the network.
        let flows = spec.network.flows.iter();
        let to_queue = |name: &str| name == "jobs";
        let opened = flows.clone().filter(|flow| !to_queue(flow.to.as_str()));
        let opened = opened.filter(|flow| !to_queue(flow.from.as_str())).count();
        // Beside them a cluster's nodes may come in, and machines reach AWS itself.
        let of_flows = |kind: &str| {
            let labels = module.labels(kind);
            let own = labels
                .iter()
                .filter(|own| !own.starts_with("Nodes_to_") && !own.ends_with("_to_Endpoints"));
            own.count()
        };
        assert_eq!(of_flows("aws_vpc_security_group_ingress_rule"), opened, "{shape}");
        let left = flows.filter(|flow| flow.from.as_str() != "internet").count();
        assert_eq!(of_flows("aws_vpc_security_group_egress_rule"), left, "{shape}");
        assert!(module.labels("aws_nat_gateway").is_empty());
    }
}

/// What belongs to one service and is no machine.
const TAGGED: [&str; 4] =
    ["aws_lb", "aws_db_instance", "aws_elasticache_replication_group", "aws_sqs_queue"];

#[test]
fn everything_is_tagged_with_the_labels_and_the_spec() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        let tags = module.tags();
        for (key, value) in &spec.metadata.labels {
            assert!(tags.contains(&(key.clone(), value.clone())), "{shape}: {tags:?}");
        }
        let spec_tag = ("plimsoll.dev/spec".to_owned(), spec.metadata.digest.clone());
        assert!(tags.contains(&spec_tag), "{shape}");
        let (_, provider) = module.blocks("provider")[0];
        assert_eq!(word(inner(provider, "default_tags"), "tags"), "local.tags");
        for label in module.labels("aws_autoscaling_group") {
            let dynamic = inner(module.resource("aws_autoscaling_group", label), "dynamic");
            // Of several kinds the label has a capital at its end.
            let service = label.split("_A").next().unwrap_or(label);
            let service = service.split("_B").next().unwrap_or(label).replace('_', "-");
            let all = format!("merge(local.tags, {{ service = \"{service}\" }})");
            assert_eq!(word(dynamic, "for_each"), all);
            assert_eq!(word(inner(dynamic, "content"), "propagate_at_launch"), "true");
            let template = module.resource("aws_launch_template", label);
            for (_, tagged) in blocks(template, "tag_specifications") {
                assert_eq!(word(tagged, "tags"), all, "{shape}: machines and their disks");
            }
        }
        // By this tag alerts find whose a measurement is, and a bill whose a line.
        for kind in TAGGED {
            for label in module.labels(kind) {
                let own = word(module.resource(kind, label), "tags");
                assert!(own.contains(&format!("\"service\" = \"{label}\"")), "{shape}: {own}");
            }
        }
    }
}

#[test]
fn the_budget_is_the_bill_of_the_spec() {
    let spec = specs::seed();
    let module = Module::of(&spec, Format::Budget);
    let budget = module.resource("aws_budgets_budget", "this");
    assert_eq!(word(budget, "limit_amount"), "3382.24");
    assert_eq!(spec.cost.monthly_micros.expected.micros(), 3_382_241_120);
    let told = blocks(budget, "dynamic");
    let limits: Vec<String> =
        told.iter().map(|(_, own)| word(inner(own, "content"), "threshold")).collect();
    let ceiling = spec.cost.monthly_micros.ceiling.micros() as f64 / 1e6;
    assert_eq!(limits[..2], ["100", "100"]);
    let most: f64 = limits[2].parse().expect("a number");
    assert!((most - ceiling).abs() <= 0.01, "{most} of {ceiling}");
}

/// The machines of a service read the secrets of the databases that it calls, and do nothing else.
#[test]
fn machines_may_do_what_their_calls_need() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        for service in services(&spec, ServiceKind::Service) {
            let own = label(service, 0);
            let own = own.trim_end_matches("_A");
            module.resource("aws_iam_role", own);
            for label in module.labels("aws_launch_template") {
                if label == own || label.strip_prefix(own).is_some_and(|end| end.len() == 2) {
                    let template = module.resource("aws_launch_template", label);
                    let profile = word(inner(template, "iam_instance_profile"), "arn");
                    assert_eq!(
                        profile,
                        format!("aws_iam_instance_profile.{own}[0].arn"),
                        "{shape}"
                    );
                }
            }
            let called = services(&spec, ServiceKind::Sql);
            let called = called.filter(|to| service.targets.contains(&to.name));
            let read: Vec<String> = called.map(|to| format!("local.{}_secrets", to.name)).collect();
            let policies = module.labels("aws_iam_role_policy");
            let may = policies.contains(&own);
            let text = if may {
                word(module.resource("aws_iam_role_policy", own), "policy")
            } else {
                String::new()
            };
            let reads = text.matches("secretsmanager:GetSecretValue").count();
            assert_eq!(reads, read.len(), "{shape}: {own}");
            assert!(read.iter().all(|secret| text.contains(secret.as_str())), "{shape}: {text}");
            assert!(!text.contains("\"*\""), "{shape}: {text}");
        }
    }
}
