//! Machines are told the same under the same names on every cloud, and read no other secret than
//! those of their own work.

use std::collections::{BTreeMap, BTreeSet};

use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::spec::{Platform, Spec};
use hcl::Expression;
use hcl::expr::ObjectKey;
use reports::emit::Format;

use super::google::specs;
use super::module::{Module, value, word};

/// A spec of Google Cloud as one of Azure.
fn on_azure(mut spec: Spec) -> Spec {
    spec.placement.provider = Provider::Azure;
    for service in &mut spec.services {
        for disk in service.root_volume.iter_mut().chain(&mut service.volume) {
            disk.product = Some("premium_ssd".to_owned());
        }
    }
    spec
}

fn local(module: &Module, name: &str) -> Expression {
    let locals = module.blocks("locals");
    let found = locals.iter().find_map(|(_, body)| value(body, name));
    found.unwrap_or_else(|| panic!("local.{name} is there")).clone()
}

/// What is told, by its path; where things are differs by cloud, and is left out.
fn paths(told: &Expression, path: &str, found: &mut BTreeMap<String, String>) {
    const PLACES: [&str; 5] = ["addresses", "hosts", "instance_groups", "backups", "log_archive"];
    let Expression::Object(entries) = told else {
        found.insert(path.to_owned(), told.to_string());
        return;
    };
    for (key, value) in entries {
        let ObjectKey::Expression(Expression::String(key)) = key else { panic!("a text: {key:?}") };
        if PLACES.contains(&key.as_str()) {
            continue;
        }
        let own = format!("{path}/{key}");
        if path == "/secrets" || path == "/nodes" || key.ends_with("_PASSWORD_SECRET") {
            found.insert(own, String::new());
        } else {
            paths(value, &own, found);
        }
    }
}

/// Who has a certificate for its clients is not told that it may be called in the clear.
#[test]
fn who_listens_by_https_is_told_that_it_is_encrypted() {
    let mut looked = 0;
    for (shape, google) in specs::all() {
        let azure = on_azure(google.clone());
        for (spec, format) in [(google, Format::TerraformGoogle), (azure, Format::TerraformAzure)] {
            if reports::emit::emit(&spec, format, super::DAY).is_err() {
                continue;
            }
            let module = Module::of(&spec, format);
            let machines = spec.services.iter().filter(|own| own.platform == Platform::Vm);
            for service in machines.filter(|own| own.listener.is_some()) {
                let name = format!("told_{}", service.name.as_str().replace('-', "_"));
                let mut found = BTreeMap::new();
                paths(&local(&module, &name), "", &mut found);
                assert_eq!(found["/encrypted"], "true", "{shape}: {name}");
                assert!(found.contains_key("/settings/tls_min"), "{shape}: {name}");
                looked += 1;
            }
        }
    }
    assert!(looked >= 4, "{looked} have clients");
}

#[test]
fn machines_are_told_the_same_on_every_cloud() {
    let mut looked = 0;
    for (shape, spec) in specs::all() {
        let own = spec.services.iter().all(|service| service.platform == Platform::Vm);
        let azure = on_azure(spec.clone());
        if !own || reports::emit::emit(&azure, Format::TerraformAzure, super::DAY).is_err() {
            continue;
        }
        let google = Module::of(&spec, Format::TerraformGoogle);
        let azure = Module::of(&azure, Format::TerraformAzure);
        for service in &spec.services {
            let name = format!("told_{}", service.name.as_str().replace('-', "_"));
            let [mut google, azure] = [&google, &azure].map(|module| {
                let mut found = BTreeMap::new();
                paths(&local(module, &name), "", &mut found);
                found
            });
            // On Azure each machine of a fleet has a port of its own, which stands with its host.
            let kinds = [ServiceKind::Service, ServiceKind::Balancer];
            for fleet in spec.services.iter().filter(|own| kinds.contains(&own.kind)) {
                let fleet = fleet.name.as_str();
                google.remove(&format!("/targets/{fleet}/port"));
                let key = fleet.replace('-', "_").to_uppercase();
                google.remove(&format!("/variables/{key}_PORT"));
            }
            assert_eq!(google, azure, "{shape}: {}", service.name);
            assert!(google.len() > 5, "{shape}: {google:?}");
            looked += 1;
        }
    }
    assert!(looked >= 8, "{looked} services");
}

/// Programs find their settings under the names that they have on AWS, but for hosts where there
/// are several.
#[test]
fn programs_find_the_same_names_on_every_cloud() {
    let keys = |told: &Expression| -> BTreeSet<String> {
        let Expression::Object(entries) = told else { panic!("a map: {told}") };
        let keys = entries.keys().map(|key| key.to_string().replace('"', ""));
        keys.collect()
    };
    let aws = Module::of(&super::aws::specs::seed(), Format::TerraformAws);
    let aws = keys(&local(&aws, "app_settings"));
    let clouds = [
        (Format::TerraformAzure, super::azure::specs::seed()),
        (Format::TerraformGoogle, specs::seed()),
    ];
    for (format, spec) in clouds {
        let told = local(&Module::of(&spec, format), "told_app");
        let Expression::Object(entries) = &told else { panic!("a map: {told}") };
        let own = keys(entries.get(&ObjectKey::Expression("variables".into())).expect("told"));
        assert!(own.is_subset(&aws), "{format:?}: {own:?}");
        for name in ["PORT", "DB_PORT", "DB_POOL", "DB_USER", "DB_DATABASE", "DB_PASSWORD_SECRET"] {
            assert!(own.contains(name), "{format:?}: {name}");
        }
        let differs = |name: &&String| {
            !name.ends_with("_HOST") && !name.ends_with("_TLS") && *name != "AWS_REGION"
        };
        let lacking: Vec<&String> = aws.difference(&own).filter(differs).collect();
        assert!(lacking.is_empty(), "{format:?}: {lacking:?}");
    }
}

/// Who calls a database reads its password, and so do its own machines; nobody else does.
#[test]
fn those_who_call_a_database_read_its_password() {
    for (format, kind, spec) in [
        (Format::TerraformAzure, "azurerm_role_assignment", super::azure::specs::seed()),
        (Format::TerraformGoogle, "google_secret_manager_secret_iam_member", specs::seed()),
    ] {
        let module = Module::of(&spec, format);
        let db = spec.services.iter().find(|own| own.kind == ServiceKind::Sql).expect("it has one");
        let mut readers = 0;
        for service in &spec.services {
            let label = match format {
                Format::TerraformAzure => format!("{}_secrets", service.name),
                _ => service.name.to_string(),
            };
            let may = module.labels(kind).contains(&label.as_str()).then(|| {
                let own = module.resource(kind, &label);
                assert_eq!(own.attributes().filter(|own| own.key() == "for_each").count(), 1);
                word(own, "for_each").contains("var.db_password")
            });
            let calls = service.name == db.name || service.targets.contains(&db.name);
            assert_eq!(may.unwrap_or(false), calls, "{format:?}: {}", service.name);
            let Expression::Object(told) = local(&module, &format!("told_{}", service.name)) else {
                panic!("a map")
            };
            let secrets = told.get(&ObjectKey::Expression("secrets".into())).expect("it is told");
            assert_eq!(secrets.to_string().contains("var.db_password"), calls);
            readers += u32::from(calls);
        }
        assert!(readers >= 2, "{readers}");
    }
}

/// As long as an image is the cloud's own there is a warning; where the spec asks for one there is
/// none.
#[test]
fn plain_images_are_warned_of() {
    for (format, spec, plain) in [
        (Format::TerraformAzure, super::azure::specs::seed(), "Canonical:ubuntu-24_04-lts"),
        (Format::TerraformGoogle, specs::seed(), "debian-cloud"),
    ] {
        let module = Module::of(&spec, format);
        let checks = module.blocks("check");
        let mut warned = 0;
        for (labels, body) in module.blocks("variable") {
            let stock = word(body, "default").contains(plain);
            let check = checks.iter().find(|(own, _)| own[0] == labels[0]);
            assert_eq!(check.is_some(), stock, "{format:?}: {labels:?}");
            let Some((_, check)) = check else { continue };
            let condition = word(super::module::inner(check, "assert"), "condition");
            assert!(condition.contains(&format!("var.{}", labels[0])), "{condition}");
            assert!(condition.contains(plain), "{condition}");
            warned += 1;
        }
        assert_eq!(warned, 3, "{format:?}");
    }
}
