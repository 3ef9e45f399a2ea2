//! What is emitted, read back, has the numbers of the spec.

use std::collections::BTreeMap;

use domain::intent::ServiceKind;
use domain::spec::{Platform, ServicePart, Spec};
use hcl::expr::ObjectKey;
use hcl::{Body, Expression};
use reports::emit::Format;

use super::specs;
use crate::terraform::module::{Module, blocks, inner, value, word};

/// The fleets of a spec: programs and balancers.
fn fleets(spec: &Spec) -> impl Iterator<Item = &ServicePart> {
    let kinds = [ServiceKind::Service, ServiceKind::Balancer];
    spec.services.iter().filter(move |service| kinds.contains(&service.kind))
}

/// The services with data on machines of our own.
fn stores(spec: &Spec) -> impl Iterator<Item = &ServicePart> {
    let kinds = [ServiceKind::Sql, ServiceKind::Cache];
    spec.services
        .iter()
        .filter(move |own| kinds.contains(&own.kind) && own.platform == Platform::Vm)
}

/// The label of a kind of machines, said once more: a capital where there are several.
fn label(service: &ServicePart, at: usize) -> String {
    let name = service.name.as_str().replace('-', "_");
    match service.offers.len() {
        1 => name,
        _ => format!("{name}_{}", ["A", "B", "C"][at]),
    }
}

/// A map by its keys.
fn entries(value: &Expression) -> BTreeMap<String, Expression> {
    let Expression::Object(object) = value else { panic!("a map: {value}") };
    let key = |key: &ObjectKey| match key {
        ObjectKey::Identifier(name) => name.to_string(),
        ObjectKey::Expression(Expression::String(text)) => text.clone(),
        other => panic!("a key: {other}"),
    };
    object.iter().map(|(name, value)| (key(name), value.clone())).collect()
}

/// A local value.
fn local(module: &Module, name: &str) -> BTreeMap<String, Expression> {
    let locals = module.blocks("locals");
    let found = locals.iter().find_map(|(_, body)| value(body, name));
    entries(found.unwrap_or_else(|| panic!("local.{name} is there")))
}

/// What is asked of each machine of a set.
fn probe(set: &Body) -> BTreeMap<String, Expression> {
    let settings = value(inner(set, "extension"), "settings").expect("it has settings");
    let Expression::FuncCall(call) = settings else { panic!("a call: {settings}") };
    entries(&call.args[0])
}

/// The zones of a list of `local.zones["z1"]`.
fn zones(value: &Expression) -> Vec<String> {
    let Expression::Array(zones) = value else { panic!("a list: {value}") };
    zones
        .iter()
        .map(|zone| zone.to_string().replace("local.zones[\"", "").replace("\"]", ""))
        .collect()
}

const SET: &str = "azurerm_linux_virtual_machine_scale_set";
const SCALING: &str = "azurerm_monitor_autoscale_setting";

/// Another image reaches every fleet by itself, a few machines at a time and none fewer: what asks
/// each machine how it is stands beside, without which Azure would not go on.
#[test]
fn programs_and_balancers_are_replaced_a_few_at_a_time() {
    let mut balancers = 0;
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        for service in fleets(&spec) {
            for at in 0..service.offers.len() {
                let set = module.resource(SET, &label(service, at));
                assert_eq!(word(set, "upgrade_mode"), "Rolling", "{shape}: {}", service.name);
                let policy = inner(set, "rolling_upgrade_policy");
                assert_eq!(word(policy, "maximum_surge_instances_enabled"), "true", "{shape}");
                let share = word(policy, "max_batch_instance_percent");
                let share: u32 = share.parse().expect("a number");
                assert!((5..=100).contains(&share), "{shape}: {share}");
                assert!(!probe(set).is_empty(), "{shape}: its health is asked for");
                balancers += usize::from(service.kind == ServiceKind::Balancer);
            }
        }
    }
    assert!(balancers > 3, "{balancers}");
}

#[test]
fn fleets_have_the_counts_types_and_zones_of_the_spec() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        let mut sets = 0;
        for service in fleets(&spec) {
            for (at, offer) in service.offers.iter().enumerate() {
                let set = module.resource(SET, &label(service, at));
                let peak: u32 = offer.per_zone.values().sum();
                assert_eq!(word(set, "sku"), offer.instance_type, "{shape}");
                assert_eq!(word(set, "instances"), peak.to_string(), "{shape}");
                assert_eq!(word(set, "overprovision"), "false");
                let used = |count: u32| offer.autoscaling.is_some() || count > 0;
                let stated = offer.per_zone.iter().filter(|(_, count)| used(**count));
                let stated: Vec<String> = stated.map(|(zone, _)| zone.to_string()).collect();
                assert_eq!(zones(value(set, "zones").expect("a list")), stated, "{shape}");
                assert_eq!(word(set, "zone_balance"), (stated.len() > 1).to_string(), "{shape}");
                let disk = inner(set, "os_disk");
                let size = service.root_volume.as_ref().expect("it has a disk").size_mib / 1_024;
                let own: u64 = word(disk, "disk_size_gb").parse().expect("a number");
                assert!(own >= size && own <= size.max(32), "{shape}: {own} for {size}");
                assert_eq!(word(disk, "storage_account_type"), "Premium_LRS");
                let card = inner(set, "network_interface");
                let subnet = word(inner(card, "ip_configuration"), "subnet_id");
                assert_eq!(subnet, format!("azurerm_subnet.{}.id", service.subnet));
                sets += 1;
            }
        }
        assert_eq!(module.labels(SET).len(), sets, "{shape}");
    }
}

#[test]
fn scaling_keeps_to_the_bounds_and_the_target_of_the_spec() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        for service in fleets(&spec) {
            for (at, offer) in service.offers.iter().enumerate() {
                let label = label(service, at);
                let follows = module.labels(SCALING).contains(&label.as_str());
                assert_eq!(follows, offer.autoscaling.is_some(), "{shape}: {label}");
                let Some(scaler) = &offer.autoscaling else { continue };
                let profile = inner(module.resource(SCALING, &label), "profile");
                let capacity = inner(profile, "capacity");
                let peak: u32 = offer.per_zone.values().sum();
                assert_eq!(word(capacity, "minimum"), scaler.min.to_string(), "{shape}");
                assert_eq!(word(capacity, "maximum"), scaler.max.to_string(), "{shape}");
                assert_eq!(word(capacity, "default"), peak.to_string(), "{shape}");
                let rules = blocks(profile, "rule");
                let threshold = |at: usize| -> f64 {
                    let trigger = inner(rules[at].1, "metric_trigger");
                    word(trigger, "threshold").parse().expect("a number")
                };
                assert!((threshold(0) * 10_000.0 - scaler.target_ppm as f64).abs() < 0.5);
                // What is left when one leaves is no busier than wanted, even at the fewest.
                let least = f64::from(scaler.min.max(1));
                assert!(threshold(1) * (least + 1.0) / least <= threshold(0) + 1e-9, "{shape}");
                assert!(threshold(1) * 2.0 >= threshold(0) - 1e-3, "{shape}");
                let action = |at: usize| inner(rules[at].1, "scale_action");
                assert_eq!(word(action(0), "direction"), "Increase");
                assert_eq!(word(action(1), "direction"), "Decrease");
                assert_eq!(word(action(1), "value"), "1");
                let window = scaler.scale_in_window_us.div_ceil(60_000_000);
                assert_eq!(word(action(1), "cooldown"), format!("PT{window}M"), "{shape}");
                let warm = scaler.warmup_us.div_ceil(60_000_000);
                assert_eq!(word(action(0), "cooldown"), format!("PT{warm}M"), "{shape}");
            }
        }
    }
}

#[test]
fn health_is_checked_as_the_spec_does() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        for service in fleets(&spec) {
            let check = &service.health_check;
            for at in 0..service.offers.len() {
                let set = module.resource(SET, &label(service, at));
                let own = probe(set);
                let number = |name: &str| own[name].to_string();
                let every = (check.interval_us / 1_000_000).to_string();
                assert_eq!(number("intervalInSeconds"), every, "{shape}");
                assert_eq!(number("numberOfProbes"), check.unhealthy_threshold.to_string());
                assert_eq!(number("port"), service.port.to_string());
                let path = own.get("requestPath");
                let stated = check.path.clone().map(Expression::String);
                assert_eq!(path, stated.as_ref(), "{shape}");
                assert_eq!(word(inner(set, "automatic_instance_repair"), "enabled"), "true");
            }
        }
        let edge = &spec.services[0];
        let listener = edge.listener.as_ref().expect("it listens");
        let rule = module.resource("azurerm_lb_rule", "edge");
        assert_eq!(word(rule, "frontend_port"), listener.port.to_string());
        assert_eq!(word(rule, "backend_port"), edge.port.to_string());
        let probe = module.resource("azurerm_lb_probe", "edge");
        let every = edge.health_check.interval_us / 1_000_000;
        assert_eq!(word(probe, "interval_in_seconds"), every.to_string());
        let failures = edge.health_check.unhealthy_threshold.to_string();
        assert_eq!(word(probe, "probe_threshold"), failures);
        let told = local(&module, "told_edge");
        let settings = entries(&told["settings"]);
        assert_eq!(settings["tls_min"], Expression::String(listener.tls_min.clone()));
        let secrets = entries(&told["secrets"]);
        assert!(secrets["edge"].to_string().contains("var.edge_certificate"));
    }
}

#[test]
fn data_stands_where_the_spec_puts_it() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        for service in stores(&spec) {
            let name = service.name.as_str();
            let nodes = local(&module, &format!("nodes_{name}"));
            let peak = service.replicas.as_ref().map(|own| own.peak);
            assert_eq!(u32::try_from(nodes.len()).ok(), peak, "{shape}");
            let mut counts: BTreeMap<String, u32> = BTreeMap::new();
            let mut slices: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for node in nodes.values().map(entries) {
                let Expression::String(zone) = &node["zone"] else { panic!("a zone is a text") };
                *counts.entry(zone.clone()).or_default() += 1;
                slices.entry(node["slice"].to_string()).or_default().push(zone.clone());
            }
            for (zone, count) in &service.offers[0].per_zone {
                let own = counts.get(zone.as_str()).copied().unwrap_or(0);
                assert_eq!(own, *count, "{shape}: {name} in {zone}");
            }
            assert_eq!(u32::try_from(slices.len()), Ok(service.shards), "{shape}: {name}");
            for zones in slices.values_mut() {
                let copies = zones.len();
                zones.sort_unstable();
                zones.dedup();
                assert_eq!(zones.len(), copies, "{shape}: copies of {name} in one zone");
            }
            let own = module.resource("azurerm_linux_virtual_machine", name);
            assert_eq!(word(own, "size"), format!("local.size_{name}"), "{shape}");
            let locals = module.blocks("locals");
            let mut sizes =
                locals.iter().filter_map(|(_, body)| value(body, &format!("size_{name}")));
            let size = Expression::String(service.offers[0].instance_type.clone());
            assert_eq!(sizes.next(), Some(&size), "{shape}");
            assert_eq!(word(own, "for_each"), format!("local.nodes_{name}"));
            let disks = module.labels("azurerm_managed_disk").contains(&name);
            assert_eq!(disks, service.volume.is_some(), "{shape}: {name}");
            if let Some(volume) = &service.volume {
                let disk = module.resource("azurerm_managed_disk", name);
                assert_eq!(word(disk, "disk_size_gb"), (volume.size_mib / 1_024).to_string());
                assert_eq!(word(disk, "network_access_policy"), "DenyAll");
            }
        }
    }
}

#[test]
fn backups_are_kept_as_the_spec_keeps_them() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        let kept = stores(&spec).filter(|service| service.backup.is_some()).count();
        assert_eq!(module.labels("azurerm_storage_account").len(), kept, "{shape}");
        for service in stores(&spec) {
            let name = service.name.as_str();
            let told = entries(&local(&module, &format!("told_{name}"))["settings"]);
            let most = service.connections.map(|own| Expression::from(own.max));
            assert_eq!(told.get("max_connections"), most.as_ref(), "{shape}");
            let Some(backup) = &service.backup else {
                assert!(!told.contains_key("backups"), "{shape}");
                continue;
            };
            let own = entries(&told["backups"]);
            assert_eq!(own["window_utc"], Expression::String(backup.window_utc.clone()));
            assert_eq!(own["retention_days"], Expression::from(backup.retention_days));
            assert_eq!(own["point_in_time"], Expression::from(backup.point_in_time));
            let policy = module.resource("azurerm_storage_management_policy", name);
            let blobs = inner(inner(inner(policy, "rule"), "actions"), "base_blob");
            let days = word(blobs, "delete_after_days_since_modification_greater_than");
            assert_eq!(days, (backup.retention_days + 1).to_string(), "{shape}");
            let account = module.resource("azurerm_storage_account", name);
            assert_eq!(word(account, "shared_access_key_enabled"), "false");
            assert_eq!(word(inner(account, "network_rules"), "default_action"), "Deny");
            let copies = if shape == "single" { "LRS" } else { "ZRS" };
            assert_eq!(word(account, "account_replication_type"), copies, "{shape}");
            for lock in ["data", "backups"] {
                let lock = format!("{name}_{lock}");
                let locked = module.labels("azurerm_management_lock").contains(&lock.as_str());
                assert_eq!(locked, backup.deletion_protection, "{shape}: {lock}");
            }
        }
    }
}

#[test]
fn the_network_is_that_of_the_spec() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        let subnets = module.labels("azurerm_subnet");
        let block = |text: &str| -> (u32, u32) {
            let (address, bits) = text.split_once('/').expect("a block");
            let address: std::net::Ipv4Addr = address.parse().expect("an address");
            (u32::from(address), bits.parse().expect("a number"))
        };
        for stated in &spec.network.subnets {
            assert!(subnets.contains(&stated.group.as_str()), "{shape}");
            let own = module.resource("azurerm_subnet", stated.group.as_str());
            let Some(Expression::Array(over)) = value(own, "address_prefixes") else {
                panic!("{shape}: addresses are a list")
            };
            let over = block(over[0].to_string().trim_matches('"'));
            let (first, bits) = block(&stated.cidr);
            assert!(over.1 <= bits && (first ^ over.0) >> (32 - over.1) == 0, "{shape}: {over:?}");
            assert_eq!(word(own, "default_outbound_access_enabled"), "false", "{shape}");
        }
        let rules = module.labels("azurerm_network_security_rule");
        let machine = |name: &str| {
            let found = spec.services.iter().find(|service| service.name.as_str() == name);
            found.is_some_and(|service| service.platform == Platform::Vm)
        };
        let flows = &spec.network.flows;
        let ins = flows.iter().filter(|flow| machine(flow.to.as_str())).count();
        let outs = flows.iter().filter(|flow| machine(flow.from.as_str())).count();
        let flow = |end: &'static str| {
            rules.iter().filter(move |rule| rule.contains("_to_") && rule.ends_with(end)).count()
        };
        assert_eq!((flow("_in"), flow("_out")), (ins, outs), "{shape}");
        let open = rules.iter().filter(|rule| {
            let own = module.resource("azurerm_network_security_rule", rule);
            word(own, "source_address_prefix") == "Internet"
        });
        assert_eq!(open.count(), 1, "{shape}: only the balancer is open");
        let groups = module.labels("azurerm_network_security_group").len();
        let shut = rules.iter().filter(|rule| rule.contains("_nothing_else_")).count();
        assert_eq!(shut, 2 * groups, "{shape}");
    }
}

/// No two rules of a group and a direction have one number.
#[test]
fn rules_have_numbers_of_their_own() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        let rules = module.labels("azurerm_network_security_rule");
        let numbers = rules.iter().map(|rule| {
            let own = module.resource("azurerm_network_security_rule", rule);
            let of = |name: &str| word(own, name);
            (of("network_security_group_name"), of("direction"), of("priority"))
        });
        let mut numbers: Vec<_> = numbers.collect();
        numbers.sort_unstable();
        let all = numbers.len();
        numbers.dedup();
        assert_eq!(numbers.len(), all, "{shape}");
    }
}
