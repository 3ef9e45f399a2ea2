//! Data, read back, is kept as the spec keeps it.

use domain::intent::ServiceKind;
use domain::spec::{Platform, RedundancyPart, ServicePart};
use hcl::Expression;
use hcl::expr::ObjectKey;
use reports::emit::Format;

use super::read_back::{disk, services};
use super::specs;
use crate::terraform::module::{Module, flat, inner, value, word};

/// What stands under a key.
fn told_at(told: &Expression, wanted: &str) -> String {
    let Expression::Object(entries) = told else { panic!("{wanted} is within a map") };
    let key = ObjectKey::Expression(Expression::String(wanted.to_owned()));
    entries.get(&key).expect("it is there").to_string()
}

/// The zone of each node.
fn places(module: &Module, service: &ServicePart) -> Vec<String> {
    let name = format!("nodes_{}", service.name);
    let locals = module.blocks("locals");
    let nodes = locals.iter().find_map(|(_, body)| value(body, &name)).expect("it has nodes");
    let Expression::Object(nodes) = nodes else { panic!("nodes are a map") };
    let zone = |node: &Expression| told_at(node, "zone").replace('"', "");
    nodes.values().map(zone).collect()
}

#[test]
fn data_on_own_machines_is_kept_as_the_spec_keeps_it() {
    let kinds = [ServiceKind::Sql, ServiceKind::Cache];
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformGoogle);
        let own = services(&spec, Platform::Vm, &kinds);
        assert_eq!(module.labels("google_compute_instance").len(), own.len(), "{shape}");
        for service in own {
            let (name, offer) = (service.name.as_str(), &service.offers[0]);
            let placed = places(&module, &service);
            for (zone, count) in &offer.per_zone {
                let stands = placed.iter().filter(|own| *own == zone.as_str()).count();
                assert_eq!(stands, *count as usize, "{shape} {name} in {zone}");
            }
            let nodes = module.resource("google_compute_instance", name);
            assert_eq!(word(nodes, "for_each"), format!("local.nodes_{name}"));
            assert_eq!(word(nodes, "machine_type"), offer.instance_type);
            // No apply stops a machine that nobody named, nor lets one go that is kept.
            let named = format!("contains(var.may_stop, \"{name}/${{each.key}}\")");
            assert_eq!(word(nodes, "allow_stopping_for_update"), named, "{shape}");
            let keeps = service.backup.as_ref().is_some_and(|backup| backup.deletion_protection);
            let kept = if keeps { format!("!{named}") } else { false.to_string() };
            assert_eq!(word(nodes, "deletion_protection"), kept, "{shape}");
            // Either would make all of them anew at once, labels with each new spec.
            assert_eq!(
                word(inner(nodes, "lifecycle"), "ignore_changes").replace(['\n', ' '], ""),
                "[boot_disk[0].initialize_params[0].image,\
                 boot_disk[0].initialize_params[0].labels]"
            );
            let disks = module.labels("google_compute_disk").contains(&name);
            assert_eq!(disks, service.volume.is_some(), "{shape} {name}");
            if let Some(volume) = &service.volume {
                let data = module.resource("google_compute_disk", name);
                assert_eq!(word(data, "size"), (volume.size_mib / 1_024).to_string());
                assert_eq!(word(data, "type"), disk(&offer.instance_type));
            }
            let Some(backup) = &service.backup else {
                assert!(!module.labels("google_compute_resource_policy").contains(&name));
                continue;
            };
            let policy = module.resource("google_compute_resource_policy", name);
            let policy = inner(policy, "snapshot_schedule_policy");
            let days = word(inner(policy, "retention_policy"), "max_retention_days");
            assert_eq!(days, backup.retention_days.to_string());
            let daily = inner(inner(policy, "schedule"), "daily_schedule");
            assert!(backup.window_utc.starts_with(&word(daily, "start_time")));
            assert!(module.labels("google_storage_bucket").contains(&name));
        }
    }
}

#[test]
fn what_google_runs_keeps_data_as_the_spec_keeps_it() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformGoogle);
        for service in services(&spec, Platform::Managed, &[ServiceKind::Sql]) {
            let own = module.resource("google_sql_database_instance", service.name.as_str());
            let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
            let nodes: u32 = service.offers[0].per_zone.values().sum();
            let count: u32 = word(own, "count").parse().unwrap_or(1);
            let settings = inner(own, "settings");
            let regional = word(settings, "availability_type") == "REGIONAL";
            assert_eq!(regional, standby, "{shape}");
            assert_eq!(count * if regional { 2 } else { 1 }, nodes, "{shape}");
            assert_eq!(word(settings, "tier"), service.offers[0].instance_type);
            let size = service.volume.as_ref().expect("it has a volume").size_mib / 1_024;
            assert_eq!(word(settings, "disk_size"), size.to_string());
            let labels = format!("merge(local.labels, {{ service = \"{}\" }})", service.name);
            assert_eq!(flat(&word(settings, "user_labels")), flat(&labels));
            let version = if shape.starts_with("guarded") { "MYSQL_8_4" } else { "POSTGRES_17" };
            assert_eq!(word(own, "database_version"), version);
            let reached = inner(settings, "ip_configuration");
            assert_eq!(word(reached, "ipv4_enabled"), "false");
            let sealed = word(reached, "ssl_mode") == "ENCRYPTED_ONLY";
            assert_eq!(sealed, shape.starts_with("guarded"), "{shape}");
            let flag = inner(settings, "database_flags");
            let most = service.connections.expect("it is connected to").max.to_string();
            assert_eq!(
                (word(flag, "name").as_str(), word(flag, "value")),
                ("max_connections", most)
            );
            kept(&service, own, inner(settings, "backup_configuration"));
            let user = module.resource("google_sql_user", service.name.as_str());
            assert!(value(user, "password").is_none() && value(own, "root_password").is_none());
        }
        for service in services(&spec, Platform::Managed, &[ServiceKind::Cache]) {
            cached(shape, &module, &service);
        }
    }
}

fn cached(shape: &str, module: &Module, service: &ServicePart) {
    let guarded = shape.starts_with("guarded");
    if service.engine.as_deref() == Some("valkey") {
        let own = module.resource("google_memorystore_instance", service.name.as_str());
        let number = |name: &str| word(own, name).parse::<u32>().expect("a number");
        let nodes: u32 = service.offers[0].per_zone.values().sum();
        assert_eq!(number("shard_count") * (1 + number("replica_count")), nodes, "{shape}");
        assert_eq!(word(own, "node_type"), "HIGHMEM_MEDIUM");
        assert_eq!(word(own, "engine_version"), "VALKEY_8_0");
        let mode = if service.shards > 1 { "CLUSTER" } else { "CLUSTER_DISABLED" };
        assert_eq!(word(own, "mode"), mode, "{shape}");
        return;
    }
    let own = module.resource("google_redis_instance", service.name.as_str());
    assert_eq!(word(own, "tier"), "STANDARD_HA", "{shape}");
    let memory = service.offers[0].memory_mib.div_ceil(1_024).to_string();
    assert_eq!(word(own, "memory_size_gb"), memory);
    let sealed = word(own, "transit_encryption_mode") == "SERVER_AUTHENTICATION";
    assert_eq!(sealed, guarded, "{shape}");
}

fn kept(service: &ServicePart, own: &hcl::Body, kept: &hcl::Body) {
    let Some(backup) = &service.backup else {
        assert_eq!(word(kept, "enabled"), "false");
        assert_eq!(word(own, "deletion_protection"), "false");
        return;
    };
    assert_eq!(word(kept, "enabled"), "true");
    assert!(backup.window_utc.starts_with(&word(kept, "start_time")));
    let retained = word(inner(kept, "backup_retention_settings"), "retained_backups");
    assert_eq!(retained, backup.retention_days.to_string());
    let log = ["point_in_time_recovery_enabled", "binary_log_enabled"];
    let log = log.map(|name| word(kept, name)).concat();
    assert_eq!(log, backup.point_in_time.to_string());
    assert_eq!(word(own, "deletion_protection"), backup.deletion_protection.to_string());
}

/// Every machine with data can be named as one that may stop, and nothing is named from the start.
#[test]
fn machines_with_data_may_stop_when_they_are_named() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformGoogle);
        let locals = module.blocks("locals");
        let mut nodes = Vec::new();
        for (_, body) in &locals {
            for own in body.attributes() {
                let Some(service) = own.key().strip_prefix("nodes_") else { continue };
                let Expression::Object(own) = own.expr() else { panic!("nodes are a map") };
                let names = own.keys().map(|name| match name {
                    ObjectKey::Expression(Expression::String(name)) => name.clone(),
                    other => panic!("a name is a text: {other}"),
                });
                nodes.extend(names.map(|name| format!("{service}/{name}")));
            }
        }
        let variables = module.blocks("variable");
        let asked = variables.iter().find(|(labels, _)| labels[0] == "may_stop");
        assert_eq!(asked.is_some(), !nodes.is_empty(), "{shape}");
        let Some((_, asked)) = asked else { continue };
        assert_eq!(value(asked, "default"), Some(&Expression::Array(Vec::new())), "{shape}");
        let listed = locals.iter().find_map(|(_, body)| value(body, "may_stop"));
        let Some(Expression::Array(listed)) = listed else { panic!("{shape}: they are listed") };
        let listed: Vec<String> =
            listed.iter().map(|own| own.to_string().replace('"', "")).collect();
        assert_eq!(listed, nodes, "{shape}");
    }
}
