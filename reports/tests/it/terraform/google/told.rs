//! What machines are told is what the spec says and the simulation counts on.

use domain::degradation::Substitute;
use domain::name::Name;
use domain::spec::DegradationPart;
use hcl::Expression;
use hcl::expr::ObjectKey;
use reports::emit::Format;

use super::specs;
use crate::terraform::module::{Module, value};

/// What stands under a path of keys.
fn at<'a>(told: &'a Expression, path: &[&str]) -> &'a Expression {
    path.iter().fold(told, |told, wanted| {
        let Expression::Object(entries) = told else { panic!("{wanted} is within a map") };
        let found = entries.iter().find(|(key, _)| match key {
            ObjectKey::Expression(Expression::String(key)) => key == wanted,
            _ => false,
        });
        found.unwrap_or_else(|| panic!("{wanted} is told: {told}")).1
    })
}

fn told(module: &Module, name: &str) -> Expression {
    let locals = module.blocks("locals");
    let found = locals.iter().find_map(|(_, body)| value(body, name));
    found.expect("it is told").clone()
}

#[test]
fn machines_are_told_targets_secrets_and_settings() {
    let mut spec = specs::seed();
    let cache = Name::of("cache");
    let own = spec.demand.services.iter_mut().find(|own| own.name.as_str() == "app");
    let without = DegradationPart { without: cache, serve: Substitute::Stale };
    own.expect("it is demanded").degrades.push(without);
    let module = Module::of(&spec, Format::TerraformGoogle);
    let (edge, app) = (told(&module, "told_edge"), told(&module, "told_app"));
    let said = |told: &Expression, path: &[&str]| at(told, path).to_string().replace('"', "");
    let (edge_part, app_part) = (&spec.services[0], &spec.services[1]);
    let process = app_part.process.expect("it admits");
    let resilience = app_part.resilience.as_ref().expect("it calls");
    for (path, number) in [
        (["settings", "queue_limit"], u64::from(process.queue_limit)),
        (["settings", "max_in_flight"], u64::from(process.max_in_flight)),
        (["settings", "call_timeout_ms"], resilience.timeout_us / 1_000),
        (["settings", "call_retries"], u64::from(resilience.retries)),
        (["settings", "drain_s"], 30),
    ] {
        assert_eq!(said(&app, &path), number.to_string(), "{path:?}");
    }
    assert_eq!(said(&app, &["settings", "serves_when_down", "cache"]), "stale");
    assert_eq!(said(&app, &["secrets", "db"]), "var.db_password");
    let addresses = said(&app, &["targets", "db", "addresses"]);
    let each = ["1-1", "1-2"].map(|node| format!("google_compute_address.db[{node}].address"));
    assert_eq!(addresses.split_whitespace().collect::<String>(), format!("[{}]", each.join(",")));
    assert_eq!(said(&app, &["targets", "db", "port"]), spec.services[3].port.to_string());
    assert_eq!(said(&edge, &["secrets", "edge"]), "var.edge_certificate");
    assert_eq!(said(&edge, &["settings", "domain"]), "var.edge_domain");
    let listener = edge_part.listener.as_ref().expect("it listens");
    assert_eq!(said(&edge, &["settings", "tls_min"]), listener.tls_min);
    let Expression::Array(groups) = at(&edge, &["targets", "app", "instance_groups"]) else {
        panic!("groups are a list")
    };
    let group = module.resource("google_compute_region_instance_group_manager", "app");
    assert_eq!(Some(&groups[0]), value(group, "name"));
    let spread = said(&edge, &["targets", "app", "spread_by"]);
    assert_eq!(spread, app_part.algorithm.as_str());
}
