//! Machines of a fleet are found for good: read back, a port for each that there may be leads to
//! it alone, callers are told just those ports, and are let through to them.

use std::collections::BTreeMap;

use domain::intent::ServiceKind;
use domain::spec::{OfferPart, Platform, ServicePart, Spec};
use hcl::Expression;
use hcl::expr::ObjectKey;
use reports::emit::Format;

use super::specs;
use crate::terraform::module::{Module, inner, value, word};

/// What is said of a map, by its keys.
pub(super) fn entries(value: &Expression) -> BTreeMap<String, Expression> {
    let Expression::Object(object) = value else { panic!("a map: {value}") };
    let key = |key: &ObjectKey| match key {
        ObjectKey::Expression(Expression::String(text)) => text.clone(),
        other => panic!("a key: {other}"),
    };
    object.iter().map(|(name, value)| (key(name), value.clone())).collect()
}

fn number(of: &BTreeMap<String, Expression>, name: &str) -> u64 {
    let Some(Expression::Number(number)) = of.get(name) else { panic!("{name}: {of:?}") };
    number.as_u64().expect("a whole number")
}

/// What the machines of a service are told.
pub(super) fn told(module: &Module, service: &ServicePart) -> BTreeMap<String, Expression> {
    let name = format!("told_{}", service.name.as_str().replace('-', "_"));
    let locals = module.blocks("locals");
    entries(locals.iter().find_map(|(_, body)| value(body, &name)).expect("it is told"))
}

/// Where a caller is told that a fleet is.
fn hosts(module: &Module, caller: &ServicePart, fleet: &ServicePart) -> Vec<Expression> {
    let target = entries(&told(module, caller)["targets"])[fleet.name.as_str()].clone();
    let Expression::Array(hosts) = entries(&target)["hosts"].clone() else { panic!("a list") };
    hosts
}

/// The most machines of a kind, said once more.
fn most(offer: &OfferPart) -> u64 {
    let peak: u32 = offer.per_zone.values().sum();
    u64::from(offer.autoscaling.as_ref().map_or(peak, |own| own.max).max(peak))
}

/// Fleets with somebody who calls them.
fn called(spec: &Spec) -> Vec<(&ServicePart, &ServicePart)> {
    let fleets = [ServiceKind::Service, ServiceKind::Balancer];
    let machines = spec.services.iter().filter(|own| own.platform == Platform::Vm);
    let pairs = machines.flat_map(|caller| {
        let targets = spec.services.iter().filter(|own| caller.targets.contains(&own.name));
        targets.filter(|own| fleets.contains(&own.kind)).map(move |own| (caller, own))
    });
    pairs.collect()
}

/// A port for each machine at the most and while some are replaced, which leads where it listens.
#[test]
fn each_machine_has_a_port_and_callers_are_told_it() {
    let mut looked = 0;
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        for (caller, fleet) in called(&spec) {
            let own = fleet.name.as_str().replace('-', "_");
            let hosts = hosts(&module, caller, fleet);
            let told = told(&module, caller);
            let target = &entries(&told["targets"])[fleet.name.as_str()];
            assert!(!entries(target).contains_key("port"), "{shape}: each host has its own");
            assert_eq!(hosts.len(), fleet.offers.len(), "{shape}");
            let mut taken = 10_000;
            for (at, (host, offer)) in hosts.iter().zip(&fleet.offers).enumerate() {
                let host = entries(host);
                let label = match fleet.offers.len() {
                    1 => format!("Each_{own}"),
                    _ => format!("Each_{own}_{}", ["A", "B"][at]),
                };
                let address = format!("azurerm_lb.Each_{own}.private_ip_address");
                assert_eq!(host["host"].to_string(), address, "{shape}");
                let rule = module.resource("azurerm_lb_nat_rule", &label);
                let (first, last) = (number(&host, "first_port"), number(&host, "last_port"));
                assert_eq!(word(rule, "frontend_port_start"), first.to_string(), "{shape}");
                assert_eq!(word(rule, "frontend_port_end"), last.to_string(), "{shape}");
                assert!(first > taken, "{shape}: kinds share no port");
                taken = last;
                let ports = last - first + 1;
                let replaced = ports - most(offer);
                assert!(replaced >= 1 && replaced <= most(offer), "{shape}: {ports} ports");
                assert_eq!(word(rule, "backend_port"), fleet.port.to_string(), "{shape}");
                let pool = format!("azurerm_lb_backend_address_pool.{label}.id");
                assert_eq!(word(rule, "backend_address_pool_id"), pool, "{shape}");
                let set = label.trim_start_matches("Each_");
                let set = module.resource("azurerm_linux_virtual_machine_scale_set", set);
                let card = inner(inner(set, "network_interface"), "ip_configuration");
                let joined = word(card, "load_balancer_backend_address_pool_ids");
                assert!(joined.contains(&pool), "{shape}: {joined}");
                looked += 1;
            }
            let rules = module.labels("azurerm_network_security_rule");
            let through = format!("{}_to_{own}_", caller.name.as_str().replace('-', "_"));
            let mut through =
                rules.iter().filter(|own| own.starts_with(&through) && own.ends_with("_each"));
            let rule = through.next().expect("callers are let through");
            let rule = module.resource("azurerm_network_security_rule", rule);
            assert_eq!(word(rule, "destination_port_range"), format!("10001-{taken}"), "{shape}");
            let address = format!("azurerm_lb.Each_{own}.private_ip_address");
            assert_eq!(word(rule, "destination_address_prefix"), address, "{shape}");
            assert_eq!(word(rule, "direction"), "Outbound");
        }
    }
    assert!(looked >= 7, "{looked} kinds");
}

/// Nothing is balanced before a fleet, as callers spread their calls; only an edge has a rule.
#[test]
fn no_balancer_spreads_what_callers_spread() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        for kind in ["azurerm_lb_rule", "azurerm_lb_probe"] {
            assert_eq!(module.labels(kind), ["edge"], "{shape}: {kind}");
        }
        let front = inner(module.resource("azurerm_lb", "Each_app"), "frontend_ip_configuration");
        assert_eq!(word(front, "public_ip_address_id"), "", "{shape}: it is private");
        let zones = value(front, "zones").expect("it has zones").to_string();
        let whole = ["1", "2", "3"].iter().all(|zone| zones.contains(&format!("\"{zone}\"")));
        assert_eq!(whole, shape != "single", "{shape}: one zone or all: {zones}");
    }
}

/// The name of nothing that comes and goes is told: a machine's own name is lost with it.
#[test]
fn no_name_of_a_machine_is_told() {
    for (_, spec) in specs::all() {
        for (name, text) in
            reports::emit::emit(&spec, Format::TerraformAzure, super::DAY).expect("it is generated")
        {
            assert!(!text.contains("names_begin_with"), "{name}");
        }
    }
}
