//! Databases and caches: on machines of our own, one for each copy of each slice, or managed.

use domain::intent::ServiceKind;
use domain::spec::{Platform, ServicePart, Spec, Volume};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::data;
use crate::emit::terraform::each;
use crate::emit::terraform::words::{copy, counted, gib, load};

use super::names::{cloud, ident, of};
use super::network::subnet_id;
use super::{backups, identity, machine, managed, resource, security, settings, tags};

/// All caches.
pub(super) fn caches(spec: &Spec) -> Body {
    file(spec, ServiceKind::Cache, "Caches.")
}

/// All databases.
pub(super) fn databases(spec: &Spec) -> Body {
    file(spec, ServiceKind::Sql, "Databases.")
}

fn file(spec: &Spec, kind: ServiceKind, about: &str) -> Body {
    let own = spec.services.iter().filter(|service| service.kind == kind);
    each(Body::file(about), "This plan has none.", own, |service| match service.platform {
        Platform::Vm => machines(spec, service),
        Platform::Managed => managed::service(spec, service),
    })
}

/// The addresses of a service's machines, by slice and copy.
pub(super) fn addresses(service: &ServicePart) -> Expression {
    let cards = format!("azurerm_network_interface.{}", ident(&service.name));
    data::addresses(&cards, "private_ip_address")
}

fn machines(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let nodes = data::nodes(service);
    let peak = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    let count = service.offers.first().map(|offer| counted(offer, peak)).unwrap_or_default();
    let about = format!("{}: {}. {count}. {}", service.name, load(service), copy(service));
    identity::identity(spec, service)
        .part(&about, "locals", &[], data::locals(service))
        .then(settings::locals(spec, service))
        .then(cards(spec, service))
        .part("", "resource", &["azurerm_linux_virtual_machine", &label], machine(spec, service))
        .then(changed(service))
        .then(service.volume.as_ref().map(|own| volumes(spec, service, own)).unwrap_or_default())
        .then(backups::account(spec, service))
}

/// What belongs to one machine, within so many characters.
fn own_name(spec: &Spec, service: &ServicePart, most: usize) -> Expression {
    code(&format!("\"{}-${{each.key}}\"", of(spec, service, most - 12)))
}

fn zone() -> Expression {
    code("local.zones[each.value.zone]")
}

/// The network cards, with the rules of the service.
fn cards(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let address = Body::default()
        .set("name", "internal")
        .set("subnet_id", subnet_id(&service.subnet))
        .set("private_ip_address_allocation", "Dynamic");
    let card = data::for_each(service)
        .then(resource(own_name(spec, service, 80)))
        .set("tags", tags(service))
        .gap()
        .block("ip_configuration", &[], address);
    let joined = |what: &str, value: Expression| {
        Body::default()
            .set("for_each", code(&format!("azurerm_network_interface.{label}")))
            .gap()
            .set("network_interface_id", code("each.value.id"))
            .set(what, value)
    };
    let kind = "azurerm_network_interface";
    let group = joined("application_security_group_id", security::group(&service.name));
    let rules = joined("network_security_group_id", security::rules_of(service));
    let groups = "azurerm_network_interface_application_security_group_association";
    Body::default()
        .part("", "resource", &[kind, &label], card)
        .part("", "resource", &[groups, &label], group)
        .part(
            "",
            "resource",
            &["azurerm_network_interface_security_group_association", &label],
            rules,
        )
}

fn machine(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let (names, key) = machine::login();
    let Some(offer) = service.offers.first() else { return Body::default() };
    let host = cloud(&[service.name.as_str()], 50);
    let card = format!("azurerm_network_interface.{label}[each.key].id");
    data::for_each(service)
        .then(resource(own_name(spec, service, 64)))
        .set("size", code(&format!("local.size_{label}")))
        .set("zone", zone())
        .set("computer_name", code(&format!("\"{host}-${{each.key}}\"")))
        .set("network_interface_ids", list([code(&card)]))
        .then(names)
        .comment("Nothing is installed into a machine from outside.")
        .set("allow_extension_operations", false)
        .set("user_data", settings::user_data(service))
        .set("tags", tags(service))
        .then(machine::started_from(spec, service, offer))
        .then(key)
        .then(machine::system_disk(service))
        .then(identity::worn(spec, service))
        .gap()
        .comment("Another size or image would stop those that lead and their copies at once.")
        .block("lifecycle", &[], Body::default().set("ignore_changes", code(KEPT)))
}

/// What of a machine with data changes only when it is replaced.
const KEPT: &str = "[size, source_image_id, source_image_reference]";

/// How machines with data are changed, and a warning while one is not as the plan has it.
fn changed(service: &ServicePart) -> Body {
    let Some(offer) = service.offers.first() else { return Body::default() };
    let label = ident(&service.name);
    let machines = format!("azurerm_linux_virtual_machine.{label}");
    let nodes = data::nodes(service);
    let last = nodes.last().map(|node| node.name.as_str()).unwrap_or_default();
    let all = Expression::from(offer.instance_type.as_str());
    let same = format!("alltrue([for own in {machines} : own.size == local.size_{label}])");
    let assert = Body::default().set("condition", code(&same)).set(
        "error_message",
        format!("Machines of {} have another size than the plan: replace them.", service.name),
    );
    let about = format!(
        "For another size or image: replace the copies (terraform apply \
         -replace='{machines}[\"{last}\"]'), wait until they follow again, then replace those \
         that lead. Terraform changes neither by itself."
    );
    let size = Body::default().set(&format!("size_{label}"), all);
    let check = Body::default().block("assert", &[], assert);
    Body::default().part(&about, "locals", &[], size).part(
        "",
        "check",
        &[&format!("{label}_size")],
        check,
    )
}

/// The disks with data, each in the zone of its machine.
fn volumes(spec: &Spec, service: &ServicePart, volume: &Volume) -> Body {
    let label = ident(&service.name);
    let size = gib(volume.size_mib);
    let disk = data::for_each(service)
        .then(resource(own_name(spec, service, 80)))
        .set("zone", zone())
        .set_some("storage_account_type", machine::disk_kind(volume))
        .set("create_option", "Empty")
        .set("disk_size_gb", size)
        .comment("Nothing but its machine reaches it.")
        .set("public_network_access_enabled", false)
        .set("network_access_policy", "DenyAll")
        .set("tags", tags(service));
    let of = |kind: &str| code(&format!("{kind}.{label}[each.key].id"));
    let attached = data::for_each(service)
        .set("managed_disk_id", of("azurerm_managed_disk"))
        .set("virtual_machine_id", of("azurerm_linux_virtual_machine"))
        .set("lun", 0)
        .set("caching", "None");
    let about = format!("{size} GiB of data on each; Azure encrypts every disk.");
    let body = Body::default()
        .part(&about, "resource", &["azurerm_managed_disk", &label], disk)
        .part("", "resource", &["azurerm_virtual_machine_data_disk_attachment", &label], attached);
    if !service.backup.as_ref().is_some_and(|backup| backup.deletion_protection) {
        return body;
    }
    let lock = Body::default()
        .set("for_each", code(&format!("azurerm_managed_disk.{label}")))
        .gap()
        .set("name", "data")
        .set("scope", code("each.value.id"))
        .set("lock_level", "CanNotDelete");
    let about = "Whoever wants to delete the data has to take this away first.";
    body.part(about, "resource", &["azurerm_management_lock", &format!("{label}_data")], lock)
}
