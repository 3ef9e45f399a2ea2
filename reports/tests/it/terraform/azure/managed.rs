//! Data that Azure runs, read back.

use domain::name::Name;
use reports::emit::Format;

use super::ports::{entries, told};
use super::specs;
use crate::terraform::module::{Module, inner, value, word};

#[test]
fn a_managed_database_has_the_copy_and_the_backups_of_the_spec() {
    let spec = specs::managed();
    let module = Module::of(&spec, Format::TerraformAzure);
    let service = &spec.services[3];
    let own = module.resource("azurerm_postgresql_flexible_server", "db");
    assert_eq!(word(own, "sku_name"), service.offers[0].instance_type);
    assert_eq!(Some(word(own, "version")), service.engine_version);
    let size = service.volume.as_ref().expect("it has a volume").size_mib;
    let sold: u64 = word(own, "storage_mb").parse().expect("a number");
    assert!(sold >= size && sold.is_power_of_two() && sold / 2 < size, "{sold} for {size}");
    let backup = service.backup.as_ref().expect("it is backed up");
    assert_eq!(word(own, "backup_retention_days"), backup.retention_days.to_string());
    assert_eq!(word(own, "public_network_access_enabled"), "false");
    assert!(value(own, "administrator_password").is_none());
    let secret = "ephemeral.azurerm_key_vault_secret.db.value";
    assert_eq!(word(own, "administrator_password_wo"), secret);
    let copy = inner(own, "high_availability");
    assert_eq!(word(copy, "mode"), "ZoneRedundant");
    assert_ne!(word(own, "zone"), word(copy, "standby_availability_zone"));
    let setting = module.resource("azurerm_postgresql_flexible_server_configuration", "db");
    let most = service.connections.expect("it is connected to").max;
    assert_eq!(word(setting, "name"), "max_connections");
    assert_eq!(word(setting, "value"), most.to_string());
    let locked = module.labels("azurerm_management_lock").contains(&"db_data");
    assert_eq!(locked, backup.deletion_protection);
    assert!(module.labels("azurerm_linux_virtual_machine").is_empty());
}

#[test]
fn a_managed_database_of_mysql_is_one() {
    let mut spec = specs::managed();
    spec.services[3].engine = Some("mysql".into());
    spec.services[3].engine_version = Some("8.0".into());
    let module = Module::of(&spec, Format::TerraformAzure);
    let own = module.resource("azurerm_mysql_flexible_server", "db");
    assert_eq!(word(own, "version"), "8.0.21");
    assert_eq!(word(own, "public_network_access"), "Disabled");
    let size = spec.services[3].volume.as_ref().expect("it has a volume").size_mib / 1_024;
    assert_eq!(word(inner(own, "storage"), "size_gb"), size.to_string());
    assert_eq!(module.labels("azurerm_mysql_flexible_server_configuration"), ["db"]);
    let made = module.resource("azurerm_mysql_flexible_database", "db");
    let app = told(&module, &spec.services[1]);
    for (key, name, made) in [
        ("database", "DB_DATABASE", word(made, "name")),
        ("user", "DB_USER", word(own, "administrator_login")),
    ] {
        assert_eq!(entries(&entries(&app["targets"])["db"])[key].to_string(), format!("{made:?}"));
        assert_eq!(entries(&app["variables"])[name].to_string(), format!("{made:?}"));
    }
    let host = entries(&app["variables"])["DB_HOST"].to_string();
    assert_eq!(host, "azurerm_mysql_flexible_server.db.fqdn");
}

#[test]
fn managed_data_is_reached_in_the_network_alone() {
    let spec = specs::managed();
    let module = Module::of(&spec, Format::TerraformAzure);
    assert_eq!(module.labels("azurerm_private_endpoint"), ["cache", "db"]);
    let cache = module.resource("azurerm_redis_cache", "cache");
    for (name, expected) in [
        ("sku_name", "Premium"),
        ("family", "P"),
        ("capacity", "2"),
        ("redis_version", "6"),
        ("public_network_access_enabled", "false"),
        ("non_ssl_port_enabled", "false"),
    ] {
        assert_eq!(word(cache, name), expected, "{name}");
    }
    for label in ["cache", "db"] {
        let end = module.resource("azurerm_private_endpoint", label);
        assert_eq!(word(end, "subnet_id"), "azurerm_subnet.data.id");
        let rules = module.labels("azurerm_network_security_rule");
        assert!(rules.iter().any(|rule| rule.starts_with(&format!("app_to_{label}_"))));
    }
}

/// Databases of one engine share a zone of names: there is one of each name in a group.
#[test]
fn two_managed_databases_share_a_zone_of_names() {
    let mut spec = specs::managed();
    let mut other = spec.services[3].clone();
    other.name = Name::of("archive");
    spec.services.push(other);
    let mut input = spec.inputs_required[3].clone();
    (input.name, input.service) = ("archive_password".into(), Name::of("archive"));
    spec.inputs_required.push(input);
    let module = Module::of(&spec, Format::TerraformAzure);
    assert_eq!(module.labels("azurerm_private_dns_zone"), ["cache", "db"]);
    assert_eq!(module.labels("azurerm_private_endpoint"), ["cache", "db", "archive"]);
    let end = module.resource("azurerm_private_endpoint", "archive");
    let zones = word(inner(end, "private_dns_zone_group"), "private_dns_zone_ids");
    assert!(zones.contains("azurerm_private_dns_zone.db.id"), "{zones}");
}
